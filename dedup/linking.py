"""Links between two tables: who belongs to whom when a row may be used once, or more often."""

import numpy as np
import polars as pl

MODES = ("one-to-one", "one-to-many", "many-to-one", "many-to-many")
REPEATED = 0.05
"""From this share of linked rows with a second sure link, a table is taken to repeat entities."""
SURE = 0.95


def links_of(
    pairs: pl.DataFrame, left_rows: int, least: float, mode: str
) -> tuple[pl.DataFrame, str]:
    """Choose the links among the scored pairs: the best first, as the mode allows."""
    good = pairs.filter(pl.col("match_probability") >= least).select(
        left_row=pl.col("row_l").cast(pl.Int64),
        right_row=pl.col("row_r").cast(pl.Int64) - left_rows,
        match_weight="match_weight",
        match_probability="match_probability",
    )
    chosen = _mode_of(good) if mode == "auto" else mode
    ranked = good.sort("match_weight", "left_row", "right_row", descending=[True, False, False])
    left = ranked["left_row"].to_numpy()
    right = ranked["right_row"].to_numpy()
    once_left = chosen in ("one-to-one", "many-to-one")
    once_right = chosen in ("one-to-one", "one-to-many")
    keep = np.ones(len(left), np.bool_)
    used_left: set[int] = set()
    used_right: set[int] = set()
    for n, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        if (once_left and a in used_left) or (once_right and b in used_right):
            keep[n] = False
            continue
        used_left.add(a)
        used_right.add(b)
    links = ranked.filter(pl.Series(keep)).select("left_row", "right_row", "match_probability")
    return links.sort("left_row", "right_row"), chosen


def _mode_of(good: pl.DataFrame) -> str:
    """Read from the sure links whether a row of either table has more than one partner."""
    sure = good.filter(pl.col("match_probability") >= SURE)
    many = {}
    for side in ("left_row", "right_row"):
        counts = sure.group_by(side).len()["len"]
        many[side] = bool(len(counts)) and float((counts > 1).mean() or 0.0) > REPEATED  # type: ignore[arg-type]
    left_once = not many["left_row"]
    right_once = not many["right_row"]
    if left_once and right_once:
        return "one-to-one"
    if left_once:
        return "many-to-one"
    return "one-to-many" if right_once else "many-to-many"
