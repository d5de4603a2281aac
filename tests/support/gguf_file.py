"""Reads a small GGUF file into lists, and writes it again with whatever a test has changed in them."""
import struct

STRING, ARRAY, UINT32, UINT64, INT32, FLOAT32 = 8, 9, 4, 10, 5, 6
SCALAR = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # bytes of a value, by type
ALIGNMENT = 32


def text(value):
    return struct.pack("<Q", len(value.encode())) + value.encode()


class Gguf:
    """keys: name -> (type, the value as the file holds it); tensors: [name, shape innermost first, format, bytes]."""

    def __init__(self, path=None):
        self.keys, self.tensors = {}, []
        if path:
            with open(path, "rb") as file:
                self.data, self.at = file.read(), 8
            self._parse()

    def set(self, key, kind, value):
        self.keys[key] = (kind, text(value) if kind == STRING else
                          struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", UINT64: "<Q"}[kind], value))

    def bytes(self):
        head = b"GGUF" + struct.pack("<IQQ", 3, len(self.tensors), len(self.keys))
        for key, (kind, value) in self.keys.items():
            head += text(key) + struct.pack("<I", kind) + value
        body = b""
        for name, shape, kind, values in self.tensors:
            head += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, len(body))
            body += values + bytes(-len(values) % ALIGNMENT)
        return head + bytes(-len(head) % ALIGNMENT) + body

    def _take(self, kind):
        value = struct.unpack_from("<" + kind, self.data, self.at)[0]
        self.at += struct.calcsize("<" + kind)
        return value

    def _text(self):
        size = self._take("Q")
        self.at += size
        return self.data[self.at - size:self.at].decode()

    def _skip(self, kind):
        if kind == STRING:
            self._text()
        elif kind == ARRAY:
            inner, count = self._take("I"), self._take("Q")
            for _ in range(count):
                self._skip(inner)
        else:
            self.at += SCALAR[kind]

    def _parse(self):
        count, keys = self._take("Q"), self._take("Q")
        for _ in range(keys):
            key, kind = self._text(), self._take("I")
            start = self.at
            self._skip(kind)
            self.keys[key] = (kind, self.data[start:self.at])
        listed = []
        for _ in range(count):
            name = self._text()
            shape = [self._take("Q") for _ in range(self._take("I"))]
            listed.append((name, shape, self._take("I"), self._take("Q")))
        start = (self.at + ALIGNMENT - 1) // ALIGNMENT * ALIGNMENT
        ends = sorted([offset for *_, offset in listed] + [len(self.data) - start])
        for name, shape, kind, offset in listed:  # with what fills it up to the next one
            end = next(e for e in ends if e > offset)
            self.tensors.append([name, shape, kind, self.data[start + offset:start + end]])
