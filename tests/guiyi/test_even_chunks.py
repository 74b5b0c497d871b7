"""No frame of uneven chunks leaves the place where its columns are put together."""

import ast
import re
from collections.abc import Iterator

import polars as pl
import pytest

from guiyi.even_chunks import even_chunks
from guiyi.record_key import record_key
from tests.rooms import PROJECT, ROOMS

SERIES = re.compile(r"pl\.Series\(|(?<!\))\.gather\(|\w+\[.\w+.\]\.(?:cast|alias)\(")
"""How a Series of another frame looks in `with_columns`."""
MENDING = {"connectors/sources/database/copying.py", "connectors/sources/excel/source.py"}
"""Columns put back into the frame they are from; `in_batches` sees to their chunks."""


def chunked(name: str, *parts: list[object]) -> pl.Series:
    return pl.concat([pl.Series(name, part) for part in parts], rechunk=False)


def uneven() -> pl.DataFrame:
    """The frame of the report to polars: columns of 1, 3 and 2 chunks."""
    left = pl.DataFrame([pl.Series("s", list("abcdef")), chunked("r", ["1"], list("2345"), ["6"])])
    return left.hstack([chunked("c", [0, 0, 2], [2, 0, 0])])


def chunks(frame: pl.DataFrame) -> set[tuple[int, ...]]:
    return {tuple(len(chunk) for chunk in column.get_chunks()) for column in frame}


def test_uneven_columns_are_made_even() -> None:
    """The columns have the same chunks afterwards and the same values."""
    frame = uneven()
    assert len(chunks(frame)) == 3
    assert len(chunks(even_chunks(frame))) == 1
    assert even_chunks(frame).equals(frame)


def test_as_many_chunks_of_other_lengths_are_uneven() -> None:
    """Two columns of two chunks each are even only if the chunks are of the same lengths."""
    one, other = chunked("a", [1], [2, 3]), chunked("b", [1, 2], [3])
    assert len(chunks(even_chunks(pl.DataFrame([one, other])))) == 1
    same = pl.DataFrame([one, one.alias("b")])
    assert even_chunks(same) is same


@pytest.mark.parametrize("frame", [pl.DataFrame(), pl.DataFrame(height=3), pl.DataFrame({"a": []})])
def test_frames_without_rows_or_columns_pass(frame: pl.DataFrame) -> None:
    """A frame without rows or without columns is as it was."""
    assert even_chunks(frame).equals(frame)


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_record_keys_stand_empty_chunks(engine: str) -> None:
    """What `pl.format` panics on gives record keys, on both engines."""
    kept = uneven().lazy().filter(pl.col("c").is_in([2])).with_columns(key=record_key("s", "r"))
    assert kept.collect(engine=engine)["key"].to_list() == ["c:3", "d:4"]  # type: ignore[call-overload]


def test_format_still_panics() -> None:
    """When polars has mended `format`, docs/decisions/0004 can be looked at again."""
    frame = uneven().filter(pl.col("c").is_in([2]))
    with pytest.raises(pl.exceptions.PanicException):
        frame.with_columns(pl.format("{}:{}", "s", "r"))  # noqa: TID251


def _calls() -> Iterator[tuple[str, ast.Call, ast.AST | None]]:
    for room in ROOMS:
        for file in sorted((PROJECT / room).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    yield str(file.relative_to(PROJECT)), node, above.get(node)


def _puts_together(call: ast.Call) -> bool:
    """Whether a call lays columns of different origin side by side."""
    assert isinstance(call.func, ast.Attribute)
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    match call.func.attr:
        case "hstack" | "insert_column":
            return True
        case "concat":
            return "how" in given and ast.unparse(given["how"]) == "'horizontal'"
        case "DataFrame":  # by rows, or of one column, or empty: all of one piece
            ours = ast.unparse(call.func) == "pl.DataFrame"
            if not ours or not call.args or {"orient", "schema"} & set(given):
                return False
            return not isinstance(call.args[0], ast.Dict) or len(call.args[0].keys) > 1
        case "with_columns":
            return any(SERIES.search(ast.unparse(v)) for v in [*call.args, *given.values()])
    return False


def _is_made_even(above: ast.AST | None) -> bool:
    return isinstance(above, ast.Call) and ast.unparse(above.func) == "even_chunks"


def test_every_place_that_puts_columns_together_makes_them_even() -> None:
    """Wherever columns of different origin are laid side by side, `even_chunks` is around it."""
    places = [
        (f"{file}:{call.lineno}", _is_made_even(above))
        for file, call, above in _calls()
        if file not in MENDING and _puts_together(call)
    ]
    assert len(places) > 60
    assert [place for place, even in places if not even] == []
