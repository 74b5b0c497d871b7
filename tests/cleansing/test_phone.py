"""Telephone cells as people type them, and what may be dialled and compared."""

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleansing import phone
from tests.examples import examples

CHINESE = [
    # raw, value, type, ext
    ("13800138000", "+8613800138000", "mobile", None),
    ("138 0013 8000", "+8613800138000", "mobile", None),
    ("+86 138-0013-8000", "+8613800138000", "mobile", None),
    ("0086-13800138000", "+8613800138000", "mobile", None),
    ("8613800138000", "+8613800138000", "mobile", None),
    ("013800138000", "+8613800138000", "mobile", None),
    ("１３８００１３８０００", "+8613800138000", "mobile", None),
    ("手机：13800138000", "+8613800138000", "mobile", None),
    ("13800138000（王经理）", "+8613800138000", "mobile", None),
    ("021-61234567", "+862161234567", "landline", None),
    ("(021) 6123 4567", "+862161234567", "landline", None),
    ("+86-(0)21-61234567", "+862161234567", "landline", None),
    ("(86-21) 61234567", "+862161234567", "landline", None),
    ("0755-83765566转8001", "+8675583765566 ext. 8001", "landline", "8001"),
    ("0755-83765566-802", "+8675583765566 ext. 802", "landline", "802"),
    ("0516 5558 5082-8002", "+8651655585082 ext. 8002", "landline", "8002"),
    ("(0516) 5558 5082-8002 张经理", "+8651655585082 ext. 8002", "landline", "8002"),
    ("0755-83765566 x12", "+8675583765566 ext. 12", "landline", "12"),
    ("Tel. 0755-83765566 ext.12", "+8675583765566 ext. 12", "landline", "12"),
    ("传真：021-61234568", "+862161234568", "fax", None),
    ("400-820-8820", "+864008208820", "other", None),
    ("8008101234", "+868008101234", "tollfree", None),
    ("95588", "95588", "other", None),
    ("+852 2123 4567", "+85221234567", "landline", None),
    ("+44 20 7946 0018", "+442079460018", "landline", None),
    ("(852)2123 4567", "+85221234567", "landline", None),
    ("81-3-1234-5678", "+81312345678", "landline", None),
    ("办公：021-61234567", "+862161234567", "landline", None),
]


def test_every_ending_is_of_the_number_before() -> None:
    """010-62345678/79/80 are three numbers; no digit is lost."""
    every = clean_in_china("010-62345678/79/80")["all"]
    assert every == ["+861062345678", "+861062345679", "+861062345680"]


def chinese_column(*values: str) -> pl.Series:
    """Add values to a column that is plainly Chinese."""
    return pl.Series([*values, *(f"1391234{n:04d}" for n in range(100, 140))])


def clean_in_china(value: str) -> dict[str, object]:
    return phone.clean(chinese_column(value)).row(0, named=True)


@pytest.mark.parametrize(("raw", "value", "kind", "ext"), CHINESE)
def test_a_number_is_written_in_e164_with_its_extension(
    raw: str, value: str, kind: str, ext: str | None
) -> None:
    """However it is typed, a number comes out as E.164, typed, its extension apart."""
    cleaned = clean_in_china(raw)
    assert (cleaned["value"], cleaned["type"], cleaned["ext"]) == (value, kind, ext)


@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        ("13800138001,13900139000", ["+8613800138001", "+8613900139000"]),
        ("13800138001/13900139000", ["+8613800138001", "+8613900139000"]),
        ("13800138001 021-61234567", ["+8613800138001", "+862161234567"]),
        ("13800138001或13900139000", ["+8613800138001", "+8613900139000"]),
        ("1380013800113900139000", ["+8613800138001", "+8613900139000"]),
        ("13800138001\n021-61234567", ["+8613800138001", "+862161234567"]),
        ("021-61234567/68", ["+862161234567", "+862161234568"]),
        ("021-61234567/61234569", ["+862161234567", "+862161234569"]),
        ("M: 13800138001 T: 010-62345678", ["+8613800138001", "+861062345678"]),
        ("传真：021-61234568 电话：021-61234567", ["+862161234567", "+862161234568"]),
    ],
)
def test_every_number_of_a_cell_is_kept(raw: str, numbers: list[str]) -> None:
    """Several numbers in a cell are all listed, the first one that is no fax being the value."""
    cleaned = clean_in_china(raw)
    assert cleaned["all"] == numbers
    assert cleaned["key"] == numbers[0]
    assert "first of several" in str(cleaned["reason"])


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("1.38E+10", "damaged: digits lost to scientific notation"),
        ("138O0138000", "invalid: letters among the digits"),
        ("1380013800", "invalid: 10 digits, a mobile has 11"),
        ("11111111111", "invalid: placeholder"),
        ("13800000000", "invalid: placeholder"),
        ("没有电话", "invalid: no digits"),
        ("123", "invalid: too few digits"),
    ],
)
def test_what_cannot_be_dialled_has_no_value_and_says_why(raw: str, reason: str) -> None:
    """A cell without a usable number is null, with the reason."""
    cleaned = clean_in_china(raw)
    assert (cleaned["value"], cleaned["key"], cleaned["reason"]) == (None, None, reason)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("13800138001.0", "decimal .0 removed"),
        ("1.3800138001E+10", "scientific notation undone"),
        ("13,800,138,001", "thousands commas removed"),
    ],
)
def test_a_spreadsheet_s_damage_is_undone_when_every_digit_is_there(raw: str, reason: str) -> None:
    """A number that a spreadsheet reformatted is repaired, and says so."""
    cleaned = clean_in_china(raw)
    assert (cleaned["value"], cleaned["reason"]) == ("+8613800138001", reason)


