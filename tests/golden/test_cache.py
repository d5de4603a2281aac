#!/usr/bin/env python3
"""test_cache.py CLI MODELS: a cache of 8 bits beside one of f16, by the logits of the small models.

They differ by what 8 bits cost: 0.22 in log-probabilities at the worst position and a mean divergence of 4e-4 were measured, on
software. Passes of one token differ from passes of many by less, since a value near the middle of two numbers may be rounded
either way: 0.024 and 1e-5. Limits are some three times that; a wrong scale is far beyond. The plan counts 17 bytes where f16 has 32.
"""
import json, os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from test_logits import Test, read_tensors
from verdicts import finish, say

CLI, MODELS = sys.argv[1:]
WORST, MEAN = 0.6, 1.2e-3
STEP_WORST, STEP_MEAN = 0.1, 5e-5
Q8 = ["--cache", "q8"]


def compare(test, name):
    path = f"{MODELS}/{name}.gguf"
    expected = read_tensors(path.replace(".gguf", ".expected.gguf"))
    width = expected["logits" if "logits" in expected else "logprobs"][0]
    short = list(expected["prompt"][1])
    for what, prompt in (("short", short), ("over the end of a block", (short * 300)[:270])):
        f16, q8 = (test.logits(path, prompt, width, options) for options in ([], Q8))
        test.compare(f"{name}, {what}", q8, f16, WORST, MEAN)
        say(q8 != f16, f"{name}, {what}: not the same cache")
        if what == "short":
            test.compare(f"{name}, {what}, in steps", test.logits(path, prompt, width, Q8 + ["--step"]), q8, STEP_WORST, STEP_MEAN)


def sizes(test):
    def cache_bytes(options):
        return json.loads(test.run("info", f"{MODELS}/qwen2.gguf", "--json", "--context", "512", *options).stdout)["plans"][0]["cache_bytes"]

    f16, q8 = cache_bytes([]), cache_bytes(Q8)
    say(q8 * 32 == f16 * 17, f"cache of 512 tokens: {q8} bytes, {f16} as f16")


test = Test(CLI, ["--device", "vulkan:0"])
for model in ("qwen2", "qwen2-Q4_K_M", "llama-Q6_K"):
    compare(test, model)
sizes(test)
finish()
