"""A table is cleaned column by column, and each distinct value of a column only once."""

from collections.abc import Iterator, Mapping
from functools import partial

import polars as pl

from cleansing import area_codes, postcode_country, region_country
from cleansing.coded import Coded
from cleansing.coded_table import CodedField
from cleansing.completion import complete
from cleansing.distinct import distinct_of
from cleansing.empty_words import NULL, TELLING
from cleansing.kind_type import Clean
from cleansing.phone_countries import PhoneCountries, clean_by_country
from cleansing.registry import cleaner_for, parts
from cleansing.side_by_side import side_by_side
from cleansing.text import missing, strip_unseen
from cleansing.wrapping import unwrap
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.records import part, raw, reason

NO_VALUE = "missing"
"""The reason of a cell in which someone typed that there is nothing, such as 无 or N/A."""

AT_ONCE = 100_000
"""Distinct values of a column that are cleaned at a time."""


def clean_table(
    table: pl.DataFrame, kinds: Mapping[str, Kind], homes: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Clean the fields named in `kinds`; every other column passes through untouched.

    Each FIELD becomes its clean value, followed by FIELD.raw, FIELD.reason and FIELD.PART. A
    telephone number without a country code is of the country that its record names elsewhere, and a
    local one gets the area code of its city; a place in Latin letters is none of China where its
    record lies abroad; a ZIP code gets its zeros back by its state. `homes` has the country of
    telephones whose record names none, by field.
    """
    _check(table, kinds)
    known = {field: Kind(kind) for field, kind in kinds.items()}

    coded = {column.name: distinct_of(column) for column in table if column.name in known}
    others = {column.name: column for column in table if column.name not in known}
    made = {
        name: field.rows().get_columns()
        for name, field in clean_fields(coded, known, table.height, homes, beside=others)
    }
    columns = [own for column in table for own in made.get(column.name, [column])]
    return even_chunks(pl.DataFrame(columns, height=table.height))


def clean_fields(
    columns: dict[str, Coded],
    kinds: Mapping[str, Kind],
    rows: int,
    homes: Mapping[str, str] | None = None,
    *,
    beside: Mapping[str, pl.Series] | None = None,
    alone: bool = False,
) -> Iterator[tuple[str, CodedField]]:
    """Clean the columns that have a kind, field by field; empties `columns` of them.

    Places come first, for telephones and postcodes are read by them. `beside`: columns
    without a kind that may name a country. `alone`: nothing but that country is given.
    """
    countries = PhoneCountries.of({**columns, **(beside or {})}, kinds, homes)

    def cleaned(name: str) -> CodedField:
        kind, values = kinds[name], columns.pop(name)
        dialled = countries.countries_of_phone(name, rows) if kind is Kind.PHONE else None
        field = clean_field(name, values, kind, dialled)
        countries.learn(name, field)
        return field

    known = {name: kinds[name] for name in kinds if name in columns}
    order = sorted(
        (name for name in columns if name in known), key=lambda n: known[n] is Kind.PHONE
    )
    places = {n: cleaned(n) for n in order if known[n] in PLACES and not alone}
    for completion in region_country.completions({n: k for n, k in known.items() if n in places}):
        complete(places, completion)
    for name in list(places):
        yield name, places[name]
        places[name] = places[name].select(_completing(name, places[name]))
    for name in order:
        if name in columns:
            yield name, _completed(name, cleaned(name), places, known)


PLACES = (Kind.ADDRESS, Kind.REGION)
"""Kinds that say where a record is."""


def _completing(name: str, place: CodedField) -> list[str]:
    """The columns of a place by which other fields are completed."""
    wanted = {raw(name), *(part(name, n) for n in ("key", "province", "city", "country"))}
    return [column for column in place.cells.columns if column in wanted]


def _completed(
    name: str, field: CodedField, places: Mapping[str, CodedField], kinds: Mapping[str, Kind]
) -> CodedField:
    if not places or kinds[name] not in (Kind.POSTCODE, Kind.PHONE):
        return field
    fields = {**places, name: field}
    own = {n: kind for n, kind in kinds.items() if n in fields}
    if kinds[name] is Kind.PHONE:
        completions = area_codes.completions(own)
    else:
        completions = postcode_country.completions(own, fields)
    for completion in completions:
        complete(fields, completion)
    return fields[name]


def clean_values(values: pl.Series, kind: Kind) -> pl.DataFrame:
    """Clean one column: `value`, `reason` and the parts of the kind, row by row."""
    distinct = distinct_of(values)
    return _clean_distinct(distinct.values, kind=kind)[distinct.codes]


def clean_field(
    field: str, distinct: Coded, kind: Kind, dialled: Coded | None = None
) -> CodedField:
    """Clean a column whose distinct values are known: FIELD, FIELD.raw, FIELD.reason, FIELD.PART.

    `dialled` has the country of each row's telephones (see `phone_countries`). A local
    number stays one.
    """
    if dialled is None:
        cleaned = _clean_distinct(distinct.values.alias(field), kind=kind)
    else:
        distinct, cleaned = clean_by_country(distinct, dialled, partial(_clean_distinct, kind=kind))
    cells = [
        cleaned["value"].alias(field),
        distinct.values.alias(raw(field)),
        cleaned["reason"].alias(reason(field)),
        *(cleaned[name].alias(part(field, name)) for name in parts(kind)),
    ]
    return CodedField(even_chunks(pl.DataFrame(cells)), distinct.codes)


def _clean_distinct(distinct: pl.Series, clean: Clean | None = None, *, kind: Kind) -> pl.DataFrame:
    """Clean what says something, slice by slice; blank cells and typed nothings get a reason."""
    header, raw = distinct.name, distinct
    distinct, unwrapped = unwrap(raw.alias("raw"), kind)
    silent = pl.concat(_is_empty(part, kind) for part in _slices(distinct))
    telling = distinct.filter(~silent)
    if clean is None:  # the column's name says that it holds dates of birth
        clean = cleaner_for(kind, telling.alias(header))
    cleaned = pl.concat(side_by_side(clean, _slices(telling)))
    if unwrapped is not None:
        cleaned = _with_reason(cleaned, unwrapped.filter(~silent))
    if not silent.any():
        return cleaned
    typed = raw.filter(silent).str.contains(r"\S").fill_null(value=False)
    gaps = pl.DataFrame({"reason": typed}).select(  # an empty cell needs no reason
        pl.lit(None, pl.String).alias("value"),
        pl.when("reason").then(pl.lit(NO_VALUE)).alias("reason"),
        *(pl.lit(None, dtype).alias(name) for name, dtype in parts(kind).items()),
    )
    order = pl.concat([silent.not_().arg_true(), silent.arg_true()])
    return pl.concat([cleaned, gaps])[order.arg_sort()]


def _with_reason(cleaned: pl.DataFrame, further: pl.Series) -> pl.DataFrame:
    """Tell what was taken off a value before it was cleaned; of no value, nothing."""
    shown = pl.col("value").is_not_null()
    both = pl.concat_str(pl.col("reason"), further, separator="; ", ignore_nulls=True)
    return cleaned.with_columns(
        reason=pl.when(shown & further.is_not_null()).then(both).otherwise("reason")
    )


def _is_empty(values: pl.Series, kind: Kind) -> pl.Series:
    """Which cells are blank, or say that there is nothing; most begin as no such cell does."""
    odd = ~values.str.contains(TELLING).fill_null(value=False)
    bare = strip_unseen(pl.col("raw")).str.strip_chars()
    blank = bare.is_null() | (bare == "")
    nothing = blank if kind in (Kind.CODE, Kind.TEXT) else blank | missing(bare)
    if kind is Kind.PERSON_NAME:
        nothing &= bare.ne_missing(NULL)
    silent = odd.to_numpy().copy()
    silent[silent] = values.filter(odd).to_frame().select(nothing).to_series().to_numpy()
    return pl.Series(silent)


def _slices(values: pl.Series) -> Iterator[pl.Series]:
    """So many values at a time that what a cleaner lays beside them is soon let go."""
    return (values.slice(start, AT_ONCE) for start in range(0, max(1, len(values)), AT_ONCE))


def _check(table: pl.DataFrame, kinds: Mapping[str, Kind]) -> None:
    absent = [field for field in kinds if field not in table.columns]
    if absent:
        raise SpecError(
            Message("no such column: {columns}", columns=", ".join(absent)),
            place="cleansing",
            hint=Message("the table has {columns}", columns=", ".join(table.columns)),
        )
