"""How right a matching is: against truth, against labels, and by recordlinkage beside it."""

from typing import TYPE_CHECKING

from guiyi.lazily import lazily

if TYPE_CHECKING:
    from dedup.evaluation.clerical_review import clerical_sample, estimate_quality
    from dedup.evaluation.measures import Evaluation, evaluate, evaluate_pairs
    from dedup.evaluation.run_to_run import ClusterChange, cluster_changes
else:
    __getattr__ = lazily(
        __name__,
        {
            "ClusterChange": "dedup.evaluation.run_to_run",
            "Evaluation": "dedup.evaluation.measures",
            "clerical_sample": "dedup.evaluation.clerical_review",
            "cluster_changes": "dedup.evaluation.run_to_run",
            "estimate_quality": "dedup.evaluation.clerical_review",
            "evaluate": "dedup.evaluation.measures",
            "evaluate_pairs": "dedup.evaluation.measures",
        },
    )

__all__ = [
    "ClusterChange",
    "Evaluation",
    "clerical_sample",
    "cluster_changes",
    "estimate_quality",
    "evaluate",
    "evaluate_pairs",
]
