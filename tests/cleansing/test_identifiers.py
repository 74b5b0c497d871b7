"""Numbers of organisations and persons, proved by their check characters."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleansing import id_card, uscc
from cleansing.check_character import USCC_ALPHABET, USCC_WEIGHTS, resident_check

_LABELLED = "tidied; label removed: 税号"


def clean_uscc(value: str) -> dict[str, object]:
    return uscc.clean(pl.Series([value])).row(0, named=True)


def clean_id(value: str) -> dict[str, object]:
    return id_card.clean(pl.Series([value])).row(0, named=True)


@pytest.mark.parametrize(
    ("raw", "value", "reason", "org"),
    [
        ("91310116076409427L", "91310116076409427L", None, "076409427"),
        ("９１３１０１１６０７６４０９４２７ｌ", "91310116076409427L", "tidied", "076409427"),
        (
            "税号：9131 0116 0764 0942 7L",
            "91310116076409427L",
            "tidied; label removed: 税号",
            "076409427",
        ),
        ("D2143569X", "D2143569X", "organisation code", "D2143569X"),
        ("D2143569-X", "D2143569X", "organisation code; tidied", "D2143569X"),
        ("310116076409427", "310116076409427", "taxpayer id", "076409427"),
        ("110108000000016", "110108000000016", "registration number", None),
        ("11010519491231002X", "11010519491231002X", "taxpayer id of a person", None),
        ("00501503", "00501503", "Taiwan business number", None),
        ("5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R12", "LEI", None),
        ("BE697449992", "BE0697449992", "EU VAT number; tidied", None),
        ("CN91310116076409427L", "91310116076409427L", "tidied; label removed: CN", "076409427"),
        ("GB 980 7806 84", "GB980780684", "British VAT number; tidied", None),
        ("CHE-107.787.577", "CHE107787577", "Swiss UID; tidied", None),
        ("5835678256246", "5835678256246", "Japanese corporate number", None),
    ],
)
def test_a_proved_number_is_kept_and_named(
    raw: str, value: str, reason: str | None, org: str | None
) -> None:
    """Each number that proves itself is valid, and says which kind it is."""
    cleaned = clean_uscc(raw)
    assert (cleaned["value"], cleaned["reason"], cleaned["org"]) == (value, reason, org)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("91310116076409427M", "invalid: check character"),
        ("9131O116076409427L", "invalid: O for 0; check character then fits"),
        ("913101160764094270", "invalid: check character"),
        ("913101160764094000", "damaged: last digits lost to rounding"),
        ("9.13101E+17", "damaged: digits lost to scientific notation"),
        ("000000000000000000", "invalid: placeholder"),
        ("9131011607640942", "invalid: 16 characters, not 18"),
    ],
)
def test_a_wrong_organisation_number_says_what_is_wrong(raw: str, reason: str) -> None:
    """A number that cannot be proved is null; nothing is put right silently."""
    cleaned = clean_uscc(raw)
    assert (cleaned["value"], cleaned["reason"]) == (None, reason)


@pytest.mark.parametrize(
    ("raw", "value", "birth"),
    [
        ("11010519491231002X", "11010519491231002X", "1949-12-31"),
        ("11010519491231002x", "11010519491231002X", "1949-12-31"),
        ("110105491231002", "11010519491231002X", "1949-12-31"),
        ("身份证：110105 19491231 002X", "11010519491231002X", "1949-12-31"),
        ("A123456(3)", "A123456(3)", None),
        ("a1234563", "A123456(3)", None),
        ("A123456789", "A123456789", None),
        ("123-45-6789", "123-45-6789", None),
    ],
)
def test_identity_numbers_of_several_places(raw: str, value: str, birth: str | None) -> None:
    """Mainland numbers of both lengths, Hong Kong's, Taiwan's, and others as written."""
    cleaned = clean_id(raw)
    assert (cleaned["value"], cleaned["birth"]) == (value, birth)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("36042619910102009X", "invalid: check character"),
        ("990426199112010074", "invalid: region"),
        ("360426199113010079", "invalid: birth date"),
        ("T60426199101010078", "invalid: letter among the digits"),
        ("1.10105E+17", "damaged: digits lost to scientific notation"),
        ("110105194912310000", "damaged: last digits lost to rounding"),
        ("A123456(4)", "invalid: check character"),
        ("A123456788", "invalid: check character"),
        ("111111111111111111", "invalid: placeholder"),
    ],
)
def test_a_wrong_identity_number_says_what_is_wrong(raw: str, reason: str) -> None:
    """An identity number that cannot be proved is null."""
    cleaned = clean_id(raw)
    assert (cleaned["value"], cleaned["reason"]) == (None, reason)


@pytest.mark.parametrize(
    ("raw", "reason", "birth"),
    [
        ("911124198108030024", "permanent residence card", "1981-08-03"),
        ("9111 2419 8108 0300 24", "permanent residence card; tidied", "1981-08-03"),
        ("810000199408230021", "residence permit", "1994-08-23"),
        ("830000199201300022", "residence permit", "1992-01-30"),
        ("FRA440100000000", "permanent residence card; unverified", None),
        ("身份证号：11010519491231002X", "tidied; label removed: 身份证号", "1949-12-31"),
        ("H12345678", "permit; unverified", None),
        ("M1234567801", "permit; unverified", None),
        ("XYZ440100000000", "unverified", None),
    ],
)
def test_residents_of_other_places_have_numbers_too(
    raw: str, reason: str, birth: str | None
) -> None:
    """Foreigners' cards and the permits of Hong Kong, Macao and Taiwan are named."""
    cleaned = clean_id(raw)
    assert cleaned["value"] is not None
    assert (cleaned["reason"], cleaned["birth"]) == (reason, birth)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("11010119900307****", "invalid: masked"),
        ("110101********001X", "invalid: masked"),
        ("110101XXXXXXXX001X", "invalid: masked"),
        ("1101011990●●●●001X", "invalid: masked"),
        ("123456789012345678", "invalid: placeholder"),
        ("811000199408230021", "invalid: region"),
        ("911124198108030025", "invalid: check character"),
        ("981124198108030024", "invalid: region"),
    ],
)
def test_hidden_and_made_up_numbers_have_no_value(raw: str, reason: str) -> None:
    """What is left of a masked number is many people's: it makes no key."""
    cleaned = clean_id(raw)
    assert (cleaned["value"], cleaned["reason"]) == (None, reason)
    if "masked" in reason:
        assert cleaned["key"] is None


