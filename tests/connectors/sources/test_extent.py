"""How far a sheet reaches is read from the places its rows and cells say."""

import pytest

from connectors.sources.excel.extent import reach


@pytest.mark.parametrize(
    ("xml", "reached"),
    [
        (b"", (0, 0)),
        (b'<row r="1"><c r="A1"/></row><row r="12"><c r="B12"/></row>', (12, 0)),
        (b'<x:row spans="1:2" r="7"><x:c s="1" r="AB7"/></x:row>', (7, 28)),
        (b'<row r="9"><c r="ZZ9"/></row><row r="3"><c r="AA3"/></row>', (9, 702)),
        (b'<row><c r="XFD1048576"/></row>', (1048576, 16384)),
        (b"<row r='2000000000'><c r='AA1'/></row>", (20000000, 27)),
        (b'<c><is><t>?user=12345678 r=99999999 color="99999999"</t></is></c>', (0, 0)),
        (b'<c r="ABCD12"/><c r="AB"/><mergeCell ref="AA1:AB900"/>', (0, 0)),
        ('<row r="4"><c r="AC4"><is><t>公司</t></is></c></row>'.encode(), (4, 29)),
    ],
)
def test_the_corner_is_the_furthest_row_and_column_said(
    xml: bytes, reached: tuple[int, int]
) -> None:
    """In any order, with any prefix and either quote; words in a cell are no place."""
    assert reach(xml) == reached
