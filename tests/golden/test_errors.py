#!/usr/bin/env python3
"""test_errors.py CLI ENGINE MODELS: every error that a file, a driver or a person can provoke, and the sentence it gives.

Of ponder-cli: status 1 and exactly one sentence on standard error, with the words that name cause and number, nothing on
standard output. Of ponder-engine, where a file changes while it is held: an event or an answer, and the engine goes on.
Every sentence is printed, to be read.
"""
import json, os, re, struct, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from engine_process import EngineProcess
from gguf_file import FLOAT32, INT32, STRING, UINT32, Gguf
from verdicts import finish, say

CLI, ENGINE, MODEL = sys.argv[1], sys.argv[2], sys.argv[3] + "/qwen2.gguf"
LONGEST = 300  # bytes of a sentence
MXFP4, IQ4_K_OF_A_FORK = 39, 139
QUIET = dict(os.environ, PONDER_CACHE_DIR="-", PONDER_VALIDATION="0")
TOKENS = ("--tokens", "5,6,7", "--max-tokens", "4", "--raw", "--temperature", "0", "--context", "512")



def tell(what, sentence, wrong):
    say(not wrong, f"{what}: {sentence}" + (f"\n     {wrong}" if wrong else ""))


def flaws(sentence, words):
    """What is wrong with it, "" if nothing."""
    found = [f"no {word}" for word in words if word not in sentence]
    if "\n" in sentence or re.search(r"[.!?] [A-Z]", sentence):
        found.append("more than one sentence")
    if not re.match(r"[A-Z0-9]|\S*[./_]", sentence) or not sentence.endswith(".") or sentence.endswith(".."):
        found.append("no capital letter (or name) or no full stop")
    if len(sentence.encode()) > LONGEST:
        found.append(f"{len(sentence.encode())} bytes long")
    return ", ".join(found)


def run(arguments, environment):
    try:
        return subprocess.run([CLI, *arguments], env=dict(QUIET, **environment), stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60)
    except subprocess.TimeoutExpired:
        return None


def sentence_of(arguments, environment, silent):
    """The sentence of a run that must fail, and what is wrong with the run."""
    result = run(arguments, environment)
    if result is None:
        return "", "hangs"
    lines = result.stderr.decode(errors="replace").splitlines()
    wrong = []
    if result.returncode != 1:
        wrong.append(f"exit status {result.returncode}")
    if silent and result.stdout:
        wrong.append(f"{len(result.stdout)} bytes on standard output")
    if len(lines) != 1 or not lines[0].startswith("ponder-cli: "):
        wrong.append(f"standard error: {lines}")
        return "", ", ".join(wrong)
    return lines[0].removeprefix("ponder-cli: "), ", ".join(wrong)


def refused(what, arguments, *words, silent=True, **environment):
    sentence, wrong = sentence_of(arguments, environment, silent)
    tell(what, sentence, wrong or flaws(sentence, words))
    return sentence


def refused_file(what, path, *words, **options):
    """By generate and by info alike, in the same words."""
    sentence = refused(what, ["generate", path, *TOKENS], *words, **options)
    other, wrong = sentence_of(["info", path], {}, True)
    if wrong or other != sentence:
        tell(what + ", info", other, wrong or flaws(other, words) or "other words than those of generate")


class Folder:
    def __init__(self, path):
        self.path = path

    def __call__(self, name, data):
        """Writes a file, and says where."""
        path = os.path.join(self.path, name)
        with open(path, "wb") as file:
            file.write(data)
        return path


# -- files ---------------------------------------------------------------------------------------------------------------


