"""Sums, differences and products, written out in columns."""
from mini import columns
from mini.columns import boxed, number, short
from mini.problem import problem

OPENING = ["Let me work this out place by place.\n", "I line the numbers up and go from the right.\n", "Okay, column by column.\n",
           "Let me do this step by step.\n", "", ""]

SUM = ["[Increase|Raise|Grow|Lift] [the number |]{a} by {b}[.|]",
    "What is {a} [increased|raised] by {b}?",
    "If {a} [grows|rises|increases] by {b}, what [is it|do we get] then?",
    "[One|A] [number|value|part] is {a}, [the other|another] [one |]is {b}. [What is their|Give the|Find the] [sum|total].",
    "[The sum|The total|Sum|Total][ of|:] {a} and {b}",
    "I [have|had] {a} and [get|got|find|found|earn|earned] {b} more. How much is [it|that] now?",
    "[There are|We have] {a} and {b} [more|others]. How many [in all|in total|altogether]?",
    "What [do|would] {a} and {b} give [together|in sum|when added]?",
    "If [you|I|we] put {a} and {b} together, what do [you|I|we] get?",
    "[Sum|Add]: {a}, {b}",
    "{a} and {b} [together|in total|in all|added|summed][?|]",
    "{a} [and|plus|+] {b} [equals|makes|gives|is] what?",
    "[Sum|Total|Addition]: {a} [and|+] {b}",
    "[I need|Give me|Show me|Tell me] {a} + {b}[.|]",
    "If I add {a} to {b}, what do I get?",
    "Put {a} and {b} together.",
    "What does {a} plus {b} [equal|make|give|come to]?",
    "[Add up|Sum up|Total] {a} and {b}[.|]",
    "{a} added to {b}[?|]",
    "How much do {a} and {b} [make|give] together?",
    "One number is {a}, the other {b}. What is their [sum|total]?",
    "Do the addition {a} + {b}.",
    "[Could|Can|Would] you [add|sum] {a} and {b}[?|, please?]",
    "We have {a} here and {b} there. How [many|much] in all?",
    "What number is {a} + {b}?",
    "Let me know what {a} + {b} is.",
    "[Combine|Join] {a} and {b} into one [sum|number].",
    "{a} [€|dollars|points] plus {b} [€|dollars|points], how much is it?",
    "What total do {a} and {b} give?",
    "[What is|What's|Calculate|Compute|Work out|Find|Evaluate|Solve] {a} + {b}[?|.|]", "{a} + {b}", "{a}+{b}", "{a} + {b} = ?", "{a}+{b}=",
       "[What is|What's|Tell me|Find] {a} plus {b}[?|]", "Add {a} and {b}.", "Add {b} to {a}", "How much is {a} [plus|+] {b}?",
       "[What is|Find|Give me|Calculate] the sum of {a} and {b}[?|.]", "{a} plus {b}", "What do {a} and {b} make [together|in total|in all]?",
       "I have {a} and I get {b} more. [How much is that|How many do I have]?", "What do I get if I add {a} and {b}?",
       "Can you [add|sum up] {a} and {b}[ for me|]?", "sum of {a} and {b}", "[Increase|Raise] {a} by {b}.", "What is {b} more than {a}?",
       "What is the result of {a} + {b}?", "The bill has two items, {a} and {b}. What is the total?", "Please add {a} + {b}."]
SUM_KEPT = ["If you put {a} and {b} together, what do you get?", "Total of {a} and {b}?", "Could you work out {a} + {b}?",
            "I need the sum {a} + {b}.", "How much do {a} and {b} add up to?", "{a} plus {b} equals what?"]
