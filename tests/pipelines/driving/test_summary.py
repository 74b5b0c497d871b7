"""The last lines on the terminal say how the demo stands against the truth."""

from pathlib import Path

import pytest

from pipelines.demo import Caught, EntityScore, Placed
from pipelines.driving.summary import DemoResult, print_demo

TRUTH = DemoResult(
    {
        "company": EntityScore(
            records=9, true_pairs=5, found_pairs=4, right_pairs=4, precision=1, recall=0.8, f1=0.89
        )
    },
    Caught(must_fail=63, caught=62, held_wrongly=1),
    Placed(orders=1757, right=1756),
)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "en",
            [
                "company: precision 1.0000, recall 0.8000",
                "62 of 63 bad records caught, 1 good ones held back",
                "1,756 of 1,757 orders at the right account",
            ],
        ),
        (
            "zh",
            [
                "company：精确率 1.0000，召回率 0.8000",
                "63 条坏记录中拦下 62 条，另误拦 1 条",
                "1,757 张订单中 1,756 张归属正确的客户",
            ],
        ),
    ],
)
def test_the_demo_tells_matching_validation_and_orders(
    language: str,
    lines: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the user's language, with counts, and what to try next."""
    monkeypatch.setenv("GUIYI_LANG", language)
    print_demo(TRUTH, Path("demo"), Path("demo/report.html"))
    printed = capsys.readouterr().out
    for line in lines:
        assert f"  {line}\n" in printed
    assert "guiyi run demo --dry-run" in printed


def test_a_machine_gets_the_same_numbers() -> None:
    """The entities stand by name, beside what was held back and where orders went."""
    told = TRUTH.as_json()
    assert list(told) == ["company", "validation", "orders"]
    assert told["orders"] == {"orders": 1757, "right": 1756}
