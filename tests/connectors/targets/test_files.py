"""Files for the import of a CRM: what is sent is found, whatever they are opened with between."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from connectors.targets import EXTERNAL_ID, open_target
from connectors.targets.conformance import check_target
from connectors.targets.files import FilesTarget, FilesTargetSpec
from guiyi.errors import TargetError
from tests.connectors.targets.sql_database import table
from tests.examples import examples

WAYS: dict[str, dict[str, Any]] = {
    "csv": {},
    "gb18030": {"encoding": "gb18030"},
    "tabs": {"delimiter": "\t", "encoding": "utf-8"},
    "neutralised": {"formulas": "neutralised"},
    "parts": {"rows_per_file": 2},
    "headings": {"headings": {"conformance": {"name": "客户名称", "external_id": "编码"}}},
    "xlsx": {"format": "xlsx"},
    "template": {
        "format": "xlsx",
        "templates": {"conformance": "template.xlsx"},
        "headings": {"conformance": {"name": "客户名称(必填)", "external_id": "客户编码"}},
    },
}


def _template(folder: Path) -> Path:
    """An import template as ERP makers give them: a title, headings, an example."""
    book = Workbook()
    sheet = book.active
    sheet.title = "客户"
    sheet.append(["客户导入模板  请勿修改表头"])
    sheet.append(["客户名称(必填)", "客户编码", "助记码", "note"])
    sheet.append(["示例公司", "C001", "SLGS", "删除本行"])
    path = folder / "template.xlsx"
    book.save(path)
    return path


def _target(folder: Path, **keys: Any) -> FilesTarget:
    found = open_target(FilesTargetSpec(kind="files", **keys), folder)
    assert isinstance(found, FilesTarget)
    return found


@pytest.mark.parametrize("way", WAYS)
def test_a_target_keeps_its_promises(way: str, tmp_path: Path) -> None:
    _template(tmp_path)
    unfit = "坏\x01" if "xlsx" in WAYS[way].values() else None
    check_target(lambda: _target(tmp_path, **WAYS[way]), unfit)


def test_a_character_the_encoding_lacks_is_rejected(tmp_path: Path) -> None:
    target = _target(tmp_path, encoding="big5")
    rows = table(external_id=["G1", "G2"], name=["台北", "龙门"])
    target.prepare("account", ["name"])
    assert [(r.external_id, r.column) for r in target.upsert("account", rows)] == [("G2", "name")]
    assert "台北".encode("big5") in (tmp_path / "handover" / "account.csv").read_bytes()


@pytest.mark.parametrize("way", ["csv", "neutralised", "xlsx"])
@settings(max_examples=examples(25), deadline=None)
@given(values=st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), max_size=6))
def test_any_text_survives_the_round_trip(
    tmp_path_factory: pytest.TempPathFactory, way: str, values: list[str | None]
) -> None:
    """Whatever is not rejected is found, by whoever opens the folder next, in its spelling."""
    folder = tmp_path_factory.mktemp("round")
    target = _target(folder, **WAYS[way])
    rows = table(external_id=[f"G{n}" for n in range(len(values))], name=values)
    target.prepare("account", ["name"])
    refused = pl.Series([r.external_id for r in target.upsert("account", rows)], dtype=pl.String)
    held = rows.filter(~pl.col(EXTERNAL_ID).is_in(refused.implode()))
    found = _target(folder, **WAYS[way]).fetch("account", ["name"])
    assert found.equals(target.canonical("account", held))


def test_the_files_say_what_they_are(tmp_path: Path) -> None:
    """An import tool finds order, columns and checksums; `sha256sum --check` passes."""
    target = _target(tmp_path, rows_per_file=2, headings={"account": {"name": "客户名称"}})
    for entity in ("account", "contact"):
        target.prepare(entity, ["name"])
        names = ["=1+1", "0042", "甲"]
        target.upsert(entity, table(external_id=["G1", "G2", "G3"], name=names))
    folder = tmp_path / "handover"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))["entities"]
    assert [*manifest] == ["account", "contact"]
    about = manifest["account"]
    assert (about["rows"], about["columns"]) == (3, ["external_id", "客户名称"])
    assert about["like_formulas"] == 1
    names = [part["name"] for part in (about["whole"], *about["parts"])]
    assert names == ["account.csv", "account-001.csv", "account-002.csv"]
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    for name in names:
        assert sums[name] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    with (folder / "account-001.csv").open(encoding="utf-8-sig", newline="") as part:
        assert [*csv.reader(part)] == [
            ["external_id", "客户名称"], ["G1", "=1+1"], ["G2", "0042"]
        ]  # fmt: skip
    target.delete("account", ["G3"])
    assert not (folder / "account-002.csv").exists()
    assert (folder.stat().st_mode & 0o077, (folder / "account.csv").stat().st_mode & 0o077) == (
        0,
        0,
    )


def test_an_import_template_is_filled_in(tmp_path: Path) -> None:
    """Its title and headings stay, its example goes, cells are text in the template's columns."""
    _template(tmp_path)
    target = _target(tmp_path, **WAYS["template"])
    target.prepare("conformance", ["name", "note"])
    target.upsert("conformance", table(external_id=["C9"], name=["甲公司"], note=["0042"]))
    sheet = load_workbook(tmp_path / "handover" / "conformance.xlsx").worksheets[0]
    assert sheet.title == "客户"
    assert [*sheet.values] == [
        ("客户导入模板  请勿修改表头", None, None, None),
        ("客户名称(必填)", "客户编码", "助记码", "note"),
        ("甲公司", "C9", None, "0042"),
    ]
    assert sheet["D3"].data_type == "s"
    with pytest.raises(TargetError, match="no heading `电话` in the template"):
        target.check("conformance", ["name", "电话"])


