"""Persons of a study or registry whose birth date stands in three columns, year, month and day.

Names stand in two columns, or each name again in two parts, the second mostly empty. There is
little else: perhaps a postcode, a place of birth, and for some people a number like that of the
social insurance. Clerks slip in names and dates; families share surname and postcode, twins the
date.
"""

import numpy as np

from benchmarks.families.family import Family, Headers
from benchmarks.families.keyboard import slip
from benchmarks.families.register import shout
from benchmarks.families.words_export import export
from benchmarks.families.words_homes import (
    GIVEN,
    SURNAMES,
    People,
    Plan,
    Rng,
    Texts,
    given_names,
    people,
    plan,
    some,
    surnames,
    texts,
)
from benchmarks.families.words_people import MONTHS, TOWNS
from benchmarks.families.words_records import Keeper, Rows

HEADERS: Headers = {
    "id": ("ID|RecID|Case", "序号|Nr|Numéro", "Code|Key"),
    "source": ("Source|Register|Site", "来源|Quelle|Origine", "Type|Set"),
    "first": ("First name|fname|fname_c1|Given", "名|Vorname|Prénom", "Name1|N1"),
    "first2": ("Second name|fname_c2|Middle name", "中间名|Zweitname|Prénom 2", "Name2|N2"),
    "last": ("Last name|lname|lname_c1|Surname", "姓|Nachname|Nom", "Name3|N3"),
    "last2": ("Second surname|lname_c2|Surname 2", "第二姓|Zusatzname|Nom 2", "Name4|N4"),
    "year": ("Birth year|YOB|by|Year", "出生年|Jahr|Année", "A|Value 1"),
    "month": ("Birth month|MOB|bm|Month", "出生月|Monat|Mois", "B|Value 2"),
    "day": ("Birth day|DayOB|bd|Day", "出生日|Tag|Jour", "C|Value 3"),
    "postcode": ("Postcode|Zip|PC", "邮编|PLZ|Code postal", "Area|Region"),
    "code": ("NI number|Insurance no|SSN", "社保号|SV-Nummer|No sécu", "Extra|X"),
    "place": ("Place of birth|Birthplace|Born in", "出生地|Geburtsort|Lieu", "Place|P"),
    "sex": ("Sex|Gender", "性别|Geschlecht|Sexe", "G|Flag"),
    "country": ("Country|Study", "国家|Land|Pays", "Group"),
}


def _dates(rng: Rng, got: Rows, holes: float, locked: np.ndarray) -> dict[str, Texts]:
    """Three columns; sources differ in padding, in month names and in years of two digits."""
    top = int(got.source.max()) + 1
    form = rng.choice([0, 0, 1, 1, 2, 3], top) if rng.random() < 0.4 else np.full(top, 0)
    if rng.random() < 0.3:
        form[:] = 1
    out: dict[str, list[str | None]] = {"year": [], "month": [], "day": []}
    gone = rng.random((2, len(got))) < holes
    gone[:, locked] = False
    for y, m, d, s, no_m, no_d in zip(
        got.year.tolist(), got.month.tolist(), got.day.tolist(), form[got.source].tolist(),
        gone[0].tolist(), gone[1].tolist(), strict=True,
    ):  # fmt: skip
        out["year"].append(None if not y else f"{y % 100:02d}" if s == 3 else str(y))
        month = f"{m:02d}" if s == 1 else MONTHS[m - 1] if s == 2 else str(m)
        out["month"].append(None if not y or (no_m and not no_d) else month)
        out["day"].append(None if not y or no_d else f"{d:02d}" if s == 1 else str(d))
    return {c: texts(v) for c, v in out.items()}


def _seconds(rng: Rng, got: Rows, folk: People, p: Plan) -> tuple[Texts, Texts]:
    """Second given name and second surname, steady per person where they are written down."""
    n = len(folk)
    young = folk.birth > np.datetime64("1975-01-01")
    middle = given_names(rng, folk.tongue, folk.male, young, 0.8)
    one = texts(GIVEN)[middle]
    one[(rng.random(n) >= p["middle"]) | (middle == folk.given)] = None
    two = texts(SURNAMES)[surnames(rng, folk.tongue, 0.8)]
    two[rng.random(n) >= p["double"]] = None
    first2, last2 = one[got.who], two[got.who]
    kind = rng.random(len(got))
    for i in np.flatnonzero(kind < 0.25):
        first2[i] = None if kind[i] < 0.15 else first2[i] and first2[i][0]
    last2[rng.random(len(got)) < 0.15] = None
    return first2, last2


