"""Numbers and mailboxes inside other text are masked as their fields would be."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance import mask
from governance.personal_texts import hide_in, hide_in_column
from guiyi.kinds import Kind
from tests.examples import examples

ALL = frozenset({Kind.PHONE, Kind.EMAIL, Kind.ID_CARD})

TEXTS = [
    ("王总手机13812345678，备用139 1234 5678", "王总手机138****5678，备用139****5678"),
    ("微信wx13812345679，或 zhangsan13812345679", "微信wx138****5679，或 zhangsan138****5679"),
    ("vx8613812345679, 13812345679wx", "vx86138****5679, 138****5679wx"),
    ("请打138.1234.5676.", "请打138****5676."),
    ("86.138.1234.5676 或１３８．１２３４．５６７６", "86.138****5676 或138****5676"),
    ("１３８－１２３４－５６７６", "138****5676"),
    ("sheet:firms/13812345678", "sheet:firms/138****5678"),
    ("１３８１２３４５６７８", "138****5678"),
    ("电话＋8613812345678", "电话+86138****5678"),
    ("0512-65001234转802", "051************02"),
    ("tel:65001234", "tel:65****34"),
    ("call +44 20 7946 0958 today", "call +44***********58 today"),
    ("call (212) 555-0123", "call (21*********23"),
    ("邮箱zhang.san@corp.com.cn，勿扰", "邮箱z***@corp.com.cn，勿扰"),
    ("张三@公司.cn", "张***@公司.cn"),
    ("mail:contacts/anna@firm.de", "mail:contacts/a***@firm.de"),
    ("身份证110101199001011237。", "身份证110*************37。"),
    ("110101 19900101 123X 与 110101900101123", "110***************3X 与 110**********23"),
    ("SSN 123-45-6789", "SSN 123******89"),
    ("护照 E12345678", "护照 ****"),
    ("卡4111 1111 1111 1111", "卡***************1111"),
    ("卡号6222021234567890123", "卡号***************0123"),
    ("IBAN DE89 3704 0044 0532 0130 00", "IBAN DE*********************0 00"),
]
PLAIN = [
    "苏州蓝天机械有限公司，2026-03-01 18:00:00",
    "订单 20260113813812345678，共 1234.50 元",
    "20261201-010606-abcd",
    "SO20260113812345679，SO138123456790，A7X13812345679，13812345679A1",
    "东经131.12345678，版本 1.138.1234.5678 与 138.1234.5678.9，138.12 元",
    "91320594MA1WXYZ12Q",
    "GVDZMAKCH60CTSW4N",
    "~9f86d081884c7d659a2f",
    "4111 1111 1111 1112 fails its check digit",
    "AB12 CDEF 3456",
    "www.firm.cn @ 5",
    "",
]


@pytest.mark.parametrize(("text", "shown"), TEXTS)
def test_what_stands_in_a_text_is_masked(text: str, shown: str) -> None:
    """Telephone numbers, mailboxes, identity and card numbers; what is around them stays."""
    assert hide_in(text, ALL) == shown


@pytest.mark.parametrize("text", PLAIN)
def test_other_numbers_stay(text: str) -> None:
    """Dates, orders, credit codes, golden ids and what fails a check digit are nobody's number."""
    assert hide_in(text, ALL) == text


@pytest.mark.parametrize(("text", "shown"), TEXTS)
def test_what_is_not_hidden_stays(text: str, shown: str) -> None:
    """A reader who may see a kind sees it in texts, too."""
    assert hide_in(text, frozenset()) == text
    column = pl.Series("note", [text, None, "nothing", text])
    assert hide_in_column(column, lambda one: hide_in(one, ALL)).to_list() == [
        shown, None, "nothing", shown,
    ]  # fmt: skip


MOBILES = st.from_regex(r"(\+?86)?1[3-9]\d{9}", fullmatch=True, alphabet="0123456789+")
MAILS = st.from_regex(r"[a-z][a-z0-9.]{0,12}[a-z0-9]@[a-z]{2,8}\.(com|cn)", fullmatch=True)
CARDS = st.builds(
    "{:06}19{:02}0{}1{}{:03}{}".format,
    st.integers(110000, 659999),
    st.integers(10, 99),
    st.integers(1, 9),
    st.integers(0, 9),
    st.integers(0, 999),
    st.sampled_from("0123456789X"),
)
AROUND = st.sampled_from(["", "电话", "备注：", "（", "; ", "crm:people/"])


@settings(max_examples=examples(60))
@given(
    st.one_of(
        st.tuples(st.just(Kind.PHONE), MOBILES),
        st.tuples(st.just(Kind.EMAIL), MAILS),
        st.tuples(st.just(Kind.ID_CARD), CARDS),
    ),
    AROUND,
    st.sampled_from(["", "。", "，请回电", "; ", "）"]),
)
def test_a_text_masks_as_the_field_does(found: tuple[Kind, str], head: str, tail: str) -> None:
    """What is left of a value in a text is what its field would show; masking again changes
    nothing.
    """
    kind, value = found
    shown = hide_in(f"{head}{value}{tail}", ALL)
    assert shown == f"{head}{mask(pl.Series([value]), kind)[0]}{tail}"
    assert hide_in(shown, ALL) == shown
