"""Contacts at American firms, merged from up to five systems (a CRM, a billing list, cards …).

One system shouts, one cuts its fields, one writes "Last, First" in a single column; some seeds
hold the whole name in one column. People are entered again under nickname, maiden name, initial,
with private mail instead of work mail, a new job, or their names swapped.
"""

from dataclasses import dataclass, replace

from benchmarks.families.family import Family, Headers
from benchmarks.families.words_biz import (
    LASTS,
    NICKS,
    ROLES,
    TITLES,
    Firm,
    firm,
    first_name,
    phone,
    private_mail,
    restreet,
    short_title,
    street,
    work_mail,
    write_phone,
)
from benchmarks.families.words_kit import Bag, Dice, Rec, blank, copies, cut, export, narrowed, slip

HEADERS: Headers = {
    "id": ("ID|Record ID|Contact No", "编号|Nr", "Phone ID|Code"),
    "source": ("Source|System|Origin", "来源|Quelle", "Company Source|Type"),
    "first": ("First Name|Given Name|FirstName", "名|Vorname|Prénom", "Contact|Name2"),
    "last": ("Last Name|Surname|LastName", "姓|Nachname|Nom", "Client|Name"),
    "name": ("Name|Full Name|Contact Name|Contact", "姓名|Name|Nom complet", "Account|Customer"),
    "mail": ("Email|E-mail|Email Address", "邮箱|E-Mail-Adresse|Courriel", "Web|Login"),
    "phone": ("Phone|Telephone|Business Phone", "电话|Telefon|Téléphone", "Fax|Number"),
    "mobile": ("Mobile|Cell|Cell Phone", "手机|Handy|Portable", "Phone2|Alt"),
    "firm": ("Company|Organization|Account", "公司|Firma|Société", "Customer Name|Name1"),
    "title": ("Job Title|Title|Position", "职务|Funktion|Poste", "Salutation|Role"),
    "street": ("Street|Address|Address 1", "地址|Straße|Rue", "Location|Notes"),
    "city": ("City|Town", "城市|Ort|Ville", "Region"),
    "state": ("State|ST", "州|Bundesland", "Status"),
    "zip": ("Zip|Postal Code", "邮编|PLZ|Code postal", "Code|No"),
    "country": ("Country", "国家|Land|Pays", "Territory"),
    "web": ("Website|Web", "网址|Webseite", "Email2"),
    "segment": ("Segment|Industry", "行业|Branche", "Department"),
    "updated": ("Updated|Last Modified", "更新|Geändert", "Birthday"),
    "owner": ("Owner|Account Manager", "负责人|Betreuer", "Contact Person"),
}
EXTRAS = "id source mobile zip country web segment updated owner".split()
SYSTEMS = "CRM Billing Newsletter TradeShow LegacyERP Outlook Salesforce Cards".split()
SEGMENTS = "Manufacturing Services Retail Healthcare Government Construction".split()


@dataclass
class Habits:
    """What this seed's register is like, and how each of its systems writes."""

    systems: list[str]
    manner: list[str]
    dirt: list[float]
    cut: int
    one_name: bool
    odd: float
    bad: float
    variant: float
    role_mail: float
    work_mail: float
    direct: float
    extension: float
    rename: float
    owners: list[str]


@dataclass
class Person:
    """One contact as he is now."""

    who: int
    group: int
    first: str
    last: str
    woman: bool
    firm: Firm
    title: str
    mail: str
    role: bool
    line: str
    extension: str
    mobile: str
    suffix: str = ""
    middle: str = ""
    lone: bool = True
    initial_ok: bool = True


