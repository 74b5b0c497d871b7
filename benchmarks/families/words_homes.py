"""A population of British households, and the records that registers keep of its people.

Vectorised: people, homes and records are arrays; only cells that go wrong are touched one by one.
What a record still says about its person is weighed, so that blanks and changes can be taken back
where a careful human could no longer tell whom the record is about.
"""

import unicodedata
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.families.words_people import MAIL, STREETS, TONGUES, TOWNS

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]
Rng = np.random.Generator

GIVEN = sorted({name for t in TONGUES for name in t.male + t.female})
SURNAMES = sorted({name for t in TONGUES for name in t.surnames})
_GIVEN_AT = {name: i for i, name in enumerate(GIVEN)}
_SURNAME_AT = {name: i for i, name in enumerate(SURNAMES)}
_POOLS = [
    tuple(
        np.array([at[name] for name in dict.fromkeys(names)])
        for at, names in ((_GIVEN_AT, t.female), (_GIVEN_AT, t.male), (_SURNAME_AT, t.surnames))
    )
    for t in TONGUES
]


def plain(text: str) -> str:
    """Without marks on its letters, as systems without them write it."""
    folded = text.replace("ł", "l").replace("Ł", "L").replace("ı", "i")
    return unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()


_GIVEN_MAIL = [plain(name).lower().replace("-", "") for name in GIVEN]
_SURNAME_MAIL = [plain(name).lower() for name in SURNAMES]
INITIALS = np.array([ord(plain(name)[0]) for name in GIVEN])


def texts(items: list[Any]) -> Texts:
    """Python objects as an array that can be indexed by arrays."""
    out = np.empty(len(items), dtype=object)
    out[:] = items
    return out


def zipf(rng: Rng, n: int, size: int, power: float) -> Ints:
    """Ranks below `n` that fall off by Zipf's law."""
    heap = np.cumsum((np.arange(n) + 3.0) ** -power)
    return np.minimum(np.searchsorted(heap, rng.random(size) * heap[-1]), n - 1)


def some(rng: Rng, low: float, high: float, skew: float = 1.0) -> float:
    """A share between two bounds, small more often the higher `skew`."""
    return round(float(low + (high - low) * rng.random() ** skew), 4)


@dataclass
class Plan:
    """What a seed drew; a family may fix what its register is about."""

    drawn: dict[str, float]
    need: float = 2.4
    lone: float = 1.4
    fields: tuple[str, ...] = ("birth", "phone", "landline", "mail", "street", "town", "postcode")

    def __getitem__(self, name: str) -> float:
        return self.drawn[name]


def plan(rng: Rng, **fixed: float) -> Plan:
    """Draw every rate of population, change and error over wide ranges."""
    out = {
        "dup_share": some(rng, 0.02, 0.6, 1.3),
        "dup_more": some(rng, 0.05, 0.6, 1.5),
        "home_single": some(rng, 0.1, 0.6),
        "home_flat": some(rng, 0.0, 0.2),
        "home_many": some(rng, 0.0, 0.01, 2),
        "english": some(rng, 0.4, 0.95),
        "zipf": some(rng, 0.75, 1.15),
        "towns": int(rng.choice([1, 3, 10, 60, 60])),
        "junior": some(rng, 0.0, 0.15, 1.5),
        "twin": some(rng, 0.0, 0.15, 1.5),
        "landline_only": some(rng, 0.05, 0.8),
        "family_mail": some(rng, 0.0, 0.6),
        "bad_phone": some(rng, 0.0, 0.6, 4),
        "moved": some(rng, 0.0, 0.4),
        "married": some(rng, 0.0, 0.25),
        "new_phone": some(rng, 0.0, 0.4),
        "new_mail": some(rng, 0.0, 0.5),
        "name_error": some(rng, 0.02, 0.5),
        "birth_error": some(rng, 0.0, 0.15),
        "street_error": some(rng, 0.0, 0.3),
        "sources": int(rng.integers(1, 5)),
        "dirty_one": float(rng.random() < 0.4),
        "odd_phone": some(rng, 0.0, 0.6),
        "wrong_column": some(rng, 0.0, 0.03, 2),
        "flats": some(rng, 0.0, 0.2),
    }
    for name, high in (("birth", 0.6), ("phone", 0.7), ("landline", 0.7), ("mail", 0.7)):
        out[f"no_{name}"] = some(rng, 0.0, high, 2)
    for name in ("street", "town", "postcode"):
        out[f"no_{name}"] = some(rng, 0.0, 0.5, 3)
    out["no_given"] = some(rng, 0.0, 0.01, 2)
    out.update(fixed)
    return Plan(out)


