#!/usr/bin/env python3
"""test_mtp.py CLI MODELS: mtp-pack, from a checkpoint in FP8 that this writes, as a side file of a small model.

`logits --mtp` with what mtp-pack made is compared with the same of a side file that holds plain float32 of the same FP8 values;
log-probabilities may differ by 0.01. The same on the CPU, and with experts and layers that the CPU computes beside a GPU. Then checkpoints that are broken: one sentence, and nothing written.
"""
import array, json, math, os, random, struct, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from gguf_file import STRING, Gguf
from verdicts import finish, say

CLI, MODEL = sys.argv[1], sys.argv[2] + "/deepseek3-kvb-IQ2_XXS.gguf"
TOKENS = [5, 17, 400, 33, 8, 255, 120, 77, 301, 9, 64, 2]
LIMIT = 0.01


def e4m3(bits):
    exponent, mantissa = bits >> 3 & 15, bits & 7
    value = math.ldexp(mantissa, -9) if exponent == 0 else math.ldexp(8 + mantissa, exponent - 10)
    return -value if bits & 128 else value


VALUES = [e4m3(bits) for bits in range(256)]
RANDOM = random.Random(61)
# Bytes of normally distributed values with a deviation of 100, the greatest being 448.
NORMAL = bytes(min(range(256), key=lambda b: abs(VALUES[b] - x) if b & 127 != 127 else math.inf)
               for x in (max(-448, min(448, RANDOM.gauss(0, 100))) for _ in range(2048)))


