import re
import unicodedata
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.demo import data_entry
from pipelines.demo.firms import Firm, FirmScript
from pipelines.demo.people import ContactPerson
from pipelines.demo.typos import digit_typo, mistype, sound_alike, widen
from pipelines.demo.vocabulary import homophones, simplified
from pipelines.demo.world import build_world
from tests.examples import examples

WORLD = build_world(5, 0.4)
SEEDS = st.integers(0, 2**32)
FIRMS = st.sampled_from(WORLD.firms)
PEOPLE = st.sampled_from(WORLD.people)


def digits(text: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


@settings(max_examples=examples(300))
@given(SEEDS, FIRMS)
def test_no_misspelling_is_another_firms_name(seed: int, firm: Firm) -> None:
    """However badly a firm is written, it is never written as another firm is called."""
    written = data_entry.firm_name(Random(seed), firm, WORLD, 0.0)
    others = {other.name for other in WORLD.firms if other.id != firm.id}
    assert written.strip()
    assert written not in others


@given(SEEDS, FIRMS)
def test_full_care_is_exact(seed: int, firm: Firm) -> None:
    """A careful clerk writes the registered name and the number as it is."""
    assert data_entry.firm_name(Random(seed), firm, WORLD, 1.0) == firm.name
    assert data_entry.phone(Random(seed), firm.phone, 1.0) == firm.phone


@settings(max_examples=examples(200))
@given(SEEDS, FIRMS, PEOPLE)
def test_no_digit_of_a_phone_is_lost(seed: int, firm: Firm, person: ContactPerson) -> None:
    """Punctuation, width, labels and country codes vary; the subscriber's number does not."""
    for number in (firm.phone, person.mobile):
        if number is not None:
            written = digits(data_entry.phone(Random(seed), number, 0.0))
            assert written.endswith(digits(number)[-7:])
            assert digits(number).lstrip("0") in written


@given(SEEDS, FIRMS)
def test_an_extension_comes_last(seed: int, firm: Firm) -> None:
    """The extension stands behind the number, set off from it."""
    written = data_entry.phone(Random(seed), firm.phone, 0.5, "8023")
    assert re.search(r"(转|-|#| 分機| ext\. )8023$", written)


@settings(max_examples=examples(200))
@given(SEEDS, FIRMS)
def test_every_address_has_road_and_number(seed: int, firm: Firm) -> None:
    """However much is left out, the road and the house number stay."""
    written = unicodedata.normalize("NFKC", data_entry.address(Random(seed), firm, 0.0))
    assert firm.address.road in written
    assert str(firm.address.number) in written


@settings(max_examples=examples(200))
@given(SEEDS, PEOPLE)
def test_every_name_keeps_something_of_the_person(seed: int, person: ContactPerson) -> None:
    """A nickname, a slip or pinyin still has the surname in characters or letters."""
    written = data_entry.person_name(Random(seed), person, 0.0)
    plain = re.sub(r"[^a-z]", "", written.lower())
    if WORLD.firm[person.firm].script is FirmScript.LATIN:
        # A typing slip may touch the surname; then the given name stands as it is.
        assert person.sounds[0] in plain or person.given in written
    elif written.isascii():
        assert person.sounds[0] in plain
        assert person.sounds[1] in plain
    else:
        assert simplified(person.surname) in simplified(written)


@pytest.mark.parametrize("text", ["恒瑞", "伟", "王晶晶", "澜江银行"])
def test_a_slip_of_sound_changes_one_character(text: str) -> None:
    """The character that replaces another is read the same."""
    slipped = sound_alike(Random(1), text)
    changed = [(a, b) for a, b in zip(text, slipped, strict=True) if a != b]
    assert len(changed) == 1
    assert changed[0][1] in homophones()[changed[0][0]]


@given(SEEDS, st.text("abcdefgh", min_size=5, max_size=12))
def test_a_typing_slip_is_a_small_one(seed: int, word: str) -> None:
    """First and last letters stay, and at most one letter is added or lost."""
    slipped = mistype(Random(seed), word)
    assert slipped[0] == word[0]
    assert slipped[-1] == word[-1]
    assert abs(len(slipped) - len(word)) <= 1


@given(SEEDS, st.text("0123456789", min_size=11, max_size=11))
def test_a_slip_of_digits_keeps_them_all(seed: int, number: str) -> None:
    """Two neighbours change places."""
    assert sorted(digit_typo(Random(seed), number)) == sorted(number)


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [("0512-5550", "０５１２－５５５０"), ("(021)", "（０２１）"), ("号A座", "号A座")],
)
def test_digits_and_signs_are_widened(narrow: str, wide: str) -> None:
    """A Chinese input method writes digits, hyphens and brackets at the width of a character."""
    assert widen(narrow) == wide
