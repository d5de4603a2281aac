"""The tokenizer of Ponder Mini: byte-level, with whole words only where nobody needs to see their letters.

The splitting rule is llama-bpe's, which llama.cpp and models/tokenizer_split.cpp know. By that rule a piece that stands
whole in the vocabulary is one token before any merge. There are merges for letters beyond ASCII alone, so a word either is
one token (the words of the templates, listed in vocabulary.json) or falls into its single letters. That is what lets so
small a model spell: no word is ever cut into odd syllables, and words that it never saw look like all others. Digits are
never joined.

`Vocabulary.encode` is quick for training (a dictionary of pieces); `library_tokenizer` builds the same for the
tokenizers library, to check one against the other.
"""
import json
import re
from pathlib import Path

FILE = Path(__file__).with_name("vocabulary.json")

BOS, EOS, USER, ASSISTANT, THINK, UNTHINK, PAD = (
    "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>", "<think>", "</think>", "<｜▁pad▁｜>")
SPECIAL = [BOS, EOS, USER, ASSISTANT, THINK, UNTHINK, PAD,
           "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>",
           "<｜tool▁outputs▁begin｜>", "<｜tool▁outputs▁end｜>", "<｜tool▁output▁begin｜>", "<｜tool▁output▁end｜>",
           "<｜tool▁sep｜>"]

# llama-bpe's rule, as tokenizer files have it.
RULE = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|"
        r"\s+(?!\S)|\s+")
# The same for Python's re, which has no \p: right for all characters but numbers that are no digits (such as one half).
_L = r"[^\W\d_]"
_SPLIT = re.compile(r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|(?:[^\r\n\w]|_)?" + _L + r"+|\d{1,3}| ?(?:[^\s\w]|_)+[\r\n]*|"
                    r"\s*[\r\n]+|\s+(?!\S)|\s+")
split = _SPLIT.findall

# Characters beyond ASCII that merges join, so that other languages are not spelled in bytes alone.
JOINED = ("äöüßÄÖÜéèêáàâíóúñçåøæ" "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЭЮЯ" "×÷−·–—“”„’‘…«»°€→≥≤≠√✓")


def byte_characters():
    """The printable character that stands for each byte in a vocabulary of GPT-2's kind."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table, extra = {}, 0
    for byte in range(256):
        if byte in printable:
            table[byte] = chr(byte)
        else:
            table[byte] = chr(256 + extra)
            extra += 1
    return table


BYTES = byte_characters()


def shown(text):
    """Text as a vocabulary of GPT-2's kind writes it."""
    return "".join(BYTES[b] for b in text.encode())


class Vocabulary:
    def __init__(self, pieces=None):
        if pieces is None:
            pieces = json.loads(FILE.read_text(encoding="utf-8"))
        self.tokens = [BYTES[b] for b in range(256)]
        self.merges = []
        seen = set(self.tokens)
        for character in JOINED:
            units = shown(character)
            left = units[0]
            for right in units[1:]:
                if left + right not in seen:
                    seen.add(left + right)
                    self.tokens.append(left + right)
                    self.merges.append((left, right))
                left += right
        for piece in pieces:
            unit = shown(piece)
            if unit not in seen:
                seen.add(unit)
                self.tokens.append(unit)
        # A multiple of 64 altogether, filled up with placeholders.
        size = len(self.tokens) + len(SPECIAL)
        self.special = SPECIAL + [f"<｜place▁holder▁no▁{i}｜>" for i in range(-size % 64)]
        self.first_special = len(self.tokens)
        self.ids = {token: i for i, token in enumerate(self.tokens)}
        self.special_ids = {token: self.first_special + i for i, token in enumerate(self.special)}
        self._ranks = {pair: i for i, pair in enumerate(self.merges)}
        self._cache = {}
        self.bos, self.eos, self.user, self.assistant, self.think, self.unthink, self.pad = (
            self.special_ids[t] for t in (BOS, EOS, USER, ASSISTANT, THINK, UNTHINK, PAD))
        self.newline = self.ids[shown("\n")]

    def __len__(self):
        return len(self.tokens) + len(self.special)

    def _encode_piece(self, piece):
        units = shown(piece)
        if units in self.ids:
            found = [self.ids[units]]
        else:
            parts = list(units)
            while len(parts) > 1:
                rank, at = min((self._ranks.get((parts[i], parts[i + 1]), 1 << 30), i) for i in range(len(parts) - 1))
                if rank == 1 << 30:
                    break
                parts[at:at + 2] = [parts[at] + parts[at + 1]]
            found = [self.ids[p] for p in parts]
        if len(self._cache) < 200_000:
            self._cache[piece] = found
        return found

    def encode(self, text):
        """Ids of plain text; special tokens are not looked for."""
        ids = []
        cache = self._cache
        for piece in split(text):
            ids += cache.get(piece) or self._encode_piece(piece)
        return ids

    def decode(self, ids):
        if not hasattr(self, "_bytes"):
            back = {c: b for b, c in BYTES.items()}
            self._bytes = [bytes(back[c] for c in t) for t in self.tokens] + [t.encode() for t in self.special]
        return b"".join(self._bytes[i] for i in ids).decode("utf-8", "replace")


def library_tokenizer(vocabulary):
    """The same tokenizer made of the parts of the tokenizers library."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers
    tokenizer = Tokenizer(models.BPE(vocab=dict(vocabulary.ids), merges=vocabulary.merges, ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(RULE), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True) for t in vocabulary.special])
    return tokenizer
