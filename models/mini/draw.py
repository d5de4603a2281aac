"""What the problem families draw from: chance, words, names and wordings, each with a part that training never sees."""
import json
import re
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from zlib import crc32

from mini import words

_ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")
_compiled, _joined = {}, {}


def _parts(template):
    parts, at = [], 0
    for match in _ALTERNATIVES.finditer(template):
        if match.start() > at:
            parts.append((template[at:match.start()],))
        parts.append(tuple(match[1].split("|")))
        at = match.end()
    if at < len(template):
        parts.append((template[at:],))
    return parts


@lru_cache(100_000)
def wording_kept(wording):
    """Whether training never sees this wording: one in six, by a hash. A wording has its alternatives chosen, its gaps not filled."""
    return crc32(wording.encode()) % 6 == 0


def kept_out(word):
    """Whether training never sees this word: one in seven, by a hash, of those long enough to be told apart."""
    return len(word) > 3 and crc32(word.lower().encode()) % 7 == 0


@cache
def whole_words():
    """The words that stand whole in the vocabulary, whose letters must be known by heart."""
    pieces = json.loads(Path(__file__).with_name("vocabulary.json").read_text(encoding="utf-8"))
    found = {p[1:] for p in pieces if re.fullmatch(" [a-z]{3,12}", p)}
    return sorted(w for w in found if not kept_out(w))


class Draw:
    """One stream of chance. `held`: use the wordings and words that are kept out of training."""

    def __init__(self, seed, held=False):
        self.rng = Random(seed)
        self.random = self.rng.random
        self.held = held

    def integer(self, low, high):
        return low + int(self.random() * (high - low + 1))

    def chance(self, p):
        return self.random() < p

    def pick(self, things):
        return things[int(self.random() * len(things))]

    def some(self, things, count):
        return self.rng.sample(things, count)

    def shuffled(self, things):
        things = list(things)
        self.rng.shuffle(things)
        return things

    def digits(self, least, most):
        """A number with so many digits, each length as likely."""
        n = self.integer(least, most)
        return self.integer(10 ** (n - 1) if n > 1 else 0, 10**n - 1)

    def say(self, *wordings, **values):
        """A wording of these lists, of those kept out of training or of the others; their gaps filled."""
        key = tuple(map(id, wordings))
        listed = _joined.get(key)
        if listed is None:
            listed = _joined[key] = [w for some in wordings for w in some]
        for _ in range(60):
            wording = self.chosen(self.pick(listed))
            if wording_kept(wording) == self.held:
                break
        if not self.held and self.random() < 0.22:
            worn = self.worn(wording)
            wording = wording if wording_kept(worn) else worn
        return wording.format(**values) if values else wording

    def chosen(self, template):
        """A template with [one|of|these] chosen."""
        parts = _compiled.get(template)
        if parts is None:
            parts = _compiled[template] = _parts(template)
        return "".join([p[0] if len(p) == 1 else p[int(self.random() * len(p))] for p in parts])

    def worn(self, wording):
        """A wording with a word missing, doubled, misspelt, or one more that says nothing, as people write."""
        found = wording.split(" ")
        # Not beside a gap to be filled: there a strange word would belong to what is asked about.
        plain = [i for i, word in enumerate(found) if word.isalpha() and word.lower() not in words.TELLING and
                 "{" not in found[i - (i > 0)] + found[min(i + 1, len(found) - 1)]]
        if not plain or len(found) < 3:
            return wording
        i, x = self.pick(plain), self.random()
        word = found[i]
        if x < 0.3:
            del found[i]
        elif x < 0.5:
            found.insert(i, self.pick(words.FILLERS))
        elif x < 0.65:
            found[i] = self.invented(2, 8)
        elif x < 0.75:
            found.insert(i, self.invented(3, 8))
        elif len(word) > 2:
            k = self.integer(0, len(word) - 2)
            found[i] = self.pick((word[:k] + word[k + 1:], word[:k] + word[k + 1] + word[k] + word[k + 2:], word[:k] + word[k] + word[k:]))
        return " ".join(found)

    # -- words

    def _suits(self, word):
        return not self.held or len(word) <= 3 or kept_out(word)

    def _listed(self, train, kept):
        return self.pick(kept if self.held and kept else train)

    def invented(self, least=3, most=12):
        """A word that does not exist, by syllables or letter by letter."""
        while True:
            if self.chance(0.75):
                count = self.integer(1, 5)
                word = "".join(self.pick(words.ONSETS) + self.pick(words.VOWELS) + (
                    self.pick(words.CODAS) if self.chance(0.4) else "") for _ in range(count))
            else:
                alphabet = self.pick(("abcdefghijklmnopqrstuvwxyz", "aeiourstln", "mississippi", "abc", "etaoin"))
                word = "".join(self.pick(alphabet) for _ in range(self.integer(least, most)))
            if least <= len(word) <= most and kept_out(word) == (self.held and len(word) > 3):
                return word

    def word(self, least=3, most=12):
        """A word to spell, sort or turn round; now and then one that is a token of its own."""
        if not self.held and self.chance(0.05):
            word = self.pick(whole_words())
            if least <= len(word) <= most:
                return word
        if self.chance(0.45):
            for _ in range(8):
                word = self._listed(words.COMMON_TRAIN, words.COMMON_KEPT)
                if least <= len(word) <= most:
                    return word
        return self.invented(least, most)

    def name(self):
        if self.chance(0.7):
            return self._listed(words.NAMES_TRAIN, words.NAMES_KEPT)
        return self.invented(3, 7).capitalize()

    def names(self, count):
        found = []
        while len(found) < count:
            name = self.name()
            if name not in found:
                found.append(name)
        return found

    def thing(self):
        """A noun in the plural."""
        if self.chance(0.85):
            return self._listed(words.THINGS_TRAIN, words.THINGS_KEPT)
        return self.invented(3, 7) + "s"

    def question(self, text, lower=True):
        """Now and then the small freedoms that people take: greetings, no capitals (`lower`), no question mark."""
        x = self.random()
        if x < 0.62:
            return text
        if x < 0.72:
            before = self.say(words.BEFORE)
            return before + " " + text
        if x < 0.79:
            return text + " " + self.say(words.AFTER)
        if x < 0.86 and lower and text.isascii() and "`" not in text:
            return text[0].lower() + text[1:]
        if x < 0.92:
            return text.rstrip("?.!")
        if x < 0.95:
            return text.rstrip("?.!") + self.pick((" ?", "??", "!", "...", "?!"))
        if x < 0.97 and self.chance(0.5):
            return self.pick(("Q: ", "Question: ", "- ", "> ")) + text
        return text


# Around a stretch of a thought that is a planted slip: read, and corrected behind it, but never learnt to be written.
SLIP, END_SLIP = "\x0e", "\x0f"


def slip(wrong):
    return f"{SLIP}{wrong}{END_SLIP}"