@pytest.mark.parametrize(
    "raw", ["702-919-1300", "(702) 919-1300", "1-702-919-1300", "7029191300", "702/919-1300"]
)
def test_american_spellings_of_one_number_agree(raw: str) -> None:
    """In an American column each spelling has the same key; whose it is, a +1 has to say."""
    column = pl.Series([raw, "312-555-0123", "847-245-6715", "(415) 392-1211"])
    known = pl.concat([column, pl.Series(["+1 212 555 0123"])])
    assert phone.clean(known)["key"][0] == "+17029191300"
    alone = phone.clean(column).row(0, named=True)
    assert alone["key"].removeprefix("+1") == "7029191300"
    assert alone["key"].startswith("+") == raw.startswith("1-")


def test_a_local_number_is_kept_though_nobody_can_say_whose_it_is() -> None:
    """Seven digits without an area code are shown tidily and compared by digits."""
    cleaned = phone.clean(pl.Series(["919-1300", "386-5286"])).row(0, named=True)
    assert (cleaned["value"], cleaned["key"], cleaned["reason"]) == (
        "919-1300",
        "9191300",
        "country unknown",
    )


def test_the_column_decides_whose_number_it_is() -> None:
    """A trunk 0 means Taipei in a Taiwanese column and nothing in a Chinese one."""
    taiwan = pl.Series(["02-2531-7099", "(02)2733-8000", "+886 912345678", "04-23581000"])
    assert phone.clean(taiwan)["key"][0] == "+886225317099"
    assert phone.clean(chinese_column("021-61234567"))["key"][0] == "+862161234567"


@pytest.mark.parametrize(
    "column",
    [
        ["(02) 2555-1234"],
        ["(02) 2555-1234", "(04) 9999-0000", "(09) 1234-5678"],
        ["(02) 2555-1234", "(02) 1555-1234", "(02) 0555-1234 分機 12"],
    ],
)
def test_a_taiwanese_number_is_never_a_german_one(column: list[str]) -> None:
    """A country that allows nearly any form must explain a whole column before it is believed."""
    keys = phone.clean(pl.Series(column))["key"].drop_nulls()
    assert not keys.str.contains(r"^\+(?:39|34|49|91)").any()


def test_a_german_column_is_german() -> None:
    """Where a fifth of the numbers begin with +49; their form alone proves nothing."""
    column = pl.Series([f"0221 97310{n}" for n in range(100, 120)])
    assert not phone.clean(column)["key"].str.starts_with("+").any()
    more = pl.concat([column, pl.Series([f"+49 30 97310{n}" for n in range(105)[100:]])])
    assert phone.clean(more)["key"].str.contains(r"^\+49(221|30)").all()


