"""Problems to token ids, and packed rows of them for training, made in worker processes.

A row is `length` tokens of whole documents, filled up with padding. The loss is on the thought and the answer of a
document's last turn alone, less the planted slips of a thought.
"""
import re
from bisect import bisect

import numpy as np

from mini.draw import END_SLIP, SLIP, Draw
from mini.families import MIXTURE
from mini.vocabulary import Vocabulary

_SLIPS = re.compile(f"{SLIP}[^{END_SLIP}]*{END_SLIP}")


class Sampler:
    """Problems by the mixture's shares."""

    def __init__(self, seed, held=False, shares=None):
        self.draw = Draw(seed, held)
        self.makers = [row[0] for row in MIXTURE]
        total, self.limits = 0, []
        for share in shares or [row[1] for row in MIXTURE]:
            total += share
            self.limits.append(total)
        self.total = total

    def problem(self):
        return self.makers[bisect(self.limits, self.draw.random() * self.total)](self.draw)


def plain(thought):
    """A thought as it is read: with its slips, without the marks around them."""
    return thought.replace(SLIP, "").replace(END_SLIP, "")


def prompt_ids(vocabulary, turns, draw=None):
    """As the layout renders all turns but the last, the last question, and the opened thought."""
    v, ids = vocabulary, [vocabulary.bos]
    for turn in turns[:-1]:
        # The stored answer begins behind </think>, so with an empty line; other programs strip that.
        before = "" if draw is not None and draw.chance(0.3) else "\n\n"
        ids += [v.user, *v.encode(turn.question), v.assistant, *v.encode(before + turn.answer), v.eos]
    return [*ids, v.user, *v.encode(turns[-1].question), v.assistant, v.think, v.newline]


def document(vocabulary, problem, draw):
    """(ids, weights) of a whole conversation; a weight says whether that id is to be learnt."""
    v, turn = vocabulary, problem.turns[-1]
    ids = prompt_ids(v, problem.turns, draw)
    weights = [0] * len(ids)
    thought = turn.thought + "\n"
    if SLIP in thought:
        at = 0
        for match in _SLIPS.finditer(thought):
            part = v.encode(thought[at:match.start()])
            wrong = v.encode(match[0][1:-1])
            ids += part + wrong
            weights += [1] * len(part) + [0] * len(wrong)
            at = match.end()
        thought = thought[at:]
    rest = [*v.encode(thought), v.unthink, *v.encode("\n\n" + turn.answer), v.eos]
    return ids + rest, weights + [1] * len(rest)


def rows(seed, length):
    """Endless (ids, weights) rows; documents that do not fit wait for a row where they do."""
    vocabulary, sampler = Vocabulary(), Sampler(seed)
    waiting = []
    while True:
        while len(waiting) < 64:
            ids, weights = document(vocabulary, sampler.problem(), sampler.draw)
            if len(ids) <= length // 2:
                waiting.append((ids, weights))
        row, learn = [], []
        room = length
        left = []
        for item in waiting:
            if len(item[0]) <= room:
                row += item[0]
                learn += item[1]
                room -= len(item[0])
            else:
                left.append(item)
        waiting = left
        row += [vocabulary.pad] * room
        learn += [0] * room
        yield row, learn


def blocks(seed, length, count):
    """Endless arrays of `count` rows: ids (uint16) and weights (uint8)."""
    source = rows(seed, length)
    while True:
        ids, weights = np.empty((count, length), np.uint16), np.empty((count, length), np.uint8)
        for i in range(count):
            ids[i], weights[i] = next(source)
        yield ids, weights
