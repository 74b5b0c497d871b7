"""From candidate pairs to patterns of levels and their weights; of records that have not changed,
what an earlier run has kept.
"""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.scoring.settled import SettledRecords
else:
    __getattr__ = lazily(__name__, {"SettledRecords": "dedup.scoring.settled"})

__all__ = ["SettledRecords"]
