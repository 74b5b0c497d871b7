"""A look-up sees what the batch sees: the same keys, the same levels, the same weights."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from dedup import Verdict, resolve
from dedup.clustering.clusters import CEILING, FLOOR
from dedup.index import Index
from guiyi.errors import SpecError
from tests.dedup.index.conftest import Register
from tests.dedup.index.readings import misread

BITS = 1 / np.log(2)
SETS = ("people", "firms", "contacts")


@pytest.fixture(params=SETS)
def known(request: pytest.FixtureRequest) -> Register:
    register: Register = request.getfixturevalue(request.param)
    return register


def test_every_pair_the_batch_scored_weighs_the_same_when_looked_up(known: Register) -> None:
    """Batch weights of pairs inside clusters are bounded; otherwise they are equal to 1e-6."""
    pairs = known.batch.pairs.sample(min(150, known.batch.pairs.height), seed=1)
    rows = known.clean.to_dicts()
    compared = 0
    for left, right, weight in pairs.select("row_l", "row_r", "match_weight").iter_rows():
        found = known.index.weigh(
            rows[left], np.array([known.index.register.row_of(right)], np.uint32)
        )
        bounded = min(max(found[0], FLOOR * BITS), CEILING * BITS)
        # The batch keeps weights as 32-bit floats.
        assert weight == pytest.approx(found[0], abs=1e-5) or weight == pytest.approx(
            bounded, abs=1e-5
        )
        compared += 1
    assert compared > 100


def test_look_ups_propose_every_pair_the_batch_proposed(known: Register) -> None:
    """A pair the batch takes for a match comes up when either record is looked up."""
    pairs = known.batch.pairs.filter(pl.col("match_probability") > 0.5).head(120)
    rows = known.clean.to_dicts()
    missed = 0
    for left, right in pairs.select("row_l", "row_r").iter_rows():
        found = {c.row for c in known.index.find(rows[left], limit=200, least=0)}
        missed += right not in found
    # The second look inside clusters scores pairs that share no key.
    assert missed <= 0.1 * pairs.height


def test_no_record_stands_behind_one_that_agrees_no_better(known: Register) -> None:
    """The identical record comes first: one spelled otherwise may weigh more, and waits behind it.

    A household explains an equal address better than one written otherwise, so weights alone put
    them the other way round now and then; that they do is asserted, too.
    """
    rows = known.clean.to_dicts()
    heavier = 0
    for row in range(0, known.clean.height, 8):
        found = known.index.find(rows[row], limit=100, least=0)
        me = next((n for n, one in enumerate(found) if one.row == row), None)
        if me is None:
            continue
        for before in found[:me]:
            told = {reason.field: reason.level for reason in before.reasons}
            assert all(told.get(r.field, "missing").startswith("equal") for r in found[me].reasons)
        heavier += any(c.match_weight > found[me].match_weight + 1e-9 for c in found[me + 1 :])
    assert known.kinds.get("first_name") is None or heavier > 0


def test_a_record_finds_itself(known: Register) -> None:
    rows = known.clean.to_dicts()
    for row in range(0, known.clean.height, 37):
        found = known.index.find(rows[row], limit=100, least=0)
        assert row in {c.row for c in found}


def test_records_are_read_as_the_batch_reads_them(known: Register) -> None:
    """Every field of a record has the value in the index that it had in the batch."""
    assert misread(known.index, known.clean) == []


def test_looking_up_leaves_no_trace(known: Register) -> None:
    """A record that was never seen gets numbers of its own, and they are taken back."""
    before = known.index.footprint()
    stranger = {
        name: f"zz{name}qx" if isinstance(value, str) else value
        for name, value in known.clean.row(0, named=True).items()
    }
    first = known.index.find(stranger, least=0)
    assert known.index.find(stranger, least=0) == first
    assert known.index.footprint() == before


def test_a_saved_index_answers_alike(known: Register, tmp_path: Path) -> None:
    known.index.save(tmp_path / "index")
    opened = Index.open(tmp_path / "index")
    assert len(opened) == len(known.index)
    for record in known.clean.head(60).to_dicts():
        assert opened.find(record) == known.index.find(record)


def test_an_index_fits_its_own_model_where_none_is_given(people: Register) -> None:
    own = Index.build(people.clean, people.kinds)
    for record in people.clean.head(20).to_dicts():
        assert own.find(record) == people.index.find(record)


def test_candidates_come_with_verdict_and_reasons(people: Register) -> None:
    pair = people.batch.pairs.filter(pl.col("verdict") == "match").row(0, named=True)
    record = people.clean.row(pair["row_l"], named=True)
    candidate = next(c for c in people.index.find(record, 50) if c.row == pair["row_r"])
    assert candidate.verdict is Verdict.MATCH
    weights = [reason.weight for reason in candidate.reasons]
    assert weights == sorted(weights, reverse=True)
    levels = {r.field: r.level for r in candidate.reasons}
    told = {f: pair[f"level.{f}"] for f in levels}
    assert levels == told
    assert len(candidate.sentences("zh")) == len(candidate.reasons)


def test_an_added_record_is_found_and_a_removed_one_is_not(
    people: Register, tmp_path: Path
) -> None:
    index = Index.build(people.clean.head(1000), people.kinds, people.batch.model)
    newcomer = people.clean.row(2000, named=True)
    assert index.find(newcomer, least=0.9) == []
    number = index.add(newcomer)
    assert number == 1000
    assert index.find(newcomer)[0].row == number
    index.save(tmp_path / "index")
    index = Index.open(tmp_path / "index")
    assert index.find(newcomer)[0].row == number
    index.remove(number)
    assert number not in {c.row for c in index.find(newcomer)}
    assert len(index) == 1000
    with pytest.raises(SpecError):
        index.remove(number)


def test_an_index_made_by_adding_weighs_as_one_built_at_once(people: Register) -> None:
    """Frequencies stay those of the build, so levels agree but for common and rare values."""
    half = Index.build(people.clean.head(1500), people.kinds, people.batch.model)
    for record in people.clean[1500:].to_dicts():
        half.add(record)
    both = either = 0
    for record in people.clean.sample(100, seed=2).to_dicts():
        a = {c.row for c in half.find(record, 20, least=0.5)}
        b = {c.row for c in people.index.find(record, 20, least=0.5)}
        both += len(a & b)
        either += len(a | b)
    assert both >= 0.9 * either


def test_identical_records_are_all_told(people: Register) -> None:
    twice = pl.concat([people.clean.head(500), people.clean.head(3)])
    index = Index.build(twice, people.kinds, people.batch.model)
    found = [c.row for c in index.find(people.clean.row(1, named=True), least=0)]
    assert {1, 501} <= set(found)
    index.remove(1)
    found = [c.row for c in index.find(people.clean.row(1, named=True), least=0)]
    assert 501 in found
    assert 1 not in found


def test_another_version_or_another_folder_is_refused(people: Register, tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no index"):
        Index.open(tmp_path)
    people.index.save(tmp_path / "index")
    manifest = tmp_path / "index" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"version": 99}))
    with pytest.raises(SpecError, match="version 99"):
        Index.open(tmp_path / "index")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(SpecError, match="something else"):
        people.index.save(tmp_path / "other")


def test_a_model_of_other_fields_is_refused(people: Register, firms: Register) -> None:
    with pytest.raises(SpecError, match="other fields"):
        Index.build(firms.clean, firms.kinds, people.batch.model)


def test_an_unknown_field_is_refused(people: Register) -> None:
    with pytest.raises(SpecError, match="frist_name"):
        people.index.find({"frist_name": "Ann"})


def test_records_that_say_too_little_are_for_review_only() -> None:
    table = pl.DataFrame({"sex": ["m", "f"] * 300, "town": ["A", "B", "C"] * 200})
    from cleansing import clean_table
    from guiyi.kinds import Kind

    kinds = {"sex": Kind.CODE, "town": Kind.REGION}
    clean = clean_table(table, kinds)
    assert resolve(clean, kinds).pairs.height == 0
    index = Index.build(clean, kinds)
    verdicts = {c.verdict for c in index.find(clean.row(0, named=True))}
    assert Verdict.MATCH not in verdicts
