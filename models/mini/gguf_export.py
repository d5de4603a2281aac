"""Weights to GGUF: architecture qwen2, matrices as Q8_0, R1's chat layout. Needs the gguf package."""
import gguf
import numpy as np

from mini.vocabulary import THINK, UNTHINK

# R1's layout, as its template says it: system text first, thoughts of earlier turns dropped, the thought opened.
CHAT_TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'system' %}{{ m['content'] }}{% endif %}{% endfor %}"
    "{% for m in messages %}{% if m['role'] == 'user' %}{{ '<｜User｜>' + m['content'] }}"
    "{% elif m['role'] == 'assistant' %}{{ '<｜Assistant｜>' + m['content'].split('</think>')[-1] + '<｜end▁of▁sentence｜>' }}"
    "{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<｜Assistant｜><think>\\n' }}{% endif %}")


PER_LAYER = {"attn_q.weight": "q", "attn_k.weight": "k", "attn_v.weight": "v", "attn_q.bias": "q_bias", "attn_k.bias": "k_bias",
             "attn_v.bias": "v_bias", "attn_output.weight": "out", "attn_norm.weight": "attention_norm", "ffn_norm.weight": "feed_norm",
             "ffn_gate.weight": "gate", "ffn_up.weight": "up", "ffn_down.weight": "down"}


def tensors_of(state, shape):
    """(name in the file, float32 array) of a state dict of network.Network."""
    yield "token_embd.weight", state["embedding"]
    yield "output_norm.weight", state["norm"]
    for i in range(shape.layers):
        for there, here in PER_LAYER.items():
            yield f"blk.{i}.{there}", state[here][i]


def rounded(value):
    """What Q8_0 makes of a matrix: blocks of 32 with a float16 scale. In NumPy, so that it needs no gguf package."""
    blocks = value.reshape(-1, 32)
    scale = np.abs(blocks).max(1, keepdims=True) / 127
    inverse = np.divide(1, scale, out=np.zeros_like(scale), where=scale != 0)
    return (np.rint(blocks * inverse) * scale.astype(np.float16).astype(np.float32)).reshape(value.shape)


def write(path, state, shape, vocabulary):
    w = gguf.GGUFWriter(str(path), "qwen2")
    w.add_name("Ponder Mini")
    w.add_description("The small reasoning model in the box of Ponder, trained from data of its own generator")
    w.add_license("MIT")
    w.add_context_length(shape.context)
    w.add_embedding_length(shape.width)
    w.add_block_count(shape.layers)
    w.add_feed_forward_length(shape.feed_forward)
    w.add_head_count(shape.heads)
    w.add_head_count_kv(shape.kv_heads)
    w.add_key_length(shape.head_dim)
    w.add_value_length(shape.head_dim)
    w.add_layer_norm_rms_eps(shape.epsilon)
    w.add_rope_freq_base(shape.rope_base)
    w.add_vocab_size(shape.vocabulary)
    w.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    w.add_quantization_version(gguf.GGML_QUANT_VERSION)
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre("llama-bpe")
    w.add_token_list(vocabulary.tokens + vocabulary.special)
    w.add_token_types([gguf.TokenType.NORMAL] * len(vocabulary.tokens) + [
        gguf.TokenType.USER_DEFINED if t in (THINK, UNTHINK) else gguf.TokenType.CONTROL for t in vocabulary.special])
    w.add_token_merges([" ".join(pair) for pair in vocabulary.merges])
    w.add_bos_token_id(vocabulary.bos)
    w.add_eos_token_id(vocabulary.eos)
    w.add_pad_token_id(vocabulary.pad)
    w.add_add_bos_token(True)
    w.add_chat_template(CHAT_TEMPLATE)
    for name, value in tensors_of(state, shape):
        value = np.ascontiguousarray(value, dtype=np.float32)
        if value.ndim == 2:
            kind = gguf.GGMLQuantizationType.Q8_0
            w.add_tensor(name, gguf.quants.quantize(value, kind), raw_dtype=kind)
        else:
            w.add_tensor(name, value)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()
