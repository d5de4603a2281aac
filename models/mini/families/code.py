"""A few lines of Python for tasks it knows, traced by hand; and what small programs print."""
from mini.problem import problem

# what it is called in questions, program, trace(draw) -> (call, steps, result)


def _sum_list(draw):
    items = [draw.integer(1, 9) for _ in range(draw.integer(2, 4))]
    total, steps = 0, []
    for x in items:
        steps.append(f"x={x}: total={total}+{x}={total + x}.")
        total += x
    return f"total({items})", steps, total


def _factorial(draw):
    n = draw.integer(2, 5)
    result, steps = 1, []
    for i in range(2, n + 1):
        steps.append(f"i={i}: result={result}×{i}={result * i}.")
        result *= i
    return f"factorial({n})", steps, result


def _largest(draw):
    items = [draw.integer(1, 30) for _ in range(draw.integer(3, 4))]
    best, steps = items[0], [f"best={items[0]}."]
    for x in items[1:]:
        best = max(best, x)
        steps.append(f"x={x}: best={best}.")
    return f"largest({items})", steps, best


def _even(draw):
    n = draw.integer(0, 99)
    return f"is_even({n})", [f"{n} % 2 = {n % 2}."], n % 2 == 0


def _up_to(draw):
    n = draw.integer(2, 6)
    total, steps = 0, []
    for i in range(1, n + 1):
        steps.append(f"i={i}: total={total}+{i}={total + i}.")
        total += i
    return f"sum_to({n})", steps, total


def _fibonacci(draw):
    n = draw.integer(2, 7)
    a, b, steps = 0, 1, []
    for i in range(n):
        a, b = b, a + b
        steps.append(f"step {i + 1}: a={a}, b={b}.")
    return f"fibonacci({n})", steps, a


def _gcd(draw):
    g = draw.integer(1, 9)
    a, b = g * draw.integer(2, 9), g * draw.integer(2, 9)
    call, steps = f"gcd({a}, {b})", []
    while b:
        steps.append(f"{a} % {b} = {a % b}: a={b}, b={a % b}.")
        a, b = b, a % b
    return call, steps, a


def _count(draw):
    word = draw.word(3, 7)
    letter = draw.pick(word)
    n, steps = 0, []
    for c in word:
        n += c == letter
        steps.append(f"{c}: n={n}.")
    return f'count("{word}", "{letter}")', steps, n


def _power(draw):
    base, n = draw.integer(2, 5), draw.integer(2, 4)
    result, steps = 1, []
    for i in range(1, n + 1):
        steps.append(f"{i}: result={result}×{base}={result * base}.")
        result *= base
    return f"power({base}, {n})", steps, result


def _reverse(draw):
    word = draw.word(3, 7)
    result, steps = "", []
    for c in word:
        result = c + result
        steps.append(f"{c}: {result}.")
    return f'reverse("{word}")', steps, f'"{result}"'


TASKS = [
    (["sums a list", "adds up a list of numbers", "returns the sum of a list", "computes the total of a list"], ["gives the sum of all items of a list"], "def total(items):\n    total = 0\n    for x in items:\n        total = total + x\n    return total", _sum_list),
    (["computes the factorial", "returns n factorial", "calculates the factorial of n", "computes n!"], ["gives the factorial of a number"], "def factorial(n):\n    result = 1\n    for i in range(2, n + 1):\n        result = result * i\n    return result", _factorial),
    (["finds the largest number in a list", "returns the maximum of a list", "finds the biggest item of a list"], ["gives back the greatest number of a list"], "def largest(items):\n    best = items[0]\n    for x in items:\n        if x > best:\n            best = x\n    return best", _largest),
    (["checks if a number is even", "tests whether n is even", "tells if a number is even"], ["says whether a number is even"], "def is_even(n):\n    return n % 2 == 0", _even),
    (["sums the numbers from 1 to n", "adds the numbers 1 to n", "computes 1 + 2 + ... + n"], ["gives the sum of all numbers up to n"], "def sum_to(n):\n    total = 0\n    for i in range(1, n + 1):\n        total = total + i\n    return total", _up_to),
    (["computes the n-th Fibonacci number", "returns a Fibonacci number", "calculates Fibonacci numbers"], ["gives the Fibonacci number of n"], "def fibonacci(n):\n    a, b = 0, 1\n    for i in range(n):\n        a, b = b, a + b\n    return a", _fibonacci),
    (["computes the greatest common divisor", "returns the gcd of two numbers", "finds the gcd of a and b"], ["gives the greatest common divisor of two numbers"], "def gcd(a, b):\n    while b:\n        a, b = b, a % b\n    return a", _gcd),
    (["counts a letter in a word", "counts how often a letter is in a word", "counts a character in a string"], ["says how many times a letter is in a word"], "def count(word, letter):\n    n = 0\n    for c in word:\n        if c == letter:\n            n = n + 1\n    return n", _count),
    (["computes a power", "raises a number to a power", "calculates base to the power n"], ["gives a power of a number"], "def power(base, n):\n    result = 1\n    for i in range(n):\n        result = result * base\n    return result", _power),
    (["reverses a string", "reverses a word", "turns a string around"], ["gives a string backwards"], "def reverse(word):\n    result = \"\"\n    for c in word:\n        result = c + result\n    return result", _reverse),
]
WRITE = ["[Show|Give|Write] me [a function|some Python|code|a small function] that {t}[, please|][.|]",
    "[Python|Code|Function][:|,] {t}",
    "[Could|Can] you [code|write|program] a [Python |]function [which|that] {t}?",
    "[Please show|Show] [me |]Python that {t}.",
    "In Python, how would a function look that {t}?",
    "[Code|Program]: a function that {t}",
    "How would you write a [Python |]function that {t}?",
    "[I want|I would like] a [Python |]function that {t}.",
    "[Make|Create|Define] a function that {t}.",
    "What does a [Python |]function look like that {t}?",
    "A Python function, please, that {t}.",
    "Implement a function that {t}.",
    "Help me write a function that {t}.",
    "def: a function that {t}",
    "Write a [Python |]function that {t}.", "Write Python code that {t}.", "How do I write a [Python |]function that {t}?", "Show me a [Python |]function that {t}.", "Give me [a Python function|Python code] that {t}.", "I need a [Python |]function that {t}.", "Python: a function that {t}", "Can you write a [Python |]function that {t}?",
         "Code a function that {t}.", "Please write a small program that {t}."]
