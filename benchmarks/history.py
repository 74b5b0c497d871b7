"""People of the past as directories keep them: many records each, full of slips, gaps and doubts.

    python benchmarks/history.py 20000 --seed 5 --noise 1.0 --out history.csv

The truth is the column `entity`. Written after the look of registers drawn from encyclopaedias: a
name three times over (whole, in short, in parts), a date of birth often known by its year alone and
then kept as 1 January, a place of birth with postcodes near it, an occupation. Words are this
file's own or invented; nothing is taken from the matcher's tables.
"""

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.persons import GIVEN, SHORT, SURNAMES, Luck, Row, invented, typo, zipf

OCCUPATIONS = (
    "politician painter writer cricketer footballer soldier clergyman lawyer engineer actor "
    "composer botanist architect journalist physician explorer merchant poet priest singer "
    "businessperson judge photographer mathematician naturalist sculptor"
).split()
TITLES = ("sir", "lady", "rev", "dr", "captain", "major")
SLIPS = {"first": 0.14, "surname": 0.16, "birth_place": 0.07, "postcode": 0.07, "occupation": 0.02}
"""How often a part is mistyped."""
GAPS = {
    "first_name": 0.03, "surname": 0.06, "dob": 0.14, "birth_place": 0.14, "postcode": 0.14,
    "gender": 0.2, "occupation": 0.25,
}  # fmt: skip
"""How often a field is left out."""


def persons(draw: np.random.Generator, count: int) -> pl.DataFrame:
    """True persons; a fifth share surname and place with another, as families do."""
    surnames, given = SURNAMES + invented(draw, 2500), GIVEN + invented(draw, 250)
    places = invented(draw, 300)
    surname = zipf(draw, surnames, count, 0.9)
    place = draw.choice(300, count, p=(w := 1 / (np.arange(300) + 3.0)) / w.sum())
    kin = np.flatnonzero(draw.random(count) < 0.2)
    other = draw.integers(0, count, len(kin))
    surname[kin], place[kin] = surname[other], place[other]
    by_year = draw.random(count) < 0.25
    return pl.DataFrame(
        {
            "first": [str(x).lower() for x in zipf(draw, given, count, 1.0)],
            "middle": [str(x).lower() for x in zipf(draw, given, count, 0.9)],
            "has_middle": draw.random(count) < 0.45,
            "surname": [str(x).lower() for x in surname],
            "title": [
                str(draw.choice(TITLES)) if draw.random() < 0.12 else "" for _ in range(count)
            ],
            "year": 1960 - (draw.exponential(70, count)).astype(int).clip(0, 400),
            "month": np.where(by_year, 1, draw.integers(1, 13, count)),
            "day": np.where(by_year, 1, draw.integers(1, 29, count)),
            "place": place,
            "birth_place": [places[n].lower() for n in place],
            "gender": draw.choice(["male", "female"], count, p=[0.8, 0.2]),
            "occupation": draw.choice(
                OCCUPATIONS, count, p=(w := 1 / (np.arange(26) + 2)) / w.sum()
            ),
        }
    )


def postcode(draw: np.random.Generator, place: int) -> str:
    """One of the postcodes around a place."""
    return f"{'abcdefghjk'[place % 10]}{'lmnprstuwx'[place // 10 % 10]}{place % 17 + 1} " + (
        f"{draw.integers(1, 10)}{draw.choice(list('abdefghjlnpqrstuwxyz'))}"
        f"{draw.choice(list('abdefg'))}"
    )


def written(
    draw: np.random.Generator, one: dict[str, str], home: str, places: list[str], noise: float
) -> Row:
    """One record of a person."""

    def luck(p: float) -> bool:
        return bool(draw.random() < p * noise)

    part = {name: str(one[name]) for name in ("first", "middle", "surname", "birth_place")}
    part |= {"postcode": home, "occupation": str(one["occupation"])}
    elsewhere(draw, part, one, places, luck)
    misspell(draw, part, luck)
    row: Row = {
        "full_name": whole_name(part, one, luck),
        "first_and_surname": f"{part['first']} {part['surname']}",
        "first_name": part["first"],
        "surname": part["surname"],
        "dob": misdated(draw, one, luck(0.08), luck(0.05)),
        "birth_place": part["birth_place"],
        "postcode": part["postcode"],
        "gender": one["gender"],
        "occupation": part["occupation"],
    }
    for name, p in GAPS.items():
        if luck(p):
            row[name] = None
    return row


def elsewhere(
    draw: np.random.Generator,
    part: dict[str, str],
    one: dict[str, str],
    places: list[str],
    luck: Luck,
) -> None:
    """Another postcode of the place, another place, another occupation."""
    if luck(0.2):
        part["postcode"] = postcode(draw, int(one["place"]))
    if luck(0.1):
        other = int(draw.integers(0, len(places)))
        part["birth_place"] = places[other]
        if luck(0.6):
            part["postcode"] = postcode(draw, other)
    if luck(0.06):
        part["occupation"] = str(draw.choice(OCCUPATIONS))


def misspell(draw: np.random.Generator, part: dict[str, str], luck: Luck) -> None:
    """Short forms and initials, slips of the hand, names in the wrong order."""
    if part["first"].capitalize() in SHORT and luck(0.3):
        part["first"] = SHORT[part["first"].capitalize()].lower()
    elif luck(0.04):
        part["first"] = part["first"][:1]
    for name, p in SLIPS.items():
        while luck(p):
            part[name] = typo(draw, part[name])
    if luck(0.03):
        part["first"], part["surname"] = part["surname"], part["first"]


def whole_name(part: dict[str, str], one: dict[str, str], luck: Luck) -> str:
    """The name with title and middle name, as far as they are written."""
    middle = part["middle"] if one["has_middle"] and not luck(0.35) else ""
    if middle and luck(0.2):
        middle = middle[:1]
    title = one["title"] if not luck(0.4) else ""
    return " ".join(x for x in (title, part["first"], middle, part["surname"]) if x)


def misdated(
    draw: np.random.Generator, one: dict[str, str], doubt: bool, known_by_year: bool
) -> str:
    """A date of birth, perhaps a little off or reduced to its year."""
    year, month, day = int(one["year"]), int(one["month"]), int(one["day"])
    if known_by_year:
        month = day = 1
    if doubt:
        part = int(draw.integers(0, 3))
        year += int(draw.integers(-2, 3)) if part == 0 else 0
        month = int(draw.integers(1, 13)) if part == 1 else month
        day = int(draw.integers(1, 29)) if part == 2 else day
    return f"{year}-{month:02d}-{day:02d}"


def directory(rows: int, seed: int, noise: float = 1.0) -> pl.DataFrame:
    """About seven records a person, some with one and some with twenty, shuffled."""
    draw = np.random.default_rng(seed)
    people = rows // 7
    true = persons(draw, people)
    entity = np.concatenate(
        [
            np.arange(people),
            draw.choice(people, rows - people, p=(w := draw.gamma(1.5, 1, people)) / w.sum()),
        ]
    )
    draw.shuffle(entity)
    ones = true.to_dicts()
    homes = [postcode(draw, int(one["place"])) for one in ones]
    places = sorted(set(true["birth_place"].to_list()))
    records = [written(draw, ones[n], homes[n], places, noise) for n in entity]
    return pl.DataFrame(records, infer_schema_length=None).with_columns(entity=pl.Series(entity))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("rows", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--out", type=Path, default=Path("history.csv"))
    given = parser.parse_args()
    directory(given.rows, given.seed, given.noise).write_csv(given.out)


if __name__ == "__main__":
    main()
