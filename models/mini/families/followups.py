"""A second question about what was just answered: and times 3?"""
import re

from mini import columns
from mini.columns import boxed
from mini.families import arithmetic, divisors, letters, sorting, stories
from mini.problem import Turn

PLUS = ["[And|Now|Then] [increase|raise|grow] [it|that|the result] by {k}[.|]",
    "[And|What about] {k} [more|on top|added][?|]",
    "[What is|And] [it|that] [increased|raised] by {k}?",
    "[add|plus|increase by|raise by] {k}[, please|]",
    "Put {k} on top of that.",
    "[And|What] with {k} added?",
    "[And|Now] [increase|raise] it by {k}.",
    "And {k} more than that?",
    "Plus {k}[, please|].",
    "Take that and add {k}.",
    "What is that plus {k}?",
    "Add another {k}.",
    "[Now|Then] add {k} to [it|the result].",
    "[And |]plus {k}?", "[And |]now add {k}[.|]", "Add {k} to that.", "[And |]{k} more?", "What if I add {k}?", "+ {k}", "And then plus {k}?", "Now plus {k}", "and if you add {k}?"]
PLUS_KEPT = ["Put {k} on top of that.", "And with {k} added?"]
MINUS = ["[And|Now|Then] [decrease|reduce|lower] [it|that|the result] by {k}[.|]",
    "[And|What about] {k} [less|fewer|taken away|removed][?|]",
    "[What is|And] [it|that] [decreased|reduced|lowered] by {k}?",
    "[subtract|minus|decrease by|reduce by|take away] {k}[, please|]",
    "Take {k} off [that|it].",
    "[And|What] with {k} removed?",
    "[And|Now] [decrease|lower|reduce] it by {k}.",
    "And {k} less than that?",
    "Minus {k}[, please|].",
    "Take that and subtract {k}.",
    "What is that minus {k}?",
    "Take away {k}.",
    "[Now|Then] subtract {k} from [it|the result].",
    "[And |]minus {k}?", "[And |]now subtract {k}[.|]", "Subtract {k} from that.", "[And |]{k} less?", "What if I take away {k}?", "- {k}", "Now minus {k}", "and if you subtract {k}?"]
MINUS_KEPT = ["Take {k} off that.", "And with {k} removed?"]
TIMES = ["[And|Now|Then] multiplied by {k}[?|]",
    "[What about|What is] [it|that|the result] [times|multiplied by] {k}?",
    "[multiply by|multiplied by|times] {k}[, please|]",
    "[And|Now|Then] {k} times [it|that|the result][?|]",
    "Take [that|it] {k} times.",
    "And multiplied by {k}?",
    "Times {k}[, please|].",
    "Take that and multiply by {k}.",
    "And {k} times as much?",
    "[Now|Then] multiply [it|the result] by {k}.",
    "How much is {k} times that?",
    "Make it {k} times as large.",
    "[And |]times {k}?", "[And |]now multiply by {k}[.|]", "Multiply that by {k}.", "What is that times {k}?", "[* |× |x ]{k}", "And {k} times that?", "Now times {k}", "and if you multiply it by {k}?"]
TIMES_KEPT = ["Take that {k} times.", "And multiplied by {k}?"]
DOUBLE = ["And two times as much?",
    "Twice as much, please.",
    "And doubled?",
    "What is twice that?",
    "Take it twice.",
    "[And |]double that?", "Double it.", "And twice that?", "Now double it", "What is the double of that?"]
DOUBLE_KEPT = ["And two times as much?", "Twice as much, please."]
EVEN = ["Would that be [even|an even number]?",
    "Is that number odd or even?",
    "Even?",
    "Tell me if it is even.",
    "Is this result odd or even?",
    "Is that [even|even or odd]?", "Is it an even number?", "Is the result even?", "Even or odd?", "And is that even?"]
EVEN_KEPT = ["Would that be an even number?", "Is that number odd or even?"]
PRIME = ["Would that be [prime|a prime number]?",
    "Prime?",
    "Is that number prime?",
    "Tell me if it is prime.",
    "Is that [prime|a prime|a prime number]?", "And is it prime?", "Is the result a prime number?"]
PRIME_KEPT = ["Would that be a prime number?"]
DOWN = ["Turn the order [round|around].",
    "And starting from the [other end|largest]?",
    "Now descending, please.",
    "And largest first?",
    "The same in descending order.",
    "Other way round, please.",
    "[And |]in descending order?", "Now from largest to smallest.", "Reverse the order.", "And the other way round?", "Now backwards."]
DOWN_KEPT = ["Turn the order round.", "And starting from the other end?"]
LETTER = ["[The same|Same] for {q}[, please|].",
    "And how often {q}?",
    "Now count {q}.",
    "And for {q}?",
    "How often is {q} in it?",
    "Count {q} too.",
    "Are there any {q}?",
    "[And |]how many {q}?", "And {q}?", "What about {q}?", "And the letter {q}?", "How many {q} are in it?", "How many {q}'s?"]
LETTER_KEPT = ["Same for {q}, please.", "And how often {q}?"]
BACK = ["And from [back to front|the end]?",
    "[Now|And] turn it [round|around].",
    "What is it backwards?",
    "Spell it backwards.",
    "The word in reverse, please.",
    "[And |]backwards?", "[And |]reversed?", "Now reverse it.", "And in reverse?", "Reverse that word."]
