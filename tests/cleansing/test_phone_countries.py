"""A national number is of a country only where something besides its form says so."""

import json
from pathlib import Path

import phonenumbers
import polars as pl
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from cleansing import RecordCleaner, clean_table, clean_values
from cleansing.coded import Coded
from cleansing.distinct import distinct_of
from cleansing.phone_country import CountryHint, naming_columns, read_column
from guiyi.kinds import Kind

COUNTRIES = [
    "AE", "AR", "AT", "AU", "BE", "BR", "CA", "CH", "CL", "CO", "CZ", "DE", "DK", "EG",
    "ES", "FI", "FR", "GB", "GR", "HU", "ID", "IE", "IL", "IN", "IT", "JP", "KE", "KR",
    "MX", "MY", "NG", "NL", "NO", "NZ", "PE", "PH", "PK", "PL", "PT", "RO", "RU", "SA",
    "SE", "SG", "TH", "TR", "TW", "UA", "US", "VN", "ZA",
]  # fmt: skip
NAMES = {
    "english": lambda code: english()[code],
    "alpha-2": lambda code: code,
    "alpha-3": lambda code: names()[code][0],
    "chinese": lambda code: chinese()[code],
    "dial": lambda code: f"+{phonenumbers.country_code_for_region(code)}",
}
SHARED = Path(__file__).parents[3] / "shared" / "data" / "cases" / "phones_by_land"
KINDS = {"Phone": Kind.PHONE, "Country": Kind.REGION}


def rows(file: str) -> list[list[str]]:
    text = (Path(__file__).parents[2] / "cleansing/data" / file).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith(("#", "code"))]


def english() -> dict[str, str]:
    return {row[0]: row[1] for row in rows("countries.tsv")}


def chinese() -> dict[str, str]:
    return {row[0]: row[2] for row in rows("countries.tsv")}


def names() -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in rows("country_names.tsv")}


def numbers(country: str, each: int = 20) -> list[tuple[str, str]]:
    """Valid numbers of a country as typed, three in ten with +cc, and in E.164."""
    made: list[tuple[str, str]] = []
    for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE):
        example = phonenumbers.example_number_for_type(country, kind)
        if example is None:
            continue
        for n in range(10 * each):
            number = phonenumbers.PhoneNumber()
            number.merge_from(example)
            number.national_number = example.national_number - example.national_number % 1000
            number.national_number += (n * 37 + 11) % 1000
            if not phonenumbers.is_valid_number(number) or len(made) >= 2 * each:
                continue
            form = PhoneNumberFormat.INTERNATIONAL if n % 10 < 3 else PhoneNumberFormat.NATIONAL
            typed = phonenumbers.format_number(number, form)
            typed = typed.replace(" ", ("", " ", "-")[n % 3]) if form else typed
            made.append((typed, phonenumbers.format_number(number, PhoneNumberFormat.E164)))
    return list(dict(made).items())


def table(countries: list[str], spelled: str) -> pl.DataFrame:
    cells = [
        (typed, NAMES[spelled](code), truth) for code in countries for typed, truth in numbers(code)
    ]
    frame = pl.DataFrame(cells, schema=["Phone", "Country", "truth"], orient="row")
    return frame.sample(fraction=1, shuffle=True, seed=3)


@pytest.mark.parametrize("spelled", NAMES)
def test_a_number_is_of_the_country_beside_it(spelled: str) -> None:
    """Of fifty countries in one column, as the country is written: at least 99 % right."""
    mixed = table(COUNTRIES, spelled)
    clean = clean_table(mixed, KINDS | ({"Country": Kind.CODE} if spelled == "dial" else {}))
    right = clean["Phone.key"] == clean["truth"]
    assert right.mean() >= 0.99, (
        clean.filter(~right).select("Phone.raw", "Phone.key", "truth").rows()
    )
    assert not (~right & clean["Phone.key"].str.starts_with("+")).any()


