#!/usr/bin/env python3
"""test_expert_cache.py CLI ENGINE MODELS: experts that come to the device and go from it while a model runs.

With PONDER_EXPERT_CACHE=restless they are exchanged for the least reason, so in every pass. The small mixture: the limits and the
greedy text of test_logits.py at several budgets. Random weights in V2-Lite's width, whose experts take several passes to come
over: logits of a step at a time beside those without exchanges, judged as test_synthetic.py does. Twice the same gives the same
bytes. Without restlessness: the hit rate rises above the share that lies on the device where the same few tokens come again and
again. Then what fails in the middle of an exchange. And experts that the device reads from host memory where they lie, in the
place of the CPU (PONDER_EXPERT_LINK): some, all, and as measured rates say, with exchanges and with none on the device; and that
are brought over for a prompt (PONDER_EXPERT_STREAM).
"""
import array, json, math, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from engine_process import EngineProcess
from test_logits import MIXED, Test, read_tensors, rows
from verdicts import finish, say

CLI, ENGINE, MODELS = sys.argv[1:4]
MIXTURE = MODELS + "/deepseek3-kvb-IQ2_XXS.gguf"
LITE, VOCABULARY = "synthetic:v2-lite?layers=3&quant=iq2_xxs", 102400
STEPS = 12  # of it
ON = ["--device", "vulkan:0", "--context", "512"]
os.environ["PONDER_EXPERT_CACHE"] = "restless"


def run(*arguments, **environment):
    return subprocess.run([CLI, *arguments], stdin=subprocess.DEVNULL, capture_output=True, env={**os.environ, **environment})


def plan(model, *options):
    return json.loads(run("info", model, "--json", *ON, *options).stdout)["plans"][0]


def budget(model, share):
    """The option that gives a share of the experts to the device, and the plan that comes of it."""
    whole, core = plan(model, "--experts", "device"), plan(model, "--experts", "host")
    bytes_of = lambda p: p["weight_bytes"] + p["cache_bytes"] + p["scratch_bytes"]
    option = ["--vram-budget", str(int(bytes_of(core) + share * (bytes_of(whole) - bytes_of(core))))]
    return option, plan(model, *option)


def small():
    for share in (0.3, 0.97):
        option, made = budget(MIXTURE, share)
        held, moved = made["experts_on_device"], made["experts_exchanged"]
        wanted = held if share < 0.9 else held - made["experts"] // 2  # then the first of two layers is the device's, whole
        say(0 < held < made["experts"] and moved == wanted, f"{moved} of {held} of {made['experts']} on the device are exchanged")
        test = Test(CLI, [*ON, *option])
        test.model(MIXTURE)
    option, made = budget(MIXTURE, 0.5)
    host = made["host_bytes"]
    for ram in (host - 100_000, host - 10_000_000):
        less = plan(MIXTURE, *option, "--ram-budget", str(ram))
        say(less["experts_exchanged"] < less["experts_on_device"] or less["host_bytes"] <= ram,
            f"{less['experts_exchanged']} of {less['experts_on_device']} have a copy where host memory is {ram}")


def step_logits(tokens, option, **environment):
    with tempfile.NamedTemporaryFile() as out:
        told = run("logits", LITE, "--tokens", tokens, "--step", "--output", out.name, *ON, *option, **environment)
        if told.returncode or b"validation" in told.stderr:
            say(False, told.stderr.decode(errors="replace"))
        return open(out.name, "rb").read(), told.stderr.decode()


def wide():
    option, made = budget(LITE, 0.3)
    say(0 < made["experts_exchanged"] < made["experts"], f"{made['experts_exchanged']} of {made['experts']} are exchanged")
    tokens = ",".join(str(7 * i * i % 1000 + 5) for i in range(STEPS))
    moved, told = step_logits(tokens, option)
    say("exchanged by use" in told, told.strip())
    again, _ = step_logits(tokens, option, PONDER_VALIDATION="0")
    say(moved == again, "twice the same bytes")
    still, told = step_logits(tokens, option, PONDER_EXPERT_CACHE="0", PONDER_VALIDATION="0")
    say("exchanged by use" not in told, "without exchanges")
    say(moved != still, "with exchanges some experts are computed elsewhere")
    a, b = array.array("f", moved), array.array("f", still)
    spread = math.sqrt(sum(x * x for x in b) / len(b))
    mean = sum(abs(x - y) for x, y in zip(a, b)) / len(b) / spread
    say(len(a) == STEPS * VOCABULARY and 0.3 < spread < 10 and mean < 0.05, f"mean difference {mean:.4f} of the spread {spread:.2f}")


def hit_rate():
    option, made = budget(MIXTURE, 0.5)
    shares = []
    for cache in ("0", "1"):
        told = run("generate", MIXTURE, "--tokens", "5,6,7", "--raw", "--max-tokens", "300", "--temperature", "0", "--json", *ON,
                   *option, PONDER_EXPERT_CACHE=cache)
        shares.append(json.loads(told.stdout.splitlines()[-1])["stats"]["expert_device_share"])
    say(shares[1] > shares[0] + 0.1, f"hit rate {shares[0]:.3f} with {made['experts_on_device']} of {made['experts']} fixed, "
                                     f"{shares[1]:.3f} with exchanges")


