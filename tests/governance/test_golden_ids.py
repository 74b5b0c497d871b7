"""Golden ids are permanent: they outlive re-runs, merges and splits."""

from collections import Counter
from collections.abc import Mapping
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.golden_ids import Assignment, Shown, assign, new_golden_id, new_golden_ids
from tests.examples import examples

Clusters = Mapping[str, int]
"""Record → cluster."""

NOTHING = pl.DataFrame(
    schema={"golden_id": pl.String, "number": pl.Int64, "superseded_by": pl.String}
)


class Book:
    """What a ledger remembers, without a database: the crosswalk and every id ever given."""

    def __init__(self) -> None:
        self.current: dict[str, str] = {}
        self.known = NOTHING
        self.former: dict[str, list[str]] = {}

    def run(
        self,
        clusters: Clusters,
        shown: Shown | None = None,
        proposed: Mapping[str, str] | None = None,
    ) -> Assignment:
        found = self._assign(clusters, shown, proposed)
        self._remember(found)
        return found

    def propose(self, clusters: Clusters, shown: Shown) -> dict[str, str]:
        found = self._assign(clusters, shown)
        return dict(found.members.select("record_id", "golden_id").iter_rows())

    def _assign(
        self, clusters: Clusters, shown: Shown | None, proposed: Mapping[str, str] | None = None
    ) -> Assignment:
        members = pl.DataFrame(
            [("s", record, cluster) for record, cluster in clusters.items()],
            schema={"source": pl.String, "record_id": pl.String, "cluster_id": pl.Int64},
            orient="row",
        )
        rows = [("s", record, golden_id) for record, golden_id in self.current.items()]
        schema = dict.fromkeys(["source", "record_id", "golden_id"], pl.String)
        current = pl.DataFrame(rows, schema=schema, orient="row")
        had = [("s", record, golden_id) for golden_id, of in self.former.items() for record in of]
        former = pl.DataFrame(had, schema=schema, orient="row")
        given = None
        if proposed is not None:
            pairs = {(clusters[record], proposed[record]) for record in clusters}
            shape = {"cluster_id": pl.Int64, "golden_id": pl.String}
            given = pl.DataFrame(sorted(pairs), schema=shape, orient="row")
        return assign("company", members, current, self.known, former, given, shown)

    def _remember(self, found: Assignment) -> None:
        heirs = dict(found.superseded.iter_rows())
        for golden_id in heirs:
            self.former[golden_id] = [r for r, g in self.current.items() if g == golden_id]
        for golden_id in found.revived:
            del self.former[golden_id]
        ids = dict(found.members.select("record_id", "golden_id").iter_rows())
        self.current = {r: heirs.get(g, g) for r, g in self.current.items()} | ids
        age = self.known["number"].max()
        new = pl.DataFrame({"golden_id": found.created}, schema={"golden_id": pl.String})
        number = pl.lit((age if isinstance(age, int) else 0) + 1, pl.Int64)
        new = new.with_columns(number=number, superseded_by=pl.lit(None, pl.String))
        again = pl.col("golden_id").is_in(found.revived)
        self.known = self.known.with_columns(superseded_by=pl.when(~again).then("superseded_by"))
        gone = pl.col("golden_id").replace_strict(heirs, default=None, return_dtype=pl.String)
        old = self.known.with_columns(superseded_by=pl.coalesce("superseded_by", gone))
        self.known = pl.concat([old, new])

    def ids(
        self,
        clusters: Clusters,
        shown: Shown | None = None,
        proposed: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        found = self.run(clusters, shown, proposed)
        return dict(found.members.select("record_id", "golden_id").iter_rows())


def test_an_id_is_sixteen_characters_nobody_misreads() -> None:
    """G, then 80 bits in Crockford's alphabet: no I, L, O or U; entity and key decide."""
    golden_id = new_golden_id("company", "legacy:T_CUST/1001")
    assert golden_id == "GXGE5TE0QP9ETJVSC"
    assert new_golden_id("person", "legacy:T_CUST/1001") != golden_id
    assert not set(golden_id[1:]) & set("ILOU")


def clusters(text: str) -> dict[str, int]:
    """Read clusters written as groups of one-letter records: `ab c`."""
    return {record: number for number, group in enumerate(text.split()) for record in group}


SCENARIOS = [
    ("the same again", "ab c", "c ab", "aac"),
    ("a newcomer joins", "b", "ab", "bb"),
    ("a newcomer stands alone", "b", "a b", "-b"),
    ("two of one age merge: the larger wins", "a bc", "abc", "bbb"),
    ("a split: the larger part keeps it", "abc", "a bc", "-aa"),
    ("one leaves for another", "abc de", "ab cde", "aaddd"),
    ("torn between two, of which one is free", "abcd e", "abc de", "aaaee"),
    ("torn between two, the free one is smaller", "abcd ef", "cda bef", "aeaaee"),
    ("one is not seen", "a b", "b", "b"),
]
"""What happened, the clusters before and after, and whose first id each record (in the order of
the alphabet) ends up with; `-` is a new one."""


@pytest.mark.parametrize(("scenario", "before", "after", "expected"), SCENARIOS)
def test_who_keeps_an_id(scenario: str, before: str, after: str, expected: str) -> None:
    """A cluster keeps the id most of its members had; of a split, the larger part does."""
    book = Book()
    first = book.ids(clusters(before))
    second = book.ids(clusters(after))
    for record, whose in zip(sorted(second), expected, strict=True):
        if whose == "-":
            assert second[record] not in first.values(), scenario
        else:
            assert second[record] == first[whose], scenario


def test_a_merged_id_says_what_superseded_it() -> None:
    """The smaller side of a merge is superseded by the larger; records unseen follow it."""
    book = Book()
    first = book.ids(clusters("ab cde"))
    found = book.run(clusters("acde"))
    assert found.superseded.rows() == [(first["a"], first["c"])]
    assert book.current["b"] == first["c"]


def test_a_merge_undone_gives_the_id_back() -> None:
    """The record that was merged away has its own id again, however long that was ago."""
    book = Book()
    first = book.ids(clusters("ac b d"))
    book.run(clusters("abc d"))
    book.run(clusters("abcd"))
    third = book.ids(clusters("ac b d"))
    assert third == first
    assert book.ids(clusters("ac b d")) == third


def test_an_id_is_not_revived_for_one_record_out_of_many() -> None:
    """Most of the records it had when it was merged must be together again."""
    book = Book()
    book.ids(clusters("a"))
    younger = book.ids(clusters("a bcdef"))["b"]
    book.run(clusters("abcdef"))
    split = book.ids(clusters("abcde f"))
    assert split["f"] not in {younger, split["a"]}
    book = Book()
    book.ids(clusters("a"))
    younger = book.ids(clusters("a bcdef"))["b"]
    book.run(clusters("abcdef"))
    assert book.ids(clusters("af bcde"))["b"] != younger  # the elder id goes with most records


def test_the_elder_id_survives_a_merge() -> None:
    """However many records the younger one has; a part that only joins it takes no id along."""
    book = Book()
    elder = book.ids(clusters("ab"))["a"]
    younger = book.ids(clusters("ab cdefg"))["c"]
    assert book.ids(clusters("a bcdefg"))["c"] == younger
    assert book.ids(clusters("a bcdefg"))["a"] == elder
    book = Book()
    elder = book.ids(clusters("ab"))["a"]
    book.run(clusters("ab cdefg"))
    assert set(book.ids(clusters("abcdefg")).values()) == {elder}


def test_of_two_equal_parts_the_one_with_the_first_record_keeps_the_id() -> None:
    """The record an id was derived from tells which part is the customer it was given to."""
    for kept, other in (("a", "b"), ("b", "a")):
        book = Book()
        first = book.ids(clusters(kept))[kept]
        book.run(clusters("ab"))
        after = book.ids(clusters("a b"))
        assert after[kept] == first != after[other]


def test_ties_go_to_the_older_id_then_to_the_smaller() -> None:
    """Of two ids with as many votes the one given in an earlier run stays."""
    book = Book()
    older = book.ids(clusters("z"))["z"]
    younger = book.ids(clusters("z a"))["a"]
    assert book.ids(clusters("za"))["a"] == older
    assert younger != older
    book = Book()
    twins = book.ids(clusters("a b"))
    assert book.ids(clusters("ab"))["a"] == min(twins.values())


def test_a_record_in_two_clusters_is_refused() -> None:
    """A record belongs to one golden record; anything else is a broken assumption."""
    members = pl.DataFrame({"source": ["s", "s"], "record_id": ["a", "a"], "cluster_id": [1, 2]})
    current = pl.DataFrame(schema=dict.fromkeys(["source", "record_id", "golden_id"], pl.String))
    with pytest.raises(ValueError, match="more than one cluster"):
        assign("company", members, current, NOTHING)


clusterings = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 4))


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(clusterings, min_size=1, max_size=5))
def test_ids_hold_through_any_history(history: list[dict[str, int]]) -> None:
    """In every run clusters and ids pair off, new ids are new, and what is unchanged stays."""
    book = Book()
    for groups in history:
        given_before = set(book.known["golden_id"])
        alive = set(book.known.filter(pl.col("superseded_by").is_null())["golden_id"])
        held = dict(book.current)
        found = book.run(groups)
        ids = dict(found.members.select("record_id", "golden_id").iter_rows())
        by_cluster = {(groups[record], golden_id) for record, golden_id in ids.items()}
        assert len(by_cluster) == len(set(groups.values())) == len(set(ids.values()))
        assert not set(found.created) & given_before
        assert set(ids.values()) <= alive | set(found.created) | set(found.revived)
        assert all(heir in ids.values() for heir in found.superseded["superseded_by"])
        for cluster in set(groups.values()):
            records = [record for record in groups if groups[record] == cluster]
            votes = Counter(held[record] for record in records if record in held)
            others = {held[r] for r in groups if r in held and groups[r] != cluster}
            uncontested = {golden_id for golden_id in votes if golden_id not in others}
            if uncontested:
                age = dict(book.known.select("golden_id", "number").iter_rows())
                assert age[ids[records[0]]] <= min(age[golden_id] for golden_id in uncontested)
        assert book.ids(groups) == ids


