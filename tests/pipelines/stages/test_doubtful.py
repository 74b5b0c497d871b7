"""What was read from a picture with little confidence is never believed unseen."""

from pathlib import Path

import polars as pl
import pytest

from governance import open_ledger
from pipelines.driving.driver import run_project
from pipelines.stages.run import Options, RunOutcome

SPEC = """\
project: cards
sources:
  cards:
    kind: card
    path: cards
    tables:
      - entity: person
        columns: {name: name, mobile: mobile, company: company}
entities:
  person:
    fields: {name: person_name, mobile: phone, company: company_name}
    match: {enabled: false}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of two cards; on one a digit of the mobile number is missing."""
    pytest.importorskip("rapidocr", reason="needs the extra guiyi[ocr]")
    from PIL import Image, ImageDraw, ImageFont

    (tmp_path / "cards").mkdir()
    (tmp_path / "guiyi.yaml").write_text(SPEC)
    for number, mobile in enumerate(("13800138000", "1390013900"), start=1):
        picture = Image.new("RGB", (620, 260), "white")
        pen = ImageDraw.Draw(picture)
        for row, line in enumerate(("John Smith", "Acme Widgets Co., Ltd.", f"Mobile: {mobile}")):
            pen.text((40, 30 + 70 * row), line, "black", ImageFont.load_default(30))
        picture.save(tmp_path / "cards" / f"{number}.png")
    return tmp_path


def held(outcome: RunOutcome) -> list[tuple[str, str]]:
    table = pl.read_parquet(outcome.folder / "quarantine.parquet")
    return table.select("record_id", "expectation").rows()


def members(outcome: RunOutcome) -> int:
    return int(pl.read_parquet(outcome.folder / "golden" / "person.parquet")["members"].sum())


def test_a_doubtful_value_waits_for_a_steward(project: Path) -> None:
    """The record is in quarantine, and in no golden record, until the value is given."""
    dry = Options(dry_run=True, until="merge")
    before = run_project(project, dry)
    ((record, why),) = held(before)
    assert why == "doubtful: low confidence"
    assert members(before) == 1
    with open_ledger("sqlite:///.guiyi/ledger.db", project) as ledger:
        ledger.correct("person", "cards", record, "mobile", "13900139000")
    after = run_project(project, dry)
    assert members(after) == 2
    golden = pl.read_parquet(after.folder / "golden" / "person.parquet")
    assert set(golden["mobile"]) == {"+8613800138000", "+8613900139000"}
