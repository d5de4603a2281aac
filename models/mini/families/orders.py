"""Who is taller: every sentence turned the same way round, then chained from the top."""
from mini.problem import problem

# more, less, most, least
KINDS = [("taller", "shorter", "tallest", "shortest"), ("older", "younger", "oldest", "youngest"), ("faster", "slower", "fastest", "slowest"), ("heavier", "lighter", "heaviest", "lightest"), ("stronger", "weaker", "strongest", "weakest"), ("richer", "poorer", "richest", "poorest")]
KINDS_KEPT = [("taller", "shorter", "tallest", "shortest"), ("older", "younger", "oldest", "youngest")]
MOST = ["[Tell me|Say|Find out] who is the {s}.",
    "The {s} of them is who?",
    "[Which one|Who of them] is the {s}?",
    "Who of these is the {s}?",
    "Find the {s}.",
    "[Now who|Then who|And who] is the {s}?",
    "Which person is the {s}?",
    "I want to know who is the {s}.",
    "Who is the {s}?", "Which of them is the {s}?", "Who is {s}?", "So who is the {s}[ of all|]?", "Name the {s} one."]
MOST_KEPT = ["Tell me who is the {s}.", "The {s} of them is who?"]
ORDER = ["Line them up from {s} to {l}.",
    "[Give|Tell|Show|Write] [me |]the [whole |]row from {s} to {l}.",
    "[Put|Bring] them in order from {s} to {l}.",
    "From {s} to {l}: what is the order?",
    "[Rank|Arrange] them from {s} to {l}.",
    "Name them all from {s} to {l}.",
    "[Order|Sort|List] them from {s} to {l}.", "What is the order from {s} to {l}?", "Who comes after whom, from {s} to {l}?"]
ORDER_KEPT = ["Line them up from {s} to {l}.", "Give the whole row from {s} to {l}."]
PAIR = ["Is {a} {c} than {b}?", "So is {a} {c} than {b}?", "Can we say that {a} is {c} than {b}?", "[Tell me|Check] [if|whether] {a} is {c} than {b}.",
        "Does it follow that {a} is {c} than {b}?", "And is {a} {c} than {b}?", "[Then|Now] is {a} {c} than {b}?", "Would {a} be {c} than {b}?",
        "{a} is {c} than {b}, true?", "Is it so that {a} is {c} than {b}?"]
WHO = ["Who is {c}, {a} or {b}?", "Between {a} and {b}, who is {c}?", "{a} or {b}: who is {c}?", "Which of {a} and {b} is {c}?", "Is {a} or {b} the {c} one?",
       "Tell me who is {c}, {a} or {b}.", "So who is {c}, {a} or {b}?"]


def make(draw):
    more, less, most, least = draw.pick(KINDS_KEPT if draw.held else KINDS)
    names = draw.names(draw.pick((2, 3, 3, 3, 4, 4, 5)))
    facts, said = [], []
    for a, b in zip(names, names[1:]):
        turned = draw.chance(0.35)
        facts.append((a, b))
        said.append((f"{b} is {less} than {a}" if turned else f"{a} is {more} than {b}", (a, b)))
    if draw.chance(0.75):
        said = draw.shuffled(said)
    sentences = ". ".join(s for s, _ in said) + "." if draw.chance(0.8) else ", ".join(s for s, _ in said) + "."
    text = " ".join(f"{a} > {b}." for _, (a, b) in said)
    text = f"> means {more}. {text} On no right side: {names[0]}. " + f"Chain: {' > '.join(names)}."
    x = draw.random()
    if x < 0.3:
        question, result = draw.say(MOST, MOST_KEPT, s=most), names[0]
        answer = f"**{result}** is the {most}."
        text += f" The first is the {most}."
    elif x < 0.55:
        question, result = draw.say(MOST, MOST_KEPT, s=least), names[-1]
        answer = f"**{result}** is the {least}."
        text += f" The last is the {least}."
    elif x < 0.75:
        if draw.chance(0.7):
            question, row = draw.say(ORDER, ORDER_KEPT, s=most, l=least), names
            text += f" From {most} to {least} that is the order: {' '.join(row)}."
        else:
            question, row = draw.say(ORDER, ORDER_KEPT, s=least, l=most), names[::-1]
            text += f" From {least} to {most} it is turned round: {' '.join(row)}."
        answer = f"**{', '.join(row)}**"
    else:
        i, j = sorted(draw.some(range(len(names)), 2))
        a, b = names[i], names[j]
        if draw.chance(0.5):
            p, q = (a, b) if draw.chance(0.5) else (b, a)
            word = draw.pick((more, less))
            text += f" {a} stands before {b}: {a} is {more}, {b} is {less}."
            if draw.chance(0.35):
                question = draw.say(WHO, a=p, b=q, c=word)
                answer = f"**{a if word == more else b}** is {word}."
            else:
                yes = "Yes" if (p == a) == (word == more) else "No"
                question = draw.say(PAIR, a=p, b=q, c=word)
                text += f" Asked: {p} {word} than {q}. {yes}."
                answer = f"**{yes}**, {a} is {more} than {b}."
        else:
            question = draw.say(MOST, MOST_KEPT, s=most)
            answer, text = f"**{names[0]}** is the {most}.", text + f" The first is the {most}."
    whole = f"{sentences} {question}" if draw.chance(0.85) else f"{question} {sentences}"
    return problem("who is taller", draw.question(whole, lower=False), draw.pick(("", "Let me put them in a row. ")) + text, answer)
