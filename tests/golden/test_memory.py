#!/usr/bin/env python3
"""test_memory.py CLI ENGINE MODELS: models larger than their GPU where memory or the file gives out, and loads that are ended.

Too little memory: at every limit of the process's address space a run does all or says in one sentence, with status 1, what was
missing. Budgets too small for anything; a part of a set that is cut short, and one that is deleted, while layers or experts are
read from it; loads that are stopped, left and killed, after which nothing of them is left.
"""
import json, os, resource, signal, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from engine_process import EngineProcess
from gguf_file import INT32, UINT32, Gguf
from verdicts import finish, say

CLI, ENGINE, MODELS = sys.argv[1:]
MIXTURE, DENSE = MODELS + "/deepseek3-kvb-IQ2_XXS.gguf", MODELS + "/qwen2.gguf"
LARGE = "synthetic:v2-lite?layers=3&quant=q4_k_m"  # takes a while to load, half of it by the host
TOKENS = ("--tokens", "5,6,7", "--max-tokens", "4", "--raw", "--temperature", "0", "--context", "512")
ENVIRONMENT = dict(os.environ, PONDER_VALIDATION="0")
KILOBYTE, LEFT_BEHIND = 1024, 64 << 20  # bytes that an allocator may keep


def run(*arguments, limit=0):
    def limited():
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    return subprocess.run([CLI, *arguments], env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                          preexec_fn=limited if limit else None)


def sentence(result):
    """That of a run that must fail; "" if it is not one sentence with status 1."""
    lines = result.stderr.decode(errors="replace").splitlines()
    return lines[0] if result.returncode == 1 and len(lines) == 1 and lines[0].startswith("ponder-cli: ") else ""


def little_memory():
    """From what the program itself takes up to what the model takes, in steps."""
    low, high = 8 << 20, 256 << 20
    while high - low > 256 * KILOBYTE:  # the least that --help runs in
        middle = (low + high) // 2
        if run("--help", limit=middle).returncode == 0:
            high = middle
        else:
            low = middle
    # A prompt so long that passes need memory of their own, which threads ask for.
    asked = ("generate", MIXTURE, "--tokens", ",".join(str(5 + i % 90) for i in range(400)), *TOKENS[2:], "--device", "cpu")
    whole = run(*asked)
    said, limit = {}, high
    for step in range(200):
        result = run(*asked, limit=limit)
        if result.returncode == 0 and result.stdout == whole.stdout:
            said["runs"] = said.get("runs", 0) + 1
            if said["runs"] > 3:
                break
        elif found := sentence(result):
            said[found] = said.get(found, 0) + 1
        else:
            say(False, f"{limit} bytes: exit {result.returncode}, {result.stderr}")
        limit += 150 * KILOBYTE
    say("runs" in said and len(said) > 2, f"{step + 1} limits of memory from {high} bytes on")
    for text, times in said.items():
        print(f"     {times} times: {text}")


def small_budgets():
    for what, model, options, words in (
            ("GPU", MIXTURE, ("--device", "vulkan:0", "--vram-budget", "1000"), ("1.00 kB", "CPU alone")),
            ("GPU, experts with the host", MIXTURE, ("--device", "vulkan:0", "--vram-budget", "1000", "--experts", "host"), ("1.00 kB",)),
            ("host", MIXTURE, ("--device", "vulkan:0", "--experts", "host", "--ram-budget", "1000"), ("computer offers less",)),
            ("CPU", MIXTURE, ("--device", "cpu", "--ram-budget", "1000"), ("1.00 kB", "smaller model")),
            ("CPU, dense", DENSE, ("--device", "cpu", "--ram-budget", "1000"), ("1.00 kB", "smaller model"))):
        found = sentence(run("generate", model, *TOKENS, *options))
        say(found and all(word in found for word in words), f"budget too small for anything, {what}: {found}")


def parts_of(model, folder):
    """The model as two files: experts and the last layer in the second."""
    whole = Gguf(model)
    paths = [f"{folder}/set-0000{number}-of-00002.gguf" for number in (1, 2)]
    later = [t for t in whole.tensors if "_exps." in t[0] or t[0].startswith("blk.2.")]
    for number, tensors in ((0, [t for t in whole.tensors if t not in later]), (1, later)):
        part = Gguf()
        part.keys = dict(whole.keys) if number == 0 else {}
        part.tensors = tensors
        part.set("split.no", UINT32, number)
        part.set("split.count", UINT32, 2)
        part.set("split.tensors.count", INT32, len(whole.tensors))
        with open(paths[number], "wb") as file:
            file.write(part.bytes())
    return paths


def plan(model, *options):
    told = run("info", model, "--json", "--context", "512", *options)
    return json.loads(told.stdout)["plans"][0]


def needs(made):
    return made["weight_bytes"] + made["cache_bytes"] + made["scratch_bytes"]


