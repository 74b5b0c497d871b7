"""What programs and forms wrap around a value is taken off, and told."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleansing import RecordCleaner, clean_values
from cleansing.wrapping import unwrap_one
from guiyi.kinds import Kind

WRAPPED = [
    ('="00123"', "00123", "text guard removed"),
    ("'00123", "00123", "text guard removed"),
    ('="say ""hi"""', 'say "hi"', "text guard removed"),
    (' ="a"', "a", "text guard removed"),
    ("'张三", "张三", "text guard removed"),
    ("'A00123", "A00123", "text guard removed"),
    ("'+86 138", "+86 138", "text guard removed"),
    ("'=A1", "=A1", "text guard removed"),
    ("'ООО Ромашка", "ООО Ромашка", "text guard removed"),
    ("O&#039;Connor", "O'Connor", "entities decoded"),
    ("D&#x27;Arcy", "D'Arcy", "entities decoded"),
    ("AT&amp;T", "AT&T", "entities decoded"),
    ("AT&amp;amp;T", "AT&T", "entities decoded"),
    ("M&uuml;ller", "Müller", "entities decoded"),
    ("Caf&eacute Ltd", "Café Ltd", "entities decoded"),
    ("&#24352;&#19977;", "张三", "entities decoded"),
    ("Smith &lt;UK&gt; Ltd", "Smith <UK> Ltd", "entities decoded"),
    ("&#039;00123", "00123", "entities decoded; text guard removed"),
    ("=&quot;00123&quot;", "00123", "entities decoded; text guard removed"),
]

SOUND = [
    "'t Hooft", "'s-Gravenhage", "'s-Hertogenbosch", "'Ndrangheta", "'Abd al-Rahman",
    "'O'Neil", "'90s Music Ltd", "'quoted' words", "'a' or 'b'", "'张三'", "'",
    "AT&T", "AT&T; Verizon", "R&D", "Q&A;", "Johnson&Johnson", "Ben & Jerry", "a&copyright",
    "=A1+B2",
    '="unclosed', "=", "rock 'n' roll", "15 rue 'titi tyty'", "&#0;", "x?a=1&notable=2", "&nosuch;",
]  # fmt: skip


@pytest.mark.parametrize(("raw", "bare", "reason"), WRAPPED)
def test_wrapping_is_taken_off(raw: str, bare: str, reason: str) -> None:
    """Guards and entities go, of any kind; the raw value stays beside."""
    assert unwrap_one(raw, Kind.TEXT) == (bare, reason)


@pytest.mark.parametrize("raw", SOUND)
def test_what_belongs_to_a_value_stays(raw: str) -> None:
    """An apostrophe or an ampersand may be the value's own."""
    assert unwrap_one(raw, Kind.TEXT) == (raw, None)


@pytest.mark.parametrize("kind", [k for k in Kind if k is not Kind.TEXT])
def test_every_kind_reads_through_a_guard(kind: Kind) -> None:
    """Value and parts are those of the bare value, whatever the kind."""
    bare = ["00123", "张三丰", "a@b.com", "2024-03-05", "13800138000", "上海市", "b.com"]
    for wrapped in ('="{}"', "'{}"):
        plain = clean_values(pl.Series(bare), kind).drop("reason")
        guarded = clean_values(pl.Series([wrapped.format(one) for one in bare]), kind)
        assert guarded.drop("reason").equals(plain)
        told = guarded.filter(pl.col("value").is_not_null())["reason"]
        assert told.str.contains("text guard removed").all()


