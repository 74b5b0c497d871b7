"""A British register of people, as councils, clinics and insurers keep it: a row per person.

Households of one to six (and some houses of many) share address, landline and mailbox; fathers and
sons share a name, twins a birthday; people move with everything, women marry into other surnames,
clerks slip. Common names recur all over the country. Scales to a million rows.
"""

from typing import Any

import numpy as np

from benchmarks.families.family import Family, Headers
from benchmarks.families.words_export import export, planned, write_phone
from benchmarks.families.words_homes import People, Plan, Rng, Texts, people, plan, texts
from benchmarks.families.words_people import MONTHS, TOWNS
from benchmarks.families.words_records import Keeper, Rows

HEADERS: Headers = {
    "id": ("Record ID|Ref|ID|Person No", "Lfd. Nr|编号|Identifiant", "Account|Key"),
    "source": ("Source|System|Origin", "Quelle|来源|Origine", "Branch|Type"),
    "title": ("Title|Salutation", "Anrede|称谓|Civilité", "Type"),
    "name": ("Name|Full name|Person", "姓名|Nom complet|Vollständiger Name", "Client|Contact|Ref"),
    "first": ("First name|Forename|Given name", "Vorname|名|Prénom", "Name 2|Text1"),
    "last": ("Surname|Last name|Family name", "Nachname|姓|Nom", "Name|Text2"),
    "dob": ("Date of birth|DOB|Born", "Geburtsdatum|出生日期|Date de naissance", "Date|D1"),
    "mail": ("Email|E-mail address|Mail", "E-Mail|邮箱|Courriel", "Contact|Username"),
    "phone": ("Phone|Telephone|Mobile", "Telefon|电话|Téléphone", "Contact number|Number"),
    "landline": ("Home phone|Landline|Tel 2", "Festnetz|座机|Tél. fixe", "Number 2|Extra"),
    "street": ("Address|Street|Address line 1", "Straße|地址|Adresse", "Location|Line 1"),
    "town": ("City|Town|Post town", "Ort|城市|Ville", "Place|Line 3"),
    "county": ("County|Shire", "Grafschaft|郡|Comté", "State|Line 4"),
    "postcode": ("Postcode|Post code|PC", "PLZ|邮编|Code postal", "Area|Code"),
    "sex": ("Gender|Sex", "Geschlecht|性别|Sexe", "G|Flag"),
    "country": ("Country|Nation", "Land|国家|Pays", "Region|Set"),
}


def write_births(rows: Rows, forms: list[int]) -> Texts:
    """Each birth date in the way of its source."""
    out: list[str | None] = []
    dates = (rows.year.tolist(), rows.month.tolist(), rows.day.tolist())
    for y, m, d, s in zip(*dates, rows.source.tolist(), strict=True):
        how = forms[s]
        if not y:
            out.append(None)
        elif how == 0:
            out.append(f"{y}-{m:02d}-{d:02d}")
        elif how == 1:
            out.append(f"{d:02d}/{m:02d}/{y}")
        elif how == 2:
            out.append(f"{d} {MONTHS[m - 1]} {y}")
        elif how == 3:
            out.append(f"{d:02d}.{m:02d}.{y}")
        else:
            out.append(f"{y}{m:02d}{d:02d}")
    return texts(out)


def write_names(rng: Rng, rows: Rows, titles: Texts) -> Texts:
    """Name and given name in one cell, in the order of the source."""
    form = rng.choice([0, 0, 0, 1, 2, 3], int(rows.source.max()) + 1).tolist()
    out = []
    names = (rows.given.tolist(), rows.surname.tolist())
    for g, s, t, k in zip(*names, titles.tolist(), rows.source.tolist(), strict=True):
        how = form[k]
        if g is None:
            out.append(f"{t} {s}")
        elif how == 1:
            out.append(f"{s}, {g}")
        elif how == 2:
            out.append(f"{t} {g} {s}")
        elif how == 3:
            out.append(f"{s} {g}")
        else:
            out.append(f"{g} {s}")
    return texts(out)


def write_streets(rng: Rng, rows: Rows) -> Texts:
    """Number and street in one cell."""
    form = rng.choice(["{} {}", "{} {}", "{}, {}"], int(rows.source.max()) + 1).tolist()
    return texts(
        [
            None if s is None else form[k].format(n, s)
            for n, s, k in zip(
                rows.number.tolist(), rows.street.tolist(), rows.source.tolist(), strict=True
            )
        ]
    )


