"""Counting letters, spelling, turning words round: always over a numbered list of the letters."""
from mini.draw import kept_out, slip
from mini.problem import problem

COUNT = ["How many {q}'s do you [see|find] in {w}?", "How many {q}'s has {w}?",
    "[How many|How often] {q} [in|within] {w}?",
    "[Please count|Count|Find|Give me] [how many times|how often] {q} [is|occurs|appears|comes] in {w}.",
    "[Look at|Take] [the word |]{w}[:|.] [how many|How many] {q} [are there|does it have|do you see]?",
    "How many {q} do you [see|find|count] in {w}?",
    "{w}: how many {q}?",
    "{w} - [number|count] of {q}?",
    "The word {w} has how many {q}?",
    "Is there a {q} in {w}? How many?",
    "How [frequently|many times] do I [see|meet|write] {q} in {w}?",
    "With how many {q} is {w} written?",
    "[Number|Count] of the letter {q} in {w}[?|]",
    "I want to know how many {q} {w} has.",
    "How many times do I need {q} to write {w}?",
    "Count every {q} in [the word |]{w}.",
    "In {w}, [count|find] the letter {q}.",
    "What is the count of {q} in {w}?",
    "{q} in {w}, how many?",
    "How many times does {q} appear in {w}?", "How many {q} are [there |]in [the word |]{w}?", "How many {q}'s are [there |]in {w}?",
         "How many {q}'s in {w}?", "How many {q}s [are |]in [the word |]{w}?", "How many letters {q} are in {w}?",
         "Count the [letter |]{q} in [the word |]{w}.", "Count the {q}'s in {w}", "How often does [the letter |]{q} [appear|occur|come up] in [the word |]{w}?",
         "[What is|Find|Tell me] the number of {q} in {w}[?|]", "In the word {w}, how many {q} are there?", "number of {q} in {w}",
         "How many times is [the letter |]{q} in {w}?", "How many {q}'s does [the word |]{w} have?", "How many {q} does {w} contain?",
         "Does {w} have more than one {q}? How many?"]
COUNT_KEPT = ["Look at {w}: how many {q} can you find?", "How frequently does {q} occur in {w}?", "Please count every {q} in {w}.",
              "The word is {w}. How many times do you see {q}?"]
LENGTH = ["What [is|would be] the [length|number of letters] of [the word |]{w}?",
    "[Length|Letter count|Number of letters] of {w}[?|]",
    "How [long|many letters] is {w}?",
    "Please count the letters [of|in] [the word |]{w}.",
    "Of how many letters [is|does] {w} [made|consist]?",
    "{w} has how many letters?",
    "{w}: how many letters?",
    "How many letters [do I need|are needed] to write {w}?",
    "[Give me|Find] the number of letters [of|in] {w}.",
    "With how many letters is {w} written?",
    "How many letters long is {w}?",
    "The word {w} is how long?",
    "How many letters are [there |]in {w}?", "How many letters does [the word |]{w} have?", "How long is the word {w}?",
          "Count the letters [in|of] {w}.", "[What is|Tell me] the length of [the word |]{w}[?|]", "How many characters are in {w}?",
          "length of {w}", "number of letters in {w}"]
LENGTH_KEPT = ["Of how many letters is {w} made?", "How many letters would I write for {w}?", "Please count the letters of the word {w}."]
VOWEL = ["{w}: how many vowels?",
    "The word {w} has how many vowels?",
    "[Find|Give me] the number of vowels in {w}.",
    "How many of the letters of {w} are vowels?",
    "Count every vowel in {w}.",
    "How many vowels do you [see|find|count] in {w}?",
    "In {w}, how many vowels are there?",
    "How many vowels are [there |]in {w}?", "Count the vowels [in|of] {w}.", "How many vowels does [the word |]{w} have?", "number of vowels in {w}"]
VOWEL_KEPT = ["Please count all vowels of {w}.", "The word is {w}. How many vowels do you see?"]
SPELL = ["[Give|Show|Tell|Write] me {w} letter by letter.",
    "[Take|Pull] {w} apart into [its |]letters.",
    "Which letters [make up|are in|form] {w}?",
    "[Say|Write] {w} letter by letter.",
    "{w}, [spelled out|letter by letter][, please|].",
    "Let me see the letters of {w}.",
    "[Split|Cut|Divide] {w} into [its |]letters.",
    "[Go through|Read out] the letters of {w}.",
    "How do I spell {w}?",
    "Spelling of {w}?",
    "Put hyphens between the letters of {w}.",
    "Write {w} with hyphens between the letters.",
    "I want {w} spelled out.",
    "One letter after the other: {w}",
    "Give the letters that {w} is made of.",
    "[Spell|Please spell] [the word |]{w}[.|]", "How do you spell {w}?", "How is {w} spelled?", "Spell out {w}[, letter by letter|]", "What are the letters of {w}?",
         "[List|Name|Write down] the letters [in|of] {w}[ one by one|].", "Can you spell {w}[ for me|]?", "Break {w} into letters.", "Separate the letters of {w}[ with hyphens|].",
         "{w}: spell it"]
