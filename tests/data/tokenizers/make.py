#!/usr/bin/env python3
"""Cuts a real vocabulary down to what a list of texts can use, for the tokenizer tests.

make.py VOCABULARY.gguf CASES.json OUT.json
CASES.json: [{"text": ..., "ids": [...]}, ...] as the model's own tokenizer gives them. A merge whose result occurs in
none of the texts can never happen in them, so leaving it out changes no result; ids are renumbered in order.
Needs the Python package gguf.
"""
import json
import sys
import unicodedata
import gguf

vocabulary, cases, out = sys.argv[1:]
fields = gguf.GGUFReader(vocabulary).fields


def strings(key):
    field = fields[key]
    return [bytes(field.parts[i]).decode() for i in field.data]


def number(key):
    return int(fields[key].parts[fields[key].data[0]][0])


printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
alphabet = {b: chr(b) for b in printable}
alphabet.update({b: chr(256 + i) for i, b in enumerate(b for b in range(256) if b not in printable)})

cases = json.load(open(cases, encoding="utf-8"))
texts = "\n".join(t for c in cases for t in (c["text"], unicodedata.normalize("NFC", c["text"])))
used = "".join(alphabet[b] for b in texts.encode())
tokens, merges = strings("tokenizer.ggml.tokens"), strings("tokenizer.ggml.merges")
kinds = [int(fields["tokenizer.ggml.token_type"].parts[i][0]) for i in fields["tokenizer.ggml.token_type"].data]
markers = ("<think>", "</think>", "<｜User｜>", "<｜Assistant｜>", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<|im_start|>")
kept = [i for i, (t, k) in enumerate(zip(tokens, kinds))
        if (k == 1 and (len(t) == 1 or t in used)) or (k in (3, 4) and (t in markers or t in texts))]
renumbered = {old: new for new, old in enumerate(kept)}
names = {tokens[i] for i in kept}
json.dump({
    "pre": strings("tokenizer.ggml.pre")[0],
    "tokens": [tokens[i] for i in kept],
    "kinds": [kinds[i] for i in kept],
    "merges": [m for m in merges if m.replace(" ", "") in names and all(p in names for p in m.split(" "))],
    "bos": renumbered[number("tokenizer.ggml.bos_token_id")],
    "eos": renumbered[number("tokenizer.ggml.eos_token_id")],
    "cases": [{"text": c["text"], "ids": [renumbered[i] for i in c["ids"]]} for c in cases],
}, open(out, "w", encoding="utf-8"), ensure_ascii=False, separators=(",", ":"))
