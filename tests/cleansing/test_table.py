"""A whole table, its columns cleaned each by its kind."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cleansing import clean_table, clean_values, parts, table
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from tests.examples import examples

HERE = (
    Kind.PHONE,
    Kind.EMAIL,
    Kind.POSTCODE,
    Kind.REGION,
    Kind.USCC,
    Kind.ID_CARD,
    Kind.DATE,
    Kind.AMOUNT,
    Kind.CODE,
    Kind.URL,
    Kind.TEXT,
    Kind.KEY,
)


def test_each_field_is_followed_by_its_raw_value_reason_and_parts() -> None:
    """The columns are FIELD, FIELD.raw, FIELD.reason and the parts; others pass through."""
    table = pl.DataFrame({"n": [1, 2], "mail": ["A@b.cn", "x"], "note": ["q", None]})
    clean = clean_table(table, {"mail": Kind.EMAIL})
    assert clean.columns == [
        "n",
        "mail",
        "mail.raw",
        "mail.reason",
        "mail.key",
        "mail.all",
        "mail.domain",
        "mail.role",
        "note",
    ]
    assert clean["mail"].to_list() == ["a@b.cn", None]
    assert clean["mail.raw"].to_list() == ["A@b.cn", "x"]


def test_rows_keep_their_order_and_repeated_values_agree() -> None:
    """A value is cleaned once, and stands again in each of its rows."""
    raw = ["2024/1/2", None, "2023/5/6", "2024/1/2", ""]
    cleaned = clean_values(pl.Series(raw), Kind.DATE)
    assert cleaned["value"].to_list() == ["2024-01-02", None, "2023-05-06", "2024-01-02", None]


@pytest.mark.parametrize("nothing", ["N/A", "无", "-", "null", "暂无"])
def test_a_typed_nothing_is_missing_not_invalid(nothing: str) -> None:
    """A cell that says there is nothing has no value, and is no mistake either."""
    row = clean_values(pl.Series([nothing]), Kind.PHONE).row(0, named=True)
    assert (row["value"], row["key"], row["reason"]) == (None, None, "missing")


NOTHINGS = [*"-—_/\\.·*#xX×无空\x1f\u3164", "??", "n/a", "NA", "#N/A", "None", "NULL", "nil", "NaN"]
NOTHINGS += ["暂无", "不详", "未知", "没有", "待补充", "待定", "未填", "未提供", "不明", "暂缺"]
NOTHINGS += ["Unknown", "N.A.", "(null)", "<NULL>", "[empty]", "not available", "TBD", "tba", "nan"]
NOTHINGS += ["undefined", "Blank", "No data"]


@pytest.mark.parametrize("nothing", NOTHINGS)
@pytest.mark.parametrize("begin", ["", " ", "\u200b"])
def test_no_typed_nothing_is_taken_for_something(begin: str, nothing: str) -> None:
    """However it is typed: what cleaning passes by at a glance is none of them."""
    row = clean_values(pl.Series([begin + nothing, "7"]), Kind.KEY).row(0, named=True)
    assert (row["value"], row["reason"]) == (None, "missing")


@pytest.mark.parametrize("name", ["Na", "Nan", "Tab", "Uno", "Noel", "Notting", "Empton", "无忌"])
def test_a_name_that_looks_like_nothing_is_one(name: str) -> None:
    """Na is a given name of millions (娜), Nan one of Europeans; programs write NA and nan."""
    row = clean_values(pl.Series([name]), Kind.PERSON_NAME).row(0, named=True)
    assert row["value"] == name


@pytest.mark.parametrize("kind", list(Kind))
def test_slices_of_a_column_are_cleaned_as_the_whole(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a column is witness to is known in each of its slices."""
    typed = ["13/05/2021", "1.234,5", "1234,50", "1234", "01234", "0571-8888 6666", "20 7946 0958"]
    typed += ["+44 20 7946 0018", "张三", "王小明 Wang Xiaoming", "O'Brien, Mary", "a@b.cn", "N/A"]
    typed += ["北京市朝阳区建国路1号", "12 High Street, Leeds", "上海XX有限公司", "无"]
    whole_column = pl.Series([*typed, "91110000600037341L", None])
    whole = clean_values(whole_column, kind)
    monkeypatch.setattr(table, "AT_ONCE", 2)
    assert_frame_equal(clean_values(whole_column, kind), whole)


def test_a_field_that_is_not_there_is_refused_with_a_hint() -> None:
    """A misspelt field ends in one line that names the columns there are."""
    with pytest.raises(SpecError, match="no such column: tel — the table has phone"):
        clean_table(pl.DataFrame({"phone": ["1"]}), {"tel": Kind.PHONE})


def test_an_empty_table_stays_empty() -> None:
    """No rows in, no rows out, with every column of the kinds."""
    table = pl.DataFrame({kind.value: pl.Series([], dtype=pl.String) for kind in HERE})
    clean = clean_table(table, {kind.value: kind for kind in HERE})
    assert clean.height == 0
    assert all(f"{kind}.{name}" in clean.columns for kind in HERE for name in parts(kind))


TYPED = st.text(
    st.one_of(
        st.sampled_from("0123456789０１２-+./:：@＠ ()（）,，年月日元万转xE#%\n\u200b男"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=25,
)


@pytest.mark.parametrize("kind", HERE)
@settings(max_examples=examples(20), deadline=None)
@given(values=st.lists(st.none() | TYPED, max_size=6))
def test_whatever_is_typed_comes_out_in_the_shape_of_its_kind(
    kind: Kind, values: list[str | None]
) -> None:
    """Any text gives one row a value, with the declared columns; nothing null is without cause."""
    cleaned = clean_values(pl.Series(values, dtype=pl.String), kind)
    assert cleaned.height == len(values)
    assert dict(cleaned.schema) == {"value": pl.String, "reason": pl.String, **parts(kind)}
    for raw, row in zip(values, cleaned.iter_rows(named=True), strict=True):
        if raw is not None and row["value"] is None and raw.strip():
            assert row["reason"] is not None
        if row["value"] is not None and row["value"] != raw:
            assert row["reason"] is not None


@pytest.mark.parametrize("kind", HERE)
@settings(max_examples=examples(20), deadline=None)
@given(value=TYPED)
def test_a_clean_value_is_left_alone(kind: Kind, value: str) -> None:
    """Cleaning a clean value changes neither the value nor its key."""
    once = clean_values(pl.Series([value], dtype=pl.String), kind).row(0, named=True)
    if once["value"] is None:
        return
    again = clean_values(pl.Series([once["value"]], dtype=pl.String), kind).row(0, named=True)
    assert (again["value"], again["key"]) == (once["value"], once["key"])
