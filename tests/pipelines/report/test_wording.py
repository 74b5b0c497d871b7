"""What reports say."""

from importlib.resources import files
from string import Formatter

import pytest
import yaml

from guiyi.kinds import Kind
from guiyi.spec import Rule
from pipelines.report.wording import Wording

WORDING = yaml.safe_load((files("pipelines.report") / "data" / "wording.yml").read_text("utf-8"))


@pytest.mark.parametrize("key", WORDING)
def test_both_languages(key: str) -> None:
    """Every sentence is there in both languages and fills in the same values."""
    texts = WORDING[key]
    slots = {
        language: {slot for _, slot, _, _ in Formatter().parse(text) if slot}
        for language, text in texts.items()
    }
    assert set(slots) == {"en", "zh"}
    assert slots["en"] == slots["zh"]


@pytest.mark.parametrize(
    "key", [f"kind.{k}" for k in Kind] + [f"rule.{r}" for r in Rule] + ["rule.imputed"]
)
def test_fixed_words_are_named(key: str) -> None:
    """Every kind and every survivorship rule has a name for people."""
    assert key in WORDING


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(0, 10, "0%"), (1, 4, "25%"), (1, 3, "33.3%"), (1, 10**6, "< 0.1%"), (1, 0, "–")],
)
def test_shares(part: int, whole: int, share: str) -> None:
    """A small part is never written as none."""
    assert Wording("en").share(part, whole) == share


@pytest.mark.parametrize(("seconds", "text"), [(0.04, "0.0 s"), (61, "1 min 01 s")])
def test_durations(seconds: float, text: str) -> None:
    """A minute and more is written in minutes."""
    assert Wording("zh").seconds(seconds) == text
