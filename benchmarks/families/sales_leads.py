"""Sales leads thrown together from fairs, web forms and scanned cards, in many tongues.

Cells are mostly empty, persons stand in the firm's cell and firms in the person's, a name comes
with its firm in one cell or as "Tel. …" in the remark; marks are lost, Arabic and Japanese names
are romanised in several ways, Asian and Hungarian order is turned round. Two to twenty columns.
"""

from dataclasses import dataclass

from benchmarks.families.family import Family, Headers
from benchmarks.families.words_kit import Bag, Dice, Rec, blank, copies, export, narrowed, slip
from benchmarks.families.words_world import (
    HOSTS,
    INTERESTS,
    REMARKS,
    ROLES,
    STATUSES,
    TITLES,
    TONGUES,
    Tongue,
    firm,
    plain,
    respell,
)

HEADERS: Headers = {
    "id": ("Lead ID|ID|No", "编号|Nr", "Phone ID"),
    "source": ("Source|Lead Source|Fair", "来源|Quelle|Feria", "Company|Type"),
    "name": (
        "Name|Contact|Full Name|Contact Person",
        "姓名|Ansprechpartner|Nombre",
        "Company|Lead|Title",
    ),
    "firm": ("Company|Organisation|Company Name", "公司|Firma|Empresa", "Name|Contact|Customer"),
    "title": ("Position|Job Title|Function", "职务|Funktion|Cargo", "Name 2|Type"),
    "mail": ("Email|E-mail|Mail", "邮箱|Correo|E-Mail-Adresse", "Web|Contact 2"),
    "mail2": ("Email 2|Other Email", "邮箱2|Correo 2", "Website|Notes 3"),
    "phone": ("Phone|Mobile|Telephone", "电话|Telefon|Teléfono", "Fax|Number|WhatsApp"),
    "phone2": ("Phone 2|Office Phone", "座机|Festnetz", "Fax 2|Ext"),
    "country": ("Country|Land", "国家|País", "Region|Language"),
    "city": ("City|Town", "城市|Ort|Ciudad", "Address|Area"),
    "website": ("Website|URL", "网址|Webseite", "Email 3"),
    "interest": ("Interest|Product", "产品|Interesse", "Company Type"),
    "status": ("Status|Stage", "状态|Stufe", "Country Code"),
    "owner": ("Owner|Sales Rep", "负责人|Verkäufer", "Contact 3|Name 3"),
    "date": ("Date|Created", "日期|Datum|Fecha", "Birthday"),
    "score": ("Score|Rating", "评分|Punkte", "Zip|Number 2"),
    "language": ("Language", "语言|Sprache", "Nationality"),
    "campaign": ("Campaign", "活动|Kampagne", "Company 2"),
    "remark": ("Notes|Remark|Comment", "备注|Bemerkung|Notas", "Address 2|Description"),
}
ORDINARY = (
    "id source country city website interest status owner date score language campaign remark"
)


@dataclass
class Person:
    """One lead as he is now."""

    who: int
    group: int
    first: str
    last: str
    tongue: Tongue
    firm: str
    form: str
    domain: str
    city: str
    title: str
    mail: str
    role: bool
    private: str
    phone: str
    board: str
    lone: bool = True


@dataclass
class Habits:
    """What this seed's heap of leads is like."""

    tongues: list[Tongue]
    sources: list[str]
    dirt: list[float]
    bad: float
    odd: float
    mixed: float
    rename: float
    role_mail: float
    personal: float
    owners: list[str]
    columns: set[str]


def _number(dice: Dice, tongue: Tongue, bad: float) -> str:
    """A number abroad: country code and national part, made up for the share `bad`."""
    lead = (
        dice.pick("013")
        if dice.chance(bad)
        else {"es": "6", "de": "1", "cn": "1"}.get(tongue.tld, "5")
    )
    return f"{tongue.code} {lead}{dice.digits(10 if tongue.name in ('zh', 'de') else 8)}"


def _called(dice: Dice, tongue: Tongue, kin: str) -> tuple[str, str]:
    """First and last name; a Polish woman's ends in -ska."""
    first, last = dice.draw(tongue.firsts), kin or dice.draw(tongue.lasts)
    if tongue.name == "pl" and first.endswith("a") and last.endswith("ski"):
        last = last[:-1] + "a"
    return first, last


