"""How people get single strings wrong: wrong characters that sound right, full width, typos."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from pipelines.demo.vocabulary import homophones

T = TypeVar("T")

WIDE = str.maketrans(
    {chr(code): chr(code + 0xFEE0) for code in range(0x30, 0x3A)}
    | {"-": "－", "(": "（", ")": "）"}
)
"""Half-width digits and signs to the full-width ones of a Chinese input method."""


def weighted(rng: Random, options: Sequence[tuple[float, T]]) -> T:
    """Draw one of several options, each with its weight."""
    return rng.choices([o for _, o in options], [w for w, _ in options])[0]


def sound_alike(rng: Random, text: str) -> str:
    """Write one character as another that sounds the same."""
    places = [place for place, c in enumerate(text) if homophones().get(c)]
    if not places:
        return text
    place = rng.choice(places)
    return text[:place] + rng.choice(homophones()[text[place]]) + text[place + 1 :]


def mistype(rng: Random, text: str) -> str:
    """Swap, double or lose one letter of a word."""
    if len(text) < 5:
        return text
    place = rng.randrange(1, len(text) - 2)
    head, a, b, tail = text[:place], text[place], text[place + 1], text[place + 2 :]
    return rng.choice([head + b + a + tail, head + a + a + b + tail, head + b + tail])


def widen(text: str) -> str:
    """Write digits, hyphens and brackets full width."""
    return text.translate(WIDE)


def digit_typo(rng: Random, number: str) -> str:
    """Swap two digits near the end of a number."""
    place = len(number) - rng.randint(2, 4)
    return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
