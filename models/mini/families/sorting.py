"""Sorting by taking out the least that is left, again and again."""
from mini.draw import kept_out, slip
from mini.problem import problem

NUMBERS = ["[From small to large|Smallest first|Ascending|In ascending order|Sorted|From low to high]: {l}",
    "{l} [from small to large|smallest first|ascending|in ascending order|sorted|from low to high][, please|]",
    "[Write|List|Give me|Show me] {l} [from small to large|smallest first|ascending|from low to high].",
    "[In which|What|Which] order do {l} come [from small to large|if the smallest is first]?",
    "Start with the smallest and [list|sort|write] {l}.",
    "[Please bring|Bring|Get] these numbers into [ascending |]order: {l}",
    "[From small to large|Smallest first]: {l}",
    "{l}: sort [them|it|these][ ascending|]",
    "{l} - [in order|sorted|smallest first][, please|]",
    "What [order|sequence] do {l} have from small[est|] to large[st|]?",
    "[Line up|Arrange|Order|Rank] {l} from smallest to largest.",
    "I [have|got] {l}. [Sort|Order] them.",
    "How do {l} look [sorted|in order]?",
    "Give me {l} in ascending order.",
    "[Order|Sort] from [low|small|little] to [high|large|big]: {l}",
    "My numbers are {l}. Sort them.",
    "Which comes first, second and so on? {l}",
    "Sort the list {l}.",
    "Sort [these numbers|these|the numbers|]: {l}[.|]", "Sort {l}[ in ascending order| from smallest to largest|].", "[Put|Bring] {l} in order.",
           "Order the numbers {l}[ from small to large|].", "Arrange in ascending order: {l}", "[List|Write] {l} from smallest to largest.", "sort {l}",
           "Can you sort {l}[ for me|]?", "[What is|Give me] the sorted order of {l}[?|]", "Sort ascending: {l}", "Rank {l} from the lowest to the highest.",
           "Arrange these numbers in order: {l}"]
NUMBERS_KEPT = ["Which order do {l} have from smallest to largest?", "Please bring these numbers into ascending order: {l}", "Start with the smallest and list {l}."]
DOWN = ["[From large to small|Largest first|Descending|In descending order|From high to low]: {l}",
    "{l} [from large to small|largest first|descending|in descending order|from high to low][, please|]",
    "[Write|List|Give me|Show me] {l} [from large to small|largest first|descending|from high to low].",
    "Start with the largest and [list|sort|write] {l}.",
    "[Please bring|Bring|Get] these numbers into descending order: {l}",
    "[From large to small|Largest first]: {l}",
    "{l}: sort [them |it |]descending",
    "{l} - [descending|largest first][, please|]",
    "[Line up|Arrange|Order] {l} from [the |]largest to [the |]smallest.",
    "I [have|got] {l}. Sort them from largest to smallest.",
    "Give me {l} in descending order.",
    "[Order|Sort] from [high|large|big] to [low|small|little]: {l}",
    "My numbers are {l}. Sort them, largest first.",
    "Sort {l} in descending order.", "Sort [these numbers |]from largest to smallest: {l}", "[Arrange|Order|List] {l} from largest to smallest.", "Sort descending: {l}",
        "[Put|Bring] {l} in descending order.", "Rank {l} from the highest to the lowest.", "Reverse sort: {l}"]
DOWN_KEPT = ["Start with the largest and list {l}.", "Please bring these numbers into descending order: {l}"]
PICK = ["The {k} of {l}?",
    "[Find|Give|Say] the {k}: {l}",
    "{k} [in|among|out of] {l}[?|]",
    "What is the {k} [number |value |]in {l}?",
    "[Name|Pick|Give me] the {k} [of|in|among] {l}.",
    "{l}: which is the {k}?",
    "My numbers are {l}. [Which|What] is the {k}?",
    "I have {l}. Which [one |]is the {k}?",
    "Of {l}, which is the {k}?",
    "In {l}, what is the {k} number?",
    "Among {l}, find the {k}.",
    "[What is|What's|Find|Tell me] the {k}[| number] [of|in|among] {l}[?|]", "Which [number |]is the {k}: {l}?", "{k} of {l}?"]
