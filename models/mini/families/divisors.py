"""Remainders, greatest common divisors and primes."""
from mini.draw import slip
from mini.problem import problem

REMAINDER = ["[Compute|Find|Give|Calculate] the [remainder|rest] [of|for] {a} [÷|/|divided by] {b}[.|]",
    "[Remainder|Rest|Modulo][ of|:] {a} [/|÷|by|and] {b}",
    "Only the remainder of {a} [÷|/] {b}, please.",
    "[Dividing|If I divide|When I divide] {a} by {b}[,| I get] what remainder?",
    "[Give|Tell|Show] me [the remainder of |]{a} [mod|modulo] {b}[.|]",
    "{a} divided by {b} [leaves|gives] [what|which] remainder?",
    "If {a} [is|are] split into groups of {b}, how many are left[ over|]?",
    "{a} [apples|coins|cards|people] in groups of {b}: how many are left over?",
    "[Remainder|Rest] of {a} / {b}?",
    "The remainder of {a} and {b}[?|]",
    "Put {a} things into boxes of {b}. How many are left[ over|]?",
    "After taking {b} from {a} as often as possible, what is left?",
    "How many [remain|are left] when {a} are shared by {b}?",
    "{a} over {b}: remainder?",
    "I divide {a} by {b}. What is left over?",
    "What is the remainder [when {a} is divided by {b}|of {a} divided by {b}|of {a} / {b}]?", "{a} mod {b}", "What is {a} mod {b}?", "{a} % {b}[ = ?|]", "[Find|Calculate|Compute|Give] the remainder of {a} ÷ {b}.",
             "Divide {a} by {b}: what is the remainder?", "What remains if I divide {a} by {b}?", "[Calculate|Compute|What's] {a} modulo {b}[.|?]", "What is left over when {a} is divided by {b}?",
             "{a} items are shared among {b} people. How many are left over?", "What remainder does {a} leave [on division|when divided] by {b}?"]
REMAINDER_KEPT = ["If {a} is split into groups of {b}, how many are left?", "Dividing {a} by {b} leaves which remainder?", "Give me {a} modulo {b}."]
QUOTIENT = ["[How much|What] is {a} [split|shared|divided] [into|among] {b} [equal parts|parts|groups]?",
    "[Calculate|Compute|Solve|Work out] {a} [÷|/|:] {b}[.|]",
    "[Quotient|Division][ of|:] {a} and {b}",
    "If {a} is [split|shared|divided] into {b} [equal |]parts, how [large|big|much] is one[ part|]?",
    "{a} divided by {b} [equals|gives|is] what?",
    "[Could|Can] you [divide|work out] {a} [by|÷] {b}?",
    "How much is {a} [divided by|over|/|÷] {b}?",
    "[Give|Tell|Show] me {a} / {b}.",
    "[Split|Share] {a} [into|among] {b} equal parts. How much is [one|each]?",
    "What do I get if I divide {a} by {b}?",
    "[Do the division|Division:] {a} ÷ {b}",
    "{a} shared by {b}?",
    "What is {a} divided by {b}?", "{a} / {b}", "{a} ÷ {b}", "{a} ÷ {b} = ?", "Divide {a} by {b}.", "[Calculate|Compute|What is] {a} / {b}[?|.]", "How many times does {b} go into {a}?", "{a} divided by {b}"]
QUOTIENT_KEPT = ["Could you work out {a} ÷ {b}?", "How much is {a} split into {b} equal parts?"]
DIVIDES = ["[Can|Could|Would] [I|you|we] [divide|share|split] {a} by {b} [evenly|exactly|without a rest|without remainder]?",
    "Is {a} [evenly|exactly] divisible by {b}?",
    "Does {a} / {b} [come out even|leave nothing]?",
    "Can I divide {a} by {b} evenly?",
    "[Check|Tell me|Find out] [if|whether] {a} is divisible by {b}.",
    "{a}: divisible by {b}?",
    "Does {a} divided by {b} leave no remainder?",
    "Is {a} in the {b} times table?",
    "Does {b} go into {a} exactly?",
    "Divides {b} the number {a}?",
    "Is {a} divisible by {b}?", "Does {b} divide {a}?", "Is {a} a multiple of {b}?", "Can {a} be divided by {b} without remainder?", "Is {b} a [factor|divisor] of {a}?"]
