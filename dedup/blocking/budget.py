"""How many candidate pairs are compared, at most."""

SMALL_TABLE, LARGE_TABLE = (3_000_000, 25), (10_000_000, 12)
"""The most candidate pairs that are compared: in all, or for each row, whichever is more. A table
is a large one when its rows ask for more than the large table's total. Three million take a second.
On noisy historical records they hold 98 % of the true pairs, one million hold 93 %. One million
persons lose .001 of recall at 12 pairs a row and take a third less time; `max_pairs` raises it."""


def pair_budget(rows: int, total: float) -> int:
    """The budget of a table with so many distinct rows, which have `total` pairs among them."""
    (least, usual), (most, fewer) = SMALL_TABLE, LARGE_TABLE
    return int(max(1, min(total, max(least, min(usual * rows, most), fewer * rows))))
