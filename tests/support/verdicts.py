"""What a test's script says of each of its checks, and how it ends."""
import sys

failed = 0


def say(ok, what):
    """One check, on a line of its own."""
    global failed
    failed += not ok
    print("ok  " if ok else "FAIL", what, flush=True)


def finish():
    """Ends the script, with status 1 if a check failed."""
    print(f"{failed} wrong" if failed else "all as they should be")
    sys.exit(1 if failed else 0)
