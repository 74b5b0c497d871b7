"""A birth date in three columns is compared as one date, in batches, look-ups and saved models."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner

from cleansing import RecordCleaner, clean_table, infer_kinds
from dedup import resolve
from dedup.comparison.base import Group
from dedup.comparison.kinds import DateComparison
from dedup.comparison.split_dates import day_of
from dedup.evaluation.measures import evaluate_clusters
from dedup.fields.chosen import compare_fields
from dedup.index import Index
from dedup.model.saved_model import read_model
from guiyi.kinds import Kind
from tests.dedup.index.readings import misread

GIVEN = ("anna", "bernd", "clara", "dieter", "emil", "frieda", "gustav", "hanna", "ingo", "jana")
SOUNDS = ("ba", "del", "fin", "gor", "hus", "kam", "lor", "men", "nut", "pol", "ras", "tur", "wen")
PARTS = ("by", "bm", "bd")


def people(count: int = 400, seed: int = 5) -> pl.DataFrame:
    """Persons once or twice, the second time with a slip; the birth date in three columns."""
    draw = np.random.default_rng(seed)
    rows = []
    for who in range(count):
        given = str(draw.choice(GIVEN))
        family = "".join(map(str, draw.choice(SOUNDS, 2)))
        date = [
            int(draw.integers(1930, 2005)),
            int(draw.integers(1, 13)),
            int(draw.integers(1, 29)),
        ]
        rows.append((who, given, family, *map(str, date)))
        if who % 3 == 0:
            slip = int(draw.integers(4))
            if slip == 0:
                family = family[:-1]
            elif slip == 1:
                date[2] = date[2] % 28 + 1
            elif slip == 2:
                date[1], date[2] = date[2], date[1]
            rows.append((who, given, family, *map(str, date)))
    return pl.DataFrame(rows, schema=["who", "given_name", "surname", *PARTS], orient="row")


def cleaned(table: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, Kind]]:
    """The table cleaned by the kinds guessed."""
    kinds = {name: guess.kind for name, guess in infer_kinds(table).items()}
    return clean_table(table, kinds), kinds


def dates_of(table: pl.DataFrame, kinds: dict[str, Kind] | None = None) -> list[DateComparison]:
    """The date comparisons of a raw table."""
    own = kinds or {name: guess.kind for name, guess in infer_kinds(table).items()}
    made, _ = compare_fields(clean_table(table, own), own)
    return [c for c in made if isinstance(c, DateComparison)]


@pytest.fixture(scope="module")
def register() -> pl.DataFrame:
    """The persons without the truth."""
    return people()


def test_three_columns_give_one_comparison_of_birth_dates(register: pl.DataFrame) -> None:
    """The parts are not compared by themselves; the note says what became of them."""
    records, kinds = cleaned(register.drop("who"))
    made, notes = compare_fields(records, kinds)
    (date,) = (c for c in made if isinstance(c, DateComparison))
    assert (date.name, date.group) == ("by+bm+bd", Group.BIRTH)
    assert not {"by", "bm", "bd"} & {c.name for c in made}
    assert "by+bm+bd: one date in 3 columns" in notes
    first = register.row(0, named=True)
    spelled = f"{first['by']}-{int(first['bm']):02d}-{int(first['bd']):02d}"
    assert date.column.values[int(date.column.codes[0])] == spelled


def test_it_matches_as_the_same_date_in_one_column_does(register: pl.DataFrame) -> None:
    """Writing a date in three columns changes no cluster."""
    whole = pl.concat_str("by", pl.col("bm").str.zfill(2), pl.col("bd").str.zfill(2), separator="-")
    one = register.select("given_name", "surname", dob=whole)
    found = []
    for table in (register.drop("who"), one):
        records, kinds = cleaned(table)
        found.append(resolve(records, kinds).clusters["cluster_id"].to_list())
    assert found[0] == found[1]
    scores = evaluate_clusters(pl.Series(found[0]), register["who"])
    assert scores.pairwise.f1.value > 0.9


@pytest.mark.parametrize(
    ("year", "month", "day", "iso"),
    [
        (["1985"], ["3"], ["7"], "1985-03-07"),
        (["85"], ["Mar"], ["07"], "1985-03-07"),
        (["1985.0"], ["3.0"], ["7.0"], "1985-03-07"),
        (["1985年"], ["三月"], ["7日"], "1985-03-07"),
        (["1985"], ["3"], [None], "1985-03-00"),
        (["1985"], [None], ["7"], "1985-00-00"),
        (["1985"], ["0"], ["0"], "1985-00-00"),
        (["1985"], ["25"], ["3"], "1985-03-25"),
        (["1985"], ["25"], ["25"], "1985-00-00"),
    ],
)
def test_parts_make_a_date_as_far_as_they_are_known(
    year: list[str], month: list[str | None], day: list[str | None], iso: str
) -> None:
    """Names of months, spreadsheet decimals and Chinese marks are read; what is missing is 00."""
    rest = 30
    table = pl.DataFrame(
        {
            "name": ["Ann Smith"] * (rest + 1),
            "birth_year": [*year, *(str(1950 + n) for n in range(rest))],
            "birth_month": [*month, *(str(n % 12 + 1) for n in range(rest))],
            "birth_day": [*day, *(str(n % 28 + 1) for n in range(rest))],
        }
    )
    kinds = {"name": Kind.PERSON_NAME} | dict.fromkeys(table.columns[1:], Kind.CODE)
    (date,) = dates_of(table, kinds)
    assert date.column.values[int(date.column.codes[0])] == iso


def test_without_a_year_there_is_no_date(register: pl.DataFrame) -> None:
    """A month and a day alone are not taken for a date."""
    gap = pl.when(pl.int_range(pl.len()) == 0).then(None).otherwise("by")
    (date,) = dates_of(register.drop("who").with_columns(by=gap))
    assert date.column.codes[0] == -1


@pytest.mark.parametrize(
    ("headers", "years", "extra", "group"),
    [
        (("order_year", "order_month", "order_day"), (1930, 2005), {}, Group.OTHER),
        (("year", "month", "day"), (1930, 2005), {}, Group.BIRTH),
        (("year", "month", "day"), (2019, 2025), {}, Group.OTHER),
        (("year", "month", "day"), (1930, 2005), {"dob": "1980-0{}-11"}, Group.OTHER),
        (("出生年", "出生月", "出生日"), (2010, 2014), {}, Group.BIRTH),
    ],
)
def test_only_a_birth_date_counts_as_one(
    headers: tuple[str, str, str], years: tuple[int, int], extra: dict[str, str], group: Group
) -> None:
    """An order's date never; one without a name if it is the only one and spans lives."""
    draw = np.random.default_rng(3)
    table = people(200).drop("who")
    numbers = [draw.integers(*years, table.height), draw.integers(1, 13, table.height),
               draw.integers(1, 29, table.height)]  # fmt: skip
    table = table.drop(PARTS).with_columns(
        pl.Series(h, n).cast(pl.String) for h, n in zip(headers, numbers, strict=True)
    )
    table = table.with_columns(
        pl.Series(n, [text.format(row % 9 + 1) for row in range(table.height)])
        for n, text in extra.items()
    )
    split = next(c for c in dates_of(table) if c.name == "+".join(headers))
    assert split.group is group


