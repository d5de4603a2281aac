#!/usr/bin/env python3
"""test_faults.py CLI MODEL EVERY [OPTION...]: a short run in which the Nth Vulkan call fails, for every N that EVERY divides, with
each kind of failure.

Every run ends by itself with status 1 and one sentence on standard error, or with 0 where the call that fails is not one that
the answer needs (saving a cache, tidying up); never by a signal, never by hanging.
"""
import os, subprocess, sys

COMMAND = [sys.argv[1], "generate", sys.argv[2], "--tokens", "5,6,7", "--max-tokens", "6", "--raw", "--temperature", "0", "--context", "512", *sys.argv[4:]]
EVERY = int(sys.argv[3])
KINDS = ("lost", "device_memory", "host_memory")
ENOUGH = 20000  # far more calls than a short run makes


def run(n, kind):
    environment = dict(os.environ, PONDER_CACHE_DIR="-")
    if n:
        environment["PONDER_FAIL_VULKAN_CALL"] = f"{n}:{kind}"
    return subprocess.run(COMMAND, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)


whole = run(0, "")
if whole.returncode != 0:
    sys.exit("the run fails by itself: " + whole.stderr.decode(errors="replace"))

# Up to the greatest N that still changes the outcome, the kinds in turn, so that neighbouring calls see different ones.
failed, unharmed, n = 0, 0, 0
refused = 0
while unharmed * EVERY < 40 and n < ENOUGH:
    n += EVERY
    kind = KINDS[n // EVERY % 3]
    try:
        result = run(n, kind)
    except subprocess.TimeoutExpired:
        failed += 1
        print(f"FAIL call {n} {kind}: hangs", flush=True)
        continue
    lines = result.stderr.decode(errors="replace").strip().splitlines()
    if result.returncode == 0:
        ok = result.stdout == whole.stdout
        unharmed += 1
    else:
        ok = result.returncode == 1 and len(lines) == 1
        refused += 1
        unharmed = 0
    if not ok:
        failed += 1
        print(f"FAIL call {n} {kind}: exit {result.returncode}, standard error: {lines}", flush=True)
print(f"{refused} of {n // EVERY} calls refused the run, {failed} of them wrongly")
sys.exit(1 if failed or not refused else 0)