DIFFERENCE = ["[Decrease|Reduce|Lower|Cut|Shrink] [the number |]{a} by {b}[.|]",
    "What is {a} [decreased|reduced|lowered] by {b}?",
    "If {a} [falls|drops|decreases|shrinks] by {b}, what [is it|do we get] then?",
    "I [have|had] {a} and [spend|spent|lose|lost|pay|paid|give away|gave away] {b}. [How much|What] [is left|remains][?|]",
    "[The difference|Difference][ of|:] {a} and {b}",
    "[There are|We have] {a}, and {b} [are taken|go away|are lost]. How many [are left|remain]?",
    "What [do|would] {a} and {b} differ by?",
    "[Start|Begin] with {a} and take away {b}.",
    "[Subtract|Take away|Difference]: {a}, {b}",
    "[Out of|Of|From] {a}, {b} are [used|gone|lost|spent]. How many [are left|remain]?",
    "What is the difference when {b} is taken from {a}?",
    "{b} from {a}[?|]",
    "{a} [minus|-|less] {b} [equals|makes|gives|is] what?",
    "[I need|Give me|Show me|Tell me] {a} - {b}[.|]",
    "If I [take|subtract|remove] {b} from {a}, what [is left|remains]?",
    "What does {a} minus {b} [equal|make|give|come to]?",
    "Difference: {a} and {b}",
    "{b} subtracted from {a}[?|]",
    "{b} taken from {a}[?|]",
    "From {a} [take|subtract|remove] {b}.",
    "[Remove|Deduct] {b} from {a}.",
    "How much [is left|remains] of {a} if {b} [is taken away|is removed|goes]?",
    "Do the subtraction {a} - {b}.",
    "[Could|Can|Would] you [subtract|take] {b} from {a}[?|, please?]",
    "What number is {a} - {b}?",
    "Let me know what {a} - {b} is.",
    "By how much is {a} more than {b}?",
    "How much [more|larger|greater] is {a} than {b}?",
    "{a} [€|dollars|points] minus {b} [€|dollars|points], how much is it?",
    "How far is it from {b} to {a}?",
    "I owe {b} and have {a}. What remains after paying?",
    "[What is|What's|Calculate|Compute|Work out|Find|Evaluate|Solve] {a} - {b}[?|.|]", "{a} - {b}", "{a}-{b}", "{a} - {b} = ?", "{a}-{b}=",
              "[What is|What's|Tell me|Find] {a} minus {b}[?|]", "Subtract {b} from {a}.", "Take {b} away from {a}.", "How much is {a} [minus|-] {b}?",
              "[What is|Find|Give me|Calculate] the difference [between|of] {a} and {b}[?|.]", "{a} minus {b}",
              "What [is left|remains] if I take {b} from {a}?", "I had {a} and spent {b}. How much is left?", "{a} less {b}[?|]",
              "What do I get if I subtract {b} from {a}?", "[Decrease|Reduce|Lower] {a} by {b}.", "What is the result of {a} - {b}?",
              "Can you subtract {b} from {a}[ for me|]?", "Please compute {a} - {b}.", "What is {b} less than {a}?"]
DIFFERENCE_KEPT = ["From {a}, remove {b}. What is left?", "Could you work out {a} - {b}?", "I need the difference {a} - {b}.",
                   "How much remains of {a} after taking away {b}?", "{a} minus {b} equals what?"]
PRODUCT = ["[The product|Product][ of|:] {a} and {b}",
    "[How much|How many|What] [is|are] {b} [groups|rows|sets|packs|boxes] of {a}?",
    "[There are|I have|We have] {b} [groups|sets|packs|boxes|rows] of {a}. [How many|What is that] [in all|in total|altogether]?",
    "What [do|would] {a} and {b} [give|make] when multiplied?",
    "{a} and {b} multiplied[?|]",
    "[Multiply|Product]: {a}, {b}",
    "Multiply [the numbers |]{a} and {b} [together|with each other].",
    "[Find|What is] the product when {a} is multiplied by {b}[?|.]",
    "How much is {a} taken {b} times?",
    "If [one|each|a box] [costs|holds|weighs] {a}, how much [do|would] {b} [cost|hold|weigh]?",
    "{b} [bags|boxes|shelves] with {a} [in each|each]: how many?",
    "{a} [×|*|x|times] {b}, [please|what is it|how much is it]?",
    "{a} [times|×|*|x] {b} [equals|makes|gives|is] what?",
    "[I need|Give me|Show me|Tell me] {a} [×|*] {b}[.|]",
    "What does {a} times {b} [equal|make|give|come to]?",
    "Product: {a} and {b}",
    "{a} multiplied by {b}[?|]",
    "Do the multiplication {a} × {b}.",
    "[Could|Can|Would] you multiply {a} [by|with] {b}[?|, please?]",
    "What number is {a} × {b}?",
    "Let me know what {a} * {b} is.",
    "If I multiply {a} by {b}, what do I get?",
    "Take {a} {b} times.",
    "{b} times {a}",
    "{b} rows with {a} [seats|trees|chairs|plants] each. How many [in all|in total|is that]?",
    "There are {b} [boxes|bags|rows|shelves|classes] [of|with] {a} [things|pieces|items|seats] [each|]. How many [in all|in total|altogether]?",
    "Each of {b} [people|workers|machines] makes {a}. How many in [all|total]?",
    "{b} [tickets|books|chairs] at {a} [dollars|euros] each cost how much?",
    "How [many|much] [is|are] {b} groups of {a}?",
    "What do {a} and {b} give when multiplied?",
    "{a} per [day|week|hour] for {b} [days|weeks|hours] makes how much?",
    "[What is|What's|Calculate|Compute|Work out|Find|Evaluate|Solve] {a} [×|*|x|times] {b}[?|.|]", "{a} [×|*|x] {b}", "{a}[*|×]{b}",
           "{a} [×|*|x] {b} = ?", "{a}*{b}=", "[What is|What's|Tell me|Find] {a} [times|multiplied by] {b}[?|]", "Multiply {a} by {b}.",
           "Multiply {a} and {b}.", "How much is {a} times {b}?", "[What is|Find|Give me|Calculate] the product of {a} and {b}[?|.]", "{a} times {b}",
           "What do I get if I multiply {a} by {b}?", "A box holds {a} items. How many are in {b} boxes?", "What is {b} times {a}?",
           "[I buy|We need] {b} pieces at {a} each. What [do they cost|is the total]?", "Can you multiply {a} by {b}[ for me|]?",
           "What is the result of {a} [×|*] {b}?", "product of {a} and {b}", "Please multiply {a} [×|*|x] {b}."]
