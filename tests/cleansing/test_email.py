"""Mailboxes among names, labels and slips of the finger."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleansing import email
from cleansing.mail_cell import is_mailbox


def clean(value: str) -> dict[str, object]:
    return email.clean(pl.Series([value])).row(0, named=True)


@pytest.mark.parametrize(
    ("raw", "value", "key"),
    [
        ("Foo@Bar.com", "foo@bar.com", "foo@bar.com"),
        ("foo＠qq.com", "foo@qq.com", "foo@qq.com"),
        ("mailto:a@b.cn", "a@b.cn", "a@b.cn"),
        ("Foo Bar <a.b+x@gmail.com>", "a.b+x@gmail.com", "ab@gmail.com"),
        ("邮箱：abc@163.com。", "abc@163.com", "abc@163.com"),
        ("a @ b.com.", "a@b.com", "a@b.com"),
        ("mailto:a@b.cn?subject=Hi", "a@b.cn", "a@b.cn"),
        (".zs@b.cn", ".zs@b.cn", ".zs@b.cn"),
        ("王@公司.中国", "王@公司.中国", "王@公司.中国"),
    ],
)
def test_the_mailbox_is_found_in_what_surrounds_it(raw: str, value: str, key: str) -> None:
    """Names, labels, widths and punctuation around a mailbox go; the key also drops its tag."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["key"]) == (value, key)


def test_several_mailboxes_are_all_listed() -> None:
    """A cell may hold several mailboxes: the first is the value, all are listed."""
    cleaned = clean("a@b.com; c@d.com/e@f.cn")
    assert cleaned["value"] == "a@b.com"
    assert cleaned["all"] == ["a@b.com", "c@d.com", "e@f.cn"]


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("a@gmial.com", "gmail.com"),
        ("a@gmail.co", "gmail.com"),
        ("a@hotmail.con", "hotmail.com"),
        ("a@qq.con", "qq.com"),
        ("a@163.cm", "163.com"),
        ("a@firm.cn.con", "firm.cn.com"),
    ],
)
def test_a_slip_in_the_domain_is_proposed_not_applied(raw: str, meant: str) -> None:
    """The value keeps the domain as typed; the reason names the one probably meant."""
    cleaned = clean(raw)
    assert cleaned["value"] == raw
    assert f"{meant} meant?" in str(cleaned["reason"])
    assert cleaned["key"] == f"a@{meant}"


@pytest.mark.parametrize("domain", ["mail.com", "ymail.com", "live.cn", "gmx.de", "yahoo.co.uk"])
def test_real_providers_are_no_slips(domain: str) -> None:
    """A provider one letter from another is left in peace."""
    assert clean(f"a@{domain}")["reason"] is None


@pytest.mark.parametrize(
    ("raw", "role"),
    [("info@x.cn", True), ("客服@x.cn", True), ("sales2@x.cn", True), ("john@x.cn", False)],
)
def test_mailboxes_of_a_desk_are_marked(raw: str, role: bool) -> None:
    """A role mailbox belongs to nobody in particular."""
    assert clean(raw)["role"] is role


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("foo", "invalid: no @ sign"),
        ("foo@bar", "invalid: domain without a dot"),
        ("a@qq,com", "invalid: comma for a dot in the domain?"),
        ("a@sinacom", "invalid: domain without a dot, sina.com meant?"),
    ],
)
def test_what_is_no_mailbox_is_null_and_says_why(raw: str, reason: str) -> None:
    """A cell without a mailbox has no value."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["reason"]) == (None, reason)


UNSURE = [
    ("zhang san@qq.com", "qq.com"),
    ("john smith@x.com", "x.com"),
    ("a b@x.com", "x.com"),
    ("zhang san @ qq . com", "qq.com"),
    ("zhang. san@qq.com", "qq.com"),
    ("a@x.comb@y.com", None),
    ("zhangsan@qq.comlisi@163.com", None),
    ("a@x.com b@y.comc@z.com", None),
    ("张三@qq.com", "qq.com"),
    ("张三zhangsan@qq.com", "qq.com"),
    ("联系zhangsan@qq.com请", "qq.com"),
    ("раураl@qq.com", "qq.com"),
    ("аnn@mail.com", "mail.com"),
    ("сосо@mail.com", "mail.com"),
    ("ann@gmаil.com", None),
    ("zhangsan@qq.com cn", "qq.com"),
]


@pytest.mark.parametrize(("raw", "domain"), UNSURE)
def test_a_doubtful_mailbox_stays_as_it_came(raw: str, domain: str | None) -> None:
    """It is told, and neither value nor key is another mailbox's."""
    cleaned = clean(raw)
    assert cleaned["value"] == raw
    assert str(cleaned["reason"]).startswith("unsure: ")
    assert cleaned["key"] == raw.lower()
    assert cleaned["domain"] == domain


