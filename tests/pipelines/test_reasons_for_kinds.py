"""Why a column is taken for what it is, as `guiyi profile` and `guiyi dedupe` say it in Chinese."""

import re

import polars as pl
import pytest

from cleansing import infer_kind, infer_kinds
from guiyi.messages import localised


def _zh(sentence: str) -> str:
    return localised(sentence, "zh")


@pytest.mark.parametrize(
    ("header", "values", "chinese"),
    [
        ("telephone", [f"0617 2 38{n:03}" for n in range(40)], "列名已写明类型，且 100%的值"),
        ("birth date", [str(1950 + n) for n in range(40)], "100%可能是年份"),
        ("hire date", [str(41_000 + 7 * n) for n in range(40)], "100%可能是日期序列号"),
        ("行业", ["软件和信息技术服务业", "房地产业", "批发业", "零售业"] * 10, "GB/T 4754"),
        ("医保", [f"Q{n % 30:07}" for n in range(40)], "个人号码"),
    ],
)
def test_reasons_for_kinds_are_said__zh(header: str, values: list[str], chinese: str) -> None:
    """With the shares they name, as `guiyi profile` and `guiyi dedupe` print them."""
    from cleansing.column_sample import take_sample
    from cleansing.distinct import distinct_of
    from cleansing.signs import declared, signs

    sample = take_sample(distinct_of(pl.Series(values)), header)
    told = [_zh(sign(sample)[1]) for sign in signs().values()]
    told += [_zh(declared(kind, sample)[1]) for kind in signs()]
    assert any(chinese in reason for reason in told), told
    assert not re.search("[a-z]{4}", _zh(infer_kind(pl.Series(values), header).why))


def test_a_part_of_a_date_is_said__zh() -> None:
    """Columns of a year, a month and a day name each other."""
    table = pl.DataFrame(
        {
            "birth_year": [str(1950 + n) for n in range(40)],
            "birth_month": [str(n % 12 + 1) for n in range(40)],
            "birth_day": [str(n % 28 + 1) for n in range(40)],
        }
    )
    told = _zh(infer_kinds(table)["birth_month"].why)
    assert told == "日期的一部分，日期分列存放：birth_year + birth_month + birth_day"
