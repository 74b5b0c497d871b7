"""Work done ahead of its reader, on as many blocks at once as the machine can do."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")
MOST_THREADS = 4


def ahead(
    work: Callable[[Item], Made | None], items: Iterable[Item]
) -> Iterator[tuple[Item, Made | None]]:
    """Yield each item with what is made of it, in order; of the first often no more is wanted.

    From an item on of which nothing can be made, all come with None, and no more are tried.
    """
    left = iter(items)
    for item in islice(left, 1):
        first = work(item)
        yield item, first
        if first is None:
            yield from ((item, None) for item in left)
            return
    threads = min(MOST_THREADS, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads) as pool:
        waiting = deque((item, pool.submit(work, item)) for item in islice(left, threads))
        while waiting:
            made = waiting[0][1].result()
            if made is None:
                break
            item, _ = waiting.popleft()
            waiting.extend((more, pool.submit(work, more)) for more in islice(left, 1))
            yield item, made
    for item, _ in waiting:
        yield item, None
    for item in left:
        yield item, None
