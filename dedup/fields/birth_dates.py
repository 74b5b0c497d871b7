"""Which column of dates holds dates of birth: by its header, or by the years in it."""

import numpy as np
import polars as pl

from cleansing.coded import Coded
from dedup.comparison.base import Group

BIRTH_HEADER = r"(?i)birth|dob|born|geb|naiss|nacim|nascita|urodz|生|誕"
OTHER_HEADER = (
    r"(?i)updat|modif|creat|enter|added|join|since|start|hire|order|purchas|contact|visit|seen|sign"
    r"|regist|import|export|last|first|expir|due|valid|stamp|更新|修改|建|创|創|入|注册|登记|下单|订|购|"
    r"到期|跟进|拜访|联系|最近|首次|有效"
)
"""Headers of dates that are no birthday."""
MOSTLY = 0.5
"""A column of dates of which more are bare years is one of years."""
BORN_BY = 0.25
"""A quarter of people's birthdays, at least, lie before 1985; of the dates of customer records
hardly any does."""


def group_of_dates(name: str, dates: Coded, alone: bool) -> Group:
    """A column that says so holds dates of birth; so does a person's only date that looks so.

    `alone`: the rows name a person, and no other column has dates.
    """
    header = pl.Series([name])
    if header.str.contains(BIRTH_HEADER)[0]:
        return Group.BIRTH
    if header.str.contains(OTHER_HEADER)[0] or not alone:
        return Group.OTHER
    years = dates.share(dates.values.str.contains(r"^\d{4}$"))
    return Group.BIRTH if years < MOSTLY and _like_births(dates) else Group.OTHER


def _like_births(dates: Coded) -> bool:
    """Whether dates reach back as birthdays do: a quarter before 1985, spread over a lifetime."""
    years = (
        dates.values.str.slice(0, 4)
        .cast(pl.Int32, strict=False)
        .gather(np.where(dates.codes < 0, 0, dates.codes))
    )
    held = years.filter(pl.Series(dates.there)).drop_nulls()
    if not len(held):
        return False
    low, high = held.quantile(0.05), held.quantile(0.95)
    early = float((held < 1985).to_numpy().mean())
    return early >= BORN_BY and (high or 0) - (low or 0) >= 15
