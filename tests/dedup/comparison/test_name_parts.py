"""Full names that nothing parts, and masked ones."""

import pytest

from dedup.comparison.name_parts import before_mask, given_of, surname_of


@pytest.mark.parametrize(
    ("name", "given", "surname"),
    [
        ("huang jian", "jian", "huang"),
        ("madonna", "madonna", None),
        ("anna maria de souza", "anna maria de souza", None),
    ],
)
def test_of_two_words_the_first_is_the_surname(name: str, given: str, surname: str | None) -> None:
    """A name of one word, or of many, counts as given."""
    assert (given_of(name), surname_of(name)) == (given, surname)


@pytest.mark.parametrize(("name", "shown"), [("李**", "李"), ("＊＊", ""), ("李明", None)])
def test_of_a_masked_name_the_surname_is_shown(name: str, shown: str | None) -> None:
    """A shop masks the given name."""
    assert before_mask(name) == shown
