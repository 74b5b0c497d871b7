"""What is told of rows that could not be read whole."""

from pathlib import Path

import pytest

from pipelines.files.damage import NAMED, TableDamage, damage_of
from pipelines.files.reading import read_places


def damage_in(folder: Path, text: str) -> list[TableDamage]:
    file = folder / "rows.csv"
    file.write_text(text, encoding="utf-8")
    return damage_of(read_places([str(file)]))


def test_unreadable_rows_are_counted_and_named_first(tmp_path: Path) -> None:
    """Ragged and unclosed rows are named by line, before what was skipped."""
    text = 'name,phone\nAnna,1\nBob,2,3,4\n\nCarol\n"Dan,5\nEve,6\n\nFay,7\n'
    assert damage_in(tmp_path, text) == [
        TableDamage("rows.csv", "unreadable: ragged row", 2, [3, 5]),
        TableDamage("rows.csv", "unreadable: quote never closed", 1, [6]),
        TableDamage("rows.csv", "skipped: blank row", 2, [4, 8]),
    ]


def test_many_rows_are_counted_and_some_named(tmp_path: Path) -> None:
    """A sentence names the first rows and says that there are more."""
    lines = "".join(f"name{n},{n}\n" if n % 2 else f"name{n}\n" for n in range(60))
    (found,) = damage_in(tmp_path, f"name,phone\n{lines}")
    assert (found.count, len(found.rows), found.rows[:2]) == (30, NAMED, [2, 4])
    assert "30 (rows 2, 4, 6" in found.sentence()
    assert ", …)" in found.sentence()


def test_a_sound_table_is_not_talked_of(tmp_path: Path) -> None:
    """Nothing is told of rows that are whole."""
    assert damage_in(tmp_path, "name,phone\nAnna,1\nBob,2\n") == []


def test_told_in_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sentence is there for Chinese readers."""
    monkeypatch.setenv("GUIYI_LANG", "zh")
    (found,) = damage_in(tmp_path, "name,phone\nAnna,1\nBob\nEve,6\n")
    assert found.sentence() == "rows.csv：无法读取：列数不一的行：1（第 3 行），按能读出的内容保留"
