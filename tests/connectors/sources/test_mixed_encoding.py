"""Files put together from parts of several machines, line by line in another encoding."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from connectors.sources.delimited import DelimitedSource
from connectors.sources.encoding import detect

Reader = Callable[..., tuple[pl.DataFrame, pl.DataFrame]]

CHINESE = [f"上海明达{n}贸易有限公司,张三\n" for n in range(30)]
FRENCH = [f"Café Müller {n},Besançon\n" for n in range(30)]


def mixed(head: str, body: list[str], other: str, lines: tuple[int, ...]) -> bytes:
    """A file in UTF-8 of which the lines so numbered are in the other encoding."""
    rows = [head, *body]
    return b"".join(
        row.encode(other if number in lines else "utf-8") for number, row in enumerate(rows, 1)
    )


@pytest.mark.parametrize(
    ("body", "other", "lines"),
    [
        (CHINESE, "gb18030", (31,)),
        (CHINESE, "gb18030", (2, 3, 17)),
        (CHINESE, "gb18030", tuple(range(2, 31))),
        (CHINESE, "gb18030", (1, 5)),
        (FRENCH, "cp1252", (9, 31)),
    ],
)
def test_each_line_is_read_in_its_own_encoding(
    tmp_path: Path, read: Reader, body: list[str], other: str, lines: tuple[int, ...]
) -> None:
    """Every row comes out as it was meant, and the lines of another encoding are named."""
    path = tmp_path / "a.csv"
    path.write_bytes(
        mixed("客户名称,联系人\n" if "gb" in other else "name,city\n", body, other, lines)
    )
    source = DelimitedSource(path)
    rows, damage = read(source)
    assert [f"{a},{b}\n" for a, b in rows.select(pl.exclude("_row", "_place")).rows()] == body
    assert damage["_row"].to_list() == list(lines)
    assert set(damage["problem"]) == {"encoding of its own"}
    assert source.options["encoding"] == f"utf-8+{other}"
    again, _ = read(DelimitedSource(path, **source.options))
    assert again.equals(rows)


def test_a_line_far_down_is_found(tmp_path: Path, read: Reader) -> None:
    """One line of GBK behind a megabyte of UTF-8 is read, too, also under a byte order mark."""
    body = CHINESE * 1500
    for mark in (b"", b"\xef\xbb\xbf"):
        path = tmp_path / "a.csv"
        path.write_bytes(mark + mixed("客户名称,联系人\n", body, "gbk", (len(body),)))
        rows, damage = read(DelimitedSource(path))
        assert rows["联系人"].unique().to_list() == ["张三"]
        assert damage["_row"].to_list() == [len(body)]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (
            "客户,电话\n".encode("gbk") + "联通,1\n张三丰,2\n上海明达贸易,3\n".encode("gbk"),
            "gb18030",
        ),
        ("客户,电话\n".encode() + "上海明达贸易\n".encode() * 30 + b"\xe4\xb8,1\n", "utf-8"),
        ("société,ville\n".encode("cp1252") + "Café,Besançon\n".encode("cp1252") * 9, "cp1252"),
    ],
)
def test_one_encoding_is_one(tmp_path: Path, data: bytes, name: str) -> None:
    """Bytes that happen to be UTF-8 (联通 in GBK), and broken ones, are no second encoding."""
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    assert detect(path).name == name


def test_a_broken_byte_is_no_reason_to_refuse(tmp_path: Path, read: Reader) -> None:
    """What a spec would say of a file can be said: an encoding that does not fit is left out."""
    path = tmp_path / "a.csv"
    path.write_bytes(
        "编号,公司\n".encode("gbk") + "1,上海明达贸易\n".encode("gbk") * 20 + b"2,\xff\xff\n"
    )
    source = DelimitedSource(path)
    assert "encoding" not in source.options
    assert read(DelimitedSource(path, **source.options))[0].height == 21


@pytest.mark.parametrize(("broken", "abroad"), [(11, 99_000), (50_000, 11), (50_000, 99_000)])
@pytest.mark.parametrize("customer", ["上海明达,北京", "Café,Besançon"])
def test_few_letters_in_a_large_file_are_enough(
    tmp_path: Path, read: Reader, broken: int, abroad: int, customer: str
) -> None:
    """One broken byte does not spoil the only customer beyond ASCII, however far apart they are."""
    lines = [b"name,city", *(b"Ann Lee %d,Austin Texas" % n for n in range(2, 100_001))]
    lines[broken - 1], lines[abroad - 1] = b"Ann \xff Lee,Austin", customer.encode()
    path = tmp_path / "a.csv"
    path.write_bytes(b"\n".join(lines))
    rows, damage = read(DelimitedSource(path))
    assert ",".join(rows.rows()[abroad - 2][:2]) == customer
    assert damage["_row"].to_list() == [broken]
