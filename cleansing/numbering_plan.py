"""A country's numbering plan says which digits reach a line there, and of what type it is.

The plans are libphonenumber's; here they are applied to a whole column at once, by the steps of its
`parse` and `number_type` (tests compare the two for every country):

dialled_in(digits, "DE")     # 03012345678: key +493012345678, type landline
with_code(digits, 44)        # 442079460958, of +44 20 7946 0958
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from cleansing.phone_number import LANDLINE, MOBILE, OTHER, TOLLFREE

_OTHERS = (
    "premium_rate", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail",
)  # fmt: skip
_NSN = pl.col("nsn")
"""The national significant number: what follows the country's calling code (ITU-T E.164)."""

SCHEMA = {"key": pl.String(), "type": pl.String(), "decided": pl.Boolean()}


def dialled_in(digits: pl.Series, country: str) -> pl.DataFrame:
    """For digits dialled in a country: `key` in E.164 and `type`, null where they reach nobody.

    `decided` is false where only libphonenumber itself can decide, or where the digits may as well
    begin with the country's own calling code, its plus sign forgotten.
    """
    plan = plan_of(country)
    if plan is None:
        return _undecided(len(digits))
    frame = digits.alias("digits").to_frame()
    whole = pl.col("digits")
    rest = plan.stripped(whole.str.slice(len(plan.code)))
    frame = frame.with_columns(
        rest=pl.when(whole.str.starts_with(plan.code)).then(rest),
        idd=whole.str.contains(plan.outward),
    )
    length = whole.str.len_bytes()
    long = (length > plan.longest) & ~length.is_in(plan.local)
    takes = long | (~plan.matches(whole) & plan.matches(pl.col("rest")))
    frame = frame.with_columns(
        coded=pl.when(pl.col("rest").is_not_null() & takes).then("rest"),
        nsn=plan.significant(whole),
    )
    main = main_plan(plan.code)
    assert main is not None
    found = frame.select(
        "idd", nsn=pl.coalesce(main.significant(pl.col("coded")), "nsn"), doubted="rest"
    )
    kinds = _types(found["nsn"], plan.code)
    either = found["doubted"].is_not_null() & (found["nsn"] == frame["digits"])
    if either.any():
        asked = pl.Series(either & kinds.is_not_null())
        codeless = with_code(digits.filter(asked), int(plan.code))["key"].is_not_null()
        either = asked.scatter(asked.arg_true(), codeless)
    return found.select(
        key=pl.when(pl.lit(kinds).is_not_null()).then(pl.lit(f"+{plan.code}") + _NSN),
        type=pl.lit(kinds),
        decided=~pl.col("idd") & ~pl.lit(either),
    )


def with_code(digits: pl.Series, code: int) -> pl.DataFrame:
    """For digits that begin with a calling code: `key`, `type` and `decided`, as `dialled_in`."""
    main = main_plan(str(code))
    if main is None:
        return _undecided(len(digits))
    frame = digits.alias("digits").to_frame()
    found = frame.select(nsn=main.significant(pl.col("digits").str.slice(len(main.code))))
    kinds = _types(found["nsn"], main.code)
    return found.select(
        key=pl.when(pl.lit(kinds).is_not_null()).then(pl.lit(f"+{code}") + _NSN),
        type=pl.lit(kinds),
        decided=pl.lit(value=True),
    )


def _undecided(height: int) -> pl.DataFrame:
    columns = [pl.repeat(None, height, dtype=kind, eager=True) for kind in SCHEMA.values()]
    frame = pl.DataFrame(columns, schema=list(SCHEMA))
    return frame.with_columns(decided=pl.lit(value=False))


def _types(numbers: pl.Series, code: str) -> pl.Series:
    """The type of each number; the countries that share a calling code are tried in turn."""
    frame = numbers.alias("nsn").to_frame().with_row_index()
    found: list[pl.DataFrame] = []
    plans = plans_of(code)
    for plan in plans:
        typed = frame.with_columns(type=plan.type)
        own = pl.col("type").is_not_null()
        if plan.leading is not None and len(plans) > 1:
            begins = _NSN.str.contains(plan.leading)
            own = begins
            typed = typed.with_columns(type=pl.when(begins).then("type"))
        taken = typed.select(own.fill_null(value=False)).to_series()
        found.append(typed.filter(taken).select("index", "type"))
        frame = frame.filter(~taken)
        if frame.is_empty():
            break
    placed = pl.concat(found)
    return pl.repeat(None, len(numbers), dtype=pl.String, eager=True).scatter(
        placed["index"], placed["type"]
    )