SPELL_KEPT = ["Take {w} apart into its letters.", "Give me {w} letter by letter.", "Which letters make up {w}?"]
REVERSE = ["[What is|Spell|Write|Say|Read] {w} [backward|backwards|reversed|in reverse|from back to front][?|.|]",
    "[Turn|Flip|Swing] [the word |]{w} [round|around|over].",
    "[reverse|reversed|backwards|backward|in reverse|flip|turn round|mirror]: {w}",
    "{w} [backward|reversed|turned round|flipped|in reverse|mirrored|from the end][?|]",
    "[Reverse|Flip|Turn round] [this word|this|the letters]: {w}",
    "Can you [flip|mirror|turn round|spell backwards|write backwards|read backwards] [the word |]{w}?",
    "How do you [spell|say|read|write] {w} [backward|in reverse|from the end]?",
    "[I need|Give me|Show me] {w} [turned round|flipped|backward|from back to front].",
    "[Give|Show|Tell|Write] me {w} [backwards|in reverse|reversed].",
    "Give me {w} from [its |the |]last letter to [its |the |]first.",
    "Read {w} [backwards|from the end|from right to left].",
    "[Mirror|Invert] [the word |]{w}.",
    "{w}, [reversed|from back to front][, please|].",
    "What does {w} look like [backwards|in reverse]?",
    "Start {w} at its end and write it to its beginning.",
    "{w} from the end to the beginning?",
    "Put the letters of {w} in reverse order.",
    "What word is {w} read from the end?",
    "I want {w} backwards.",
    "The reverse of {w}[?|]",
    "How is {w} written the other way round?",
    "Turn the letters of {w} around.",
    "[Reverse|Please reverse] [the word |the string |]{w}[.|]", "[Spell|Write|Say] {w} [backwards|backward|in reverse|from back to front].", "What is {w} [backwards|backward|spelled backwards|in reverse|reversed]?",
           "Turn {w} [round|around].", "How do you write {w} backwards?", "{w} backwards", "{w} in reverse", "Can you reverse {w}[ for me|]?", "Reverse the letters [in|of] {w}.", "What do you get if you read {w} from right to left?",
           "Flip the word {w}.", "reverse: {w}"]
REVERSE_KEPT = ["Give me {w} from its last letter to its first.", "Read {w} backwards.", "What is the mirror image of the word {w}?"]
LETTER = ["[Name|Say|Show me] the {n} letter of {w}.",
    "In {w}, [what|which] is the {n} letter?",
    "{w}: [what is |]the {n} letter?",
    "The {n} letter of {w} is what?",
    "Which letter of {w} is the {n}?",
    "[What|Which letter] comes {n} in {w}?",
    "Look at {w}. What is its {n} letter?",
    "I need the {n} letter of {w}.",
    "What is the {n} letter [of|in] {w}?", "Which letter is [the |]{n} in {w}?", "[Tell me|Give me|Find] the {n} letter of {w}.", "{n} letter of {w}?"]
LETTER_KEPT = ["In {w}, what comes as the {n} letter?", "Name the letter that is {n} in {w}."]
PALINDROME = ["{w}: palindrome or not?",
    "Is {w} the same from both ends?",
    "Is {w} still {w} when reversed?",
    "Can {w} be read both ways?",
    "Read from the end, is {w} the same word?",
    "Test {w}: is it a palindrome?",
    "Is {w} a palindrome?", "Is [the word |]{w} the same [forwards and backwards|when reversed]?", "Does {w} read the same backwards?", "[Check|Tell me] whether {w} is a palindrome."]
PALINDROME_KEPT = ["Would you call {w} a palindrome?", "Read from right to left, is {w} still the same?"]
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"]


def quoted(draw, word):
    x = draw.random()
    if x < 0.5:
        return word
    return draw.pick(('"{}"', "'{}'", '"{}"', "`{}`", "**{}**", "“{}”")).format(word)


def shown(draw, word):
    """Words are asked about in capitals too; the letters are those that stand there."""
    x = draw.random()
    return word if x < 0.86 else word.capitalize() if x < 0.95 else word.upper()


def listed(word):
    return " ".join([f"{i}:{c}" for i, c in enumerate(word, 1)])


