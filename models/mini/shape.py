"""The shape of Ponder Mini, common to training and export. Rows are multiples of 32, as Q8_0 wants them."""
from dataclasses import asdict, dataclass


@dataclass
class Shape:
    vocabulary: int = 1984
    width: int = 384
    layers: int = 6
    heads: int = 6
    kv_heads: int = 2
    head_dim: int = 64
    feed_forward: int = 1024
    context: int = 2048
    rope_base: float = 10000.0
    epsilon: float = 1e-6

    def as_dict(self):
        return asdict(self)

    def parameters(self):
        q, kv = self.heads * self.head_dim, self.kv_heads * self.head_dim
        layer = self.width * (2 * q + 2 * kv + 3 * self.feed_forward + 2) + q + 2 * kv
        return self.vocabulary * self.width + self.layers * layer + self.width
