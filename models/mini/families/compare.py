"""Which of two decimals is larger: whole parts first, then place by place."""
from mini.columns import PARTS
from mini.problem import problem

LARGER = ["I have {a} and {b}. Which [one |]is [larger|bigger|greater|more]?",
    "[Name|Pick|Choose|Show|Give me] the [larger|bigger|greater] [one|number]: {a}[,| or] {b}[.|?]",
    "Of {a} and {b}, which is [larger|bigger|greater|more]?",
    "[Who|What] wins, {a} or {b}? I mean the larger one.",
    "Which has the [greater|larger|higher] value, {a} or {b}?",
    "[larger|bigger|greater]: {a} or {b}?",
    "{a} and {b}: which is [higher|larger|more]?",
    "Does {a} or {b} come out larger?",
    "Which one is more, {a} or {b}?",
    "Here are {a} and {b}. [Pick|Take|Find] the larger.",
    "Which is [larger|bigger|greater|more], {a} or {b}?", "Would {a} or {b} be [larger|bigger]?", "What is [larger|bigger|greater|more]: {a} or {b}?",
          "{a} or {b}: which [number |one |]is [larger|bigger|greater]?", "Compare {a} and {b}.", "Which number is [bigger|larger|greater]: {a} or {b}?",
          "Between {a} and {b}, which is [larger|greater|the bigger one]?", "[Tell me|Find] the [larger|bigger|greater] of {a} and {b}.", "Put <, > or = between {a} and {b}.",
          "Which of {a} and {b} is the [larger|bigger|greater] number?", "{a} vs {b}, which is [bigger|larger]?", "max of {a} and {b}?", "What's the maximum of {a} and {b}?"]
LARGER_KEPT = ["Of {a} and {b}, which one is the larger?", "Would you say {a} or {b} is greater?", "I have {a} and {b}. Which is more?",
               "Name the bigger number: {a}, {b}."]
SMALLER = ["I have {a} and {b}. Which [one |]is [smaller|less|lower]?",
    "[Name|Pick|Choose|Show|Give me] the [smaller|lower] [one|number]: {a}[,| or] {b}[.|?]",
    "Of {a} and {b}, which is [smaller|less|lower]?",
    "Which has the [smaller|lower|lesser] value, {a} or {b}?",
    "[smaller|less|lower]: {a} or {b}?",
    "{a} and {b}: which is [lower|smaller|less]?",
    "Which one is less, {a} or {b}?",
    "Here are {a} and {b}. [Pick|Take|Find] the smaller.",
    "Which is [smaller|less|lower], {a} or {b}?", "What is [smaller|less]: {a} or {b}?", "{a} or {b}: which [number |one |]is [smaller|less|lower]?",
           "Which number is [smaller|lower]: {a} or {b}?", "Between {a} and {b}, which is [smaller|lower]?", "[Tell me|Find] the [smaller|lower] of {a} and {b}.",
           "Which of {a} and {b} is the smaller number?", "min of {a} and {b}?", "What's the minimum of {a} and {b}?"]
SMALLER_KEPT = ["Of {a} and {b}, which one is the smaller?", "I have {a} and {b}. Which is less?", "Name the smaller number: {a}, {b}."]
IS = ["Is {a} [above|over|higher than] {b}?",
    "Can we say that {a} is [larger|greater|more] than {b}?",
    "Does {a} [exceed|beat] {b}?",
    "Would {a} be [larger|bigger|greater|more] than {b}?",
    "Am I right that {a} > {b}?",
    "[Check|Decide|Tell me] [if|whether] {a} is [larger|greater|more] than {b}.",
    "Is the number {a} [larger|bigger|greater] than the number {b}?",
    "Is {a} [larger|bigger|greater|more] than {b}?", "[True or false|Right or wrong]: {a} > {b}?", "Is it true that {a} is [larger|bigger|greater] than {b}?", "{a} > {b}?"]
IS_KEPT = ["Would {a} be greater than {b}?", "Is the number {a} above {b}?"]


def decimal(draw):
    whole = draw.integer(0, 20) if draw.chance(0.8) else draw.integer(0, 999)
    places = draw.pick((0, 1, 1, 2, 2, 3)) if draw.chance(0.9) else 1
    return whole, "".join(draw.pick("0123456789") for _ in range(places))


def text_of(number):
    return f"{number[0]}.{number[1]}" if number[1] else str(number[0])


def compared(a, b):
    """(thought, sign)"""
    (m, p), (n, q) = a, b
    if m != n:
        sign = "<" if m < n else ">"
        return f"Whole parts: {m} and {n}. {m}{sign}{n}.", sign
    text = f"Whole parts: {m} and {n}, the same."
    width = max(len(p), len(q))
    if width == 0:
        return text + " So they are equal.", "="
    p, q = p.ljust(width, "0"), q.ljust(width, "0")
    for name, x, y in zip(PARTS + ["thousandths"], p, q):
        if x != y:
            sign = "<" if x < y else ">"
            return text + f" {name}: {x} and {y}. {x}{sign}{y}.", sign
        text += f" {name}: {x} and {y}, the same."
    return text + " So they are equal.", "="


def make(draw):
    a, b = decimal(draw), decimal(draw)
    if draw.chance(0.75):
        b = (a[0], b[1])
    if draw.chance(0.3) and a[1]:  # 9.11 and 9.9
        digit = draw.integer(1, 9)
        b = (a[0], str(digit))
        a = (a[0], str(draw.integer(10, 99)))
    if draw.chance(0.3) and a[1] and b[1]:
        b = (b[0], a[1][0] + b[1][1:])
    if draw.chance(0.5):
        a, b = b, a
    x, y = text_of(a), text_of(b)
    text, sign = compared(a, b)
    start = draw.pick(("", "", "Let me compare them place by place. ", "More digits do not make a number larger. "))
    kind = draw.pick("llllsssi")
    if kind == "i":
        question = draw.say(IS, IS_KEPT, a=x, b=y)
        answer = f"**{'Yes' if sign == '>' else 'No'}**: {x} {sign} {y}."
        text += f" Is {x}>{y}? {'Yes' if sign == '>' else 'No'}."
    else:
        question = draw.say(*((LARGER, LARGER_KEPT) if kind == "l" else (SMALLER, SMALLER_KEPT)), a=x, b=y)
        if sign == "=":
            answer = f"**They are equal**: {x} = {y}."
        else:
            which = x if (sign == ">") == (kind == "l") else y
            word = "larger" if kind == "l" else "smaller"
            text += f" The {word} one is {which}."
            answer = f"{x} {sign} {y}, so the {word} number is $\\boxed{{{which}}}$"
    return problem("comparison", draw.question(question), start + text, answer)
