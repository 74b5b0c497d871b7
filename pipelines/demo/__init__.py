"""The demo: a made-up world, and the sources its customer data lies scattered over.

Owns the sample project of `guiyi demo`, what is true of it, and how close a run came to that. All
of it is generated from a seed; no name, number or address belongs to anybody.

    make_demo(Path("guiyi-demo"))
    scores = score(Path("guiyi-demo"), run_folder)
    scores["company"]["precision"]
"""

from pipelines.demo.making import make_demo
from pipelines.demo.scoring import (
    Caught,
    EntityScore,
    Placed,
    score,
    score_clusters,
    score_orders,
    score_validation,
)

__all__ = [
    "Caught",
    "EntityScore",
    "Placed",
    "make_demo",
    "score",
    "score_clusters",
    "score_orders",
    "score_validation",
]