@pytest.mark.parametrize("country", COUNTRIES)
def test_without_evidence_no_number_gets_a_country(country: str) -> None:
    """National numbers alone, a column or one of them, stay national: none is wrong."""
    national = [(typed, truth) for typed, truth in numbers(country) if not typed.startswith("+")]
    typed, truth = pl.DataFrame(national, orient="row", schema=["typed", "truth"])
    for column in (typed, typed.head(1)):
        clean = clean_values(column, Kind.PHONE)
        wrong = clean["key"].str.starts_with("+") & (clean["key"] != truth.head(len(column)))
        assert not wrong.any(), (
            typed.filter(wrong).to_list(),
            clean["key"].filter(wrong).to_list(),
        )
    assert clean["reason"].str.contains("country unknown").all()


@pytest.mark.parametrize("country", COUNTRIES)
def test_numbers_with_a_country_code_speak_for_the_others(country: str) -> None:
    """Three in ten with +cc, all of one country, which all others fit."""
    typed, truth = pl.DataFrame(numbers(country), orient="row", schema=["typed", "truth"])
    clean = clean_values(typed, Kind.PHONE)
    wrong = clean["key"].str.starts_with("+") & (clean["key"] != truth)
    assert not wrong.any()
    assert (clean["key"] == truth).mean() > 0.95


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_numbers_others_met() -> None:
    """Ten files with a column of countries: all right; without it and +cc, none wrong."""
    for file in sorted(SHARED.glob("*.csv")):
        given = pl.read_csv(file, infer_schema=False)
        clean = clean_table(given, KINDS)
        assert (clean["Phone.key"] == clean["truth"]).all(), file.name
        bare = given.filter(~pl.col("Phone").str.starts_with("+"))
        assert not clean_values(bare["Phone"], Kind.PHONE)["key"].str.starts_with("+").any()


TOLD = [
    # header, values, how they are read, what the first names
    ("Country", ["荷兰", "德国"], CountryHint.COUNTRY, "NL"),
    ("Country", ["nl", "de", "in"], CountryHint.COUNTRY, "NL"),
    ("Land", ["Niederlande", "Österreich"], CountryHint.COUNTRY, "NL"),
    ("国家", ["NL-荷兰", "VN-越南"], CountryHint.COUNTRY, "NL"),
    ("país", ["Países Bajos", "España"], CountryHint.COUNTRY, "NL"),
    ("place", ["The Netherlands", "Germany"], CountryHint.COUNTRY, "NL"),
    ("dial code", ["31", "49"], CountryHint.DIAL, "NL"),
    ("prefix", ["+31", "0049"], CountryHint.DIAL, "NL"),
    ("省份", ["广东省", "浙江"], CountryHint.DIVISION, "CN"),
    ("state", ["CA", "IN", "DE", "NY"], CountryHint.STATE, "US"),
    ("lang", ["nl", "de", "en"], None, None),
    ("code", ["31", "49"], None, None),
    ("Nationality", ["Netherlands", "Germany"], None, None),
    ("Country of birth", ["Netherlands", "Germany"], None, None),
    ("surname", ["Jordan", "Chad", "Miller"], None, None),
]  # fmt: skip


@pytest.mark.parametrize(("header", "values", "reading", "first"), TOLD)
def test_a_column_tells_a_country(
    header: str, values: list[str], reading: CountryHint | None, first: str | None
) -> None:
    """By names in any language, codes, calling codes, provinces and states; not by languages."""
    column: Coded = distinct_of(pl.Series(values * 3))
    found = naming_columns({header: column}, {header: Kind.REGION if reading else Kind.CODE}).get(
        header
    )
    assert found is reading
    if found is not None:
        assert read_column(pl.Series(values), found)[0] == first


def test_countries_that_disagree_say_nothing() -> None:
    """053 278 9328 is valid in both; Billing Phone lies in Billing Country."""
    both = pl.DataFrame(
        {
            "Billing Country": ["Netherlands"],
            "Shipping Country": ["Thailand"],
            "Billing Phone": ["053 278 9328"],
            "Phone": ["053 278 9328"],
        }
    )
    kinds = {"Billing Phone": Kind.PHONE, "Phone": Kind.PHONE}
    clean = clean_table(both, kinds)
    assert clean["Billing Phone.key"][0] == "+31532789328"
    assert clean["Phone"][0] == "053 278 9328"
    assert clean["Phone.reason"][0] == "country unknown"


