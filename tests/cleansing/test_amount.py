"""Amounts with the marks, signs and units of several countries."""

import re
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleansing import amount
from tests.examples import examples


def clean(value: str, *others: str) -> dict[str, object]:
    return amount.clean(pl.Series([value, *others])).row(0, named=True)


@pytest.mark.parametrize(
    ("raw", "value", "key"),
    [
        ("1234.50", "1234.50", "1234.5"),
        ("¥1,234.50", "1234.50", "1234.5 CNY"),
        ("１２３４", "1234", "1234"),
        ("$90,000 ", "90000", "90000 $"),
        ("RMB 100", "100", "100 CNY"),
        ("100元整", "100", "100 CNY"),
        ("（123）", "-123", "-123"),
        ("12.50-", "-12.50", "-12.5"),
        ("1.2万", "12000", "12000"),
        ("3亿", "300000000", "300000000"),
        ("USD1.5m", "1500000", "1500000 USD"),
        ("12%", "0.12", "0.12"),
        ("1.234,56", "1234.56", "1234.56"),
        ("1 234 567,89", "1234567.89", "1234567.89"),
        ("1'234.5", "1234.5", "1234.5"),
        ("1,5", "1.5", "1.5"),
        ("1.2E+5", "120000", "120000"),
        ("壹万贰仟叁佰元伍角整", "12300.5", "12300.5 CNY"),
        ("三千", "3000", "3000"),
        ("007.50", "7.50", "7.5"),
    ],
)
def test_an_amount_is_a_plain_decimal(raw: str, value: str, key: str) -> None:
    """Signs, marks and units become one plain number; the key drops trailing zeros."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["key"]) == (value, key)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("面议", "invalid: no digits"),
        ("3 apples and 4", "invalid: not an amount"),
        ("2024.3.5", "invalid: not an amount"),
        ("2024/3/5", "invalid: not an amount"),
        ("1,234,56", "invalid: not an amount"),
        ("1.23.456", "invalid: not an amount"),
        ("192.168.1.1", "invalid: not an amount"),
        ("1,2345", "invalid: not an amount"),
        ("1 23 456", "invalid: not an amount"),
        ("五五万百", "invalid: no digits"),
        ("一百一百", "invalid: no digits"),
        ("3万5万", "invalid: not an amount"),
    ],
)
def test_what_is_no_single_amount_is_null(raw: str, reason: str) -> None:
    """A date, an address of a host and a remark are no amounts, nor is what is grouped wrongly."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["key"], cleaned["reason"]) == (None, None, reason)


MONEY = [
    # Chinese numerals: a last digit counts the place below, 零 says that places are left out
    ("一万二", "12000", None),
    ("三万五", "35000", None),
    ("二百五", "250", None),
    ("二百零五", "205", None),
    ("一千零五十", "1050", None),
    ("一亿二", "120000000", None),
    ("三万二千五", "32500", None),
    ("一百十一", "111", None),
    ("两亿三千万", "230000000", None),
    ("一万亿", "1000000000000", None),
    ("三点五万", "35000", None),
    ("十五", "15", None),
    ("壹佰元整", "100", "元"),
    ("人民币壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", "1234567.89", "CNY"),
    ("貳萬參仟元正", "23000", "元"),
    ("五百元零五分", "500.05", "元"),
    ("三块五", "3.5", "块"),
    # digits and Chinese units
    ("1.2亿", "120000000", None),
    ("3千万", "30000000", None),
    ("1亿2千万", "120000000", None),
    ("2亿3000万元", "230000000", "元"),
    ("3万5", "35000", None),
    ("1万2000", "12000", None),
    ("1.5万亿元", "1500000000000", "元"),
    ("12元3角4分", "12.34", "元"),
    ("１００万元", "1000000", "元"),
    ("0.5万", "5000", None),
    # currencies
    ("100万美元", "1000000", "USD"),
    ("100万人民币", "1000000", "CNY"),
    ("100万元人民币", "1000000", "CNY"),
    ("人民币100万元", "1000000", "CNY"),
    ("100万元（人民币）", "1000000", "CNY"),
    ("港币500元", "500", "HKD"),
    ("NT$1,000", "1000", "TWD"),
    ("US$ 1,234.50", "1234.50", "USD"),
    ("¥1,000", "1000", "¥"),
    ("1000円", "1000", "JPY"),
    ("RM 5,000.00", "5000.00", "MYR"),
    ("100 zł", "100", "PLN"),
    ("kr 1 234,50", "1234.50", "kr"),
    ("₹12,34,567.00", "1234567.00", "INR"),
    # marks, signs and brackets
    ("7.542,91 €", "7542.91", "EUR"),
    ("1'234.50 CHF", "1234.50", "CHF"),
    ("CHF 1’234’567.–", "1234567", "CHF"),
    ("12,34,567", "1234567", None),
    ("1.234.567,89", "1234567.89", None),
    ("(1,234.50)", "-1234.50", None),
    ("($1,234.50)", "-1234.50", "$"),
    ("-€5", "-5", "EUR"),
    ("€ -5,00", "-5.00", "EUR"),
    ("1,234.50-", "-1234.50", None),
    ("0,125", "0.125", None),
    (".5", "0.5", None),
    # units abroad
    ("5 lakh", "500000", None),
    ("Rs. 2.5 crore", "25000000", "Rs"),
    ("€ 3 Mio.", "3000000", "EUR"),
    ("$1.2bn", "1200000000", "$"),
    ("12.5%", "0.125", None),
]  # fmt: skip
"""Raw, value, currency; written before they were tried."""


