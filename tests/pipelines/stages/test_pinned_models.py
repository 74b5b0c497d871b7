"""The model of the first published run judges the runs after it, until someone retrains it."""

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from benchmarks.persons import register
from governance import open_ledger
from governance.run_folder import CLUSTERS, PAIRS, RunFolder
from pipelines.cli.retrain import retrain
from pipelines.driving.driver import run_project
from pipelines.stages.run import Options, RunOutcome

pytestmark = pytest.mark.slow
SPEC = """\
project: pinned
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
mapping:
  contact: {entity: person, fields: {first: first, last: last}}
target: {url: "sqlite:///crm.db"}
"""


@pytest.fixture(scope="module")
def persons() -> pl.DataFrame:
    return register(900, seed=3, noise=0.5).drop("entity").with_row_index("number", offset=1)


def _run(folder: Path, table: pl.DataFrame, spec: str = SPEC, **options: object) -> RunOutcome:
    folder.mkdir(exist_ok=True)
    (folder / "guiyi.yaml").write_text(spec, encoding="utf-8")
    table.write_csv(folder / "persons.csv")
    return run_project(folder, Options(**{"until": "remember", **options}))


def _model(outcome: RunOutcome) -> str:
    return (outcome.folder / "models" / "person.json").read_text(encoding="utf-8")


def _fitted(outcome: RunOutcome) -> list[str]:
    return [str(note) for note in outcome.notes if "a model was fitted" in str(note)]


def _pin(folder: Path) -> Path:
    return folder / ".guiyi" / "models" / "person.parquet"


def test_a_later_run_judges_by_the_model_of_the_first(persons, tmp_path: Path) -> None:
    """With a third more rows, a pair that was there keeps its score, and the model its file; but a
    telephone that several people hold by now is judged as a group's.
    """
    first = _run(tmp_path, persons.head(600))
    later = _run(tmp_path, persons)
    assert json.loads(_model(first)) == json.loads(_model(later))
    before, after = (RunFolder(run.folder).read(PAIRS, "person") for run in (first, later))
    both = before.join(after, on=["left", "right"], suffix="_after")
    assert both.height > 200
    moved = both.filter(pl.col("level.phone") != pl.col("level.phone_after"))
    assert set(moved["level.phone_after"]) == {"equal, held by several names"}
    assert moved["verdict"].equals(moved["verdict_after"], check_names=False)
    same = both.join(moved, on=["left", "right"], how="anti")
    assert same.height > 0.95 * both.height
    assert same["match_weight"].equals(same["match_weight_after"], check_names=False)
    assert not _fitted(first)
    assert not _fitted(later)
    grown = [str(note) for note in later.notes if "there are" in str(note)]
    assert ["600 records, and there are 900 now" in note for note in grown] == [True]


def test_only_a_published_run_pins_its_model(persons, tmp_path: Path) -> None:
    _run(tmp_path, persons, until="match")
    _run(tmp_path, persons, dry_run=True, until="gate")
    assert not _pin(tmp_path).exists()
    _run(tmp_path, persons)
    assert _pin(tmp_path).exists()
    with open_ledger("sqlite:///.guiyi/ledger.db", tmp_path) as ledger:
        assert "model.pinned" in ledger.audit_trail()["action"].to_list()


def test_another_matching_in_the_spec_fits_another_model_and_says_so(
    persons, tmp_path: Path
) -> None:
    _run(tmp_path, persons)
    pinned = _pin(tmp_path).read_bytes()
    without_mail = SPEC.replace(
        "email: email}\nmapping", "email: {kind: email, match: false}}\nmapping"
    )
    second = _run(tmp_path, persons, without_mail)
    assert "guiyi.yaml matches by other fields or rules now" in _fitted(second)[0]
    assert _pin(tmp_path).read_bytes() != pinned
    assert not _fitted(_run(tmp_path, persons, without_mail))


def test_a_project_without_a_pinned_model_or_with_a_damaged_one_gets_one(
    persons, tmp_path: Path
) -> None:
    """Projects from before, and files that were cut off: a note says what was done."""
    _run(tmp_path, persons)
    _pin(tmp_path).unlink()
    assert "no model was pinned yet" in _fitted(_run(tmp_path, persons))[0]
    _pin(tmp_path).write_bytes(_pin(tmp_path).read_bytes()[:900])
    assert "damaged" in _fitted(_run(tmp_path, persons))[0]
    assert not _fitted(_run(tmp_path, persons))


def test_a_model_that_cannot_judge_the_records_is_replaced(persons, tmp_path: Path) -> None:
    """A column that is empty now is compared no more; the note names it."""
    _run(tmp_path, persons)
    empty = persons.with_columns(pl.lit(None, pl.String).alias("email"))
    assert "email" in _fitted(_run(tmp_path, empty, accept=("moved",)))[0]


def test_labels_that_have_come_since_are_named_and_wait_for_retraining(
    persons, tmp_path: Path
) -> None:
    """A pinned model does not learn by itself; the note says what to do."""
    spec = SPEC.replace(
        "email: email}\nmapping", "email: email}\n    match: {labels: l.csv}\nmapping"
    )
    labels = tmp_path / "l.csv"
    labels.write_text("left,right,match\nregister:1,register:2,0\n", encoding="utf-8")
    _run(tmp_path, persons.head(300), spec)
    assert "guiyi retrain" not in "".join(map(str, _run(tmp_path, persons.head(300), spec).notes))
    labels.write_text("left,right,match\nregister:1,register:3,0\n", encoding="utf-8")
    again = _run(tmp_path, persons.head(300), spec)
    assert "guiyi retrain" in "".join(map(str, again.notes))
    assert not _fitted(again)


def test_a_preview_shows_what_retraining_would_change_and_keeps_nothing(
    persons, tmp_path: Path
) -> None:
    """Fitted on ten times the rows, another model draws some clusters otherwise."""
    _run(tmp_path, persons.head(90))
    run = _run(tmp_path, persons)
    pinned = _pin(tmp_path).read_bytes()
    shown = CliRunner().invoke(retrain, [str(tmp_path), "--preview", "--json", "--quiet"])
    (facts,) = json.loads(shown.output)
    assert _pin(tmp_path).read_bytes() == pinned
    assert (facts["records"], facts["pinned"]) == (900, False)
    assert facts["counts"]
    listed = tmp_path / "changes.csv"
    CliRunner().invoke(retrain, [str(tmp_path), "--quiet", "--out", str(listed)])
    assert _pin(tmp_path).read_bytes() != pinned
    before = RunFolder(run.folder).read(CLUSTERS, "person")
    after = RunFolder(_run(tmp_path, persons, accept=("moved",)).folder).read(CLUSTERS, "person")
    both = before.join(after, on=["source", "record_id"], suffix="_after")
    apart = both.group_by("cluster_id").agg(pl.col("cluster_id_after").n_unique())
    merged = both.group_by("cluster_id_after").agg(pl.col("cluster_id").n_unique())
    moved = both.filter(
        pl.col("cluster_id").is_in(apart.filter(pl.col("cluster_id_after") > 1)["cluster_id"])
        | pl.col("cluster_id_after").is_in(
            merged.filter(pl.col("cluster_id") > 1)["cluster_id_after"]
        )
    )
    table = pl.read_csv(listed, infer_schema=False)
    assert set(moved["record_id"]) <= {key.split(":", 1)[1] for key in table["key"]}