def vanishing_parts():
    gpu = ("--device", "vulkan:0")
    core = plan(MIXTURE, *gpu, "--experts", "host")
    dense = plan(DENSE, *gpu)
    half = needs(dense) - dense["weight_bytes"] // 2
    room = plan(DENSE, *gpu, "--vram-budget", str(half))["host_bytes"]
    cpu = plan(MIXTURE, "--device", "cpu")
    for what, model, options in (
            ("experts beside a GPU", MIXTURE, {"device": "vulkan:0", "experts": "host", "ram_budget": core["host_bytes"] - 400_000}),
            ("experts on the CPU", MIXTURE, {"device": "cpu", "ram_budget": needs(cpu) - 400_000}),
            ("layers", DENSE, {"device": "vulkan:0", "vram_budget": half, "ram_budget": room - 300_000})):
        with tempfile.TemporaryDirectory() as folder:
            first, second = parts_of(model, folder)
            engine = EngineProcess(ENGINE, PONDER_VALIDATION="0")
            loaded = engine.load(first, context=512, **options)
            say(loaded["plan"]["disk_bytes"] > 0, f"{what} on disk: {loaded['plan']['verdict']}")

            def ask(id):
                engine.generate(id, text=id + " and on " * 20, tokens=3)
                return engine.next(lambda e: e.get("id") == id and e["type"] in ("done", "error"))

            os.rename(second, second + ".away")  # still open, so still read
            say(ask("moved")["type"] == "done", f"{what}: a part moved away is read on")
            for size in (os.path.getsize(second + ".away") // 2, 100, 0):
                os.truncate(second + ".away", size)
                event = ask(f"cut{size}")
                say(event["type"] == "error" and os.path.basename(second) in event["message"], f"{what}, {size} bytes left: {event.get('message')}")
            os.remove(second + ".away")
            engine.load(DENSE, context=512)  # the machine is usable
            say(ask("after")["type"] == "done", f"{what}: the next model answers")
            engine.close()
    with tempfile.TemporaryDirectory() as folder:
        first, second = parts_of(MIXTURE, folder)
        os.remove(second)
        found = sentence(run("generate", first, *TOKENS, "--device", "vulkan:0", "--experts", "host"))
        say(os.path.basename(second) in found, f"a part that is gone before: {found}")


def held_by(engine):
    """Bytes of memory and files that the process holds."""
    with open(f"/proc/{engine.process.pid}/status") as status:
        resident = next(int(line.split()[1]) * KILOBYTE for line in status if line.startswith("VmRSS"))
    return resident, len(os.listdir(f"/proc/{engine.process.pid}/fd"))


def ended_loads():
    options = {"device": "vulkan:0", "context": 512, "experts": "host"}
    with tempfile.TemporaryDirectory() as cache:
        engine = EngineProcess(ENGINE, PONDER_VALIDATION="0", PONDER_CACHE_DIR=cache)
        engine.load(MIXTURE, **options)  # whatever a driver keeps for ever is there now
        engine.send("unload", "u")
        engine.final("u", "unloaded")
        memory, files = held_by(engine)
        for i in range(3):
            id = f"stopped{i}"
            engine.send("load", id, path=LARGE, options=options)
            engine.next(lambda e: e.get("id") == id and e["type"] == "load_progress" and e["done_bytes"] > 0)
            engine.send("stop", "s", target=id)
            event = engine.next(lambda e: e.get("id") == id and e["type"] in ("loaded", "error"))
            say(event["type"] == "error" and event["code"] == "cancelled", f"a load that is stopped: {event.get('message', event['type'])}")
        now, files_now = held_by(engine)
        say(now - memory < LEFT_BEHIND and files_now <= files,
            f"three loads stopped: {(now - memory) >> 20} MiB more than before, {files_now} files open, {files} before")
        engine.load(MIXTURE, **options)
        engine.generate("after")
        say(engine.next(lambda e: e.get("id") == "after" and e["type"] in ("done", "error"))["type"] == "done", "the next model answers")
        engine.close()
        for what in ("left", "killed"):
            engine = EngineProcess(ENGINE, PONDER_VALIDATION="0", PONDER_CACHE_DIR=cache)
            engine.send("load", "l", path=LARGE, options=options)
            engine.next(lambda e: e["type"] == "load_progress" and e["done_bytes"] > 0)
            if what == "left":
                say(engine.close() < 4, "standard input ends in the middle of a load: the engine is gone")
            else:
                engine.process.send_signal(signal.SIGKILL)
                engine.gone(-signal.SIGKILL)
            leftover = [name for _, _, names in os.walk(cache) for name in names if "tmp" in name or "part" in name]
            children = [p for p in os.listdir("/proc") if p.isdigit() and parent_of(p) == engine.process.pid]
            say(not leftover and not children, f"{what} in the middle of a load: files {leftover}, processes {children} left")
        engine = EngineProcess(ENGINE, PONDER_VALIDATION="0", PONDER_CACHE_DIR=cache)
        engine.load(MIXTURE, **options)
        engine.close()
        say(True, "killed in the middle of a load: the next engine loads")


def parent_of(process):
    try:
        with open(f"/proc/{process}/stat") as stat:
            return int(stat.read().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


for test in (little_memory, small_budgets, vanishing_parts, ended_loads):
    test()
finish()
