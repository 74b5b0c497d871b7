"""A column is asked of a country's numbering plan as libphonenumber is asked of one number."""

import random
from collections.abc import Iterator

import phonenumbers
import polars as pl
import pytest

from cleansing import phone
from cleansing.numbering_plan import calling_codes, dialled_in, with_code
from cleansing.phone_number import _parse
from cleansing.phone_plain import plain_reader

KINDS = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip",
         "personal_number", "pager", "uan", "voicemail")  # fmt: skip
LANDS = sorted(phonenumbers.SUPPORTED_REGIONS)


def examples(land: str, code: int | None = None) -> list[str]:
    """The example numbers of a country, national and without a trunk prefix."""
    known = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code or 0, land)
    kinds = (getattr(known, kind) for kind in KINDS)
    return [kind.example_number for kind in kinds if kind is not None and kind.example_number]


def alike(number: str, chance: random.Random) -> str:
    """A number with some digits changed, one lost or one too many."""
    digits = list(number)
    for _ in range(chance.randint(0, 4)):
        digits[chance.randrange(len(digits))] = str(chance.randrange(10))
    return "".join(digits)[: chance.choice((99, 99, len(digits) - 1))] + chance.choice(
        ("", "", "7")
    )


def typed(land: str, chance: random.Random, many: int) -> Iterator[str]:
    """Digits as they are dialled in a country: with trunk prefix, calling code or without."""
    known = phonenumbers.PhoneMetadata.metadata_for_region(land)
    trunk, code = known.national_prefix or "", str(known.country_code)
    for number in examples(land):
        yield from (number, trunk + number)
        yield from (
            chance.choice(("", trunk, "0", code, code + trunk)) + alike(number, chance)
            for _ in range(many)
        )
    yield from (str(chance.randrange(10**4, 10**13)) for _ in range(many))


def told(number: str, land: str | None) -> tuple[str | None, str | None]:
    """What libphonenumber says of one number."""
    found = _parse(number, land)
    return (None, None) if found is None else (found.key, found.type)


@pytest.mark.parametrize("land", LANDS)
def test_digits_dialled_in_a_country_are_read_as_libphonenumber_reads_them(land: str) -> None:
    """Key and type of each number that is decided; nearly all are."""
    digits = [d for d in typed(land, random.Random(7), 8) if len(d) <= 15]
    read = dialled_in(pl.Series(digits), land)
    assert read["decided"].mean() > 0.6
    for number, (key, kind, decided) in zip(digits, read.iter_rows(), strict=True):
        if decided:
            assert (key, kind) == told(number, land), number


def test_digits_behind_a_calling_code_are_read_as_libphonenumber_reads_them() -> None:
    """Of every calling code, also those that are no country's (+800, +870)."""
    chance = random.Random(5)
    for code in sorted(map(int, calling_codes())):
        lands = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]
        numbers = [number for land in lands for number in examples(land, code)]
        numbers += [chance.choice(("", "0")) + alike(n, chance) for n in numbers for _ in range(4)]
        digits = [f"{code}{number}" for number in numbers]
        read = with_code(pl.Series(digits), code)
        assert read["decided"].all()
        for number, key, kind in zip(digits, read["key"], read["type"], strict=True):
            assert (key, kind) == told(f"+{number}", None), number


def test_a_code_that_no_plan_has_is_not_decided() -> None:
    """North Korea has no plan in libphonenumber, and 999 is no calling code."""
    assert not dialled_in(pl.Series(["0212345678"]), "AQ")["decided"].any()
    assert not with_code(pl.Series(["999123456"]), 999)["decided"].any()


WRITTEN = ("{}", "{}", "+{code}{}", "+{code} (0){}", "00{code} {}", "({code}) {}", "{code}{}",
           "{}-12", "{} / 5", "{}.0", "+ {code} {}", "00 {code}-{}", "(0{}", "{}...")  # fmt: skip


def cells(land: str, chance: random.Random) -> Iterator[str]:
    """Numbers of a country as people write them, and slips."""
    known = phonenumbers.PhoneMetadata.metadata_for_region(land)
    numbers = examples(land)
    for _ in range(400):
        number = alike(chance.choice(numbers), chance)
        if chance.random() < 0.4:
            number = (known.national_prefix or "") + number
        if chance.random() < 0.5:
            cut = chance.randrange(1, len(number))
            number = (
                number[:cut] + chance.choice((" ", "-", ".", " - ", " / ", "/", ")")) + number[cut:]
            )
        yield chance.choice(WRITTEN).format(number, code=known.country_code)


@pytest.mark.parametrize(
    "land",
    ["AR", "AT", "AU", "BR", "CA", "CI", "DE", "FI", "FR", "GB", "GG", "HU", "IN", "IT", "JP", "KR",
     "KZ", "MX", "NL", "RU", "SG", "SM", "TW", "US"],
)  # fmt: skip
def test_a_column_of_a_country_is_read_as_each_of_its_cells(land: str) -> None:
    """Whatever is not left to the careful path: value, reason and parts."""
    raw = pl.Series("raw", list(cells(land, random.Random(13))))
    tidied = raw.str.replace_all(" +", " ").str.strip_chars()
    done = plain_reader(land)(pl.DataFrame({"raw": raw, "tidied": tidied}))
    done = done.with_columns(raw=raw, tidied=tidied).filter("plain")
    assert done.height > len(raw) / 10
    for row in done.iter_rows(named=True):
        careful = phone.clean_one(row["raw"], row["tidied"], land)
        assert tuple(row[name] for name in ("value", "reason", *phone.PARTS)) == tuple(careful), row


@pytest.mark.parametrize(
    ("raw", "home", "value", "reason"),
    [
        ("4915112345678", "DE", "4915112345678", "unsure: 49 may be the calling code"),
        ("04915112345678", "DE", "+494915112345678", "formatted"),
        ("918012345678", "IN", "+918012345678", "formatted"),
        ("5532211234", "BR", "+555532211234", "formatted"),
        ("7012345678", "KZ", "+77012345678", "formatted"),
        ("0011 44 20 7946 0958", "AU", "+442079460958", "formatted"),
        ("00 44 20 7946 0958", "AU", "+442079460958", "formatted"),
        ("001 44 20 7946 0958", "KR", "+442079460958", "formatted"),
        ("+ 49 30 901820", None, "+4930901820", "formatted"),
        ("00 49-177991234565", "DE", "+49177991234565", "formatted"),
        ("+49 (0) 30 / 901820", None, "+4930901820", "formatted"),
        ("+49 30/901820", "DE", "+4930901820", "formatted"),
        ("+49 30 9018200 / 9018201", "DE", "+49309018200", "first of several"),
        ("+1 271 556 0125", "US", "+12715560125", "formatted"),
        ("500/2345678", "US", "+15002345678", "formatted"),
        ("+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", None, "+966501234567", "formatted"),
        ("۰۹۱۲ ۳۴۵ ۶۷۸۹", "IR", "+989123456789", "formatted"),
        ("٠٥٠١٢٣٤٥٦٧", None, "0501234567", "country unknown"),
    ],
)
def test_calling_codes_and_what_is_dialled_before_them(
    raw: str, home: str | None, value: str, reason: str
) -> None:
    """A number that is valid in two readings stays as it came; digits are those of any script."""
    row = phone.clean_at(pl.Series([raw]), home).row(0, named=True)
    assert (row["value"], row["reason"]) == (value, reason)
