"""Source rows → source records: keys, scope, relations. Pure; reads nothing."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import polars as pl

from cleansing import clean_table
from cleansing.registry import kind_type
from connectors.sources import UNREADABLE
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.record_key import record_key
from guiyi.records import EXTRACTED_AT, PLACE, RECORD_ID, SOURCE, ref
from guiyi.spec import RefSpec, SpecPlace, TableSpec, Window
from guiyi.spec.expressions import condition

IN_SCOPE = "in"
BLANK, WHERE, WINDOW = "blank", "where", "window"
"""Why a row is out of scope: no value for any field, the spec's condition, its time window."""


ENOUGH = 3
"""So many values show what a column holds; a table of which only changes are read may have fewer.
"""


def check_columns(rows: pl.DataFrame, spec: TableSpec, place: SpecPlace) -> list[str]:
    """Make sure the table has every column the spec names; list the columns it leaves unused.

    Raises SpecError naming the path in the spec and the closest column there is.
    """
    have = [name for name in rows.columns if name not in {"_row", "_place"}]
    named = [(f"columns.{name}", column) for name, cs in spec.columns.items() for column in cs]
    named += [("key", column) for column in spec.key]
    named += [
        (f"refs.{name}.columns", column)
        for name, link in spec.refs.items()
        for column in link.columns or ()
    ]
    named += [("ignore", column) for column in spec.ignore]
    if spec.window is not None:
        named.append(("window.column", spec.window.column))
    if spec.incremental is not None:
        named.append(("incremental", spec.incremental))
    for key, column in named:
        if column not in have:
            raise place.at(key).mistake(
                Message("no column `{column}`", column=column), hint=did_you_mean(column, have)
            )
    used = {column for _, column in named}
    return [name for name in have if name not in used]


def torn(damage: pl.DataFrame) -> pl.Series:
    """The numbers of rows whose values stand in no certain column, keys among them."""
    whole = pl.col("problem").str.starts_with(UNREADABLE) & pl.col("column").is_null()
    return damage.filter(whole)["_row"].unique()


def scope(
    rows: pl.DataFrame,
    spec: TableSpec,
    place: SpecPlace,
    today: date,
    untold: pl.Series | None = None,
) -> pl.Series:
    """Decide for every row whether it is in scope, or why not.

    A row is in scope whose number is `untold`: its columns say nothing, and it must not be lost.
    """
    mapped = [column for columns in spec.columns.values() for column in columns]
    reasons = []
    if untold is not None and untold.len():
        reasons.append(pl.when(pl.col("_row").is_in(untold.to_list())).then(pl.lit(IN_SCOPE)))
    reasons.append(
        pl.when(~pl.any_horizontal(pl.col(c).is_not_null() for c in mapped)).then(pl.lit(BLANK))
    )
    if spec.where is not None:
        reasons.append(pl.when(~condition(spec.where, rows, place.at("where"))).then(pl.lit(WHERE)))
    if spec.window is not None:
        outside = _outside(rows[spec.window.column], spec.window, today, place.at("window"))
        reasons.append(pl.when(outside).then(pl.lit(WINDOW)))
    return rows.select(pl.coalesce(*reasons, pl.lit(IN_SCOPE)).alias("scope"))["scope"]


def _outside(values: pl.Series, window: Window, today: date, place: SpecPlace) -> pl.Series:
    """Which rows are dated before or after the window; one without a date is in it.

    Raises SpecError for a column most of whose values are no dates: nothing would be left out.
    """
    until = window.until or today
    if window.since is not None:
        since = window.since
    else:
        years = window.years or 1
        since = _years_before(until, years)
    cleaned = clean_table(pl.DataFrame({"day": values}), {"day": Kind.DATE})
    day = cleaned["day.key"].str.to_date("%Y-%m-%d", strict=False)
    filled, dated = values.len() - values.null_count(), day.len() - day.null_count()
    if filled >= ENOUGH and 2 * dated < filled:
        raise place.at("column").mistake(
            Message(
                "`{column}` holds no dates: {dated:,} of {n:,} values are one",
                column=window.column,
                dated=dated,
                n=filled,
            ),
            hint="name the column that says when a row was made or changed",
        )
    return ((day < since) | (day > until)).fill_null(False)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return (day - timedelta(days=1)).replace(year=day.year - years)


def to_records(
    rows: pl.DataFrame,
    spec: TableSpec,
    source: str,
    kinds: dict[str, Kind],
    extracted_at: datetime,
) -> pl.DataFrame:
    """Shape in-scope rows as source records: identity, then every field of the entity, as text."""
    return rows.select(
        pl.lit(source).alias(SOURCE),
        pl.col(RECORD_ID),
        pl.lit(extracted_at).dt.cast_time_unit("us").alias(EXTRACTED_AT),
        pl.col("_place").alias(PLACE),
        *fields_of(spec, kinds),
        *(pl.col(ref(name)) for name in spec.refs),
    )


def fields_of(spec: TableSpec, kinds: Mapping[str, Kind]) -> list[pl.Expr]:
    """Every field of the entity, as the columns of a table have it."""
    return [
        _joined(spec.columns.get(field, ()), kind_type(kind).separator).alias(field)
        for field, kind in kinds.items()
    ]


def _joined(columns: tuple[str, ...], separator: str) -> pl.Expr:
    if not columns:
        return pl.lit(None, pl.String)
    if len(columns) == 1:
        return pl.col(columns[0])
    present = pl.concat_list(columns).list.drop_nulls()
    return pl.when(present.list.len() > 0).then(present.list.join(separator))


def with_ref(
    rows: pl.DataFrame,
    name: str,
    link: RefSpec,
    source: str,
    prefix: str,
    own_ids: pl.Series | None,
) -> pl.DataFrame:
    """Add `ref.NAME`, the record key of the record this row points to.

    `prefix` is what the record ids of the table pointed to begin with; `own_ids` are those of the
    records made from the same rows, for a `link` without columns; null where such a row made no
    record of that entity.
    """
    if own_ids is not None:
        target = record_key(pl.lit(source), pl.lit(own_ids))
    else:
        key = pl.concat_str(
            [pl.col(c).str.strip_chars() for c in link.columns or ()], separator="-"
        )
        record_id = pl.concat_str(pl.lit(f"{prefix}/"), key)
        target = record_key(pl.lit(link.source or source), record_id)
    return rows.with_columns(target.alias(ref(name)))