@settings(max_examples=examples(50), deadline=None)
@given(clusterings, st.randoms(use_true_random=False))
def test_neither_row_order_nor_cluster_numbers_matter(
    groups: dict[str, int], random: Random
) -> None:
    """The same clusters, listed and numbered in another way, get the same ids."""
    items = list(groups.items())
    random.shuffle(items)
    other = {record: 100 - cluster for record, cluster in items}
    assert Book().ids(groups) == Book().ids(other)


@given(st.lists(st.text(max_size=8), max_size=20))
def test_many_ids_are_derived_as_each_alone(keys: list[str]) -> None:
    """Deriving at once gives what deriving one by one gives."""
    expected = [new_golden_id("company", key) for key in keys]
    assert new_golden_ids("company", keys).to_list() == expected


def test_an_id_that_was_given_before_is_derived_anew() -> None:
    """A new cluster whose id is taken gets the next one, beside others that are not."""
    known = pl.DataFrame(
        {"golden_id": [new_golden_id("company", "s:1")], "number": [1], "superseded_by": ["G0"]}
    )
    members = pl.DataFrame({"source": ["s", "s"], "record_id": ["1", "2"], "cluster_id": [0, 1]})
    nobody = pl.DataFrame(schema=dict.fromkeys(("source", "record_id", "golden_id"), pl.String))
    found = assign("company", members, nobody, known)
    assert found.created == [new_golden_id("company", "s:1", 1), new_golden_id("company", "s:2")]