WRITE_KEPT = ["Could you code a Python function which {t}?", "Please show Python that {t}.", "In Python, how would a function look that {t}?"]
PRINTS = ["[Tell|Show] me the output of [the following|this]:\n\n{c}",
    "Follow this [program|code] by hand. What [comes out|does it print]?\n\n{c}",
    "What comes out [of this|here]?\n\n{c}",
    "[Execute|Run] this:\n\n{c}",
    "{c}\n\n[Output|What is the output|What is printed|What comes out]?",
    "Go through this [code|program] step by step:\n\n{c}",
    "Which [value|output] does this [give|print]?\n\n{c}",
    "I run this. What do I see?\n\n{c}",
    "Output of:\n\n{c}",
    "What does this [code |program |]print?\n\n{c}", "What is the output [of this|here]?\n\n{c}", "What [is printed|does Python print]?\n\n{c}", "{c}\n\nWhat does this print?", "Trace this code:\n\n{c}", "Run this in your head:\n\n{c}", "What will this print?\n{c}"]
PRINTS_KEPT = ["Tell me the output of the following:\n\n{c}", "Follow this program by hand. What comes out?\n\n{c}"]


def program(draw):
    """(lines, thought, printed)"""
    x, kind = draw.integer(0, 20), draw.integer(0, 4)
    n, k = draw.integer(2, 5), draw.integer(1, 9)
    v = draw.pick("xyanst")
    if kind == 0:
        text, value = f"{v}={x}.", x
        for i in range(n):
            text += f" i={i}: {v}={value}+{k}={value + k}."
            value += k
        return f"{v} = {x}\nfor i in range({n}):\n    {v} = {v} + {k}\nprint({v})", text, value
    if kind == 1:
        text, value = f"{v}={x}.", x
        for i in range(n):
            text += f" i={i}: {v}={value}+{i}={value + i}."
            value += i
        return f"{v} = {x}\nfor i in range({n}):\n    {v} = {v} + i\nprint({v})", text, value
    if kind == 2:
        x = draw.integer(1, 5)
        n = draw.integer(2, 4)
        text, value = f"{v}={x}.", x
        for i in range(n):
            text += f" i={i}: {v}={value}×2={value * 2}."
            value *= 2
        return f"{v} = {x}\nfor i in range({n}):\n    {v} = {v} * 2\nprint({v})", text, value
    if kind == 3:
        limit = draw.integer(5, 30)
        step = draw.integer(max(2, limit // 6), 9)
        text, value = f"{v}=0.", 0
        while value < limit:
            text += f" {value}<{limit}: {v}={value}+{step}={value + step}."
            value += step
        return f"{v} = 0\nwhile {v} < {limit}:\n    {v} = {v} + {step}\nprint({v})", text + f" {value}<{limit} is false.", value
    a, b = draw.integer(0, 30), draw.integer(0, 30)
    first, second = draw.some(("yes", "no", "big", "small", "left", "right"), 2)
    return (f"{v} = {a}\nif {v} > {b}:\n    print(\"{first}\")\nelse:\n    print(\"{second}\")", f"{v}={a}. {a}>{b}: {'true' if a > b else 'false'}.", first if a > b else second)


def make(draw):
    if draw.chance(0.45):
        lines, text, printed = program(draw)
        code = f"```python\n{lines}\n```" if draw.chance(0.75) else lines
        question = draw.say(PRINTS, PRINTS_KEPT, c="\x00").replace("\x00", code)
        return problem("code", question, f"Line by line. {text} It prints {printed}.", f"It prints **{printed}**.")
    names, kept, code, trace = draw.pick(TASKS)
    call, steps, result = trace(draw)
    question = draw.say(WRITE, WRITE_KEPT, t=draw.pick(names if not draw.held or draw.chance(0.5) else kept))
    text = f"The function is {code.split('(')[0][4:]}. "
    if draw.chance(0.5):
        question += " " + draw.pick((f"Trace {call}.", f"What is {call}?", f"Show what {call} gives.", f"Try it with {call}.", f"Then trace {call} by hand."))
        text += f"Trace of {call}: " + " ".join(steps) + f" It gives {result}."
        answer = f"```python\n{code}\n```\n\n`{call}` gives **{result}**."
    else:
        text += "A loop and a return do it." if "for" in code else "A few lines do it."
        answer = f"```python\n{code}\n```"
    return problem("code", draw.question(question), text, answer)
