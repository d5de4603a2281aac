"""Days of the week and dates, stepped month by month."""
from mini.problem import problem

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

LATER = ["{d} [plus|and|+] {n} days[?|: which weekday?| is which day?]",
    "[Which|What] [day|weekday] is {d} plus {n} days?",
    "{n} days [later than|on from|past] {d}[?|]",
    "[Starting on|Starting from|From] {d}, [which|what] [day|weekday] [do I reach|is it|comes] after {n} days?",
    "Count {n} days [on |]from {d}. [Which|What] [day|weekday] is [that|it]?",
    "We have {d} today. What day is it in {n} days?",
    "{n} days [from|after] {d}[?|: which day?]",
    "In {n} days, what day is it, if today is {d}?",
    "[Today|Now] it is {d}. [Which|What] [day|weekday] [is it|do we have] {n} days later?",
    "If it is {d} now, what is it after {n} days?",
    "Add {n} days to {d}. What weekday is it?",
    "[Which|What] day of the week is {n} days after {d}?",
    "A parcel sent on {d} takes {n} days. On which [day|weekday] does it arrive?",
    "What day [is|will it be] {n} days after {d}?", "If today is {d}, what day [is it|will it be] in {n} days?", "Today is {d}. What day is it [in {n} days|{n} days from now]?", "{n} days after {d} is which day?", "Which weekday comes {n} days after {d}?",
         "It is {d}. What weekday will it be in {n} days?", "What weekday is {n} days from {d}?", "{d} plus {n} days?"]
LATER_KEPT = ["Starting on {d}, which weekday do I reach after {n} days?", "Count {n} days on from {d}. Which day is that?", "We have {d} today. In {n} days, what day is it?"]
EARLIER = ["{d} [minus|less|-] {n} days[?|: which weekday?| is which day?]",
    "[Which|What] [day|weekday] is {d} minus {n} days?",
    "{n} days [earlier than|back from|before] {d}[?|]",
    "[Going|Count] back {n} days from {d}: which day [do I reach|is it|is that]?",
    "We have {d} today. What day was it {n} days ago?",
    "What [day|weekday] was {n} days before {d}?",
    "{n} days ago, what day was it, if today is {d}?",
    "[Now|Today] it is {d}. [Which|What] [day|weekday] was it {n} days earlier?",
    "Take {n} days off {d}. What weekday is it?",
    "{d} minus {n} days?",
    "[Which|What] day of the week is {n} days before {d}?",
    "What day was {n} days before {d}?", "If today is {d}, what day was it {n} days ago?", "Today is {d}. What day was it {n} days ago?", "Which weekday comes {n} days before {d}?", "{n} days before {d} is which day?"]
EARLIER_KEPT = ["Going back {n} days from {d}, which day do I reach?", "We have {d} today. {n} days ago, what day was it?"]
DATE = ["Counting {n} days on from {m} {d}, which date do I reach?",
    "It is {m} {d} [now|today]. What [is the date|date is it] {n} days later?",
    "{n} days [from|after] {m} {d}[?|: which date?]",
    "[Which|What] date [comes|do I reach|do we have|will it be] {n} days after {m} {d}?",
    "[Starting on|Starting from|From] {m} {d}, what is the date after {n} days?",
    "In {n} days, what is the date, if today is {m} {d}?",
    "Count {n} days from {m} {d}.",
    "A trip starts on {m} {d} and lasts {n} days. On which date does it end?",
    "When is it {n} days after {m} {d}?",
    "Which date is {m} {d} plus {n} days?",
    "{m} {d}, {n} days later?",
    "What date is {n} days after {m} {d}?", "Which date is {n} days after {m} {d}?", "{m} {d} plus {n} days?", "If today is {m} {d}, what is the date in {n} days?", "Today is {m} {d}. What date is it in {n} days?", "Add {n} days to {m} {d}.", "What is the date {n} days after {d} {m}?",
        "I start on {m} {d} and need {n} days. On which date am I done?"]
DATE_KEPT = ["Counting {n} days on from {m} {d}, which date do I reach?", "It is {m} {d} now. What is the date {n} days later?"]
BETWEEN = ["From {m} {d} [until|till|to] {k} {e}, how many days [pass|is it|are there]?",
    "How many days [must|do] I wait from {m} {d} [for|until|to] {k} {e}?",
    "{m} {d} to {k} {e}: how many days?",
    "[Give me|Find|What is] the number of days [from|between] {m} {d} [to|and] {k} {e}[.|?]",
    "It is {m} {d}. How many days [is it |are left |]until {k} {e}?",
    "How many days lie between {m} {d} and {k} {e}?",
    "How many days apart are {m} {d} and {k} {e}?",
    "How many days [pass|go by] from {m} {d} to {k} {e}?",
    "How long from {m} {d} until {k} {e}, in days?",
    "How many days are [there |]between {m} {d} and {k} {e}?", "How many days [are there |]from {m} {d} to {k} {e}?", "How long is it from {m} {d} to {k} {e} in days?", "Days between {m} {d} and {k} {e}?", "Count the days from {m} {d} to {k} {e}.", "How many days after {m} {d} is {k} {e}?"]
