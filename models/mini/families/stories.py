"""Word problems of two steps. A plot says how two sentences change a number; many sentences tell the same plot."""
from mini.problem import problem

START = ["In the [beginning|morning] {n} has {a} {t}.",
    "{n} keeps {a} {t} [at home|in a box|in a jar].",
    "{n} [got|found|made|picked] {a} {t}.",
    "{n} is given {a} {t}.",
    "There were {a} {t} on {n}'s [table|shelf].",
    "{a} {t} belong to {n}.",
    "{n} has [exactly |]{a} {t} in a [box|bag].",
    "{n} has {a} {t}.", "{n} starts with {a} {t}.", "At first {n} has {a} {t}.", "{n} owns {a} {t}.", "There are {a} {t} in {n}'s bag.", "{n} collected {a} {t}.", "{n} bought {a} {t}."]
START_KEPT = ["In the beginning {n} has {a} {t}.", "{n} keeps {a} {t} at home."]
GAIN = ["[Later|Then|Next|After that|Soon] {n} [adds|buys|finds|gets|wins|makes|receives|is given] {b} [more|others].",
    "{n} [takes|adds|puts in] {b} more.",
    "[Next|Later] {m} [adds|gives|brings|lends] {b} [more|others].",
    "After that {n} [picks up|gets|takes] {b} more.",
    "{m} brings another {b}.",
    "Another {b} are added.",
    "{m} sends {n} {b} more.",
    "{n} wins {b} {t}.",
    "{n} makes {b} more.",
    "Then {b} more are [found|bought|made].",
    "[Later|Then|Next] {n} adds {b}.",
    "{b} more come from {m}.",
    "{n} gets {b} more.", "{n} buys {b} more.", "{n} finds {b} more.", "{m} gives {n} {b} more.", "Then {n} receives {b} {t}.", "{n}'s friend {m} adds {b} {t}.", "Later {b} more arrive."]
GAIN_KEPT = ["After that {n} picks up {b} more.", "{m} brings another {b}."]
LOSE = ["[Later|Then|Next|After that|Soon] {n} [gives away|sells|loses|drops|uses|eats|breaks|spends] {c}[ of them|].",
    "[Next|Later] {m} [takes|steals|gets|breaks] {c} of them.",
    "After that {c} [go missing|are gone|are lost|are sold].",
    "{n} hands {c} [of them |]over to {m}.",
    "{n} [throws away|drops|lends] {c}[ of them|].",
    "{m} [borrows|gets|steals] {c} of them.",
    "{c} are given away.",
    "{n} sends {c} to {m}.",
    "[Later|Then|Next] {n} [gives away|sells|loses] {c}.",
    "{n} pays {c} of them to {m}.",
    "{n} gives {c} to {m}.", "{n} loses {c}.", "{n} sells {c} of them.", "{c} of them break.", "{n} gives away {c}.", "Then {m} takes {c}.", "{n} uses {c} of them.", "{n} eats {c} of them."]
LOSE_KEPT = ["After that {c} go missing.", "{n} hands {c} of them over to {m}."]
PACKS = ["{b} [cartons|crates|packs] come in, each with {c} {t}.",
    "{m} hands over {b} bags, {c} in [every|each] bag.",
    "{n} finds {b} bags of {c} {t} each.",
    "{b} boxes with {c} {t} [each |]are added.",
    "[Then|Later] {m} gives {n} {b} packs with {c} {t} in each.",
    "{n} buys {b} packs of {c} {t} each.", "{n} gets {b} boxes with {c} {t} in each.", "Then {b} bags with {c} {t} each arrive.", "{m} brings {b} packs of {c}.", "{n} adds {b} boxes of {c} {t}."]
PACKS_KEPT = ["{b} cartons come in, each with {c} {t}.", "{m} hands over {b} bags, {c} in every bag."]
ENDS = ["How many {t} does that make?",
    "With how many {t} does {n} end up?",
    "How many {t} [are left|remain]?",
    "How many [remain|are left]?",
    "What does {n} have [now|at the end]?",
    "[Now|In the end|At the end], how many {t} are there?",
    "How many is that now?",
    "Count the {t} of {n} now.",
    "How many {t} does {n} have [now|in the end|then]?", "How many [{t} |]are [left|there now]?", "How many does {n} have now?", "What is the number of {t} now?", "How many {t} are there?"]
