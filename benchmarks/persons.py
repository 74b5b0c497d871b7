"""People as registers keep them: households, moves, marriages, swaps, look-alike relatives.

    python benchmarks/persons.py 100000 --seed 7 --noise 1.0 --out persons.csv

The truth is the column `entity`. Names are drawn by Zipf's law from common names and invented ones,
so that common names collide as they do in a city. Nothing here is taken from the matcher's tables.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

GIVEN = (
    "James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara "
    "Richard Susan Joseph Jessica Thomas Sarah Charles Karen Christopher Lisa Daniel Nancy "
    "Matthew Betty Anthony Margaret Mark Sandra Donald Ashley Steven Kimberly Paul Emily "
    "Andrew Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Dorothy George Melissa "
    "Edward Deborah Ronald Stephanie Timothy Rebecca Jason Sharon Jeffrey Laura Ryan Cynthia "
    "Jacob Kathleen Gary Amy Nicholas Angela Eric Shirley Jonathan Anna Stephen Brenda Larry "
    "Pamela Justin Emma Scott Nicole Brandon Helen Benjamin Samantha Samuel Katherine Gregory "
    "Christine Frank Debra Alexander Rachel Raymond Carolyn Patrick Janet Jack Catherine "
    "Dennis Maria Jerry Heather Tyler Diane Aaron Ruth"
).split()
SHORT = {
    "James": "Jim", "Robert": "Bob", "Michael": "Mike", "William": "Bill", "Richard": "Dick",
    "Elizabeth": "Liz", "Jennifer": "Jen", "Patricia": "Pat", "Margaret": "Peggy",
    "Thomas": "Tom", "Christopher": "Chris", "Daniel": "Dan", "Matthew": "Matt",
    "Anthony": "Tony", "Steven": "Steve", "Andrew": "Andy", "Kenneth": "Ken", "Edward": "Ted",
    "Timothy": "Tim", "Jeffrey": "Jeff", "Nicholas": "Nick", "Samuel": "Sam",
    "Benjamin": "Ben", "Gregory": "Greg", "Katherine": "Kate", "Deborah": "Debbie",
}  # fmt: skip
SURNAMES = (
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez "
    "Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris "
    "Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres Nguyen Hill "
    "Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts Gomez Phillips "
    "Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers"
).split()
STREETS = "Oak Maple Cedar Pine Elm Washington Lake Hill Park Main Church High Mill Station".split()
ENDINGS = ["Street", "Avenue", "Road", "Lane", "Drive"]
ABBREVIATED = {"Street": "St", "Avenue": "Ave", "Road": "Rd", "Lane": "Ln", "Drive": "Dr"}
SYLLABLES = (
    "ba be bo da de do fa fe ga go ha he jo ka ke ko la le li lo ma me mi mo na ne ni no pa pe po "
    "ra re ri ro sa se si so ta te ti to va ve vi wa we za zo"
).split()
TAILS = ["n", "r", "s", "son", "man", "ton", "ley", "ski", "berg", "ll", "rd", "th"]


def invented(draw: np.random.Generator, count: int) -> list[str]:
    """Names nobody has heard of, for the long tail of a real register."""
    made: dict[str, None] = {}
    while len(made) < count:
        parts = [str(draw.choice(SYLLABLES)) for _ in range(int(draw.integers(2, 4)))]
        made["".join(parts).capitalize() + str(draw.choice(TAILS))] = None
    return list(made)


def zipf(draw: np.random.Generator, words: list[str], n: int, power: float) -> np.ndarray:
    weight = 1 / (np.arange(len(words)) + 3.0) ** power
    return np.array(words, object)[draw.choice(len(words), n, p=weight / weight.sum())]


def families(draw: np.random.Generator, people: int) -> pl.DataFrame:
    """True persons: a household shares surname, address and landline; some share more."""
    sizes = draw.choice([1, 2, 3, 4, 5], people, p=[0.34, 0.3, 0.16, 0.14, 0.06])
    home = np.repeat(np.arange(people), sizes)[:people]
    homes = int(home[-1]) + 1
    surnames = SURNAMES + invented(draw, 6000)
    given = GIVEN + invented(draw, 900)
    own_name = draw.random(people) < 0.12
    surname = np.where(
        own_name, zipf(draw, surnames, people, 0.95), zipf(draw, surnames, homes, 0.95)[home]
    )
    first = zipf(draw, given, people, 1.0)
    inside = np.arange(people) - np.searchsorted(home, home)
    parents = draw.integers(1935, 1990, homes)[home]
    year = np.where(
        inside < 2, parents + draw.integers(-6, 7, people), parents + draw.integers(20, 38, people)
    )
    year = np.clip(year, 1920, 2022)
    month, day = draw.integers(1, 13, people), draw.integers(1, 29, people)
    junior = (inside == 2) & (draw.random(people) < 0.06)
    twin = (inside == 3) & (draw.random(people) < 0.08)
    for here in np.flatnonzero(junior):
        first[here] = first[here - 2]
        surname[here] = surname[here - 2]
    for here in np.flatnonzero(twin):
        year[here], month[here], day[here] = year[here - 1], month[here - 1], day[here - 1]
        surname[here] = surname[here - 1]
        first[here] = first[here - 1][:2] + str(first[here])[1:].lower()
    cities = invented(draw, 400)
    town = draw.choice(400, homes, p=(w := 1 / (np.arange(400) + 2.0)) / w.sum())
    street = zipf(draw, STREETS + invented(draw, 1500), homes, 0.7)
    ending = draw.choice(ENDINGS, homes)
    number = draw.integers(1, 260, homes)
    address = np.array(
        [f"{n} {s} {e}" for n, s, e in zip(number, street, ending, strict=True)], object
    )
    landline = draw.integers(2_000_000_000, 9_999_999_999, homes)
    mobile = draw.integers(2_000_000_000, 9_999_999_999, people)
    phone = np.where(draw.random(people) < 0.45, landline[home], mobile)
    suffix = draw.integers(1, 100, people)
    host = draw.choice(
        ["gmail.com", "yahoo.com", "hotmail.com", "aol.com", "work.org"],
        people,
        p=[0.45, 0.2, 0.2, 0.1, 0.05],
    )
    mail = [
        f"{f}.{s}{x}@{h}".lower() for f, s, x, h in zip(first, surname, suffix, host, strict=True)
    ]
    return pl.DataFrame(
        {
            "first_name": first.astype(str),
            "last_name": surname.astype(str),
            "birth_date": [
                f"{y:04d}-{m:02d}-{d:02d}" for y, m, d in zip(year, month, day, strict=True)
            ],
            "address": address[home].astype(str),
            "city": np.array(cities, object)[town][home].astype(str),
            "postcode": [
                f"{10000 + t * 37 + z % 9:05d}"
                for t, z in zip(town[home], number[home], strict=True)
            ],
            "phone": phone.astype(str),
            "email": mail,
        }
    )  # fmt: skip


def typo(draw: np.random.Generator, text: str) -> str:
    """One slip of the hand: a letter left out, doubled, changed or swapped with its neighbour."""
    if len(text) < 2:
        return text
    at = int(draw.integers(0, len(text)))
    kind = int(draw.integers(0, 4))
    letters = "0123456789" if text[at].isdigit() else "abcdefghijklmnopqrstuvwxyz"
    other = letters[int(draw.integers(0, len(letters)))]
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + other + text[at:]
    if kind == 2 or at == len(text) - 1:
        return text[:at] + other + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


Row = dict[str, str | None]
Luck = Callable[[float], bool]
SLIPS = {
    "first_name": 0.1, "last_name": 0.1, "address": 0.12, "city": 0.06, "postcode": 0.05,
    "phone": 0.06, "email": 0.06,
}  # fmt: skip
"""How often a field is mistyped."""
GAPS = {
    "birth_date": 0.08, "address": 0.08, "city": 0.05, "postcode": 0.08, "phone": 0.2,
    "email": 0.3,
}  # fmt: skip
"""How often a field is left out."""


def damage(draw: np.random.Generator, row: Row, fresh: dict[str, str], noise: float) -> None:
    """Change one record in place as registers do; `fresh` is another person's home to move to."""

    def luck(p: float) -> bool:
        return bool(draw.random() < p * noise)

    first = str(row["first_name"])
    shorten(row, luck)
    for name, p in SLIPS.items():
        if luck(p):
            row[name] = typo(draw, str(row[name]))
    move(draw, row, fresh, first, luck)
    misdate(draw, row, luck)
    address = str(row["address"])
    for long, short in ABBREVIATED.items():
        if address.endswith(long) and luck(0.4):
            row["address"] = address.removesuffix(long) + short
    for name, p in GAPS.items():
        if luck(p):
            row[name] = None


