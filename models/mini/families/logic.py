"""Statements with and, or, not: each part is judged, then they are joined."""
from mini.problem import problem

ASK = ["Does [this|it|the following] hold: {s}?",
    "I [claim|say|think]: {s}. [Am I right|Is that true|Is that so]?",
    "Would you say [it is the case |]that {s}?",
    "[Statement|Claim]: {s}. True or false?",
    "Is it [so|the case|correct|right] that {s}?",
    "Is this [correct|right|so]: {s}?",
    "{s}. [True|Right|Correct]?",
    "{s}: true or false?",
    "Truth value: {s}",
    "Is {s} true?",
    "Check this statement: {s}",
    "Can you tell me if it is true that {s}?",
    "Logic: {s}",
    "Somebody says: {s}. Is that [true|right|so]?",
    "Is this true or false: {s}?", "True or false: {s}[?|.|]", "Is it true that {s}?", "Is the statement true: {s}?", "Evaluate: {s}", "What is the truth value of: {s}?", "[Tell me|Decide|Check] [if|whether] this is true: {s}", "{s} - true or false?", "Is the following true? {s}", "Right or wrong: {s}?",
       "Judge the statement: {s}"]
ASK_KEPT = ["Does this hold: {s}?", "I claim: {s}. Am I right?", "Would you say it is the case that {s}?"]


def atom(draw):
    """(words, thought, truth)"""
    x = draw.random()
    if x < 0.45:
        a, b = draw.integer(0, 30), draw.integer(0, 30)
        if draw.chance(0.15):
            b = a
        truth, words = draw.pick(((a > b, draw.pick((f"{a} > {b}", f"{a} is greater than {b}", f"{a} is more than {b}"))), (a < b, draw.pick((f"{a} < {b}", f"{a} is less than {b}", f"{a} is smaller than {b}"))),
                                  (a == b, draw.pick((f"{a} = {b}", f"{a} equals {b}")))))
        return words, words, truth
    if x < 0.7:
        a = draw.integer(0, 99)
        even = draw.chance(0.5)
        return (f"{a} is {'even' if even else 'odd'}",) * 2 + ((a % 2 == 0) == even,)
    if x < 0.85:
        a, b = draw.integer(1, 12), draw.integer(1, 12)
        c = a + b + (draw.pick((-1, 1, 2)) if draw.chance(0.5) else 0)
        words = draw.pick((f"{a} + {b} = {c}", f"{a} plus {b} is {c}"))
        return words, words, a + b == c
    word = draw.word(3, 8)
    letter = draw.pick(word) if draw.chance(0.5) else draw.pick("aeiourstlnmkpd")
    if draw.chance(0.5):
        return (f"{word} starts with {letter}",) * 2 + (word[0] == letter,)
    return (f"{word} ends with {letter}",) * 2 + (word[-1] == letter,)


def make(draw):
    count = draw.pick((1, 2, 2, 2, 2, 3, 3))
    words, lines, values = [], [], []
    for _ in range(count):
        text, thought, truth = atom(draw)
        if draw.chance(0.3):
            text = draw.pick((f"not ({text})", f"it is not true that {text}", f"not {text}"))
            lines.append(f"{thought}: {str(truth).lower()}, not: {str(not truth).lower()}.")
            truth = not truth
        else:
            lines.append(f"{thought}: {str(truth).lower()}.")
        words.append(text)
        values.append(truth)
    if count == 1:
        statement, result = words[0], values[0]
    elif count == 2:
        joint = draw.pick(("and", "or"))
        statement = f"{words[0]} {joint} {words[1]}"
        result = values[0] and values[1] if joint == "and" else values[0] or values[1]
        lines.append(f"{str(values[0]).lower()} {joint} {str(values[1]).lower()}: {str(result).lower()}.")
    else:
        first, second = draw.pick((("and", "or"), ("or", "and"), ("and", "and"), ("or", "or")))
        inner = values[0] and values[1] if first == "and" else values[0] or values[1]
        result = inner and values[2] if second == "and" else inner or values[2]
        statement = f"({words[0]} {first} {words[1]}) {second} {words[2]}"
        lines.append(f"{str(values[0]).lower()} {first} {str(values[1]).lower()}: {str(inner).lower()}.")
        lines.append(f"{str(inner).lower()} {second} {str(values[2]).lower()}: {str(result).lower()}.")
    if draw.chance(0.3):
        statement = statement.replace(" and ", " AND ").replace(" or ", " OR ")
    question = draw.say(ASK, ASK_KEPT, s=statement)
    answer = f"The statement is **{'true' if result else 'false'}**."
    return problem("logic", draw.question(question, lower=False), draw.pick(("", "Part by part. ", "Let me judge each part. ")) + " ".join(lines), answer)
