"""With `match.incremental`, new records are matched against the clusters of the run before."""

from pathlib import Path

import polars as pl
import pytest

from benchmarks.persons import register
from governance import open_ledger
from governance.run_folder import CLUSTERS, PAIRS, RunFolder
from pipelines.driving.driver import run_project
from pipelines.stages.run import Options, RunOutcome

SPEC = """\
project: growing
sources:
  register:
    kind: delimited
    path: persons.csv
    tables:
      - table: persons
        entity: person
        key: number
        columns: {first: first_name, last: last_name, born: birth_date, address: address,
                  city: city, phone: phone, email: email}
        ignore: [postcode]
entities:
  person:
    fields: {first: person_name, last: person_name, born: date, address: address, city: region,
             phone: phone, email: email}
    match: {incremental: INCREMENTAL}
mapping:
  contact: {entity: person, fields: {first: first, last: last}}
target: {url: "sqlite:///crm.db"}
"""
ROWS = 1500


@pytest.fixture(scope="module")
def persons() -> pl.DataFrame:
    """A register; one row in a hundred is new, and half of these copy a row that was there."""
    table = register(ROWS, seed=3, noise=0.5).drop("entity")
    copies = table.head(8).with_columns(pl.col("email").str.to_uppercase())
    strangers = register(8, seed=99).drop("entity")
    return pl.concat([table, copies, strangers]).with_row_index("number", offset=1)


def _run(folder: Path, table: pl.DataFrame, incremental: bool = True) -> RunOutcome:
    folder.mkdir(exist_ok=True)
    text = SPEC.replace("INCREMENTAL", str(incremental).lower())
    (folder / "guiyi.yaml").write_text(text, encoding="utf-8")
    table.write_csv(folder / "persons.csv")
    return run_project(folder, Options(until="remember"))


def _ids(outcome: RunOutcome, entity: str = "person") -> pl.DataFrame:
    found = RunFolder(outcome.folder).read(CLUSTERS, entity, ["record_id", "golden_id"])
    return found.sort("record_id")


def _notes(outcome: RunOutcome) -> str:
    return "\n".join(outcome.notes)


@pytest.mark.slow
def test_new_records_get_the_ids_that_matching_everything_gives(
    persons: pl.DataFrame, tmp_path: Path
) -> None:
    """One in a hundred is new: a copy joins the record it copies, a stranger is a new one."""
    ids, pairs = {}, {}
    for incremental in (True, False):
        folder = tmp_path / str(incremental)
        before = _run(folder, persons.head(ROWS), incremental)
        after = _run(folder, persons, incremental)
        ids[incremental] = _ids(before), _ids(after)
        pairs[incremental] = RunFolder(after.folder).read(PAIRS, "person")
        assert ("16 new records were matched" in _notes(after)) == incremental
    assert ids[True][0].equals(ids[False][0])
    both = ids[True][1].join(ids[False][1], on="record_id", suffix="_whole")
    new = both.filter(pl.col("record_id").str.extract(r"/(\d+)$").cast(pl.Int64) > ROWS)
    assert new["golden_id"].equals(new["golden_id_whole"], check_names=False)
    kept = ids[True][0].join(ids[True][1], on="record_id", suffix="_after")
    assert kept["golden_id"].equals(kept["golden_id_after"], check_names=False)
    assert pairs[True].columns == pairs[False].columns
    assert not pairs[True].select("left", "right").is_duplicated().any()