def shows(*records: str) -> Shown:
    """What golden records showed came from these records."""

    def shown(parts: pl.DataFrame) -> pl.DataFrame:
        own = pl.col("record_id").is_in(records).sum()
        return parts.group_by("cluster_id", "golden_id").agg(shown=own)

    return shown


def test_of_two_equal_parts_the_one_that_was_shown_keeps_the_id() -> None:
    """Whichever record is older; where both were shown alike, the first record decides."""
    for kept in ("a", "b"):
        book = Book()
        first = book.ids(clusters("ab"))["a"]
        after = book.ids(clusters("a b"), shows(kept))
        assert [record for record in "ab" if after[record] == first] == [kept]
    book = Book()
    first = book.ids(clusters("ab"))["a"]
    assert book.ids(clusters("a b"), shows("a", "b"))["a"] == first


def test_the_larger_part_keeps_the_id_whatever_was_shown() -> None:
    """Most of the records are most of the evidence."""
    book = Book()
    first = book.ids(clusters("abc"))["a"]
    assert book.ids(clusters("ab c"), shows("c"))["a"] == first


def test_a_merge_undone_gives_each_its_own_id_whatever_was_shown() -> None:
    """The record whose id was merged away goes back to that, though the golden record showed it."""
    book = Book()
    first = book.ids(clusters("a b c"))
    book.run(clusters("ab c"))
    book.run(clusters("abc"))
    assert book.ids(clusters("a b c"), shows("a", "b", "c")) == first
    for record in "abc":
        book.run(clusters("abc"))
        assert book.ids(clusters("a b c"), shows(record)) == first


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(clusterings, min_size=1, max_size=5),
    st.lists(st.sampled_from("abcdefghij")),
    st.randoms(use_true_random=False),
)
def test_what_is_proposed_by_what_was_shown_is_what_is_given(
    history: list[dict[str, int]], records: list[str], random: Random
) -> None:
    """The second call has only the ids of the first, and other rows and numbers; and agrees."""
    book = Book()
    for groups in history:
        proposed = book.propose(groups, shows(*records))
        items = list(groups.items())
        random.shuffle(items)
        other = {record: 100 - cluster for record, cluster in items}
        again = book.propose(other, shows(*records))
        assert again == proposed
        assert book.ids(groups, proposed=proposed) == proposed
