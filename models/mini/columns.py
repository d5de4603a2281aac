"""Written arithmetic in words: columns by the names of their places, so that each step reads only what it names."""
from mini.draw import slip

WHOLE = ["ones", "tens", "hundreds", "thousands", "ten-thousands", "hundred-thousands", "millions", "ten-millions"]
PARTS = ["tenths", "hundredths"]


def number(value, places):
    """Of a whole number of hundredths (places 2), tenths (1) or ones (0), as text with all its places."""
    sign, value = ("-", -value) if value < 0 else ("", value)
    if places == 0:
        return f"{sign}{value}"
    return f"{sign}{value // 10**places}.{value % 10**places:0{places}d}"


def short(text):
    """Without zeros behind the point that say nothing."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def names(places, count):
    """Names of `count` columns from the right."""
    return (PARTS[:places][::-1] + WHOLE)[:count]


def spread(value, places, width=0):
    text = str(value).rjust(max(places + 1, width), "0")
    named = names(places, len(text))[::-1]
    return ", ".join([f"{n} {d}" for n, d in zip(named, text)])


def sum_columns(draw, a, b, places, slips=True):
    """The columns of a+b and the lines that say them."""
    width = max(len(str(a)), len(str(b)), places + 1)
    carry, lines, digits = 0, [], []
    bad = draw.integer(0, width - 1) if slips and draw.chance(0.06) else -1
    for i, name in enumerate(names(places, width)):
        x, y = a // 10**i % 10, b // 10**i % 10
        total = x + y + carry
        sum_text = f"{x}+{y}" + ("+1" if carry else "")
        line = f"{name}: {sum_text}="
        if i == bad:
            line += slip(total + draw.pick((-1, 1, 2))) + f". Wait, {sum_text}="
        line += str(total)
        carry = total // 10
        digits.append(total % 10)
        if carry:
            line += ", carry 1" if i < width - 1 else ""
        lines.append(line)
    if carry:
        digits.append(1)
    return lines, int("".join(map(str, digits[::-1])))


def difference_columns(draw, a, b, places, slips=True):
    """Of a-b, where a is not less."""
    width = max(len(str(a)), len(str(b)), places + 1)
    borrow, lines = 0, []
    bad = draw.integer(0, width - 1) if slips and draw.chance(0.06) else -1
    for i, name in enumerate(names(places, width)):
        x, y = a // 10**i % 10, b // 10**i % 10
        left = x - borrow - y
        text = f"{x}" + ("-1" if borrow else "") + f"-{y}"
        if left < 0:
            text = "10+" + text
            left += 10
            borrow = 1
        else:
            borrow = 0
        line = f"{name}: {text}="
        if i == bad:
            line += slip((left + draw.pick((-1, 1, 2))) % 10) + f". Wait, {text}="
        line += str(left) + (", borrow 1" if borrow else "")
        lines.append(line)
    return lines, a - b


def add(draw, a, b, places=0, slips=True):
    """(thought, sum) of whole numbers of the smallest place."""
    x, y = number(a, places), number(b, places)
    if places == 0 and a < 100 and b < 100:
        return small_sum(a, b), a + b
    lines, total = sum_columns(draw, a, b, places, slips)
    width = max(len(str(a)), len(str(b)))
    return (f"{x}: {spread(a, places, width)}.\n{y}: {spread(b, places, width)}.\n" + ".\n".join(lines) +
            f".\nTogether {spread(total, places)}: {number(total, places)}."), total


def subtract(draw, a, b, places=0, slips=True):
    """(thought, difference); the difference may be negative."""
    x, y = number(a, places), number(b, places)
    if a < b:
        text, left = subtract(draw, b, a, places, slips)
        return f"{y} is more than {x}, so I take {y}-{x} and put a minus before it.\n{text}\nSo {number(-left, places)}.", -left
    if places == 0 and a < 100:
        return f"{a}-{b}={a - b}.", a - b
    lines, left = difference_columns(draw, a, b, places, slips)
    width = max(len(str(a)), len(str(b)), places + 1)
    return (f"{x}: {spread(a, places, width)}.\n{y}: {spread(b, places, width)}.\n" + ".\n".join(lines) +
            f".\nTogether {spread(left, places, width)}: {number(left, places)}."), left


def small_sum(a, b):
    """Below 100 each: tens and ones apart."""
    if a < 10 or b < 10 or (a % 10 + b % 10 == 0):
        return f"{a}+{b}={a + b}."
    return f"{a // 10 * 10}+{b // 10 * 10}={a // 10 * 10 + b // 10 * 10}, {a % 10}+{b % 10}={a % 10 + b % 10}, {a}+{b}={a + b}."


def times_digit(draw, a, d, slips=True):
    """(line, product) of a number and one digit, column by column."""
    text = str(a)
    if len(text) == 1:
        return f"{a}×{d}={a * d}", a * d
    carry, parts = 0, []
    bad = draw.integer(0, len(text) - 1) if slips and draw.chance(0.04) else -1
    for i, name in enumerate(WHOLE[:len(text)]):
        x = int(text[-1 - i])
        total = x * d + carry
        product = f"{x}×{d}={x * d}"
        if i == bad:
            product = f"{x}×{d}={slip(x * d + draw.pick((-2, -1, 1, 2)) if x * d > 1 else x * d + 1)}, no, {product}"
        if carry:
            product += f", +{carry}={total}"
        carry = total // 10
        if i < len(text) - 1:
            product += f", write {total % 10}" + (f" carry {carry}" if carry else "")
        parts.append(f"{name} {product}")
    return f"{a}×{d}: " + "; ".join(parts) + f". {a}×{d}={a * d}", a * d


def multiply(draw, a, b, slips=True):
    """(thought, product) of a number of up to four digits and one of up to two."""
    if b > a and b > 9 or a < 10 < b:
        a, b = b, a
    if b < 10:
        line, product = times_digit(draw, a, b, slips)
        return line + ".", product
    tens, ones = b // 10, b % 10
    if a < 10:
        return f"{a}×{b}={a * b}.", a * b
    if ones == 0:
        line, product = times_digit(draw, a, tens, slips)
        return f"{b}={tens}×10.\n{line}. Times 10: {product * 10}.", product * 10
    first, p = times_digit(draw, a, tens, slips)
    second, q = times_digit(draw, a, ones, slips)
    text, total = add(draw, p * 10, q, 0, slips)
    return f"{b}={tens * 10}+{ones}.\n{first}, times 10: {p * 10}.\n{second}.\nNow {p * 10}+{q}.\n{text}", total


def boxed(value):
    return f"$\\boxed{{{value}}}$"