# --- one country ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class NumberingPlan:
    """What libphonenumber knows of one country, as patterns for whole columns."""

    code: str
    """The calling code: 49."""
    general: str
    lengths: tuple[int, ...]
    local: tuple[int, ...]
    """Lengths of numbers that are only dialled within their area."""
    outward: str
    """What is dialled before a calling code: 00, in Australia 0011; matches nothing if unknown."""
    leading: str | None
    """How the numbers of a country begin that shares its calling code."""
    trunk: str | None
    """What is dialled before a number at home, perhaps with a carrier: 0, in Hungary 06."""
    groups: int
    rule: str | None
    """How a number is put together anew without its trunk prefix, where that is not all."""
    type: pl.Expr

    @property
    def longest(self) -> int:
        """Digits of the longest number."""
        return self.lengths[-1]

    def matches(self, number: pl.Expr) -> pl.Expr:
        """Whether a number has the form of the country's."""
        return number.str.contains(self.general)

    def stripped(self, number: pl.Expr) -> pl.Expr:
        """The number without its trunk prefix, unless it is only valid with it."""
        if self.trunk is None:
            return number
        bare = number.str.replace(self.trunk, "")
        if self.rule is not None:
            last = number.str.extract(self.trunk, self.groups)
            changed = number.str.replace(self.trunk, self.rule)
            bare = pl.when(last.is_not_null()).then(changed).otherwise(bare)
        return pl.when(self.matches(number) & ~self.matches(bare)).then(number).otherwise(bare)

    def significant(self, number: pl.Expr) -> pl.Expr:
        """The number without its trunk prefix, if what is left is long enough."""
        bare = self.stripped(number)
        length = bare.str.len_bytes()
        enough = (length.is_in(self.lengths) | (length > self.longest)) & ~length.is_in(self.local)
        return pl.when(enough).then(bare).otherwise(number)


@cache
def plan_of(country: str) -> NumberingPlan | None:
    """The plan of a country by its ISO 3166-1 code; none where libphonenumber has none."""
    from phonenumbers import PhoneMetadata

    return _plan(PhoneMetadata.metadata_for_region(country, None))


@cache
def main_plan(code: str) -> NumberingPlan | None:
    """The plan by whose trunk prefix the numbers of a calling code are read."""
    from phonenumbers import PhoneMetadata, region_code_for_country_code

    region = region_code_for_country_code(int(code))
    return _plan(PhoneMetadata.metadata_for_region_or_calling_code(int(code), region))


@cache
def plans_of(code: str) -> Sequence[NumberingPlan]:
    """The plans of all countries with a calling code, in the order in which they are tried."""
    from phonenumbers import region_codes_for_country_code

    regions = region_codes_for_country_code(int(code))
    if regions == ("001",):
        main = main_plan(code)
        return () if main is None else (main,)
    return [plan for region in regions if (plan := plan_of(region)) is not None]


@cache
def calling_codes() -> frozenset[str]:
    """Every calling code: 1, 44, 886."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    return frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))


def _plan(known: Any) -> NumberingPlan | None:
    if known is None or known.general_desc.national_number_pattern is None:
        return None
    prefix, rule = known.national_prefix_for_parsing, known.national_prefix_transform_rule
    groups = _groups(prefix)
    return NumberingPlan(
        code=str(known.country_code),
        general=_whole(known.general_desc.national_number_pattern),
        lengths=tuple(known.general_desc.possible_length),
        local=tuple(known.general_desc.possible_length_local_only),
        outward=_start(known.international_prefix or "x"),
        leading=None if known.leading_digits is None else _start(known.leading_digits),
        trunk=_start(prefix) if prefix else None,
        groups=groups,
        rule=_rule(rule) if rule and groups else None,
        type=_type_of(known),
    )


def _groups(pattern: str | None) -> int:
    return re.compile(pattern).groups if pattern else 0


def _rule(rule: str) -> str:
    r"""Write \1 as ${1}, as polars does."""
    return re.sub(r"\\(\d)", r"${\1}", rule)


def _whole(pattern: str) -> str:
    return f"^(?:{_ascii(pattern)})$"


def _start(pattern: str) -> str:
    return f"^(?:{_ascii(pattern)})"


def _ascii(pattern: str) -> str:
    r"""In Rust \d means the digits of every script, which makes patterns ten times as large."""
    return pattern.replace(r"\d", "[0-9]")


def _type_of(known: Any) -> pl.Expr:
    """The type of a number, null where the country has no such number."""
    fixed, mobile = _has(known.fixed_line), _has(known.mobile)
    either = fixed if known.same_mobile_and_fixed_line_pattern else fixed & mobile
    others = [_has(getattr(known, name)) for name in _OTHERS]
    return (
        pl.when(~_has(known.general_desc))
        .then(None)
        .when(_has(known.premium_rate))
        .then(pl.lit(OTHER))
        .when(_has(known.toll_free))
        .then(pl.lit(TOLLFREE))
        .when(pl.any_horizontal(*others, either))
        .then(pl.lit(OTHER))
        .when(fixed)
        .then(pl.lit(LANDLINE))
        .when(mobile)
        .then(pl.lit(MOBILE))
    )


def _has(kind: Any) -> pl.Expr:
    """Whether a number is one of a kind that the country has."""
    if kind is None or not kind.national_number_pattern:
        return pl.lit(value=False)
    fits = _NSN.str.contains(_whole(kind.national_number_pattern))
    if kind.possible_length:
        fits &= _NSN.str.len_bytes().is_in(list(kind.possible_length))
    return fits
