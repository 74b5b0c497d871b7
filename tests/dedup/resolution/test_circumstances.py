"""What noise must not do: take true pairs out of the match class, or count one thing twice."""

from benchmarks.history import directory
from benchmarks.measure import agreement
from dedup import resolve_frame


def test_noisy_records_of_the_past_find_each_other() -> None:
    """Some 140 persons with seven noisy records each come out nearly whole, with nothing given."""
    table = directory(1_000, seed=6)
    found = resolve_frame(table.drop("entity"))
    precision, recall, _ = agreement(found.clusters["cluster_id"], table["entity"])
    assert precision >= 0.99
    assert recall >= 0.95