def test_foreign_customers_do_not_speak_for_those_at_home() -> None:
    """Where only +65 numbers have a country code, numbers that are none of Singapore's stay."""
    column = pl.Series([f"03-2346 30{n}" for n in range(10, 40)] + ["+65 6423 4932"] * 9)
    keys = clean_values(column, Kind.PHONE)["key"]
    assert not keys.head(30).str.starts_with("+").any()


MIXED = pl.DataFrame(
    {
        "Phone": [
            "053 278 9328", "03-2346 3025", "(212) 555-0123", "0755-26712345", "13800138001",
            "+31 6 32792908", "053 278 9328", "26712345", "134****7507", None, "020 7946 0018",
        ],
        "Country": [
            "Netherlands", "马来西亚", "USA", "CN", "DE", "France", None, "China", "NL", "NL", None,
        ],
        "Address": [
            None, None, None, None, None, None, "Keizersgracht 1, 1015 CJ Amsterdam, Netherlands",
            "广东省深圳市南山区科技路1号", None, None, "10 Downing St, London SW1A 2AA",
        ],
    }
)  # fmt: skip
ALL_KINDS = {"Phone": Kind.PHONE, "Country": Kind.REGION, "Address": Kind.ADDRESS}


def test_country_and_address_tell_row_by_row() -> None:
    """The country column first, then the address; a Chinese mobile stays one beside Germany."""
    assert clean_table(MIXED, ALL_KINDS)["Phone.key"].to_list() == [
        "+31532789328", "+60323463025", "+12125550123", "+8675526712345", "+8613800138001",
        "+31632792908", "+31532789328", "+8675526712345", None, None, "+442079460018",
    ]  # fmt: skip


@pytest.mark.parametrize("kinds", [ALL_KINDS, {"Phone": Kind.PHONE}])
@pytest.mark.parametrize("clean", [False, True])
def test_a_record_alone_gets_the_same_country(kinds: dict[str, Kind], clean: bool) -> None:
    """Learned from the raw table or the clean one, and noted down as JSON."""
    expected = clean_table(MIXED, kinds)
    cleaner = RecordCleaner.of(expected if clean else MIXED, kinds)
    kept = RecordCleaner.from_document(json.loads(json.dumps(cleaner.as_document())))
    for record, row in zip(MIXED.to_dicts(), expected.to_dicts(), strict=True):
        found = kept.clean(record)
        if record["Phone"] != "26712345":  # its area code is what only a table adds
            for name in ("Phone", "Phone.key", "Phone.all"):
                assert found.get(name) == row[name], record


def test_a_spec_may_say_the_country() -> None:
    """Of the numbers whose record names none."""
    given = pl.DataFrame({"Phone": ["053 278 9328"] * 2, "Country": ["", "Thailand"]})
    clean = clean_table(given, KINDS, {"Phone": "NL"})
    assert clean["Phone.key"].to_list() == ["+31532789328", "0532789328"]
    alone = clean_table(given.select("Phone"), {"Phone": Kind.PHONE}, {"Phone": "NL"})
    assert alone["Phone.key"].to_list() == ["+31532789328"] * 2


@pytest.mark.parametrize("kinds", [ALL_KINDS, {"Phone": Kind.PHONE}])
def test_a_record_alone_gets_the_country_of_the_spec(kinds: dict[str, Kind]) -> None:
    """As its table does, and after it was noted down as JSON."""
    homes = {"Phone": "NL"}
    expected = clean_table(MIXED, kinds, homes)
    cleaner = RecordCleaner.of(expected, kinds, homes)
    kept = RecordCleaner.from_document(json.loads(json.dumps(cleaner.as_document())))
    for record, row in zip(MIXED.to_dicts(), expected.to_dicts(), strict=True):
        found = kept.clean(record)
        if record["Phone"] != "26712345":
            assert found.get("Phone.key") == row["Phone.key"], record
    assert kept.clean({"Phone": "053 278 9328"})["Phone"] == "+31532789328"
