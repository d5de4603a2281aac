#!/usr/bin/env python3
"""How long the window takes to its first frame, and to the first one with conversations in it.

first_frame.py PONDER MAKE_LIBRARY [CHATS [MESSAGES]]: makes a library of that size (10,000 and 200,000), starts the window on
it several times, under Xvfb where there is no screen, on two processors and drawing without a graphics device, and prints
the median and the worst in ms, from the start of the process on.
"""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RUNS = 7


def run(program, environment):
    begin = time.monotonic()
    process = subprocess.Popen([program, "--first-frame", "--theme=light"], env=environment, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    frame = listed = rows = None
    for line in process.stdout:
        now = (time.monotonic() - begin) * 1000
        if line.startswith("first frame") and frame is None:
            frame = now
        elif line.startswith("first conversations"):
            listed, rows = now, int(line.split()[-1])
    process.wait(timeout=60)
    if frame is None or listed is None:
        sys.exit("first_frame: the window showed no frame, or no conversation")
    return frame, listed, rows


def main():
    ponder, make_library = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
    size = (sys.argv[3:] + ["10000", "200000"][len(sys.argv[3:]):])[:2]
    processors = sorted(os.sched_getaffinity(0))[:2]
    os.sched_setaffinity(0, processors)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([make_library, f"{folder}/ponder.db", *size, "--index"], check=True)
        environment = dict(os.environ, PONDER_DATA_DIR=folder, QT_QUICK_BACKEND="software", XDG_CACHE_HOME=f"{folder}/cache",
                           PONDER_ENGINE="/nonexistent", LC_ALL="C.UTF-8")
        server = None
        if not environment.get("DISPLAY") and shutil.which("Xvfb"):
            reader, writer = os.pipe()
            server = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", "1600x1000x24"], pass_fds=[writer],
                                      stderr=subprocess.DEVNULL)
            environment["DISPLAY"] = ":" + os.read(reader, 16).decode().strip()
        try:
            run(ponder, environment)  # warm: what is measured is the program, not the disk
            runs = [run(ponder, environment) for _ in range(RUNS)]
        finally:
            if server:
                server.terminate()
    for index, what in enumerate(("first frame", "first conversations")):
        times = [entry[index] for entry in runs]
        print(f"{what}: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms")
    print(f"{size[0]} conversations, {size[1]} messages, {len(processors)} processors, {runs[0][2]} conversations in the first page")


if __name__ == "__main__":
    main()