def _codes(rng: Rng, got: Rows, n_people: int, p: Plan) -> Texts:
    """A number of which nobody else has the same, known for part of the rows, sometimes slipped."""
    letters = "ABCEGHJKLMNPRSTWXYZ"
    stem = rng.permutation(900_000)[:n_people] + 100_000
    ends = rng.integers(0, len(letters), (n_people, 3)).tolist()
    whole = texts(
        [
            f"{letters[a]}{letters[b]}{s}{letters[c % 4]}"
            for s, (a, b, c) in zip(stem.tolist(), ends, strict=True)
        ]
    )
    whole[rng.random(n_people) >= p["coded"]] = None
    out = whole[got.who]
    out[rng.random(len(got)) < p["no_code"]] = None
    for i in np.flatnonzero(rng.random(len(got)) < 0.02):
        out[i] = out[i] and slip(out[i], float(rng.random()), float(rng.random()))
    return out


def _plan(rng: Rng) -> Plan:
    p = plan(rng)
    p.drawn |= {
        "middle": some(rng, 0.05, 0.6),
        "double": some(rng, 0.0, 0.2),
        "coded": some(rng, 0.1, 0.8),
        "no_code": some(rng, 0.0, 0.5),
        "holes": some(rng, 0.0, 0.1, 2),
        "birth_error": some(rng, 0.02, 0.4),
        "name_error": some(rng, 0.05, 0.6),
        "junior": some(rng, 0.0, 0.1, 2),
    }
    p.fields = ("birth", "postcode") if rng.random() < 0.6 else ("birth",)
    p.need, p.lone = 1.65, 0.65
    if p.fields == ("birth",):
        p.drawn["no_birth"] = 0.0
    p.drawn["no_birth"] *= 0.3
    return p


def _birthplaces(rng: Rng, got: Rows, folk: People) -> Texts:
    born = np.where(rng.random(len(folk)) < 0.6, folk.town[folk.home], 0)
    born = np.where(born == 0, rng.integers(0, len(TOWNS), len(folk)), born)
    place = texts([t.name for t in TOWNS])[born][got.who]
    return np.where(rng.random(len(got)) < some(rng, 0, 0.5), None, place)


def _cells(rng: Rng, got: Rows, folk: People, p: Plan, parts: bool) -> dict[str, Texts]:
    n = len(got)
    out: dict[str, Texts] = {}
    if rng.random() < 0.4:
        out["id"] = got.given
    if p["sources"] > 1 and rng.random() < 0.5:
        out["source"] = texts(["North", "South", "Old file", "2012"])[got.source]
    first2, last2 = _seconds(rng, got, folk, p)
    out |= {"first": got.given, "first2": first2, "last": got.surname, "last2": last2}
    out |= _dates(rng, got, p["holes"], folk.namesake[got.who] | folk.alike[got.who])
    if "postcode" in p.fields:
        out["postcode"] = got.postcode
    if rng.random() < 0.5:
        out["code"] = _codes(rng, got, len(folk), p)
    if rng.random() < 0.4:
        out["place"] = _birthplaces(rng, got, folk)
    if rng.random() < 0.3:
        out["sex"] = np.where(got.male, "M", "F").astype(object)
    if rng.random() < 0.15:
        out["country"] = texts(["UK"] * n)
    if not parts:
        del out["first2"], out["last2"]
    return out


def draw(seed: int, rows: int | None = None) -> Family:
    """Draw one registry."""
    rng = np.random.default_rng(seed)
    wanted = rows or int(rng.integers(1500, 8000))
    p = _plan(rng)
    folk = people(rng, wanted, p)
    got = Keeper(rng, folk, p).rows()
    parts = bool(rng.random() < 0.5)
    cells = _cells(rng, got, folk, p, parts)
    shout(rng, cells, got.source, 0.2, {"first", "first2", "last", "last2"})
    drawn = {**p.drawn, "parts": int(parts)}
    return export(rng, cells, got, HEADERS, ("postcode", "code", "year"), drawn)