@pytest.mark.parametrize(
    ("kind", "raw", "bare", "label"),
    [
        (Kind.PERSON_NAME, "联系人: 张三", "张三", "联系人"),
        (Kind.PERSON_NAME, "收件人：李四", "李四", "收件人"),
        (Kind.PERSON_NAME, "【姓名】王五", "王五", "姓名"),
        (Kind.PERSON_NAME, "Attn: John Smith", "John Smith", "Attn"),
        (Kind.COMPANY_NAME, "公司名称:小米科技有限责任公司", "小米科技有限责任公司", "公司名称"),
        (Kind.COMPANY_NAME, "Company: Acme Corp", "Acme Corp", "Company"),
        (Kind.ADDRESS, "地址:大望路1号", "大望路1号", "地址"),
    ],
)
def test_the_label_of_a_form_is_no_part_of_the_value(
    kind: Kind, raw: str, bare: str, label: str
) -> None:
    """It is named in the reason, so that nothing is lost."""
    assert unwrap_one(raw, kind) == (bare, f"label removed: {label}")


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Kind.PERSON_NAME, "姓名"), (Kind.PERSON_NAME, "Name: "), (Kind.COMPANY_NAME, "公司"),
        (Kind.COMPANY_NAME, "客户之家: 上海"), (Kind.COMPANY_NAME, "Company of Heroes: The Firm"),
        (Kind.TEXT, "地址: 大望路1号"), (Kind.CODE, "Name: x"),
    ],
)  # fmt: skip
def test_a_word_that_is_no_label_stays(kind: Kind, raw: str) -> None:
    """Only a label before a colon, and only in a column of its kind."""
    assert unwrap_one(raw, kind) == (raw, None)


def test_a_wrapped_nothing_is_missing() -> None:
    """="" and &nbsp; say no more than an empty cell."""
    told = clean_values(pl.Series(['="无"', "&nbsp;", "'N/A"]), Kind.COMPANY_NAME)
    assert told["value"].to_list() == [None] * 3
    assert told["reason"].to_list() == ["missing"] * 3


def test_a_column_shows_a_guard_before_words() -> None:
    """One 'Ndrangheta is a word; where most values begin so, a program wrote it."""
    guarded = pl.DataFrame({"name": ["'John Smith", "'Mary Jones", "'Bob Brown", "Ann Lee"]})
    lone = pl.DataFrame({"name": ["'Ndrangheta Ltd", "Mary Jones", "Bob Brown", "Ann Lee"]})
    for kind in (Kind.PERSON_NAME, Kind.COMPANY_NAME, Kind.TEXT, Kind.CODE, Kind.ADDRESS):
        for table, first in ((guarded, "John Smith"), (lone, "'Ndrangheta Ltd")):
            cleaner = RecordCleaner.of(table, {"name": kind})
            told = clean_values(table["name"], kind)
            if kind is not Kind.PERSON_NAME or table is guarded:
                assert told["value"][0] == first
            for typed, row in zip(table["name"], told.to_dicts(), strict=True):
                found = cleaner.fields["name"].clean(typed)
                assert (found["value"], found["reason"]) == (row["value"], row["reason"])


def test_quotes_around_a_value_are_no_guard() -> None:
    """A program that quotes every cell has a mark at its end, too: none is taken off alone."""
    quoted = ["'128 fremont st.'", "'103 waverly pl. near'", "'5 oak (rear)'", r"'harris\''"]
    for kind in (Kind.ADDRESS, Kind.COMPANY_NAME, Kind.TEXT):
        assert clean_values(pl.Series(quoted), kind)["value"].to_list() == quoted


def test_a_record_is_read_as_its_column() -> None:
    """Reasons too: the record's path takes off the same."""
    raw = pl.DataFrame({"code": ["'00123", '="7"', "A&amp;B"], "mail": ["'a@b.cn", "c@d.cn", "x"]})
    kinds = {"code": Kind.CODE, "mail": Kind.EMAIL}
    cleaner = RecordCleaner.of(raw, kinds)
    for name, kind in kinds.items():
        for row, typed in zip(clean_values(raw[name], kind).to_dicts(), raw[name], strict=True):
            found = cleaner.fields[name].clean(typed)
            assert (found["value"], found["reason"]) == (row["value"], row["reason"])


@given(st.text(alphabet="'=\"&#;amp039x 张:", max_size=12))
def test_unwrapping_loses_no_letter_but_a_reference(text: str) -> None:
    """A guard has neither letters nor digits, and what is decoded is told."""
    bare, reason = unwrap_one(text, Kind.TEXT)
    kept = [c for c in bare if c.isalnum()]
    assert kept == [c for c in text if c.isalnum()] or "entities decoded" in (reason or "")
