"""Other projects' own test cases, run against ours; each floor is what was measured."""

import csv
import re
from pathlib import Path

import polars as pl
import pytest

from cleansing import id_card, phone, uscc

SUITES = Path(__file__).parents[3] / "shared" / "data" / "suites"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SUITES.exists(), reason="no ../shared/data here"),
]

Case = dict[str, str]


def cases(name: str) -> list[Case]:
    with (SUITES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def stdnum(module: str) -> list[Case]:
    """Validity cases of one stdnum module, without the rows that were cut wrongly out of docs."""
    return [
        case
        for case in cases("stdnum_cn_tw_hk_lei_eu.csv")
        if case["module"] == module
        and case["function"] in ("validate", "is_valid")
        and "='" not in case["input"] + case["expected"]
    ]


def agrees(case: Case, value: str | None) -> bool:
    """Tell whether a clean value is what stdnum expects: none, any, or exactly this one."""
    expected = case["expected"]
    if expected == "False" or expected.startswith("Invalid"):
        return value is None
    return value is not None and (expected == "True" or value == expected.strip("'"))


@pytest.mark.parametrize(
    ("module", "floor"),
    [
        ("cn_uscc", 1.0),
        ("tw_ubn", 1.0),
        ("lei", 1.0),
        # The other 85 rows expect True where stdnum 2.2 itself finds no number of that land.
        ("eu_vat", 672 / 757),
    ],
)
def test_organisation_numbers_agree_with_stdnum(module: str, floor: float) -> None:
    """Numbers that stdnum proves are valid, and those it refuses are not."""
    rows = stdnum(module)
    values = [uscc.clean(pl.Series([row["input"]]))["value"].item() for row in rows]
    passed = sum(agrees(row, value) for row, value in zip(rows, values, strict=True))
    assert passed / len(rows) >= floor


def test_what_is_refused_of_european_numbers_stdnum_refuses_too() -> None:
    """No number is lost that the library proves; 56 check digits are wrong, 29 have no form."""
    from stdnum.eu import vat

    rows = [row for row in stdnum("eu_vat") if row["expected"] == "True"]
    cleaned = [uscc.clean(pl.Series([row["input"]])).row(0, named=True) for row in rows]
    refused = [
        (row["input"], one) for row, one in zip(rows, cleaned, strict=True) if not one["value"]
    ]
    assert len(refused) <= 85
    assert not [number for number, _ in refused if vat.is_valid(number)]
    assert not [one["reason"] for _, one in refused if "not 18" in one["reason"]]


def test_resident_numbers_agree_with_stdnum() -> None:
    """Resident numbers are judged as stdnum judges them, birth dates included."""
    for case in stdnum("cn_ric"):
        cleaned = id_card.clean(pl.Series([case["input"]])).row(0, named=True)
        assert agrees(case, cleaned["value"]), case
    births = [c for c in cases("stdnum_cn_tw_hk_lei_eu.csv") if c["function"] == "get_birth_date"]
    for case in births:
        birth = id_card.clean(pl.Series([case["input"]]))["birth"].item()
        assert [int(n) for n in birth.split("-")] == [
            int(n) for n in re.findall(r"\d+", case["expected"])
        ]


def test_every_example_number_of_libphonenumber_is_read() -> None:
    """Each region's example numbers keep every digit, and nearly all are verified."""
    numbers = [
        f"+{c['country_code']}{c['national_number']}" for c in cases("libphonenumber_examples.csv")
    ]
    cleaned = phone.clean(pl.Series(numbers))
    assert cleaned["key"].to_list() == numbers
    assert cleaned["reason"].null_count() / len(numbers) >= 0.997


def test_types_agree_with_libphonenumber() -> None:
    """Mobiles, landlines and toll-free numbers are told apart.

    Kept on purpose: North American numbers do not show whether they are mobile (`other`).
    """
    rows = cases("libphonenumber_examples.csv")
    numbers = [f"+{c['country_code']}{c['national_number']}" for c in rows]
    names = {"mobile": "mobile", "fixedLine": "landline", "tollFree": "tollfree"}
    types = phone.clean(pl.Series(numbers))["type"].to_list()
    same = sum(names.get(c["type"], "other") == t for c, t in zip(rows, types, strict=True))
    assert same / len(rows) >= 0.97
