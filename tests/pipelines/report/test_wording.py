"""What reports say."""

import pytest

from dedup.survivorship import REASONS
from guiyi.catalogue import codes_in
from guiyi.kinds import Kind
from guiyi.spec import SurvivorshipStrategy
from pipelines.report.wording import CONTEXT, Wording


@pytest.mark.parametrize(
    "key",
    [f"kind.{k}" for k in Kind]
    + [f"rule.{r}" for r in SurvivorshipStrategy]
    + [f"why.{code}" for code in REASONS]
    + ["rule.imputed"],
)
def test_fixed_words_are_named(key: str) -> None:
    """Every kind and every survivorship rule has a name, every reason a sentence, for people."""
    assert key in codes_in(CONTEXT)


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(0, 10, "0%"), (1, 4, "25%"), (1, 3, "33.3%"), (1, 10**6, "< 0.1%"), (1, 0, "–")],
)
def test_shares(part: int, whole: int, share: str) -> None:
    """A small part is never written as none."""
    assert Wording("en").share(part, whole) == share


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [(0.04, "0.0 s", "0.0 秒"), (61, "1 min 01 s", "1 分 01 秒")],
)
def test_durations(seconds: float, english: str, chinese: str) -> None:
    """A minute and more is written in minutes."""
    assert Wording("en").seconds(seconds) == english
    assert Wording("zh").seconds(seconds) == chinese
