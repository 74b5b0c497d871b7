"""Firms that are called alike: what their names tell, and when their contacts tell more."""

import numpy as np
import polars as pl
import pytest

from benchmarks.companies import customers
from cleansing import clean_table
from dedup import resolve
from dedup.comparison.levels import unpack
from dedup.fields.chosen import compare_fields
from dedup.fields.roles import Roles
from dedup.model.initial_mixture import start
from dedup.scoring.bounds import _sisters
from dedup.scoring.scorer import Scorer
from guiyi.kinds import Kind

KINDS = {"name": Kind.COMPANY_NAME, "phone": Kind.PHONE, "address": Kind.ADDRESS}
SOUND = "brand written otherwise, sounds the same"
IN_PART = "same brand, region or trade told in part"
BRANCH = "branch against parent or another branch"


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("常州源龙物流有限公司", "源隆（常州）物流有限公司", SOUND),
        ("常州源龙物流有限公司", "源隆物流", SOUND),
        ("重庆悦铭光电有限公司", "重庆悦铭国际贸易有限公司", "same brand, other trade"),
        ("重庆悦铭科技有限公司", "重庆悦铭电子科技有限公司", "same brand, other trade"),
        ("重庆悦铭科技", "重庆悦铭电子科技有限公司", IN_PART),
        ("重庆悦铭实业有限公司", "重庆悦铭实业投资有限公司", IN_PART),
        ("重庆悦铭光电有限公司", "悦铭光电有限公司", IN_PART),
        ("西藏矿业发展股份有限公司", "西藏发展股份有限公司", "few words shared"),
        ("重庆悦铭光电有限公司", "悦铭", "short name and full name"),
        ("重庆悦铭光电有限公司", "重庆悦铭光电有限公司北京分公司", BRANCH),
        ("Ravenscroft Optics Ltd.", "Ravenscroft Tools Ltd.", "few words shared"),
        ("Ravenscroft Optics Ltd.", "Ravenscroft Optics Trading", "short name and full name"),
    ],
)  # fmt: skip
def test_what_two_names_tell(left: str, right: str, level: str) -> None:
    """A brand by its sound, a trade by what is part of what, a name in full by its legal form."""
    clean = clean_table(pl.DataFrame({"name": [left, right]}), {"name": Kind.COMPANY_NAME})
    (comparison,), _ = compare_fields(clean, {"name": Kind.COMPANY_NAME})
    found = Scorer([comparison], 2).compare(*np.array([[0], [1]], np.uint32))
    assert comparison.labels[int(found[0])] == level


@pytest.fixture(scope="module")
def sheet() -> pl.DataFrame:
    """Firms of many names, with their phones and addresses."""
    table = customers(600, 17)
    return table.select(name="公司名称", phone="电话", address="地址")


def _together(sheet: pl.DataFrame, *rows: tuple[str, str, str]) -> bool:
    """Whether rows put under the sheet become one firm."""
    more = pl.DataFrame(rows, schema=list(KINDS), orient="row")
    clusters = resolve(clean_table(pl.concat([sheet, more]), KINDS), KINDS).clusters
    return clusters["cluster_id"].tail(len(rows)).n_unique() == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("常州源龙物流有限公司", "常州源隆物流有限公司"),
        ("重庆悦铭光电有限公司", "重庆悦铭国际贸易有限公司"),
        ("上海信众新能源有限公司", "欣众（上海）新能源有限公司"),
    ],
)
def test_like_named_firms_with_other_contacts_stay_apart(
    sheet: pl.DataFrame, left: str, right: str
) -> None:
    """A homophone, or another trade: two firms when telephone and address differ."""
    first = (left, "13805191797", "常州市青年路762号")
    second = (right, "13905111312", "常州市紫云路1969号")
    assert not _together(sheet, first, second)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("常州源龙物流有限公司", "常州源隆物流有限公司"),
        ("上海信众新能源有限公司", "上海欣众新能源有限公司"),
    ],
)
@pytest.mark.parametrize(
    "contacts",
    [
        ("13805191797", "常州市青年路762号"),
        ("13805191797", "常州市紫云路1969号"),
        ("13905111312", "常州市青年路762号"),
    ],
    ids=["both equal", "telephone equal", "address equal"],
)
def test_a_brand_mistyped_is_the_firm_of_its_contacts(
    sheet: pl.DataFrame, left: str, right: str, contacts: tuple[str, str]
) -> None:
    """A homophone typed for the right character: one firm where a telephone or address says so."""
    first = (left, "13805191797", "常州市青年路762号")
    assert _together(sheet, first, (right, *contacts))


FIRM = ("河南华兰化工有限公司", "13805191797", "新乡市华兰大道甲1号")
SHORT = ("华兰化工", "13805191797", "新乡市华兰大道甲1号")


@pytest.mark.parametrize(
    ("first", "other", "sisters"),
    [
        (FIRM, ("河南华兰疫苗有限公司", "13905111312", "新乡市华兰大道甲2号"), True),
        (FIRM, ("河南华兰疫苗有限公司", "13805191797", "新乡市华兰大道甲2号"), True),
        (FIRM, ("河南华兰疫苗有限公司", "13905111312", "新乡市华兰大道甲1号"), True),
        (FIRM, ("河南华兰化工有限公司", "13905111312", "新乡市华兰大道甲2号"), False),
        (SHORT, ("华兰疫苗", "13905111312", "新乡市华兰大道甲2号"), True),
        (SHORT, ("华兰疫苗", "13805191797", "新乡市华兰大道甲2号"), False),
        (SHORT, ("华兰疫苗", "13905111312", "新乡市华兰大道甲1号"), False),
    ],
)
def test_sister_firms_are_for_a_steward(
    first: tuple[str, str, str], other: tuple[str, str, str], sisters: bool
) -> None:
    """Registered names of one brand in other trades are two firms', whatever contacts they share.

    Of short names, which need not be registered, a contact in common says that they are one firm's.
    """
    stranger = (first[0].replace("华兰", "启航"), "13600000001", "厦门市湖滨路5号")
    table = pl.DataFrame([first, other, stranger], schema=list(KINDS), orient="row")
    comparisons, _ = compare_fields(clean_table(table, KINDS), KINDS)
    scorer = Scorer(comparisons, 3)
    roles = Roles.by_group(comparisons, "company", {})
    model = start(comparisons, scorer.chances(), 3, 3, roles)
    found = scorer.compare(*np.array([[0], [1]], np.uint32))
    assert bool(_sisters(comparisons, model, unpack(found, len(comparisons)))[0]) == sisters