def _person(dice: Dice, who: int, group: int, place: Firm, last: str, habits: Habits) -> Person:
    first, woman = first_name(dice)
    role = dice.chance(habits.role_mail)
    mail = f"{ROLES[len(place.domain) % len(ROLES)]}@{place.domain}"
    if not role:
        if dice.chance(habits.work_mail):
            mail = work_mail(first, last, place.domain, len(place.domain + place.street))
        else:
            mail = private_mail(dice, first, last)
    direct = dice.chance(habits.direct)
    line = phone(dice, place.area, habits.bad) if direct else place.board
    extension = dice.digits(3) if not direct and dice.chance(habits.extension) else ""
    middle = dice.pick("ABCDEJLMRST") if dice.chance(0.2) else ""
    cell = phone(dice, place.area, habits.bad)
    return Person(who, group, first, last, woman, place, dice.draw(TITLES), mail, role, line,
                  extension, cell, middle=middle)  # fmt: skip


def _colleagues(
    dice: Dice, place: Firm, n: int, who: int, group: int, habits: Habits, kin: float, twins: float
) -> list[Person]:
    """The people of a firm, some of one family; rarely father and son of one name."""
    out: list[Person] = []
    taken: set[str] = set()
    mails: set[str] = set()
    boss = ""
    while len(out) < n:
        last = boss if boss and dice.chance(kin) else dice.draw(LASTS)
        one = _person(dice, who + len(out), group, place, last, habits)
        if out and dice.chance(twins):
            elder = dice.pick(out)
            _namesake(dice, elder, one)
        nicks = [f"{n} {one.last}" for n in (one.first, *NICKS.get(one.first, []))]
        if one.lone and taken & set(nicks):
            continue
        taken |= set(nicks)
        while one.mail in mails and not one.role:
            one.mail = one.mail.replace("@", f"{dice.between(2, 9)}@")
        mails.add(one.mail)
        boss = boss or last
        for other in out:
            if other.last == one.last and other.first[0] == one.first[0]:
                other.initial_ok = one.initial_ok = False
        out.append(one)
    return out


def _namesake(dice: Dice, elder: Person, one: Person) -> None:
    """Two of one name at one firm, told by mail, line and often Jr. and Sr."""
    one.first, one.last, one.woman, one.lone = elder.first, elder.last, elder.woman, False
    if not one.woman and dice.chance(0.6):
        one.suffix, elder.suffix = dice.pick(["Jr.", "II"]), dice.pick(["Sr.", ""])
    for who in (elder, one):
        who.lone = who.role = False
        who.mail = private_mail(dice, who.first, who.last)
        who.line, who.extension = phone(dice, who.firm.area), ""


def _fill(dice: Dice, one: Person, source: int, habits: Habits) -> Rec:
    """A record of the person as he is, before names are bent and the system writes it."""
    place, dirt = one.firm, habits.dirt[source]
    rec = Rec(one.who, one.group, source)
    rec.put("first", one.first, f"first {one.first}", 0.5)
    last = f"{one.last} {one.suffix}".strip()
    rec.put("last", last, f"last {one.last}{one.suffix}", 0.5)
    name = place.variant(dice) if dice.chance(habits.variant * dirt) else place.full
    rec.put("firm", name, f"firm {place.domain}", 1.0)
    title = short_title(one.title) if dice.chance(0.3 * dirt) else one.title
    rec.put("title", title, f"title {one.title}", 0.2)
    line = write_phone(dice, one.line, one.extension, source, habits.odd * dirt)
    own = 0.2 if one.line == place.board and not one.extension else 1.0
    rec.put("phone", line, f"line {one.line} {one.extension}", own)
    if dice.chance(0.6):
        cell = write_phone(dice, one.mobile, "", source, habits.odd * dirt)
        rec.put("mobile", cell, f"line {one.mobile} ", 1.2)
    rec.put("mail", one.mail, f"mail {one.mail}", 0.2 if one.role else 1.3)
    where = restreet(dice, place.street) if dice.chance(0.5 * dirt) else place.street
    rec.put("street", where, f"at {place.street}", 0.2)
    rec.put("city", place.city)
    rec.put("state", place.state)
    rec.put("zip", f"{sum(map(ord, place.street + place.city)) * 37 % 90000 + 10000}")
    rec.put("country", dice.pick(["USA", "United States", "US"]) if dirt else "USA")
    rec.put("web", "www." + place.domain)
    rec.put("segment", dice.pick(SEGMENTS))
    rec.put("updated", f"{dice.between(1, 12)}/{dice.between(1, 28)}/{dice.between(2008, 2025)}")
    rec.put("owner", dice.pick(habits.owners))
    rec.put("source", habits.systems[source])
    if not one.lone:
        rec.lock |= {"mail", "phone"}
    return rec


