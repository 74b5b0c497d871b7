"""Which head office a branch belongs to, by their names: 招商银行杭州分行 → 招商银行.

A branch's name follows its parent's whole name (企业名称登记管理规定实施办法, 2023, article 13), so
what a name says before its branch is the name of the firm above. A 支行 of a 分行 belongs to the
分行 where that is a customer, too. Where several customers bear the name, none is chosen.
"""

import polars as pl

from guiyi.records import GOLDEN_ID, part

HEAD_OFFICE, CANDIDATES = "head_office", "candidates"
NAME_PARTS = ("key", "branch", "form")
"""The parts of a company's name that tell."""
_UPPER = r"^(.+?(?:分行|分公司|中心支公司|支行|支公司)).{2,}$"


def head_offices(golden: pl.DataFrame, name: str) -> pl.DataFrame:
    """Find the head office of each branch among golden records that has any: golden_id,
    head_office (a golden id; null where several have the name), candidates (how many have it).

    `golden` has golden_id and the parts of its company names, the field `name`.
    """
    own = golden.select(GOLDEN_ID, *(pl.col(part(name, each)).alias(each) for each in NAME_PARTS))
    tail = pl.col("branch").str.normalize("NFKC").str.to_lowercase()
    branches = (
        own.drop_nulls("branch")
        .with_columns(tail=tail.str.replace_all(r"[^\p{L}\p{N}]", ""))
        .filter(pl.col("key").str.ends_with(pl.col("tail")))
        .with_columns(stem=pl.col("key").str.strip_suffix(pl.col("tail")))
    )
    whose = pl.col(GOLDEN_ID).alias("branch_id"), pl.col("form").alias("branch_form")
    upper = branches.select(
        *whose, key=pl.col("stem") + pl.col("tail").str.extract(_UPPER), of_branch=True
    )
    head = branches.select(*whose, key="stem", of_branch=False)
    return (
        pl.concat([upper, head])
        .filter(pl.col("key").str.len_chars() > 1)
        .join(own, on="key", how="inner")
        .filter(
            pl.col("branch").is_not_null() == pl.col("of_branch"),
            pl.col("branch_id") != pl.col(GOLDEN_ID),
            (pl.col("form") == pl.col("branch_form")).fill_null(value=True),
        )
        .group_by("branch_id", "of_branch")
        .agg(pl.col(GOLDEN_ID).min(), pl.len().cast(pl.Int64).alias(CANDIDATES))
        .sort("branch_id", "of_branch", descending=[False, True])  # the nearest above it
        .unique("branch_id", keep="first", maintain_order=True)
        .select(
            pl.col("branch_id").alias(GOLDEN_ID),
            pl.when(pl.col(CANDIDATES) == 1).then(GOLDEN_ID).alias(HEAD_OFFICE),
            CANDIDATES,
        )
    )
