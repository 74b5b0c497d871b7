"""ZIP codes that a spreadsheet took for numbers get their zeros back by the state beside them."""

import polars as pl
import pytest

from cleansing import clean_table, clean_values
from cleansing.record import RecordCleaner
from guiyi.kinds import Kind

ILLINOIS = ["60610", "60611", "60612", "60613", "60614"]


def beside(field: str, kind: Kind, codes: list[str], places: list[str]) -> pl.DataFrame:
    table = pl.DataFrame({"zip": codes, field: places})
    return clean_table(table, {"zip": Kind.POSTCODE, field: kind})


@pytest.mark.parametrize(
    ("code", "state", "value", "key", "reason"),
    [
        ("2139", "MA", "02139", "02139", "leading zero restored"),
        ("2139", "ma", "02139", "02139", "leading zero restored"),
        ("2139", "Massachusetts", "02139", "02139", "leading zero restored"),
        ("2139.0", "MA", "02139", "02139", "leading zero restored"),
        ("2139-1234", "MA", "02139-1234", "02139", "leading zero restored"),
        ("501", "NY", "00501", "00501", "leading zero restored"),
        ("901", "PR", "00901", "00901", "leading zero restored"),
        ("7030", "NJ", "07030", "07030", "leading zero restored"),
        ("2139", "CA", "2139", "2139", "unsure: no ZIP code 02139 in CA"),
        ("213", "MA", "213", "213", "unsure: no ZIP code 00213 in MA"),
        ("02139", "MA", "02139", "02139", None),
        ("02139", "CA", "02139", "02139", None),
    ],
)
def test_a_state_tells_whether_zeros_were_lost(
    code: str, state: str, value: str, key: str, reason: str | None
) -> None:
    """Only a state whose codes begin so gives a zero back."""
    cleaned = beside("state", Kind.REGION, [code, *ILLINOIS], [state, *["IL"] * 5])
    row = cleaned.select("zip", "zip.key", "zip.reason").row(0)
    assert row == (value, key, reason)


def test_a_file_from_one_state_gets_all_its_zeros_back() -> None:
    """No code has five digits any more, and the state says what they were."""
    cleaned = beside("state", Kind.REGION, ["2139", "2140", "1001"], ["MA", "MA", "MA"])
    assert cleaned["zip"].to_list() == ["02139", "02140", "01001"]


def test_an_address_names_the_state() -> None:
    """The state may stand in the address."""
    cleaned = beside(
        "address", Kind.ADDRESS, ["2139", *ILLINOIS], ["5 Elm St, Cambridge, MA", *["1 Oak St"] * 5]
    )
    assert cleaned["zip"][0] == "02139"


def test_a_country_of_four_digits_keeps_them() -> None:
    """2134 is in Sydney, whatever the other rows are."""
    cleaned = beside("country", Kind.REGION, ["2134", *ILLINOIS], ["Australia", *["USA"] * 5])
    assert cleaned.select("zip", "zip.key", "zip.reason").row(0) == ("2134", "2134", None)


@pytest.mark.parametrize(
    ("code", "others", "value", "reason"),
    [
        ("2139", ["60610", "100", "K1A 0B1", "1010"], "2139", "unsure: leading zeros lost?"),
        ("501", ILLINOIS, "501", "unsure: leading zeros lost?"),
        ("2139", ILLINOIS, "02139", "leading zero restored"),
        ("2139", ["1010", "8001"], "2139", None),
        ("153-0063", ILLINOIS, "153-0063", None),
    ],
)
def test_without_a_state_only_the_column_tells(
    code: str, others: list[str], value: str, reason: str | None
) -> None:
    """Where most codes have five digits, one of four lost a zero; of three, nobody knows."""
    column = pl.Series([code, *others])
    row = clean_values(column, Kind.POSTCODE).row(0, named=True)
    assert (row["value"], row["reason"]) == (value, reason)
    one = RecordCleaner.of(column.to_frame("zip"), {"zip": Kind.POSTCODE}).clean({"zip": code})
    assert (one["zip"], one["zip.reason"]) == (value, reason)
