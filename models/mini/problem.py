"""A problem: one or more turns of question, thought and answer; and how an answer is judged."""
import re
from dataclasses import dataclass, field


@dataclass
class Turn:
    question: str
    thought: str
    answer: str


@dataclass
class Problem:
    family: str
    turns: list = field(default_factory=list)


def problem(family, question, thought, answer):
    return Problem(family, [Turn(question, thought, answer)])


_BOXED = re.compile(r"\\boxed\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)


def key(answer):
    """What of an answer must be right: all that is boxed, else all that is bold, else every word of it."""
    found = _BOXED.findall(answer) or _BOLD.findall(answer)
    if not found or "|" in answer or "```" in answer:
        return " ".join(answer.split())
    return "; ".join(" ".join(f.split()) for f in found)


def right(answer, expected):
    """Tables and code are compared whole; the text around a boxed or bold result is free."""
    return key(answer) == key(expected)