@pytest.mark.parametrize(("raw", "value", "currency"), MONEY)
def test_sums_of_many_hands(raw: str, value: str | None, currency: str | None) -> None:
    """The number is the value; its currency is a part and stands in the key."""
    cleaned = clean(raw)
    assert (cleaned["value"], cleaned["currency"]) == (value, currency)
    if currency is not None and value is not None:
        ending = "CNY" if currency in ("元", "块", "¥") else currency
        assert str(cleaned["key"]).endswith(f" {ending}")


def test_a_sum_in_another_currency_is_another_sum() -> None:
    """100万美元 and 100万人民币 share a number and no key; 元, ¥ and RMB are one in keys."""
    keys = [clean(raw)["key"] for raw in ("100万美元", "100万人民币", "¥1,000,000", "100万元")]
    assert keys == ["1000000 USD", "1000000 CNY", "1000000 CNY", "1000000 CNY"]


@pytest.mark.parametrize(
    ("raw", "low", "high", "key"),
    [
        ("50-100万", "500000", "1000000", "500000..1000000"),
        ("5000-1万", "5000", "10000", "5000..10000"),
        ("50万~100万元", "500000", "1000000", "500000..1000000 CNY"),
        ("5k-8k", "5000", "8000", "5000..8000"),
        ("1-2万", "10000", "20000", "10000..20000"),
        ("五万至十万元", "50000", "100000", "50000..100000 CNY"),
        ("$1.5m - $2m", "1500000", "2000000", "1500000..2000000 $"),
        ("1,000 to 5,000", "1000", "5000", "1000..5000"),
        ("100万以上", "1000000", None, "1000000.."),
        ("不超过50万元", None, "500000", "..500000 CNY"),
        ("5000+", "5000", None, "5000.."),
        ("≥100", "100", None, "100.."),
        ("under 50k", None, "50000", "..50000"),
        ("2020-2024", "2020", "2024", "2020..2024"),
        ("100-50", None, None, None),
        ("5美元-5欧元", None, None, None),
    ],
)
def test_a_range_stays_a_range(
    raw: str, low: str | None, high: str | None, key: str | None
) -> None:
    """It is as it came; its ends are parts."""
    row = clean(raw)
    assert (row["value"], row["reason"]) == (raw, "a range")
    assert (row["low"], row["high"], row["key"]) == (low, high, key)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("100多万", "approximate"),
        ("近百万", "approximate"),
        ("100万左右", "approximate"),
        ("8000元/月", "a rate"),
        ("$50 per hour", "a rate"),
        ("年薪30万", "a rate"),
        ("US$100欧元", "several currencies"),
        ("35岁", "unverified"),
        ("100万股", "unverified"),
        ("5折", "unverified"),
        ("税后100万", "unverified"),
        ("100万(含税)", "unverified"),
        ("（100万）", "unverified"),
    ],
)
def test_what_is_more_than_a_number_stays_as_it_came(raw: str, reason: str) -> None:
    """A salary a month is none a year, and shares are no money."""
    row = clean(raw)
    assert (row["value"], row["reason"], row["key"]) == (raw, reason, None)


@pytest.mark.parametrize(
    ("raw", "value", "reason"),
    [
        ("约100万元", "1000000", "approximate; unit applied"),
        ("合计：1,234.50", "1234.50", "label removed: 合计"),
        ("1.23457E+11", "123457000000", "approximate"),
    ],
)
def test_a_reason_names_what_is_not_in_the_number(raw: str, value: str, reason: str) -> None:
    """Words beside the number, and digits a spreadsheet rounded away."""
    row = clean(raw)
    assert (row["value"], row["reason"]) == (value, reason)


