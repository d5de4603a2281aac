#!/usr/bin/env python3
"""test_synthetic.py CLI ENGINE: random weights in real shapes, through the whole engine.

Two layers of V2-Lite's real width on the CPU and on Vulkan: logits that are finite, spread and alike. The CPU's activations have 8
bits and an expert may change at a near tie, so they are judged by the mean difference in units of the logits' own spread: 0.05.
Chats, by ponder-cli and by ponder-engine; names and options that there are not.
"""
import array, json, math, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from engine_process import EngineProcess
from verdicts import finish, say

CLI, ENGINE = sys.argv[1:]
LITE, VOCABULARY = "synthetic:v2-lite?layers=2&quant=q4_k", 102400


def run(*arguments):
    return subprocess.run([CLI, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=500)


def logits(device):
    with tempfile.NamedTemporaryFile() as out:
        result = run("logits", LITE, "--tokens", "5,60000,777", "--device", device, "--output", out.name)
        values = array.array("f", open(out.name, "rb").read())
    say(result.returncode == 0 and len(values) == 3 * VOCABULARY, f"logits on {device} {result.stderr.decode().strip()}")
    return values


def compare():
    a, b = logits("cpu"), logits("vulkan:0")
    spread = math.sqrt(sum(x * x for x in a) / len(a))
    mean = sum(abs(x - y) for x, y in zip(a, b)) / len(a) / spread
    say(0.3 < spread < 10, f"spread {spread:.3f}")  # no NaN passes
    say(mean < 0.05, f"the same on both: mean difference {mean:.4f} of the spread")


def chats():
    for model in (LITE, "synthetic:r1-distill-qwen-1.5b?layers=1&quant=q8_0", "synthetic:r1-distill-llama-8b?layers=1&quant=iq1_s"):
        asked = ("--prompt", "Hello", "--max-tokens", "4", "--context", "256", "--device", "cpu", "--json")
        result = run("generate", model, *asked)
        events = [json.loads(line) for line in result.stdout.splitlines()]
        kinds = [event["type"] for event in events]
        say(result.returncode == 0 and "token" in kinds and kinds[-1] == "done", f"generate {model} {result.stderr.decode()}")
        say([e for e in map(json.loads, run("generate", model, *asked).stdout.splitlines())
             if e["type"] == "token"] == [e for e in events if e["type"] == "token"], "  the same again")
    engine = EngineProcess(ENGINE, PONDER_CACHE_DIR="-")
    for kind, wanted in (("inspect", "inspected"), ("load", "loaded")):
        engine.send(kind, kind, path=LITE, options={"context": 256, "device": "cpu"})
        event = engine.next(lambda e: e.get("id") == kind and e["type"] in (wanted, "error"))
        say(event["type"] == wanted and "V2 Lite" in event["model"]["name"], f"engine, {kind} {str(event)[:200]}")


def refused():
    for name, words in (("synthetic:gpt-5", ("'gpt-5'", "r1-671b", "r1-distill-llama-8b")),
                        ("synthetic:v2-lite?quant=q9", ("quant=q9", "q4_k_m")), ("synthetic:v2-lite?layers=0", ("2 to 27",)),
                        ("synthetic:v2-lite?size=3", ("'size'", "layers"))):
        for command in (("info", name), ("generate", name, "--prompt", "x")):
            result = run(*command)
            lines = result.stderr.decode().splitlines()
            say(result.returncode == 1 and len(lines) == 1 and all(word in lines[0] for word in words),
                " ".join([*command, *lines]))


compare()
chats()
refused()
finish()
