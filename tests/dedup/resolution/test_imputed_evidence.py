"""An imputed value is no evidence: neither when records are matched nor when they are linked."""

import polars as pl

from cleansing import clean_table
from cleansing.imputation import impute
from dedup import link, resolve
from guiyi.spec import EntitySpec

PEOPLE = EntitySpec.model_validate(
    {
        "fields": {
            "name": "person_name",
            "company": {"kind": "company_name", "impute": "inferred"},
            "mail": "email",
        }
    }
)


def records() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sixty people of six firms, every third without a company; clean, and filled in."""
    firms = ["华腾科技", "海天贸易", "远大机械", "明辉电子", "长江物流", "金桥咨询"]
    raw = pl.DataFrame(
        {
            "name": [f"{'王李张刘陈杨'[n % 6]}{'伟芳娜敏静丽强磊军洋'[n // 6]}" for n in range(60)],
            "company": [None if n % 3 == 0 else f"深圳{firms[n % 6]}有限公司" for n in range(60)],
            "mail": [f"p{n}@firm{n % 6}.cn" for n in range(60)],
        }
    )
    raw = raw.with_columns(
        company=pl.when(pl.int_range(pl.len()) % 7 == 0).then(None).otherwise("company")
    )
    clean = clean_table(raw, PEOPLE.kinds)
    return clean, impute(clean, PEOPLE.kinds, PEOPLE.imputations)


def test_matching_sees_only_what_sources_gave() -> None:
    """Pairs, weights and clusters are those of the table without the imputed values."""
    clean, filled = records()
    assert filled["company.imputed"].sum() > 0
    before = resolve(clean, PEOPLE.kinds)
    after = resolve(filled, PEOPLE.kinds)
    assert after.pairs.equals(before.pairs)
    assert after.clusters.equals(before.clusters)


def test_linking_sees_only_what_sources_gave() -> None:
    """The same between two tables."""
    clean, filled = records()
    before = link(clean.head(30), clean.tail(30), PEOPLE.kinds)
    after = link(filled.head(30), filled.tail(30), PEOPLE.kinds)
    assert after.pairs.equals(before.pairs)
