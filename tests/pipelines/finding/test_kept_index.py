"""The kept index is what the ledger says, whatever has happened meanwhile."""

import json
from pathlib import Path

import polars as pl
import pytest

from dedup import Index
from governance import open_ledger
from guiyi.spec import load_project
from pipelines.driving.driver import run_project
from pipelines.erasing import erase_person
from pipelines.finding import CustomerFinder
from pipelines.finding import kept_index as kept
from pipelines.finding.kept_index import KeptIndex

LANTIAN = {"name": "苏州蓝天机械有限公司"}
HIS = ("13861237742", "xm.wang@lantian.example", "王小明")


def _names(index: Index) -> set[tuple[str, ...]]:
    return set(kept._present(index).select("source", "record_id").rows())


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The entities whose index was made anew."""
    built: list[str] = []
    make = KeptIndex._built

    def counting(self: KeptIndex) -> Index:
        built.append(self.entity)
        return make(self)

    monkeypatch.setattr(KeptIndex, "_built", counting)
    return built


def _pin_model(project: Path) -> None:
    run = max((project / ".guiyi" / "runs").iterdir())
    model = run / "models" / "company.json"
    (project / "company.json").write_bytes(model.read_bytes())
    file = project / "guiyi.yaml"
    text = file.read_text(encoding="utf-8").replace(
        "    protection: {days: 30}", "    match: {model: company.json}\n    protection: {days: 30}"
    )
    file.write_text(text, encoding="utf-8")


def test_a_run_changes_the_index_by_what_it_changed(project: Path, counted: list[str]) -> None:
    """New, changed and vanished golden records; the rows are those of an index made anew."""
    _pin_model(project)
    with CustomerFinder.of(project) as warm:
        assert warm.find("company", LANTIAN).verdict == "match"
        counted.clear()
        erp = project / "erp.csv"
        text = erp.read_text(encoding="utf-8").replace("0512-65887766", "0512-60000001")
        erp.write_text(text + "E9,镇江青山纸业有限公司,0511-84440000,,\n", encoding="utf-8")
        fair = project / "fair.csv"  # a record whose telephone no golden record has
        fair.write_text(
            fair.read_text(encoding="utf-8").replace("13861237742", "13861230000"), encoding="utf-8"
        )
        done = run_project(project)
        assert done.exit_code == 0
        assert all("records since run" in note for note in done.notes)
        assert warm.find("company", {"name": "镇江青山纸业有限公司"}).verdict == "match"
        assert warm.find("company", {"phone": "13861230000"}).verdict == "match"
        assert warm.find("company", {"phone": "13861237742"}).verdict == "none"
        assert warm.find("company", {"phone": "0512-65887766"}).verdict == "none"
        held = _names(warm._kept("company").fresh())
    assert "company" not in counted
    kept.forget_indexes(load_project(project))
    with open_ledger(folder=project) as ledger:
        again = KeptIndex(load_project(project), ledger, "company")
        assert _names(again.fresh()) == held


def test_another_model_makes_another_index(project: Path, counted: list[str]) -> None:
    """So do a damaged one and a kept one of another spec; an untouched one is opened."""
    with CustomerFinder.of(project) as finder:
        finder.find("company", LANTIAN)
    counted.clear()
    with CustomerFinder.of(project) as finder:
        finder.find("company", LANTIAN)
    assert counted == []
    _pin_model(project)
    model = json.loads((project / "company.json").read_text(encoding="utf-8"))
    model["prior"] *= 0.9
    (project / "company.json").write_text(json.dumps(model), encoding="utf-8")
    with CustomerFinder.of(project) as finder:
        finder.find("company", LANTIAN)
    assert counted == ["company"]
    (project / ".guiyi" / "index" / "company" / "records.arrow").write_bytes(b"damaged")
    with CustomerFinder.of(project) as finder:
        assert finder.find("company", LANTIAN).verdict == "match"
    assert counted == ["company", "company"]


def test_only_its_owner_may_read_the_index(project: Path) -> None:
    """It holds customers in the clear."""
    with CustomerFinder.of(project) as finder:
        finder.find("company", LANTIAN)
    assert (project / ".guiyi" / "index").stat().st_mode & 0o077 == 0


def _holding(project: Path) -> list[str]:
    """The files of ours in which one of the values stands."""
    found = []
    for file in (project / ".guiyi").rglob("*"):
        if file.suffix == ".parquet":
            text = str(pl.read_parquet(file).rows())
        else:
            text = file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""
        found += [f"{file.name}: {value}" for value in HIS if value in text]
    return found


def test_an_erased_person_is_in_no_index_and_no_registration(project: Path) -> None:
    """Neither on disk nor in a process that was warm; the ledger replays to the same tables."""
    asked = {"name": "王小明", "mobile": "13861237742"}
    with CustomerFinder.of(project) as warm, open_ledger(folder=project) as ledger:
        assert warm.find("person", asked).verdict == "match"
        warm.register("person", {**asked, "firm": "苏州蓝天机械有限公司"}, who="李雷")
        assert any("records.arrow" in place for place in _holding(project))
        with ledger.lock("erase", "reporting"):
            erase_person(load_project(project), ledger, ledger.data_subject("people:people/Q1"))
        assert [place for place in _holding(project) if "company" not in place] == []
        assert warm.find("person", asked).verdict == "none"
        assert ledger.registrations("person").is_empty()
        assert ledger.check_events().is_same
        assert ledger.verify_audit().intact
    assert [place for place in _holding(project) if "王小明" in place or "@" in place] == []


def test_a_person_who_was_only_reported_can_be_erased(project: Path) -> None:
    """By the number of the registration, as no source knows the person yet."""
    asked = {"name": "欧阳雪琴", "mobile": "13577778888"}
    with CustomerFinder.of(project) as finder, open_ledger(folder=project) as ledger:
        done = finder.register("person", asked, who="李雷")
        subject = ledger.data_subject(f"registration:{done.number}")
        with ledger.lock("erase", "reporting"):
            erase_person(load_project(project), ledger, subject)
        assert finder.find("person", asked).verdict == "none"
        assert ledger.registrations("person").is_empty()
        assert ledger.check_events().is_same
    data = b"".join(f.read_bytes() for f in (project / ".guiyi").glob("ledger.db*"))
    assert b"13577778888" not in data