IN_ONE_CELL = [
    # raw, all, ext, note
    ("0755-83765566 138-0013-8001", ["+8675583765566", "+8613800138001"], None, None),
    ("021-6123-4567 13900139001", ["+862161234567", "+8613900139001"], None, None),
    ("0571/87654321", ["+8657187654321"], None, None),
    ("(0571) / 8765 4321", ["+8657187654321"], None, None),
    ("0531 5552 0696 / 15000082234", ["+8653155520696", "+8615000082234"], None, None),
    ("0755 83765566 (8001)", ["+8675583765566"], "8001", None),
    ("0755 83765566 (2024)", ["+8675583765566"], None, "2024"),
    ("400-820-8820-8001", ["+864008208820"], "8001", None),
    ("0755-83765566（8线）", ["+8675583765566"], None, "8线"),
    ("0755-83765566（分机：8001）", ["+8675583765566"], "8001", None),
    ("0755-83765566转分机8001", ["+8675583765566"], "8001", None),
    ("17012345678-1234", ["+8617012345678"], "1234", None),
    ("张总 13800138001", ["+8613800138001"], None, "张总"),
    ("Max 13800138001", ["+8613800138001"], None, "Max"),
    ("Phoebe: 13800138001", ["+8613800138001"], None, "Phoebe"),
    ("电话: 010-62345678", ["+861062345678"], None, "电话"),
    ("手机：13800138001", ["+8613800138001"], None, "手机"),
    ("13800138001(张三) 13900139001(李)", ["+8613800138001", "+8613900139001"], None, "张三; 李"),
    ("张三13800138001李四13900139001", ["+8613800138001", "+8613900139001"], None, "张三; 李四"),
    ("13800138001-13900139001", ["+8613800138001", "+8613900139001"], None, None),
    ("010 6234 5678 138 0013 8001", ["+861062345678", "+8613800138001"], None, None),
    ("13800138001 转 张三", ["+8613800138001"], None, "转 张三"),
    ("13800138001 8:30-18:00", ["+8613800138001"], None, "8:30-18:00"),
    ("0755-83765566 3号楼", ["+8675583765566"], None, "3号楼"),
    ("0755-83765566-801/0755-83765566-802", ["+8675583765566"], "801", "+8675583765566 ext. 802"),
    ("138 **** 8001 13900139001", ["+8613900139001"], None, "138 **** 8001"),
    ("13800138001/1380013800", ["+8613800138001"], None, "1380013800"),
    ("zhang@qq.com 13800138001", ["+8613800138001"], None, "zhang@qq.com"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "numbers", "ext", "note"), IN_ONE_CELL)
def test_nothing_of_a_cell_is_dropped(
    raw: str, numbers: list[str], ext: str | None, note: str | None
) -> None:
    """Every number is found; what stands beside them is in the part `note`."""
    cleaned = clean_in_china(raw)
    assert (cleaned["all"], cleaned["ext"], cleaned["note"]) == (numbers, ext, note)


@pytest.mark.parametrize(
    "raw",
    [
        "0571-8765****", "134-****-7507", "134****7507", "134xxxx7507", "138XXXX8001",
        "138 **** 8001", "+86 138****8001", "134----7507", "134…7507", "0571-8765####",
        "1380013****", "*******8001", "手机：138****8001", "134????7507", "138●●●●8001",
    ],
)  # fmt: skip
def test_a_masked_number_is_none_of_its_own(raw: str) -> None:
    """It is left as it came, with a reason of its own; matching compares what it shows."""
    cleaned = clean_in_china(raw)
    assert cleaned["reason"] == "masked"
    assert cleaned["key"] is None
    assert cleaned["all"] is None


@pytest.mark.parametrize(
    ("raw", "key", "ext"),
    [
        ("0755-83765566 x12", "+8675583765566", "12"),
        ("0755-83765566*8001", "+8675583765566", "8001"),
        ("0755-83765566#8001", "+8675583765566", "8001"),
        ("13800138001*", "+8613800138001", None),
        ("*13800138001", "+8613800138001", None),
        ("+44 (0)20 7946 0018", "+442079460018", None),
    ],
)
def test_an_asterisk_or_an_x_hides_nothing_by_itself(raw: str, key: str, ext: str | None) -> None:
    """It is the mark of an extension, or of a footnote."""
    cleaned = clean_in_china(raw)
    assert (cleaned["key"], cleaned["ext"]) == (key, ext)


@pytest.mark.parametrize(
    "raw",
    [
        "186002123456789012",
        "18600212345678",
        "186002123456",
        "订单186002123456789",
        "138 0013 8001 2",
    ],
)
def test_a_number_longer_than_a_mobile_is_none(raw: str) -> None:
    """An order number that begins as a mobile does, or a digit too many."""
    cleaned = clean_in_china(raw)
    assert cleaned["key"] is None
    assert str(cleaned["reason"]).startswith("invalid")