def _key(one: "Person") -> str:
    """The consonants of a name in any order: whoever shares them is hard to tell apart."""
    words = sorted(plain(f"{one.first} {one.last}").lower().replace("-", " ").split())
    return " ".join(
        word[0] + "".join(c for c in word[1:] if c not in "aeiouhyw'") for word in words
    )


def _write(dice: Dice, number: str, odd: float, style: int) -> str:
    """The number in a source's style."""
    code, _, local = number.partition(" ")
    forms = [f"+{code} {local}", f"+{code}{local}", f"0{local}",
             f"00{code} {local[:3]} {local[3:]}",
             f"+{code} (0) {local[:2]} {local[2:]}", f"{code}{local}"]  # fmt: skip
    if dice.chance(odd):
        return dice.pick(
            [*forms, f"0{local[:3]}/{local[3:]}", f"Tel. {local}", f"{local}.0", f"+{code}-{local}"]
        )
    return forms[style % len(forms)]


def _person(
    dice: Dice, who: int, group: int, tongue: Tongue, at: tuple[str, ...], kin: str, habits: Habits
) -> Person:
    name, form, domain, city, board = at
    first, last = _called(dice, tongue, kin)
    f, n = (
        plain(part).lower().replace(" ", "").replace("'", "").replace("-", "")
        for part in (first, last)
    )
    role = dice.chance(habits.role_mail)
    local = [f"{f}.{n}", f"{f[0]}{n}", f"{n}.{f}", f"{f}_{n}"][len(domain) % 4]
    mail = f"{ROLES[len(domain) % len(ROLES)]}@{domain}" if role else f"{local}@{domain}"
    private = f"{dice.pick([f + n, n + f[:2], f + '.' + n])}{dice.digits(3)}@{dice.draw(HOSTS)}"
    phone = _number(dice, tongue, habits.bad) if dice.chance(habits.personal) else board
    return Person(who, group, first, last, tongue, name, form, domain, city, dice.draw(TITLES),
                  mail, role, private, phone, board)  # fmt: skip


def _colleagues(
    dice: Dice, n: int, who: int, group: int, habits: Habits, kin: float, taken: set[str]
) -> list[Person]:
    """The leads at one firm, of different names."""
    tongue = dice.pick(habits.tongues)
    core, form, domain = firm(dice, tongue, taken)
    at = (core, form, domain, dice.pick(tongue.cities), _number(dice, tongue, habits.bad))
    out: list[Person] = []
    seen: set[str] = set()
    mails: set[str] = set()
    near: dict[str, list[Person]] = {}
    for _ in range(n * 9):
        home = tongue if dice.chance(0.85) else dice.pick(habits.tongues)
        relative = out[0].last if out and dice.chance(kin) else ""
        one = _person(dice, who + len(out), group, home, at, relative, habits)
        key = _key(one)
        if key in seen or (one.mail in mails and not one.role):
            continue
        seen.add(key)
        mails.add(one.mail)
        near.setdefault(plain(one.last)[:4] + plain(one.first)[:1], []).append(one)
        out.append(one)
        if len(out) == n:
            break
    for alike in near.values():
        for one in alike:
            one.lone = len(alike) == 1
    return out


def _name(dice: Dice, one: Person, bend: bool) -> tuple[str, float]:
    """The name in one cell, and how much of it is left."""
    first, last, tongue = one.first, one.last, one.tongue.name
    eastern = tongue in ("vi", "zh", "ja")
    text = f"{last} {first}" if eastern and dice.chance(0.6) else f"{first} {last}"
    if not bend:
        return text, 1.0
    kind = dice.draw(
        Bag(["respell", "plain", "turned", "initial", "typo", "last", "called", "second"], 0.3)
    )
    if kind == "respell":
        return f"{respell(dice, first, tongue)} {respell(dice, last, tongue)}", 0.9
    if kind == "plain":
        return plain(text), 1.0
    if kind == "turned":
        return dice.pick([f"{last}, {first}", f"{last} {first}", f"{last.upper()} {first}"]), 1.0
    if kind == "initial" and one.lone:
        return f"{first[0]}. {last}", 0.8
    if kind == "typo" and one.lone:
        return f"{first} {slip(dice, last)}", 0.8
    if kind == "last":
        return dice.pick(["Mr ", "Mrs ", "Sr. ", "Hr. ", ""]) + last, 0.4
    if kind == "second" and tongue in ("es", "mx"):
        return f"{first} {last} {dice.draw(one.tongue.lasts)}", 1.0
    return dice.pick([f"Mr. {text}", f"{text.upper()}", f"{text.lower()}", f"Ing. {text}"]), 1.0


