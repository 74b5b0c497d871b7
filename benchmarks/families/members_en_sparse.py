"""Membership lists of clubs, charities and parishes: wide tables, most of it empty.

Up to twenty columns: title, spouse, category, amounts, dates of joining, notes, chapter, constants,
the list a row came from. Families join together and leave one mail and one phone; renewals and old
lists give one member several rows.
"""

import numpy as np

from benchmarks.families.family import Family, Headers
from benchmarks.families.register import (
    salutations,
    shout,
    write_births,
    write_names,
    write_streets,
)
from benchmarks.families.words_export import export, planned, write_phone
from benchmarks.families.words_homes import (
    GIVEN,
    People,
    Plan,
    Rng,
    Texts,
    people,
    plan,
    some,
    texts,
)
from benchmarks.families.words_people import TOWNS
from benchmarks.families.words_records import Keeper, Rows

HEADERS: Headers = {
    "id": ("ID|Record|Row", "编号|Nr|Numéro", "Member|Key"),
    "source": ("Source|List|Origin", "来源|Quelle|Origine", "Type|Category 2"),
    "title": ("Title|Prefix|Salutation", "称谓|Anrede|Titre", "Position"),
    "first": ("First name|Given name|Forename", "名|Vorname|Prénom", "Name 2|Contact first"),
    "last": ("Last name|Surname|Family name", "姓|Nachname|Nom", "Name|Account"),
    "name": ("Name|Member|Member name", "姓名|Mitglied|Membre", "Account|Title 2"),
    "spouse": ("Spouse|Partner|Spouse name", "配偶|Ehepartner|Conjoint", "Name 3|Second contact"),
    "sex": ("Gender|Sex", "性别|Geschlecht|Sexe", "G|Flag"),
    "category": ("Category|Membership type|Class", "类别|Kategorie|Catégorie", "Group|Level"),
    "chapter": ("Chapter|Branch|Section", "分会|Ortsgruppe|Section", "Site|Area"),
    "joined": ("Joined|Date joined|Member since", "入会日期|Eintritt|Adhésion", "Date|Start"),
    "paid": ("Last paid|Renewal date|Paid on", "缴费日期|Bezahlt am|Payé le", "Date 2|End"),
    "amount": ("Amount|Subscription|Fee", "金额|Beitrag|Montant", "Value|Number"),
    "gift": ("Donation|Last gift|Gift", "捐款|Spende|Don", "Value 2|Extra"),
    "aid": ("Gift Aid|Consent|Newsletter", "同意|Einwilligung|Accord", "Flag 2|Y/N"),
    "mail": ("Email|E-mail|Email address", "邮箱|E-Mail|Courriel", "Contact|Login"),
    "phone": ("Phone|Mobile|Tel", "电话|Telefon|Tél", "Contact 2|No"),
    "landline": ("Home phone|Phone 2|Landline", "座机|Festnetz|Tél. fixe", "Other|Fax"),
    "street": ("Address|Address 1|Street", "地址|Straße|Adresse", "Line 1|Location"),
    "town": ("Town|City", "城市|Ort|Ville", "Line 2|Place"),
    "county": ("County|Region", "郡|Region|Comté", "Line 3|State"),
    "postcode": ("Postcode|Post code|Zip", "邮编|PLZ|Code postal", "Code|PC"),
    "dob": ("Date of birth|DOB|Birthday", "出生日期|Geburtsdatum|Naissance", "Date 3"),
    "note": ("Notes|Comments|Remarks", "备注|Bemerkung|Remarques", "Text|Misc"),
    "country": ("Country", "国家|Land|Pays", "Group 2"),
    "status": ("Status|Active", "状态|Status|Statut", "Flag 3|State"),
    "former": ("Former chapter|Sponsor|Officer", "前分会|Bürge|Parrain", "Text 2"),
}
_CATEGORIES = "Full|Family|Junior|Senior|Life|Associate|Honorary|Student".split("|")
_NOTES = """paid by cheque|see letter 12/3|helps with teas|no post please|choir|lapsed 2015
flowers rota|moved? check|newsletter returned|key holder|standing order|prefers phone
allotment 14|trustee""".replace("\n", "|").split("|")


def _dates(rng: Rng, n: int, low: int, high: int, form: int) -> Texts:
    years = rng.integers(low, high, n).tolist()
    months, days = rng.integers(1, 13, n).tolist(), rng.integers(1, 29, n).tolist()
    forms = ("{0}-{1:02d}-{2:02d}", "{2:02d}/{1:02d}/{0}", "{0}", "{1:02d}/{0}")
    return texts([forms[form].format(*ymd) for ymd in zip(years, months, days, strict=True)])


def _spouses(folk: People, got: Rows) -> Texts:
    """The given name of each head's partner and the other way round."""
    mate = np.full(len(folk), -1)
    partner = np.flatnonzero(folk.role == 1)
    first = np.full(folk.homes, -1)
    heads = np.flatnonzero(folk.role == 0)
    first[folk.home[heads]] = heads
    mate[partner] = first[folk.home[partner]]
    mate[first[folk.home[partner]]] = partner
    names = [None if m < 0 else GIVEN[folk.given[m]] for m in mate.tolist()]
    return texts(names)[got.who]


