"""Messages: an id with parameters, said in the reader's language."""

import copy
import pickle

import pytest

from guiyi.catalogue import read_po
from guiyi.errors import SourceError
from guiyi.messages import (
    Message,
    as_message,
    at_place,
    joined,
    localised,
    restored,
    sentence,
    stored,
    user_language,
)

NO_COLUMN = Message("no column `{column}`", column="a")


def test_a_message_is_its_english_sentence() -> None:
    """Whoever knows only strings sees what is said."""
    assert NO_COLUMN == "no column `a`"
    assert localised(NO_COLUMN, "zh") == "没有列 `a`"
    assert NO_COLUMN.text("en") == "no column `a`"


def test_messages_within_messages_are_said_in_the_same_language() -> None:
    """A reason, a hint or a place stands in the sentence in the reader's language."""
    hint = as_message("check its permissions")
    error = SourceError("the file is empty", place="a.csv", hint=hint)
    assert str(error) == "a.csv: the file is empty — check its permissions"
    assert error.message.text("zh") == "a.csv：文件是空的 —— 请检查权限"
    both = joined([at_place("x", NO_COLUMN), "unknown key"])
    assert both == "x: no column `a`; unknown key"
    assert localised(both, "zh") == "x：没有列 `a`；未知的键"
    assert joined([]) == ""


@pytest.mark.parametrize(("n", "english"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows")])
def test_a_count_of_one_is_singular(n: int, english: str) -> None:
    """As ngettext counts; a language without the sentence says it in English."""
    counted = Message.counted("{n} row", "{n} rows", n=n)
    assert counted == english
    assert counted.text("xx") == english


def test_what_has_no_translation_stays_english() -> None:
    """An unknown sentence, in a known language or an unknown one."""
    assert localised("nobody has translated this", "zh") == "nobody has translated this"
    assert NO_COLUMN.text("xx") == "no column `a`"


@pytest.mark.parametrize("message", [NO_COLUMN, at_place("p", NO_COLUMN)])
def test_a_message_survives_copies_and_tables(message: Message) -> None:
    """Another process, a dataclass made a dict, a table: each can still say it in Chinese."""
    for same in (
        pickle.loads(pickle.dumps(message)),
        copy.deepcopy(message),
        restored(str(message), stored(message)),
    ):
        assert same == message
        assert localised(same, "zh") == message.text("zh")
    assert stored("a sentence of its own") is None


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "GUIYI_LANG": "en"}, "en"),
        ({"LANG": "fr_FR", "LC_ALL": "zh"}, "zh"),
    ],
)
def test_the_users_language(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GUIYI_LANG decides, then the locale."""
    for name in ("GUIYI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert user_language() == language


def test_a_po_file_is_read() -> None:
    """Contexts, plurals, several lines, escapes; an entry without a translation is left out."""
    text = """# comment
msgid ""
msgstr "Language: en"

msgctxt "cli"
msgid "help"
msgstr ""
"one\\n"
"say \\"two\\""

msgid "{n} row"
msgid_plural "{n} rows"
msgstr[0] "a"
msgstr[1] "b"

msgid "later"
msgstr ""
"""
    assert dict(read_po(text.split("\n"))) == {
        "cli\x04help": ('one\nsay "two"',),
        "{n} row": ("a", "b"),
    }


@pytest.mark.parametrize(("n", "told"), [(0, "0 records"), (1, "1 record"), (2, "2 records")])
def test_a_code_counts_in_the_form_of_one_or_of_many(n: int, told: str) -> None:
    """`n` chooses between the two forms of a sentence; Chinese has one."""
    assert sentence("merge.members", "en", "report", n=n) == told
    assert sentence("merge.members", "zh", "report", n=n).startswith(str(n))
