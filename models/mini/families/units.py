"""Units: the factor, then the product or the shift of the point."""
from mini.columns import short, times_digit
from mini.problem import problem

# one of the first is so many of the second
DECIMAL = [("km", "m", 3, "kilometres", "metres"), ("m", "cm", 2, "metres", "centimetres"), ("cm", "mm", 1, "centimetres", "millimetres"), ("kg", "g", 3, "kilograms", "grams"),
           ("l", "ml", 3, "litres", "millilitres"), ("t", "kg", 3, "tonnes", "kilograms"), ("m", "mm", 3, "metres", "millimetres"), ("g", "mg", 3, "grams", "milligrams"), ("euros", "cents", 2, "euros", "cents"), ("dollars", "cents", 2, "dollars", "cents")]
OTHER = [("hours", "minutes", 60), ("minutes", "seconds", 60), ("days", "hours", 24), ("weeks", "days", 7), ("years", "months", 12), ("feet", "inches", 12), ("dozen", "pieces", 12), ("yards", "feet", 3)]

ASK = ["[Number|Amount] of {b} in {n} {a}[?|]",
    "[How many|What number of|What amount of] {b} [is|are|make up|equal|equals] {n} {a}?",
    "{b} in {n} {a}[?|]",
    "[Convert|Change|Turn|Switch]: {n} {a} [to|into|->] {b}",
    "[What|How much] [is|are] {n} {a} [as|in|when given in] {b}?",
    "{n} {a} [converted|changed|turned] [to|into] {b}[?|]",
    "[Turn|Change|Transform] {n} {a} into {b}.",
    "{n} {a} [make|are|is|equal] how many {b}?",
    "If something [measures|is|takes] {n} {a}, how many {b} is [that|it]?",
    "[Tell|Give|Show] me {n} {a} in {b}.",
    "[Tell me|Express] {n} {a} expressed in {b}.",
    "I have {n} {a}. How many {b} [is that|are that|do I have]?",
    "{n} {a}, how many {b}?",
    "In {b}, {n} {a} is how much?",
    "How many {b} [do|does] {n} {a} [make|have|contain]?",
    "{a} to {b}: {n}",
    "What do {n} {a} make in {b}?",
    "Number of {b} in {n} {a}?",
    "How many {b} go into {n} {a}?",
    "I need {n} {a} in {b}.",
    "How many {b} are [there |]in {n} {a}?", "How many {b} are {n} {a}?", "Convert {n} {a} to {b}.", "Convert {n} {a} into {b}[.|]", "{n} {a} in {b}[?|]", "{n} {a} to {b}", "What is {n} {a} in {b}?", "How much is {n} {a} in {b}?", "[Express|Write|Give] {n} {a} in {b}.", "{n} {a} = ? {b}", "Change {n} {a} to {b}.", "Can you convert {n} {a} to {b}?"]
ASK_KEPT = ["If something measures {n} {a}, how many {b} is that?", "Turn {n} {a} into {b}.", "{n} {a} make how many {b}?", "Tell me {n} {a} expressed in {b}."]
MIXED = ["[Split|Turn|Change] {n} minutes into hours and minutes.",
    "How long is {n} minutes in hours and minutes?",
    "A film takes {n} minutes. How many hours and minutes is that?",
    "[Give|Express|Tell me] {n} minutes in hours and minutes.",
    "{n} minutes make how many hours and minutes?",
    "In hours and minutes, how much is {n} minutes?",
    "{n} min as hours and minutes",
    "How many hours and minutes are {n} minutes?", "Convert {n} minutes to hours and minutes.", "{n} minutes in hours and minutes[?|]", "Write {n} minutes as hours and minutes.", "{n} minutes are how many hours and minutes?"]
MIXED_KEPT = ["Split {n} minutes into hours and minutes.", "How long is {n} minutes in hours and minutes?"]


def shifted(text, places):
    """(thought, result): the point moved right (left, if negative), a place at a time."""
    steps = [text]
    for _ in range(abs(places)):
        whole, _, part = text.partition(".")
        if places > 0:
            text = (whole + part[:1] + "." + part[1:]) if part else whole + "0"
        else:
            text = (whole[:-1] or "0") + "." + whole[-1] + part
        text = text.rstrip(".")
        if places > 0 and text[0] == "0" and len(text.split(".")[0]) > 1:
            text = text[1:]
        steps.append(text)
    return " → ".join(steps), text


def one(unit):
    return {"feet": "foot", "dozen": "dozen"}.get(unit) or unit[:-1]


def make(draw):
    x = draw.random()
    if x < 0.55:
        a, b, places, long_a, long_b = draw.pick(DECIMAL)
        if draw.chance(0.4):
            a, b = long_a, long_b
        if draw.chance(0.6):
            value = str(draw.digits(1, 3)) if draw.chance(0.5) else short(f"{draw.integer(0, 99)}.{draw.integer(1, 999):0{draw.pick((2, 3))}d}"[:6])
            if value in ("0", "0."):
                value = "5"
            steps, result = shifted(value, places)
            text = f"1 {a} = {10**places} {b}. ×{10**places}: the point moves {places} right. {steps}."
        else:
            value = str(draw.digits(1, 5)) if draw.chance(0.6) else str(draw.integer(1, 99) * 10 ** draw.integer(1, 3))
            if value == "0":
                value = "5"
            a, b = b, a
            steps, result = shifted(value, -places)
            text = f"1 {b} = {10**places} {a}. /{10**places}: the point moves {places} left. {steps}."
        plain = short(result)
        if plain != result:
            text += f" That is {plain}."
        result = plain
    elif x < 0.65:
        n = draw.integer(61, 599)
        h, m = divmod(n, 60)
        text = f"1 hour = 60 minutes. {n}: {h}×60={h * 60}, {n}-{h * 60}={m}."
        return problem("units", draw.question(draw.say(MIXED, MIXED_KEPT, n=n)), text, f"{n} minutes = **{h} h {m} min**")
    else:
        a, b, factor = draw.pick(OTHER)
        n = draw.integer(2, 30)
        if draw.chance(0.6):
            value = n
            result = n * factor
            if factor == 60:
                line, six = times_digit(draw, n, 6)
                text = f"1 {one(a)} = 60 {b}. {line}, times 10: {six * 10}."
            elif factor > 9:
                line, ones = times_digit(draw, n, factor % 10)
                text = f"1 {one(a)} = {factor} {b}. {n}×{factor // 10 * 10}={n * (factor // 10 * 10)}. {line}. {n * (factor // 10 * 10)}+{ones}={result}."
            else:
                line, _ = times_digit(draw, n, factor)
                text = f"1 {one(a)} = {factor} {b}. {line}."
        else:
            value = n * factor
            result = n
            a, b = b, a
            text = f"1 {one(b)} = {factor} {a}. {value}/{factor}: {n}×{factor}={value}, so {n}."
    return problem("units", draw.question(draw.say(ASK, ASK_KEPT, n=value, a=a, b=b)), text, f"{value} {a} = $\\boxed{{{result}}}$ {b}")
