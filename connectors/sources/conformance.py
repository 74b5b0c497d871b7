"""What every source promises, as checks that a package of another source can call.

    from connectors.sources.conformance import check_source
    check_source(lambda: MySource(path))        # AssertionError says which promise is broken

The promises are those of docs/architecture.md. Give a place with several rows, one of them damaged
if there can be any.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
from pydantic import ValidationError

from connectors.sources.contract import (
    BATCH_ROWS,
    DAMAGE_SCHEMA,
    PLACE,
    ROW,
    SKIPPED,
    Batch,
    Source,
)
from connectors.sources.inspecting import inspect
from connectors.sources.opening import source_type
from guiyi.errors import SourceError
from guiyi.spec import TableSpec

Open = Callable[[], Source]
Flat = tuple[list[tuple[object, ...]], list[tuple[object, ...]]]


def check_source(make: Open, tables: Sequence[str] = ()) -> None:
    """Hold a source to all it promises, for some of its tables or all; `make` opens it anew."""
    names = [info.name for info in make().tables()]
    assert names, "`tables` lists no table"
    assert len(set(names)) == len(names), f"two tables have one name: {names}"
    for name in tables or names:
        table = table_of(name)
        check_declared(make(), table)
        check_text(make(), table)
        check_rows(make(), table)
        check_repeatable(make, table)
        check_resumed(make(), table)
        check_damage(make(), table)
    check_unknown_table(make())


def table_of(name: str) -> TableSpec:
    """The spec of a table of which only the name is known."""
    return TableSpec.model_construct(table=name, query=None)


def check_declared(source: Source, table: TableSpec) -> None:
    """The declared columns and row count are those that come."""
    info = next(info for info in source.tables() if info.name == table.table)
    batches = list(source.read(table))
    assert batches, f"`{info.name}` gives no batch; a table without rows gives one without rows"
    for batch in batches:
        wanted = [*info.columns, ROW, PLACE]
        assert batch.rows.columns == wanted, (
            f"`{info.name}` declares the columns {wanted}, and gives {batch.rows.columns}"
        )
    rows = sum(batch.rows.height for batch in batches)
    assert info.rows in (None, rows), f"`{info.name}` declares {info.rows} rows, and gives {rows}"


def check_text(source: Source, table: TableSpec) -> None:
    """All columns are String, `_row` is Int64, and a missing value is null, never empty."""
    for batch in source.read(table):
        types = dict(batch.rows.schema)
        assert types.pop(ROW) == pl.Int64(), f"`{ROW}` is no Int64"
        others = [name for name, dtype in types.items() if dtype != pl.String()]
        assert not others, f"columns that are no String: {', '.join(others)}"
        empty = [name for name in types if bool((batch.rows[name] == "").any())]
        assert not empty, f"an empty text where a missing value is null: {', '.join(empty)}"
        found = dict(batch.damage.schema)
        assert found == dict(DAMAGE_SCHEMA), f"damage has the columns {found}"


def check_rows(source: Source, table: TableSpec) -> None:
    """Row numbers are unique and rise; batches are bounded; a place is a sentence."""
    batches = list(source.read(table))
    numbers = [number for batch in batches for number in batch.rows[ROW]]
    assert numbers == sorted(set(numbers)), f"`{ROW}` does not rise, or repeats"
    most = max(batch.rows.height for batch in batches)
    assert most <= BATCH_ROWS, f"a batch has {most} rows; the most is {BATCH_ROWS}"
    assert all(batch.rows[PLACE].null_count() == 0 for batch in batches), f"a row has no `{PLACE}`"


def check_repeatable(make: Open, table: TableSpec) -> None:
    """The same rows come with the same numbers, from the same source and from a new one."""
    source = make()
    first, again, anew = (_flat(list(s.read(table))) for s in (source, source, make()))
    assert first == again, "reading twice gives other rows"
    assert first == anew, "a source opened anew gives other rows"


def check_resumed(source: Source, table: TableSpec) -> None:
    """Whatever batches were kept, reading beyond their last row gives the rest, and it alone."""
    with small_batches():
        batches = list(source.read(table))
        whole = _flat(batches)
        for count in range(1, len(batches) + 1):
            if batches[count - 1].rows.is_empty():
                continue
            last = int(batches[count - 1].rows[ROW][-1])
            kept, rest = _flat(batches[:count]), _flat(list(source.read(table, after=last)))
            both = (kept[0] + rest[0], kept[1] + rest[1])
            assert both == whole, f"`after={last}` does not give what lies beyond row {last}"


def check_damage(source: Source, table: TableSpec) -> None:
    """Damage lies between the rows of the batch before and its own; it names a row or a column."""
    info = next(info for info in source.tables() if info.name == table.table)
    with small_batches():
        batches = list(source.read(table))
    low = -1
    for batch in batches:
        high = 1 << 62 if batch is batches[-1] else int(batch.rows[ROW][-1])
        outside = [row for row in batch.damage[ROW] if not low < row <= high]
        assert not outside, f"damage of row {outside[:1]} stands in a batch it is not of"
        low = high
    numbers = {number for batch in batches for number in batch.rows[ROW]}
    for row, column, problem, detail, _ in (d for b in batches for d in b.damage.rows()):
        there = (row in numbers) != str(problem).startswith(SKIPPED)
        assert there, f"`{problem}` of row {row}: what is skipped is no row, and all else is one"
        assert column is None or column in info.columns, f"damage of an unknown column `{column}`"
        assert detail, f"`{problem}` has no sentence"


def check_unknown_table(source: Source) -> None:
    """Asking for a table that is not there ends in an error that lists the tables."""
    name = source.tables()[0].name
    try:
        list(source.read(table_of("no such table")))
    except SourceError as error:
        message = str(error)
        assert "no such table" in message, f"the error does not name what was asked for: {message}"
        assert name in message, f"the error does not list the tables there are: {message}"
    else:
        raise AssertionError("a table that is not there is read without an error")


def check_recognised(kind: str, place: str) -> None:
    """What a path or URL is, is seen from the outside, and opened by what was seen."""
    found = inspect(place)
    assert found.kind == kind, f"{place} is taken for `{found.kind}`, not `{kind}`"
    key = source_type(kind).place
    assert key in found.options, f"the inspection does not say `{key}`"
    assert found.tables, "the inspection finds no table"


def check_spec(kind: str, keys: Mapping[str, Any]) -> None:
    """Its part of guiyi.yaml takes these keys, and no others; `tables` is added."""
    model = source_type(kind).spec
    tables = [{"entity": "company", "columns": {"name": "name"}}]
    whole = {"kind": kind, "tables": tables, **keys}
    assert model.model_validate(whole).kind == kind, f"the model is not of kind `{kind}`"
    for wrong in ({**whole, "kind": "other"}, {**whole, "no_such_key": 1}):
        try:
            model.model_validate(wrong)
        except ValidationError:
            continue
        raise AssertionError(f"the model takes {set(wrong.items()) - set(whole.items())}")


@contextmanager
def small_batches() -> Iterator[None]:
    """Make every batch one row long, wherever the limit was imported."""
    modules = [m for m in list(sys.modules.values()) if getattr(m, "BATCH_ROWS", 0) == BATCH_ROWS]
    try:
        for module in modules:
            module.BATCH_ROWS = 1  # type: ignore[attr-defined]
        yield
    finally:
        for module in modules:
            module.BATCH_ROWS = _LIMIT  # type: ignore[attr-defined]


_LIMIT = BATCH_ROWS


def _flat(batches: Sequence[Batch]) -> Flat:
    """Batches as the rows and the damage that came."""
    rows = [row for batch in batches for row in batch.rows.rows()]
    return rows, [row for batch in batches for row in batch.damage.rows()]
