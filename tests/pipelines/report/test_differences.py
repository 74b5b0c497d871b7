"""Where two values differ."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.report.differences import LONGEST, highlight


@pytest.mark.parametrize(
    ("value", "against", "html"),
    [
        ("上海华远", "上海华远", "上海华远"),
        ("上海华远科技", "上海华元科技", "上海华<mark>远</mark>科技"),
        ("Acme Ltd.", "Acme Ltd", "Acme Ltd<mark>.</mark>"),
        ("杭州路1", "杭州路1号", '杭州路1<mark class="gone" title="号"></mark>'),
        ("abc", "xyz", "<mark>abc</mark>"),
        ("a<b", None, "a&lt;b"),
        ("a<b", 'a"b', "a<mark>&lt;</mark>b"),
    ],
)
def test_highlight(value: str, against: str | None, html: str) -> None:
    """Characters the other value does not have are marked; unlike values are marked whole."""
    assert str(highlight(value, against)) == html


TEXTS = st.text(alphabet="ab<>&\"'华远 ", max_size=30)


@given(TEXTS, TEXTS)
def test_the_value_stays(value: str, against: str) -> None:
    """Whatever is marked, the text that is read is the value."""
    html = str(highlight(value, against))
    assert unescape(re.sub(r"</?mark[^>]*>", "", html)) == value


def test_long_values() -> None:
    """A page of text is cut to what an eye can compare."""
    assert len(highlight("x" * 10_000, "y" * 10_000)) < LONGEST + 30
