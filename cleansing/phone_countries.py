"""The telephones of a table, each cleaned as its record's country writes it.

countries = PhoneCountries.of(columns, kinds)             # which columns name a country
countries.learn("Address", field)                # what the cleaner of addresses read
told = countries.countries_of_phone("Phone", rows)                # ISO 3166-1 codes row by row
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from cleansing.coded import Coded
from cleansing.coded_table import CodedField
from cleansing.distinct import distinct_of
from cleansing.kind_type import Clean
from cleansing.phone import clean_at
from cleansing.phone_country import (
    CountryHint,
    countries_of_phone,
    may_name_country,
    naming_columns,
    read_column,
)
from cleansing.phone_home import home_of, settled
from cleansing.registry import cleaner_for
from guiyi.kinds import Kind
from guiyi.records import part, raw


@dataclass
class PhoneCountries:
    """The columns of a table that name countries, and which ones."""

    readings: dict[str, CountryHint] = field(default_factory=dict)
    countries: dict[str, Coded] = field(default_factory=dict)
    """For each of them the countries that its values name; of an address once it is cleaned."""
    homes: Mapping[str, str] = field(default_factory=dict)
    """By field of telephones the country of those whose record names none, if it is given."""

    @classmethod
    def of(
        cls,
        columns: Mapping[str, Coded | pl.Series],
        kinds: Mapping[str, Kind],
        homes: Mapping[str, str] | None = None,
    ) -> "PhoneCountries":
        """Find the columns that name countries; a table without telephones needs none."""
        if Kind.PHONE not in kinds.values():
            return cls()
        coded = {
            name: column if isinstance(column, Coded) else distinct_of(column)
            for name, column in columns.items()
            if may_name_country(name, kinds.get(name), column)
        }
        readings = naming_columns(coded, kinds)
        named = {
            name: coded[name].map(partial(read_column, reading=how))
            for name, how in readings.items()
            if how is not CountryHint.ADDRESS
        }
        return cls(readings, named, homes or {})

    def learn(self, name: str, cleaned: CodedField) -> None:
        """Take what an address was found to say of its country."""
        if self.readings.get(name) is CountryHint.ADDRESS:
            self.countries[name] = cleaned.column(part(name, "country"))

    def countries_of_phone(self, phone: str, rows: int) -> Coded | None:
        """The country, row by row, by which a field of telephones is read."""
        known = {name: how for name, how in self.readings.items() if name in self.countries}
        countries = countries_of_phone(phone, known, self.countries)
        home = self.homes.get(phone)
        if home is None:
            return countries
        if countries is None:
            return Coded(pl.Series([home]), np.zeros(rows, np.int32))
        return countries.map(lambda values: values.fill_null(home))


def clean_by_country(
    numbers: Coded, countries: Coded, clean: Callable[[pl.Series, Clean], pl.DataFrame]
) -> tuple[Coded, pl.DataFrame]:
    """Clean each pair of a number and its country once.

    Returns the numbers with a value for each pair, and these values cleaned. `clean` cleans a
    column by a cleaner.
    """
    home = settled(home_of(numbers.values), countries)
    homes = [code or home for code in countries.values.to_list()]
    if len(set(homes)) == 1:
        return numbers, clean(numbers.values, partial(clean_at, home=homes[0]))
    names = sorted({name for name in homes if name is not None})
    place = np.array([names.index(name) if name else len(names) for name in homes], np.int64)
    pairs, codes = np.unique(
        place[countries.codes] * len(numbers.values) + numbers.codes, return_inverse=True
    )
    where, which = np.divmod(pairs, max(1, len(numbers.values)))
    values = numbers.values.gather(which)
    cleaned = [
        clean(values.filter(pl.Series(where == n)), partial(clean_at, home=at))
        for n, at in enumerate((*names, None))
        if (where == n).any()
    ]
    return Coded(values, codes.astype(np.int32)), pl.concat(cleaned)


def witnesses(
    table: pl.DataFrame, kinds: Mapping[str, Kind], known: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What a table, raw or clean, lets a single record know of its telephones, field by field.

    `home`, where the record names no country, and `columns`, the columns that name one.
    """
    typed = {name: table[_raw(name, table)] for name in table.columns if name in kinds}
    typed |= {name: table[name] for name in table.columns if "." not in name and name not in kinds}
    countries = PhoneCountries.of(typed, kinds)
    for name, how in countries.readings.items():
        if how is CountryHint.ADDRESS:
            country = _country_of(name, typed[name], table)
            countries.countries[name] = distinct_of(country)
    columns = {name: str(how) for name, how in countries.readings.items()}
    phones = [name for name, kind in kinds.items() if kind is Kind.PHONE and columns]
    by_phone = {name: countries.countries_of_phone(name, table.height) for name in phones}
    return {
        name: {"home": settled(known[name]["home"], by_phone[name]), "columns": columns}
        for name in phones
    }


def _raw(name: str, table: pl.DataFrame) -> str:
    return raw(name) if raw(name) in table.columns else name


def _country_of(name: str, typed: pl.Series, table: pl.DataFrame) -> pl.Series:
    if part(name, "country") in table.columns:
        return table[part(name, "country")]
    addresses = distinct_of(typed)
    return cleaner_for(Kind.ADDRESS, addresses.values)(addresses.values)["country"][addresses.codes]
