"""Fractions: to the same denominator, then simplified with Euclid."""
from math import gcd

from mini.problem import problem

SIMPLIFY = ["How [would|do|can] [I|you] [write|express] {f} [more simply|in a simpler way|simpler]?",
    "[Simplify|Reduce|Cancel|Shorten][:|] {f}",
    "[Bring|Put] {f} into [its |]lowest terms.",
    "{f} [simplified|reduced|in lowest terms][?|]",
    "How [would|do] I write {f} [more simply|with smaller numbers|with the smallest numbers]?",
    "[Make|Can you make] {f} simpler[.|?]",
    "Reduce the fraction {f}.",
    "Shorten [the fraction |]{f}.",
    "[Give|Show|Tell] me {f} in [lowest terms|simplest form].",
    "How do I simplify {f}?",
    "Simplest form: {f}",
    "What does {f} reduce to?",
    "Simplify {f}.", "Reduce {f}[ to lowest terms|].", "Simplify the fraction {f}[.|]", "What is {f} in lowest terms?", "[Write|Give] {f} in simplest form.", "Can {f} be simplified?", "Cancel down {f}.", "simplify {f}", "What is the simplest form of {f}?"]
SIMPLIFY_KEPT = ["Bring {f} into its lowest terms.", "How would you write {f} with the smallest numbers?", "Shorten the fraction {f}."]
ASK = ["[Could|Can] you work out [the fractions |]{f} {o} {g}?",
    "[I need|Give me|Show me|Tell me] {f} {o} {g}[ as a fraction|][.|]",
    "{f} {o} {g} [equals|is|makes|gives] what?",
    "[Do|Solve|Evaluate] {f} {o} {g}.",
    "What do I get for {f} {o} {g}?",
    "What fraction is {f} {o} {g}?",
    "As a fraction, {f} {o} {g} is what?",
    "Let me know what {f} {o} {g} is.",
    "[What is|What's|Calculate|Compute|Work out|Find] {f} {o} {g}[?|.|]", "{f} {o} {g}", "{f} {o} {g} = ?", "How much is {f} {o} {g}?", "What is the result of {f} {o} {g}?", "Can you calculate {f} {o} {g}?", "fractions: {f} {o} {g}"]
ASK_KEPT = ["Could you work out the fractions {f} {o} {g}?", "I need {f} {o} {g} as a fraction.", "{f} {o} {g} equals what?"]
COMPARE = ["Of [the fractions |]{f} and {g}, which is [more|larger|bigger|greater]?",
    "[Name|Pick|Give me|Find] the [larger|bigger|greater] [fraction|one]: {f}[,| or] {g}[.|?]",
    "I have {f} and {g}. Which [is more|is larger|fraction is larger]?",
    "{f} and {g}: which is [larger|more]?",
    "Which has the greater value, {f} or {g}?",
    "[larger|bigger]: {f} or {g}?",
    "Does {f} or {g} come out larger?",
    "Which is [larger|bigger|greater], {f} or {g}?", "What is [larger|bigger|more]: {f} or {g}?", "Compare {f} and {g}.", "{f} or {g}: which is [larger|bigger]?", "Which fraction is [larger|bigger|greater], {f} or {g}?", "Is {f} or {g} the larger fraction?"]
COMPARE_KEPT = ["Of the fractions {f} and {g}, which is more?", "Name the larger fraction: {f}, {g}."]
PART = ["[I want|I need|Give me|Show me] {f} of {n}.",
    "Out of {n}, how many are {f}?",
    "{f} of {n} [is|are|makes|equals] what?",
    "[How many|What] [is|are] {f} of {n} [things|apples|pages|km]?",
    "If I take {f} of {n}, how much is it?",
    "{n} times {f}?",
    "What part is {f} of {n}? I mean the number.",
    "What is {f} of {n}?", "[Calculate|Find|Compute] {f} of {n}.", "How much is {f} of {n}?", "{f} of {n}", "{f} of {n} people [came|are here|answered]. How many is that?", "Take {f} of {n}."]
