#!/usr/bin/env python3
"""tap_engine.py LOG ENGINE…: stands between window and engine and writes down when each token left for the window, so that
a test knows what was there to be lost. One line a token: monotonic seconds, channel, text, as JSON; and one for the start and
the end of each request."""
import json
import os
import signal
import subprocess
import sys
import threading
import time


def main():
    log = open(sys.argv[1], "a", encoding="utf-8", buffering=1)
    engine = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    log.write(json.dumps({"engine": engine.pid}) + "\n")

    def forward():
        while data := os.read(0, 1 << 16):
            engine.stdin.write(data)
            engine.stdin.flush()
        engine.stdin.close() # the window is gone: the engine ends

    threading.Thread(target=forward, daemon=True).start()
    for line in engine.stdout:
        if any(word in line for word in (b'"token"', b'"started"', b'"done"')):
            event = json.loads(line)
            if event["type"] == "token":
                log.write(json.dumps({"t": time.monotonic(), "id": event["id"], "channel": event["channel"], "text": event["text"]}) + "\n")
            elif event["type"] in ("started", "done"):
                log.write(json.dumps({event["type"]: event["id"], "t": time.monotonic()}) + "\n")
        try:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            break
    status = engine.wait(5)
    if status < 0: # it was killed: so is this
        os.kill(os.getpid(), -status if -status != signal.SIGINT else signal.SIGKILL)
    os._exit(status)


if __name__ == "__main__":
    main()
