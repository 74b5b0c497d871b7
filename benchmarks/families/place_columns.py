"""A file of people, one per row without groups, plus one more column that says where they are.

The rows have first and last name, birth date, phone or mail and a city. The further column (county,
region, branch, house number, coordinates, sales territory or country) hangs on the city or address,
so it says little that is new. `draw_pair` gives the same rows without and with it.
"""

from dataclasses import replace

import numpy as np

from benchmarks.families.family import Family, Headers
from benchmarks.families.register import shout, write_births
from benchmarks.families.words_export import export, write_phone
from benchmarks.families.words_homes import Plan, Rng, Texts, people, plan, some, texts
from benchmarks.families.words_people import TOWNS
from benchmarks.families.words_records import Keeper, Rows

KINDS = ("county", "region", "store", "house number", "coordinates", "territory", "country")
HEADERS: Headers = {
    "id": ("ID|Customer no|Ref", "编号|Kundennr|Numéro", "Key|Account"),
    "source": ("Source|System", "来源|Quelle|Origine", "Type"),
    "first": ("First name|Forename|Given name", "名|Vorname|Prénom", "Name 2|A"),
    "last": ("Last name|Surname|Family name", "姓|Nachname|Nom", "Name|B"),
    "dob": ("Date of birth|DOB|Birthday", "出生日期|Geburtsdatum|Naissance", "Date|Since"),
    "phone": ("Phone|Mobile|Telephone", "电话|Telefon|Téléphone", "Number|Contact"),
    "mail": ("Email|E-mail", "邮箱|E-Mail|Courriel", "Contact|User"),
    "town": ("City|Town", "城市|Ort|Ville", "Place|Location"),
    "county": ("County|Shire", "郡|Grafschaft|Comté", "Area|State"),
    "region": ("Region|Area", "地区|Region|Région", "Group|Zone"),
    "store": ("Store|Branch|Home store", "门店|Filiale|Magasin", "Site|Source"),
    "house number": ("House number|House no|No", "门牌号|Hausnummer|Numéro", "Nr|Code"),
    "coordinates": ("Lat/Lng|Coordinates|Geo", "坐标|Koordinaten|Position", "XY|Point"),
    "territory": ("Territory|Sales territory|Rep", "销售区|Vertriebsgebiet|Secteur", "Owner|T"),
    "country": ("Country|Nation", "国家|Land|Pays", "Market|Region"),
    "sex": ("Gender|Sex", "性别|Geschlecht|Sexe", "G|Flag"),
}
_REPS = "North A|North B|Midlands|London 1|South|West|Scotland|Wales|Key accounts|East".split("|")


def _place(rng: Rng, got: Rows, homes: int, kind: str) -> Texts:
    """The further column, true to each record's address at the time."""
    town, n = got.at_town, 2 * homes
    if kind == "county":
        return texts([t.county for t in TOWNS])[town]
    if kind == "region":
        return texts([t.region for t in TOWNS])[town]
    if kind == "country":
        lands = {"Scotland": "Scotland", "Wales": "Wales"}
        return texts([lands.get(t.region, "England") for t in TOWNS])[town]
    if kind == "territory":
        regions = sorted({t.region for t in TOWNS})
        of = rng.integers(0, len(_REPS), len(regions))
        return texts([_REPS[of[regions.index(t.region)]] for t in TOWNS])[town]
    if kind == "store":
        shop = rng.integers(1, 4, n)[got.address].tolist()
        return texts(
            [
                f"{TOWNS[t].name} {s}" if s > 1 else TOWNS[t].name
                for t, s in zip(town, shop, strict=True)
            ]
        )
    if kind == "house number":
        return rng.integers(1, 160, n).astype(str).astype(object)[got.address]
    near = float(rng.choice([0.0, 0.05]))
    off = rng.normal(0, 1, (n, 2))[got.address] * near
    return texts(
        [
            f"{TOWNS[t].lat + a:.4f}, {TOWNS[t].lng + b:.4f}"
            for t, (a, b) in zip(town.tolist(), off.tolist(), strict=True)
        ]
    )


def _plan(rng: Rng) -> Plan:
    p = plan(rng, home_single=1.0, home_flat=0.0, home_many=0.0, no_given=0.0, no_street=0.0)
    p.drawn |= {
        "towns": int(rng.choice([5, 15, 60])),
        "landline_only": some(rng, 0.0, 0.2),
        "family_mail": 0.0,
        "no_birth": some(rng, 0.0, 0.5, 2),
        "no_phone": some(rng, 0.0, 0.6),
        "no_town": some(rng, 0.0, 0.4, 2),
        "no_place": some(rng, 0.0, 0.4, 3),
    }
    contact = [("phone",), ("mail",), ("phone", "mail")][int(rng.integers(0, 3))]
    p.fields = ("birth", "town", *contact)
    p.need, p.lone = 1.75, 0.65
    return p


def draw_pair(seed: int, rows: int | None = None) -> tuple[Family, Family]:
    """The same rows without and with the further column of place."""
    rng = np.random.default_rng(seed)
    wanted = rows or int(rng.integers(1500, 8000))
    p = _plan(rng)
    kind = str(rng.choice(KINDS))
    folk = people(rng, wanted, p)
    got = Keeper(rng, folk, p).rows()
    n, sources = len(got), int(p["sources"])
    cells: dict[str, Texts] = {}
    if rng.random() < 0.4:
        cells["id"] = got.given
    if sources > 1 and rng.random() < 0.4:
        cells["source"] = texts(["Web", "Shop", "Phone", "Old"])[got.source]
    cells |= {"first": got.given, "last": got.surname}
    cells["dob"] = write_births(got, [int(rng.integers(0, 4))] * sources)
    if "phone" in p.fields:
        cells["phone"] = write_phone(rng, got.phone, p["odd_phone"])
    if "mail" in p.fields:
        cells["mail"] = got.mail
    cells["town"] = got.town
    if rng.random() < 0.2:
        cells["sex"] = np.where(got.male, "M", "F").astype(object)
    place = _place(rng, got, folk.homes, kind)
    place[rng.random(n) < p["no_place"]] = None
    order = rng.permutation(len(cells) + 1)
    columns = [[*cells, kind][i] for i in order]
    cells[kind] = place
    cells = {c: cells[c] for c in columns}
    shout(rng, cells, got.source, 0.15, {"first", "last", "town"})
    drawn: dict[str, float | int | str] = {**p.drawn, "place": kind}
    rich = export(rng, cells, got, HEADERS, ("dob", "phone", "mail"), drawn)
    bare = replace(
        rich,
        table=rich.table.drop(rich.table.columns[columns.index(kind)]),
        drawn=rich.drawn | {"place": "none", "columns": len(cells) - 1},
    )
    return bare, rich


def draw(seed: int, rows: int | None = None) -> Family:
    """Draw one file with its column of place."""
    return draw_pair(seed, rows)[1]
