"""Clean records become clusters and golden records, each step with its reasons.

Owns blocking, comparison, the match model, clustering, survivorship, evaluation and explanation.
Does not know where records come from or where they go.

    from dedup import resolve_frame
    found = resolve_frame(pl.read_csv("customers.csv", infer_schema=False))
    found.clusters, found.pairs, found.notes
"""

from typing import TYPE_CHECKING

from dedup.resolution import Linkage, Resolution, link, resolve
from dedup.survivorship import survive
from dedup.verdict import Verdict
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.evaluation import evaluate
    from dedup.frames import resolve_frame
    from dedup.incremental import resolve_new
    from dedup.lookup import Index
    from dedup.value_pairs import compare_values
else:
    __getattr__ = lazily(
        __name__,
        {
            "Index": "dedup.lookup",
            "compare_values": "dedup.value_pairs",
            "evaluate": "dedup.evaluation",
            "resolve_frame": "dedup.frames",
            "resolve_new": "dedup.incremental",
        },
    )

__all__ = [
    "Index",
    "Linkage",
    "Resolution",
    "Verdict",
    "compare_values",
    "evaluate",
    "link",
    "resolve",
    "resolve_frame",
    "resolve_new",
    "survive",
]