class Checkpoint:
    """tensors: name -> (type, shape outermost first, bytes); plain: what side file tensors are in float32."""

    def __init__(self):
        self.tensors, self.plain = {}, {}

    def fp8(self, name, rows, columns):
        data = bytes(RANDOM.choices(NORMAL, k=rows * columns))
        down, across = -(-rows // 128), -(-columns // 128)
        scales = array.array("f", (RANDOM.uniform(0.5, 1.5) / (100 * math.sqrt(columns)) for _ in range(down * across)))
        self.tensors[name + ".weight"] = ("F8_E4M3", [rows, columns], data)
        self.tensors[name + ".weight_scale_inv"] = ("F32", [down, across], scales.tobytes())
        values = array.array("f")
        for row in range(rows):
            for block in range(across):
                scale = scales[row // 128 * across + block]
                part = data[row * columns + block * 128:row * columns + min(columns, block * 128 + 128)]
                values.extend([VALUES[b] * scale for b in part])
        return [columns, rows], values

    def bf16(self, name, shape, mean, deviation):
        bits = [struct.unpack("<I", struct.pack("<f", RANDOM.gauss(mean, deviation)))[0] >> 16 for _ in range(math.prod(shape))]
        self.tensors[name] = ("BF16", shape, array.array("H", bits).tobytes())
        return shape[::-1], array.array("f", struct.unpack(f"<{len(bits)}f", b"".join(struct.pack("<I", b << 16) for b in bits)))

    def write(self, folder, layers, experts):
        header, data = {}, b""
        for name, (kind, shape, values) in self.tensors.items():
            header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
            data += values
        head = json.dumps(header).encode()
        with open(folder + "/model-00002-of-00002.safetensors", "wb") as f:
            f.write(struct.pack("<Q", len(head)) + head + data)
        # The other file holds none of the block, and is not there: it must not be missed.
        names = dict.fromkeys(self.tensors, "model-00002-of-00002.safetensors") | {"model.embed_tokens.weight": "model-00001-of-00002.safetensors"}
        json.dump({"weight_map": names}, open(folder + "/model.safetensors.index.json", "w"))
        json.dump({"num_hidden_layers": layers, "n_routed_experts": experts}, open(folder + "/config.json", "w"))


def run(*arguments):
    return subprocess.run([CLI, *arguments], capture_output=True)


def log_probabilities(side, folder, *options):
    out = folder + "/logits.f32"
    result = run("logits", MODEL, "--mtp", "--mtp-file", side, "--precise", "--tokens", ",".join(map(str, TOKENS)), "--context", "512",
                 "--output", out, *options)
    if result.returncode:
        say(False, f"logits with {os.path.basename(side)}: {result.stderr.decode()}")
        return []
    values = array.array("f", open(out, "rb").read())
    width = len(values) // (len(TOKENS) - 1)
    rows = []
    for i in range(0, len(values), width):
        row = values[i:i + width]
        greatest = max(row)
        total = math.log(sum(math.exp(x - greatest) for x in row)) + greatest
        rows.append([x - total for x in row])
    return rows


def least_budget(side):
    """The least that the device can do with, so that layers are the CPU's; the block that predicts is always the device's."""
    told = run("info", MODEL, "--json", "--device", "vulkan:0", "--context", "512", "--experts", "host")
    core = json.loads(told.stdout)["plans"][0]
    budget = core["weight_bytes"] + core["cache_bytes"] + core["scratch_bytes"]
    while budget < 2 * core["scratch_bytes"]:
        options = ("--device", "vulkan:0", "--vram-budget", str(budget))
        tried = run("logits", MODEL, "--mtp", "--mtp-file", side, "--precise", "--tokens", "5,6", "--context", "512", "--output", os.devnull, *options)
        if tried.returncode == 0:
            say(b"layers by" in tried.stderr, f"at {budget} bytes: {tried.stderr.decode().strip()}")
            return options
        budget += 100_000
    return ()


def make(model):
    def key(name, other=None):
        found = model.keys.get("deepseek2." + name)
        return struct.unpack("<I", found[1])[0] if found else key(other)

    width, heads, q, kv = key("embedding_length"), key("attention.head_count"), key("attention.q_lora_rank"), key("attention.kv_lora_rank")
    rope, length, value = key("rope.dimension_count"), key("attention.key_length_mla", "attention.key_length"), key("attention.value_length_mla", "attention.value_length")
    experts, inner, layers = key("expert_count"), key("expert_feed_forward_length"), key("block_count")
    shared = inner * key("expert_shared_count")
    made, source, target = Checkpoint(), f"model.layers.{layers}.", f"blk.{layers}."
    for name, official, shape in (("nextn.enorm", "enorm", [width]), ("nextn.hnorm", "hnorm", [width]),
                                  ("nextn.shared_head_norm", "shared_head.norm", [width]), ("attn_norm", "input_layernorm", [width]),
                                  ("attn_q_a_norm", "self_attn.q_a_layernorm", [q]), ("attn_kv_a_norm", "self_attn.kv_a_layernorm", [kv]),
                                  ("ffn_norm", "post_attention_layernorm", [width])):
        made.plain[target + name + ".weight"] = made.bf16(source + official + ".weight", shape, 1, 0.2)
    made.plain[target + "nextn.eh_proj.weight"] = made.bf16(source + "eh_proj.weight", [width, 2 * width], 0, 1.5 / math.sqrt(2 * width))
    made.plain[target + "ffn_gate_inp.weight"] = made.bf16(source + "mlp.gate.weight", [experts, width], 0, 1 / math.sqrt(width))
    bias = array.array("f", (RANDOM.gauss(0, 0.05) for _ in range(experts)))
    made.tensors[source + "mlp.gate.e_score_correction_bias"] = ("F32", [experts], bias.tobytes())
    made.plain[target + "exp_probs_b.bias"] = [experts], bias
    for name, official, rows, columns in (
            ("attn_q_a", "self_attn.q_a_proj", q, width), ("attn_q_b", "self_attn.q_b_proj", heads * length, q),
            ("attn_kv_a_mqa", "self_attn.kv_a_proj_with_mqa", kv + rope, width),
            ("attn_kv_b", "self_attn.kv_b_proj", heads * (length - rope + value), kv),
            ("attn_output", "self_attn.o_proj", width, heads * value), ("ffn_gate_shexp", "mlp.shared_experts.gate_proj", shared, width),
            ("ffn_up_shexp", "mlp.shared_experts.up_proj", shared, width), ("ffn_down_shexp", "mlp.shared_experts.down_proj", width, shared)):
        made.plain[target + name + ".weight"] = made.fp8(source + official, rows, columns)
    for name, rows, columns in (("gate", inner, width), ("up", inner, width), ("down", width, inner)):
        all_of_them = array.array("f")
        for e in range(experts):
            all_of_them.extend(made.fp8(f"{source}mlp.experts.{e}.{name}_proj", rows, columns)[1])
        made.plain[target + f"ffn_{name}_exps.weight"] = [columns, rows, experts], all_of_them
    return made, layers, experts


with tempfile.TemporaryDirectory() as folder:
    made, layers, experts = make(Gguf(MODEL))
    made.write(folder, layers, experts)
    packed, plain = folder + "/packed.gguf", folder + "/plain.gguf"
    result = run("mtp-pack", folder, packed)
    say(result.returncode == 0 and os.path.exists(packed), "mtp-pack: " + (result.stdout + result.stderr).decode().strip())
    side = Gguf()
    side.set("general.architecture", STRING, "deepseek2")
    side.tensors = [[name, shape, 0, values.tobytes()] for name, (shape, values) in made.plain.items()]
    open(plain, "wb").write(side.bytes())
    want = log_probabilities(plain, folder)
    spread = max((max(row) - min(row) for row in want), default=0)
    gpu = ("--device", "vulkan:0")
    for options in ((), ("--device", "cpu"), (*gpu, "--experts", "host"), least_budget(packed)):
        got = log_probabilities(packed, folder, *options)
        worst = max((abs(a - b) for g, w in zip(got, want) for a, b in zip(g, w)), default=math.inf)
        say(len(got) == len(want) == len(TOKENS) - 1 and worst <= LIMIT and spread > 1,
            f"mtp of FP8 {' '.join(options)} against float32: difference {worst:.2g} (limit {LIMIT}), a row spans {spread:.1f}")

    def refused(what, word):
        out = folder + "/refused.gguf"
        result = run("mtp-pack", folder, out)
        lines = result.stderr.decode().splitlines()
        left = [name for name in os.listdir(folder) if name.startswith("refused")]
        say(result.returncode == 1 and len(lines) == 1 and word in lines[0] and not left, f"{what}: {lines} {left}")

    shard = folder + "/model-00002-of-00002.safetensors"
    whole = open(shard, "rb").read()
    open(shard, "wb").write(whole[:len(whole) // 2])
    refused("cut short", "model-00002-of-00002.safetensors")
    open(shard, "wb").write(struct.pack("<Q", 2**63) + whole[8:])
    refused("header length of 2^63", "header")
    open(shard, "wb").write(whole[:8] + b"[" * 1000 + whole[1008:])
    refused("no JSON", "JSON")
    head = 8 + struct.unpack("<Q", whole[:8])[0]
    at = json.loads(whole[8:head])[f"model.layers.{layers}.self_attn.o_proj.weight"]["data_offsets"][0]
    open(shard, "wb").write(whole[:head + at] + b"\x7f" + whole[head + at + 1:])
    refused("a value that is no number", "no numbers")
    os.remove(shard)
    refused("the file that holds the block is missing", "model-00002-of-00002.safetensors")
    os.remove(folder + "/config.json")
    refused("no config.json", "config.json")
    os.remove(folder + "/model.safetensors.index.json")
    refused("no checkpoint at all", "safetensors")
finish()