def test_what_a_person_edits_in_a_file_is_found(tmp_path: Path) -> None:
    """Numbers typed in Excel are text, a new column of the mapping is added beside theirs."""
    target = _target(tmp_path, format="xlsx")
    target.prepare("account", ["name"])
    target.upsert("account", table(external_id=["G1", "G2"], name=["甲", "乙"]))
    file = tmp_path / "handover" / "account.xlsx"
    book = load_workbook(file)
    book.worksheets[0]["B2"] = 1001
    book.save(file)
    assert target.fetch("account", ["name"])["name"].to_list() == ["1001", "乙"]
    target.prepare("account", ["name", "phone"])
    target.upsert("account", table(external_id=["G2"], name=["丙"], phone=["021"]))
    again = _target(tmp_path, format="xlsx").fetch("account", ["name", "phone"])
    assert again.rows() == [("G1", "1001", None), ("G2", "丙", "021")]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name\n甲\n", "has no column `external_id` any more"),
        ("external_id,name\nG1,甲\nG1,乙\n", "`external_id` stands on several rows"),
        ("external_id,name\n,甲\n", "none of its rows has a `external_id` any more"),
        (b"external_id,name\nG1,\xff\xfe\xb5\n", "is not CSV in utf-8-sig any more"),
    ],
)
def test_a_file_that_cannot_be_taken_up_is_refused(
    tmp_path: Path, text: str | bytes, complaint: str
) -> None:
    """It is named, with what to do, and stays as it is."""
    target = _target(tmp_path)
    target.prepare("account", ["name"])
    file = tmp_path / "handover" / "account.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TargetError, match=complaint) as caught:
        target.upsert("account", table(external_id=["G1"], name=["丁"]))
    assert "account.csv" in str(caught.value)
    assert "甲" not in str(caught.value)
    assert file.read_bytes() == (text if isinstance(text, bytes) else text.encode())


def test_a_crash_between_a_file_and_its_parts_is_mended(tmp_path: Path) -> None:
    """The next load makes parts, manifest and checksums of the file that is there."""
    target = _target(tmp_path, rows_per_file=1)
    target.prepare("account", ["name"])
    target.upsert("account", table(external_id=["G1"], name=["甲"]))
    folder = tmp_path / "handover"
    (folder / "account.csv").write_text("external_id,name\nG1,甲\nG2,乙\n", "utf-8")
    _target(tmp_path, rows_per_file=1).prepare("account", ["name"])
    assert (folder / "account-002.csv").exists()
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["entities"]["account"][
        "rows"
    ] == 2  # fmt: skip


def test_wrong_keys_are_refused() -> None:
    for keys, complaint in (
        ({"encoding": "latin-99"}, "no encoding `latin-99`"),
        ({"delimiter": '"'}, "a delimiter is one ASCII character"),
        ({"templates": {"account": "t.xlsx"}}, "set format: xlsx"),
    ):
        with pytest.raises(ValueError, match=complaint):
            FilesTargetSpec(kind="files", **keys)


def test_two_columns_of_one_heading_are_refused(tmp_path: Path) -> None:
    target = _target(tmp_path, headings={"account": {"name": "电话", "phone": "电话"}})
    with pytest.raises(TargetError, match="two columns of `account` would have the heading `电话`"):
        target.check("account", ["name", "phone"])


def test_a_heading_of_no_column_is_refused(tmp_path: Path) -> None:
    target = _target(tmp_path, headings={"account": {"客户编码": "*客户编码"}})
    with pytest.raises(TargetError, match="names no column of `account`: `客户编码`"):
        target.check("account", ["name"])


@pytest.mark.parametrize("way", ["csv", "xlsx", "headings"])
def test_a_line_that_a_person_has_added_stays(tmp_path: Path, way: str) -> None:
    """It has no golden id; it is kept through writes and deletions, and can be given one."""
    headings = {"account": {"name": "客户名称", "external_id": "编码"}}
    keys = {"headings": headings} if way == "headings" else WAYS[way]
    target = _target(tmp_path, **keys)
    target.prepare("account", ["name"])
    target.upsert("account", table(external_id=["G1", "G2"], name=["甲", "乙"]))
    rows = target._rows("account")
    added = pl.concat([rows.head(1), table(external_id=[None], name=["手工"]), rows.tail(1)])
    target._write("account", added)
    target = _target(tmp_path, **keys)
    assert target.fetch("account", ["name"]).rows() == [("G1", "甲"), ("G2", "乙")]
    assert target.unidentified("account", ["name"]).rows() == [("3", "手工")]
    target.upsert("account", table(external_id=["G2", "G3"], name=["乙2", "丙"]))
    target.delete("account", ["G1"])
    assert target.unidentified("account", ["name"]).rows() == [("2", "手工")]
    assert target.identify("account", {"2": "G9", "3": "G8", "x": "G7"}) == ["3", "x"]
    assert target.fetch("account", ["name"], ["G9"]).rows() == [("G9", "手工")]
    target.unidentify("account", ["G9"])
    assert target.fetch("account", [])["external_id"].to_list() == ["G2", "G3"]
