"""One file a family; each has `make(draw) -> Problem`. A new family is a file here and a row in MIXTURE."""
from mini.families import (arithmetic, code, compare, dates, divisors, followups, fractions, help, letters, logic, orders,
                           outside, sequences, sorting, stories, tables, units)

# (function, share of the training data, share of the evaluation)
MIXTURE = [
    (arithmetic.sums, 9, 6), (arithmetic.differences, 7, 5), (arithmetic.products, 8, 6), (compare.make, 4, 5),
    (letters.count, 6, 5), (letters.spell, 3, 3), (letters.reverse, 5, 4), (sorting.numbers, 5, 4), (sorting.words, 6, 4),
    (sequences.make, 6, 5), (divisors.remainder, 4, 4), (divisors.common, 4, 4), (divisors.prime, 4, 4),
    (dates.make, 7, 6), (units.make, 6, 4), (fractions.make, 6, 5), (stories.make, 8, 5), (logic.make, 4, 4),
    (orders.make, 6, 4), (tables.make, 4, 4), (code.make, 4, 4), (followups.make, 7, 5), (help.make, 7, 5),
    (outside.make, 12, 0),
]
