"""The households of one street or one village: a row per person, as a parish or canvasser lists.

Names, a house number and a street are nearly all there is; families share surname and house,
cousins of one name live a few doors on, people move within the village or marry across the road.
The number stands in a column of its own or before the street.
"""

import numpy as np

from benchmarks.families.family import Family, Headers
from benchmarks.families.register import shout, write_births
from benchmarks.families.words_export import export, write_phone
from benchmarks.families.words_homes import (
    GIVEN,
    SURNAMES,
    People,
    Plan,
    Rng,
    Texts,
    people,
    plan,
    shared,
    some,
    texts,
)
from benchmarks.families.words_people import STREETS
from benchmarks.families.words_records import Keeper, Rows

HEADERS: Headers = {
    "id": ("ID|No.|Entry", "编号|Lfd|Numéro", "House ref|Key"),
    "source": ("List|Source|Round", "来源|Liste|Origine", "Type"),
    "first": ("First name|Given name|Christian name", "名|Vorname|Prénom", "Name 2|A"),
    "last": ("Surname|Family name|Last name", "姓|Nachname|Nom", "Household|Family"),
    "name": ("Name|Resident|Occupant", "姓名|Bewohner|Habitant", "Entry|House"),
    "number": ("No|House number|House", "门牌号|Hausnummer|Numéro", "Code|Nr"),
    "street": ("Street|Road|Address", "街道|Straße|Rue", "Location|Place"),
    "phone": ("Phone|Telephone|Tel", "电话|Telefon|Tél", "Number|Contact"),
    "mail": ("Email|E-mail", "邮箱|E-Mail|Courriel", "Contact"),
    "dob": ("Born|Date of birth|DOB", "出生日期|Geburtsdatum|Naissance", "Date|Since"),
    "sex": ("Sex|M/F", "性别|Geschlecht|Sexe", "Type|S"),
    "role": ("Relation|Position in household", "与户主关系|Stellung|Lien", "Status|Type"),
    "work": ("Occupation|Work|Trade", "职业|Beruf|Métier", "Notes|Group"),
    "town": ("Village|Town|Place", "村|Ort|Commune", "Area|District"),
    "postcode": ("Postcode|PC", "邮编|PLZ|Code postal", "Area code|Code"),
}
_WORK = """Retired Farmer Teacher Nurse Builder Student Clerk Driver Shopkeeper Plumber Carer
Electrician Publican Vicar Solicitor Gardener Cook Joiner Engineer Housewife Mechanic""".split()
_HOUSES = [
    f"{base} {kind}"
    for kind in "Cottage House Farm Barn Lodge End View".split()
    for base in "Rose Ivy Mill Orchard Brook Church Willow Forge Meadow School Holly Pear".split()
]


