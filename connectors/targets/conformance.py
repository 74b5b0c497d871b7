"""What every target promises, as checks that a package of another target can call.

    from connectors.targets.conformance import check_target
    check_target(lambda: MyTarget(folder))      # AssertionError says which promise is broken

The target must be empty: the checks make a table for the CRM entity `conformance` and fill it. A
target that makes no tables (`makes=False`) must have it, with `name` and `note`.
"""

from collections.abc import Callable
from dataclasses import astuple

import polars as pl

from connectors.targets.contract import EXTERNAL_ID, Target

ENTITY, COLUMNS = "conformance", ("name", "note")
VALUES = (
    "甲有限公司", " padded  ", "O'Brien \"x\" \\ %s :p", "😀𠮷",
    "line\nbreak", "12.50", "0042", "", None,
)  # fmt: skip
"""Texts that systems like to change."""


def check_target(
    make: Callable[[], Target], unfit: str | None = None, *, makes: bool = True
) -> None:
    """Hold an empty target to all it promises; `make` opens it anew.

    `unfit` is a value that a `name` cannot hold, if there is any: its row is rejected, alone.
    """
    check_untouched(make, makes=makes)
    sent = rows_of({f"G{n}": value for n, value in enumerate(VALUES)})
    target = make()
    target.prepare(ENTITY, COLUMNS)
    assert target.check(ENTITY, COLUMNS), "`check` does not see the table that `prepare` made"
    rejected = target.upsert(ENTITY, sent)
    assert not rejected, f"plain texts are rejected: {[r.external_id for r in rejected]}"
    check_found(target, sent)
    target.close()
    check_found(make(), sent)
    check_updated(make(), sent)
    if unfit is not None:
        check_rejected(make(), unfit)
    check_deleted(make())


def rows_of(names: dict[str, str | None]) -> pl.DataFrame:
    """Rows of the entity by external id; the note repeats the id."""
    columns = {EXTERNAL_ID: list(names), "name": list(names.values()), "note": list(names)}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def check_untouched(make: Callable[[], Target], *, makes: bool = True) -> None:
    """Opening and looking make nothing; a table that is not there has no rows."""
    target = make()
    assert target.place, "`place` is empty"
    seen = target.check(ENTITY, COLUMNS)
    assert not (seen and makes), "`check` sees a table that nobody made"
    assert seen or makes, "`check` does not see the table that is there"
    found = target.fetch(ENTITY, COLUMNS)
    assert found.is_empty(), "an empty target has rows"
    wanted = dict.fromkeys([EXTERNAL_ID, *COLUMNS], pl.String())
    assert dict(found.schema) == wanted, f"`fetch` gives {dict(found.schema)}, not {wanted}"
    assert make().check(ENTITY, COLUMNS) is seen, "`check` or `fetch` made the table"
    target.close()


def check_found(target: Target, sent: pl.DataFrame) -> None:
    """What was sent, in its canonical spelling, is what is found."""
    spelled = target.canonical(ENTITY, sent)
    found = target.fetch(ENTITY, COLUMNS)
    assert found.sort(EXTERNAL_ID).equals(spelled.sort(EXTERNAL_ID)), (
        "`canonical` of what was sent is not what `fetch` finds"
    )
    again = target.canonical(ENTITY, spelled)
    assert again.equals(spelled), "`canonical` spells its own spelling another way"
    assert not bool((spelled["name"] == "").any()), "an empty text is not null in `canonical`"
    some = sent[EXTERNAL_ID].to_list()[:2]
    ids = target.fetch(ENTITY, COLUMNS, some)[EXTERNAL_ID].to_list()
    assert sorted(ids) == sorted(some), f"`fetch` of {some} finds {ids}"
    assert target.fetch(ENTITY, COLUMNS, []).is_empty(), "`fetch` of no ids finds rows"
    assert target.fetch(ENTITY, COLUMNS, ["none"]).is_empty(), "`fetch` finds an unknown id"


def check_updated(target: Target, sent: pl.DataFrame) -> None:
    """Writing a row again replaces it, and touches no other."""
    target.upsert(ENTITY, rows_of({"G0": "乙有限公司"}))
    found = dict(target.fetch(ENTITY, COLUMNS).select(EXTERNAL_ID, "name").iter_rows())
    assert len(found) == sent.height, f"{sent.height} rows became {len(found)} by an update"
    assert found.get("G0") == "乙有限公司", "an update does not replace the row"
    assert found.get("G6") == "0042", "an update of one row changes another"
    target.upsert(ENTITY, sent)
    check_found(target, sent)


def check_rejected(target: Target, unfit: str) -> None:
    """A value that cannot be held is foretold and rejected, with its row alone."""
    rows = rows_of({"U1": "fits", "U2": unfit, "U3": "fits too"})
    foretold = [rejection.external_id for rejection in target.unfit(ENTITY, rows)]
    rejected = target.upsert(ENTITY, rows)
    ids = [rejection.external_id for rejection in rejected]
    assert ids == ["U2"], f"of U1, U2 and U3 only U2 is unfit, but rejected are {ids}"
    assert set(foretold) <= set(ids), f"`unfit` tells of {foretold}, rejected are {ids}"
    assert all(r.reason for r in rejected), "a rejection has no reason"
    words = " ".join(str(part) for rejection in rejected for part in astuple(rejection))
    assert unfit not in words, "a rejection holds the value"
    there = set(target.fetch(ENTITY, COLUMNS, ["U1", "U2", "U3"])[EXTERNAL_ID])
    assert there == {"U1", "U3"}, f"after a rejection of U2 there are {sorted(there)}"


def check_deleted(target: Target) -> None:
    """What is deleted is gone, and nothing else."""
    before = set(target.fetch(ENTITY, COLUMNS)[EXTERNAL_ID])
    target.delete(ENTITY, ["G1", "none"])
    after = set(target.fetch(ENTITY, COLUMNS)[EXTERNAL_ID])
    assert after == before - {"G1"}, f"deleting G1 removes {sorted(before - after)}"
    target.close()