PICK_KEPT = ["Out of {l}, name the {k}.", "The numbers are {l}. Which one is the {k}?"]
WORDS = ["In [which|what|alphabetical] order [do|would|should] {l} [stand|come|appear|be][ in a dictionary| in a list|]?",
    "How [do|would|should] {l} [stand|come|appear|follow] [in a dictionary|in the alphabet|from A to Z]?",
    "[Which|What] order do {l} have [in the alphabet|in a dictionary|from A to Z|by alphabet]?",
    "[What is|Give me|Find] the [alphabetical|dictionary|A to Z] order of {l}[?|.|]",
    "[Dictionary|Alphabetical|A to Z] order: {l}",
    "[Alphabetize|Sort|Order|Arrange] [the words |these: |]{l}[ for me|, please|]",
    "[I need|Show me] {l} [sorted by letters|in dictionary order|in alphabetical order|by alphabet].",
    "[Bring|Put|Get] {l} into [alphabetical order|the order of the alphabet|the order of a dictionary].",
    "[Please arrange|Arrange|Order|Sort] these by [the |]alphabet: {l}",
    "From A to Z, [how do|in which order do] {l} [follow|come|stand]?",
    "{l}: [sort|order] [them |]alphabetically",
    "{l} - [in alphabetical order|from A to Z][, please|]",
    "I have the words {l}. [Sort|Order] them.",
    "My words are {l}. Put them in [alphabetical |]order.",
    "Give me {l} in alphabetical order.",
    "How would {l} stand in a dictionary?",
    "[Line up|Rank] {l} by the alphabet.",
    "Alphabetical order of {l}[?|]",
    "Which of these words comes first, second and so on? {l}",
    "Sort the words {l}.",
    "[Sort|Order] [by letters|by the alphabet|A-Z]: {l}",
    "Sort [these words|the words|]: {l}[.|]", "Sort {l} alphabetically.", "[Put|Bring] [these words|the words] in alphabetical order: {l}", "Arrange {l} in alphabetical order.", "Alphabetize {l}.", "[Order|List] {l} [from A to Z|alphabetically].",
         "Sort [these words|the following words] by the alphabet: {l}", "Can you sort {l} alphabetically?", "In which order do {l} stand in a dictionary?", "sort alphabetically: {l}"]
WORDS_KEPT = ["Bring {l} into the order of a dictionary.", "Please arrange these by alphabet: {l}", "Going from A to Z, how do {l} follow each other?"]


def separated(draw, items):
    x = draw.random()
    if x < 0.62:
        return ", ".join(items)
    if x < 0.74 and len(items) > 1:
        return ", ".join(items[:-1]) + " and " + items[-1]
    if x < 0.84:
        return " ".join(items)
    if x < 0.92:
        return "[" + ", ".join(items) + "]"
    return "; ".join(items)


def taken_out(draw, items, key, word):
    """Line by line: what is left, and the one taken."""
    left, lines = list(items), []
    bad = draw.integer(0, len(items) - 3) if len(items) > 3 and draw.chance(0.05) else -1
    done = []
    while len(left) > 1:
        best = key(left)
        wrong = ""
        if len(done) == bad:
            other = draw.pick([x for x in left if x != best] or [best])
            if other != best:
                wrong = f"{slip(other)}? No, "
        lines.append(f"{' '.join(map(str, left))}: {word} {wrong}{best}")
        left.remove(best)
        done.append(best)
    lines.append(f"{left[0]}: last {left[0]}")
    return "\n".join(lines) + "\n", done + left


def numbers(draw):
    count = draw.integer(3, 8)
    top = draw.pick((9, 20, 99, 99, 100, 999, 999))
    if draw.chance(0.9):
        items = draw.some(range(top + 1), min(count, top))
    else:
        items = [draw.integer(0, top) for _ in range(count)]
    listed = separated(draw, list(map(str, items)))
    x = draw.random()
    if x < 0.13:
        k = draw.pick(("smallest", "largest"))
        best = min(items) if k == "smallest" else max(items)
        so_far, text = items[0], f"Start with {items[0]}."
        for item in items[1:]:
            better = item < so_far if k == "smallest" else item > so_far
            so_far = item if better else so_far
            text += f" {item}: {'take' if better else 'keep'} {so_far}."
        return problem("number sorting", draw.question(draw.say(PICK, PICK_KEPT, l=listed, k=k), lower=False), text, f"The {k} is $\\boxed{{{best}}}$")
    down = x < 0.35
    text, done = taken_out(draw, items, max if down else min, "largest" if down else "smallest")
    result = ", ".join(map(str, done))
    question = draw.say(*((DOWN, DOWN_KEPT) if down else (NUMBERS, NUMBERS_KEPT)), l=listed)
    return problem("number sorting", draw.question(question, lower=False), text + "All in order.", f"**{result}**")


def words(draw):
    count = draw.integer(3, 8 if draw.chance(0.35) else 6)
    items = []
    first = draw.word(3, 7)
    while len(items) < count:
        word = draw.word(3, 8)
        if draw.chance(0.2):  # the same beginning
            word = (first[:draw.integer(1, 3)] + word)[:8]
        if word not in items and (len(word) < 4 or kept_out(word) == draw.held):
            items.append(word)
    text, done = taken_out(draw, items, min, "first")
    question = draw.say(WORDS, WORDS_KEPT, l=separated(draw, items))
    return problem("word sorting", draw.question(question, lower=False), text + "All in order.", f"**{', '.join(done)}**")
