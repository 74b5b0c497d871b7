"""Where someone typed that there is nothing, two records agree in nothing."""

import polars as pl
import pytest

from cleansing import RecordCleaner, clean_table
from dedup import Index, compare_values, resolve
from dedup.fields.chosen import compare_fields
from guiyi.kinds import Kind
from guiyi.spec import MatchSpec

NOTHINGS = (
    "N/A",
    "n/a",
    "NULL",
    "none",
    "-",
    "无",
    "不详",
    "unknown",
    "未知",
    "Not available",
    "—",
)
SOMETHING = {
    Kind.CODE: ["A1", "B2", "C3"],
    Kind.TEXT: ["red shoes", "a blue hat", "green gloves"],
    Kind.PERSON_NAME: ["Ann Lee", "Bob Ray", "Cat Moe"],
    Kind.COMPANY_NAME: ["Acme Inc", "Foo GmbH", "Bar Ltd"],
    Kind.PHONE: ["13800138001", "13800138002", "13900138003"],
    Kind.EMAIL: ["a@b.cn", "c@d.cn", "e@f.cn"],
    Kind.ADDRESS: ["1 Oak Street", "22 Mill Road", "3 Hill Lane"],
    Kind.REGION: ["Ohio", "Texas", "Utah"],
    Kind.DATE: ["2001-02-03", "2002-03-04", "2003-04-05"],
    Kind.POSTCODE: ["43215", "44101", "45202"],
    Kind.URL: ["a.example.com", "b.example.com", "c.example.com"],
    Kind.ID_CARD: ["11010519491231002X", "440524188001010014", "110101199003070118"],
    Kind.USCC: ["91110000600037341L", "91310000132243894J", "91440300708461136T"],
    Kind.AMOUNT: ["10.5", "20", "30"],
}


@pytest.mark.parametrize("kind", list(SOMETHING))
def test_typed_nothings_are_missing_in_every_kind(kind: Kind) -> None:
    """No code stands for N/A, whatever the column holds."""
    values = [*SOMETHING[kind], *SOMETHING[kind], *NOTHINGS]
    clean = clean_table(pl.DataFrame({"f": values}), {"f": kind})
    comparisons, notes = compare_fields(clean, {"f": kind})
    assert comparisons, notes
    for comparison in comparisons:
        missing = comparison.column.codes < 0
        assert missing[6:].all()
        assert not missing[:6].all()


def test_records_that_agree_in_nothings_alone_do_not_merge() -> None:
    """Forty people, each with N/A or 无 in two columns: nobody merges for it."""
    people = pl.DataFrame(
        {
            "name": [f"{a} {b}" for a in ("Ann", "Bob", "Cat", "Dan") for b in "KLMNOPQRST"],
            "note": ["N/A", "无", "vip", "left"] * 10,
            "code": ["n/a", "none", "k1", "k2"] * 10,
        }
    )
    kinds = {"name": Kind.PERSON_NAME, "note": Kind.TEXT, "code": Kind.CODE}
    found = resolve(clean_table(people, kinds), kinds)
    assert found.clusters["cluster_id"].n_unique() == 40


def test_nothings_propose_no_pair() -> None:
    """A key that a user gives does not hold where nothing was typed."""
    people = pl.DataFrame(
        {
            "name": [f"{a} {b}" for a in ("Ann", "Bob", "Cat", "Dan") for b in "KLMNOPQRST"],
            "code": [*["N/A"] * 20, *(f"k{n // 2}" for n in range(20))],
        }
    )
    kinds = {"name": Kind.PERSON_NAME, "code": Kind.CODE}
    found = resolve(clean_table(people, kinds), kinds, MatchSpec(blocking=(("code",),)))
    assert found.model["blocking"]["pairs"] == 10


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.CODE, Kind.PHONE, Kind.PERSON_NAME])
def test_two_nothings_are_no_match_as_values(kind: Kind) -> None:
    """`guiyi compare` took N/A and N/A for one value at .9."""
    left = pl.Series(["N/A", "无", "-"])
    found = compare_values(left, pl.Series(["N/A", "不详", "n/a"]), kind)
    assert found["verdict"].to_list() == ["non-match"] * 3


def test_a_lookup_sees_no_more_in_nothings_than_the_batch() -> None:
    """A note N/A is missing in the record as in the batch: it gives no reason."""
    rows = pl.DataFrame(
        {
            "name": [f"{a} {b}" for a in ("Ann", "Bob", "Cat", "Dan") for b in "KLMNOPQRST"],
            "note": ["N/A", "gold member", "vip", "left town"] * 10,
        }
    )
    kinds = {"name": Kind.PERSON_NAME, "note": Kind.TEXT}
    clean = clean_table(rows, kinds)
    index = Index.build(clean, kinds)
    record = RecordCleaner.of(clean, kinds).clean({"name": "Ann K", "note": "N/A"})
    (best, *_) = index.find(record)
    assert best.row == 0
    assert not [why for why in best.reasons if why.field == "note"]