def shout(rng: Rng, cells: dict[str, Texts], source: Any, rate: float, columns: set[str]) -> None:
    """Upper (or lower) case for whole sources, and here and there for single rows."""
    loud = rng.random(int(source.max()) + 1) < rate
    for c in sorted(columns & set(cells)):
        mine = np.flatnonzero(loud[source] ^ (rng.random(len(source)) < 0.02))
        cells[c][mine] = [v and v.upper() for v in cells[c][mine]]


def _fields(rng: Rng) -> tuple[str, ...]:
    fields = ["birth", "mail", "phone", "street", "town", "postcode"]
    if rng.random() < 0.5:
        fields.append("landline")
    for f, odds in (("mail", 0.15), ("phone", 0.15), ("town", 0.2)):
        if rng.random() < odds:
            fields.remove(f)
    if rng.random() < 0.3:
        fields.remove(str(rng.choice(["street", "postcode"])))
    return tuple(fields)


def salutations(rng: Rng, folk: People, got: Rows) -> Texts:
    """How each is addressed, by sex and age."""
    n, adult = len(got), (folk.birth < np.datetime64("2006-01-01"))[got.who]
    ms = np.where(rng.random(n) < 0.4, "Ms", np.where((rng.random(n) < 0.6) & adult, "Mrs", "Miss"))
    titles = np.where(got.male, np.where(adult, "Mr", "Master"), ms).astype(object)
    titles[rng.random(n) < 0.02] = "Dr"
    return titles


def _cells(rng: Rng, got: Rows, titles: Texts, p: Plan, apart: bool) -> dict[str, Texts]:
    n, sources = len(got), int(p["sources"])
    forms = rng.choice(5, sources).tolist()
    if rng.random() < 0.5:
        forms = forms[:1] * sources
    out: dict[str, Texts] = {}
    if rng.random() < 0.5:
        out["id"] = titles
    if sources > 1 and rng.random() < 0.6:
        labels = texts(["CRM", "Legacy", "Web", "Branch", "Import 2019"])[rng.permutation(5)]
        out["source"] = labels[got.source]
    if rng.random() < 0.3:
        out["title"] = np.where(rng.random(n) < 0.3, None, titles)
    if apart:
        out |= {"first": got.given, "last": got.surname}
    else:
        out["name"] = write_names(rng, got, titles)
    out["dob"] = write_births(got, forms)
    if rng.random() < 0.3:
        missing = rng.random(n) < rng.random() * 0.5
        out["sex"] = np.where(missing, None, np.where(got.male, "M", "F")).astype(object)
    out["mail"], out["phone"] = got.mail, write_phone(rng, got.phone, p["odd_phone"])
    out["landline"] = write_phone(rng, got.landline, p["odd_phone"])
    out["street"], out["town"] = write_streets(rng, got), got.town
    if "town" in p.fields and rng.random() < 0.3:
        county = texts([t.county for t in TOWNS])[got.at_town]
        out["county"] = np.where(rng.random(n) < 0.2, None, county)
    out["postcode"] = got.postcode
    tight = rng.random(sources) < 0.3
    squeeze = np.flatnonzero(tight[got.source])
    out["postcode"][squeeze] = [v and v.replace(" ", "") for v in out["postcode"][squeeze]]
    if rng.random() < 0.25:
        out["country"] = texts(["United Kingdom"] * n)
    return planned(out, p.fields)


def draw(seed: int, rows: int | None = None) -> Family:
    """Draw one register."""
    rng = np.random.default_rng(seed)
    wanted = rows or int(rng.integers(1500, 8000))
    p = plan(rng, **({} if wanted < 20_000 else {"towns": 60}))
    p.fields = _fields(rng)
    folk = people(rng, wanted, p)
    got = Keeper(rng, folk, p).rows()
    titles = salutations(rng, folk, got)
    apart = bool(rng.random() < 0.5)
    cells = _cells(rng, got, titles, p, apart)
    shout(rng, cells, got.source, 0.15, {"name", "first", "last", "street", "town", "county"})
    if rng.random() < 0.3:
        order = list(rng.permutation(list(cells)))
        cells = {c: cells[c] for c in order}
    keys = ("dob", "mail", "phone", "landline", "street", "postcode")
    return export(rng, cells, got, HEADERS, keys, p.drawn)
