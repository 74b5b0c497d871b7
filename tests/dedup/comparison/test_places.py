"""House numbers, stores, regions and coordinates are evidence of a place, not of an identity."""

from pathlib import Path

import polars as pl
import pytest

from cleansing import clean_table, infer_kinds
from cleansing.distinct import distinct_of
from dedup import resolve
from dedup.comparison.base import Group
from dedup.comparison.places import is_of_place
from dedup.fields.chosen import compare_fields
from guiyi.kinds import Kind

CASES = Path(__file__).parents[4] / "shared" / "data" / "cases" / "matching"
SOME = distinct_of(pl.Series(["12", "14", "7"]))
DEGREES = distinct_of(pl.Series(["41.87811", "-87.62979", "40.71278"]))


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("house_number", Kind.CODE),
        ("HouseNo", Kind.CODE),
        ("hno", Kind.CODE),
        ("apt", Kind.TEXT),
        ("unit no", Kind.CODE),
        ("门牌号", Kind.CODE),
        ("房号", Kind.CODE),
        ("store", Kind.CODE),
        ("Store ID", Kind.CODE),
        ("门店", Kind.TEXT),
        ("territory", Kind.CODE),
        ("region code", Kind.CODE),
        ("lat", Kind.AMOUNT),
        ("home_lng", Kind.AMOUNT),
        ("Latitude", Kind.AMOUNT),
        ("经度", Kind.AMOUNT),
        ("gps coordinates", Kind.TEXT),
    ],
)
def test_a_header_of_a_place_makes_it_one(header: str, kind: Kind) -> None:
    """Whatever kind the values were taken for that says nothing of what they are about."""
    assert is_of_place(header, kind, SOME)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("customer_no", Kind.CODE),
        ("income", Kind.AMOUNT),
        ("long description", Kind.TEXT),
        ("business unit", Kind.CODE),
        ("latest order", Kind.AMOUNT),
        ("store_phone", Kind.PHONE),
        ("household_id", Kind.CODE),
        ("membership", Kind.CODE),
        ("placement", Kind.TEXT),
    ],
)
def test_other_columns_stay_what_they_are(header: str, kind: Kind) -> None:
    """Numbers of customers, sums and kinds that say what they are about are no places."""
    assert not is_of_place(header, kind, SOME)


def test_precise_degrees_are_coordinates_without_a_header() -> None:
    """Numbers with four decimals, none above 180, are no amounts of money."""
    assert is_of_place("Column7", Kind.AMOUNT, DEGREES)
    assert not is_of_place("Column7", Kind.AMOUNT, distinct_of(pl.Series(["41.87", "12.50"])))
    assert not is_of_place("Column7", Kind.AMOUNT, distinct_of(pl.Series(["4187.8113"] * 3)))


def test_such_a_column_is_compared_as_a_place() -> None:
    """The kind says identifier or nothing; the comparison says place."""
    table = pl.DataFrame(
        {
            "name": ["Ann Smith", "Bob Jones", "Eve White"] * 9,
            "house_no": [str(n % 7 + 1) for n in range(27)],
            "lat": [f"41.{n % 5}0{n % 3}19" for n in range(27)],
            "card_no": [f"C{n % 11}77" for n in range(27)],
        }
    )
    kinds = {
        "name": Kind.PERSON_NAME,
        "house_no": Kind.CODE,
        "lat": Kind.AMOUNT,
        "card_no": Kind.CODE,
    }
    made, _ = compare_fields(clean_table(table, kinds), kinds)
    groups = {c.name: c.group for c in made}
    assert groups["house_no"] is groups["lat"] is Group.PLACE
    assert groups["card_no"] is Group.IDENTIFIER


@pytest.mark.shared
@pytest.mark.skipif(not CASES.exists(), reason="no ../shared/data here")
def test_a_column_of_counties_more_changes_hardly_a_cluster() -> None:
    """The same people with and without `county` make the same number of clusters, within 1 %."""
    found = []
    for file in ("01_same_without_county.csv", "01_county_column_flips.csv"):
        table = pl.read_csv(CASES / file, infer_schema=False)
        kinds = {name: guess.kind for name, guess in infer_kinds(table).items()}
        found.append(resolve(clean_table(table, kinds), kinds).clusters["cluster_id"].n_unique())
    assert abs(found[0] - found[1]) <= 0.01 * found[0]
