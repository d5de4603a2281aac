#!/usr/bin/env python3
"""A whole use of the window in a network namespace that has no network but a loopback, and that one down. Everything works, no
packet passes any interface, and at no moment does the namespace hold a socket of TCP, UDP or a raw one."""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from window import HERE, Failure, Window, stored_text, wait

INSIDE = "--inside"


def packets():
    """Of every interface, in and out."""
    lines = pathlib.Path("/proc/net/dev").read_text().splitlines()[2:]
    return {line.split(":")[0].strip(): (int(line.split(":")[1].split()[1]), int(line.split(":")[1].split()[9])) for line in lines}


def sockets():
    """Of IPv4 and IPv6 in this namespace, by what the kernel counts."""
    found = {}
    for name in ("sockstat", "sockstat6"):
        path = pathlib.Path("/proc/net") / name
        for line in path.read_text().splitlines() if path.exists() else []:
            words = line.split()
            if words[0].rstrip(":") in ("TCP", "UDP", "UDPLITE", "RAW", "FRAG", "TCP6", "UDP6", "UDPLITE6", "RAW6"):
                found[words[0].rstrip(":")] = int(words[words.index("inuse") + 1])
    return found


def use(args, folder):
    model, engine = pathlib.Path(folder) / "slow.gguf", [sys.executable, HERE / "slow_engine.py"]
    if args.model:
        model, engine = args.model, [args.engine]
    else:
        model.write_bytes(b"GGUF")
    before = packets()
    if set(before) - {"lo"} or any(sockets().values()):
        raise Failure(f"this namespace is not empty: {before}, {sockets()}")
    looks = 0
    window = Window(args.ponder, folder, engine, {"PONDER_SLOW_ENGINE": "300 600"})

    def answers():
        return [message for message in window.messages().values() if message[1] == "assistant" and message[2] != "streaming"]

    def until(what, condition):
        nonlocal looks

        def watched():
            nonlocal looks
            looks += 1
            if any(sockets().values()):
                raise Failure(f"there is a socket: {sockets()}")
            return condition()
        wait(what, watched, 120)

    try:
        for number, question in enumerate(("Does anybody hear this?", "And now?")):
            first = window.messages()
            window.start(str(model), "--ask", question)
            until("the answer", lambda: len(answers()) > number)
            window.close()
            answer = answers()[number]
            if answer[2] not in ("done", "length"):
                raise Failure(f"the answer to {question!r} has not come: {answer}")
            if stored_text(answer) != "".join(text for _, text in window.generated()):
                raise Failure(f"the answer to {question!r} is not what was generated: {answer}")
        window.check_sound()
        now = window.messages()
        if any(now[id] != message for id, message in first.items()):
            raise Failure("what was there is not what it was")
    finally:
        if window.process and window.process.poll() is None:
            window.kill()
    if packets() != before or any(sum(counts) for counts in packets().values()):
        raise Failure(f"packets: {packets()}")
    print(f"{len(now)} messages in two runs, no socket at {looks} looks, packets in and out: {packets()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ponder", required=True)
    parser.add_argument("--engine")
    parser.add_argument("--model")
    parser.add_argument(INSIDE, action="store_true", help="this is the process within the namespace")
    args = parser.parse_args()
    if not args.inside:
        unshare = shutil.which("unshare")
        for options in (["--net"], ["--user", "--map-root-user", "--net"]):
            if unshare and subprocess.run([unshare, *options, "true"], capture_output=True).returncode == 0:
                return subprocess.run([unshare, *options, sys.executable, *sys.argv, INSIDE]).returncode
        print("skipped: no network namespace may be made here")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        try:
            use(args, folder)
        except Failure as failure:
            print(f"failed: {failure}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
