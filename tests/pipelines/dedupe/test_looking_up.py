"""Records are looked up in a file or a kept index, one by one or by the file."""

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from benchmarks import persons
from guiyi.errors import SpecError
from guiyi.spec import MatchSpec
from pipelines.cli.main import cli
from pipelines.dedupe.lookup import candidates_with_values, look_up_file, open_index, parse_record
from pipelines.language.messages import one_line


def silent(what: str, done: int, total: int | None) -> None:
    """Nobody is watching."""


@pytest.fixture(scope="module")
def customers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("customers") / "customers.csv"
    persons.register(800, 4).drop("entity").write_csv(file)
    return file


def test_a_typed_record_finds_its_row_in_a_file_and_in_the_kept_index(
    customers: Path, tmp_path: Path
) -> None:
    index = open_index(str(customers), MatchSpec(), None, silent)
    index.save(tmp_path / "kept")
    kept = open_index(str(tmp_path / "kept"), MatchSpec(), None, silent)
    row = pl.read_csv(customers, infer_schema=False).row(5, named=True)
    typed = ",".join(f"{name}={value.upper()}" for name, value in row.items() if value)
    for known in (index, kept):
        found = known.find_raw(parse_record(typed, known))
        told = candidates_with_values(known, found, "en")[0]
        assert told["row"] == 5
        assert told["key"] == "customers.csv:7"
        assert told["values"]["last_name"] == row["last_name"]


def test_every_row_of_a_file_is_looked_up(customers: Path, tmp_path: Path) -> None:
    index = open_index(str(customers), MatchSpec(), None, silent)
    asked = tmp_path / "asked.csv"
    pl.read_csv(customers, infer_schema=False).head(30).with_columns(extra=pl.lit("x")).write_csv(
        asked
    )
    out = tmp_path / "found.csv"
    looked = look_up_file(index, str(asked), out, 3, 0.01, silent)
    assert looked.queries == 30
    found = pl.read_csv(out)
    assert found.filter(pl.col("query") == pl.col("row"))["query"].n_unique() == 30
    assert found["rank"].max() <= 3


def test_a_record_may_hold_commas_or_be_json(customers: Path) -> None:
    index = open_index(str(customers), MatchSpec(), None, silent)
    assert parse_record("address=1, Oak Street, city=Habes", index) == {
        "address": "1, Oak Street",
        "city": "Habes",
    }
    assert parse_record('{"city": "Habes", "phone": null}', index) == {
        "city": "Habes",
        "phone": None,
    }
    with pytest.raises(SpecError, match="field=value"):
        parse_record("Habes", index)


@pytest.mark.parametrize(
    "option", [("--entity", "company"), ("--threshold", "0.9"), ("--model", "model.json")]
)
def test_a_kept_index_refuses_what_it_would_not_heed(
    option: tuple[str, str], customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How an index judges is decided when it is built, and the message says how to build it."""
    monkeypatch.setenv("GUIYI_LANG", "zh")
    monkeypatch.chdir(tmp_path)
    index = open_index(str(customers), MatchSpec(), None, silent)
    index.save(tmp_path / "kept")
    (tmp_path / "model.json").write_text(json.dumps(index.model))
    asked = ["lookup", "kept", "--record", "city=Habes", "--quiet"]
    assert CliRunner().invoke(cli, asked).exit_code == 0
    result = CliRunner().invoke(cli, [*asked, *option])
    assert isinstance(result.exception, SpecError)
    assert option[0] in result.exception.what
    assert option[0] in str(result.exception.hint)
    assert f"{option[0]} 不起作用 —— 请去掉 {option[0]}" in one_line(result.exception)


def test_a_file_without_a_known_column_is_refused(customers: Path, tmp_path: Path) -> None:
    index = open_index(str(customers), MatchSpec(), None, silent)
    (tmp_path / "other.csv").write_text("colour\nred\n")
    with pytest.raises(SpecError, match="no column"):
        look_up_file(index, str(tmp_path / "other.csv"), tmp_path / "o.csv", 3, 0.01, silent)
