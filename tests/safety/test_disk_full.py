#!/usr/bin/env python3
"""The disk fills up while the window is at work: on a tmpfs of its own, the room that is left is made smaller from run to run,
so that every write of a run is the one for which there is none. Each time: the window goes on, the database is sound, no
earlier message has changed; and with room again the next answer is kept to its end. Needs to be allowed to mount."""
import argparse
import ctypes
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from window import HERE, Failure, Window, wait

SIZE = 12 << 20
PIECE = 4096


def mount(folder):
    """In a mount namespace of this process, so that nothing is left behind whatever happens."""
    CLONE_NEWNS, MS_REC_PRIVATE = 0x20000, 0x4000 | 0x40000
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0 or libc.mount(None, b"/", None, MS_REC_PRIVATE, None) != 0:
        return False
    return libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={SIZE}".encode()) == 0


def fill(folder, leave):
    """Leaves about so many bytes free; returns the file that takes the rest."""
    filler = pathlib.Path(folder) / "filler"
    space = os.statvfs(folder)
    size = max(0, space.f_bavail * space.f_frsize - leave) // PIECE * PIECE
    with open(filler, "ab") as out:
        if size:
            os.posix_fallocate(out.fileno(), out.tell(), size)
    return filler


def ask(window, model, question):
    window.start(str(model), "--ask", question)


def answers(window, state=None):
    return [m for m in window.messages().values() if m[1] == "assistant" and (state is None or m[2] == state)]


def run(args, folder):
    disk = pathlib.Path(folder) / "disk"
    disk.mkdir()
    if not mount(disk):
        print("skipped: no tmpfs can be mounted here")
        return 77
    model = pathlib.Path(folder) / "slow.gguf"
    model.write_bytes(b"GGUF")
    engine = [sys.executable, HERE / "slow_engine.py"]
    window = Window(args.ponder, folder, engine, {"PONDER_SLOW_ENGINE": "400 1200"})
    window.data = disk / "data"
    window.data.mkdir()
    kept = {}
    runs = cut = 0
    try:
        ask(window, model, "The first question, with room enough")
        wait("the first answer", lambda: answers(window, "done"))
        window.close()
        kept = window.messages()
        # From room for nothing at all to room for all but the last writes.
        for leave in args.leave:
            runs += 1
            filler = fill(disk, leave)
            ask(window, model, f"A question with {leave} bytes of room")
            # The whole answer is generated or the question is refused: nothing ends either way.
            end = time.monotonic() + args.seconds
            while time.monotonic() < end and window.process.poll() is None:
                time.sleep(0.05)
            if window.process.poll() is not None:
                raise Failure(f"with {leave} bytes of room the window ended with status {window.process.returncode}")
            if status := window.close():
                raise Failure(f"with {leave} bytes of room the window ended with status {status}")
            window.check_sound()
            now = window.messages()
            for id, message in kept.items():
                if now.get(id) != message and message[2] != "streaming":
                    raise Failure(f"with {leave} bytes of room message {id} became {now.get(id)}")
            whole = sum(len(e["text"]) for e in window.events() if "text" in e)
            new = [m for id, m in now.items() if id not in kept and m[1] == "assistant"]
            cut += not new or sum(len(text) for _, text in new[0][3]) < whole
            # What is there now must be there ever after, too.
            filler.unlink()
            ask(window, model, f"And with room again after {leave}")
            wait("an answer to its end", lambda: len(answers(window, "done")) > len([m for m in kept.values() if m[2] == "done" and m[1] == "assistant"]) and
                 any(m[1] == "user" and "room again" in m[3][0][1] and str(leave) in m[3][0][1] for m in window.messages().values()))
            wait("its end", lambda: not answers(window, "streaming"))
            window.close()
            window.check_sound()
            kept = window.messages()
        print(f"{runs} runs with {args.leave[0]} to {args.leave[-1]} bytes of room: nothing earlier lost, {cut} answers not kept whole for want of room, "
              f"the database sound each time")
        return 0
    except Failure as failure:
        return window.failed(failure)
    finally:
        window.end()
        ctypes.CDLL(None).umount2(os.fsencode(disk), 2) # MNT_DETACH


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ponder", required=True)
    parser.add_argument("--seconds", type=float, default=6, help="of one answer")
    parser.add_argument("--leave", type=int, nargs="*", default=[0, 4096, 16384, 32768, 65536, 131072, 262144, 1 << 20])
    with tempfile.TemporaryDirectory() as folder:
        return run(parser.parse_args(), folder)


if __name__ == "__main__":
    sys.exit(main())
