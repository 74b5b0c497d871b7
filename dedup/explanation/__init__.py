"""Why two records, or a whole cluster, are one entity or not."""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.explanation.clusters import explain_cluster
    from dedup.explanation.pairs import PairExplanation, explain_pair
    from dedup.explanation.sentences import Sentences
else:
    __getattr__ = lazily(
        __name__,
        {
            "PairExplanation": "dedup.explanation.pairs",
            "Sentences": "dedup.explanation.sentences",
            "explain_cluster": "dedup.explanation.clusters",
            "explain_pair": "dedup.explanation.pairs",
        },
    )

__all__ = [
    "PairExplanation",
    "Sentences",
    "explain_cluster",
    "explain_pair",
]