BETWEEN_KEPT = ["From {m} {d} until {k} {e}, how many days pass?", "How many days must I wait from {m} {d} for {k} {e}?"]
WEEKDAY = ["Suppose {m} {d} is a {w}. [Which|What] [weekday|day of the week|day] [is|do we have on] {k} {e}?",
    "With {m} {d} being a {w}, [what|which] [day|weekday] is {k} {e}?",
    "{m} {d} falls on a {w}. And {k} {e}?",
    "If {m} {d} is a {w}, then {k} {e} is [a what|which weekday|what day]?",
    "{m} {d} was a {w}. [Which|What] weekday is {k} {e}?",
    "Which weekday is {k} {e}, if {m} {d} is a {w}?",
    "[Say|Assume|Let us say] {m} {d} is a {w}. Then what day of the week is {k} {e}?",
    "On which weekday does {k} {e} fall, when {m} {d} is a {w}?",
    "If {m} {d} is a {w}, what day is {k} {e}?", "{m} {d} is a {w}. What weekday is {k} {e}?", "{m} {d} is a {w}. On which day of the week is {k} {e}?", "Given that {m} {d} falls on a {w}, which weekday is {k} {e}?"]
WEEKDAY_KEPT = ["Suppose {m} {d} is a {w}. Which weekday do we have on {k} {e}?", "With {m} {d} being a {w}, what is {k} {e}?"]
LEAP = ["Would {y} be a leap year?",
    "Does [the year |]{y} have [366 days|a leap day]?",
    "Is the year {y} a leap year?",
    "Has {y} 366 days?",
    "Leap year: {y}?",
    "Is there a February 29 in {y}?",
    "Will {y} be a leap year?",
    "Does {y} count as a leap year?",
    "Is {y} a leap year?", "Was {y} a leap year?", "[Check|Tell me] whether {y} is a leap year.", "{y}: leap year or not?", "Does {y} have a February 29?"]
FEBRUARY = ["How many days does February {y} have?", "How many days has February {y}?", "How long is February {y} in days?", "Number of days in February {y}?", "February {y}: how many days?"]
LEAP_KEPT = ["Would {y} be a leap year?", "Does the year {y} have 366 days?"]
MONTH = ["{m} has how many days?",
    "How many days does the month [of |]{m} have?",
    "[Give me|Tell me|Find] the number of days in {m}.",
    "Of how many days is {m}?",
    "How many days make up {m}?",
    "Length of {m} in days?",
    "How many days [does|has] {m}[ have|]?", "How many days are in {m}?", "How long is {m} in days?", "number of days in {m}"]
MONTH_KEPT = ["{m} has how many days?", "Of how many days is {m} made?"]
NEXT = ["What day comes after {d}?", "Which day is before {d}?", "What is the day after {d}?", "What day follows {d}?"]


def stepped(start, count):
    """`count` (under 7) weekdays on, one by one."""
    i = DAYS.index(start)
    return "".join(f" {k}: {DAYS[(i + k) % 7]}" for k in range(1, count + 1)), DAYS[(i + count) % 7]


def weeks(n):
    q, r = divmod(n, 7)
    return f"{n}={q}×7+{r}, so I count {r} on." if n > 6 else f"{n} days."


def day_after(draw):
    d, n = draw.pick(DAYS), draw.integer(1, 30) if draw.chance(0.6) else draw.integer(1, 200)
    if draw.chance(0.3):
        r = n % 7
        text = f"A week has 7 days. {n}={n // 7}×7+{r}." if n > 6 else f"{n} days."
        i = DAYS.index(d)
        text += f" {r} back from {d}." + "".join(f" {k}: {DAYS[(i - k) % 7]}" for k in range(1, r + 1))
        result = DAYS[(i - n) % 7]
        question, answer = draw.say(EARLIER, EARLIER_KEPT, n=n, d=d), f"{n} day{'s' * (n > 1)} before {d} it was **{result}**."
    else:
        steps, result = stepped(d, n % 7)
        text = f"A week has 7 days. {weeks(n)} From {d}.{steps}"
        question, answer = draw.say(LATER, LATER_KEPT, n=n, d=d), f"{n} day{'s' * (n > 1)} after {d} it is **{result}**."
    return problem("dates", draw.question(question), text + f". So {result}.", answer)