def paths_that_are_no_models(write):
    refused_file("missing file", write.path + "/nowhere.gguf", "nowhere.gguf", "No such file", "check its name")
    refused_file("missing folder", write.path + "/no/where.gguf", "where.gguf", "check its name")
    refused_file("directory", write.path, write.path, "a folder", "choose")
    refused_file("empty file", write("empty.gguf", b""), "empty.gguf", "0 bytes", "24", "download it again")
    refused_file("file of zeros", write("zeros.gguf", bytes(4096)), "zeros.gguf", "GGUF", "choose another")
    refused_file("text", write("letter.gguf", b"Dear reader, this is no model at all."), "letter.gguf", "Dear", "GGUF",
                 "choose another")
    os.mkfifo(write.path + "/pipe.gguf")
    refused_file("named pipe", write.path + "/pipe.gguf", "pipe.gguf", "a pipe", "choose")
    refused_file("device", "/dev/null", "/dev/null", "a device", "choose")
    if os.geteuid() == 0:
        print("skip unreadable file: root reads everything")
    else:
        path = write("secret.gguf", b"GGUF")
        os.chmod(path, 0)
        refused_file("unreadable file", path, "secret.gguf", "Permission denied", "right to read")


def truncated(write):
    whole = open(MODEL, "rb").read()
    header = whole.index(b"token_embd.weight")
    for size in (10, 24, 100, 5000, header, header + 40, len(whole) // 2, len(whole) - 1):
        refused_file(f"cut after {size} of {len(whole)} bytes", write("cut.gguf", whole[:size]), "cut.gguf", str(size),
                     "download it again")


def corrupted(write):
    def patched(what, at, data, *words):
        changed = bytearray(open(MODEL, "rb").read())
        changed[at:at + len(data)] = data
        refused_file(what, write("bad.gguf", changed), "bad.gguf", *words)

    whole = open(MODEL, "rb").read()
    patched("version 77", 4, struct.pack("<I", 77), "77", "2 or 3", "choose another")
    patched("byte order", 4, struct.pack(">I", 3), "big-endian", "choose")
    patched("number of tensors", 8, struct.pack("<Q", 2**60), str(2**60), "download it again")
    patched("number of keys", 16, struct.pack("<Q", 2**61 + 1), str(2**61 + 1), "download it again")
    patched("length of a key", 24, struct.pack("<Q", 2**40), str(2**40), "download it again")
    patched("bytes of a key", 32, b"\xff\x00\n", "key 1", "download it again")
    name = whole.index(b"token_embd.weight") + len("token_embd.weight")
    patched("number of dimensions", name, struct.pack("<I", 9), "token_embd.weight", "9", "download it again")
    patched("a dimension", name + 4, struct.pack("<Q", 2**62), "token_embd.weight", "download it again")
    patched("place of a tensor", name + 24, struct.pack("<Q", 2**40), "token_embd.weight", str(2**40), "download it again")


def metadata(write):
    def changed(what, change, *words):
        model = Gguf(MODEL)
        change(model)
        refused_file(what, write("other.gguf", model.bytes()), "other.gguf", *words)

    changed("wrong architecture", lambda m: m.set("general.architecture", STRING, "gemma3"), "gemma3", "qwen2 or llama")
    changed("no architecture", lambda m: m.keys.pop("general.architecture"), "general.architecture", "download")
    changed("no number of layers", lambda m: m.keys.pop("qwen2.block_count"), "qwen2.block_count", "download")
    changed("0 layers", lambda m: m.set("qwen2.block_count", UINT32, 0), "qwen2.block_count", "0", "download")
    changed("negative heads", lambda m: m.set("qwen2.attention.head_count", INT32, -4), "head_count", "-4", "download")
    changed("heads that do not divide", lambda m: m.set("qwen2.attention.head_count", UINT32, 7), "7", "download")
    changed("layers of words", lambda m: m.set("qwen2.block_count", STRING, "three"), "three", "download")
    changed("infinite epsilon", lambda m: m.set("qwen2.attention.layer_norm_rms_epsilon", FLOAT32, float("inf")), "inf",
            "download")
    changed("too many layers", lambda m: m.set("qwen2.block_count", UINT32, 4), "blk.3.", "download")
    changed("tensor gone", lambda m: m.tensors.pop(5), "missing", "download")
    changed("experts", lambda m: m.set("qwen2.expert_count", UINT32, 64), "64", "choose a dense")
    for kind, name in ((MXFP4, "MXFP4"), (IQ4_K_OF_A_FORK, str(IQ4_K_OF_A_FORK))):
        def other_format(model):
            model.tensors[3][2] = kind
        changed(f"unknown quantisation {name}", other_format, name, "Q4_K_M")

    for key in ("model", "tokens", "token_type", "bos_token_id"):
        model = Gguf(MODEL)
        full = "tokenizer.ggml." + key
        if key in ("model", "tokens"):
            model.keys.pop(full)
        elif key == "token_type":
            model.keys[full] = (9, struct.pack("<IQ5i", INT32, 5, 1, 1, 1, 1, 1))
        else:
            model.set(full, UINT32, 700000)
        path = write("vocabulary.gguf", model.bytes())
        refused(f"vocabulary: {key}", ["generate", path, *TOKENS], "token types" if key == "token_type" else key)
    model = Gguf(MODEL)
    model.set("tokenizer.ggml.model", STRING, "llama")
    refused("vocabulary of another kind", ["generate", write("spm.gguf", model.bytes()), *TOKENS], "llama", "gpt2", "choose")


def deepseek2(write):
    model, base = Gguf(), Gguf(MODEL)
    model.keys = {key: value for key, value in base.keys.items() if not key.startswith("qwen2.")}
    model.set("general.architecture", STRING, "deepseek2")
    for key, value in {"block_count": 1, "embedding_length": 32, "feed_forward_length": 32, "context_length": 512,
                       "attention.head_count": 2, "attention.kv_lora_rank": 8, "attention.key_length": 16,
                       "attention.value_length": 8, "rope.dimension_count": 8, "leading_dense_block_count": 1,
                       "expert_count": 2, "expert_used_count": 1, "expert_feed_forward_length": 32}.items():
        model.set("deepseek2." + key, UINT32, value)
    model.set("deepseek2.attention.layer_norm_rms_epsilon", FLOAT32, 1e-6)
    for name, shape in {"token_embd": [32, 512], "output_norm": [32], "blk.0.attn_norm": [32], "blk.0.attn_q": [32, 32],
                        "blk.0.attn_kv_a_mqa": [32, 16], "blk.0.attn_kv_a_norm": [8], "blk.0.attn_kv_b": [8, 32],
                        "blk.0.attn_output": [16, 32], "blk.0.ffn_norm": [32], "blk.0.ffn_gate": [32, 32],
                        "blk.0.ffn_up": [32, 32], "blk.0.ffn_down": [32, 32]}.items():
        size = 4
        for extent in shape:
            size *= extent
        model.tensors.append([name + ".weight", shape, 0, bytes(size)])
    path = write("deepseek2.gguf", model.bytes())
    told = run(["generate", path, *TOKENS, "--max-tokens", "2", "--raw"], {})
    tell("deepseek2, of zeros", "runs", "" if told.returncode == 0 else told.stderr.decode())
    refused("no block that predicts", ["logits", path, "--tokens", "1,2,3", "--mtp", "--output", os.devnull], "deepseek2.gguf", "--mtp-file")
    odd = Gguf()
    odd.keys, odd.tensors = dict(model.keys), [list(tensor) for tensor in model.tensors]
    odd.set("deepseek2.attention.kv_lora_rank", UINT32, 12)
    for tensor in odd.tensors:
        if tensor[0] == "blk.0.attn_kv_a_mqa.weight":
            tensor[1], tensor[3] = [32, 20], bytes(32 * 20 * 4)
        elif tensor[0] == "blk.0.attn_kv_a_norm.weight":
            tensor[1], tensor[3] = [12], bytes(12 * 4)
        elif tensor[0] == "blk.0.attn_kv_b.weight":
            tensor[1], tensor[3] = [12, 32], bytes(12 * 32 * 4)
    refused("latent of 12", ["generate", write("odd.gguf", odd.bytes()), *TOKENS], "12 latent", "multiples of 8", "choose another")
    model.tensors = []
    refused("vocabulary alone", ["generate", write("words.gguf", model.bytes()), *TOKENS], "words.gguf", "vocabulary", "choose")


def parts(write):
    def part(number, count):
        model = Gguf(MODEL)
        total, half = len(model.tensors), len(model.tensors) // 2
        if number:
            model.keys = {}
        model.tensors = model.tensors[half:] if number else model.tensors[:half]
        model.set("split.no", UINT32, number)
        model.set("split.count", UINT32, count)
        model.set("split.tensors.count", INT32, total)
        return model.bytes()

    first = write("set-00001-of-00002.gguf", part(0, 2))
    second = write("set-00002-of-00002.gguf", part(1, 2))
    whole = run(["generate", second, *TOKENS], {})
    alone = run(["generate", MODEL, *TOKENS], {})
    tell("both parts", "the same answer", "" if whole.returncode == 0 and whole.stdout == alone.stdout else str(whole))
    os.rename(second, second + ".away")
    refused_file("part 2 missing", first, "set-00002-of-00002.gguf", "part 2 of 2", "same folder")
    os.rename(second + ".away", second)
    os.rename(first, first + ".away")
    refused_file("part 1 missing", second, "set-00001-of-00002.gguf", "part 1 of 2", "same folder")
    os.rename(first + ".away", first)
    refused_file("part renamed", write("renamed.gguf", part(0, 2)), "renamed.gguf", "-00001-of-00002.gguf")
    write("set-00002-of-00002.gguf", part(1, 2)[:60000])
    refused_file("part cut short", first, "set-00002-of-00002.gguf", "60000", "download it again")
    write("set-00002-of-00002.gguf", part(1, 3))
    refused_file("part of another set", first, "set-00002-of-00002.gguf", "3", "2", "download")
    refused_file("part numbers", write("odd-00001-of-00002.gguf", part(7, 2)), "7", "2", "download")


# -- devices and memory --------------------------------------------------------------------------------------------------


def devices():
    nowhere = {"VK_DRIVER_FILES": "/nowhere.json", "VK_ICD_FILENAMES": "/nowhere.json"}
    refused("no Vulkan device", ["generate", MODEL, *TOKENS, "--device", "vulkan:0"], "No Vulkan device",
            "mesa-vulkan-drivers", "cpu", **nowhere)
    on_cpu = run(["generate", MODEL, *TOKENS, "--device", "cpu"], {})
    for what, environment in (("no Vulkan device", nowhere), ("software Vulkan", {})):  # unless a test is asked to use it
        unnamed = run(["generate", MODEL, *TOKENS], dict(environment, PONDER_DEVICE=""))
        tell(f"{what}, none named", "the CPU's answer",
            "" if unnamed.returncode == 0 and unnamed.stdout == on_cpu.stdout else str(unnamed))
    told = run(["info", MODEL], nowhere)
    tell("no Vulkan device, info", "told", "" if told.returncode == 0 and b"cpu" in told.stdout else str(told))
    listed = run(["devices"], nowhere)
    tell("no Vulkan device, devices", listed.stderr.decode().strip() or listed.stdout.decode().strip(),
        "" if listed.returncode == 0 and b"cpu" in listed.stdout else f"exit status {listed.returncode}")
    ids = [device["id"] for device in json.loads(run(["devices", "--json"], {}).stdout)]
    tell("devices, the one for tests first", " ".join(ids), "" if ids[0].startswith("vulkan:") and "cpu" in ids else "wrong")
    ids = [device["id"] for device in json.loads(run(["devices", "--json"], {"PONDER_DEVICE": "cpu"}).stdout)]
    tell("devices, the CPU first", " ".join(ids), "" if ids[0] == "cpu" and len(ids) > 1 else "wrong")
    refused("device 9", ["generate", MODEL, *TOKENS, "--device", "vulkan:9"], "vulkan:9", "vulkan:0")
    wrong_usage = run(["generate", MODEL, *TOKENS, "--device", "nonsense"], {})
    tell("device nonsense", wrong_usage.stderr.decode().strip(),
        "" if wrong_usage.returncode == 2 and b"'nonsense'" in wrong_usage.stderr else f"exit status {wrong_usage.returncode}")


def no_loader(write):
    """A file named as the loader that is no library, found before the real one."""
    os.mkdir(write.path + "/lib")
    for name in ("libvulkan.so.1", "libvulkan.so"):
        write("lib/" + name, b"no library")
    refused("no Vulkan loader", ["generate", MODEL, *TOKENS], "libvulkan", "cpu", LD_LIBRARY_PATH=write.path + "/lib")
    unnamed = run(["generate", MODEL, *TOKENS], {"LD_LIBRARY_PATH": write.path + "/lib", "PONDER_DEVICE": ""})
    tell("no Vulkan loader, none named", "generates", "" if unnamed.returncode == 0 else str(unnamed))


def driver_failures():
    words = {"lost": ("device lost",), "device_memory": ("ran out of memory", "smaller"),
             "host_memory": ("computer ran out of memory", "close other programs")}
    for kind, wanted in words.items():
        for n in (1, 4, 20, 60, 100):
            # What was said before the driver failed stays said.
            refused(f"call {n}, {kind}", ["generate", MODEL, *TOKENS], *wanted, silent=n < 60,
                    PONDER_FAIL_VULKAN_CALL=f"{n}:{kind}")


def sizes():
    info = json.loads(run(["info", MODEL, "--json", "--context", "512"], {}).stdout)
    plan = info["plans"][0]
    besides = plan["cache_bytes"] + plan["scratch_bytes"]
    refused("too large", ["generate", MODEL, *TOKENS, "--device", "cpu", "--ram-budget",
                          str(besides + plan["weight_bytes"] // 2)], "MB", "would fit")
    refused("nothing left for the CPU's share", ["generate", MODEL, *TOKENS, "--device", "vulkan:0", "--vram-budget",
                                                 str(besides + plan["weight_bytes"] // 2), "--ram-budget", "1000"],
            "MB", "the computer offers less, 1.00 kB", "smaller model")
    refused("much too large", ["generate", MODEL, *TOKENS, "--device", "vulkan:0", "--vram-budget", "1000"], "MB",
            "1.00 kB", "smaller model")
    mixture = os.path.dirname(MODEL) + "/deepseek3-kvb-IQ2_XXS.gguf"
    refused("experts that do not fit", ["generate", mixture, *TOKENS, "--device", "vulkan:0", "--vram-budget", str(besides),
                                        "--experts", "device"], "MB", "--experts device")
    for budget, words in ((3 * 2**20, ("choose a context of", "or fewer")), (600000, ("4,096", "a context of"))):
        refused("context too long", ["generate", MODEL, "--prompt", "Hi", "--max-tokens", "1", "--context", "4096",
                                     "--device", "cpu", "--ram-budget", str(besides + plan["weight_bytes"] + budget)], *words)
    many = ",".join(["7"] * 65)
    refused("prompt too long", ["generate", MODEL, "--tokens", many, "--raw", "--context", "64"], "65", "64", "longer context")
    refused("question too long", ["generate", MODEL, "--prompt", "word " * 100, "--context", "64"], "64", "longer context")
    refused("logits too long", ["logits", MODEL, "--tokens", many, "--context", "64", "--output", "/dev/null"], "65", "64",
            "longer context")
    refused("unknown token", ["generate", MODEL, "--tokens", "5,70000", "--raw", "--context", "64"], "70000", "512")
    half = str(besides + plan["weight_bytes"] // 2)
    for what, model, options, *words in (
            ("float32", MODEL, ["--precise"], "float32", "one of them"), ("the CPU", MODEL, ["--device", "cpu"], "choose a Vulkan device"),
            ("layers of the CPU", MODEL, ["--device", "vulkan:0", "--vram-budget", half], "of 3 layers", "leave out --cache q8"),
            ("latent attention", mixture, [], "Latent attention", "leave out --cache q8")):
        for command in (["generate", model, *TOKENS], ["info", model]):
            refused(f"cache of 8 bits, {what}, {command[0]}", [*command, "--cache", "q8", *options], *words)
    refused("empty prompt", ["generate", MODEL, "--prompt", "", "--raw", "--context", "64"], "empty")


# -- files that change while the engine holds them ------------------------------------------------------------------------


class Engine(EngineProcess):
    def __init__(self):
        super().__init__(ENGINE, **QUIET)

    def outcome(self, what, id, *wanted, words=()):
        """The end of a request: one of the kinds wanted, or an error of one sentence if that is among them."""
        event = self.next(lambda e: e.get("id") == id and e["type"] in ("inspected", "loaded", "done", "error"))
        sentence = event["message"] if event["type"] == "error" else event["type"]
        wrong = "" if event["type"] in wanted else f"expected {wanted}"
        if event["type"] == "error":
            wrong = wrong or flaws(sentence, words)
        tell("engine, " + what, sentence, wrong)
        return event

    def ask(self, path, kind, id):
        self.send(kind, id, path=path, **({"options": {"context": 512}} if kind == "load" else {}))


def engine_survives(write):
    whole = open(MODEL, "rb").read()
    engine = Engine()
    path = write("held.gguf", whole)
    engine.ask(path, "load", "l")
    engine.outcome("load", "l", "loaded")
    engine.generate("g0", tokens=3)
    engine.outcome("generate", "g0", "done")
    os.truncate(path, 1000)
    engine.generate("g1", tokens=3)
    engine.outcome("generate after the file was cut short", "g1", "done", "error")
    os.remove(path)
    engine.generate("g2", tokens=3)
    engine.outcome("generate after the file was deleted", "g2", "done", "error")
    for kind in ("load", "inspect"):
        engine.ask(path, kind, kind)
        engine.outcome(f"{kind} of the deleted file", kind, "error", words=("held.gguf", "No such file"))

    path = write("seen.gguf", whole)
    engine.ask(path, "inspect", "i")
    engine.outcome("inspect", "i", "inspected")
    os.truncate(path, len(whole) - 5)
    engine.ask(path, "load", "cut")
    engine.outcome("load of what was cut short since", "cut", "error", words=("seen.gguf", str(len(whole) - 5)))
    os.remove(path)
    engine.ask(path, "load", "gone")
    engine.outcome("load of what was deleted since", "gone", "error", words=("seen.gguf", "No such file"))

    big = Gguf(MODEL)  # so large that loading it takes a while
    for tensor in big.tensors:
        if tensor[0] in ("token_embd.weight", "output.weight"):
            tensor[1][1] = 65536
            tensor[3] = bytes(4 * tensor[1][0] * 65536)
    path = write("large.gguf", big.bytes())
    engine.ask(path, "load", "large")
    engine.next(lambda e: e["type"] in ("load_progress", "error"))
    os.truncate(path, 100000)
    engine.outcome("cut short in the middle of loading", "large", "loaded", "error", words=("large.gguf", "byte"))

    zeros = write("z.gguf", bytes(99))
    for what, bad, words in (("directory", write.path, ("a folder",)), ("zeros", zeros, ("z.gguf", "choose"))):
        engine.ask(bad, "load", what)
        engine.outcome(what, what, "error", words=words)
    for device in ("vulkan:9", "nonsense"):
        engine.send("load", device, path=MODEL, options={"device": device})
        engine.outcome(f"device {device}", device, "error", words=("vulkan:0",))
    engine.send("load", "small", path=MODEL, options={"vram_budget": 1000})
    engine.outcome("too large", "small", "error", words=("1.00 kB", "smaller model"))
    engine.ask(MODEL, "load", "again")  # whatever happened, the next model loads
    engine.outcome("load of a good file", "again", "loaded")
    engine.generate("long", text="word " * 2000)
    engine.outcome("prompt too long", "long", "error", words=("512",))
    engine.generate("last", tokens=3)
    engine.outcome("generate", "last", "done")
    engine.close()


with tempfile.TemporaryDirectory() as folder:
    write = Folder(folder)
    for test in (paths_that_are_no_models, truncated, corrupted, metadata, deepseek2, parts, no_loader, engine_survives):
        test(write)
    for test in (devices, driver_failures, sizes):
        test()
finish()
