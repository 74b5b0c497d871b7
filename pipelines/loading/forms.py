"""Two spellings of one value: +86 in a telephone, 上海 and 上海市, full-width letters."""

from collections.abc import Mapping

import polars as pl

from cleansing import clean_table
from guiyi.kinds import Kind
from guiyi.spec import CrmEntitySpec, EntitySpec

_BESIDE = ("raw", "reason", "key", "note")
"""What a cleaner says beside the value and its parts."""


def kinds_of(crm: CrmEntitySpec, entity: EntitySpec) -> dict[str, Kind]:
    """The kind of each CRM field that has a golden field's values as they are; a city of an address
    is a place. Of others only width, case and spaces count as form.
    """
    found = {}
    for column, own in crm.fields.items():
        name, _, part = (own.field or "").partition(".")
        kind = entity.kinds.get(name)
        if own.codes is None and kind is not None:
            places = kind is Kind.ADDRESS and part in ("province", "city", "district")
            found[column] = Kind.REGION if places else Kind.TEXT if part else kind
    return found


def same_form(cells: pl.DataFrame, kinds: Mapping[str, Kind]) -> pl.Series:
    """Of cells (column, old, new), whether old and new are one value in two spellings."""
    marked = cells.with_row_index("_place")
    same: list[pl.DataFrame] = [pl.DataFrame(schema={"_place": pl.UInt32, "same": pl.Boolean})]
    for (column,), own in marked.group_by("column"):
        both = own.drop_nulls(["old", "new"])
        kind = kinds.get(str(column), Kind.TEXT)
        old, new = _cleaned(both["old"], kind), _cleaned(both["new"], kind)
        equal = pl.repeat(value=True, n=both.height, eager=True)
        for one, other in zip(old, new, strict=True):
            equal &= one.eq_missing(other)
        same.append(both.select("_place", equal.alias("same")))
    found = marked.join(pl.concat(same), on="_place", how="left", maintain_order="left")
    return found["same"].fill_null(value=False)


def _cleaned(texts: pl.Series, kind: Kind) -> list[pl.Series]:
    """Texts as they are compared: the clean value, folded, and its parts."""
    values = texts.alias("v").to_frame()
    clean = values if kind is Kind.TEXT else clean_table(values, {"v": kind})
    value = pl.coalesce(pl.col("v"), texts)
    folded = value.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " ")
    parts = [
        clean[name].cast(pl.List(pl.String)).list.join(";")
        if isinstance(clean[name].dtype, pl.List)
        else clean[name].cast(pl.String)
        for name in clean.columns
        if name.startswith("v.") and name.removeprefix("v.") not in _BESIDE
    ]
    return [clean.select(folded.str.strip_chars()).to_series(), *parts]