@dataclass
class People:
    """Everybody once, by home."""

    home: Ints
    role: Ints
    """0 head, 1 partner, 2 child, 3 lodger or inmate."""
    male: Bools
    tongue: Ints
    given: Ints
    surname: Ints
    birth: npt.NDArray[np.datetime64]
    alike: Bools
    """Shares the initial with somebody at home."""
    namesake: Bools
    """Shares the whole name with somebody at home."""
    town: Ints
    street: Ints
    number: Ints
    flat: Ints
    """Per address: homes first, then where each home moves to."""
    homes: int
    shared_phone: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    shared_mail: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __len__(self) -> int:
        return len(self.home)


def given_names(rng: Rng, tongue: Ints, male: Bools, young: Bools, power: float) -> Ints:
    """A given name for each, by origin, sex and age."""
    out = np.zeros(len(tongue), dtype=np.int64)
    for t, pools in enumerate(_POOLS):
        for sex in (0, 1):
            mine = np.flatnonzero((tongue == t) & (male == bool(sex)))
            pool = pools[sex]
            rank = zipf(rng, len(pool), len(mine), power)
            out[mine] = pool[(rank + np.where(young[mine], len(pool) // 2, 0)) % len(pool)]
    return out


def surnames(rng: Rng, tongue: Ints, power: float) -> Ints:
    """A surname for each, by origin."""
    out = np.zeros(len(tongue), dtype=np.int64)
    for t, pools in enumerate(_POOLS):
        mine = np.flatnonzero(tongue == t)
        out[mine] = pools[2][zipf(rng, len(pools[2]), len(mine), power)]
    return out


def _sizes(rng: Rng, wanted: int, p: Plan) -> tuple[Ints, Ints]:
    """The size and kind of each home: family, single, flat share, house of many."""
    n = int(wanted / (1 + 2 * (1 - p["home_single"])) * 1.6) + 20
    kind = rng.choice(
        4,
        n,
        p=[
            1 - p["home_single"] - p["home_flat"] - p["home_many"],
            *(p["home_single"], p["home_flat"], p["home_many"]),
        ],
    )
    size = np.select(
        [kind == 1, kind == 2, kind == 3],
        [np.ones(n, dtype=np.int64), rng.integers(2, 6, n), rng.integers(8, 61, n)],
        rng.choice([2, 3, 4, 5, 6], n, p=[0.38, 0.24, 0.23, 0.1, 0.05]),
    )
    last = int(np.searchsorted(np.cumsum(size), wanted)) + 1
    return size[:last], kind[:last]


def _first_of(code: Ints) -> Bools:
    """Whether each is the first of its code."""
    out = np.zeros(len(code), dtype=bool)
    out[np.unique(code, return_index=True)[1]] = True
    return out


def shared(code: Ints) -> Bools:
    """Whether others have the same code."""
    _, back, count = np.unique(code, return_inverse=True, return_counts=True)
    return np.asarray(count[back] > 1)


def _births(rng: Rng, role: Ints, first: Ints, twin: Bools) -> Any:
    n = len(role)
    year = rng.integers(1928, 1999, n)
    year = np.where(role == 1, year[first] + rng.integers(-6, 7, n), year)
    year = np.where(role == 2, year[first] + rng.integers(21, 41, n), year)
    year = np.where(role == 3, year[first] + rng.integers(-12, 13, n), year)
    late = year > 2023
    year = np.where(late, 2023 - rng.integers(0, 5, n), year)
    birth = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + rng.integers(0, 365, n)
    for at in np.flatnonzero(twin):  # in order, so that triplets come out too
        birth[at] = birth[at - 1]
    return birth


def _lineage(rng: Rng, pos: Ints, kind: Ints) -> Ints:
    couple = rng.random(len(kind)) < 0.85
    role = np.where(pos == 1, np.where(couple, 1, 2), 2)
    return np.where(pos == 0, 0, np.where(kind >= 2, 3, role))


def people(rng: Rng, rows: int, p: Plan) -> People:
    """Draw the people of about `rows` records, in their homes."""
    more = p["dup_share"] / (1 - p["dup_more"])
    size, kind = _sizes(rng, max(int(rows / (1 + more)), 50), p)
    homes = len(size)
    home = np.repeat(np.arange(homes), size)
    start = np.cumsum(size) - size
    first = start[home]
    n = len(home)
    role = _lineage(rng, np.arange(n) - first, kind[home])
    male = rng.random(n) < 0.5
    male = np.where((role == 1) & (rng.random(n) < 0.97), ~male[first], male)
    twin = (role == 2) & np.r_[False, role[:-1] == 2] & (rng.random(n) < p["twin"])
    birth = _births(rng, role, first, twin)
    others = (1 - p["english"]) / (len(TONGUES) - 1)
    tongue = rng.choice(len(TONGUES), n, p=[p["english"]] + [others] * (len(TONGUES) - 1))
    mixed = (role == 3) | ((role == 1) & (rng.random(n) < 0.1))
    tongue = np.where(mixed, tongue, tongue[first])
    own = surnames(rng, tongue, p["zipf"])
    keeps = (role == 3) | ((role == 1) & (rng.random(n) < 0.25))
    surname = np.where(keeps, own, own[first])
    young = birth > np.datetime64("1978-01-01")
    given = given_names(rng, tongue, male, young, p["zipf"])
    father = np.full(homes, -1)
    for of in (1, 0):
        mine = np.flatnonzero((role == of) & male)
        father[home[mine]] = mine
    sons = np.flatnonzero((role == 2) & male & (father[home] >= 0))
    sons = sons[_first_of(home[sons]) & (rng.random(len(sons)) < p["junior"])]
    sons = sons[(birth[sons] - birth[father[home[sons]]]).astype(int) > 19 * 365]
    sons = sons[surname[sons] == surname[father[home[sons]]]]
    junior = np.zeros(n, dtype=bool)
    junior[sons] = True
    given[sons] = given[father[home[sons]]]
    for turn in range(60):
        again = np.flatnonzero(~_first_of(home * len(GIVEN) + given) & ~junior)
        if not len(again):
            break
        power = p["zipf"] if turn < 10 else 0.0
        tongue[again] = 0 if turn > 20 else tongue[again]
        given[again] = given_names(rng, tongue[again], male[again], young[again], power)
    towns = rng.permutation(len(TOWNS))[: int(p["towns"])]
    town = np.sort(towns)[zipf(rng, len(towns), 2 * homes, 0.8)]
    return People(
        home=home, role=role, male=male, tongue=tongue, given=given, surname=surname,
        birth=birth,
        alike=shared(home * 128 + INITIALS[given]),
        namesake=shared((home * len(GIVEN) + given) * len(SURNAMES) + surname),
        town=town, street=zipf(rng, len(STREETS), 2 * homes, 0.5),
        number=np.minimum(zipf(rng, 220, 2 * homes, 0.4), 220) + 1,
        flat=np.where(rng.random(2 * homes) < p["flats"], rng.integers(1, 30, 2 * homes), 0),
        homes=homes,
    )  # fmt: skip


def postcodes(town: Ints, street: Ints, number: Ints) -> Texts:
    """The code of each address: neighbours on one street share it."""
    h = (town * 977 + street) * 31 + number // 40
    h = (h * 2654435761) % (1 << 32)
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return texts(
        [
            f"{TOWNS[t].area}{x % 23 + 1} {x // 23 % 9 + 1}"
            f"{letters[x // 207 % 20]}{letters[x // 4140 % 20]}"
            for t, x in zip(town.tolist(), h.tolist(), strict=True)
        ]
    )


def mails(rng: Rng, folk: People, family: Bools, style_low: int, seen: set[str]) -> Texts:
    """A mailbox per person that nobody else has, or the family's."""
    n = len(folk)
    style = rng.integers(style_low, style_low + 4, n).tolist()
    number, domain = rng.integers(1, 999, n).tolist(), zipf(rng, len(MAIL), n, 0.9).tolist()
    out: list[str] = []
    for g, s, k, d, y in zip(
        folk.given.tolist(), folk.surname.tolist(), number, domain, style, strict=True
    ):
        given, surname = _GIVEN_MAIL[g], _SURNAME_MAIL[s]
        local = (
            f"{given}.{surname}", f"{given[0]}{surname}{k % 100}", f"{given}{k}",
            f"{given}_{surname}", f"{surname}.{given[0]}{k % 50}", f"{given}{surname}{k % 90}",
        )[y % 6]  # fmt: skip
        out.append(f"{local}@{MAIL[d]}")
    for i, address in enumerate(out):
        if address in seen:
            out[i] = address.replace("@", f"{rng.integers(1000, 99999)}{i % 10}@")
        seen.add(out[i])
    got = texts(out)
    heads = np.full(folk.homes, 0)
    heads[folk.home[::-1]] = np.arange(n)[::-1]
    return np.where(family, got[heads[folk.home]], got)
