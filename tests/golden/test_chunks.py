#!/usr/bin/env python3
"""test_chunks.py CLI MODELS: a prompt in few long passes beside the same in many short ones, by the logits of every position.

Sums are added in another order, no more: nothing at all on software."""
import json, os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from test_logits import Test, read_tensors
from verdicts import finish, say

CLI, MODELS = sys.argv[1:]
WORST, MEAN = 0.01, 1e-5


def scratch(test, model, chunk):
    os.environ["PONDER_PREFILL_CHUNK"] = str(chunk)
    return json.loads(test.run("info", model, "--json").stdout)["plans"][0]["scratch_bytes"]


def logits(test, model, prompt, width, chunk):
    os.environ["PONDER_PREFILL_CHUNK"] = str(chunk)
    return test.logits(model, prompt, width, [])


test = Test(CLI, ["--device", "vulkan:0"])
model = f"{MODELS}/qwen2.gguf"
expected = read_tensors(model.replace(".gguf", ".expected.gguf"))
width, prompt = expected["logits"][0], list(expected["prompt"][1])
say(scratch(test, model, 1024) > scratch(test, model, 64), "the plan has room for 1,024 a pass")
# Of 1,024: a long pass and one of the usual length, then a long one and the rest.
for length in (1024 + 512, 1024 + 77):
    tokens = (prompt * length)[:length]
    short = logits(test, model, tokens, width, 64)
    test.compare(f"{length} tokens, 1,024 a pass", logits(test, model, tokens, width, 1024), short, WORST, MEAN)
finish()
