#!/usr/bin/env python3
"""test_logits.py CLI MODELS [--device D]: logits and greedy text of the small models against what is known to be right.

Judged by log-probabilities at the worst position and the mean Kullback-Leibler divergence. Limits: float32 files with --precise
0.002 and 1e-5, without 0.1 and 3e-4; quantised files, whose activations may be quantised too, 0.01 and 1e-4, 0.5 and 3e-3.
Quantised mixtures of experts, where a near tie leads to another expert and far away: three positions of four within 0.8, and half
of them within 1.5e-2.
"""
import array, json, math, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from gguf_file import Gguf
from verdicts import finish, say

MIXED = (0.8, 1.5e-2)  # limits of quantised mixtures
KIND = {0: "f", 26: "i"}  # F32, I32


def read_tensors(path):
    """name -> (columns, values)"""
    result = {}
    for name, shape, kind, data in Gguf(path).tensors:
        values = array.array(KIND[kind])
        values.frombytes(data[:4 * math.prod(shape)])
        result[name] = (shape[0], values)
    return result


def log_softmax(row):
    greatest = max(row)
    total = math.log(sum(math.exp(x - greatest) for x in row)) + greatest
    return [x - total for x in row]


def rows(values, width):
    return [values[i:i + width] for i in range(0, len(values), width)]


class Test:
    def __init__(self, cli, options):
        self.cli, self.options = cli, options

    def run(self, *arguments):
        result = subprocess.run([self.cli, *arguments, *self.options], capture_output=True)
        if b"validation" in result.stderr:  # with PONDER_VALIDATION=1: what Vulkan's layer complains of, or that it is not there
            say(False, result.stderr.decode(errors="replace"))
        return result

    def logits(self, model, tokens, width, options):
        with tempfile.NamedTemporaryFile() as out:
            run = self.run("logits", model, "--tokens", ",".join(map(str, tokens)), "--output", out.name, *options)
            values = array.array("f", open(out.name, "rb").read())
        if run.returncode or len(values) != len(tokens) * width:
            say(False, f"{model} {options}: exit {run.returncode}, {run.stderr.decode(errors='replace')[-200:]}")
            return None
        return [log_softmax(row) for row in rows(values, width)]

    def compare(self, what, got, want, worst_limit, mean_limit):
        if got is None:
            return
        greatest = sorted(max(abs(a - b) for a, b in zip(g, w)) for g, w in zip(got, want))
        divergences = sorted(sum(math.exp(b) * (b - a) for a, b in zip(g, w)) for g, w in zip(got, want))
        if worst_limit == MIXED[0]:
            worst, mean = greatest[3 * len(greatest) // 4], divergences[len(divergences) // 2]
        else:
            worst, mean = greatest[-1], sum(divergences) / len(divergences)
        if any(math.isnan(x) for x in greatest + divergences):
            worst = math.nan
        ok = worst <= worst_limit and mean <= mean_limit  # false for NaN
        say(ok, f"{what}: difference {worst:.2g} (limit {worst_limit}), divergence {mean:.2g} (limit {mean_limit})")

    def model(self, path, quick=False):
        """quick: in float32 and all at once only."""
        expected = read_tensors(path.replace(".gguf", ".expected.gguf"))
        name, prompt = os.path.basename(path), expected["prompt"][1]
        exact = "logits" in expected
        width, values = expected["logits" if exact else "logprobs"]
        want = rows(values, width)
        if exact:
            want = [log_softmax(row) for row in want]
        positions = range(len(prompt)) if exact else expected["positions"][1]
        for options, limits in (((["--precise"], (0.002, 1e-5)), ([], (0.1, 3e-4))) if exact else
                                ((["--precise"], (0.01, 1e-4)), ([], MIXED if name.startswith("deepseek") else (0.5, 3e-3)))):
            if quick and not options:
                continue
            for step in ([],) if quick else ([], ["--step"]):
                got = self.logits(path, prompt, width, options + step)
                self.compare(" ".join([name, *options, *step]), got and [got[i] for i in positions], want, *limits)
            if "long_logits" in expected:
                got = self.logits(path, expected["long_prompt"][1], width, options)
                self.compare(" ".join([name, *options, "long"]), got and [got[i] for i in expected["long_positions"][1]],
                             [log_softmax(row) for row in rows(expected["long_logits"][1], width)], *limits)
        if "greedy" in expected and not quick:
            wanted = list(expected["greedy"][1])
            run = self.run("generate", path, "--tokens", ",".join(map(str, prompt)), "--max-tokens", str(len(wanted)),
                           "--temperature", "0", "--raw", "--precise", "--json")
            events = [json.loads(line) for line in run.stdout.splitlines()]
            got = [event["id"] for event in events if event["type"] == "token"]
            say(run.returncode == 0 and got == wanted and events[-1]["type"] == "done", f"{name} greedy: {got}")


if __name__ == "__main__":
    test = Test(sys.argv[1], sys.argv[3:])
    for model in ("qwen2", "qwen2-Q4_K_M", "llama-Q6_K", "deepseek3-kvb-IQ2_XXS"):
        test.model(f"{sys.argv[2]}/{model}.gguf")
    finish()
