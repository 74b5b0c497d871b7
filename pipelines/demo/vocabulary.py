"""The words the made-up world is spoken in: names, places, trades, all from the data files."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class City:
    """A Chinese city, with what a clerk there knows by heart."""

    name: str
    province: str
    code: str
    """Its division code in GB/T 2260."""
    area_code: str
    local_digits: int
    postcode: str
    """The first four digits."""
    east: bool
    districts: tuple[str, ...]

    @property
    def municipality(self) -> bool:
        """Whether the city is a province of its own."""
        return self.province == f"{self.name}市"


@dataclass(frozen=True)
class Abroad:
    """A town outside the mainland."""

    name: str
    country: str
    state: str
    phone: str
    """A pattern in which # stands for a digit."""
    mobile: str | None
    postcode: str
    forms: tuple[str, ...]
    districts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trade:
    """What a firm does, and how that is written."""

    name: str
    short: str
    industry: str
    """Its section in GB/T 4754."""
    english: str


@cache
def words(file: str) -> dict[str, Any]:
    """Read one of the data files."""
    text = files("pipelines.demo").joinpath("data", f"{file}.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return data


@cache
def cities() -> tuple[City, ...]:
    """The mainland's cities of the demo."""
    return tuple(
        City(name, province, code, area, digits, post, east, tuple(districts))
        for name, (province, code, area, digits, post, east, districts) in words("places")[
            "cities"
        ].items()
    )


@cache
def towns_abroad() -> tuple[Abroad, ...]:
    """The towns of English-speaking customers."""
    return tuple(
        Abroad(name, country, state, phone, mobile, post, tuple(forms))
        for name, (country, state, phone, mobile, post, forms) in words("places")["abroad"].items()
    )


@cache
def taiwan() -> tuple[Abroad, ...]:
    """The cities of customers who write traditional characters."""
    return tuple(
        Abroad(
            name,
            "Taiwan",
            "",
            f"({area}) 2555-####" if area in {"02", "04"} else f"({area}) 555-####",
            "0900-0##-###",
            post,
            ("股份有限公司", "有限公司"),
            tuple(districts),
        )
        for name, (area, post, districts) in words("places")["taiwan"].items()
    )


@cache
def trades() -> tuple[Trade, ...]:
    """What Chinese firms of the demo do."""
    return tuple(Trade(name, *rest) for name, rest in words("firms")["trades"].items())


@cache
def homophones() -> dict[str, tuple[str, ...]]:
    """Which characters of our names are taken for one another because they sound alike."""
    readings = {**words("firms")["syllables"], **words("people")["given"]}
    by_sound: dict[str, list[str]] = {}
    for character, sound in readings.items():
        by_sound.setdefault(sound, []).append(character)
    return {
        character: tuple(other for other in by_sound[sound] if other != character)
        for character, sound in readings.items()
    }


def traditional(text: str) -> str:
    """Write a text of the demo as it is written in Taiwan."""
    for mainland, taiwanese in words("traditional")["words"].items():
        text = text.replace(mainland, taiwanese)
    return text.translate(str.maketrans(*_two_scripts()))


def simplified(text: str) -> str:
    """Write a text of the demo as it is written on the mainland."""
    for mainland, taiwanese in words("traditional")["words"].items():
        text = text.replace(taiwanese, mainland)
    return text.translate(str.maketrans(*reversed(_two_scripts())))


@cache
def _two_scripts() -> tuple[str, str]:
    table = words("traditional")
    return table["simplified"].replace(" ", ""), table["traditional"].replace(" ", "")
