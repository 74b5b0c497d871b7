"""No letter and no digit of a cell is lost: it is in the value, in a part, or in the reason."""

import unicodedata
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleansing import clean_values
from cleansing.mojibake import repair
from cleansing.text import simplify_text
from cleansing.wrapping import decode_entities
from guiyi.kinds import Kind
from tests.examples import examples

PIECES = {
    Kind.COMPANY_NAME: [
        "华为技术有限公司", "中兴通讯股份有限公司", "（自然人独资）", "（新）", "1、",
        "公司名称:", "😊", "。", "北京分公司",
        "王五", "-", "/", "\n", " ", "Acme Corp", "(USA)", "GmbH ", "AT&amp;T", "'",
        "中国（上海）自由贸易试验区",
        "（原厦门旧名贸易有限公司）", "ST", "Ltd., Xiamen Branch", "Ｂ", "*",
    ],
    Kind.PERSON_NAME: [
        "张三", "李四", "王总", "主治医师", "经理", "先生", "联系人: ", "13800138000", " ", "\n",
        "、", "-", "(", ")", "Tom",
        "CHAN Tai Man", ", David", "Dr. med. ", "Müller", "Иванов", "Иванович", "O&#039;Neil",
        "Pan ", "小", "财务部", "/",
    ],
    Kind.EMAIL: [
        "zs@qq.com", "A.b@x.cn", "张三", "tel", "138", " ", "; ", ",", "<", ">", "@", "x",
        "邮箱:", "qq.con", "&amp;", "'",
    ],
    Kind.USCC: [
        "91310116076409427L", "税号：", "CN", " ", "-", "'", "*", "D2143569X", "GB980780684", "1",
    ],
    Kind.ID_CARD: [
        "11010519491231002X", "110105491231002", "身份证：", "护照", "E12345678", " ", "'", "*",
        "A123456(3)", "1",
    ],
    Kind.URL: [
        "www.a.com", "http://b.com/x", "?a=1&amp;b=2", " ", "; ", "网址:", "'", "。", "张三",
    ],
    Kind.CODE: ["A1", "-", " ", "&amp;", "'", '="', '"', "０"],
    Kind.KEY: ["A1", "-", " ", "12.0", "&amp;", "'", "０"],
    Kind.TEXT: ["A1", "-", " ", "&amp;", "'", "张三", "ÉîÛÚ", "０", "\u200b"],
}  # fmt: skip

SAID_OTHERWISE = {"passport": "护照", "decimal .0 removed": "0"}
"""Codes that name what they removed in words of their own."""


def letters(text: str) -> Counter[str]:
    """Letters and digits, folded as far as a clean value may be, and how many of each."""
    folded = simplify_text(unicodedata.normalize("NFKC", text)).casefold()
    return Counter(char for char in folded if char.isalnum())


def everything(row: dict[str, object]) -> Counter[str]:
    """Those of value, parts and reason of a row."""
    told = " ".join(str(value) for value in row.values() if value is not None)
    told += "".join(word for code, word in SAID_OTHERWISE.items() if code in told)
    return letters(told)


@pytest.mark.parametrize("kind", list(PIECES))
@settings(max_examples=examples(20), deadline=None)
@given(data=st.data())
def test_no_letter_or_digit_is_lost(kind: Kind, data: st.DataObject) -> None:
    """Of whatever is thrown together in a cell; a cell without a clean value has its raw one."""
    cell = st.lists(st.sampled_from(PIECES[kind]), min_size=1, max_size=5).map("".join)
    cells = data.draw(st.lists(cell, min_size=1, max_size=40, unique=True))
    for raw, row in zip(cells, clean_values(pl.Series(cells), kind).to_dicts(), strict=True):
        if row["value"] is None:
            continue
        lost = letters(repair(decode_entities(raw))) - everything(row)
        assert not lost, (raw, row)
