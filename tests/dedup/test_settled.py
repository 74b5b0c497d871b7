"""Only what is new is compared, and the result is that of comparing everything."""

from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings

from benchmarks.companies import customers
from benchmarks.persons import register
from cleansing import clean_table
from dedup import Resolution, resolve
from dedup.model import SavedModel, read_model
from dedup.scoring import SettledRecords
from guiyi.kinds import Kind
from guiyi.records import RECORD_ID, SOURCE
from guiyi.spec.entities import MatchSpec

pytestmark = pytest.mark.slow
PERSONS = {
    "first_name": Kind.PERSON_NAME,
    "last_name": Kind.PERSON_NAME,
    "birth_date": Kind.DATE,
    "address": Kind.ADDRESS,
    "phone": Kind.PHONE,
    "email": Kind.EMAIL,
}
FIRMS = {"公司名称": Kind.COMPANY_NAME, "电话": Kind.PHONE, "地址": Kind.ADDRESS}
ROWS, FIRST = 700, 500
NONE_DECIDED = pl.DataFrame(schema=dict.fromkeys(("left", "right", "decision"), pl.String))


class Master:
    """A table of clean records, and the model that was fitted on the first of them."""

    def __init__(
        self,
        raw: pl.DataFrame,
        kinds: dict[str, Kind],
        pairs: int | None = None,
        first: int = FIRST,
    ) -> None:
        keys = pl.int_range(pl.len()).cast(pl.String).alias(RECORD_ID)
        named = clean_table(raw.select(*kinds), kinds).with_columns(pl.lit("crm").alias(SOURCE))
        self.records, self.kinds = named.with_columns(keys), kinds
        self.spec = MatchSpec(max_pairs=pairs)
        self.fitted = resolve(self.records.head(first), kinds, self.spec, pin=True)
        model = read_model(self.fitted.model)
        self.model: SavedModel = replace(model, pinned=self.fitted.pinnable)

    def contents(self, records: pl.DataFrame) -> pl.Series:
        """What each record says, whatever it is called."""
        return records.drop(SOURCE, RECORD_ID).hash_rows()

    def whole(self, records: pl.DataFrame, decisions: pl.DataFrame) -> Resolution:
        """Compare all records with each other."""
        return resolve(
            records, self.kinds, self.spec, decisions=decisions, model=self.model
        )  # fmt: skip

    def after(
        self, before: pl.DataFrame, found: Resolution, now: pl.DataFrame, decisions: pl.DataFrame
    ) -> Resolution:
        """Compare what is new since an earlier run."""
        assert found.memory is not None
        kept = found.memory.records.with_columns(content=self.contents(before))
        settled = SettledRecords.of(self.contents(now), kept, found.pairs, found.memory.ways)
        return resolve(
            now, self.kinds, self.spec, decisions=decisions, model=self.model, settled=settled
        )  # fmt: skip


@pytest.fixture(scope="module")
def masters() -> dict[str, Master]:
    """Persons with room for every pair and with hardly any, and firms."""
    persons = register(ROWS, 5, noise=0.5)
    return {
        "persons": Master(persons, PERSONS, None),
        "crowded": Master(persons, PERSONS, 900),
        "firms": Master(customers(ROWS, 3), FIRMS, 4000),
    }


Step = tuple[str, int, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["insert", "delete", "change", "move", "rename", "must-link", "cannot-link", "revoke"]
        ),
        st.integers(0, 10_000),
        st.integers(1, 40),
    ),
    min_size=1,
    max_size=5,
)


def _changed(master: Master, now: pl.DataFrame, step: Step) -> pl.DataFrame:
    """The records after a step; `seed` chooses which, and `count` is how many."""
    what, seed, count = step
    draw = np.random.default_rng(seed)
    some = pl.Series(draw.permutation(now.height) < min(count, now.height - 2))
    if what == "insert":
        absent = master.records.join(now, on=RECORD_ID, how="anti")
        return pl.concat([now, absent.sample(min(count, absent.height), seed=seed)])
    if what == "delete":
        return now.filter(~some)
    if what == "change":  # they say what another record says in some fields
        other = now.sample(fraction=1, shuffle=True, seed=seed)
        field = sorted(master.kinds)[seed % len(master.kinds)]
        own = [c for c in now.columns if c == field or c.startswith(f"{field}.")]
        return now.with_columns(now[c].zip_with(~some, other[c]) for c in own)
    if what == "rename":  # the same rows under other names
        return now.with_columns(
            pl.when(some).then(pl.col(RECORD_ID) + "x").otherwise(RECORD_ID).alias(RECORD_ID)
        )
    return now.sample(fraction=1, shuffle=True, seed=seed) if what == "move" else now


