from random import Random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from pipelines.demo.firms import FirmScript
from pipelines.demo.identifiers import break_uscc, make_uscc, uscc_check
from pipelines.demo.vocabulary import cities
from pipelines.demo.world import World, build_world

SEEDS = st.integers(0, 2**32)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(2026, 1.0)


@given(SEEDS, st.sampled_from([city.code for city in cities()]), st.booleans())
def test_made_codes_are_valid_and_broken_ones_are_not(seed: int, region: str, digits: bool) -> None:
    """A unified social credit code has the check character of GB 32100; a slip loses it."""
    rng = Random(seed)
    code = make_uscc(rng, region, all_digits=digits)
    assert stdnum_uscc.is_valid(code)
    assert code[2:8] == region
    assert code.isdigit() or not digits
    assert not stdnum_uscc.is_valid(break_uscc(rng, code))


@pytest.mark.parametrize(
    ("body", "check"), [("91110000600037341", "L"), ("91350100M000100Y4", "3")]
)
def test_check_characters_agree_with_published_examples(body: str, check: str) -> None:
    """Codes printed elsewhere have the check character we compute."""
    assert uscc_check(body) == check


def test_every_phone_of_the_world_is_valid_in_form(world: World) -> None:
    """Numbers are made up, and still of a length and prefix the numbering plans know."""
    wrong = []
    for firm in world.firms:
        numbers = [firm.phone, *(person.mobile for person in world.staff[firm.id])]
        region = "TW" if firm.script is FirmScript.TRADITIONAL else "CN"
        wrong += [
            number
            for number in numbers
            if number is not None
            and not phonenumbers.is_valid_number(phonenumbers.parse(number, region))
        ]
    assert wrong == []


def test_landlines_have_the_area_code_of_their_city(world: World) -> None:
    """A firm's line belongs to the city it is in."""
    codes = {city.name: city.area_code for city in cities()}
    for firm in world.firms:
        if firm.script is FirmScript.SIMPLIFIED:
            assert firm.phone.startswith(f"{codes[firm.town.name]}-")


def test_mail_goes_nowhere(world: World) -> None:
    """Every address lies under the ending that RFC 2606 keeps for examples."""
    for person in world.people:
        for address in (person.email, person.private_email):
            assert address is None or address.endswith(".example")
