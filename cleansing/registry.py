"""Which file cleans which kind: one line a kind, each imported when first asked for."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Protocol, cast

import polars as pl

from guiyi.kinds import Kind

Clean = Callable[[pl.Series], pl.DataFrame]


class Cleaner(Protocol):
    """What the file of a kind offers."""

    PARTS: Mapping[str, pl.DataType]

    def clean(self, values: pl.Series) -> pl.DataFrame:
        """Clean distinct raw values: `value`, `reason`, then exactly the columns of PARTS."""
        ...


MODULES: Mapping[Kind, str] = {
    Kind.COMPANY_NAME: "cleansing.company_name",
    Kind.PERSON_NAME: "cleansing.person_name",
    Kind.PHONE: "cleansing.phone",
    Kind.EMAIL: "cleansing.email",
    Kind.ADDRESS: "cleansing.address",
    Kind.POSTCODE: "cleansing.postcode",
    Kind.REGION: "cleansing.region",
    Kind.INDUSTRY: "cleansing.industry",
    Kind.USCC: "cleansing.uscc",
    Kind.ID_CARD: "cleansing.id_card",
    Kind.DATE: "cleansing.date",
    Kind.CODE: "cleansing.code",
    Kind.AMOUNT: "cleansing.amount",
    Kind.URL: "cleansing.url",
    Kind.TEXT: "cleansing.free_text",
    Kind.KEY: "cleansing.key",
}


@cache
def cleaner(kind: Kind) -> Cleaner:
    """Open the file that cleans a kind."""
    return cast("Cleaner", import_module(MODULES[kind]))


def cleaner_for(kind: Kind, column: pl.Series) -> Clean:
    """What cleans a column's distinct values, all at once or in slices, which come out the same.

    Some columns are witness to what one value does not show: the country of a telephone number,
    day or month first, decimal commas, the width of a postcode. The whole column is asked here.
    """
    own = cleaner(kind)
    make = getattr(own, "cleaner_for", None)
    return own.clean if make is None else cast("Clean", make(column))


def parts(kind: Kind) -> dict[str, pl.DataType]:
    """List the parts a kind is taken into, with their types; `key` is always the first."""
    return dict(cleaner(kind).PARTS)
