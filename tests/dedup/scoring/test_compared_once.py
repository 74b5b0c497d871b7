"""A pair that matching has compared for its clusters is not compared again to be written."""

from collections import Counter

import pytest

from benchmarks import persons
from cleansing import clean_table
from dedup.run import MatchingRun
from dedup.scoring.scorer import Scorer
from guiyi.kinds import Kind
from guiyi.spec import MatchSpec

KINDS = {
    "first_name": Kind.PERSON_NAME, "last_name": Kind.PERSON_NAME, "phone": Kind.PHONE,
    "email": Kind.EMAIL, "city": Kind.REGION,
}  # fmt: skip


def test_pairs_inside_clusters_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doubts about names and the table of pairs read the same levels."""
    run = MatchingRun(
        clean_table(persons.register(400, 3).select(*KINDS), KINDS), KINDS, MatchSpec()
    )
    seen: Counter[tuple[int, int]] = Counter()
    compare, judged = Scorer.compare, False

    def counted(self: Scorer, left, right):
        if judged:
            seen.update(zip(left.tolist(), right.tolist(), strict=True))
        return compare(self, left, right)

    mixed = MatchingRun._in_mixed_names

    def doubting(self: MatchingRun, found, *patterns):
        nonlocal judged
        judged = True
        return mixed(self, found, *patterns)

    monkeypatch.setattr(Scorer, "compare", counted)
    monkeypatch.setattr(MatchingRun, "_in_mixed_names", doubting)
    pairs = run.resolution().pairs
    inside = pairs.filter(verdict="match")
    assert inside.height
    place = {int(row): n for n, row in enumerate(run.first)}
    for a, b in inside.select("row_l", "row_r").iter_rows():
        if a in place and b in place:
            assert seen[place[a], place[b]] == 0
