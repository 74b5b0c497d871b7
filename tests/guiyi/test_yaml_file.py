"""Whatever a YAML file holds, it is read in a moment or refused with its line."""

from pathlib import Path

import pytest

from guiyi import SpecError, load_project
from guiyi.spec import parse_yaml
from tests.guiyi.test_spec import GOOD, write

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
CHAIN = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 3000))


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (BOMB, 6, "without end"),
        ("a: &a [*a]\n", 1, "without end"),
        ("x: 1\na: &a\n  b: {c: *a}\n", 3, "without end"),
        (CHAIN, 1, "without end"),
        ("a: " + "[" * 100_000, 1, "without end"),
        ("x: 1\nsince: 2024-13-01\n", 2, "no such date or number"),
        ("x: 1\nn: !!int abc\n", 2, "no such date or number"),
        ("x: 1\nn: " + "9" * 5000, 2, "no such date or number"),
    ],
    ids=["bomb", "alias of itself", "in its own map", "chain", "deep", "month 13", "int", "huge"],
)
def test_what_no_spec_holds_is_refused_with_its_line(
    text: str, line: int, what: str, tmp_path: Path
) -> None:
    """Before it takes the time and the memory it asks for."""
    file = write(tmp_path, text)
    with pytest.raises(SpecError, match=what) as caught:
        parse_yaml(file)
    assert (caught.value.place or "").startswith(f"{file}:")
    if what != "without end":
        assert caught.value.place == f"{file}:{line}"


def test_characters_that_yaml_does_not_know_are_refused(tmp_path: Path) -> None:
    """They have no line."""
    with pytest.raises(SpecError, match="characters that YAML does not know"):
        parse_yaml(write(tmp_path, "a: \x00\n"))


def test_an_alias_may_stand_for_a_part_of_a_spec(tmp_path: Path) -> None:
    """Where it repeats something of a size that people write."""
    data, _ = parse_yaml(write(tmp_path, "a: &x {b: 1}\nc: {<<: *x, d: 2}\ne: [*x, *x]\n"))
    assert data == {"a": {"b": 1}, "c": {"b": 1, "d": 2}, "e": [{"b": 1}, {"b": 1}]}


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("schedule: [{cron: '61 2 * *'}]", "`61 2 * *` has 4 fields, not five"),
        ("schedule: [{cron: '61 2 * * *'}]", "`61` is no minute from 0 to 59"),
        ("schedule: [{cron: '0 24 * * *'}]", "`24` is no hour from 0 to 23"),
        ("schedule: [{cron: '0 2 0 * *'}]", "`0` is no day of the month from 1 to 31"),
        ("schedule: [{cron: '0 2 * foo *'}]", "`foo` is no month from 1 to 12"),
        ("schedule: [{cron: '0 2 * * 5-1'}]", "`5-1` is no day of the week from 0 to 7"),
        ("schedule: [{cron: '*/0 2 * * *'}]", "is no minute"),
        ("schedule: [{cron: '0 2 * * *', timezone: Asia/Shangha}]", "no time zone"),
    ],
)
def test_a_schedule_that_no_clock_keeps_is_refused(more: str, what: str, tmp_path: Path) -> None:
    """With file and line."""
    file = write(tmp_path, GOOD + more + "\n")
    line = len(GOOD.splitlines()) + 1
    with pytest.raises(SpecError) as caught:
        load_project(file)
    assert what in str(caught.value)
    assert f"guiyi.yaml:{line}: schedule.0." in str(caught.value)


@pytest.mark.parametrize("cron", ["0 2 * * *", "*/15 8-18 1,15 jan-mar MON-FRI", "5-59/10 0 * * 7"])
def test_a_schedule_that_cron_keeps_is_taken(cron: str, tmp_path: Path) -> None:
    """Steps, ranges, lists and names."""
    file = write(tmp_path, GOOD + f"schedule: [{{cron: '{cron}'}}]\n")
    assert load_project(file).schedule[0].cron == cron


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("    fields:", "    match: {match_at: 95}\n    fields:", "0.95 for 95 %"),
        ("        key:", "        window: {column: d, since: 2024-02-01, until: 2024-01-01}\n"
                         "        key:", "`since` is after `until`"),
    ],
)  # fmt: skip
def test_numbers_that_mean_nothing_are_refused(
    old: str, new: str, what: str, tmp_path: Path
) -> None:
    """A share given in percent, a window that ends before it begins."""
    with pytest.raises(SpecError, match=what) as caught:
        load_project(write(tmp_path, GOOD.replace(old, new, 1)))
    assert "guiyi.yaml:" in str(caught.value)
