"""The next number of a sequence: differences first, then ratios, then what else is known."""
from mini.problem import problem

NEXT = ["After {l}, [which|what] number [should follow|comes|is next|follows]?",
    "I see {l}. [How does it go on|What comes next|What is next]?",
    "[Give|Tell|Show] me the [next number|number] [after|that comes after|that follows] {l}.",
    "How does {l} [go on|continue]?",
    "{l} [and then|and then what|and so on. Next]?",
    "[Guess|Work out|Determine|Say] the next number: {l}",
    "The numbers {l} follow a rule. [What is|Which is] the next?",
    "These numbers have a pattern: {l}. What comes next?",
    "[Extend|Continue] {l} by one number.",
    "{l}, ... What [is|would be] the next [one|term|number]?",
    "[A row|A series|A list] of numbers: {l}. Next?",
    "What would follow {l}?",
    "First {l}. And next?",
    "Pattern: {l}, ?",
    "Which number is missing at the end: {l}, _?",
    "[Series|Sequence|Pattern]: {l}. The next one?",
    "What is the [following|next] term of {l}?",
    "What comes next: {l}, ...?", "What is the next number[ in the sequence|]: {l}, ...?", "Continue the sequence: {l}, ...", "{l}, ...?", "{l}, ? What is next?",
        "Find the next [number|term]: {l}", "What number follows {l}?", "Which number comes next? {l}, ...", "Complete: {l}, _", "{l}, what's next?",
        "Next number in {l}?", "The sequence is {l}. What [comes|is] next?", "Can you continue {l}?", "Predict the next value of {l}.", "sequence {l} ..., next?"]
NEXT_KEPT = ["After {l}, which number should follow?", "I see {l}. How does it go on?", "Give the number that comes after {l}.", "Fill in the blank: {l}, __"]


def spoken(difference):
    return f"+{difference}" if difference >= 0 else str(difference)


def steps(items):
    """Each difference, said as a sum that can be checked."""
    differences = [b - a for a, b in zip(items, items[1:])]
    return differences, "Differences: " + ", ".join(f"{b}-{a}={b - a}" if b >= a else f"{b}-{a}={b - a}" for a, b in zip(items, items[1:])) + "."


def make(draw):
    kind = draw.pick(("arithmetic",) * 5 + ("geometric",) * 2 + ("growing",) * 2 + ("squares", "fibonacci", "fibonacci", "turns", "down", "halves"))
    n = draw.integer(4, 6)
    if kind in ("arithmetic", "down"):
        step = draw.integer(1, 12) if draw.chance(0.7) else draw.integer(1, 60)
        start = draw.integer(0, 100)
        items = [start + step * i for i in range(n + 1)]
        if kind == "down":
            items = items[::-1]
        known, result = items[:-1], items[-1]
        differences, text = steps(known)
        d = differences[0]
        text += f" Always {spoken(d)}. {known[-1]}{spoken(d)}={result}."
    elif kind == "growing":
        start, first, grow = draw.integer(0, 20), draw.integer(1, 6), draw.integer(1, 4)
        items = [start]
        for i in range(n):
            items.append(items[-1] + first + grow * i)
        known, result = items[:-1], items[-1]
        differences, text = steps(known)
        new = differences[-1] + grow
        text += f" They grow: {', '.join(map(str, differences))}, by {grow} each time. {differences[-1]}+{grow}={new}. {known[-1]}+{new}={result}."
    elif kind == "squares":
        start = draw.integer(1, 9)
        known = [(start + i) ** 2 for i in range(n)]
        last = start + n - 1
        result = (last + 1) ** 2
        differences, text = steps(known)
        text += f" They grow: {', '.join(map(str, differences))}, by 2 each time. {differences[-1]}+2={differences[-1] + 2}. {known[-1]}+{differences[-1] + 2}={result}."
    elif kind == "geometric":
        ratio = draw.pick((2, 2, 2, 3, 3, 4, 5, 10))
        start = draw.integer(1, 9)
        count = min(n, 5 if ratio < 4 else 4)
        known = [start * ratio**i for i in range(count)]
        result = known[-1] * ratio
        differences, text = steps(known)
        text += " Not the same. Ratios: " + ", ".join(f"{b}/{a}={ratio}" for a, b in zip(known, known[1:])) + f". Always ×{ratio}. {known[-1]}×{ratio}={result}."
    elif kind == "halves":
        start = draw.integer(1, 9)
        known = [start * 2**i for i in range(n, 0, -1)][:max(4, n - 1)]
        result = known[-1] // 2
        differences, text = steps(known)
        text += " Not the same. Ratios: " + ", ".join(f"{a}/{b}=2" for a, b in zip(known, known[1:])) + f". Always halved. {known[-1]}/2={result}."
    elif kind == "fibonacci":
        a, b = draw.integer(1, 7), draw.integer(1, 9)
        known = [a, b]
        while len(known) < n + 1:
            known.append(known[-1] + known[-2])
        result = known[-1] + known[-2]
        differences, text = steps(known)
        text += " Each is the sum of the two before: " + ", ".join(f"{x}+{y}={x + y}" for x, y in zip(known, known[1:-1])) + f". {known[-2]}+{known[-1]}={result}."
    else:
        p, q = draw.integer(1, 9), draw.integer(1, 9)
        sign = draw.pick((1, -1))
        if sign < 0 and p <= q:
            p, q = q + draw.integer(1, 4), p
        known = [draw.integer(1, 30)]
        for i in range(n):
            known.append(known[-1] + (p if i % 2 == 0 else sign * q))
        result = known[-1] + (p if n % 2 == 0 else sign * q)
        if p == sign * q:
            return make(draw)
        differences, text = steps(known)
        d = result - known[-1]
        text += f" They take turns: {spoken(p)}, {spoken(sign * q)}. Next {spoken(d)}: {known[-1]}{spoken(d)}={result}."
    listed = draw.pick((", ", ", ", ", ", " ")).join(map(str, known))
    answer = f"The next number is $\\boxed{{{result}}}$"
    return problem("sequence", draw.question(draw.say(NEXT, NEXT_KEPT, l=listed)), text, answer)
