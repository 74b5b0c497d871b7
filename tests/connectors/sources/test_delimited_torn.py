"""Lines that a program or an accident tore: open quotes, broken bytes, missing ends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from connectors.sources.delimited import DelimitedSource

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]


def values(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    return frame.select(pl.exclude("_row", "_place")).rows()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('"quoted\tBob\tb@x.cn', [('"quoted', "Bob", "b@x.cn")]),
        ('"a\tBob\tx\n"c\tAnn\ty', [('"a', "Bob", "x"), ('"c', "Ann", "y")]),
        ('24" pipe\t"12\tx', [('24" pipe', '"12', "x")]),
        ('"a\t"Bob"\tx', [('"a', "Bob", "x")]),
        ('a\tb\t"open\nc\td\te', [("a", "b", '"open'), ("c", "d", "e")]),
        ('a\tb\t"open\n"Ann" lee\tx\ty 5"', [("a", "b", '"open'), ('"Ann" lee', "x", 'y 5"')]),
        # Excel quotes a cell that has a tab or more than one line.
        ('a\tb\t"one\ntwo"', [("a", "b", "one\ntwo")]),
        ('"q\tw\te\na\tb\t"one\ntwo"', [('"q', "w", "e"), ("a", "b", "one\ntwo")]),
        ('"one\ntwo"\tb\t"c\td"', [("one\ntwo", "b", "c\td")]),
        ('"say ""hi"""\tb\tc', [('say "hi"', "b", "c")]),
    ],
)
def test_quotes_of_tabbed_text_may_mean_nothing(
    written: Callable[..., Path], read: Reader, body: str, expected: list[tuple[str, ...]]
) -> None:
    """No text has a tab, so a line with all its fields is whole, whatever quotes are in it."""
    rows, damage = read(DelimitedSource(written(f"nick\tname\tmail\n{body}\n"), delimiter="\t"))
    assert (values(rows), damage.height) == (expected, 0)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r'1,"Ann \"A\" Lee","x, y"', ("1", 'Ann "A" Lee', "x, y")),
        (r'1,"5\" pipe","a\\b"', ("1", '5" pipe', r"a\b")),
        (r'1,"a \"b\", c","d"', ("1", 'a "b", c', "d")),
        # A folder's name ends in a backslash; a doubled quote says that the file doubles them.
        (r'1,"C:\","D:\"', ("1", "C:\\", "D:\\")),
        (r'1,"C:\new \"" x","say ""hi"""', ("1", r"C:\new \" x", 'say "hi"')),
        (r"1,C:\\x,d", ("1", r"C:\\x", "d")),
        (r"1,5\" pipe,d", ("1", r"5\" pipe", "d")),
    ],
)
def test_a_quote_may_be_escaped(
    written: Callable[..., Path], read: Reader, body: str, expected: tuple[str, ...]
) -> None:
    """MySQL and Unix programs write a backslash before a quote; other backslashes stay."""
    rows, damage = read(DelimitedSource(written(f"id,name,note\n{body}\n"), delimiter=","))
    assert (values(rows), damage.height) == ([expected], 0)


@pytest.mark.parametrize("line", [2, 9, 4000])
def test_a_broken_byte_of_utf8_is_told(
    written: Callable[..., Path], read: Reader, line: int
) -> None:
    """One byte that is not text in a file of UTF-8 harms no other row, in any of its blocks."""
    lines = [f"公司{n},张三,1380013{n:04}".encode() for n in range(2, 5000)]
    lines[line - 2] = lines[line - 2].replace("张".encode(), b"\xe5\xbc")
    rows, damage = read(DelimitedSource(written(b"\n".join(["公司,联系人,电话".encode(), *lines]))))
    assert rows.height == len(lines)
    assert rows["电话"][line - 2] == f"1380013{line:04}"
    assert set(rows["联系人"].unique()) == {"张三", "\ufffd三"}
    assert damage.select("_row", "column", "problem").rows() == [
        (line, "联系人", "undecodable bytes")
    ]


WHOLE = [f"Ann {n},415-392-00{n:02},Austin,x" for n in range(10, 20)]


@pytest.mark.parametrize(
    ("lines", "filled"),
    [
        # Programs that leave out what is empty at the end do so in many lines.
        (["Bob,415-392-0001", "Cid,415-392-0002,Ulm", "Dan,415-392-0003"], 3),
        (["Bob,415-392-0001", "Cid,415-392-0002,Ulm", "Dan,,Ulm", "Eve,415-392-0004"], 0),
        # One or two are torn, or somebody's mistake.
        (["Bob,415-392-0001", "Cid,415-392-0002,Ulm"], 0),
        # A line break that nobody quoted: the other half stands under the wrong labels.
        (["Bob,415-392-0001,New", "York,x"] * 3, 0),
        (["Bob,415", "392-0001,Ulm,x"] * 3, 0),
        (["Bob,415-392-0001,Ulm", "see note"] * 3, 0),
        # With fields too many beside, nobody can say what is left out.
        (["Bob,415-392-0001", "Cid,415-392-0002", "Dan,415-392-0003", "E,1,2,3,4"], 0),
    ],
)
def test_short_lines_are_filled_up_where_it_is_certain(
    written: Callable[..., Path], read: Reader, lines: list[str], filled: int
) -> None:
    """Columns left out at the end of several lines are empty, and told; else the lines wait."""
    text = "\n".join(["name,phone,city,note", *WHOLE, *lines, ""])
    rows, damage = read(DelimitedSource(written(text), delimiter=","))
    assert rows.height == len(WHOLE) + len(lines)
    assert damage["problem"].to_list().count("short row, last cells empty") == filled
    assert damage.height == sum(line.count(",") != 3 for line in lines)


def test_a_torn_line_far_down_is_not_filled_up(written: Callable[..., Path], read: Reader) -> None:
    """Also in a file of short lines: neither the half with a wrong shape nor the one above it."""
    short = ["Bob,415-392-0001", "Cid,415-392-0002,Ulm"] * 60
    text = "\n".join(["name,phone,city,note", *WHOLE, *short, *WHOLE, "Bob,415", "392-1,Ulm,x"])
    _, damage = read(DelimitedSource(written(f"{text}\n"), delimiter=","))
    told = dict(damage["problem"].value_counts().iter_rows())
    assert told == {"short row, last cells empty": 120, "unreadable: ragged row": 2}
    # The last line of a file that was cut off lacks its end.
    _, damage = read(DelimitedSource(written(f"{text}\n{WHOLE[0]}\nEve,415-3"), delimiter=","))
    assert damage["problem"].to_list()[-1] == "unreadable: ragged row"