def _fill(dice: Dice, one: Person, again: bool, habits: Habits) -> Rec:
    """A lead as one source took it down."""
    source = dice.below(len(habits.sources))
    dirt = habits.dirt[source]
    rec = Rec(one.who, one.group, source)
    text, left = _name(dice, one, again and dice.chance(habits.rename * (0.4 + dirt)))
    rec.put("name", text, f"who {one.first} {one.last}", left)
    core = plain(one.firm) if dice.chance(0.3 * dirt) else one.firm
    full = core if dice.chance(0.3 * dirt) else f"{core} {one.form}"
    rec.put("firm", full.upper() if dice.chance(0.15 * dirt) else full, f"firm {one.domain}", 1.0)
    rec.put("title", one.title, f"title {one.title}", 0.2)
    mail, role = (one.private, False) if again and dice.chance(0.3) else (one.mail, one.role)
    second = one.private if dice.chance(0.3) and mail != one.private else None
    rec.put("mail", mail, f"mail {mail}", 0.3 if role else 1.5)
    rec.put("mail2", second, f"mail {second}", 1.5)
    number = one.phone if not again or dice.chance(0.75) else _number(dice, one.tongue, habits.bad)
    weight = 0.3 if number == one.board else 1.2
    rec.put("phone", _write(dice, number, habits.odd * dirt, source), f"phone {number}", weight)
    board = _write(dice, one.board, habits.odd * dirt, source)
    rec.put("phone2", board, f"phone {one.board}", 0.3)
    country = (
        dice.pick([one.tongue.country, one.tongue.tld.upper()])
        if dirt > 0.8
        else one.tongue.country
    )
    rec.put("country", country)
    rec.put(
        "city", plain(one.city) if dice.chance(0.3 * dirt) else one.city, f"city {one.city}", 0.1
    )
    rec.put("website", f"www.{one.domain}", f"firm {one.domain}", 0.9)
    _ordinary(dice, rec, one, habits)
    if dice.chance(habits.mixed * dirt):
        _misplace(dice, rec, one, habits.columns)
    return rec


def _ordinary(dice: Dice, rec: Rec, one: Person, habits: Habits) -> None:
    """The cells that tell nothing of who it is."""
    rec.put("source", habits.sources[rec.source])
    rec.put("interest", dice.pick(INTERESTS))
    rec.put("status", dice.pick(STATUSES))
    rec.put("owner", dice.pick(habits.owners))
    rec.put(
        "date", f"{dice.between(2012, 2025)}-{dice.between(1, 12):02d}-{dice.between(1, 28):02d}"
    )
    rec.put("score", str(dice.between(0, 100)))
    rec.put("language", one.tongue.name if one.tongue.name != "mx" else "es")
    rec.put("campaign", f"{dice.pick(['Spring', 'Autumn', 'Expo'])} {dice.between(2015, 2025)}")
    rec.put("remark", dice.pick(REMARKS))


def _misplace(dice: Dice, rec: Rec, one: Person, columns: set[str]) -> None:
    """Put a cell where it does not belong, as hurried people do."""
    cells, marks = rec.cells, rec.marks
    kind = dice.below(5)
    pair = {0: ("name", "firm"), 1: ("mail", "phone")}.get(kind)
    if pair and columns >= set(pair):
        a, b = pair
        cells[a], cells[b] = cells[b], cells[a]
        marks[a], marks[b] = marks[b], marks[a]
    elif kind == 2:
        cells["name"] = f"{cells['name']} {dice.pick(['/', '-', ','])} {cells.pop('firm')}"
        rec.more[marks.pop("firm")[0]] = 1.0
        rec.lock.add("name")
    elif kind == 3 and columns >= {"phone", "remark"}:
        cells["remark"] = f"{dice.pick(['Tel', 'mob', 'WhatsApp'])} {cells['phone']}"
        marks["remark"] = marks.pop("phone")
        cells["phone"] = None
    else:
        cells["name"] = f"{cells['name']} ({one.title})"


