#!/usr/bin/env python3
"""test_layer_stream.py CLI ENGINE MODELS: layers that the CPU computes, and that come over to the device for passes of many tokens.

The small dense models with their layers repeated to seven, so that the ring of two turns several times and formats differ from
layer to layer. With PONDER_LAYER_STREAM every pass from a number of tokens on has them brought over. Then logits are, to the bit,
those of the model that lies on the device whole, in f16 and in float32, over many chunks of odd sizes and a token at a time;
where the last chunk falls to the CPU, which goes on with keys and values that the device has brought back, and where the device
goes on with the CPU's, they are within the limits of test_logits.py. By the engine: turns of a chat, stopping in the middle. A call of Vulkan's that fails.
"""
import array, json, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from engine_process import EngineProcess
from gguf_file import UINT32, Gguf
from test_logits import Test, log_softmax, rows
from verdicts import finish, say

CLI, ENGINE, MODELS = sys.argv[1:4]
LAYERS, CONTEXT = 7, 1024
ON = ["--device", "vulkan:0", "--context", str(CONTEXT)]


def run(*arguments, **environment):
    result = subprocess.run([CLI, *arguments], stdin=subprocess.DEVNULL, capture_output=True, env={**os.environ, **environment})
    if b"validation" in result.stderr:
        say(False, result.stderr.decode(errors="replace")[:2000])
    return result


