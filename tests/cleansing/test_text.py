"""The same word typed in many ways becomes one."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleansing import clean_values, text
from guiyi.kinds import Kind

TIDIED = [
    ("ＡＢＣ１２３", "ABC123"),
    ("ｶﾞｸ", "ガク"),
    ("ﬁne", "fine"),
    ("上\u200b海\ufeff", "上海"),
    ("  a\u3000\n b\t", "a b"),
    ("e\u0301", "é"),
    ("①㎡½™", "①㎡½™"),
    ("（上海）", "(上海)"),
]


@pytest.mark.parametrize(("raw", "tidy"), TIDIED)
def test_a_column_and_a_single_value_are_tidied_alike(raw: str, tidy: str) -> None:
    """One table serves expressions and plain text."""
    assert text.tidy(raw) == tidy
    assert pl.DataFrame({"raw": [raw]}).select(text.tidy(pl.col("raw"))).item() == tidy


def test_prose_keeps_its_full_width_marks_on_request() -> None:
    """，！？ belong to Chinese prose (GB/T 15834)."""
    assert text.tidy("你好，Ａ！", punctuation=False) == "你好，A！"


def test_keys_are_in_simplified_script_character_by_character() -> None:
    """台 is 臺 for comparison; 乾 and 昇 are standard on both sides."""
    assert text.simplify(pl.Series(["臺灣積體電路", "乾昇", None])).to_list() == [
        "台湾积体电路",
        "乾昇",
        None,
    ]
    assert text.simplify_text("臺灣") == "台湾"


def test_every_change_has_its_reason() -> None:
    """Codes are joined in the order of the work; a placeholder is no value."""
    told = text.tidy_with_reasons(pl.Series(["Ａ\u200b  b", "ok", "暂无", "", None]))
    assert told["value"].to_list() == ["A b", "ok", None, None, None]
    assert told["reason"].to_list() == [
        "invisible removed; width folded; spaces squeezed",
        None,
        "invalid: placeholder",
        None,
        None,
    ]


@given(st.text())
def test_tidying_twice_changes_nothing_more(raw: str) -> None:
    """A clean value is a fixed point."""
    assert text.tidy(text.tidy(raw)) == text.tidy(raw)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("علی\u200cرضا \u200cاحمدی\u200c", "علی\u200cرضا احمدی"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("👩\U0001f3fd\u200d⚕\ufe0f", "👩\U0001f3fd\u200d⚕"),
        ("张\u200d三", "张三"),
        ("a\u200cb\u200d", "ab"),
        ("\u200d\u200c", ""),
        ("٣\u200c٤", "٣٤"),
    ],
)
def test_joiners_stay_where_they_spell(raw: str, shown: str) -> None:
    """Between letters of Persian and Hindi, and in emoji; nowhere else. No key has them."""
    assert text.strip_invisible(raw) == shown
    assert pl.DataFrame({"x": [raw]}).select(text.strip_invisible(pl.col("x"))).item() == shown
    for kind in (Kind.TEXT, Kind.CODE, Kind.PERSON_NAME, Kind.COMPANY_NAME, Kind.ADDRESS):
        key = clean_values(pl.Series([raw]), kind)["key"][0] or ""
        assert "\u200c" not in key
        assert "\u200d" not in key
