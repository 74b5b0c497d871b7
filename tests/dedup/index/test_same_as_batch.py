"""What a batch decides on whole columns, a look-up decides of one record in the same way."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from benchmarks import companies, persons
from cleansing import clean_table
from dedup import Resolution, resolve
from dedup.fields.shared_values import HELD_LABELS
from dedup.index import Index
from dedup.model.saved_model import read_model
from guiyi.kinds import Kind
from tests.dedup.index.readings import misread

PERSON = {"first_name": Kind.PERSON_NAME, "last_name": Kind.PERSON_NAME}
FULL = {
    "phone": Kind.PHONE, "email": Kind.EMAIL, "birth_date": Kind.DATE, "city": Kind.REGION,
}  # fmt: skip
Told = dict[str, Any]
Table = tuple[pl.DataFrame, dict[str, Kind]]


def with_switchboards() -> Table:
    """Every third person answers at one of ten switchboards, and some share a mailbox."""
    every = pl.int_range(pl.len())
    table = persons.register(1200, 4).with_columns(
        phone=pl.when(every % 3 == 0)
        .then(pl.concat_str(pl.lit("020876543"), every % 10, pl.lit("1")))
        .otherwise("phone"),
        email=pl.when(every % 7 == 0).then(pl.lit("office@example.org")).otherwise("email"),
    )
    return table.select(*PERSON, *FULL), PERSON | FULL


def surname_first() -> Table:
    """Whole names, most of them with the surname first and no comma to show it."""
    every = pl.int_range(pl.len())
    table = persons.register(1200, 14)
    parts = [pl.col("last_name"), pl.col("first_name")]
    name = (
        pl.when(every % 5 < 3)
        .then(pl.concat_str(*parts, separator=" "))
        .otherwise(pl.concat_str(*reversed(parts), separator=" "))
    )
    return table.select(name=name, **{n: pl.col(n) for n in FULL}), {
        "name": Kind.PERSON_NAME
    } | FULL


def surname_always_first() -> Table:
    """Whole names as one register writes them, some with a comma, some Chinese."""
    every = pl.int_range(pl.len())
    table = persons.register(1200, 15)
    parts = [pl.col("last_name"), pl.col("first_name")]
    name = (
        pl.when(every % 7 == 0)
        .then(pl.concat_str(*parts, separator=", "))
        .when(every % 7 == 1)
        .then(pl.lit("Huang Jian"))
        .when(every % 7 == 2)
        .then("last_name")
        .otherwise(pl.concat_str(*parts, separator=" "))
    )
    born = pl.when(every % 9 == 0).then(pl.lit("1900-01-01")).otherwise("birth_date")
    rest = {n: pl.col(n) for n in FULL if n != "birth_date"}
    return table.select(name=name, birth_date=born, **rest), {"name": Kind.PERSON_NAME} | FULL


def with_doctors() -> Table:
    """A patient and, in a column of his own, who treats him."""
    every = pl.int_range(pl.len())
    doctors = pl.Series([f"{a} {b}" for a in ("Anna", "Karl", "Uwe") for b in ("Roth", "Blum")])
    doctor = every.map_batches(lambda n: doctors.gather(n % 6), return_dtype=pl.String)
    table = persons.register(900, 2)
    name = pl.concat_str("first_name", "last_name", separator=" ")
    kinds = {"name": Kind.PERSON_NAME, "doctor": Kind.PERSON_NAME} | FULL
    return table.select(name.alias("name"), doctor.alias("doctor"), *FULL), kinds


def registered_firms() -> Table:
    """Chinese firms by their registered names, some with the province before the city."""
    table = companies.customers(900, 6)
    name = pl.col("公司名称").str.replace("^苏州", "江苏省苏州市").str.replace("^杭州", "浙江杭州")
    kinds = {"公司名称": Kind.COMPANY_NAME, "电话": Kind.PHONE, "地址": Kind.ADDRESS}
    return table.select(name, "电话", "地址"), kinds


def numbered() -> Table:
    """People with a running number, twice each."""
    table = persons.register(1500, 8)
    number = (pl.int_range(pl.len()) // 2 + 1000).cast(pl.String)
    kinds = PERSON | {"birth_date": Kind.DATE, "no": Kind.CODE}
    return table.select(*PERSON, "birth_date", no=number), kinds


def named_twice() -> Table:
    """Whole names in two columns, each with gaps; fathers and sons are told by Jr. and Sr."""
    every = pl.int_range(pl.len())
    mark = pl.when(every % 4 == 0).then(pl.lit(" Jr.")).when(every % 4 == 1).then(pl.lit(" Sr"))
    marked = mark.otherwise(pl.lit(""))
    name = pl.concat_str("first_name", pl.lit(" "), "last_name", marked)
    table = persons.register(1200, 3).select(
        name=pl.when(every % 3 != 0).then(name),
        name_on_card=pl.when(every % 3 != 1).then(name),
        **{n: pl.col(n) for n in FULL},
    )
    return table, {"name": Kind.PERSON_NAME, "name_on_card": Kind.PERSON_NAME} | FULL


def masked() -> Table:
    """Orders with forms of address, some with the given name or the middle of a number masked."""
    every = pl.int_range(pl.len())
    surname = pl.col("last_name")
    name = pl.concat_str(pl.lit("Mr. "), pl.col("first_name"), pl.lit(" "), surname)
    phone = pl.concat_str(pl.col("phone").str.slice(0, 3), pl.lit("****1234"))
    table = persons.register(1200, 12).select(
        name=pl.when(every % 4 == 0).then(pl.concat_str(surname, pl.lit("**"))).otherwise(name),
        phone=pl.when(every % 5 == 0).then(phone).otherwise("phone"),
        **{n: pl.col(n) for n in FULL if n != "phone"},
    )
    return table, {"name": Kind.PERSON_NAME} | FULL


TABLES = (
    masked,
    named_twice,
    with_switchboards,
    surname_first,
    surname_always_first,
    with_doctors,
    registered_firms,
    numbered,
)


@dataclass(frozen=True)
class Matched:
    """A clean table, its kinds and what the batch found."""

    name: str
    clean: pl.DataFrame
    kinds: dict[str, Kind]
    batch: Resolution


@pytest.fixture(scope="module", params=TABLES, ids=lambda made: made.__name__)
def known(request: pytest.FixtureRequest) -> Matched:
    table, kinds = request.param()
    clean = clean_table(table, kinds)
    return Matched(request.param.__name__, clean, kinds, resolve(clean, kinds))


def test_pairs_weigh_the_same(known: Matched, tmp_path: Path) -> None:
    """Each pair outside clusters has the batch's weight, and each its levels, saved and opened."""
    clean, kinds, batch = known.clean, known.kinds, known.batch
    model = json.loads(json.dumps(batch.model))
    index = Index.build(clean, kinds, model)
    assert misread(index, clean) == []
    index.save(tmp_path / "index")
    index = Index.open(tmp_path / "index")
    rows = clean.to_dicts()
    fields = [name.removeprefix("level.") for name in batch.pairs.columns if "level." in name]
    seen = 0
    for pair in batch.pairs.head(150).iter_rows(named=True):
        found = {c.row: c for c in index.find(rows[pair["row_l"]], limit=500, least=0)}
        other = found.get(pair["row_r"])
        if other is None:
            continue
        seen += 1
        told = {r.field: r.level for r in other.reasons}
        levels = {f: pair[f"level.{f}"] for f in fields if pair[f"level.{f}"] != "missing"}
        assert told == levels
        if pair["verdict"] != "match":
            assert other.match_weight == pytest.approx(pair["match_weight"], abs=1e-4)
    assert seen > 50