PRODUCT_KEPT = ["Could you work out {a} × {b}?", "I need the product {a} * {b}.", "How much do {b} times {a} make?",
                "{a} times {b} equals what?", "There are {b} rows of {a} seats. How many seats in all?"]


def grouped(draw, text):
    """12345 as 12,345, now and then."""
    if len(text) > 4 and "." not in text and draw.chance(0.07):
        return f"{int(text):,}"
    return text


def operands(draw):
    """Two numbers in units of the smallest place, and the number of places."""
    if draw.chance(0.3):
        places = draw.pick((1, 2, 2))
        a, b = draw.digits(places + 1, 6), draw.digits(places, 6)
        if places == 2 and draw.chance(0.3):
            b = b // 10 * 10
        return a, b, places
    if draw.chance(0.12):
        return draw.integer(0, 99), draw.integer(0, 99), 0
    return draw.digits(1, 6), draw.digits(2, 6), 0


def asked(draw, value, places):
    text = short(number(value, places)) if draw.chance(0.8) else number(value, places)
    return grouped(draw, text)


def ending(draw, text, result, places):
    """The result, its needless zeros taken off, now and then looked over once more."""
    full = number(result, places)
    result = short(full)
    if full != result:
        text += f" That is {result}."
    return text, result


def sums(draw):
    a, b, places = operands(draw)
    if draw.chance(0.5):
        a, b = b, a
    text, total = columns.add(draw, a, b, places)
    if len(text) > 60 and draw.chance(0.15):
        x, y = a % 10, b % 10
        text += f"\nCheck the last digit: {x}+{y}={x + y}, so it must be {(x + y) % 10}, and it is."
    text, result = ending(draw, text, total, places)
    a, b = asked(draw, a, places), asked(draw, b, places)
    answer = f"{a} + {b} = {boxed(result)}"
    return problem("sum", draw.question(draw.say(SUM, SUM_KEPT, a=a, b=b)), draw.pick(OPENING) + text, answer)


def differences(draw):
    a, b, places = operands(draw)
    if a < b and draw.chance(0.8):
        a, b = b, a
    text, left = columns.subtract(draw, a, b, places)
    text, result = ending(draw, text, left, places)
    a, b = asked(draw, a, places), asked(draw, b, places)
    answer = f"{a} - {b} = {boxed(result)}"
    return problem("difference", draw.question(draw.say(DIFFERENCE, DIFFERENCE_KEPT, a=a, b=b)), draw.pick(OPENING) + text, answer)


def products(draw):
    x = draw.random()
    if x < 0.12:
        a, b = draw.integer(1, 12), draw.integer(1, 12)
    elif x < 0.4:
        a, b = draw.integer(10, 99), draw.integer(2, 99)
    else:
        a, b = draw.integer(100, 999), draw.integer(2, 99)
    p, q = (b, a) if draw.chance(0.25) else (a, b)
    text, product = columns.multiply(draw, p, q)
    answer = f"{p} × {q} = {boxed(product)}"
    return problem("product", draw.question(draw.say(PRODUCT, PRODUCT_KEPT, a=p, b=q)), draw.pick(OPENING) + text, answer)