CERTAIN = [
    ("张三 zhangsan@qq.com", "zhangsan@qq.com", "note removed: 张三"),
    ("zhangsan@qq.com 张三", "zhangsan@qq.com", "note removed: 张三"),
    ("Zhang San <zs@qq.com>", "zs@qq.com", "note removed: Zhang San"),
    ('"Smith, J." <js@x.com>', "js@x.com", "note removed: Smith, J"),
    ("John Smith john.smith@x.com", "john.smith@x.com", "note removed: John Smith"),
    ("13800138000 zs@qq.com", "zs@qq.com", "note removed: 13800138000"),
    ("zs@qq.com邮箱", "zs@qq.com", "label removed: 邮箱"),
    ("zs@qq.com（张三）", "zs@qq.com", "note removed: 张三"),
    ("邮箱zs@qq.com", "zs@qq.com", "label removed: 邮箱"),
    ("Email: zs@qq.com", "zs@qq.com", "label removed: Email"),
    ("E-mail zs@qq.com", "zs@qq.com", "label removed: E-mail"),
    ("a@b.com; c@d", "a@b.com", "another is invalid; note removed: c@d"),
    ("zs @qq.com", "zs@qq.com", "tidied"),
    ("zs@qq. com", "zs@qq.com", "tidied"),
    ("Zs@QQ.com", "zs@qq.com", "lower-cased"),
    ("иван@почта.рф", "иван@почта.рф", None),
    ("用户@例子.广告", "用户@例子.广告", None),
    ("josé@x.com", "josé@x.com", None),
    ("a@b.community", "a@b.community", None),
    ("zs@qq.comlisi", "zs@qq.comlisi", "unsure: no domain ends in comlisi"),
]


@pytest.mark.parametrize(("raw", "value", "reason"), CERTAIN)
def test_what_stands_beside_a_mailbox_is_named(raw: str, value: str, reason: str | None) -> None:
    """A mailbox that is certain is taken out of its cell, and the rest is in the reason."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["reason"]) == (value, reason)


@pytest.mark.parametrize("raw", ["zhangsan@q q.com", "zhang@san@qq.com", "z s@qq"])
def test_the_key_of_an_invalid_mailbox_is_no_other_mailbox(raw: str) -> None:
    """It is evidence for the same slip in another record, not for a mailbox nobody wrote."""
    cleaned = clean(raw)
    assert cleaned["value"] is None
    assert not is_mailbox(str(cleaned["key"]))


_CELLS = st.lists(
    st.sampled_from(
        [
            "zs@qq.com",
            "A.b@x.cn",
            "张三",
            "tel",
            "138",
            " ",
            "; ",
            ",",
            "<",
            ">",
            "@",
            ".",
            "x",
            "邮箱:",
        ]
    ),
    min_size=1,
    max_size=6,
).map("".join)


@given(_CELLS)
def test_no_letter_or_digit_of_a_cell_is_lost(cell: str) -> None:
    """What is not in the value is in `all` or named in the reason."""
    cleaned = clean(cell)
    if cleaned["value"] is None:
        return
    kept = "".join(map(str, (cleaned["value"], cleaned["all"], cleaned["reason"]))).lower()
    kept = kept.replace(" ", "")
    for word in re.findall("[a-z0-9]+|[\u4e00-\u9fff]+", cell.lower()):
        assert word in kept


@given(st.emails(domains=st.sampled_from(["example.org", "firm.com.cn"])))
def test_a_valid_mailbox_is_its_own_clean_value(address: str) -> None:
    """Cleaning a bare mailbox changes nothing but its case."""
    if address.split("@")[0].isascii() and len(address.split("@")[0]) <= 64:
        assert clean(address)["value"] == address.lower()


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ('"Zhang, San" <zs@b.cn>', "note removed: Zhang, San"),
        ("John SMITH <js@B.cn>", "note removed: John SMITH"),
        ("MailTo:a@b.cn?subject=Hi", "note removed: MailTo subject=Hi"),
        ("Mail: a@b.cn", "label removed: Mail"),
    ],
)
def test_what_stands_beside_a_mailbox_is_named_as_it_was_written(raw: str, reason: str) -> None:
    """A display name keeps its capitals."""
    assert email.clean(pl.Series([raw]))["reason"][0] == reason