def test_a_year_alone_stays_what_it_was(register: pl.DataFrame) -> None:
    """A mere year column is no split date, and without a word for birth no birth date."""
    table = register.select("given_name", "surname", year="by")
    made = dates_of(table)
    assert [(c.name, c.group) for c in made] in ([], [("year", Group.OTHER)])


def test_look_ups_read_the_parts_as_the_batch_does(register: pl.DataFrame, tmp_path: Path) -> None:
    """An index, saved and opened again, weighs a split date as the batch does."""
    raw = register.drop("who")
    records, kinds = cleaned(raw)
    batch = resolve(records, kinds)
    index = Index.build(records, kinds)
    assert misread(index, records) == []
    index.save(tmp_path / "index")
    opened = Index.open(tmp_path / "index")
    rows = records.to_dicts()
    for left, right, weight in batch.pairs.head(60).select("row_l", "row_r", "match_weight").rows():
        at = np.array([opened.register.row_of(right)], np.uint32)
        assert opened.weigh(rows[left], at)[0] == pytest.approx(weight, abs=1e-4)
    own = RecordCleaner.of(raw, kinds).clean(raw.row(0, named=True))
    assert opened.find(own)[0].row == 0
    moved = raw.row(0, named=True) | {"by": "1899"}
    assert opened.find_raw(moved)[0].match_weight < opened.find(own)[0].match_weight


def test_a_saved_model_is_taken_up_again(register: pl.DataFrame) -> None:
    """The model read back gives the same pairs; the comparison is known by its columns' names."""
    records, kinds = cleaned(register.drop("who"))
    fitted = resolve(records, kinds)
    model = read_model(json.loads(json.dumps(fitted.model)))
    again = resolve(records, kinds, model=model)
    assert again.pairs.equals(fitted.pairs)
    assert "by+bm+bd" in model.mixture.names


def test_the_command_keeps_and_takes_up_such_a_model(
    register: pl.DataFrame, tmp_path: Path
) -> None:
    """`guiyi dedupe --save-model` and `--model` go round with a date in three columns."""
    from pipelines.cli.main import cli

    file = tmp_path / "people.csv"
    register.drop("who").write_csv(file)
    run = CliRunner().invoke
    kept = tmp_path / "model.json"
    one = run(cli, ["dedupe", str(file), "--out", str(tmp_path / "a"), "--save-model", str(kept)])
    assert one.exit_code == 0, one.output
    two = run(cli, ["dedupe", str(file), "--out", str(tmp_path / "b"), "--model", str(kept)])
    assert two.exit_code == 0, two.output
    first, second = ((tmp_path / n / "clusters.csv").read_text() for n in "ab")
    assert first == second


def test_a_day_that_stands_for_none_is_none() -> None:
    """1900, January, 1: what a form writes where nobody typed a birthday."""
    assert day_of(["1900", "1", "1"]) is None
    assert day_of(["1900", "1", "2"]) == "1900-01-02"
