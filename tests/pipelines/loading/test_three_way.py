"""A load knows what it wrote last, what stands there now, and what it wants to write."""

import json
from typing import Any

import polars as pl
import pytest

from guiyi.spec import CrmEntitySpec
from pipelines.loading.comparing import differences
from pipelines.loading.three_way import BOTH, DELETED, EDITED, UNKNOWN, settle, with_theirs

FIELDS = ("name", "phone", "remarks")
SPEC = {"entity": "company", "fields": {name: name for name in FIELDS}}


def table(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema=dict.fromkeys(("external_id", *FIELDS), pl.String), orient="row"
    )


def written(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    images = [(row[0], json.dumps(dict(zip(FIELDS, row[1:], strict=True)))) for row in rows]
    return pl.DataFrame(images, schema=["external_id", "after"], orient="row")


def settled(want: pl.DataFrame, now: pl.DataFrame, last: pl.DataFrame, **policy: str) -> Any:
    fields = {n: {"field": n, "policy": policy.get(n, "review")} for n in FIELDS}
    spec = CrmEntitySpec.model_validate({**SPEC, "fields": fields})
    return settle(differences(want, now), last, "account", spec)


OURS = ("G1", "甲公司", "111", None)


def phone(value: str | None) -> tuple[str | None, ...]:
    return ("G1", "甲公司", value, None)


CASES = [
    ("our change goes through", phone("222"), OURS, "222", None),
    ("their edit stays", OURS, phone("999"), "999", EDITED),
    ("both changed it", phone("222"), phone("999"), "999", BOTH),
    ("they emptied it", OURS, phone(None), None, EDITED),
    ("both changed it alike", phone("9"), phone("9"), "9", None),
    ("we emptied it", phone(None), OURS, None, None),
]


@pytest.mark.parametrize(
    ("what", "want", "now", "stays", "reason"), CASES, ids=[case[0] for case in CASES]
)
def test_whose_value_stays(
    what: str, want: tuple, now: tuple, stays: str | None, reason: str | None
) -> None:
    """Ours is written where nobody else has touched the field since; else theirs stays, listed."""
    found = settled(table(want), table(now), written(OURS))
    rows = with_theirs(table(want), found.kept)
    assert rows["phone"].to_list() == [stays], what
    assert found.conflicts["reason"].to_list() == ([reason] if reason else [])
    assert differences(rows, table(now)).equals(found.diff)


def test_their_edit_stays_while_another_field_is_written() -> None:
    """The row is updated, and the cell they changed is written as they have it."""
    want = table(("G1", "甲有限公司", "111", None))
    now = table(("G1", "甲公司", "111", "老客户，勿扰"))
    found = settled(want, now, written(OURS))
    assert found.diff.select("action", "column", "new").rows() == [
        ("updated", "name", "甲有限公司")
    ]
    assert with_theirs(want, found.kept).row(0) == ("G1", "甲有限公司", "111", "老客户，勿扰")
    assert found.conflicts.select("column", "theirs").rows() == [("remarks", "老客户，勿扰")]


def test_a_policy_decides_by_field() -> None:
    """`ours` is written over their edit, `theirs` stays without being listed."""
    now = table(("G1", "乙", "999", "x"))
    found = settled(table(OURS), now, written(OURS), phone="ours", remarks="theirs")
    assert found.diff.select("column", "new").rows() == [("phone", "111")]
    assert found.conflicts["column"].to_list() == ["name"]
    assert with_theirs(table(OURS), found.kept).row(0) == ("G1", "乙", "111", "x")


def test_what_no_load_has_written_is_not_overwritten() -> None:
    """A ledger that was lost knows nothing of the row: empty cells are filled, others stay."""
    now = table(("G1", "甲", None, None))
    found = settled(table(OURS), now, written().clear())
    assert found.diff.select("column", "new").rows() == [("phone", "111")]
    assert found.conflicts.select("column", "reason").rows() == [("name", UNKNOWN)]


def test_a_row_deleted_in_the_crm_is_named() -> None:
    """It is created again, and a person is told so."""
    found = settled(table(OURS, ("G2", "乙", None, None)), table().clear(), written(OURS))
    assert set(found.diff["action"]) == {"created"}
    assert found.conflicts.select("external_id", "reason").rows() == [("G1", DELETED)]


def test_what_a_batch_that_was_cut_off_may_have_written_is_ours() -> None:
    """Whether it went in or not, the value there is none of a person's."""
    cut_off = written(OURS, phone("222"))
    for now in (OURS, phone("222")):
        found = settled(table(phone("333")), table(now), cut_off)
        assert found.conflicts.is_empty()
        assert found.diff["new"].to_list() == ["333"]
    assert settled(table(phone("333")), table(phone("9")), cut_off).conflicts.height == 1
