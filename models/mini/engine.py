"""ponder-engine as an evaluation needs it: one process, one model, one question after the other."""
import json
import subprocess
from dataclasses import dataclass


@dataclass
class Answer:
    thought: str | None  # None: never closed
    text: str
    stopped: bool  # by itself
    tokens: int
    seconds: float


class Engine:
    def __init__(self, program, model, device=""):
        self._process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self._requests = 0
        options = {"device": device} if device else {}
        self._until(self._send({"type": "load", "path": model, "options": options}), "loaded")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()  # which ends it
        self._process.wait(10)

    def _send(self, request):
        self._requests += 1
        request |= {"v": 1, "id": str(self._requests)}
        self._process.stdin.write(json.dumps(request, ensure_ascii=False) + "\n")
        self._process.stdin.flush()
        return request["id"]

    def _until(self, request, last):
        """The events of a request up to its final one."""
        events = []
        for line in self._process.stdout:
            event = json.loads(line)
            if event["type"] == "fatal" or (event["type"] == "error" and event.get("id") in (request, "")):
                raise RuntimeError(event["message"])
            if event.get("id") == request:
                events.append(event)
                if event["type"] == last:
                    return events
        raise RuntimeError("the engine ended")

    def ask(self, messages, temperature, most, seed=0):
        sampling = {"temperature": temperature, "top_p": 0.95, "seed": str(seed)}
        events = self._until(self._send({"type": "generate", "messages": messages, "max_tokens": most, "sampling": sampling}), "done")
        parts, channels = {"thought": "", "answer": ""}, set()
        for event in events:
            if event["type"] == "token":
                parts[event["channel"]] += event["text"]
                channels.add(event["channel"])
        done = events[-1]
        stats = done["stats"]
        closed = "answer" in channels
        return Answer(parts["thought"].strip("\n") if closed else None, parts["answer"].strip("\n"), done["reason"] == "stop",
                      stats["thought_tokens"] + stats["answer_tokens"], stats["thought_seconds"] + stats["answer_seconds"])
