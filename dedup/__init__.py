"""Clean records become clusters and golden records, each step with its reasons.

Owns blocking, comparison, the match model, clustering, survivorship, evaluation and explanation.
Does not know where records come from or where they go.

    from dedup import resolve_frame
    found = resolve_frame(pl.read_csv("customers.csv", infer_schema=False))
    found.clusters, found.pairs, found.notes
"""

from typing import TYPE_CHECKING

from dedup.resolution import link, resolve
from dedup.results import Linkage, Progress, Resolution
from dedup.survivorship import survive
from dedup.verdict import Verdict
from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.evaluation.measures import evaluate
    from dedup.incremental import resolve_new
    from dedup.index import Index
    from dedup.raw_table import resolve_frame
    from dedup.value_pairs.judge import compare_values
else:
    __getattr__ = lazily(
        __name__,
        {
            "Index": "dedup.index",
            "compare_values": "dedup.value_pairs.judge",
            "evaluate": "dedup.evaluation.measures",
            "resolve_frame": "dedup.raw_table",
            "resolve_new": "dedup.incremental",
        },
    )

__all__ = [
    "Index",
    "Linkage",
    "Progress",
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