def _decided(
    now: pl.DataFrame, found: Resolution, decisions: pl.DataFrame, step: Step
) -> pl.DataFrame:
    """The decisions after a step: about records that are likely one, or have nothing in common."""
    what, seed, count = step
    if what == "revoke":
        return decisions.slice(1)
    if what not in ("must-link", "cannot-link"):
        return decisions
    draw = np.random.default_rng(seed)
    if what == "must-link":
        rows = [tuple(draw.integers(0, now.height, 2)) for _ in range(1 + count // 20)]
    else:
        likely = found.pairs.filter(pl.col("match_probability") > 0.5)
        likely = likely.filter(pl.col("row_r") < now.height)
        rows = likely.sample(min(2, likely.height), seed=seed).select("row_l", "row_r").rows()
    keys = now[RECORD_ID]
    new = [(f"crm:{keys[int(a)]}", f"crm:{keys[int(b)]}", what) for a, b in rows if a != b]
    return pl.concat(
        [decisions, pl.DataFrame(new, schema=decisions.schema, orient="row")]
    )  # fmt: skip


@pytest.mark.parametrize("of", ["persons", "crowded", "firms"])
@given(steps=STEPS)
@example(steps=[("change", 7220, 47), ("cannot-link", 3940, 15)])  # of a row that others repeat
@settings(max_examples=12, deadline=None)
def test_any_history_ends_where_comparing_everything_ends(
    masters: dict[str, Master], of: str, steps: list[Step]
) -> None:
    """Inserted, deleted, changed, moved and renamed rows, decisions made and taken back."""
    master = masters[of]
    now, found, decisions = master.records.head(FIRST), master.fitted, NONE_DECIDED
    for step in steps:
        before, now = now, _changed(master, now, step)
        decisions = _decided(now, found, decisions, step)
        found = master.after(before, found, now, decisions)
        assert found.memory is not None
        assert found.memory.incremental
        whole = master.whole(now, decisions)
        assert found.clusters.equals(whole.clusters)
        likely = pl.col("match_probability") >= 0.1
        assert found.pairs.filter(likely).equals(whole.pairs.filter(likely))


def test_only_pairs_with_a_new_record_are_compared(masters: dict[str, Master]) -> None:
    """Five new rows in five hundred cost a twentieth of the pairs, at most."""
    master = masters["persons"]
    before, now = master.records.head(FIRST), master.records.head(FIRST + 5)
    found = master.after(before, master.fitted, now, NONE_DECIDED)
    whole = master.whole(now, NONE_DECIDED)
    assert found.memory is not None
    assert whole.memory is not None
    assert 0 < found.memory.looked_at < whole.memory.looked_at / 20


def test_a_block_that_is_no_longer_too_large_proposes_its_pairs(
    masters: dict[str, Master],
) -> None:
    """Rows were in blocks too large for the budget; when most others go, their pairs are found."""
    master = masters["crowded"]
    before, now = master.records.head(FIRST), master.records.head(FIRST // 3)
    found = master.after(before, master.fitted, now, NONE_DECIDED)
    assert found.clusters.equals(master.whole(now, NONE_DECIDED).clusters)
    assert found.memory is not None
    assert found.memory.looked_at > 0


def test_fields_that_are_compared_otherwise_are_compared_anew(masters: dict[str, Master]) -> None:
    master = masters["persons"]
    now = master.records.head(FIRST)
    assert master.fitted.memory is not None
    kept = master.fitted.memory.records.with_columns(content=master.contents(now))
    settled = SettledRecords.of(master.contents(now), kept, master.fitted.pairs, "other ways")
    found = resolve(now, master.kinds, master.spec, model=master.model, settled=settled)
    assert found.memory is not None
    assert not found.memory.incremental
    assert found.clusters.equals(master.fitted.clusters)


SURNAMES, GIVEN = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗",
    "伟强磊洋勇军杰涛超明刚平辉鹏华飞翔波斌宇",
)


def _contacts(firms: int, each: int, seed: int) -> pl.DataFrame:
    """Contacts of firms, one switchboard and one mailbox a firm; a tenth stands there twice."""
    draw = np.random.default_rng(seed)
    rows: list[tuple[str, str, str | None]] = []
    for firm in range(firms):
        switchboard, mailbox = f"021-6{seed % 10}{firm:06d}", f"info@firm{seed}x{firm}.example.cn"
        for _ in range(each):
            given = draw.integers(0, 20, draw.integers(1, 3))
            name = SURNAMES[draw.integers(20)] + "".join(GIVEN[i] for i in given)
            rows.append((name, switchboard, mailbox))
            if draw.random() < 0.1:
                rows.append((name, switchboard, None))
    return pl.DataFrame(rows, schema=["name", "phone", "email"], orient="row")


def test_colleagues_who_come_later_are_not_merged_by_their_switchboard() -> None:
    """A firm that is new since the model was fitted brings its own; whose it is is counted anew."""
    before, later = _contacts(28, 8, 1), _contacts(1, 40, 51)
    kinds = {"name": Kind.PERSON_NAME, "phone": Kind.PHONE, "email": Kind.EMAIL}
    master = Master(pl.concat([before, later]), kinds, first=before.height)
    now = master.records
    found = master.after(now.head(before.height), master.fitted, now, NONE_DECIDED)
    merged = found.clusters.group_by("cluster_id").agg("row").filter(pl.col("row").list.len() > 1)
    named = [now["name"].gather(rows).to_list() for rows in merged["row"]]
    assert [names for names in named if len(set(names)) > 1] == []
    assert found.clusters.equals(master.whole(now, NONE_DECIDED).clusters)
    level = pl.col("level.phone") == "equal, held by several names"
    assert found.pairs.filter(level, pl.col("row_r") >= before.height).height > 0