DIVIDES_KEPT = ["Does {a} divide evenly by {b}?", "Would {a} split into {b} equal whole parts?"]
COMMON = ["[Which|What] is the [biggest|largest|greatest] common [divisor|factor] of {a} and {b}?",
    "[Work out|Give me|Tell me|I need] gcd({a},{b})[.|]",
    "{a} and {b}: [gcd|greatest common divisor|largest common factor]?",
    "Which [is the |]largest number divides both {a} and {b}?",
    "The gcd of {a} and {b}[, please|][.|?]",
    "By what is the largest number that {a} and {b} can both be divided?",
    "What is the largest divisor that {a} and {b} [share|have in common]?",
    "Which number is the greatest that divides {a} and {b}?",
    "[Largest|Biggest] common divisor of {a}, {b}?",
    "Use Euclid: {a} and {b}",
    "gcd {a} {b}",
    "[What is|Find|Calculate|Compute] the greatest common divisor of {a} and {b}[?|.]", "gcd({a}, {b})", "What is gcd({a}, {b})?", "GCD of {a} and {b}[?|]", "[What is|Find] the highest common factor of {a} and {b}[?|.]", "[What is|Find] the greatest common factor of {a} and {b}[?|.]",
          "What is the largest number that divides [both |]{a} and {b}?", "Greatest common divisor: {a}, {b}", "gcd of {a} and {b}", "HCF of {a} and {b}?", "[What is|Give me] the gcd of {a} and {b}[?|.]"]
COMMON_KEPT = ["Which is the biggest common divisor of {a} and {b}?", "Work out gcd({a},{b}) for me.", "What number is the largest divisor that {a} and {b} share?"]
MULTIPLE = ["[Which|What] is the [smallest|least|lowest] common multiple of {a} and {b}?",
    "[Work out|Give me|Tell me|I need] lcm({a},{b})[.|]",
    "{a} and {b}: [lcm|least common multiple]?",
    "lcm of {a} and {b}",
    "Smallest common multiple of {a}, {b}?",
    "Which smallest number is a multiple of both {a} and {b}?",
    "[What is|Find] the least common multiple of {a} and {b}[?|.]", "lcm({a}, {b})", "LCM of {a} and {b}?", "What is the smallest number that both {a} and {b} divide?", "[What is|Calculate] lcm({a}, {b})[?|]"]
MULTIPLE_KEPT = ["Which is the smallest common multiple of {a} and {b}?", "Work out the lcm of {a} and {b} for me."]
PRIME = ["[Would|Could] {a} be [a prime|prime|a prime number]?",
    "Does [the number |]{a} [belong to|count among] the prime[s| numbers]?",
    "Does {a} count as [a |]prime[ number|]?",
    "Test [if|whether] {a} is prime.",
    "[Test|Check] {a}: [is it |]prime?",
    "{a}: prime [number|] or not?",
    "{a} is [prime|a prime], [right|true|yes or no]?",
    "Can {a} be divided by anything but 1 and itself?",
    "I wonder [if|whether] {a} is [a |]prime[ number|].",
    "Is {a} one of the prime numbers?",
    "Do the prime test for {a}.",
    "Has {a} any divisors, or is it prime?",
    "Is {a} [a prime|prime|a prime number]?", "Is the number {a} prime?", "Prime or not: {a}?", "[Check|Tell me|Find out] [whether|if] {a} is [a prime|prime|a prime number][.|]", "{a} prime?", "Is {a} prime or composite?", "Does {a} have divisors other than 1 and itself?", "Can you tell if {a} is prime?",
         "Is it true that {a} is prime?", "prime: {a}?"]
PRIME_KEPT = ["Would {a} count as a prime number?", "Does the number {a} belong to the primes?", "Test {a} for primality."]


def division(a, b):
    """(thought, quotient, remainder), digit by digit."""
    text, rest, quotient = "", 0, ""
    for digit in str(a):
        value = rest * 10 + int(digit)
        q, r = divmod(value, b)
        if quotient or q:
            text += f" {value}={q}×{b}+{r}." if q else f" {value}<{b}, so 0×{b}+{value}."
            quotient += str(q)
        else:
            text += f" {value}<{b}."
        rest = r
    return f"{a}/{b}, digit by digit:" + text, int(quotient or "0"), rest