def stretched(name, folder):
    """The model with its layers repeated, each time another order of their kinds of format."""
    whole = Gguf(f"{MODELS}/{name}.gguf")
    layers = [[t for t in whole.tensors if t[0].startswith(f"blk.{i}.")] for i in range(3)]
    whole.tensors = [t for t in whole.tensors if not t[0].startswith("blk.")]
    for block in range(LAYERS):
        for tensor in layers[(block * 2 + block // 3) % 3]:
            whole.tensors.append([f"blk.{block}." + tensor[0].split(".", 2)[2], *tensor[1:]])
    key = next(k for k in whole.keys if k.endswith(".block_count"))
    whole.set(key, UINT32, LAYERS)
    path = f"{folder}/{name}.gguf"
    with open(path, "wb") as file:
        file.write(whole.bytes())
    return path


def plan(model, *options, **environment):
    return json.loads(run("info", model, "--json", *ON, *options, **environment).stdout)["plans"][0]


def budget(model, *options, share=0.5):
    """The option that leaves a share of the weights to the device."""
    whole = plan(model, *options)
    return ["--vram-budget", str(whole["weight_bytes"] + whole["cache_bytes"] + whole["scratch_bytes"] -
                                 int((1 - share) * whole["weight_bytes"]))]


def logits(model, tokens, *options, **environment):
    with tempfile.NamedTemporaryFile() as out:
        told = run("logits", model, "--tokens", ",".join(map(str, tokens)), "--output", out.name, *ON, *options, **environment)
        say(told.returncode == 0, f"{' '.join(options)} {environment}: {told.stderr.decode(errors='replace').strip()[-300:]}")
        return open(out.name, "rb").read(), told.stderr.decode()


def differences(got, wanted, width, worst_limit, mean_limit, what):
    a, b = array.array("f", got), array.array("f", wanted)
    test = Test(CLI, [])
    test.compare(what, [log_softmax(r) for r in rows(a, width)], [log_softmax(r) for r in rows(b, width)], worst_limit, mean_limit)


def prompt(count):
    return [(i * 37 + i // 7 + 5) % 500 for i in range(count)]


def exact(model, every=False):
    for precise in ([], ["--precise"]):
        option = budget(model, *precise)
        made = plan(model, *precise, *option, PONDER_LAYER_STREAM="1")
        say(0 < made["host_layers"] and "for long prompts" in made["verdict"], made["verdict"])
        quantised = "_K" in model
        limits = ((0.01, 1e-4) if quantised else (0.002, 1e-5)) if precise else ((0.5, 3e-3) if quantised else (0.1, 3e-4))
        # (tokens, chunk, least pass brought over, rows at the end that the CPU computes)
        cases = ((600, 64, 2, 0), (300, 37, 5, 4), (12, 64, 2, 0), (333, 37, 2, 0), (270, 53, 20, 5))
        for count, chunk, least, by_cpu in cases if every else cases[:2]:
            at_once = {"PONDER_PREFILL_CHUNK": str(chunk)}
            wanted, _ = logits(model, prompt(count), *precise, **at_once)
            got, told = logits(model, prompt(count), *precise, *option, PONDER_LAYER_STREAM=str(least), **at_once)
            say("brought over" in told, told.strip())
            width = len(wanted) // count
            same = (count - by_cpu) * width
            say(len(got) == len(wanted) and got[:same] == wanted[:same],
                f"{os.path.basename(model)} {count} tokens by {chunk} {precise}: the device's {count - by_cpu} to the bit")
            if by_cpu:
                say(got[same:] != wanted[same:], "the rest is the CPU's")
                differences(got[same:], wanted[same:], width // 4, *limits, f"  the CPU's {by_cpu}")
        steps = prompt(9)
        wanted, _ = logits(model, steps, *precise, "--step")
        got, _ = logits(model, steps, *precise, *option, "--step", PONDER_LAYER_STREAM="1")
        say(got == wanted, f"a token at a time {precise}")
        # Everything on the CPU's side but passes of more than one: what is brought back is read token by token, and the other way.
        arguments = ["generate", model, "--tokens", ",".join(map(str, prompt(200))), "--raw", "--temperature", "0", "--precise",
                     "--max-tokens", "12", "--json", *ON]
        ids = lambda told: [e["id"] for e in map(json.loads, told.stdout.splitlines()) if e["type"] == "token"]
        option = budget(model, "--precise")
        wanted = ids(run(*arguments))
        say(len(wanted) == 12 and wanted == ids(run(*arguments, *option, PONDER_LAYER_STREAM="2")), f"greedy after 200 tokens: {wanted}")


def few(model):
    """Three layers, of which one is the host's and two lie in the ring: none is where the device's layers otherwise are."""
    for precise in ([], ["--precise"]):
        context = ["--context", "256"]  # of which the ring's cache is so small that it leaves room for the rest
        option = budget(model, *precise, *context, share=0.999)
        made = plan(model, *precise, *context, *option, PONDER_LAYER_STREAM="2")
        say(made["host_layers"] == 1 and "for long prompts" in made["verdict"], made["verdict"])
        wanted, _ = logits(model, prompt(230), *precise, *context, PONDER_PREFILL_CHUNK="50")
        got, _ = logits(model, prompt(230), *precise, *context, *option, PONDER_LAYER_STREAM="2", PONDER_PREFILL_CHUNK="50")
        say(got == wanted, f"{os.path.basename(model)} as it is {precise}")


def by_the_engine(model):
    """Turns of a chat with prompts above and below the limit; stopping in the middle; then the same again, by a fresh engine too."""
    def answers(stops, **environment):
        engine = EngineProcess(ENGINE, **environment)
        options = dict(device="vulkan:0", context=CONTEXT, precise=True)
        if environment.get("PONDER_LAYER_STREAM"):
            options["vram_budget"] = int(budget(model, "--precise")[1])
        loaded = engine.load(model, **options)
        say(("for long prompts" in loaded["plan"]["verdict"]) == ("vram_budget" in options), loaded["plan"]["verdict"])
        made = []
        for turn in range(4):
            if stops and turn in (1, 2):
                engine.generate(f"long{turn}", text=f"stop {turn} " * 60, tokens=50)
                engine.next(lambda e: e.get("id") == f"long{turn}" and e["type"] in ("started", "prefill_progress"))
                engine.send("stop", "s", target=f"long{turn}")
                engine.final("s", "stopped")
                engine.final(f"long{turn}", "done")
            engine.generate(f"turn{turn}", text="and so on " * (25 * (turn % 3 + 1)), sampling={"temperature": 0})
            engine.final(f"turn{turn}", "done")
            made.append(engine.tokens(f"turn{turn}"))
        engine.close()
        return made
    wanted = answers(False)
    for stops in (False, True):
        say(answers(stops, PONDER_LAYER_STREAM="20") == wanted, f"four turns, {'stops between' if stops else 'no stop'}")


def failures(model):
    """A call that fails anywhere ends in one sentence or in the answer, never in another answer. Where the device does not get at the
    layers in host memory, the CPU computes them."""
    arguments = ["generate", model, "--tokens", ",".join(map(str, prompt(90))), "--raw", "--max-tokens", "4", "--temperature", "0",
                 "--precise", *ON, *budget(model, "--precise")]
    right = run(*arguments, PONDER_LAYER_STREAM="2").stdout
    failures, without = 0, 0
    for call in range(50, 1500, 109):
        told = run(*arguments, PONDER_LAYER_STREAM="2", PONDER_FAIL_VULKAN_CALL=f"{call}:device_memory", PONDER_VALIDATION="0")
        failures += told.returncode != 0
        without += b"not brought over" in told.stderr
        lines = told.stderr.decode().strip().splitlines()
        say(told.stdout == right if told.returncode == 0 else told.returncode == 1 and lines,
            f"call {call}: {lines[0][:150] if lines else 'the answer'}")
    say(failures > 0 and without > 0, f"{failures} failures, {without} times without a ring")


with tempfile.TemporaryDirectory() as folder:
    dense, quantised = (stretched(name, folder) for name in ("qwen2", "qwen2-Q4_K_M"))
    exact(dense, every=True)
    exact(quantised)
    exact(stretched("llama-Q6_K", folder))
    for name in ("qwen2", "qwen2-Q4_K_M", "llama-Q6_K"):
        few(f"{MODELS}/{name}.gguf")
    by_the_engine(dense)
    failures(dense)
finish()
