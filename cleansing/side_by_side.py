"""Columns or slices are worked on at once: polars and numpy compute without Python's lock."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import polars as pl

Item = TypeVar("Item")
Made = TypeVar("Made")


def side_by_side(work: Callable[[Item], Made], items: Iterable[Item]) -> Iterator[Made]:
    """Do the work on each item, as many at once as polars has threads; results come in order."""
    waiting = list(items)
    if len(waiting) < 2:
        yield from map(work, waiting)
        return
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        made = pool.map(work, waiting)
        del waiting  # an item is let go of as soon as it is done
        yield from made
