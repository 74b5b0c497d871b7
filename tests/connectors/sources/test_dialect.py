"""What separates the columns of a text file, and whether it has more than one."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources.delimited import DelimitedSource
from connectors.sources.delimited.dialect import ONE_COLUMN, detect
from guiyi.formulas import restored_text
from tests.connectors.sources.conftest import opened
from tests.examples import examples

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]


def lines(head: str, body: str, times: int = 20) -> list[str]:
    """A header, and so many lines in which `{n}` and `{m}` are other numbers each."""
    made = [body.format(n=n, m=f"{n % 60:02}") for n in range(times)]
    return [f"{line}\n" for line in ([head] if head else []) + made]


@pytest.mark.parametrize(
    ("head", "body", "delimiter"),
    [
        # Times, days and amounts have marks inside, as many in every line as there are delimiters.
        ("name,time,stamp", "row {n},03:{m}:35,2001-09-01T01:{m}:21", ","),
        ("", "row {n},03:{m}:35,2001-09-01T01:{m}:21", ","),
        ("name;opens;closes", "店{n};09:{m};18:{m}", ";"),
        ("", "April 15, 2023;40287229{m};25.00;4.00;16.00;Ray;pending;", ";"),
        ("Kunde;Umsatz;Ort", "Müller {n} GmbH;1.234,{m};Köln", ";"),
        ("Kunde;Umsatz;Rabatt", "Kurz {n} KG;12,{m};3,{m}", ";"),
        ("name|address|phone", "Lee {n}|1 Main St, Austin, TX|415-392-12{m}", "|"),
        ("name\taddress", "Lee {n}\t1 Main St, Austin", "\t"),
        ("姓名，电话", "张{n}，138001380{m}", "，"),
        ("id:login:home:shell", "{n}:u{n}:/home/u{n}:/bin/sh", ":"),
        ("a~b~c", "x{n}~y~{n}", "~"),
        # Text has commas, often as many in every line; but its line of labels has not.
        ("ID|Company|Address", "{n}|Acme, Inc.|{n} Main St, Apt {n}, Austin, TX", "|"),
        ("", "{n}|Acme, Inc.|{n} Main St, Apt {n}, Austin, TX", "|"),
        ("姓名\t标签\t备注", "王伟\ta,b,c,d\tx;y;z,{n}", "\t"),
        ("", "王伟\ta,b,c,d\tx;y;z,{n}", "\t"),
        ("Name;Address", "Lee {n};1 Main St, Apt 2, Austin, TX, USA", ";"),
        ("名称|电话|地址", "公司{n}，上海|1380013{m}|上海市，浦东，张江", "|"),
        ("Export, May\nno;name;since", "{n};Lee, Ann;2024-05-01", ";"),
        # A tab behind each number keeps Excel from rounding it, and separates nothing.
        ("交易号,商家,金额", "20{n}\t,abc\t,1{m}", ","),
        ("", "20{n}\t,abc\t,1{m}\t", ","),
        ("id,name,city\t", "{n},Ann,Ulm\t", ","),
        ("id,name,tags", "{n},Ann,red|green|blue", ","),
        # Some write the mark twice; one that stands alone anywhere does not.
        ("name||phone||city", "Ann {n}||415-392-00{m}||Austin", "||"),
        ("", "{n}::1193::5::9783007{m}", "::"),
        ("a|b|c", "1||x", "|"),
        # A title above the header has no delimiter, and the header has.
        ("Customers\nname,phone", "Lee {n},415-392-12{m}", ","),
        ("客户报表\n导出日期：2024-01-01\n编号,公司,金额", "{n},公司{n},1{m}", ","),
        ("Export of May, all\nno;name;since", "{n};Lee {n};2024-05-01", ";"),
        # Excel's own way of saying it.
        ("sep=|\nname|note", "Lee {n}|a, b; c", "|"),
        # One column, whatever its values have inside.
        ("电话", "手机：139123456{m} 张经理", ONE_COLUMN),
        ("电话", "手机:139123456{m}", ONE_COLUMN),
        ("备注", "2024; {n}; bar", ONE_COLUMN),
        ("Notes", "seen, liked, bought {n}", ONE_COLUMN),
        ("Name", "Lee {n}, Ann", ONE_COLUMN),
        ("时间", "2024-03-05 10:{m}:00", ONE_COLUMN),
        ("", "Lee {n}", ONE_COLUMN),
        ("地址", "深圳市南山区科技路{n}号，3栋", ONE_COLUMN),
        ("", "手机：139123456{m}", ONE_COLUMN),
    ],
)
def test_the_delimiter_splits_into_columns(head: str, body: str, delimiter: str) -> None:
    """A delimiter splits the header too, and leaves cells that mean something by themselves."""
    assert detect(lines(*(head, body))).delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "columns", "rows"),
    [
        ("电话\n手机：13912345678 张经理\n固话：0755-83765566\n", ["电话"],
         ["手机：13912345678 张经理", "固话：0755-83765566"]),
        ("备注\n2024; 7; bar\n2023; 5; foo\n", ["备注"], ["2024; 7; bar", "2023; 5; foo"]),
        ("note\n\"a, b\"\nc\n", ["note"], ["a, b", "c"]),
        ("Smith, J; Roe, R\nLee, A\nDoe\nPoe, C; Low, D\n", ["column_1"],
         ["Smith, J; Roe, R", "Lee, A", "Doe", "Poe, C; Low, D"]),
    ],
)  # fmt: skip
def test_one_column_is_one_column(
    tmp_path: Path, read: Reader, text: str, columns: list[str], rows: list[str]
) -> None:
    """Nothing of it is split, skipped as a title or made a header."""
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    source = DelimitedSource(path)
    found, damage = read(source)
    assert found.columns[:-2] == columns
    assert (found[columns[0]].to_list(), damage.height) == (rows, 0)
    again, _ = read(DelimitedSource(path, **source.options))
    assert again.equals(found)


def test_a_double_delimiter_is_one(tmp_path: Path, read: Reader) -> None:
    """`||` leaves no empty columns between, and a value may have a single one."""
    path = tmp_path / "a.txt"
    path.write_text('name||phone||city\nAnn|Lee||1||\n"Bob || R"||2||Ulm\nCid||3\n')
    rows, damage = read(opened(path, "delimited", delimiter="||"))
    assert rows.rows()[0][:3] == ("Ann|Lee", "1", None)
    assert rows.rows()[1][:3] == ("Bob || R", "2", "Ulm")
    assert damage["problem"].to_list() == ["unreadable: ragged row"]


def test_many_lines_above_are_no_titles(tmp_path: Path, read: Reader) -> None:
    """A list of names of which the last few have a semicolon loses none of them."""
    names = [f"Lee, Ann {n}" for n in range(49)] + ["Roe, Bob; Poe, Cid"] * 9
    path = tmp_path / "a.csv"
    path.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    rows, damage = read(DelimitedSource(path, delimiter=";"))
    assert not damage["problem"].str.starts_with("skipped").any()
    assert rows.height == len(names)


@pytest.mark.parametrize("head", ["(source),name", "备注：,姓名", "source,name", "Note:,Name"])
def test_a_header_may_look_like_a_remark(tmp_path: Path, read: Reader, head: str) -> None:
    """A row of labels is a header, also where the first is a word that remarks start with."""
    path = tmp_path / "a.csv"
    path.write_text(f"{head}\ncrm,Ann Lee\nerp,Bob Roe\n", encoding="utf-8")
    rows, damage = read(DelimitedSource(path))
    assert (rows.columns[:2], rows.height, damage.height) == (head.split(","), 2, 0)


CELL = st.text("ab甲乙12 .:/-@\"'", max_size=8)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], dict[str, Any]]:
    """Any cells under plain labels, and a way of writing them."""
    width = draw(st.integers(2, 5))
    row = st.lists(CELL, min_size=width, max_size=width)
    delimiter = draw(st.sampled_from([",", ";", "\t", "|"]))
    cell = st.sampled_from([f"x{delimiter} y", "two\nlines", 'a "quoted" word', "0012", ""])
    odd = st.lists(st.one_of(CELL, cell), min_size=width, max_size=width)
    rows = draw(st.lists(st.one_of(row, odd), min_size=1, max_size=40))
    how = {
        "delimiter": delimiter,
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        "lineterminator": draw(st.sampled_from(["\n", "\r\n"])),
    }
    return rows, how


@settings(deadline=None, max_examples=examples(200))
@given(tables())
def test_rows_in_are_rows_out(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[list[list[str]], dict[str, Any]]
) -> None:
    """Whatever table a program writes, every row of it is read, whole, or told of; an apostrophe
    before what a spreadsheet would run is no part of a value.
    """
    rows, how = made
    labels = ["name", "phone", "email", "city", "company"][: len(rows[0])]
    text = io.StringIO(newline="")
    csv.writer(text, **how).writerows([labels, *rows])
    path = tmp_path_factory.getbasetemp() / "made.csv"
    path.write_bytes(text.getvalue().encode())
    batches = list(DelimitedSource(path)._batches())
    found = pl.concat(b.rows for b in batches)
    damage = pl.concat(b.damage for b in batches)
    blank = damage["problem"].str.starts_with("skipped: blank row").sum()
    trailing = _blank_at_end(rows)
    assert found.columns[:-2] == labels
    expected = [tuple(restored_text(c) or None for c in row) for row in rows if any(row)]
    assert found.drop("_row", "_place").rows() == expected
    assert found.height + blank + trailing >= len(rows)


def _blank_at_end(rows: list[list[str]]) -> int:
    count = 0
    while count < len(rows) and not any(rows[-1 - count]):
        count += 1
    return count


@settings(deadline=None, max_examples=examples(300))
@given(st.lists(st.text('ab甲乙12, "', max_size=12), max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_no_character_is_lost_of_any_lines(
    tmp_path_factory: pytest.TempPathFactory, body: list[str], end: str
) -> None:
    """Torn lines and stray quotes are told of; every letter and digit of them is in some row."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(end.join(["name,phone,email", *body, ""]).encode())
    batches = list(DelimitedSource(path, delimiter=",", header_rows=1)._batches())
    found = pl.concat(b.rows for b in batches)
    damage = pl.concat(b.damage for b in batches)
    cells = [cell or "" for row in found.drop("_row", "_place").rows() for cell in row]
    assert sorted(letters("".join(cells))) == sorted(letters("".join(body)))
    torn = damage.filter(pl.col("problem").str.starts_with("unreadable"))
    assert set(torn["_row"]) <= set(found["_row"])
    if '"' not in "".join(body):
        lines = [line for line in body if line]
        skipped = damage["problem"].str.contains("total|header").sum()
        assert found.height + skipped + sum(set(line) <= {","} for line in lines) == len(lines)


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())