def _holes(rng: Rng, cell: Texts) -> Texts:
    cell = cell.copy()
    cell[rng.random(len(cell)) < some(rng, 0.0, 0.75)] = None
    return cell


def _extras(rng: Rng, folk: People, got: Rows) -> dict[str, Texts]:
    """Everything that says little about who somebody is."""
    n, m, who = len(got), len(folk), got.who
    form = int(rng.integers(0, 4))
    chapter = texts([f"{t.name} branch" for t in TOWNS])[folk.town[folk.home]][who]
    again = rng.random(n) < 0.3
    joined = np.where(
        again, _dates(rng, n, 1980, 2024, form), _dates(rng, m, 1980, 2024, form)[who]
    )
    kind = rng.integers(0, len(_CATEGORIES), folk.homes)[folk.home][who]
    drift = rng.random(n) < 0.15
    kind = np.where(drift, rng.integers(0, len(_CATEGORIES), n), kind)
    gifts = np.round(rng.lognormal(3, 1, n)).astype(int)
    out = {
        "spouse": _spouses(folk, got),
        "sex": np.where(got.male, "M", "F").astype(object),
        "category": texts(_CATEGORIES)[kind],
        "chapter": chapter,
        "joined": joined,
        "paid": _dates(rng, n, 2018, 2025, 0),
        "amount": texts(["12.00", "25.00", "40.00", "60.00", "5", "100"])[kind % 6],
        "gift": texts([f"£{g}.00" for g in gifts]),
        "aid": texts(["Y", "N", "Yes", ""])[rng.integers(0, 4, n)],
        "note": texts(_NOTES)[rng.integers(0, len(_NOTES), n)],
        "country": texts(["UK"] * n),
        "status": texts(["Active"] * n),
        "former": texts([f"{t.name}" for t in TOWNS])[rng.integers(0, len(TOWNS), n)],
        "county": texts([t.county for t in TOWNS])[got.at_town],
    }
    share = some(rng, 0.3, 0.95)
    constant = {"country", "status"}
    picked = {
        c: v if c in constant else _holes(rng, v)
        for c, v in out.items()
        if rng.random() < (0.4 if c in constant else share)
    }
    return {c: picked[c] for c in rng.permutation(list(picked)).tolist()}


def _plan(rng: Rng) -> Plan:
    p = plan(rng)
    p.drawn |= {
        "towns": int(rng.choice([1, 3, 10, 60])),
        "home_single": some(rng, 0.1, 0.5),
        "family_mail": some(rng, 0.3, 1.0),
        "landline_only": some(rng, 0.3, 1.0),
        "no_street": some(rng, 0.0, 0.7),
        "no_town": some(rng, 0.0, 0.7),
        "no_postcode": some(rng, 0.0, 0.7),
        "no_mail": some(rng, 0.0, 0.7),
        "no_phone": some(rng, 0.0, 0.7),
        "no_birth": some(rng, 0.2, 0.7),
    }
    fields = ["mail", "phone", "street", "postcode", "town"]
    fields += [f for f, odds in (("birth", 0.3), ("landline", 0.5)) if rng.random() < odds]
    for f, odds in (("mail", 0.15), ("phone", 0.15), ("street", 0.2), ("town", 0.2)):
        if rng.random() < odds:
            fields.remove(f)
    p.fields = tuple(fields)
    if "birth" not in fields:
        p.drawn["junior"] = 0.0
    p.need, p.lone = 1.45, 0.5
    return p


def draw(seed: int, rows: int | None = None) -> Family:
    """Draw one membership list."""
    rng = np.random.default_rng(seed)
    wanted = rows or int(rng.integers(1500, 8000))
    p = _plan(rng)
    folk = people(rng, wanted, p)
    got = Keeper(rng, folk, p).rows()
    sources = int(p["sources"])
    titles = salutations(rng, folk, got)
    apart = bool(rng.random() < 0.6)
    cells: dict[str, Texts] = {}
    if rng.random() < 0.6:
        cells["id"] = titles
    if sources > 1 and rng.random() < 0.6:
        cells["source"] = texts(["Old list", "Website", "Appeal 2020", "Events"])[got.source]
    if rng.random() < 0.6:
        cells["title"] = _holes(rng, titles)
    if apart:
        cells |= {"first": got.given, "last": got.surname}
    else:
        cells["name"] = write_names(rng, got, titles)
    cells["mail"], cells["phone"] = got.mail, write_phone(rng, got.phone, p["odd_phone"])
    cells["landline"] = write_phone(rng, got.landline, p["odd_phone"])
    cells |= {"street": write_streets(rng, got), "town": got.town, "postcode": got.postcode}
    cells = planned(cells, p.fields)
    if "birth" in p.fields:
        cells["dob"] = write_births(got, rng.integers(0, 4, sources).tolist())
    extras = list(_extras(rng, folk, got).items())
    cells |= dict(extras[: 20 - len(cells)])
    if rng.random() < 0.4:
        cells = {c: cells[c] for c in rng.permutation(list(cells)).tolist()}
    shout(rng, cells, got.source, 0.15, {"name", "first", "last", "street", "town"})
    keys = ("dob", "mail", "phone", "landline", "street", "postcode")
    return export(rng, cells, got, HEADERS, keys, p.drawn)