BACK_KEPT = ["And from back to front?", "Now turn it round."]
WHY = ["Would you bet on it?",
    "[Please |]verify that.",
    "Is this correct?",
    "You are sure?",
    "Please check it.",
    "Is that the right answer?",
    "Hm, is that so?",
    "Are you sure?", "Is that right?", "Can you check that?", "Really?", "Check again.", "Are you certain?"]
WHY_KEPT = ["Would you bet on it?", "Please verify that."]


def value_of(answer):
    return int(answer.split("\\boxed{")[1].split("}")[0])


def on_number(draw, first, value):
    kind = draw.pick("pppmmttttdde")
    last = draw.pick((f"The last result was {value}.", f"Before it was {value}."))
    if kind == "p":
        k = draw.digits(1, 3)
        text, result = columns.add(draw, value, k)
        question, answer = draw.say(PLUS, PLUS_KEPT, k=k), f"{value} + {k} = {boxed(result)}"
    elif kind == "m":
        k = draw.digits(1, 3) if value > 99 else draw.integer(0, max(1, value))
        text, result = columns.subtract(draw, value, k)
        question, answer = draw.say(MINUS, MINUS_KEPT, k=k), f"{value} - {k} = {boxed(result)}"
    elif kind in "td":
        k = draw.integer(2, 9) if kind == "t" else 2
        line, result = columns.times_digit(draw, value, k)
        text, answer = line + ".", f"{value} × {k} = {boxed(result)}"
        question = draw.say(TIMES, TIMES_KEPT, k=k) if kind == "t" else draw.say(DOUBLE, DOUBLE_KEPT)
    else:
        if value < 400 and draw.chance(0.5):
            while True:
                sub = divisors.prime(_Fixed(draw, value))
                break
            question, text, answer = draw.say(PRIME, PRIME_KEPT), sub.turns[0].thought, sub.turns[0].answer
        else:
            even = value % 2 == 0
            text = f"It ends in {value % 10}, which is {'even' if even else 'odd'}."
            question, answer = draw.say(EVEN, EVEN_KEPT), f"{value} is **{'even' if even else 'odd'}**."
    return Turn(question, f"{last} {text}", answer)


class _Fixed:
    """A Draw whose first number is given."""

    def __init__(self, draw, value):
        self._draw, self._value, self.held = draw, value, draw.held

    def integer(self, low, high):
        return self._value

    def chance(self, p):
        return p == 0.85

    def __getattr__(self, name):
        return getattr(self._draw, name)


def make(draw):
    kind = draw.pick("nnnnnnnlllsw")
    if kind == "n":
        while True:
            first = draw.pick((arithmetic.sums, arithmetic.sums, arithmetic.differences, arithmetic.products, stories.make, divisors.remainder))(draw)
            answer = first.turns[0].answer
            boxed_text = answer.split("\\boxed{")[1].split("}")[0] if answer.count("\\boxed{") == 1 else "x"
            if boxed_text.isdigit() and len(boxed_text) < 6 and len(first.turns[0].thought) < 400:
                break
        second = on_number(draw, first, int(boxed_text))
    elif kind == "s":
        while True:
            first = sorting.numbers(draw)
            turn = first.turns[0]
            if "last" in turn.thought and "smallest" in turn.thought:
                break
        items = turn.answer.strip("*").split(", ")
        second = Turn(draw.say(DOWN, DOWN_KEPT), f"The order was {' '.join(items)}. From the end: {' '.join(items[::-1])}.", f"**{', '.join(items[::-1])}**")
    elif kind == "l":
        while True:
            first = letters.count(draw)
            turn = first.turns[0]
            if ". That makes" in turn.thought and "Vowels" not in turn.thought:
                break
        word = "".join(re.findall(r"\b\d+:([A-Za-z])", turn.thought.split(". That makes")[0]))
        if draw.chance(0.6):
            letter = draw.pick(word.lower()) if draw.chance(0.8) else draw.pick("abcdefghijklmnopqrstuvwxyz")
            n, text = 0, f"The word was {word}. I look for {letter}."
            for i, c in enumerate(word, 1):
                text += f" {i}:{c}"
                if c.lower() == letter:
                    n += 1
                    text += f" ({n})"
            second = Turn(draw.say(LETTER, LETTER_KEPT, q=letter), text + f". That makes {n}.", f"The letter {letter} appears $\\boxed{{{n}}}$ time{'s' * (n != 1)} in {word}.")
        else:
            backwards = " ".join([f"{i}:{word[i - 1]}" for i in range(len(word), 0, -1)])
            second = Turn(draw.say(BACK, BACK_KEPT), f"The word was {word}: {letters.listed(word)}.\nFrom the end: {backwards}.\nTogether {word[::-1]}.", f"**{word[::-1]}**")
    else:
        first = draw.pick((arithmetic.sums, arithmetic.products, divisors.remainder, stories.make))(draw)
        turn = first.turns[0]
        if len(turn.thought) > 450 or turn.answer.count("boxed") != 1:
            return make(draw)
        result = turn.answer.split("\\boxed{")[1].split("}")[0]
        second = Turn(draw.say(WHY, WHY_KEPT), f"The result was {result}. I worked it out step by step, so I stay with {result}.", f"Yes, I worked it out step by step: $\\boxed{{{result}}}$")
    first.family = "follow-ups"
    first.turns.append(second)
    return first
