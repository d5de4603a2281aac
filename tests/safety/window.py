"""The real window as a process of a test, without a screen: its data folder, its engine, and what its database holds."""
import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import stat
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent


class Failure(Exception):
    pass


def wait(what, condition, limit=60):
    """Until condition() is true; the limit is only there for a test that fails."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if result := condition():
            return result
        time.sleep(0.02)
    raise Failure(f"waited {limit} s in vain: {what}")


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def stored_text(message):
    """Of thought and answer, of a message that messages() found."""
    return "".join(text for channel, text in message[3] if channel in ("thought", "answer"))


class Window:
    """ponder with a tapped engine. engine: the command of one."""

    def __init__(self, program, folder, engine, env=None, preexec=None):
        self.program, self.folder = program, pathlib.Path(folder)
        self.data, self.log = self.folder / "data", self.folder / "tokens.log"
        self.env, self.preexec = env or {}, preexec
        self.data.mkdir(parents=True, exist_ok=True)
        (self.folder / "run").mkdir(mode=0o700, exist_ok=True)
        # A model of the tests means nothing, and by some seeds ends at once.
        (self.data / "window.ini").write_text("[General]\nseedFixed=true\nseed=34\n")
        self.tap = self.folder / "engine.sh"
        words = [sys.executable, HERE / "tap_engine.py", self.log, *engine]
        self.tap.write_text("#!/bin/sh\nexec " + " ".join(f"'{word}'" for word in words) + "\n")
        self.tap.chmod(self.tap.stat().st_mode | stat.S_IXUSR)
        self.process = None

    def start(self, *arguments):
        self.log.write_text("")
        env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software", "PONDER_DATA_DIR": str(self.data),
               "PONDER_ENGINE": str(self.tap), "XDG_RUNTIME_DIR": str(self.folder / "run"), "HOME": str(self.folder), **self.env}
        self.errors = open(self.folder / "errors.txt", "ab")
        self.process = subprocess.Popen([self.program, *arguments], env=env, stderr=self.errors, preexec_fn=self.preexec)
        return self

    def events(self):
        events = []
        for line in self.log.read_text(encoding="utf-8").splitlines():
            try:
                events.append(json.loads(line))
            except ValueError:
                pass # being written
        return events

    def generated(self):
        """Of the first answer since the start: (seconds, text) of each token that left the engine."""
        events = self.events()
        request = next(event["started"] for event in events if "started" in event)
        return [(event["t"], event["text"]) for event in events if event.get("id") == request and "text" in event]

    def engine(self):
        engines = [event["engine"] for event in self.events() if "engine" in event]
        return engines[-1] if engines else None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        return time.monotonic()

    def close(self):
        """As a logout does."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            raise Failure("the window did not end within 60 s of SIGTERM") from None

    def end(self):
        """Whatever has happened."""
        if self.process and self.process.poll() is None:
            self.kill()

    def failed(self, failure, at=""):
        """Says so, with what the window said last; the status to end with."""
        print(f"failed{at}: {failure}", file=sys.stderr)
        print((self.folder / "errors.txt").read_text(errors="replace")[-2000:], file=sys.stderr)
        return 1

    def gone(self):
        """The engine of a window that was killed ends as well."""
        pid = self.engine()
        wait("the engine of a killed window to end", lambda: not pid or not alive(pid), 10)

    def query(self, sql, *values):
        """No rows while there is no database yet, or no table in it."""
        try:
            with contextlib.closing(sqlite3.connect(f"file:{self.data}/ponder.db?mode=ro", uri=True, timeout=10)) as database:
                return database.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error) or "unable to open" in str(error):
                return []
            raise

    def messages(self):
        """id -> (parent, role, state, ((channel, text), …)), of everything that is stored."""
        found = {}
        for id, parent, role, state, channel, text in self.query(
                "SELECT m.id, m.parent, m.role, m.state, s.channel, s.text FROM message m LEFT JOIN segment s ON s.message = m.id "
                "ORDER BY m.id, s.idx"):
            row = found.setdefault(id, [parent, role, state, []])
            if channel is not None:
                row[3].append((channel, text))
        return {id: (parent, role, state, tuple(parts)) for id, (parent, role, state, parts) in found.items()}

    def check_sound(self):
        for pragma in ("integrity_check", "foreign_key_check"):
            with contextlib.closing(sqlite3.connect(self.data / "ponder.db", timeout=10)) as database:
                rows = database.execute(f"PRAGMA {pragma}").fetchall()
            if rows not in ([("ok",)], []):
                raise Failure(f"{pragma}: {rows[:3]}")
