"""Ponder Mini in PyTorch: qwen2, its parameters stacked over the layers so that the optimizer works on few, large tensors."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.attention.flex_attention import create_block_mask, flex_attention


class Network(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = s = shape
        n, w, q, kv, f = s.layers, s.width, s.heads * s.head_dim, s.kv_heads * s.head_dim, s.feed_forward

        def matrix(rows, columns, scale=1.0):
            return nn.Parameter(torch.randn(n, rows, columns) * scale / columns**0.5)

        self.embedding = nn.Parameter(torch.randn(s.vocabulary, w) * 0.02)
        self.q, self.k, self.v = matrix(q, w), matrix(kv, w), matrix(kv, w)
        self.q_bias, self.k_bias, self.v_bias = (nn.Parameter(torch.zeros(n, r)) for r in (q, kv, kv))
        self.out = matrix(w, q, 0.2)
        self.gate, self.up, self.down = matrix(f, w), matrix(f, w), matrix(w, f, 0.2)
        self.attention_norm, self.feed_norm = nn.Parameter(torch.ones(n, w)), nn.Parameter(torch.ones(n, w))
        self.norm = nn.Parameter(torch.ones(w))

    def matrices(self):
        """What Muon turns; the rest is AdamW's."""
        return [self.q, self.k, self.v, self.out, self.gate, self.up, self.down]

    def others(self):
        return [self.embedding, self.q_bias, self.k_bias, self.v_bias, self.attention_norm, self.feed_norm, self.norm]

    def _norm(self, x, weight):
        return F.rms_norm(x, (x.shape[-1],), weight.to(x.dtype), self.shape.epsilon)

    def rotary(self, positions):
        """(cos, sin) of [.., T] positions, each [.., T, head_dim / 2]."""
        half = self.shape.head_dim // 2
        steps = torch.arange(half, device=positions.device, dtype=torch.float32)
        angles = positions.float()[..., None] * self.shape.rope_base ** (-steps / half)
        return angles.cos(), angles.sin()

    def forward(self, ids, positions, attend, dtype=torch.bfloat16):
        """Logits [B, T, vocabulary]. attend(layer, q, k, v) -> [B, heads, T, head_dim]."""
        s = self.shape
        b, t = ids.shape
        cos, sin = (x[:, None].to(dtype) for x in self.rotary(positions))

        def turned(x):
            low, high = x.chunk(2, -1)
            return torch.cat((low * cos - high * sin, high * cos + low * sin), -1)

        def heads(x):
            return x.view(b, t, -1, s.head_dim).transpose(1, 2)

        embedding = self.embedding.to(dtype)
        x = F.embedding(ids, embedding)
        for i in range(s.layers):
            y = self._norm(x, self.attention_norm[i])
            weight = torch.cat((self.q[i], self.k[i], self.v[i])).to(dtype)
            bias = torch.cat((self.q_bias[i], self.k_bias[i], self.v_bias[i])).to(dtype)
            q, k, v = F.linear(y, weight, bias).split((s.heads * s.head_dim, *[s.kv_heads * s.head_dim] * 2), -1)
            y = attend(i, turned(heads(q)), turned(heads(k)), heads(v))
            x = x + F.linear(y.transpose(1, 2).reshape(b, t, -1), self.out[i].to(dtype))
            y = self._norm(x, self.feed_norm[i])
            y = F.silu(F.linear(y, self.gate[i].to(dtype))) * F.linear(y, self.up[i].to(dtype))
            x = x + F.linear(y, self.down[i].to(dtype))
        return F.linear(self._norm(x, self.norm), embedding)


def training_loss(network, ids, weights, documents, mask, dtype=torch.bfloat16):
    """Mean loss over what is to be learnt. `documents`: which document each token is of; `mask`: the block mask, or None."""
    def attend(_, q, k, v):
        if mask is not None:
            return flex_attention(q, k, v, block_mask=mask, enable_gqa=True)
        same = documents[:, :, None] == documents[:, None, :]
        return F.scaled_dot_product_attention(q, k, v, attn_mask=same.tril()[:, None], enable_gqa=True)

    positions = torch.arange(ids.shape[1], device=ids.device).expand_as(ids)
    logits = network(ids, positions, attend, dtype)[:, :-1]
    losses = F.cross_entropy(logits.flatten(0, 1).float(), ids[:, 1:].flatten(), reduction="none")
    learn = weights[:, 1:].flatten().float()
    return (losses * learn).sum() / learn.sum()


def block_mask(documents):
    """Causal within each document."""
    b, t = documents.shape

    def within(batch, head, q, k):
        return (q >= k) & (documents[batch, q] == documents[batch, k])

    return create_block_mask(within, b, None, t, t, device=documents.device)


@torch.no_grad()
def generate(network, prompts, stop, pad, limit, temperature=0.0, top_p=0.95, seed=0, dtype=torch.float32):
    """Continuations of prompts of ids, all at once; greedy at temperature 0."""
    s, device = network.shape, network.embedding.device
    count, longest = len(prompts), max(map(len, prompts))
    ids = torch.full((count, longest), pad, device=device)
    seen = torch.zeros((count, longest + limit), dtype=torch.bool, device=device)
    for i, prompt in enumerate(prompts):  # aligned at the right; positions are relative, so that changes nothing
        ids[i, longest - len(prompt):] = torch.tensor(prompt, device=device)
        seen[i, longest - len(prompt):] = True
    cache = torch.zeros((2, s.layers, count, s.kv_heads, longest + limit, s.head_dim), device=device, dtype=dtype)
    generator = torch.Generator(device=device).manual_seed(seed)
    done = torch.zeros(count, dtype=torch.bool, device=device)
    results, at = [], 0
    while True:
        t = ids.shape[1]
        mask = (seen[:, None, :at + t] & torch.ones((t, at + t), dtype=torch.bool, device=device).tril(at))[:, None]

        def attend(i, q, k, v, at=at, t=t, mask=mask):
            cache[0, i, :, :, at:at + t], cache[1, i, :, :, at:at + t] = k, v
            return F.scaled_dot_product_attention(q, cache[0, i, :, :, :at + t], cache[1, i, :, :, :at + t], attn_mask=mask, enable_gqa=True)

        positions = torch.arange(at, at + t, device=device).expand(count, t)
        logits = network(ids, positions, attend, dtype)[:, -1].float()
        at += t
        if temperature == 0:
            token = logits.argmax(-1)
        else:
            p, order = (logits / temperature).softmax(-1).sort(-1, descending=True)
            p[(p.cumsum(-1) - p) > top_p] = 0
            token = order.gather(-1, torch.multinomial(p, 1, generator=generator))[:, 0]
        token = torch.where(done, pad, token)
        results.append(token)
        done |= token == stop
        if len(results) == limit or (len(results) % 16 == 0 and bool(done.all())):
            break
        seen[:, at] = True
        ids = token[:, None]
    out = []
    for row in torch.stack(results, 1).tolist():
        out.append(row[:row.index(stop) + 1] if stop in row else row)
    return out
