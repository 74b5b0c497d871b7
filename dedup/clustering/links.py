"""Links between two tables: who belongs to whom when a row may be used once, or more often."""

import numpy as np
import numpy.typing as npt
import polars as pl

from dedup.clustering.repeated_rows import Repeats

REPEATED = 0.05
"""From this share of linked rows with a second sure link, a table is taken to repeat entities."""
SURE = 0.95
MOST_CELLS = 4_000_000
"""Larger groups of competing rows are linked best first: their matrix would take 32 MB and more."""
LEAST_WORTH = 1e-6


def links_of(
    pairs: pl.DataFrame, left_rows: int, least: float, mode: str, repeats: Repeats
) -> tuple[pl.DataFrame, str]:
    """Choose the links among the scored pairs: as many bits in all as the mode allows.

    A mode that is asked for holds for rows. `auto` pairs entities: rows that repeat each other in
    their own file share their links, so that each copy is linked to each copy of the partner.
    """
    good = pairs.filter(pl.col("match_probability") >= least).select(
        left_row=pl.col("row_l").cast(pl.Int64),
        right_row=pl.col("row_r").cast(pl.Int64) - left_rows,
        match_weight="match_weight",
        match_probability="match_probability",
    )
    chosen = mode
    if mode == "auto":
        chosen = _mode_of(good)
    else:
        good = repeats.spread(good, left_rows)
    ranked = good.sort("match_weight", "left_row", "right_row", descending=[True, False, False])
    keep = _kept(ranked, chosen)
    if mode == "auto":
        keep = repeats.kept_beside(ranked, keep, left_rows, SURE)
    links = ranked.filter(pl.Series(keep)).select("left_row", "right_row", "match_probability")
    if mode == "auto":
        links = repeats.spread(links, left_rows)
    columns = ["left_row", "right_row", "match_probability"]
    return links.select(columns).sort("left_row", "right_row"), chosen


def _kept(ranked: pl.DataFrame, mode: str) -> npt.NDArray[np.bool_]:
    """Which of the ranked links a mode allows."""
    left, right = ranked["left_row"].to_numpy(), ranked["right_row"].to_numpy()
    if mode == "one-to-one":
        return _best_pairing(left, right, ranked["match_weight"].to_numpy().astype(np.float64))
    if mode == "many-to-one":
        return _first_of(left)
    return _first_of(right) if mode == "one-to-many" else np.ones(len(left), np.bool_)


def _first_of(rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """The first link of every row: links are ranked, and its others take nothing from anyone."""
    keep = np.zeros(len(rows), np.bool_)
    keep[np.unique(rows, return_index=True)[1]] = True
    return keep


def _best_pairing(
    left: npt.NDArray[np.int64], right: npt.NDArray[np.int64], weights: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """The links, each row in one at most, whose weights add up to most.

    Taking the best link first may leave two rows alone that both had a good second. Rows that
    compete are few: each group of them is solved on its own (Jonker and Volgenant 1987).
    """
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    keep = np.zeros(len(left), np.bool_)
    if not len(left):
        return keep
    a, b = np.unique(left, return_inverse=True)[1], np.unique(right, return_inverse=True)[1]
    size = int(a.max()) + 1 + int(b.max()) + 1
    graph = coo_array((np.ones(len(a), np.int8), (a, b + a.max() + 1)), shape=(size, size))
    group = connected_components(graph, directed=False)[1][a]
    order = np.argsort(group, kind="stable")
    for links in np.split(order, np.flatnonzero(np.diff(group[order])) + 1):
        x, y = (np.unique(side[links], return_inverse=True)[1] for side in (a, b))
        if len(links) == 1 or int(x.max() + 1) * int(y.max() + 1) > MOST_CELLS:
            keep[links] = _greedy(x, y)
            continue
        # Every weight counts as more than none, so that a link is never given up for nothing.
        worth = np.zeros((int(x.max()) + 1, int(y.max()) + 1))
        number = np.full(worth.shape, -1, np.int64)
        worth[x, y] = weights[links] - min(0.0, float(weights[links].min())) + LEAST_WORTH
        number[x, y] = links
        chosen = number[linear_sum_assignment(worth, maximize=True)]
        keep[chosen[chosen >= 0]] = True
    return keep


def _greedy(x: npt.NDArray[np.int64], y: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Of ranked links the best first."""
    used_x, used_y = set[int](), set[int]()
    keep = np.zeros(len(x), np.bool_)
    for n, (a, b) in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        if a not in used_x and b not in used_y:
            keep[n] = True
            used_x.add(a)
            used_y.add(b)
    return keep


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
