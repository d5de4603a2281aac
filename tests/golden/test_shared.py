#!/usr/bin/env python3
"""test_shared.py CLI ENGINE MODELS: models of which the CPU computes a share beside a Vulkan device, and what may go wrong then.

The same files, limits and greedy text as test_logits.py: all experts with the host, half of them, some of those on disk, whole
layers; on the CPU alone, experts on disk. Budgets are taken from `info`. A mixture over many chunks, wherever it is computed,
against the CPU alone: in float32 throughout, log-probabilities may differ by 0.002. Then, by the engine: expert use in the statistics, stopping in the middle of a prompt, a
file that is cut short while its experts are read from it.
"""
import json, os, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from engine_process import EngineProcess
from test_logits import Test
from verdicts import finish, say

CLI, ENGINE, MODELS = sys.argv[1:4]
MIXTURE = MODELS + "/deepseek3-kvb-IQ2_XXS.gguf"
CONTEXT = 1024


def plan(model, *options, device="vulkan:0"):
    told = subprocess.run([CLI, "info", model, "--json", "--device", device, "--context", str(CONTEXT), *options],
                          capture_output=True, check=True)
    return json.loads(told.stdout)["plans"][0]


def device_bytes(plan):
    return plan["weight_bytes"] + plan["cache_bytes"] + plan["scratch_bytes"]


def logits(name, options, wanted, device="vulkan:0", quick=False):
    """Compares a model with what is known, where the plan is as `wanted` says."""
    model = f"{MODELS}/{name}.gguf"
    made = plan(model, *options, device=device)
    say(wanted(made), f"{name} {' '.join(options)}: {made['verdict']} {made['warning']}")
    test = Test(CLI, ["--device", device, "--context", str(CONTEXT), *options])
    test.model(model, quick)


def shares():
    whole, core = plan(MIXTURE), plan(MIXTURE, "--experts", "host")
    name = os.path.basename(MIXTURE)[:-5]
    some = str((device_bytes(whole) + device_bytes(core)) // 2)
    logits(name, ["--experts", "host"], lambda p: p["experts_on_device"] == 0 < p["host_bytes"])
    logits(name, ["--vram-budget", some], lambda p: 0 < p["experts_on_device"] < p["experts"])
    experts = whole["weight_bytes"] - core["weight_bytes"]
    on_disk = ["--experts", "host", "--ram-budget", str(core["host_bytes"] - experts // 2)]
    logits(name, on_disk, lambda p: p["disk_bytes"] > 0 and "disk" in p["warning"], quick=True)
    logits(name, ["--vram-budget", str(device_bytes(core) - 100_000)], lambda p: 0 < p["host_layers"])
    for name in ("qwen2", "qwen2-Q4_K_M", "llama-Q6_K"):
        whole = plan(f"{MODELS}/{name}.gguf")
        half = device_bytes(whole) - whole["weight_bytes"] // 2
        logits(name, ["--vram-budget", str(half)], lambda p: 0 < p["host_layers"] and p["experts"] == 0)
    whole = plan(f"{MODELS}/qwen2.gguf")
    options = ["--vram-budget", str(device_bytes(whole) - whole["weight_bytes"] // 2)]
    room = plan(f"{MODELS}/qwen2.gguf", *options)
    layers = room["host_bytes"] - 300_000  # some of the layers' weights
    logits("qwen2", [*options, "--ram-budget", str(layers)], lambda p: p["disk_bytes"] > 0, quick=True)
    cpu = plan(MIXTURE, "--precise", device="cpu")
    tight = ["--ram-budget", str(device_bytes(cpu) - experts // 2)]
    logits(os.path.basename(MIXTURE)[:-5], ["--precise", *tight], lambda p: p["disk_bytes"] > 0, device="cpu", quick=True)
    many_chunks(some, tight)
    return on_disk[-1]


def many_chunks(budget, tight):
    """600 tokens, where a pass takes 64 at most on software: each begins where the last one ended, with the host's share too."""
    tokens = [(i * 37 + i // 7 + 5) % 500 for i in range(600)]
    options = {"the CPU": ["--device", "cpu"], "the CPU, experts on disk": ["--device", "cpu", *tight],
               "experts with the host": ["--device", "vulkan:0", "--experts", "host"],
               "experts shared out": ["--device", "vulkan:0", "--vram-budget", budget]}
    tests = {what: Test(CLI, ["--context", str(CONTEXT), *given]) for what, given in options.items()}
    rows = {what: test.logits(MIXTURE, tokens, 512, ["--precise"]) for what, test in tests.items()}
    for what, test in tests.items():
        if rows[what] and rows["the CPU"]:
            worst = max(abs(a - b) for got, want in zip(rows[what], rows["the CPU"]) for a, b in zip(got, want))
            say(worst <= 0.002, f"600 tokens, {what}: difference {worst:.2g} (limit 0.002)")


def statistics():
    told = subprocess.run([CLI, "generate", MIXTURE, "--tokens", "5,6,7", "--raw", "--max-tokens", "6", "--json", "--device",
                           "vulkan:0", "--context", str(CONTEXT), "--experts", "host"], capture_output=True)
    stats = json.loads(told.stdout.splitlines()[-1])["stats"]
    say(stats["expert_pairs"] > 0 and stats["expert_device_share"] == 0, f"expert use: {stats}")


def by_the_engine(ram):
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(MIXTURE, folder + "/held.gguf")
        engine = EngineProcess(ENGINE, PONDER_VALIDATION="0")
        loaded = engine.load(path, device="vulkan:0", context=CONTEXT, experts="host", ram_budget=int(ram))
        say(loaded["plan"]["disk_bytes"] > 0 and loaded["plan"]["warning"] != "", f"loaded: {loaded['plan']['verdict']}")
        engine.generate("long", text="word " * 150, tokens=200)
        engine.next(lambda e: e.get("id") == "long" and e["type"] in ("started", "prefill_progress"))
        engine.send("stop", "s", target="long")
        engine.final("s", "stopped")
        say(engine.final("long", "done")["reason"] == "cancelled", "stopped in the middle")
        engine.generate("short")
        engine.final("short", "done")
        os.truncate(path, 100_000)
        engine.generate("cut", text="something else")
        event = engine.next(lambda e: e.get("id") == "cut" and e["type"] in ("done", "error"))
        say(event["type"] == "error" and "held.gguf" in event["message"], f"cut short: {event.get('message')}")
        engine.load(MODELS + "/qwen2.gguf", context=512)
        engine.generate("after")
        engine.final("after", "done")
        engine.close()
        say(True, "the next model is loaded and used")


by_the_engine(shares())
statistics()
finish()