def _rename(dice: Dice, rec: Rec, one: Person) -> None:
    """Bend the name the way people and clerks do."""
    kind = dice.draw(Bag(["nick", "typo", "initial", "swap", "title", "maiden", "both"], 0.4))
    nicks = NICKS.get(one.first, [])
    first, last = f"first {one.first}", f"last {one.last}"
    if one.suffix:
        return
    if kind == "nick" and nicks:
        rec.put("first", dice.pick(nicks), first, 0.5)
    elif kind == "initial" and one.initial_ok:
        rec.put("first", one.first[0] + dice.pick(["", "."]), first, 0.4)
    elif kind == "swap":
        rec.put("first", one.last, last, 0.5)
        rec.put("last", one.first, first, 0.5)
    elif kind == "title":
        rec.put("first", f"{'Ms.' if one.woman else 'Mr.'} {one.first}", first, 0.5)
    elif kind == "maiden" and one.woman:
        new = dice.draw(LASTS)
        hyphen = dice.chance(0.3)
        rec.put("last", f"{one.last}-{new}" if hyphen else new, last if hyphen else "", 0.5)
    elif kind == "both" and one.middle:
        rec.put("first", f"{one.first} {one.middle}.", first, 0.5)
    elif dice.chance(0.5):
        rec.put("last", slip(dice, one.last), last, 0.4)
    else:
        rec.put("first", slip(dice, one.first), first, 0.4)


def _again(dice: Dice, one: Person, elsewhere: Firm, source: int, habits: Habits) -> Rec:
    """A further record of the person: as he is, moved on, reached otherwise, or misnamed."""
    kind = dice.draw(Bag(["again", "private", "title", "phone", "job", "office"], 0.7))
    now = replace(one)
    if kind == "private" and one.lone:
        now.mail, now.role = private_mail(dice, one.first, one.last), False
    elif kind == "title":
        now.title = dice.draw(TITLES)
    elif kind == "phone" and one.lone:
        now.line, now.extension, now.mobile = (
            phone(dice, one.firm.area),
            "",
            phone(dice, one.firm.area),
        )
    elif (
        kind == "job"
        and one.lone
        and "gmail yahoo hotmail outlook".find(one.mail.split("@")[1][:5]) >= 0
    ):
        now.firm, now.title = elsewhere, dice.draw(TITLES)
        now.line, now.extension = elsewhere.board, dice.digits(3)
    elif kind == "office":
        now.firm = replace(one.firm, street=street(dice))
    rec = _fill(dice, now, source, habits)
    if kind != "job" and dice.chance(habits.rename):
        _rename(dice, rec, one)
    return rec


def _write(dice: Dice, rec: Rec, habits: Habits) -> None:
    """Write the record the way its system does, and join the name where it is one column."""
    manner = habits.manner[rec.source]
    cells = rec.cells
    if habits.one_name:
        first, last = cells.pop("first") or "", cells.pop("last") or ""
        marks = [rec.marks.pop(c, ("", 0.0)) for c in ("first", "last")]
        order = "comma" if manner == "comma" or dice.chance(0.05) else ""
        rec.cells["name"] = f"{last}, {first}" if order else f"{first} {last}"
        rec.more = {key: weight for key, weight in marks if key}
    if manner == "upper":
        for column in ("first", "last", "name", "firm", "title", "street", "city", "mail"):
            if cells.get(column):
                cells[column] = (cells[column] or "").upper()
    if manner == "cut":
        cut(rec, habits.cut)
    if manner == "comma" and not habits.one_name and dice.chance(0.2):
        cells["last"] = f"{cells['last']}, {cells['first']}"


