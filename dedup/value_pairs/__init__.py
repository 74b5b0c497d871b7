"""Two values judged on their own, with nothing else known about their owners."""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.value_pairs.judge import compare_values
else:
    __getattr__ = lazily(
        __name__,
        {
            "compare_values": "dedup.value_pairs.judge",
        },
    )

__all__ = [
    "compare_values",
]
