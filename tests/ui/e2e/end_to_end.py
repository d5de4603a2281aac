#!/usr/bin/env python3
"""The window with the real engine, under Xvfb: a file dropped on it, a question, the stream, stop, another question, the
engine killed, close, open again with everything there. What happened is read from the database, as the next start reads it.

Every wait ends as soon as what it waits for is so; its limit is only there for a test that fails."""
import argparse
import lzma
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

LIMIT_S = 90
SCREEN = (1440, 1000)
WINDOW = (1440, 900)


class Failure(Exception):
    pass


def wait(what, condition, limit=LIMIT_S):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.05)
    raise Failure(f"waited {limit} s in vain: {what}")


class Desktop:
    """An X server of our own."""

    def __init__(self):
        read, write = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SCREEN[0]}x{SCREEN[1]}x24", "-nolisten", "tcp"],
                                       pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        number = b""
        while not number.endswith(b"\n"):
            piece = os.read(read, 16)
            if not piece:
                raise Failure("Xvfb did not start")
            number += piece
        self.env = {**os.environ, "DISPLAY": f":{number.decode().strip()}", "QT_QPA_PLATFORM": "xcb", "QT_QUICK_BACKEND": "software"}

    def do(self, *command):
        return subprocess.run(["xdotool", *map(str, command)], env=self.env, capture_output=True, text=True)

    def window(self, name):
        found = self.do("search", "--onlyvisible", "--name", name).stdout.split()
        return found[0] if found else None

    def stop(self):
        self.server.kill()
        self.server.wait()


class Ponder:
    def __init__(self, desktop, args, data):
        self.desktop, self.data = desktop, data
        env = {**desktop.env, "PONDER_DATA_DIR": str(data), "PONDER_ENGINE": args.engine, "PONDER_THEME": "light"}
        begun = time.monotonic()
        self.process = subprocess.Popen([args.ponder], env=env)
        self.id = wait("the window", lambda: desktop.window("Ponder"))
        self.seconds = time.monotonic() - begun

    def focus(self):
        self.desktop.do("windowfocus", "--sync", self.id)

    def ask(self, text):
        self.focus()
        self.desktop.do("mousemove", 820, 790, "click", 1)
        self.desktop.do("type", "--delay", 20, text)
        self.desktop.do("key", "Return")

    def key(self, key):
        self.focus()
        self.desktop.do("key", key)

    def rows(self, query):
        try:
            with sqlite3.connect(f"file:{self.data}/ponder.db?mode=ro", uri=True, timeout=5) as database:
                return database.execute(query).fetchall()
        except sqlite3.OperationalError:
            return []

    def answers(self):
        return self.rows("SELECT m.id, m.state, coalesce(group_concat(s.text, ''), ''), coalesce(sum(s.tokens), 0) FROM message m "
                         "LEFT JOIN segment s ON s.message = m.id WHERE m.role = 'assistant' GROUP BY m.id ORDER BY m.id")

    def engines(self):
        children = []
        for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                name, rest = status.read_text().rsplit(")", 1)
            except OSError:
                continue
            if int(rest.split()[1]) == self.process.pid and rest.split()[0] != "Z":
                children.append(int(status.parent.name))
        return children

    def close(self):
        engines = self.engines()
        self.key("ctrl+q")
        status = self.process.wait(timeout=LIMIT_S)
        if status != 0:
            raise Failure(f"the window ended with status {status}")
        wait("the engine's end", lambda: not any(pathlib.Path(f"/proc/{pid}").exists() for pid in engines), 3)

    def picture(self, folder, name):
        if folder and shutil.which("import"):
            subprocess.run(["import", "-window", "root", str(pathlib.Path(folder) / f"{name}.png")], env=self.desktop.env)


def drag(desktop, args, model):
    source = subprocess.Popen([args.drag_source, str(model), "20", str(WINDOW[1] + 20)], env=desktop.env)
    try:
        wait("the window to drag from", lambda: desktop.window("drag source"))
        desktop.do("mousemove", 60, WINDOW[1] + 50, "mousedown", 1)
        for step in range(1, 16): # a drag is a series of movements, not a leap
            desktop.do("mousemove", 60 + 45 * step, WINDOW[1] + 50 - 33 * step, "sleep", 0.03)
        desktop.do("mouseup", 1)
        yield
    finally:
        source.kill()
        source.wait()


def run(args, folder):
    model = folder / "tiny.gguf"
    given = pathlib.Path(os.environ.get("PONDER_E2E_MODEL", args.model))
    if not given.exists():
        print(f"skipped: there is no model at {given}")
        return 77
    if given.suffix == ".xz":
        with lzma.open(given) as packed, open(model, "wb") as out:
            shutil.copyfileobj(packed, out)
    else:
        model = given
    data = folder / "data"
    desktop = Desktop()
    window = None
    try:
        data.mkdir()
        (data / "window.ini").write_text("[General]\nseedFixed=true\nseed=34\n") # a model that means nothing may end at once
        window = Ponder(desktop, args, data)
        print(f"window up after {window.seconds:.2f} s")
        wait("the engine", window.engines)
        begun = time.monotonic()
        for _ in drag(desktop, args, model):
            wait("the dropped model to be loaded", lambda: window.rows("SELECT value FROM setting WHERE name = 'model.last'"))
        print(f"dropped and loaded after {time.monotonic() - begun:.2f} s")
        window.picture(args.pictures, "dropped")

        window.ask("What is one and one")
        wait("text of the first answer", lambda: any(a[2] for a in window.answers()))
        window.picture(args.pictures, "streaming")
        window.key("Escape")
        wait("the first answer to end", lambda: [a for a in window.answers() if a[1] != "streaming"])
        first = window.answers()[0]
        if first[1] not in ("stopped", "done", "length"):
            raise Failure(f"the first answer ended as {first[1]}")

        window.ask("And two and two")
        wait("text of the second answer", lambda: len(window.answers()) == 2 and window.answers()[1][2])
        if window.answers()[1][1] == "streaming":
            for engine in window.engines():
                os.kill(engine, signal.SIGKILL)
            wait("the second answer to be interrupted", lambda: window.answers()[1][1] in ("interrupted", "done", "length"))
            wait("an engine again", window.engines)
        window.picture(args.pictures, "killed")
        kept = window.answers()
        print("answers:", [(a[1], a[3]) for a in kept])
        if not all(a[2] for a in kept):
            raise Failure("an answer lost its text")
        window.close()

        window = Ponder(desktop, args, data)
        wait("the conversation in the title", lambda: desktop.window("What is one and one"))
        if window.answers() != kept:
            raise Failure("what is there after the start is not what was there before it")
        wait("the engine", window.engines)
        window.picture(args.pictures, "reopened")
        # A killed window leaves no engine either.
        engines = window.engines()
        window.process.kill()
        window.process.wait()
        wait("the end of the engine of a killed window", lambda: not any(alive(pid) for pid in engines), 5)
        print("ok")
        return 0
    except Failure as failure:
        if window:
            window.picture(args.pictures, "failed")
            print("answers:", window.answers(), file=sys.stderr)
        print(f"failed: {failure}", file=sys.stderr)
        return 1
    finally:
        if window and window.process.poll() is None:
            window.process.kill()
            window.process.wait()
        desktop.stop()


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("ponder", "engine", "drag-source", "model"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--pictures", help="a folder for screenshots")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        return run(args, pathlib.Path(folder))


if __name__ == "__main__":
    sys.exit(main())