def remainder(draw):
    b = draw.integer(2, 12) if draw.chance(0.75) else draw.integer(13, 30)
    a = draw.digits(1, 4) if b <= 12 else draw.digits(2, 3)
    kind = draw.pick("rrrrrqqd")
    if kind == "d" and draw.chance(0.45):
        a = a // b * b
    if kind == "q" and draw.chance(0.7):
        a = max(b, a // b * b)
    text, quotient, rest = division(a, b)
    if kind == "d":
        text += f" Remainder {rest}."
        answer = f"**Yes**: {a} = {quotient} × {b}." if rest == 0 else f"**No**: {a} divided by {b} leaves {rest}."
        return problem("remainder", draw.question(draw.say(DIVIDES, DIVIDES_KEPT, a=a, b=b)), text, answer)
    text += f" Quotient {quotient}, remainder {rest}."
    if kind == "q":
        said = f"{a} ÷ {b} = $\\boxed{{{quotient}}}$" + (f" with remainder $\\boxed{{{rest}}}$" if rest else "")
        return problem("remainder", draw.question(draw.say(QUOTIENT, QUOTIENT_KEPT, a=a, b=b)), text, said)
    return problem("remainder", draw.question(draw.say(REMAINDER, REMAINDER_KEPT, a=a, b=b)), text,
                   f"{a} = {quotient} × {b} + {rest}, so the remainder is $\\boxed{{{rest}}}$")


def euclid(a, b):
    """(thought, gcd)"""
    text = f"Euclid with {a} and {b}."
    if a < b:
        a, b = b, a
    while b:
        q, r = divmod(a, b)
        text += f" {b}×{q}={b * q}, {a}-{b * q}={r}."
        a, b = b, r
    return text + f" The last that is not 0 is {a}.", a


def common(draw):
    if draw.chance(0.6):
        g = draw.integer(2, 20)
        a, b = g * draw.integer(1, 12), g * draw.integer(1, 12)
    else:
        a, b = draw.integer(2, 240), draw.integer(2, 240)
    if draw.chance(0.15):
        a, b = draw.integer(2, 24), draw.integer(2, 24)
        text, g = euclid(a, b)
        m = a // g * b
        text += f" {a}/{g}={a // g}. {a // g}×{b}={m}."
        return problem("common divisor", draw.question(draw.say(MULTIPLE, MULTIPLE_KEPT, a=a, b=b)), text, f"lcm({a}, {b}) = $\\boxed{{{m}}}$")
    text, g = euclid(a, b)
    return problem("common divisor", draw.question(draw.say(COMMON, COMMON_KEPT, a=a, b=b)), text, f"gcd({a}, {b}) = $\\boxed{{{g}}}$")


def prime(draw):
    n = draw.integer(2, 400) if draw.chance(0.85) else draw.integer(1, 60)
    primes = [2, 3, 5, 7, 11, 13, 17, 19]
    if draw.chance(0.35):  # products of two larger primes, which look prime
        p, q = draw.pick(primes[2:]), draw.pick((7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43))
        n = p * q if p * q <= 400 else n
    text, divisor = f"Trial division of {n}.", 0
    if n < 2:
        text += " Primes begin with 2."
    bad = draw.pick(primes[3:]) if draw.chance(0.04) else 0
    for p in primes if n > 1 else ():
        if p * p > n:
            text += f" {p}×{p}={p * p}>{n}, enough."
            break
        q, r = divmod(n, p)
        if p == bad and r:
            text += f" {p}: {p}×{q}={slip(p * q + draw.pick((-1, 1, 10)))}, no, {p}×{q}={p * q}, rest {r}."
            continue
        text += f" {p}: {p}×{q}={p * q}, rest {r}."
        if r == 0:
            divisor = p
            break
    else:
        if n > 1:
            text += f" 23×23=529>{n}, enough."
    if n < 2:
        answer = f"**No**, {n} is not a prime number."
    elif divisor and divisor != n:
        answer = f"**No**, {n} is not prime: {n} = {divisor} × {n // divisor}."
    else:
        answer = f"**Yes**, {n} is a prime number."
    return problem("primality", draw.question(draw.say(PRIME, PRIME_KEPT, a=n)), text, answer)
