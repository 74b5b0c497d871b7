"""What columns of customer tables are called: 客户名称, Work Phone, 备注."""

import re
from collections.abc import Sequence
from functools import cache

from connectors.sources import words

_LONGEST = 40
"""A longer cell is no label."""


def known_share(row: Sequence[str | None]) -> float:
    """Say which share of cells are made of nothing but words of labels: 客户名称, Work Phone."""
    cells = [cell.strip() for cell in row if cell is not None]
    known = (len(cell) <= _LONGEST and _label_pattern().match(cell) for cell in cells)
    return sum(map(bool, known)) / max(len(cells), 1)


@cache
def _label_pattern() -> re.Pattern[str]:
    lists = words.load("table_words")
    known = sorted([*lists["labels"], *lists["label_particles"]], key=len, reverse=True)
    either = "|".join(map(re.escape, known))
    return re.compile(rf"^(?:(?:{either})[\s_./&-]*)+(?:[（(].*[)）])?$", re.IGNORECASE)