@pytest.mark.slow
def test_everything_is_matched_where_more_than_new_records_has_come(
    persons: pl.DataFrame, tmp_path: Path
) -> None:
    """A first run, a changed or missing record, another spec and many new ones: a note says why."""
    few = persons.head(400)
    assert "no earlier run" in _notes(_run(tmp_path, few.head(300)))
    assert "100 of 400 are new" in _notes(_run(tmp_path, few))
    changed = few.with_columns(
        pl.when(pl.col("number") == 7)
        .then(pl.lit("Zacharias"))
        .otherwise("first_name")
        .alias("first_name")
    )
    assert "1 record has changed" in _notes(_run(tmp_path, changed))
    assert "1 record of run" in _notes(_run(tmp_path, changed.tail(399)))
    (tmp_path / "guiyi.yaml").write_text("", encoding="utf-8")
    first = SPEC.replace("project: growing", "project: another")
    (tmp_path / "guiyi.yaml").write_text(first.replace("INCREMENTAL", "true"), encoding="utf-8")
    assert "no earlier run" in _notes(run_project(tmp_path, Options(until="match")))


FIRMS = """\
project: firms
aliases: names.csv
sources:
  sheet:
    kind: delimited
    path: firms.csv
    tables: [{table: firms, entity: company, key: number, columns: {name: name, phone: phone}}]
entities:
  company: {fields: {name: company_name, phone: phone}, match: {incremental: true}}
mapping:
  account: {entity: company, fields: {Name: name}}
target: {url: "sqlite:///crm.db"}
"""
THREE = [(f"t{n}", "苏州蓝天机械有限公司", "13911112222") for n in (1, 2, 3)]
BRANDS = [a + b for a in "华东南方新天" for b in "泰丰盛隆昌宏"]
OTHERS = [(str(n), f"{brand}贸易有限公司", f"1380013{n:04}") for n, brand in enumerate(BRANDS)]


def _firms(folder: Path, rows: list[tuple[str, str, str]], short: str = "甲丁") -> RunOutcome:
    (folder / "guiyi.yaml").write_text(FIRMS, encoding="utf-8")
    (folder / "names.csv").write_text(f"full,short\n甲乙丙丁有限公司,{short}\n", encoding="utf-8")
    table = pl.DataFrame(rows, schema=["number", "name", "phone"], orient="row")
    table.write_csv(folder / "firms.csv")
    return run_project(folder, Options(until="remember"))


def _together(outcome: RunOutcome) -> list[list[str]]:
    """Which of the three are in one cluster, the larger clusters first."""
    found = _ids(outcome, "company").filter(pl.col("record_id").str.starts_with("firms/t"))
    groups = found.group_by("golden_id").agg(pl.col("record_id").str.tail(2).sort())
    return sorted(groups["record_id"].to_list(), key=len, reverse=True)


def test_a_decision_made_or_taken_back_between_runs_is_obeyed(tmp_path: Path) -> None:
    """A cannot-link takes two records apart and no third; taken back, they are one again."""
    rows = [*OTHERS, *THREE]
    assert _together(_firms(tmp_path, rows)) == [["t1", "t2", "t3"]]
    with open_ledger(folder=tmp_path) as ledger:
        number = ledger.decide("company", "cannot-link", "sheet:firms/t1", "sheet:firms/t3")
    after = _firms(tmp_path, rows)
    assert "0 new records were matched" in _notes(after)
    assert [len(group) for group in _together(after)] == [2, 1]
    with open_ledger(folder=tmp_path) as ledger:
        ledger.revoke(number)
    again = _firms(tmp_path, rows)
    assert "decisions were taken back" in _notes(again)
    assert _together(again) == [["t1", "t2", "t3"]]


def test_another_alias_table_or_no_model_matches_everything(tmp_path: Path) -> None:
    """Aliases join old records, too; records that had nothing to compare have left no model."""
    assert "no earlier run" in _notes(_firms(tmp_path, THREE[:1]))
    assert "nothing to compare" in _notes(_firms(tmp_path, THREE[:1]))
    _firms(tmp_path, [*OTHERS, *THREE])
    assert "0 new records were matched" in _notes(_firms(tmp_path, [*OTHERS, *THREE]))
    assert "no earlier run" in _notes(_firms(tmp_path, [*OTHERS, *THREE], short="乙丙"))