def test_three_decimals_of_a_sum_may_be_thousands() -> None:
    """1.000 € is a thousand in Germany; beside decimal commas it is, and elsewhere nobody knows."""
    row = clean("1.000 €")
    assert (row["value"], row["reason"], row["key"]) == ("1.000 €", "decimals or thousands?", None)
    assert clean("1.000 €", "12,50 €")["value"] == "1000"
    assert clean("1.000")["value"] == "1.000"


def test_groups_of_two_digits_are_no_decimals() -> None:
    """12,34,567 is of India and no sign of decimal commas."""
    assert clean("1,234", "12,34,567", "1,23,456")["value"] == "1234"
    assert clean("1,234", "12,5", "0,75")["value"] == "1.234"


WORDS = st.sampled_from(
    ["万", "亿", "千", "元", "人民币", "美元", "$", "€", "约", "-", "~", "(", ")", ",", ".", "'",
     " ", "以上", "k", "%", "整", "一", "三", "百", "五", "/月", "多", "E+5", "股", "合计:", "角"]
)  # fmt: skip
DIGITS = st.integers(0, 10**6).map(str)


@settings(max_examples=examples(500), deadline=None)
@given(st.lists(DIGITS | WORDS, min_size=1, max_size=7).map("".join), st.booleans())
def test_nothing_of_an_amount_is_lost(raw: str, commas: bool) -> None:
    """Every digit and letter is in the value or a part, or the reason says what became of it."""
    row = clean(raw, *(["0,5", "1,5"] if commas else []))
    value, reason = row["value"], str(row["reason"])
    if value is None or value == raw.strip():
        assert value is not None or row["reason"] is None or reason.startswith(("invalid", "miss"))
        return
    if "unit applied" in reason or "Chinese numerals" in reason or "E+" in raw:
        assert re.search("[万亿千百k%一三五E]", raw), row
    else:
        written = re.sub(r"\D", "", raw).lstrip("0")
        assert written in ("", re.sub(r"\D", "", str(value)).lstrip("0")), (raw, row)
    left = raw
    for name, code in {"人民币": "CNY", "美元": "USD"}.items():
        if name in left:
            assert row["currency"] == code, (raw, row)
            left = left.replace(name, "")
    left = re.sub(r"[\W\dE]|[万亿千百元整一三五角k]", "", left)
    for name, code in {"约": "approximate", "合计": "note removed"}.items():
        if name in left:
            assert code in reason, (raw, row)
            left = left.replace(name, "")
    assert left == "", (raw, row)
    for sign in "$€":
        assert sign not in raw or row["currency"] is not None, (raw, row)


def test_the_column_tells_a_decimal_comma_from_a_thousands_comma() -> None:
    """1.234 is one and a bit, but a thousand and more beside 12.345,67."""
    assert clean("1.234")["value"] == "1.234"
    assert clean("1.234", "12.345,67")["value"] == "1234"


@given(st.decimals(-(10**9), 10**9, places=2))
def test_thousands_marks_change_no_amount(number: Decimal) -> None:
    """A number printed with thousands commas is the same number."""
    cleaned = clean(f"{number:,.2f}")
    assert Decimal(str(cleaned["value"])) == number


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("007", "unsure: leading zeros, as of a code"),
        ("-05", "unsure: leading zeros, as of a code"),
        ("1,234.50 CR", "unsure: crore or a credit?"),
        ("100元/200美元", "several currencies"),
        ("几十万", "approximate"),
        ("三五万", "approximate"),
    ],
)
def test_what_may_be_no_such_amount_stays_as_it_came(raw: str, reason: str) -> None:
    """A code, a mark of bookkeeping, or two sums."""
    assert amount.clean(pl.Series([raw])).row(0)[:2] == (raw, reason)


@pytest.mark.parametrize(
    ("raw", "value", "currency"),
    [
        ("₹5 Cr", "50000000", "INR"), ("2 crore", "20000000", None),
        ("￥1,234.50元", "1234.50", "CNY"),
        ("0", "0", None), ("¥007", "7", "¥"), ("5,-", "5", None), ("10个亿", "1000000000", None),
        ("٣٬٤٥٠٫٥", "3450.5", None), ("二百五", "250", None), ("五五万百", None, None),
    ],
)  # fmt: skip
def test_near_misses_are_read(raw: str, value: str | None, currency: str | None) -> None:
    """A currency, a word or decimals make it an amount."""
    row = amount.clean(pl.Series([raw])).row(0, named=True)
    assert (row["value"], row["currency"]) == (value, currency)


def test_a_zero_before_a_comma_shows_decimals() -> None:
    """0,125 has no thousands; then 1,234 beside it has none either."""
    assert amount.clean(pl.Series(["0,125", "1,234"]))["value"].to_list() == ["0.125", "1.234"]
