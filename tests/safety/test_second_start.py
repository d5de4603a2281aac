#!/usr/bin/env python3
"""The program started a second time over the same data: it hands over what it was asked to do and ends with status 0, the
first window does it, and after a kill the next start is the first again."""
import argparse
import pathlib
import subprocess
import sys
import tempfile

from window import HERE, Failure, Window, wait


def run(args, folder):
    model = pathlib.Path(folder) / "slow.gguf"
    model.write_bytes(b"GGUF")
    window = Window(args.ponder, folder, [sys.executable, HERE / "slow_engine.py"], {"PONDER_SLOW_ENGINE": "400 200"})

    def asked(question):
        return any(m[1] == "user" and m[3][0][1] == question for m in window.messages().values())

    def second(*arguments):
        first = window.process
        window.start(*arguments)
        other, window.process = window.process, first
        try:
            return other.wait(30)
        except subprocess.TimeoutExpired:
            other.kill()
            raise Failure("the second start did not end") from None

    try:
        window.start(str(model), "--ask", "The first question")
        wait("the first answer", lambda: any(m[1] == "assistant" and m[2] == "done" for m in window.messages().values()))
        if status := second("--ask", "From the second start"):
            raise Failure(f"the second start ended with status {status}")
        wait("the first window to ask it", lambda: asked("From the second start"))
        wait("its answer", lambda: not any(m[2] == "streaming" for m in window.messages().values()))
        if status := second("builtin:mini"):
            raise Failure(f"the second start with the model in the box ended with status {status}")
        wait("the first window to load it", lambda: window.query("SELECT 1 FROM model WHERE path = 'builtin:mini'"))
        if window.process.poll() is not None:
            raise Failure("the first window ended")
        window.kill()
        window.start(str(model), "--ask", "After a kill")
        wait("the next start to be the first", lambda: asked("After a kill"))
        if window.process.poll() is not None:
            raise Failure("the start after a kill took itself for the second")
        window.close()
        print("handed over and taken; a kill leaves no lock")
        return 0
    except Failure as failure:
        return window.failed(failure)
    finally:
        window.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ponder", required=True)
    with tempfile.TemporaryDirectory() as folder:
        return run(parser.parse_args(), folder)


if __name__ == "__main__":
    sys.exit(main())