PART_KEPT = ["Out of {n}, how many are {f}?", "I want {f} of {n}. How much is it?"]
PERCENT = ["{p} [%|percent] of {n}[ =| is|] ?",
    "[How much|What] [is|are|makes] {p} [%|percent] of {n}?",
    "{p} % [of|from] {n}[?|]",
    "[I want|I need|Give me|Show me|Tell me] {p}[%| percent] of {n}.",
    "Of {n}, how much [is|are] {p}%?",
    "{p}[%| percent] of {n} [is|are|makes|equals] [what|how much]?",
    "{p}% off {n}: how much is the discount?",
    "How many are {p}% of {n}?",
    "If I take {p}% of {n}, how much is it?",
    "What do {p} percent of {n} make?",
    "What is {p}% of {n}?", "[Calculate|Find|Compute] {p}% of {n}.", "How much is {p} percent of {n}?", "{p}% of {n}", "{p} % of {n} = ?", "Take {p}% of {n}."]
PERCENT_KEPT = ["I want {p} percent of {n}. How much is it?", "Of {n}, how much are {p}%?"]
DECIMAL = ["[Which|What] decimal [number |]equals {f}?",
    "Express {f} [with a decimal point|as a decimal].",
    "{f} as a decimal number[?|]",
    "[Turn|Change] {f} into a decimal[ number|].",
    "[Give|Show|Tell] me {f} as a decimal.",
    "How do I write {f} as a decimal?",
    "{f} with a decimal point?",
    "The decimal form of {f}[?|]",
    "Write {f} as a decimal[.|]", "What is {f} as a decimal[ number|]?", "Convert {f} to a decimal.", "{f} as a decimal", "{f} in decimal form?"]
DECIMAL_KEPT = ["Which decimal number equals {f}?", "Express {f} with a decimal point."]


def simplest(p, q):
    """(thought, p, q) in lowest terms."""
    if p == 0:
        return " 0 over anything is 0.", 0, 1
    a, b, g = p, q, gcd(p, q)
    text = f" gcd of {p} and {q}:"
    if a < b:
        a, b = b, a
    while b:
        text += f" {a}-{a // b}×{b}={a % b}."
        a, b = b, a % b
    if g == 1:
        return text + " It is 1, nothing to cancel.", p, q
    return text + f" It is {g}: {p}/{g}={p // g}, {q}/{g}={q // g}.", p // g, q // g


def said(p, q):
    return str(p) if q == 1 else f"{p}/{q}"