def _habits(dice: Dice) -> Habits:
    n = dice.between(2, 5)
    dirt = [dice.uniform(0.1, 1.6) for _ in range(n)]
    if dice.chance(0.5):
        dirt[0] = 0.0
    return Habits(
        systems=dice.shuffled(SYSTEMS)[:n],
        manner=dice.shuffled(["upper", "cut", "comma", "plain", "plain"])[:n],
        dirt=dirt, cut=dice.between(9, 15), one_name=dice.chance(0.35),
        odd=dice.pick([0.0, 0.05, 0.2, 0.5]), bad=dice.pick([0.0, 0.0, 0.0, 0.02, 0.3, 1.0]),
        variant=dice.uniform(0.0, 0.7), role_mail=dice.pick([0.0, 0.05, 0.3, 0.7]),
        work_mail=dice.uniform(0.2, 1.0), direct=dice.uniform(0.0, 0.8),
        extension=dice.uniform(0, 1),
        rename=dice.uniform(0.05, 0.8),
        owners=[first_name(dice)[0] for _ in range(dice.between(2, 9))],
    )  # fmt: skip


def draw(seed: int, rows: int | None = None) -> Family:
    """A register of contacts at American firms."""
    dice = Dice(seed)
    rows = rows or dice.between(1500, 8000)
    habits = _habits(dice)
    share, more, tail = dice.uniform(0.02, 0.6), dice.uniform(0.05, 0.5), dice.uniform(0.7, 2.2)
    cap, kin, twins = (
        dice.pick([1, 6, 20, 60, 60]),
        dice.pick([0, 0.05, 0.3]),
        dice.uniform(0, 0.006),
    )
    wide, taken = dice.uniform(0.0, 0.9), set[str]()
    extras = {c for c in EXTRAS if dice.chance(wide)}
    dropped = {c for c in ("title", "phone", "street", "city", "state") if dice.chance(0.2)}
    if "phone" in dropped:
        twins = 0.0
    recs: list[Rec] = []
    who = group = 0
    while len(recs) < rows:
        boss = dice.draw(LASTS) if dice.chance(0.2) else ""
        place, elsewhere = firm(dice, taken, boss), firm(dice, taken)
        people = _colleagues(dice, place, dice.size(tail, cap), who, group, habits, kin, twins)
        who, group = who + len(people), group + 1
        for one in people:
            for i in range(copies(dice, share, more)):
                source = dice.below(len(habits.systems))
                rec = (
                    _again(dice, one, elsewhere, source, habits)
                    if i
                    else _fill(dice, one, source, habits)
                )
                _write(dice, rec, habits)
                recs.append(rec)
    names = {"name"} if habits.one_name else {"first", "last"}
    columns = [c for c in HEADERS if c not in EXTRAS or c in extras]
    columns = [
        c
        for c in columns
        if c not in dropped and (c not in ("name", "first", "last") or c in names)
    ]
    recs = narrowed(recs, columns)
    full = {"first", "last", "name", "id", "country", "source"}
    shares = {c: dice.pick([0, 0.05, 0.2, 0.4, 0.7]) for c in columns if c not in full}
    shares["firm"] = dice.pick([0, 0, 0.05, 0.2])
    recs, torn = blank(dice, recs, shares)
    if dice.chance(0.3):
        columns = dice.shuffled(columns)
    report: dict[str, float | int | str] = {
        "dup_share": share, "dup_more": more, "tail": tail, "cap": cap, "kin": kin, "twins": twins,
        "odd": habits.odd, "bad_phone": habits.bad, "variant": habits.variant, "cut": habits.cut,
        "role_mail": habits.role_mail, "direct": habits.direct, "one_name": int(habits.one_name),
        "rename": habits.rename, "torn": torn, "systems": " ".join(habits.manner),
        "missing": sum(shares.values()) / len(shares),
    }  # fmt: skip
    keys = ("firm", "mail", "phone", "mobile")
    return export(dice, recs, columns, HEADERS, "person", ("first", "last", "name"), keys, report)
