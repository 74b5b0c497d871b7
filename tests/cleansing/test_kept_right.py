"""Values that were right and stay so: what reviewers found the cleaners to have spoiled."""

import polars as pl
import pytest

from cleansing import RecordCleaner, clean_values
from cleansing.date_parts import month_of
from guiyi.kinds import Kind


def read(raw: str, kind: Kind) -> dict[str, object]:
    return clean_values(pl.Series([raw]), kind).row(0, named=True)


@pytest.mark.parametrize("raw", ["Amy王amy", "Mr李ming", "T恤shop", "Q群qq", "IT男a"])
def test_chinese_among_latin_letters_is_no_mojibake(raw: str) -> None:
    """In GBK its bytes are Latin capitals within a word: no word is written so."""
    for kind in (Kind.PERSON_NAME, Kind.COMPANY_NAME, Kind.TEXT):
        assert read(raw, kind)["value"] == raw
    assert read("M黮ler GmbH", Kind.COMPANY_NAME)["value"] == "Müller GmbH"


def test_places_of_taiwan_and_hong_kong_have_keys_of_their_own() -> None:
    """GB/T 2260 has one code for all of each: it is no key of what lies there."""
    names = ["台湾省台北市", "台湾省高雄市", "香港特别行政区湾仔区", "香港沙田区"]
    assert len({read(name, Kind.REGION)["key"] for name in names}) == len(names)
    assert read("台湾", Kind.REGION)["key"] == "710000"


@pytest.mark.parametrize(
    ("raw", "surname"),
    [
        ("OLGA Petrova", "Petrova"),
        ("JEAN-CLAUDE Dupont", "Dupont"),
        ("DUPONT Jean", "DUPONT"),
        ("IBM Watson", None),
        ("Sung Hi Lee", None),
        ("Low Kim Lee", None),
    ],
)
def test_capitals_and_ends_of_names_tell_only_what_they_tell(raw: str, surname: str | None) -> None:
    """A given name may stand in capitals, and Lee at either end."""
    assert read(raw, Kind.PERSON_NAME)["surname"] == surname


@pytest.mark.parametrize(
    ("raw", "kind", "value", "reason"),
    [
        ("IE0*49289M", Kind.USCC, "IE0*49289M", "EU VAT number"),
        (
            "https://zh.wikipedia.org/wiki/张三_(歌手)",
            Kind.URL,
            "https://zh.wikipedia.org/wiki/张三_(歌手)",
            None,
        ),
        ("http://a.com（旧）", Kind.URL, "http://a.com", "note removed: 旧; tidied"),
        ("邮编518000", Kind.POSTCODE, "518000", "tidied; label removed: 邮编"),
        ("CN-518000", Kind.POSTCODE, "518000", "tidied; label removed: CN"),
        ("- bob@x.com", Kind.EMAIL, "bob@x.com", "tidied"),
        ("1. bob@x.com", Kind.EMAIL, "bob@x.com", "note removed: 1"),
        ("北京-上海高速", Kind.ADDRESS, "北京-上海高速", None),
        ("100元/200元", Kind.AMOUNT, "100元/200元", "several values"),
        ("100元/200美元", Kind.AMOUNT, "100元/200美元", "several currencies"),
    ],
)
def test_what_is_certain_is_read(raw: str, kind: Kind, value: str, reason: str | None) -> None:
    """And told by its name, in a column and alone."""
    row = read(raw, kind)
    assert (row["value"], row["reason"]) == (value, reason)
    alone = RecordCleaner.of(pl.DataFrame({"f": [raw]}), {"f": kind}).fields["f"].clean(raw)
    assert alone["value"] == value


def test_a_name_between_two_telephones_hides_neither() -> None:
    """The landline is of China because the mobile beside it is."""
    row = read("021-62340001 李四 13916702859", Kind.PHONE)
    assert (row["all"], row["note"]) == (["+862162340001", "+8613916702859"], "李四")


def test_years_that_pandas_wrote_as_decimals_are_years() -> None:
    """1985.0 under a header of years was taken for a date, and then refused."""
    assert read("1985.0", Kind.DATE)["value"] == "1985"


def test_nothing_is_zero_and_costs_no_column_its_short_path() -> None:
    """0.00 is written in full; a record is read as its column."""
    column = pl.DataFrame({"sum": ["0.00", "12.50", "3.00"]})
    cleaner = RecordCleaner.of(column, {"sum": Kind.AMOUNT})
    assert cleaner.fields["sum"].short
    assert cleaner.fields["sum"].clean("0.00")["value"] == "0.00"


def test_months_are_named_in_many_tongues() -> None:
    """In a column of their own as within a date."""
    assert [month_of(name) for name in ("März", "enero", "Sept.", "十二月", "Mayor")] == [
        3, 1, 9, 12, 0,
    ]  # fmt: skip
