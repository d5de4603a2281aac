"""Small tables, written as Markdown."""
from mini.problem import problem

SQUARES = ["I need the {w} of {a} to {b}[, arranged|] as a table.",
    "[Tabulate|Put] [the |]{w} [for|of] {a} [up to|to] {b}[ in a table|].",
    "[Create|Draw|Build|Give me] a table of [the |]{w} [of|from] {a} to {b}.",
    "[Numbers|The numbers] {a} to {b} with their {w}, as a table.",
    "A table, please: {w} of {a} to {b}.",
    "The {w} of {a} to {b} as a [Markdown |]table",
    "Which {w} do {a} to {b} have? Make a table.",
    "Table of {w}, {a} to {b}",
    "Make a table of the {w} of {a} to {b}.", "Show the {w} from {a} to {b} [in|as] a table.", "Write a [Markdown |]table with the {w} of the numbers {a} to {b}.", "A table of {w} from {a} to {b}[, please|].", "List the numbers {a} to {b} and their {w} in a table.", "table: {w} of {a} to {b}", "Can you tabulate the {w} of {a} to {b}?"]
SQUARES_KEPT = ["I need the {w} of {a} to {b}, arranged as a table.", "Tabulate {w} for {a} up to {b}."]
TIMES = ["I need the {n} times table, {a} to {b}[, as a table|].",
    "Put the [products|multiples] of {n} [with|from] {a} to {b} [into|in] a table.",
    "[Create|Draw|Build|Give me] [the|a] times table [of|for] {n} from {a} to {b}.",
    "[Multiplication|Times] table: {n}, {a} to {b}",
    "{n} times {a} to {b} as a table[, please|].",
    "What is {n} times {a} up to {b}? Make a table.",
    "Table of the multiples of {n}, {a} to {b}",
    "Multiply {n} by {a} to {b} and show a table.",
    "Make a multiplication table for {n} from {a} to {b}.", "Show the {n} times table from {a} to {b}[ as a table|].", "Write the multiples of {n} from {a} to {b} in a table.", "A [Markdown |]table of {n} times {a} to {b}.", "Times table of {n}, {a} to {b}, as a table.", "Tabulate {n} × {a} to {n} × {b}."]
TIMES_KEPT = ["I need the {n} times table, {a} to {b}, as a table.", "Put the products of {n} with {a} to {b} into a table."]
PAIRS = ["Arrange {l} [as|in] a table with [the |]columns {h} and {k}.",
    "I have {l}. [Put it into|Make it|Turn it into] a table, {h} and {k}.",
    "[Create|Draw|Build|Give me] a table with [the columns |]{h} and {k}: {l}",
    "A table [with|of] {h} and {k}, please: {l}",
    "{l}: as a table with {h} and {k}",
    "{h} and {k} as a table: {l}",
    "[List|Show|Write] {l} in a table with {h} and {k}.",
    "My data: {l}. Table with {h} and {k}[, please|].",
    "Make a table with {h} and {k}: {l}.", "Put this in a [Markdown |]table with columns {h} and {k}: {l}.", "Write a table of {h} and {k} for {l}.", "Turn this into a table ({h}, {k}): {l}.", "Format as a table with {h} and {k}: {l}", "Show {h} and {k} in a table: {l}."]
PAIRS_KEPT = ["Arrange {l} as a table with the columns {h} and {k}.", "I have {l}. Put it into a table, {h} and {k}."]
HEADINGS = [("Name", "Age"), ("Name", "Points"), ("Item", "Price"), ("Item", "Number"), ("Name", "Score"), ("Word", "Count"), ("Name", "Height"), ("City", "Visits")]


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def make(draw):
    x = draw.random()
    a = draw.integer(1, 9)
    b = a + draw.integer(2, 5)
    if x < 0.3:
        what = draw.pick(("squares", "squares", "cubes", "doubles", "halves"))
        if what == "squares":
            rows = [(n, n * n) for n in range(a, b + 1)]
            text = " ".join(f"{n}×{n}={m}." for n, m in rows)
        elif what == "cubes":
            a, b = draw.integer(1, 4), 0
            b = a + draw.integer(2, 4)
            rows = [(n, n**3) for n in range(a, b + 1)]
            text = " ".join(f"{n}×{n}={n * n}, {n * n}×{n}={m}." for n, m in rows)
        elif what == "doubles":
            rows = [(n, 2 * n) for n in range(a, b + 1)]
            text = " ".join(f"{n}×2={m}." for n, m in rows)
        else:
            rows = [(n, str(n // 2) + (".5" if n % 2 else "")) for n in range(a, b + 1)]
            text = " ".join(f"{n}/2={m}." for n, m in rows)
        head = ("Number", {"squares": "Square", "cubes": "Cube", "doubles": "Double", "halves": "Half"}[what])
        question = draw.say(SQUARES, SQUARES_KEPT, w=what, a=a, b=b)
        text = f"Two columns, {head[0]} and {head[1]}. " + text
    elif x < 0.6:
        n = draw.integer(2, 25)
        rows = [(f"{n} × {i}", n * i) for i in range(a, b + 1)]
        head, text = ("Product", "Result"), "Two columns, Product and Result. " + " ".join(f"{n}×{i}={n * i}." for i in range(a, b + 1))
        question = draw.say(TIMES, TIMES_KEPT, n=n, a=a, b=b)
    else:
        head = draw.pick(HEADINGS)
        count = draw.integer(2, 5)
        names = draw.names(count) if head[0] in ("Name", "City") else []
        while len(names) < count:
            word = draw.word(3, 9)
            if word not in names:
                names.append(word)
        rows = [(n, draw.integer(1, 99)) for n in names]
        listed = draw.pick((", ", ", ", "; ")).join(draw.pick(("{} {}",) * 3 + ("{}: {}",)).format(*r) for r in rows)
        question = draw.say(PAIRS, PAIRS_KEPT, h=draw.pick((head[0], head[0].lower())), k=head[1], l=listed)
        head = (head[0], head[1])
        question = question.replace(f"columns {head[0].lower()}", f"columns {head[0]}")
        text = f"Two columns, {head[0]} and {head[1]}, and {count} rows. " + " ".join(f"{i}: {n} {m}." for i, (n, m) in enumerate(rows, 1))
    return problem("tables", draw.question(question, lower=False), text, table(head, rows))