ENDS = ["How many {t} does {n} have [now|in the end|then]?", "How many are there now?", "How many {t} are there now?", "How many does {n} have now?", "What is the number of {t} now?"]
ENDS_KEPT = ["How many {t} does that make?", "With how many {t} does {n} end up?"]
BUY = ["{b} {t} [for|at] {c} {u} each are [paid with|bought with|paid from] {a} {u}. How much [comes back|is left|remains]?",
    "Each of the {t} costs {c} {u}. {n} has {a} {u} and [takes|buys|gets] {b}. How much [money |][remains|is left]?",
    "With {a} {u} [in hand|in the pocket], {n} [buys|pays for] {b} {t} at {c} {u} each. [What remains|How much is left|What is left]?",
    "{n} buys {b} {t}. Each costs {c} {u}. {n} pays with {a} {u}. What is the change?",
    "One of the {t} costs {c} {u}. {n} has {a} {u} and takes {b}. How much [money |]remains?",
    "{b} {t} for {c} {u} each are paid with {a} {u}. How much comes back?",
    "{n} had {a} {u} and bought {b} {t} for {c} {u} each. How many {u} remain?",
    "{n} buys {b} {t} at {c} {u} each and pays with {a} {u}. How much change does {n} get?", "{t} cost {c} {u} each. {n} has {a} {u} and buys {b}. How many {u} are left?", "{n} has {a} {u}. {b} {t} at {c} {u} each are bought. How much money is left?"]
BUY_KEPT = ["With {a} {u} in hand, {n} pays for {b} {t} at {c} {u} each. What remains?"]
SHARE = ["{a} {t}: {b} go to {m}, the [rest|others] [is|are] [shared|split] [by|among] {c} [children|friends|people]. How many [does each get|for each]?",
    "There are {a} {t}. {b} are [lost|taken|eaten]. {c} [children|friends] share the [rest|others]. How many [does each get|for each]?",
    "From {a} {t}, {b} are [set aside|taken away|thrown away] and {c} [people|friends|children] [divide|share] [what remains|the rest]. How many for each?",
    "{a} {t}: {b} go to {m}, the rest is shared by {c} children. How many does each get?",
    "{n} keeps {b} of {a} {t} and divides the others among {c} friends. How many for each?",
    "Of {a} {t}, {b} are broken. The rest go into {c} boxes, the same number in each. How many per box?",
    "{n} has {a} {t}, gives away {b} and shares the rest equally among {c} friends. How many does each get?", "{n} has {a} {t}. {b} are lost. The others are packed into {c} equal boxes. How many are in each box?", "There are {a} {t}. {n} takes {b} out and splits what is left among {c} children. How many does each child get?"]
SHARE_KEPT = ["From {a} {t}, {b} are set aside and {c} people divide what remains. How many for each?"]
MORE = ["{m} [owns|has|holds] {b} more {t} than {n}, who [owns|has|holds] {a}. How many do [the two own|they have together|both have]?",
    "{n} owns {a} {t}. {m} owns {b} more. [How many in all|What is the total|How many do the two have together]?",
    "{m} has {b} {t} more than {n}. {n} has {a}. How many have they together?",
    "{n} has {a} {t}. {m} has {b} more than {n}. How many do they have together?", "{n} has {a} {t} and {m} has {b} more than that. How many {t} are there in all?"]
MORE_KEPT = ["{m} owns {b} more {t} than {n}, who owns {a}. How many do the two own?"]
TIMES = ["{m} [owns|has|holds] {c} times as many {t} as {n}, who [owns|has|holds] {a}. How many do [the two own|they have together|both have]?",
    "{n} owns {a} {t}. {m} owns {c} times as many. [How many in all|What is the total|How many do the two have together]?",
    "{m} has {c} times as many {t} as {n}. {n} has {a}. How many have they together?",
    "{n} has {a} {t}. {m} has {c} times as many. How many do they have together?", "{n} reads {a} pages. {m} reads {c} times as many. How many pages is that in all?"]
TIMES_KEPT = ["{m} owns {c} times as many {t} as {n}, who owns {a}. How many do the two own?"]
TRIP = ["For {b} hours {n} [moves|drives|rides] {a} km an hour, and [after that|then] another {c} km. [What is the whole distance|How far is that]?",
    "{n} goes {a} km an hour. After {b} hours there are {c} km more. How [long|far] is the whole way?",
    "A bus does {a} km an hour for {b} hours and {c} km after that. How far does it go?",
    "{b} days long {n} walks {a} km a day, then {c} km more. How many km are that?",
    "{n} [drives|rides|travels] {a} km an hour for {b} hours and then {c} km more. How far is that?", "A train goes {a} km each hour for {b} hours. Then it goes {c} km more. How many km in all?", "{n} walks {a} km every day for {b} days and {c} km on the last day. How many km in total?"]
