"""Numbers of organisations and persons, proved by their check characters."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleansing import id_card, uscc
from cleansing.check_character import USCC_ALPHABET, USCC_WEIGHTS, resident_check


def clean_uscc(value: str) -> dict[str, object]:
    return uscc.clean(pl.Series([value])).row(0, named=True)


def clean_id(value: str) -> dict[str, object]:
    return id_card.clean(pl.Series([value])).row(0, named=True)


@pytest.mark.parametrize(
    ("raw", "value", "reason", "org"),
    [
        ("91310116076409427L", "91310116076409427L", None, "076409427"),
        ("９１３１０１１６０７６４０９４２７ｌ", "91310116076409427L", "tidied", "076409427"),
        ("税号：9131 0116 0764 0942 7L", "91310116076409427L", "tidied", "076409427"),
        ("D2143569X", "D2143569X", "organisation code", "D2143569X"),
        ("D2143569-X", "D2143569X", "organisation code; tidied", "D2143569X"),
        ("310116076409427", "310116076409427", "taxpayer id", "076409427"),
        ("110108000000016", "110108000000016", "registration number", None),
        ("11010519491231002X", "11010519491231002X", "taxpayer id of a person", None),
        ("00501503", "00501503", "Taiwan business number", None),
        ("5493001KJTIIGC8Y1R12", "5493001KJTIIGC8Y1R12", "LEI", None),
        ("BE697449992", "BE0697449992", "EU VAT number; tidied", None),
        ("CN91310116076409427L", "91310116076409427L", "tidied", "076409427"),
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


@given(st.dates(), st.integers(0, 999))
def test_a_resident_number_gives_its_birth_date_back(born: object, serial: int) -> None:
    """The date written into a number is the date read out of it."""
    text = str(born)
    if not "1900" <= text[:4] < "2100":
        return
    body = f"310115{text.replace('-', '')}{serial:03d}"
    assert clean_id(body + resident_check(body))["birth"] == text


@pytest.mark.parametrize(
    ("raw", "value", "reason"),
    [
        ("E12345678", "E12345678", "passport; unverified"),
        ("护照：E12345678", "E12345678", "passport; unverified; tidied"),
        ("H0123456789", "H0123456789", "permit; unverified"),
        ("台胞证 12345678", "12345678", "permit; unverified; tidied"),
        ("L01X00T47", "L01X00T47", "unverified"),
    ],
)
def test_travel_documents_are_named_but_not_proved(raw: str, value: str, reason: str) -> None:
    """A passport or a permit has no check character; its label is no part of its number."""
    cleaned = clean_id(raw)
    assert (cleaned["value"], cleaned["key"], cleaned["reason"]) == (value, value, reason)