def _held(told: Told, pairs: pl.DataFrame) -> bool:
    return HELD_LABELS[0] in {*pairs["level.phone"], *pairs["level.email"]}


SHOWS: dict[str, Callable[[Told, pl.DataFrame], bool]] = {
    "masked": lambda told, pairs: told["name.given"]["type"] == "GivenComparison",
    "named_twice": lambda told, pairs: "generation" in told,
    "with_switchboards": _held,
    "surname_first": lambda told, pairs: told["name.given"]["order"] == "mixed",
    "surname_always_first": lambda told, pairs: told["name.given"]["order"] == "surname first",
    "with_doctors": lambda told, pairs: told["doctor"]["type"] == "WordsComparison",
    "registered_firms": lambda told, pairs: told["公司名称"]["registered"],
    "numbered": lambda told, pairs: told["no"]["type"] == "SerialComparison",
}


def test_the_tables_show_what_they_are_made_for(known: Matched) -> None:
    """A switchboard is a group's, registered names are known for it, a number is a running one."""
    told = {c["name"]: c for c in known.batch.model["comparisons"]}
    assert SHOWS[known.name](told, known.batch.pairs)


def test_who_is_looked_up_counts_among_the_holders() -> None:
    """A telephone of two names is a group's once a third name calls with it, and stays so."""
    table, kinds = with_switchboards()
    own = pl.DataFrame(
        [
            ("Zelda", "Quist", "02079990001", None, "1951-02-03", "Hull"),
            ("Oscar", "Venn", "02079990001", None, "1972-04-05", "Hull"),
        ],
        schema=table.columns,
        orient="row",
    )
    master = clean_table(pl.concat([table, own]), kinds)
    batch = resolve(master, kinds)
    index = Index.build(master, kinds, batch.model)
    third = own.row(0, named=True) | {"first_name": "Bruno", "last_name": "Marr"}
    third = third | {"birth_date": "1990-09-09"}

    def level(asked: dict[str, str | None], row: int) -> str:
        found = {c.row: c for c in index.find_raw(asked, limit=500, least=0)}
        return next(r.level for r in found[row].reasons if r.field == "phone")

    zelda, oscar = master.height - 2, master.height - 1
    assert level(own.row(0, named=True), zelda) != HELD_LABELS[0]
    assert level(own.row(0, named=True), oscar) != HELD_LABELS[0]
    assert level(third, oscar) == HELD_LABELS[0]
    assert level(own.row(0, named=True), zelda) != HELD_LABELS[0]
    everyone = pl.concat([table, own, pl.DataFrame([third], schema=table.schema)])
    again = resolve(clean_table(everyone, kinds), kinds, model=read_model(batch.model))
    index.add(clean_table(everyone, kinds).row(-1, named=True))
    assert level(own.row(0, named=True), zelda) == HELD_LABELS[0]
    pair = again.pairs.filter(pl.col("row_l") == zelda, pl.col("row_r") == oscar)
    assert set(pair["level.phone"]) <= {HELD_LABELS[0]}
    rows = np.array([[zelda], [oscar]], np.uint32)
    at = [np.array([index.register.row_of(int(n))], np.uint32) for n in rows[:, 0]]
    field = [f.comparison.name for f in index.fields].index("phone")
    equal = int(index.patterns_between(*at)[0] >> np.uint64(4 * field)) & 15
    assert index.fields[field].comparison.labels[equal] == HELD_LABELS[0]