TRIP_KEPT = ["For {b} hours {n} moves {a} km an hour, and after that another {c} km. What is the whole distance?"]
SAVE = ["{n} [gets|earns|is paid|saves] {a} {u} a [day|week|month] for {b} [days|weeks|months] and [pays|spends|loses] {c} {u}. How much is left?",
    "[Each|Every] week for {b} weeks {n} puts {a} {u} aside, then {c} {u} are spent. [What remains|What is left|How much is left]?",
    "{n} gets {a} {u} a day for {b} days and pays {c} {u}. How many {u} are left?",
    "For {b} hours of work at {a} {u} an hour {n} is paid, then {n} spends {c} {u}. What is left?",
    "{n} puts {a} {u} into a box {b} times and takes {c} {u} out. How many {u} are in it?",
    "{n} saves {a} {u} [a week|every week|each week] for {b} weeks and spends {c} {u}. How much is left?", "{n} earns {a} {u} an hour, works {b} hours and spends {c} {u}. How much is left?"]
SAVE_KEPT = ["Each week for {b} weeks {n} puts {a} {u} aside, then {c} {u} are spent. What remains?"]


def make(draw):
    n, m = draw.names(2)
    t, u = draw.thing(), draw.pick(("dollars", "euros", "coins", "dollars", "pounds"))
    v = dict(n=n, m=m, t=t, u=u)
    kind = draw.integer(0, 10)
    say = draw.say
    if kind <= 4:
        a = draw.integer(2, 90)
        parts = [say(START, START_KEPT, a=a, **v)]
        total, lines = a, [f"At first {a}."]
        steps = [("gain", "lose"), ("lose", "gain"), ("packs", "lose"), ("gain", "gain"), ("lose", "lose"), ("lose", "packs"), ("gain", "lose")][draw.integer(0, 6)]
        for step in steps:
            if step == "gain":
                b = draw.integer(1, 60)
                parts.append(say(GAIN, GAIN_KEPT, b=b, **v))
                lines.append(f"{b} more: {total}+{b}={total + b}.")
                total += b
            elif step == "lose":
                c = draw.integer(1, max(1, min(total, 60) - (0 if step == steps[-1] else 1)))
                if c > total:
                    return make(draw)
                parts.append(say(LOSE, LOSE_KEPT, c=c, **v))
                lines.append(f"{c} fewer: {total}-{c}={total - c}.")
                total -= c
            else:
                b, c = draw.integer(2, 9), draw.integer(2, 12)
                parts.append(say(PACKS, PACKS_KEPT, b=b, c=c, **v))
                lines.append(f"{b}×{c}={b * c} more: {total}+{b * c}={total + b * c}.")
                total += b * c
        parts.append(say(ENDS, ENDS_KEPT, **v))
        question, text = " ".join(parts), " ".join(lines)
    elif kind == 5:
        b, c = draw.integer(2, 9), draw.integer(2, 12)
        a = b * c + draw.integer(0, 40)
        question, total = say(BUY, BUY_KEPT, a=a, b=b, c=c, **v), a - b * c
        text = f"Price: {b}×{c}={b * c}. Left: {a}-{b * c}={total}."
    elif kind == 6:
        c, total, b = draw.integer(2, 9), draw.integer(1, 12), draw.integer(1, 30)
        a = c * total + b
        question = say(SHARE, SHARE_KEPT, a=a, b=b, c=c, **v)
        text = f"The rest: {a}-{b}={a - b}. Shared: {a - b}/{c}={total}."
    elif kind == 7:
        a, b = draw.integer(2, 60), draw.integer(1, 30)
        question, total = say(MORE, MORE_KEPT, a=a, b=b, **v), 2 * a + b
        text = f"{m}: {a}+{b}={a + b}. Together: {a}+{a + b}={total}."
    elif kind == 8:
        a, c = draw.integer(2, 30), draw.integer(2, 6)
        question, total = say(TIMES, TIMES_KEPT, a=a, c=c, **v), a + a * c
        text = f"{m}: {a}×{c}={a * c}. Together: {a}+{a * c}={total}."
    elif kind == 9:
        a, b, c = draw.integer(2, 90), draw.integer(2, 6), draw.integer(1, 50)
        question, total = say(TRIP, TRIP_KEPT, a=a, b=b, c=c, **v), a * b + c
        text = f"First: {a}×{b}={a * b}. Then {a * b}+{c}={total}."
    else:
        a, b = draw.integer(5, 30), draw.integer(2, 9)
        c = draw.integer(1, a * b)
        question, total = say(SAVE, SAVE_KEPT, a=a, b=b, c=c, **v), a * b - c
        text = f"All: {a}×{b}={a * b}. Left: {a * b}-{c}={total}."
    start = draw.pick(("", "", "Two steps. ", "Let me go through it. "))
    answer = draw.pick((f"The answer is $\\boxed{{{total}}}$", f"That makes $\\boxed{{{total}}}$"))
    return problem("word problems", draw.question(question, lower=False), start + text, answer)