def shorten(row: Row, luck: Luck) -> None:
    """A first name is called by its short form, or by its initial."""
    first = str(row["first_name"])
    if first in SHORT and luck(0.15):
        row["first_name"] = SHORT[first]
    elif luck(0.04):
        row["first_name"] = first[:1]


def move(
    draw: np.random.Generator, row: Row, fresh: dict[str, str], first: str, luck: Luck
) -> None:
    """People move, change number and mailbox, marry, and have their names swapped.

    `first` is the name a mailbox is made of.
    """
    if luck(0.12):
        for name in ("address", "city", "postcode"):
            row[name] = fresh[name]
        if luck(0.5):
            row["phone"] = fresh["phone"]
    if luck(0.1):
        row["phone"] = str(draw.integers(2_000_000_000, 9_999_999_999))
    if luck(0.15):
        row["email"] = f"{first[:1]}{row['last_name']}{draw.integers(1, 999)}@mail.net".lower()
    if luck(0.03):
        row["last_name"] = fresh["last_name"]
    if luck(0.03):
        row["first_name"], row["last_name"] = row["last_name"], row["first_name"]


def misdate(draw: np.random.Generator, row: Row, luck: Luck) -> None:
    """Day and month change places, or a digit or the year is off."""
    year, month, day = str(row["birth_date"]).split("-")
    if luck(0.03):
        row["birth_date"] = f"{year}-{day}-{month}" if int(day) <= 12 else f"{year}-{month}-01"
    elif luck(0.06):
        digits = typo(draw, day)[:2].rjust(2, "0") if draw.random() < 0.5 else day
        year = str(int(year) + int(draw.integers(-1, 2)))
        possible = digits.isdigit() and 1 <= int(digits) <= 28
        row["birth_date"] = f"{year}-{month}-{digits if possible else day}"


SLICE = 250_000
"""Records held as Python objects at a time."""


def register(rows: int, seed: int, noise: float = 1.0) -> pl.DataFrame:
    """A register of about 0.6 persons a record, shuffled, with the truth in `entity`."""
    draw = np.random.default_rng(seed)
    people = int(rows * 0.6)
    persons = families(draw, people)
    again = draw.choice(
        people, rows - people, p=(w := draw.exponential(1, people) ** 1.5) / w.sum()
    )
    entity = np.concatenate([np.arange(people), again])
    draw.shuffle(entity)
    elsewhere = draw.integers(0, people, rows)
    parts = []
    for at in range(0, rows, SLICE):
        records = persons[entity[at : at + SLICE]].to_dicts()
        fresh = persons[elsewhere[at : at + SLICE]].to_dicts()
        for record, other in zip(records, fresh, strict=True):
            if draw.random() < 0.75:
                damage(draw, record, other, noise)
        parts.append(pl.DataFrame(records, schema=persons.schema))
    return pl.concat(parts).with_columns(entity=pl.Series(entity))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("rows", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--out", type=Path, default=Path("persons.csv"))
    given = parser.parse_args()
    register(given.rows, given.seed, given.noise).write_csv(given.out)


if __name__ == "__main__":
    main()