def make(draw):
    kind = draw.pick("sssaaammdccppefn")
    b, d = draw.integer(2, 12), draw.integer(2, 12)
    a, c = draw.integer(1, b if draw.chance(0.2) else b - 1), draw.integer(1, d - 1)
    if draw.chance(0.1):
        a += b
    f, g = f"{a}/{b}", f"{c}/{d}"
    if kind == "s":
        k = draw.integer(2, 12)
        p, q = (a * k, b * k) if draw.chance(0.8) else (draw.integer(1, 60), draw.integer(2, 60))
        text, x, y = simplest(p, q)
        question = draw.say(SIMPLIFY, SIMPLIFY_KEPT, f=f"{p}/{q}")
        return problem("fractions", draw.question(question), f"I look for what divides both.{text}", f"{p}/{q} = $\\boxed{{{said(x, y)}}}$")
    if kind in "ad":  # sum, difference
        m = b * d // gcd(b, d)
        p, q = a * (m // b), c * (m // d)
        o = "+" if kind == "a" else "-"
        if o == "-" and p < q:
            a, b, c, d, p, q = c, d, a, b, q, p
            f, g = f"{a}/{b}", f"{c}/{d}"
        total = p + q if o == "+" else p - q
        if b == d:
            text = f"The same denominator {b}. {a}{o}{c}={total}, so {total}/{b}."
        else:
            text = f"Denominators {b} and {d}: the common one is {m}. {m}/{b}={m // b}, {a}×{m // b}={p}. {m}/{d}={m // d}, {c}×{m // d}={q}. {p}{o}{q}={total}, so {total}/{m}."
        more, x, y = simplest(total, m)
        return problem("fractions", draw.question(draw.say(ASK, ASK_KEPT, f=f, g=g, o=o)), text + more, f"{f} {o} {g} = $\\boxed{{{said(x, y)}}}$")
    if kind in "me":  # product, quotient
        if kind == "m":
            o, p, q = draw.pick("×*"), a * c, b * d
            text = f"Top {a}×{c}={p}, bottom {b}×{d}={q}, so {p}/{q}."
        else:
            o, p, q = draw.pick("÷:"), a * d, b * c
            text = f"Turn the second round: {f} × {d}/{c}. Top {a}×{d}={p}, bottom {b}×{c}={q}, so {p}/{q}."
        more, x, y = simplest(p, q)
        return problem("fractions", draw.question(draw.say(ASK, ASK_KEPT, f=f, g=g, o=o)), text + more, f"{f} {o} {g} = $\\boxed{{{said(x, y)}}}$")
    if kind == "c":
        p, q = a * d, c * b
        sign = "<" if p < q else ">" if p > q else "="
        text = f"Crosswise: {a}×{d}={p}, {c}×{b}={q}. {p}{sign}{q}, so {f}{sign}{g}."
        answer = f"**They are equal**: {f} = {g}." if sign == "=" else f"{f} {sign} {g}, so the larger fraction is $\\boxed{{{f if sign == '>' else g}}}$"
        return problem("fractions", draw.question(draw.say(COMPARE, COMPARE_KEPT, f=f, g=g)), text, answer)
    if kind == "p":
        a = draw.integer(1, b - 1)
        n = b * draw.integer(1, 20)
        f = f"{a}/{b}"
        result = n // b * a
        text = f"{n}/{b}={n // b}. {n // b}×{a}={result}."
        return problem("fractions", draw.question(draw.say(PART, PART_KEPT, f=f, n=n)), text, f"{f} of {n} = $\\boxed{{{result}}}$")
    if kind == "n":
        p = draw.pick((1, 5, 10, 10, 15, 20, 25, 30, 40, 50, 50, 60, 70, 75, 80, 90))
        n = draw.integer(1, 40) * 20
        result = n * p // 100
        tenth = n // 10
        if p == 1:
            n = draw.integer(1, 9) * 100
            result, text = n // 100, f"1% is a hundredth: {n}/100={n // 100}."
        elif p == 5:
            text = f"10% is a tenth: {tenth}. 5% is half of that: {tenth}/2={tenth // 2}."
        elif p == 15:
            text = f"10% is a tenth: {tenth}. 5% is half of that: {tenth // 2}. {tenth}+{tenth // 2}={result}."
        elif p == 25:
            text = f"25% is a quarter: {n}/2={n // 2}, {n // 2}/2={n // 4}."
        elif p == 75:
            text = f"25% is a quarter: {n}/2={n // 2}, {n // 2}/2={n // 4}. {n // 4}×3={result}."
        elif p == 50:
            text = f"50% is half: {n}/2={n // 2}."
        elif p == 10:
            text = f"10% is a tenth: {tenth}."
        else:
            text = f"10% is a tenth: {tenth}. {tenth}×{p // 10}={result}."
        return problem("fractions", draw.question(draw.say(PERCENT, PERCENT_KEPT, p=p, n=n)), text, f"{p}% of {n} = $\\boxed{{{result}}}$")
    b = draw.pick((2, 4, 5, 8, 10, 20, 25))
    a = draw.integer(1, b - 1)
    rest, digits, text = a, "", f"{a}/{b}:"
    while rest:
        rest *= 10
        text += f" {rest}={rest // b}×{b}+{rest % b}."
        digits += str(rest // b)
        rest %= b
    return problem("fractions", draw.question(draw.say(DECIMAL, DECIMAL_KEPT, f=f"{a}/{b}")), text + f" So 0.{digits}.", f"{a}/{b} = $\\boxed{{0.{digits}}}$")
