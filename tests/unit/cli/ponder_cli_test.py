#!/usr/bin/env python3
"""Runs ponder-cli as a person would, on files without tensors: no GPU needed. Standard library only.

ponder_cli_test.py PONDER_CLI TEST_DATA_FOLDER
"""
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest

CLI, DATA = sys.argv[1:3]


def load(name):
    with open(f"{DATA}/tokenizers/{name}.json", encoding="utf-8") as f:
        return json.load(f)


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def value(v):
    """A metadata value: its GGUF type number and bytes."""
    if isinstance(v, bool):
        return struct.pack("<IB", 7, v)
    if isinstance(v, int):
        return struct.pack("<Ii", 5, v)
    if isinstance(v, str):
        return struct.pack("<I", 8) + string(v)
    kind, items = (8, [string(i) for i in v]) if isinstance(v[0], str) else (5, [struct.pack("<i", i) for i in v])
    return struct.pack("<IIQ", 9, kind, len(v)) + b"".join(items)


def gguf(vocabulary, **more):
    """A GGUF file of a vocabulary alone."""
    keys = {"general.architecture": "qwen2", "general.name": "a vocabulary", "tokenizer.ggml.model": "gpt2",
            "tokenizer.ggml.pre": vocabulary["pre"], "tokenizer.ggml.tokens": vocabulary["tokens"],
            "tokenizer.ggml.token_type": vocabulary["kinds"], "tokenizer.ggml.merges": vocabulary["merges"],
            "tokenizer.ggml.bos_token_id": vocabulary["bos"], "tokenizer.ggml.eos_token_id": vocabulary["eos"],
            "tokenizer.ggml.add_bos_token": True, **more}
    body = b"".join(string(k) + value(v) for k, v in keys.items())
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(keys)) + body + bytes(-(24 + len(body)) % 32)


class PonderCli(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.vocabulary = load("r1-distill-qwen")
        cls.model = cls.write("model.gguf", gguf(cls.vocabulary))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def write(cls, name, data):
        path = os.path.join(cls.folder.name, name)
        with open(path, "wb") as f:
            f.write(data)
        return path

    def run_cli(self, *arguments, stdin=b"", status=0, **more):
        r = subprocess.run([CLI, *arguments], input=stdin, capture_output=True, timeout=60, **more)
        self.assertEqual(r.returncode, status, r.stderr)
        if status:
            self.assertEqual(len(r.stderr.splitlines()), 1, r.stderr)
            self.assertTrue(r.stderr.startswith(b"ponder-cli: "), r.stderr)
        return r.stdout

    def refused(self, *arguments, saying, status=1, **more):
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, **more}
        r = subprocess.run([CLI, *arguments], timeout=60, **streams)
        self.assertEqual((r.returncode, len(r.stderr.splitlines())), (status, 1), r.stderr)
        self.assertIn(saying, r.stderr.decode())

    def test_tokenize(self):
        cases = self.vocabulary["cases"]
        texts = json.dumps([c["text"] for c in cases]).encode()
        self.assertEqual(json.loads(self.run_cli("tokenize", self.model, "--json", stdin=texts)), [c["ids"] for c in cases])
        text = cases[7]["text"].encode()
        self.assertEqual(self.run_cli("tokenize", self.model, stdin=text).decode(), ",".join(map(str, cases[7]["ids"])) + "\n")
        self.assertEqual(self.run_cli("tokenize", self.model), b"\n")
        self.run_cli("tokenize", self.model, stdin=bytes(range(256)))
        for wrong in (b"", b"{}", b"[1]", b'["\\ud800"]', b"[" * 100000):
            self.run_cli("tokenize", self.model, "--json", stdin=wrong, status=1)

    def test_prompt_adds_nothing(self):
        for case in load("deepseek-r1-prompts"):
            out = self.run_cli("prompt", self.model, stdin=json.dumps(case["messages"]).encode())
            self.assertEqual(out.decode(), case["prompt"])
        self.run_cli("prompt", self.model, stdin=b"", status=1)

    def test_info(self):
        self.assertIn(b"DeepSeek R1", self.run_cli("info", self.model))
        info = json.loads(self.run_cli("info", self.model, "--json"))
        self.assertEqual(info["vocabulary"], len(self.vocabulary["tokens"]))
        self.assertEqual(info["tokenizer"]["splitting"], "deepseek-r1-qwen")
        self.assertFalse(info["runnable"])
        self.assertEqual(info["plans"], [])

    def test_no_vulkan_where_none_is_needed(self):
        for command in ("tokenize", "prompt"):
            r = subprocess.run([CLI, command, self.model], input=b"[]", capture_output=True, timeout=60,
                               env={**os.environ, "LD_DEBUG": "files"})
            self.assertEqual(r.returncode, 0)
            self.assertIn(b"libc.so", r.stderr)  # the tracing works
            self.assertNotIn(b"libvulkan", r.stderr)

    def test_help_and_wrong_usage(self):
        self.assertIn(b"mtp-pack", self.run_cli("--help"))
        self.assertTrue(self.run_cli("--version").startswith(b"ponder-cli "))
        for command in ("devices", "info", "tokenize", "prompt", "logits", "generate", "chat", "bench", "mtp-pack"):
            self.assertIn(b"--device", self.run_cli(command, "--help"))
        self.refused(status=2, saying="needs a command")
        self.refused("nonsense", status=2, saying="nonsense")
        self.refused("info", self.model, "--nonsense", status=2, saying="--nonsense")

    def test_devices(self):
        self.assertIsInstance(json.loads(self.run_cli("devices", "--json")), list)

    def test_files_that_are_no_models(self):
        self.refused("info", os.path.join(self.folder.name, "absent.gguf"), saying="absent.gguf")
        self.refused("info", self.folder.name, saying="is a folder")
        self.refused("info", self.write("empty.gguf", b""), saying="empty.gguf")
        whole = gguf(self.vocabulary)
        for length in (1, 4, 23, 24, 100, len(whole) // 2, len(whole) - 40):
            self.run_cli("info", self.write("cut.gguf", whole[:length]), status=1)
        for command in ("tokenize", "prompt"):
            self.refused(command, self.write("pre.gguf", gguf({**self.vocabulary, "pre": "tek\nken"})), saying="tek?ken")
            self.refused(command, self.write("spm.gguf", gguf(self.vocabulary, **{"tokenizer.ggml.model": "llama"})), saying="'llama'")
            self.refused(command, self.write("bos.gguf", gguf({**self.vocabulary, "bos": 10**6})), saying="1000000")
            self.refused(command, self.write("kinds.gguf", gguf({**self.vocabulary, "kinds": [1, 2]})), saying="2 token types")

    def test_what_does_not_run(self):
        generate = ("generate", self.model, "--prompt", "x")
        self.refused(*generate, saying="no weights")
        self.refused(*generate, "--device", "cpu", saying="no weights")
        self.refused("generate", "builtin:maxi", "--prompt", "x", saying="builtin:mini")
        self.refused("bench", "synthetic:r2-671b", saying="r1-distill-qwen-1.5b")
        self.refused("mtp-pack", "folder", "out.gguf", saying="model.safetensors")
        self.refused("generate", self.model, "--messages", "/nonexistent", saying="/nonexistent")
        self.refused("generate", self.model, "--tokens", "@/nonexistent", saying="/nonexistent")

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            self.refused("tokenize", self.model, stdout=full, saying="written")
        read, write = os.pipe()
        os.close(read)
        self.refused("tokenize", self.model, stdout=write, saying="written")
        os.close(write)


unittest.main(argv=sys.argv[:1])