def count(draw):
    word = shown(draw, draw.word(3, 14 if draw.chance(0.2) else 12))
    asked = quoted(draw, word)
    x = draw.random()
    if x < 0.12:
        question = draw.say(LENGTH, LENGTH_KEPT, w=asked)
        text = f"I number the letters of {word}. {listed(word)}. The last number is {len(word)}."
        return problem("letters", draw.question(question, lower=False), text, f"{asked} has $\\boxed{{{len(word)}}}$ letter{'s' * (len(word) != 1)}.")
    if x < 0.2:
        text, n = f"Vowels are a, e, i, o, u. {word}:", 0
        for i, c in enumerate(word, 1):
            text += f" {i}:{c}"
            if c.lower() in "aeiou":
                n += 1
                text += f" ({n})"
        question = draw.say(VOWEL, VOWEL_KEPT, w=asked)
        return problem("letters", draw.question(question, lower=False), text + f". That makes {n}.", f"{asked} has $\\boxed{{{n}}}$ vowel{'s' * (n != 1)}.")
    if x < 0.3:
        i = draw.integer(1, min(len(word), 12))
        if draw.chance(0.2):
            i, name = len(word), "last"
        else:
            name = ORDINALS[i - 1]
        question = draw.say(LETTER, LETTER_KEPT, w=asked, n=name)
        text = f"I number the letters of {word}. {listed(word)}. The {name} is number {i}: {word[i - 1]}."
        return problem("letters", draw.question(question, lower=False), text, f"The {name} letter of {asked} is **{word[i - 1]}**.")
    letter = draw.pick(word.lower()) if draw.chance(0.8) else draw.pick("abcdefghijklmnopqrstuvwxyz")
    if letter.lower() not in word.lower() and draw.chance(0.5):
        letter = draw.pick(word.lower())
    upper = letter.upper() if draw.chance(0.06) else letter
    text = draw.pick((f"Let me go through {word} and count {letter}.", f"I look for {letter} in {word}.", f"{word}, letter by letter, counting {letter}."))
    n, bad = 0, draw.integer(1, len(word)) if draw.chance(0.05) else 0
    for i, c in enumerate(word, 1):
        text += f" {i}:{c}"
        if c.lower() == letter.lower():
            n += 1
            text += f" ({n})"
            if i == bad:
                text = text[:-len(f" ({n})")] + f" ({slip(n + 1)}), no, ({n})"
    text += f". That makes {n}."
    if draw.chance(0.12):
        found = [str(i) for i, c in enumerate(word, 1) if c.lower() == letter.lower()]
        text += f" At {', '.join(found)}." if found else " It is nowhere."
    mark = draw.pick(("{}", "{}", '"{}"', "'{}'")).format(upper)
    question = draw.say(COUNT, COUNT_KEPT, w=asked, q=mark)
    answer = draw.pick((f"The letter {letter} appears $\\boxed{{{n}}}$ time{'s' * (n != 1)} in {asked}.",) * 2 + (
        f"There {'is' if n == 1 else 'are'} $\\boxed{{{n}}}$ {letter} in {asked}.",))
    return problem("letters", draw.question(question, lower=False), text, answer)


def spell(draw):
    word = shown(draw, draw.word())
    asked = quoted(draw, word)
    text = draw.pick(("Letter by letter: ", "One after the other: ", "")) + listed(word) + "."
    return problem("spelling", draw.question(draw.say(SPELL, SPELL_KEPT, w=asked), lower=False), text, f"**{'-'.join(word)}**")


def reverse(draw):
    word = shown(draw, draw.word())
    asked = quoted(draw, word)
    if draw.chance(0.12):
        if draw.chance(0.5):
            half = draw.invented(2, 5)
            whole = half + draw.pick((half[::-1], half[-2::-1]))
            if kept_out(whole) == draw.held or len(whole) < 4:
                word, asked = whole, quoted(draw, whole)
    backwards = " ".join([f"{i}:{word[i - 1]}" for i in range(len(word), 0, -1)])
    text = f"{word}: {listed(word)}.\nFrom the end: {backwards}.\nTogether {word[::-1]}."
    if draw.chance(0.15):
        question = draw.say(PALINDROME, PALINDROME_KEPT, w=asked)
        same = word.lower() == word[::-1].lower()
        text += f" {word} and {word[::-1]} are {'the same' if same else 'not the same'}."
        answer = f"**{'Yes' if same else 'No'}**: {word} backwards is {word[::-1]}."
        return problem("reversal", draw.question(question, lower=False), text, answer)
    return problem("reversal", draw.question(draw.say(REVERSE, REVERSE_KEPT, w=asked), lower=False), text, f"**{word[::-1]}**")