@pytest.mark.parametrize(
    "raw",
    [
        "0431 123456", "01512 3456789", "020 7946 0018", "010-1234-5678", "090-1234-5678",
        "0917 123 4567", "024 3825 1234", "(13) 98765-4321", "1 55 1234 5678", "81 98765-4321",
        "(65) 3456-7890", "07700 900123", "0532 123 45 67", "800-123-4567", "(212) 555-0123",
    ],
)  # fmt: skip
def test_a_form_that_china_shares_proves_nothing(raw: str) -> None:
    """German, British, Korean, Japanese, Vietnamese, Brazilian … numbers stay as typed."""
    cleaned = phone.clean(pl.Series([raw])).row(0, named=True)
    assert (cleaned["value"], cleaned["reason"]) == (raw, "country unknown")


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        ("13800138001", "+8613800138001"),
        ("138-0013-8001", "+8613800138001"),
        ("138 00138001", "+8613800138001"),
        ("8613800138001", "+8613800138001"),
        ("86-755-83765566", "+8675583765566"),
        ("0755-83765566", "+8675583765566"),
        ("400-820-8820", "+864008208820"),
        ("13800138001 / 0755 83765566", "+8613800138001"),
    ],
)
def test_what_only_china_writes_so_is_chinese(raw: str, key: str) -> None:
    """SingleValue in its column."""
    assert phone.clean(pl.Series([raw]))["key"][0] == key


@given(st.integers(min_value=13000000001, max_value=19999999999))
def test_no_digit_is_ever_lost(number: int) -> None:
    """Whatever becomes of eleven digits, all of them are in the key, or there is no key."""
    cleaned = clean_in_china(str(number))
    assert cleaned["key"] is None or str(cleaned["key"]).endswith(str(number))


PIECES = st.one_of(
    st.from_regex(r"\A1[3-9][0-9]{9}\Z"),
    st.from_regex(r"\A0(10|2[0-9]|[3-9][0-9]{2})[- /]?[2-8][0-9]{6,7}\Z"),
    st.from_regex(r"\A\+[1-9][0-9]{0,2} [0-9 ]{6,11}[0-9]\Z"),
    st.from_regex(r"\A[0-9*x() .-]{1,16}\Z"),
    st.from_regex(r"\A[-(转x][0-9]{1,6}\)?\Z"),
    st.sampled_from(["张总", "手机：", "Tel.", "(8线)", "ext. 12", "fax", "王 2 号", "QQ:12345"]),
)
MARKS = st.sampled_from(["", " ", "/", ",", "；", "、", "\n", " 或 ", "-"])


@given(
    st.lists(st.tuples(PIECES, MARKS), min_size=1, max_size=5), st.sampled_from([None, "CN", "DE"])
)
@settings(deadline=None, max_examples=examples(400))
def test_every_digit_of_a_cell_is_somewhere(
    pieces: list[tuple[str, str]], home: str | None
) -> None:
    """In the value, in `all`, in `ext` or in `note`, save a trunk or dialling-out 0.

    Or there is no clean value, and the cell stays as it came.
    """
    raw = "".join(piece + mark for piece, mark in pieces)
    cleaned = phone.clean_at(pl.Series([raw]), home).row(0, named=True)
    if cleaned["value"] is None:
        assert cleaned["reason"] is not None or not raw.strip()
        return
    kept = " ".join(filter(None, [cleaned["value"], *cleaned["all"], cleaned["note"]]))
    for digits in re.findall(r"1[3-9]\d{9}(?=1[3-9]\d{9}(?!\d))|\d+", raw):
        held = "".join(re.findall(r"\d", kept))
        assert digits.lstrip("0") in held, (raw, cleaned)


def test_local_numbers_that_are_valid_nowhere_get_no_country_by_chance() -> None:
    """Two of five short German numbers have the form of Korean ones; none becomes +82."""
    column = pl.Series(["06172 38088", "06172 45110", "069 4472", "06174-2211", "0617238088"])
    cleaned = phone.clean(column)
    assert not cleaned["key"].str.starts_with("+").any()
    assert cleaned["key"][0] == cleaned["key"][4] == "0617238088"


@pytest.mark.parametrize(
    ("raw", "value", "ext", "note"),
    [
        ("03-3598800#3202,#2699", "+88633598800 ext. 3202", "3202", "x2699"),
        ("03-4572121#1802,1707", "+88634572121 ext. 1802", "1802", "1707"),
        ("02-26813316", "+886226813316", None, None),
    ],
)
def test_a_number_has_one_extension(
    raw: str, value: str, ext: str | None, note: str | None
) -> None:
    """Further ones are kept beside it, as a listed company of Taiwan writes them."""
    row = phone.clean_at(pl.Series([raw]), home="TW").row(0, named=True)
    assert (row["value"], row["ext"], row["note"]) == (value, ext, note)


def test_a_slash_behind_an_area_code_parts_no_number() -> None:
    """770/441--0291 is one American number, slips of its marks or not."""
    for raw in ("770/441-0291", "770/441--0291", "770 / 441 0291"):
        row = phone.clean_at(pl.Series([raw]), home="US").row(0, named=True)
        assert (row["value"], row["note"]) == ("+17704410291", None)
