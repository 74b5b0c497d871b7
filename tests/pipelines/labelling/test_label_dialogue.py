"""What a person sees of a pair, and how an answer may be typed."""

import io
from typing import Any

import pytest

from dedup.labels.questions import Question, Why
from pipelines.labelling.asking import Answer, Asked
from pipelines.labelling.dialogue import Dialogue


def asked(left: dict[str, Any], right: dict[str, Any]) -> Asked:
    pair = {
        "left": "crm:1",
        "right": "web:7",
        "match_probability": 0.7,
        "weight.name": 9.25,
        "weight.phone": -3.0,
        "weight.note": 0.1,
    }
    return Asked(pair, left, right, Question(0, Why.NEAR), 3)


PAIR = asked(
    {"record_id": "crm:1", "name": "Anna Müller", "phone": "030 1", "note": None, "town": None},
    {"record_id": "web:7", "name": "ANNA MÜLLER", "phone": "030 2", "note": "x", "town": None},
)


def told(
    answers: str, pair: Asked = PAIR, monkeypatch: pytest.MonkeyPatch | None = None
) -> tuple[Answer, str]:
    screen = io.StringIO()
    return Dialogue(20, io.StringIO(answers), screen).answer(pair), screen.getvalue()


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages are English unless a test says otherwise, on a wide screen."""
    monkeypatch.setenv("GUIYI_LANG", "en")
    monkeypatch.setenv("COLUMNS", "140")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("y\n", Answer.YES),
        (" YES \n", Answer.YES),
        ("是\n", Answer.YES),
        ("n\n", Answer.NO),
        ("不是\n", Answer.NO),
        ("?\n", Answer.UNSURE),
        ("u", Answer.UNSURE),
        ("back\n", Answer.BACK),
        ("q\n", Answer.QUIT),
    ],
)
def test_how_answers_are_typed(typed: str, answer: Answer) -> None:
    """A letter or a word will do, in English or Chinese."""
    assert told(typed)[0] is answer


def test_anything_else_is_asked_again() -> None:
    """A slip of the key is no answer."""
    answer, screen = told("\nmaybe\nn\n")
    assert answer is Answer.NO
    assert screen.count("Answer y, n, u, b or q.") == 2


def test_the_end_of_the_input_ends_the_session() -> None:
    """Whoever closes the pipe has had enough."""
    assert told("")[0] is Answer.QUIT


def test_records_stand_side_by_side() -> None:
    """Differences and gaps are marked, and fields empty on both sides are left out."""
    _, screen = told("y\n")
    lines = {line.split()[0]: line for line in screen.splitlines() if line.strip()}
    assert "Pair 3 of 20 · it is near the threshold" in screen
    assert "crm:1" in screen
    assert "web:7" in screen
    assert "=" in lines["name"]
    assert "≠" in lines["phone"]
    assert "·" in lines["note"]
    assert "town" not in lines
    assert "name +9.2 · phone -3.0; the model says 70.0%" in screen


def test_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dialogue speaks Chinese where the program does."""
    monkeypatch.setenv("GUIYI_LANG", "zh")
    _, screen = told("是\n")
    assert "第 3 对，共 20 对" in screen
    assert "是同一客户吗" in screen


def test_a_value_cannot_command_the_terminal() -> None:
    """Escape sequences and markup in a value are shown as text, or not at all."""
    _, screen = told(
        "y\n",
        asked(
            {"record_id": "crm:1", "name": "\x1b[2Jevil\r\n[red]x[/red]"},
            {"record_id": "web:7", "name": "b"},
        ),
    )
    assert "\x1b[2J" not in screen
    assert "[red]x[/red]" in screen