def passed(month, day, n):
    """n days after a date of a year that is not a leap year, month by month."""
    total = day + n
    text = f"{day}+{n}={total}."
    while total > LENGTHS[month]:
        text += f" {MONTHS[month]} has {LENGTHS[month]}: {total}-{LENGTHS[month]}={total - LENGTHS[month]}, {MONTHS[(month + 1) % 12]}."
        total -= LENGTHS[month]
        month = (month + 1) % 12
    return text + f" {MONTHS[month]} has {LENGTHS[month]}, enough.", month, total


def elapsed(m, d, k, e):
    """Days from one date to a later one of the same year, in days of each month."""
    if m == k:
        return f"The same month. {e}-{d}={e - d}.", e - d
    total = LENGTHS[m] - d
    text = f"{MONTHS[m]} has {LENGTHS[m]}: {LENGTHS[m]}-{d}={total} left."
    for i in range(m + 1, k):
        text += f" {MONTHS[i]}: {total}+{LENGTHS[i]}={total + LENGTHS[i]}."
        total += LENGTHS[i]
    return text + f" {MONTHS[k]}: {total}+{e}={total + e}.", total + e


def make(draw):
    x = draw.random()
    if x < 0.33:
        return day_after(draw)
    m = draw.integer(0, 11)
    d = draw.integer(1, LENGTHS[m])
    if x < 0.55:
        n = draw.integer(1, 100)
        text, k, e = passed(m, d, n)
        question = draw.say(DATE, DATE_KEPT, n=n, m=MONTHS[m], d=d)
        return problem("dates", draw.question(question), text, f"{n} days after {MONTHS[m]} {d} it is **{MONTHS[k]} {e}**.")
    if x < 0.86:
        k = min(11, m + draw.pick((0, 1, 1, 1, 2, 2, 3, 4)))
        e = draw.integer(d, LENGTHS[k]) if k == m else draw.integer(1, LENGTHS[k])
        text, n = elapsed(m, d, k, e)
        if x < 0.7:
            question = draw.say(BETWEEN, BETWEEN_KEPT, m=MONTHS[m], d=d, k=MONTHS[k], e=e)
            return problem("dates", draw.question(question), text, f"From {MONTHS[m]} {d} to {MONTHS[k]} {e} there are $\\boxed{{{n}}}$ days.")
        w = draw.pick(DAYS)
        steps, result = stepped(w, n % 7)
        text += f" {weeks(n)} From {w}.{steps}. So {result}."
        question = draw.say(WEEKDAY, WEEKDAY_KEPT, m=MONTHS[m], d=d, k=MONTHS[k], e=e, w=w)
        return problem("dates", draw.question(question), text, f"{MONTHS[k]} {e} is a **{result}**.")
    if x < 0.95:
        y = draw.integer(1900, 2100) if draw.chance(0.8) else draw.integer(15, 24) * 100
        if draw.chance(0.3):
            y = y // 4 * 4
        last = y % 100
        if last:
            text = f"The last two digits are {last:02d}. {last}/4: 4×{last // 4}={last // 4 * 4}, rest {last % 4}."
            leap = last % 4 == 0
        else:
            first = y // 100
            text = f"It ends in 00, so the century counts. {first}/4: 4×{first // 4}={first // 4 * 4}, rest {first % 4}."
            leap = first % 4 == 0
        text += f" {'A' if leap else 'No'} leap year."
        february = draw.chance(0.15)
        question = draw.say(FEBRUARY, y=y) if february else draw.say(LEAP, LEAP_KEPT, y=y)
        if february:
            answer = f"In {y}, February has $\\boxed{{{29 if leap else 28}}}$ days."
        else:
            answer = f"**Yes**, {y} is a leap year." if leap else f"**No**, {y} is not a leap year."
        return problem("dates", draw.question(question), text, answer)
    if x < 0.97:
        i = draw.integer(0, 6)
        question = draw.pick(NEXT).format(d=DAYS[i])
        result = DAYS[i - 1] if "before" in question else DAYS[(i + 1) % 7]
        return problem("dates", draw.question(question), f"The days go {', '.join(DAYS)}. I look for {DAYS[i]}.", f"It is **{result}**.")
    question = draw.say(MONTH, MONTH_KEPT, m=MONTHS[m]).replace("has " + MONTHS[m] + " have", "does " + MONTHS[m] + " have")
    note = " In a leap year it has 29." if m == 1 else ""
    return problem("dates", draw.question(question), f"{MONTHS[m]} has {LENGTHS[m]} days.{note}", f"{MONTHS[m]} has $\\boxed{{{LENGTHS[m]}}}$ days.{note}")
