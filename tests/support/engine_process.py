"""ponder-engine as the window speaks to it: through pipes, a thread reading what it says."""
import json, os, queue, subprocess, threading, time

PATIENCE = 60  # seconds, for anything that takes as long as the machine is slow
GONE = 4


class EngineProcess:
    def __init__(self, program, **environment):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=dict(os.environ, **environment))
        self.lines, self.events, self.errors = queue.Queue(), [], []
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=lambda: self.errors.extend(self.process.stderr), daemon=True).start()
        assert self.next(lambda e: True)["type"] == "hello", "the engine does not speak first"

    def read(self):
        try:
            for line in self.process.stdout:
                self.lines.put(line)
        except ValueError:
            pass  # closed by a test
        self.lines.put(None)

    def raw(self, data):
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def send(self, kind, id, **fields):
        self.raw(json.dumps({"v": 1, "type": kind, "id": id, **fields}).encode() + b"\n")

    def next(self, wanted):
        """The next event that is wanted; every line on the way must be one of the protocol."""
        until = time.monotonic() + PATIENCE
        while True:
            line = self.lines.get(timeout=max(0.01, until - time.monotonic()))
            if line is None:
                raise AssertionError(f"the engine ended; standard error: {self.errors[-3:]}")
            event = json.loads(line)
            assert event["v"] == 1 and "type" in event, line
            self.events.append(event)
            if wanted(event):
                return event

    def final(self, id, kind):
        event = self.next(lambda e: e.get("id") == id and e["type"] in (kind, "error"))
        assert event["type"] == kind, event
        return event

    def error(self, id, code):
        event = self.next(lambda e: e.get("id", "") == id and e["type"] not in ("heartbeat", "started", "prefill_progress", "token"))
        assert event["type"] == "error" and event["code"] == code and event["message"], event

    def load(self, path, **options):
        self.send("load", "load", path=path, options={"context": 2048, **options})
        return self.final("load", "loaded")

    def generate(self, id, text="What is this about?", tokens=8, **fields):
        fields.setdefault("sampling", {"temperature": 1.2, "seed": 5})
        self.send("generate", id, messages=[{"role": "user", "content": text}], max_tokens=tokens, **fields)

    def tokens(self, id):
        return [e["token"] for e in self.events if e["type"] == "token" and e["id"] == id]

    def gone(self, status=0):
        start = time.monotonic()
        code = self.process.wait(timeout=GONE)
        assert code == status, f"status {code}, expected {status}: {self.errors[-3:]}"
        return time.monotonic() - start

    def close(self, status=0):
        self.process.stdin.close()
        return self.gone(status)