def hundreds():
    """More exchanges than any queue of them holds in one piece, several under way at a time."""
    option, _ = budget(MIXTURE, 0.3)
    told = run("generate", MIXTURE, "--tokens", "5,6,7", "--raw", "--max-tokens", "400", "--temperature", "0", *ON, *option,
               PONDER_VALIDATION="0")
    say(told.returncode == 0, f"400 tokens: exit {told.returncode} {told.stderr.decode(errors='replace').strip()[-100:]}")


def failures():
    """A call that fails anywhere in a pass ends in one sentence or in the answer, never in another answer."""
    option, _ = budget(MIXTURE, 0.3)
    arguments = ["generate", MIXTURE, "--tokens", "5,6,7", "--raw", "--max-tokens", "24", "--temperature", "0", *ON, *option]
    right = run(*arguments).stdout
    reached = 0
    for call in range(400, 4000, 197):
        told = run(*arguments, PONDER_FAIL_VULKAN_CALL=f"{call}:device_memory", PONDER_VALIDATION="0")
        if told.returncode == 0:
            say(told.stdout == right, f"call {call}: the answer")
            break
        reached += 1
        say(told.returncode == 1 and told.stderr.strip(), f"call {call}: {told.stderr.decode().strip()[:100]}")
    say(reached > 0, f"{reached} failures")


def link():
    expected = read_tensors(MIXTURE.replace(".gguf", ".expected.gguf"))
    width, values = expected["logprobs"]
    for share, option in ((2, budget(MIXTURE, 0.5)[0]), (15, ["--experts", "host"]), ("measured", budget(MIXTURE, 0.3)[0])):
        os.environ["PONDER_EXPERT_LINK"] = str(share)
        told = run("logits", MIXTURE, "--tokens", "5,6", "--step", "--output", os.devnull, *ON, *option).stderr.decode()
        say(share == "measured" or "missing ones over the link" in told, f"{share}: {told.strip()}")
        test = Test(CLI, [*ON, *option])
        for precise, limits in ((["--precise"], (0.01, 1e-4)), ([], MIXED)):
            for step in ([["--step"], []] if share == 2 else [["--step"]]):  # of several tokens at once none goes over the link
                got = test.logits(MIXTURE, expected["prompt"][1], width, precise + step)
                test.compare(f"link {share} {precise} {step}", got and [got[i] for i in expected["positions"][1]],
                             rows(values, width), *limits)
    # Several tokens at once: experts brought over for them, one at a time, some at a time, as the rates say, and not.
    for streamed, share in (("1", 0), ("3", 0), ("3", 0.3), (None, 0), ("0", 0)):
        os.environ["PONDER_EXPERT_LINK"] = "15" if streamed else "measured"
        if streamed:
            os.environ["PONDER_EXPERT_STREAM"] = streamed
        test = Test(CLI, [*ON, *(budget(MIXTURE, share)[0] if share else ["--experts", "host"])])
        for precise, limits in ((["--precise"], (0.01, 1e-4)), ([], MIXED)):
            got = test.logits(MIXTURE, expected["prompt"][1], width, precise)
            test.compare(f"streamed {streamed} {share} {precise}", got and [got[i] for i in expected["positions"][1]],
                         rows(values, width), *limits)
        os.environ.pop("PONDER_EXPERT_STREAM", None)
    del os.environ["PONDER_EXPERT_LINK"]


def by_the_engine():
    """The same request twice in one engine, whose cache has moved on in between; and after a stop in the middle."""
    option, _ = budget(MIXTURE, 0.5)
    engine = EngineProcess(ENGINE)
    loaded = engine.load(MIXTURE, device="vulkan:0", context=512, vram_budget=int(option[1]))
    say(loaded["plan"]["experts_on_device"] > 0, loaded["plan"]["verdict"])
    for name in ("one", "two"):
        engine.generate(name, text="word " * 40, tokens=60)
        stats = engine.final(name, "done")["stats"]
        say(stats["expert_pairs"] > 0 and 0 < stats["expert_device_share"] < 1, f"{name}: {stats['expert_device_share']:.3f}")
    engine.generate("long", text="other " * 40, tokens=200)
    engine.next(lambda e: e.get("id") == "long" and e["type"] in ("started", "prefill_progress"))
    engine.send("stop", "s", target="long")
    engine.final("s", "stopped")
    engine.final("long", "done")
    engine.generate("after", text="word " * 40, tokens=20)
    engine.final("after", "done")
    engine.close()
    say(True, "stopped in the middle, and on")


small()
hit_rate()
hundreds()
wide()
failures()
link()
by_the_engine()
finish()