def _settle(rng: Rng, folk: People, p: Plan) -> None:
    """Put all homes on the village's few streets, and give it its few surnames."""
    roads = rng.permutation(len(STREETS))[: int(p["streets"])]
    n = len(folk.number)
    doors = max(folk.homes // len(roads) + 2, 8)
    folk.street[:] = roads[rng.integers(0, len(roads), n)]
    folk.number[:] = 1 + rng.integers(0, int(doors * 1.6), n)
    code = folk.street[: folk.homes] * 5000
    for _ in range(40):
        double = np.flatnonzero(shared(code + folk.number[: folk.homes]))[::2]
        folk.number[double] = 1 + rng.integers(0, int(doors * 1.8), len(double))
    english = np.unique(folk.surname[folk.tongue == 0])
    few = rng.permutation(english)[: int(p["surnames"])]
    stays = rng.random(len(SURNAMES)) < 0.15
    mapped = np.where(stays, np.arange(len(SURNAMES)), few[np.arange(len(SURNAMES)) % len(few)])
    folk.surname[:] = np.where(folk.tongue == 0, mapped[folk.surname], folk.surname)
    folk.namesake[:] = shared((folk.home * len(GIVEN) + folk.given) * len(SURNAMES) + folk.surname)


def _plan(rng: Rng) -> Plan:
    p = plan(rng, towns=1, flats=some(rng, 0.0, 0.1, 2), english=some(rng, 0.75, 0.99))
    p.drawn |= {
        "streets": int(rng.choice([1, 1, 2, 3, 5])),
        "surnames": int(rng.integers(15, 150)),
        "moved": some(rng, 0.0, 0.15),
        "no_street": some(rng, 0.0, 0.15, 2),
        "no_birth": some(rng, 0.0, 0.5),
        "name_error": some(rng, 0.05, 0.6),
    }
    fields = ["street"]
    for f, odds in (("phone", 0.6), ("birth", 0.3), ("mail", 0.15), ("postcode", 0.2)):
        if rng.random() < odds:
            fields.append(f)
    p.fields = tuple(fields)
    p.need, p.lone = 1.45, 0.6
    if "birth" not in fields:
        p.drawn["junior"] = 0.0
    return p


def _houses(rng: Rng, got: Rows, folk: People, p: Plan) -> Texts:
    """House numbers, and for some houses their names instead."""
    n = len(folk.number)
    some_of = rng.permutation(n)[: min(int(n * p["house_names"]), len(_HOUSES))]
    house, named = np.full(n, "", dtype=object), np.zeros(n, dtype=bool)
    house[some_of] = texts(_HOUSES)[rng.permutation(len(_HOUSES))[: len(some_of)]]
    named[some_of] = True
    pairs = zip(got.number.tolist(), house[got.address], named[got.address], strict=True)
    return texts([number and (name if yes else number) for number, name, yes in pairs])


def _extras(rng: Rng, got: Rows, folk: People) -> dict[str, Texts]:
    """Columns that tell little."""
    n = len(got)
    out: dict[str, Texts] = {}
    if rng.random() < 0.2:
        out["sex"] = np.where(got.male, "M", "F").astype(object)
    if rng.random() < 0.15:
        kin = texts(["Head", "Spouse", "Child", "Lodger"])[folk.role[got.who]]
        out["role"] = np.where(rng.random(n) < 0.2, None, kin)
    if rng.random() < 0.2:
        work = texts(_WORK)[rng.integers(0, len(_WORK), len(folk))][got.who]
        out["work"] = np.where(rng.random(n) < some(rng, 0.1, 0.6), None, work)
    if rng.random() < 0.3:
        out["town"] = texts(["Little " + str(rng.choice(["Aston", "Marden", "Hampton"]))] * n)
    return out


def _cells(rng: Rng, got: Rows, folk: People, p: Plan, apart: bool) -> dict[str, Texts]:
    sources = int(p["sources"])
    out: dict[str, Texts] = {}
    if rng.random() < 0.3:
        out["id"] = got.given
    if sources > 1 and rng.random() < 0.5:
        out["source"] = texts(["Electoral", "Parish", "Watch", "Club"])[got.source]
    if apart:
        out |= {"first": got.given, "last": got.surname}
    else:
        comma = rng.random(sources) < 0.3
        pairs = zip(got.given.tolist(), got.surname.tolist(), comma[got.source], strict=True)
        out["name"] = texts(
            [s if g is None else f"{s}, {g}" if turned else f"{g} {s}" for g, s, turned in pairs]
        )
    number = _houses(rng, got, folk, p)
    if rng.random() < 0.6:
        out |= {"number": number, "street": got.street}
    else:
        join = str(rng.choice(["{} {}", "{}, {}"]))
        pairs = zip(number.tolist(), got.street.tolist(), strict=True)
        out["street"] = texts([s and join.format(h, s) for h, s in pairs])
    if "birth" in p.fields:
        out["dob"] = write_births(got, [int(rng.integers(0, 4))] * sources)
    out["phone"], out["mail"] = write_phone(rng, got.phone, p["odd_phone"]), got.mail
    out |= _extras(rng, got, folk)
    out["postcode"] = got.postcode
    for f in ("phone", "mail", "postcode"):
        if f not in p.fields:
            del out[f]
    return out


def draw(seed: int, rows: int | None = None) -> Family:
    """Draw one street or village."""
    rng = np.random.default_rng(seed)
    wanted = rows or int(rng.integers(300, 1500))
    p = _plan(rng)
    p.drawn["house_names"] = some(rng, 0.0, 0.4, 2)
    folk = people(rng, wanted, p)
    _settle(rng, folk, p)
    got = Keeper(rng, folk, p).rows()
    apart = bool(rng.random() < 0.6)
    cells = _cells(rng, got, folk, p, apart)
    shout(rng, cells, got.source, 0.2, {"name", "first", "last", "street"})
    keys = ("number" if "number" in cells else "street", "phone", "mail", "dob")
    return export(rng, cells, got, HEADERS, keys, p.drawn)