@pytest.fixture(scope="module")
def firms() -> tuple[pl.DataFrame, dict[str, Kind], Told]:
    """Firms of which so many have one name that all others are rare, and what a batch learns."""
    table, kinds = registered_firms()
    every = pl.int_range(pl.len())
    name = pl.when(every % 5 == 0).then(pl.lit("个体经营散客")).otherwise("公司名称")
    table = table.with_columns(name.alias("公司名称"))
    model = resolve(clean_table(table, kinds), kinds).model
    return table, kinds, json.loads(json.dumps(model))


@pytest.mark.parametrize(
    ("name", "equal"),
    [
        ("常州源隆国际物流有限公司", "equal, rare or registered name"),
        ("源隆国际物流有限公司", "equal"),
        ("常州源隆国际物流", "equal"),
        ("Ravenscroft Optics Ltd.", "equal"),
    ],
)
def test_a_name_is_registered_by_form_and_region(
    firms: tuple[pl.DataFrame, dict[str, Kind], Told], name: str, equal: str, tmp_path: Path
) -> None:
    """A name without its region, or a rare one written abroad, is no registered one anywhere."""
    table, kinds, model = firms
    own = pl.DataFrame(
        [(name, "13805191797", "常州市青年路762号"), (name, "13905111312", "常州市青年路762号")],
        schema=table.columns,
        orient="row",
    )
    clean = clean_table(pl.concat([table, own]), kinds)
    pairs = resolve(clean, kinds, model=read_model(model)).pairs
    pair = pairs.filter(pl.col("row_l") == table.height, pl.col("row_r") == table.height + 1)
    assert pair["level.公司名称"].to_list() == [equal]
    Index.build(clean.head(table.height), kinds, model).save(tmp_path / "index")
    index = Index.open(tmp_path / "index")
    first, second = clean.tail(2).to_dicts()
    row = index.add(first)
    found = {c.row: c for c in index.find(second, limit=500, least=0)}
    assert [r.level for r in found[row].reasons if r.field == "公司名称"] == [equal]
