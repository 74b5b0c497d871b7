"""Of a workbook with several sheets the customers are taken, and what is left out is told."""

import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner, Result

from guiyi.errors import SourceError
from pipelines.clean.cleaning import clean_file
from pipelines.cli.main import cli
from pipelines.dedupe.evaluating import evaluate_results
from pipelines.files.customer_tables import choose
from pipelines.files.reading import read_places

FIRMS = [
    "上海鼎盛贸易",
    "北京大成科技",
    "深圳华腾电子",
    "广州南方物流",
    "成都天府食品",
    "武汉长江建材",
]
CHINESE = [
    ["公司名称", "联系人", "电话", "地址"],
    *([f"{f}有限公司", "张三丰", f"021-5566770{n}", f"上海市浦东新区人民路{n}号"]
      for n, f in enumerate(FIRMS)),
]  # fmt: skip
ABROAD = [
    ["Company", "Contact", "Phone", "Address"],
    *([f"{f} Ltd", "Ann Lee", f"+1 415-392-121{n}", f"{n} Main St, Austin, TX"]
      for n, f in enumerate(["Acme", "Bolt", "Crane", "Delta", "Eagle"])),
]  # fmt: skip
OTHERS = [
    ["公司", "联系人", "电话"],
    *([f"{f}有限公司", "李四海", "010-66778801"] for f in FIRMS[:4]),
]
HOW = [["填写说明"], ["1. 公司名称必填"], ["2. 电话请带区号，如 021-55667700"]]
ORDERS = [
    ["订单号", "日期", "金额"],
    *([f"D{n}", f"2024-03-{n:02}", n * 1.5] for n in range(1, 29)),
]
PEOPLE = [["姓名", "手机", "邮箱"], *([f"王小{f[0]}", f"1380013800{n}", f"u{n}@a.cn"]
                                  for n, f in enumerate(FIRMS[:3]))]  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook of customers on three sheets, with instructions, orders and persons."""
    return written(
        tmp_path / "客户.xlsx",
        {"填写说明": HOW, "国内": CHINESE, "Abroad": ABROAD, "其他": OTHERS, "订单": ORDERS,
         "人员": PEOPLE},
    )  # fmt: skip


def written(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def run(*arguments: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("wanted", "entity", "names"),
    [
        (None, None, ["国内", "Abroad", "其他"]),
        (None, "person", ["人员"]),
        ("订单", None, ["订单"]),
        ("abroad", None, ["Abroad"]),
        ("2", None, ["国内"]),
        ("填写说明", None, ["填写说明"]),
    ],
)
def test_the_customers_are_chosen(
    book: Path, wanted: str | None, entity: str | None, names: list[str]
) -> None:
    """Sheets of one entity belong together; any other is taken by its name or number."""
    kept, notes = choose(read_places([str(book)]), wanted, entity)
    assert [table.info.name for table in kept] == names
    assert ("填写说明 (no customers)" in " ".join(notes)) == (wanted is None)


def test_a_table_that_is_not_there_is_refused(book: Path) -> None:
    """The error names the tables there are."""
    for wanted in ("客户", "7", "0"):
        with pytest.raises(SourceError, match="no table") as caught:
            choose(read_places([str(book)]), wanted)
        assert "国内" in str(caught.value.hint)


def test_a_sheet_may_be_called_as_a_number(tmp_path: Path) -> None:
    """A name is looked for before a number."""
    book = written(tmp_path / "a.xlsx", {"2": CHINESE, "1": OTHERS})
    (kept,), _ = choose(read_places([str(book)]), "1")
    assert kept.info.name == "1"


def test_clean_stacks_sheets_on_their_common_kinds(book: Path, tmp_path: Path) -> None:
    """公司名称, Company and 公司 are one column; every row says its sheet, and none is lost."""
    out, changes = tmp_path / "o.csv", tmp_path / "c.csv"
    told = clean_file(str(book), out, changes)
    table = pl.read_csv(out, infer_schema=False)
    assert table.columns == ["公司名称", "联系人", "电话", "地址", "sheet"]
    assert table["公司名称"].null_count() == 0
    assert table["sheet"].unique(maintain_order=True).to_list() == ["国内", "Abroad", "其他"]
    assert table.height == told["rows"] == 15
    assert any("below each other" in note for note in told["notes"])
    listed = pl.read_csv(changes, infer_schema=False)
    assert listed.columns[:3] == ["sheet", "row", "column"]
    first = listed.filter(pl.col("sheet") == "Abroad").row(0, named=True)
    assert (first["row"], first["from"]) == ("2", "+1 415-392-1210")


def test_one_sheet_is_written_as_before(book: Path, tmp_path: Path) -> None:
    """A sheet that is taken alone has its own columns and no more."""
    out = tmp_path / "o.csv"
    result = run("clean", book, "--out", out, "--table", "人员")
    assert (result.exit_code, pl.read_csv(out).columns) == (0, ["姓名", "手机", "邮箱"])


def test_dedupe_takes_a_table(book: Path, tmp_path: Path) -> None:
    """It says what it leaves out, and rows are counted over the tables that were taken."""
    result = run("dedupe", book, "--out", tmp_path / "o", "--clusters-only", "--quiet")
    assert "left out: 填写说明 (no customers), 订单 (orders), 人员 (persons)" in result.output
    assert pl.read_csv(tmp_path / "o/clusters.csv").height == 15
    alone = ("--table", "其他", "--clusters-only", "--quiet", "--json")
    told = json.loads(run("dedupe", book, "--out", tmp_path / "p", *alone).stdout)
    assert told["rows"] == 4


def test_a_hidden_sheet_is_told(tmp_path: Path) -> None:
    """What nobody sees in Excel is read, and clean and dedupe say so."""
    path = written(tmp_path / "a.xlsx", {"国内": CHINESE, "旧": OTHERS})
    book = openpyxl.load_workbook(path)
    book["旧"].sheet_state = "hidden"
    book.save(path)
    for command in ("clean", "dedupe"):
        told = run(command, path, "--out", tmp_path / ("o.csv" if command == "clean" else "o"))
        assert "a.xlsx 旧: the sheet is hidden; it was read all the same" in told.output


def test_a_list_among_other_sheets_is_linked_and_looked_up(tmp_path: Path) -> None:
    """Beside instructions and orders there is one table of customers; two are refused."""
    path = written(tmp_path / "a.xlsx", {"填写说明": HOW, "国内": CHINESE, "订单": ORDERS})
    other = written(tmp_path / "b.xlsx", {"其他": OTHERS})
    linked = run("link", path, other, "--out", tmp_path / "o", "--quiet")
    assert linked.exit_code == 0, linked.exception
    assert "a.xlsx: only 国内; left out: 填写说明 (no customers), 订单 (orders)" in linked.output
    found = run("lookup", other, "--batch", path, "--out", tmp_path / "found.csv", "--quiet")
    assert found.exit_code == 0, found.exception
    both = written(tmp_path / "c.xlsx", {"国内": CHINESE, "其他": OTHERS})
    assert "2 tables" in str(run("link", both, other, "--out", tmp_path / "p").exception)


def test_results_are_judged_by_the_tables_they_were_made_of(book: Path, tmp_path: Path) -> None:
    """Rows of clusters.csv are those of the tables that were taken, not of all there are."""
    run("dedupe", book, "--out", tmp_path / "o", "--clusters-only", "--quiet", "--table", "国内")
    judged = evaluate_results(tmp_path / "o", str(book), "公司名称")
    assert judged.counts["clusters_exact"] == len(FIRMS)


def test_a_folder_that_is_matched_takes_no_spec(book: Path, tmp_path: Path) -> None:
    """`guiyi label OUT/ --entity` cannot match anew, and says so."""
    run("dedupe", book, "--out", tmp_path / "o", "--clusters-only", "--quiet")
    spec = tmp_path / "spec.yml"
    spec.write_text("fields: {公司名称: company_name}\n", encoding="utf-8")
    for options in (("--entity", "person"), ("--spec", spec)):
        refused = run("label", tmp_path / "o", *options, "--out", tmp_path / "l.csv").exception
        assert "are of no use here" in str(refused)
