"""Signatures in many hands are taken apart as a person reads them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sources.mail.html import plain_text
from connectors.sources.mail.quoting import take_apart
from connectors.sources.signature import parse_signature
from tests.examples import examples

GOLDEN = Path(__file__).parent / "golden" / "signatures.yaml"
SIGNATURES: list[dict[str, Any]] = yaml.safe_load(GOLDEN.read_text("utf-8"))


@pytest.mark.parametrize("one", SIGNATURES, ids=lambda one: str(one["style"]))
def test_a_signature_is_read_as_a_person_reads_it(one: dict[str, Any]) -> None:
    """Each field of a signature goes to its own column, and nothing else does."""
    expected = {field: " ".join(str(value).split()) for field, value in one["fields"].items()}
    assert parse_signature(take_apart(one["text"]).own, one["sender"]) == expected


def test_a_signature_in_a_table_is_read() -> None:
    """An HTML signature laid out as a table with pictures reads like one in lines."""
    page = """<div>好的，谢谢。</div><table><tr><td rowspan="4"><img src="cid:logo"></td>
    <td><b>张三</b>&nbsp;&nbsp;|&nbsp;&nbsp;<span style="color:#888">销售总监</span></td></tr>
    <tr><td>深圳市华星科技有限公司</td></tr>
    <tr><td>手机：<a href="tel:13800138000">13800138000</a></td><td>传真：0755-86123457</td></tr>
    <tr><td><a href="mailto:zs@huaxing.example">zs@huaxing.example</a></td></tr></table>"""
    assert parse_signature(plain_text(page), "张三") == {
        "name": "张三",
        "title": "销售总监",
        "company": "深圳市华星科技有限公司",
        "mobile": "13800138000",
        "fax": "0755-86123457",
        "email": "zs@huaxing.example",
    }


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "<a " * 300_000,
        "1-" * 400_000,
        "手机" * 300_000,
        "(" * 500_000,
        "x@" * 400_000,
        "\n".join(["电话："] * 200_000),
    ],
    ids=["one word", "tags", "number", "labels", "brackets", "addresses", "lines"],
)
def test_a_hostile_text_is_read_in_no_time(text: str) -> None:
    """A megabyte of one thing neither hangs the parser nor makes a contact."""
    assert parse_signature(take_apart(text).own) == {}
    assert len(plain_text(text)) <= len(text) + 10


ALPHABET = "张三 经理公司市区路0123456789-+()（）转@.:：|/\nTelMobaw,，·📱〒#x"


@settings(deadline=None, max_examples=examples(200))
@given(st.text(ALPHABET, max_size=160))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    """No value is made up: each stands in the text, but for blanks and the commas of lines."""
    squeezed = re.sub(r"[\s,，|*·]|📱", "", text.replace("＠", "@"))
    for value in parse_signature(text).values():
        for part in value.split("; "):
            assert re.sub(r"[\s,，|*·]", "", part) in squeezed
