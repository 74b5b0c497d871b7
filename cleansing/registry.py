"""The kinds there are, our own and other packages', and what cleans each."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import cast

import polars as pl

from cleansing.kind_type import Clean, Cleaner, KindType
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.plugins import KINDS, Plugin, find, plugin, usable


@cache
def kind_type(kind: Kind) -> KindType:
    """All that is known of a kind. Raises PluginError if another package's cannot be used."""
    return find(KINDS, kind.value, KindType)


def plugin_of(kind: Kind) -> Plugin:
    """Where a kind comes from, to say so."""
    found = plugin(KINDS, kind.value)
    assert found is not None, f"there is no kind {kind}"
    return found


def kind_types() -> list[tuple[Kind, KindType]]:
    """Every kind that can be used, other packages' first, in the order that decides ties."""
    return [(Kind(name), found) for name, found in usable(KINDS, KindType)]


@cache
def cleaner(kind: Kind) -> Cleaner:
    """Open the module that cleans a kind. Raises PluginError if another package's has none."""
    own, module = plugin_of(kind), kind_type(kind).cleaner
    try:
        found = import_module(module)
    except Exception as error:
        if own.package is None:
            raise
        raise own.fault(f"{type(error).__name__}: {error}") from error
    absent = [name for name in ("PARTS", "clean") if not hasattr(found, name)]
    if absent or next(iter(found.PARTS), None) != "key":
        raise own.fault(
            Message("its cleaner {module} lacks {names}", module=module, names=", ".join(absent))
            if absent
            else Message("the PARTS of its cleaner {module} do not begin with `key`", module=module)
        )
    return cast("Cleaner", found)


def cleaner_for(kind: Kind, column: pl.Series) -> Clean:
    """What cleans a column's distinct values, all at once or in slices, which come out the same.

    Some columns are witness to what one value does not show: the country of a telephone number,
    day or month first, decimal commas, the width of a postcode. It looks at the whole column here.
    """
    own = cleaner(kind)
    make: Callable[[pl.Series], Clean] | None = getattr(own, "cleaner_for", None)
    clean = own.clean if make is None else make(column)
    return clean if plugin_of(kind).package is None else _proved(kind, clean)


def _proved(kind: Kind, clean: Clean) -> Clean:
    """Another package's cleaner, held to the shape of its answers."""
    own, schema = plugin_of(kind), _schema(kind)

    def proved(values: pl.Series) -> pl.DataFrame:
        try:
            cleaned = clean(values)
        except Exception as error:  # what it says may hold the value
            raise own.fault(
                Message("its cleaner fails ({cause})", cause=type(error).__name__)
            ) from error
        if cleaned.height != len(values) or dict(cleaned.schema) != schema:
            wanted = ", ".join(f"{name}: {dtype}" for name, dtype in schema.items())
            raise own.fault(
                Message("its cleaner must return, for each value, {wanted}", wanted=wanted)
            )
        return cleaned

    return proved


def _schema(kind: Kind) -> dict[str, pl.DataType]:
    return {"value": pl.String(), "reason": pl.String(), **parts(kind)}


def parts(kind: Kind) -> dict[str, pl.DataType]:
    """List the parts a kind is taken into, with their types; `key` is always the first."""
    return dict(cleaner(kind).PARTS)