@given(st.dates(date.today() + timedelta(1), date(2199, 12, 31)), st.integers(0, 999))
def test_nobody_is_born_tomorrow(born: date, serial: int) -> None:
    """A number whose birth lies in the future is a slip, though it proves."""
    body = f"310115{born:%Y%m%d}{serial:03d}"
    cleaned = clean_id(body + resident_check(body))
    told = ("invalid: birth date in the future", "invalid: region", "invalid: birth date")
    assert cleaned["value"] is None
    assert cleaned["reason"] in told


@pytest.mark.parametrize(
    "raw", ["123456789012345678", "9135********000Y43", "91350100●●●●00Y43X", "12345678"]
)
def test_hidden_and_made_up_organisation_numbers_have_no_key(raw: str) -> None:
    """Digits along the keyboard may prove, and are nobody's."""
    cleaned = clean_uscc(raw)
    assert (cleaned["value"], cleaned["key"], cleaned["org"]) == (None, None, None)


def test_an_organisation_code_that_does_not_prove_is_told() -> None:
    """The outer check character fits, the inner one does not: nothing is changed."""
    body = "91310115MA1K4BCD9"
    total = sum(w * USCC_ALPHABET.index(c) for w, c in zip(USCC_WEIGHTS, body, strict=True))
    code = body + USCC_ALPHABET[-total % 31]
    cleaned = clean_uscc(code)
    assert (cleaned["value"], cleaned["key"]) == (code, code)
    assert str(cleaned["reason"]).startswith("unsure: the organisation code")
    assert uscc.clean_one(code, code)[:3] == (code, cleaned["reason"], code)


BODIES = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["91310115", "92440305", "12110108"]),
        st.text(USCC_ALPHABET, min_size=9, max_size=9),
    ),
)


@given(BODIES, st.integers(0, 30))
def test_exactly_one_check_character_fits(body: str, slip: int) -> None:
    """Of the thirty-one characters that may end a code, one proves it."""
    total = sum(w * USCC_ALPHABET.index(c) for w, c in zip(USCC_WEIGHTS, body, strict=True))
    right = USCC_ALPHABET[-total % 31]
    assert clean_uscc(body + right)["value"] == body + right
    other = USCC_ALPHABET[slip]
    if other != right:
        assert clean_uscc(body + other)["org"] is None


@given(st.dates(max_value=date.today()), st.integers(0, 999))
def test_a_resident_number_gives_its_birth_date_back(born: object, serial: int) -> None:
    """The date written into a number is the date read out of it."""
    text = str(born)
    if text[:4] < "1900":
        return
    body = f"310115{text.replace('-', '')}{serial:03d}"
    assert clean_id(body + resident_check(body))["birth"] == text


@pytest.mark.parametrize(
    ("raw", "value", "reason"),
    [
        ("E12345678", "E12345678", "passport; unverified"),
        ("护照：E12345678", "E12345678", "passport; unverified; label removed: 护照"),
        ("H0123456789", "H0123456789", "permit; unverified"),
        ("台胞证 12345678", "12345678", "permit; unverified; label removed: 台胞证"),
        ("L01X00T47", "L01X00T47", "unverified"),
    ],
)
def test_travel_documents_are_named_but_not_proved(raw: str, value: str, reason: str) -> None:
    """A passport or a permit has no check character; its label is no part of its number."""
    cleaned = clean_id(raw)
    assert (cleaned["value"], cleaned["key"], cleaned["reason"]) == (value, value, reason)
