#!/usr/bin/env python3
"""test_calibration.py CLI MODEL: the self-test of a device, ordered, as on software it is not done by itself.

What is measured is recorded, listed and decides about the kernels; switches decide above it; a record that is none, a folder that
takes none and a driver that fails meanwhile leave the answer as it is.
"""
import glob, json, os, re, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from verdicts import finish, say

CLI, MODEL = sys.argv[1:3]
TOKENS = ["--tokens", "5,6,7", "--context", "512"]


def run(*arguments, **environment):
    return subprocess.run([CLI, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=300,
                          env=dict(os.environ, PONDER_DEVICE="vulkan:0", **environment))


def generate(**environment):
    return run("generate", MODEL, *TOKENS, "--max-tokens", "6", "--raw", "--temperature", "0", **environment)


def kernels(**environment):
    """How mat-vec is said to multiply."""
    told = run("logits", MODEL, *TOKENS, "--output", os.devnull, **environment).stderr.decode()
    return re.search(r"mat-vec (\w+)", told)[1]


def records(folder):
    return glob.glob(folder + "/calibration-*")


def device(folder):
    return next(one for one in json.loads(run("devices", "--json", PONDER_CACHE_DIR=folder).stdout) if one["id"] == "vulkan:0")


software = device("-")["software"]

with tempfile.TemporaryDirectory() as folder:
    plain = generate(PONDER_CACHE_DIR=folder, PONDER_INTEGER_DOT="0", PONDER_SELF_TEST="0")
    say(plain.returncode == 0 and not records(folder), "nothing is measured where it is forbidden")
    unasked = generate(PONDER_CACHE_DIR=folder, PONDER_INTEGER_DOT="0")
    say(unasked.stdout == plain.stdout and len(records(folder)) == (0 if software else 1), "by itself it is where the device is no software")
    say(("measured" in device(folder)) != software, "and listed")

    # By float32 as before, whatever was measured.
    forced = dict(PONDER_SELF_TEST="1", PONDER_CACHE_DIR=folder, PONDER_INTEGER_DOT="0")
    tested = generate(**forced)
    say(tested.returncode == 0 and tested.stdout == plain.stdout, "the same answer with a self-test")
    say(len(records(folder)) == 1, "one record")
    measured = device(folder).get("measured", {})
    say(all(measured.get(rate, 0) > 0 for rate in ("copy_gb_s", "mat_vec_float32_gb_s", "mat_mat_plain_tflops")), f"figures: {measured}")
    say("measured: copy" in run("devices", PONDER_CACHE_DIR=folder).stdout.decode(), "they are listed")
    slow = "much slower than its hardware"
    say((slow in measured["warning"]) == (slow in tested.stderr.decode()), "a slow driver is told of in the log and in the list, or in neither")

    told = kernels(PONDER_SELF_TEST="1", PONDER_CACHE_DIR=folder)
    chosen = device(folder)["measured"].get("use_int8", False)
    say((told == "int8") == chosen, f"chosen int8: {chosen}, used: {told}")
    say(kernels(**forced) == "f32", "int8 forbidden")
    ordered = [kernels(PONDER_SELF_TEST=test, PONDER_CACHE_DIR=folder, PONDER_INTEGER_DOT="1") for test in "01"]
    say(ordered[0] == ordered[1], f"int8 ordered: {ordered[1]} whatever was measured")
    if software:
        say(kernels(PONDER_CACHE_DIR=folder) == "f32", "a record of software counts only where it is asked for")

    record, = records(folder)
    for name, content in (("empty", b""), ("no JSON", b"\xff\x00{{{"), ("deep", b"[" * 4000), ("large", b" " * 5_000_000)):
        with open(record, "wb") as file:
            file.write(content)
        say("measured" not in device(folder), f"record {name}: not listed")
    again = generate(**forced)
    say(again.stdout == plain.stdout and device(folder)["measured"]["copy_gb_s"] > 0, "replaced by the next self-test")

    for name, at in (("none", "-"), ("in a file", MODEL), ("that cannot be made", "/proc/nothing/here")):
        done = generate(**{**forced, "PONDER_CACHE_DIR": at})
        say(done.returncode == 0 and done.stdout == plain.stdout, f"a cache folder {name}")
    os.remove(record)
    generate(**{**forced, "PONDER_SUBGROUP": "4"})
    say(not records(folder), "what was measured of other kernels is not recorded")

    for call in (3, 10, 20, 40, 80):
        done = generate(**forced, PONDER_FAIL_VULKAN_CALL=f"{call}:device_memory", PONDER_LOG="error")
        ended = done.stdout == plain.stdout if done.returncode == 0 else done.returncode == 1 and done.stderr.count(b"\n") == 1
        say(ended, f"call {call} out of memory: exit {done.returncode}")

finish()