def _habits(dice: Dice, columns: list[str]) -> Habits:
    n = dice.between(1, 5)
    dirt = [dice.uniform(0.1, 1.6) for _ in range(n)]
    if dice.chance(0.4):
        dirt[0] = 0.0
    fairs = [
        "Web form",
        "Canton Fair",
        "Hannover Messe",
        "Card scan",
        "Alibaba",
        "Referral",
        "LinkedIn",
    ]
    tongues = dice.shuffled(TONGUES)[: dice.pick([1, 2, 3, 5, 10, 10])]
    owners = [dice.draw(dice.pick(TONGUES).firsts) for _ in range(dice.between(2, 8))]
    return Habits(
        tongues=tongues, sources=dice.shuffled(fairs)[:n], dirt=dirt, owners=owners,
        bad=dice.pick([0.0, 0.05, 0.3, 1.0]), odd=dice.pick([0.0, 0.1, 0.3, 0.6]),
        mixed=dice.pick([0.0, 0.03, 0.1, 0.3]), rename=dice.uniform(0.1, 0.9),
        role_mail=dice.pick([0.0, 0.1, 0.3, 0.6]), personal=dice.uniform(0.3, 1.0),
        columns=set(columns),
    )  # fmt: skip


def _columns(dice: Dice) -> list[str]:
    """Two to twenty columns, a name or firm and some way to reach people among them."""
    if dice.chance(0.12):
        return ["name", dice.pick(["mail", "phone", "firm"])]
    core = ["name", *(c for c in ("firm", "title", "mail", "phone") if dice.chance(0.8))]
    core += [c for c in ("mail2", "phone2") if dice.chance(0.25)]
    if not {"mail", "phone", "firm"} & set(core):
        core.append("mail")
    wide = dice.uniform(0.0, 1.0)
    chosen = {*core, *(c for c in ORDINARY.split() if dice.chance(wide))}
    return [c for c in HEADERS if c in chosen]


def draw(seed: int, rows: int | None = None) -> Family:
    """A heap of sales leads."""
    dice = Dice(seed)
    rows = rows or dice.between(1500, 8000)
    columns = _columns(dice)
    habits = _habits(dice, columns)
    share, more, tail = dice.uniform(0.02, 0.6), dice.uniform(0.05, 0.5), dice.uniform(0.8, 2.5)
    cap, kin = dice.pick([1, 4, 12, 60]), dice.pick([0.0, 0.0, 0.05, 0.3])
    taken: set[str] = set()
    recs: list[Rec] = []
    who = group = 0
    while len(recs) < rows:
        people = _colleagues(dice, dice.size(tail, cap), who, group, habits, kin, taken)
        who, group = who + len(people), group + 1
        for one in people:
            recs += [_fill(dice, one, bool(i), habits) for i in range(copies(dice, share, more))]
    recs = narrowed(recs, columns)
    low, high = dice.uniform(0.0, 0.4), dice.uniform(0.4, 0.7)
    shares = {c: dice.uniform(low, high) for c in columns if c not in ("name", "id", "source")}
    if "mail" in columns and len(columns) > 3:
        shares["name"] = dice.pick([0.0, 0.0, 0.02, 0.15])
    recs, torn = blank(dice, recs, shares)
    if dice.chance(0.35):
        columns = dice.shuffled(columns)
    report: dict[str, float | int | str] = {
        "dup_share": share, "dup_more": more, "tail": tail, "cap": cap, "kin": kin, "torn": torn,
        "tongues": " ".join(t.name for t in habits.tongues), "bad_phone": habits.bad,
        "odd": habits.odd, "mixed": habits.mixed, "rename": habits.rename,
        "sources": len(habits.sources),
        "role_mail": habits.role_mail, "personal": habits.personal,
        "missing": sum(shares.values()) / len(shares),
    }  # fmt: skip
    keys = ("firm", "mail", "phone", "mail2", "phone2")
    return export(dice, recs, columns, HEADERS, "person", ("name",), keys, report)
