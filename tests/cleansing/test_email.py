"""Mailboxes among names, labels and slips of the finger."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleansing import email


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


@given(st.emails(domains=st.sampled_from(["example.org", "firm.com.cn"])))
def test_a_valid_mailbox_is_its_own_clean_value(address: str) -> None:
    """Cleaning a bare mailbox changes nothing but its case."""
    if address.split("@")[0].isascii() and len(address.split("@")[0]) <= 64:
        assert clean(address)["value"] == address.lower()
