"""The demo's customers in Taiwan write the characters that are used there."""

from importlib.resources import files

import pytest
from opencc import OpenCC

from pipelines.demo.vocabulary import simplified, traditional

OTHERWISE = {"制"}
"""What OpenCC writes alone as in 制度; the demo's firms 制造."""


def test_characters_are_written_as_opencc_writes_them() -> None:
    """Every character of the demo's data, one at a time."""
    texts = [
        file.read_text(encoding="utf-8")
        for file in files("pipelines.demo").joinpath("data").iterdir()
        if file.name.endswith(".yaml")
    ]
    every = sorted({c for c in "".join(texts) if c > "\u3400"} - OTHERWISE)
    theirs = OpenCC("s2tw").convert("\n".join(every)).split("\n")
    assert [traditional(character) for character in every] == theirs


@pytest.mark.parametrize(
    ("mainland", "taiwan"),
    [
        ("沈阳家具制造有限公司", "瀋陽傢俱製造有限公司"),
        ("沈家明", "沈家明"),
        ("台北汇丰国际", "臺北匯豐國際"),
    ],
)
def test_words_are_written_both_ways(mainland: str, taiwan: str) -> None:
    """A word may need another form than its characters; the way back is the same."""
    assert traditional(mainland) == taiwan
    assert simplified(taiwan) == mainland
