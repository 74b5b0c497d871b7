"""A directory of practitioners: doctors of clinics, lawyers of offices, teachers of schools.

Everybody of a practice has its address, telephone and fax; what is left to tell people by is the
name, its title, the specialty and, for part of them, a licence number. Most stand in it once; a
few twice, after a new edition, with a title more, an initial less, or at a second practice.
"""

from dataclasses import dataclass

from benchmarks.families import words_biz as en
from benchmarks.families import words_zh as zh
from benchmarks.families.family import Family, Headers
from benchmarks.families.words_kit import Bag, Dice, Rec, blank, copies, export, narrowed, slip
from benchmarks.families.words_practice import EN, ZH

HEADERS: Headers = {
    "id": ("ID|Nr|编号", "序号|Lfd. Nr.", "Code"),
    "name": (
        "Name|Provider Name|Practitioner|姓名",
        "医生姓名|Nombre|Arzt",
        "Practice|Title|Contact",
    ),
    "first": ("First Name|Given Name", "名|Vorname", "Name|Middle"),
    "last": ("Last Name|Surname", "姓|Nachname", "Provider|Group"),
    "title": ("Title|Credentials|职称", "学位|Titel", "Type|Suffix"),
    "practice": (
        "Practice|Organization|Facility|单位",
        "机构|Praxis|Clínica",
        "Name 2|Provider Group",
    ),
    "specialty": (
        "Specialty|Department|科室|专业",
        "Fachgebiet|Especialidad",
        "Practice Type|Title",
    ),
    "address": ("Address|Street Address|地址", "Adresse|Dirección|执业地点", "Location Name|Notes"),
    "city": ("City|城市", "Ort|Ciudad|地区", "Office"),
    "state": ("State|省份", "Provinz|州", "Status"),
    "phone": ("Phone|Telephone|电话", "Telefon|Teléfono|联系电话", "Mobile|Number"),
    "fax": ("Fax|传真", "Telefax", "Phone 2"),
    "website": ("Website|URL|网站", "Webseite", "E-mail"),
    "mail": ("Email|E-mail|邮箱", "Correo", "Web"),
    "licence": ("License No|NPI|执业证号|Provider ID", "Zulassung|证书编号", "Phone ID|Tax Code"),
    "accepting": ("Accepting New Patients|Active|是否在职", "Aktiv", "Member"),
    "country": ("Country|国家", "Land", "Area"),
}
EXTRAS = "id city state fax website mail licence accepting country specialty".split()


@dataclass
class Practice:
    """A clinic, office or school."""

    name: str
    short: str
    address: str
    city: str
    state: str
    phone: str
    fax: str
    domain: str


@dataclass
class Person:
    """A practitioner."""

    who: int
    group: int
    first: str
    last: str
    middle: str
    title: str
    specialty: str
    licence: str
    chinese: zh.Name | None
    suffix: str = ""
    unlike: bool = True
    twin: bool = False


@dataclass
class Habits:
    """What this seed's directory is like."""

    chinese: bool
    trade: str
    layout: int
    prefix: float
    licensed: float
    odd: float
    bad: float
    style: int
    kin: float
    sons: float
    namesakes: float = 0.0


def _practice(dice: Dice, habits: Habits, taken: set[str]) -> Practice:
    kinds = (ZH if habits.chinese else EN)[habits.trade][2].replace("\n", "").split("|")
    while True:
        if habits.chinese:
            base = zh.firm(dice, set())
            area = dice.pick([base.brand, base.city.name + dice.pick(base.city.districts)])
            kind = dice.pick(kinds)
            full, short = (
                f"{area if area != base.brand else base.city.name + area}{kind}",
                f"{area}{kind}",
            )
            place, state, city = base.address, base.city.province, base.city.name
            phone, fax, domain = base.board, base.board[:-2] + dice.digits(2), base.domain
        else:
            shop = en.firm(dice, set(), dice.draw(en.LASTS) if dice.chance(0.4) else "")
            kind = dice.pick(kinds)
            full, short = f"{shop.core} {kind}", f"{shop.core} {kind.split()[0]}"
            place, city, state = shop.street, shop.city, shop.state
            phone = en.phone(dice, shop.area, habits.bad)
            fax, domain = phone[:-2] + dice.digits(2), shop.domain
        if full not in taken:
            taken |= {full, short}
            return Practice(full, short, place, city, state, phone, fax, domain)


def _namesake(dice: Dice, one: Person, other: Person, offers: list[str]) -> None:
    """Give two colleagues one name, told apart by what they practise."""
    rest = [offer for offer in offers if offer != other.specialty]
    if rest and not (other.suffix or other.twin or one.suffix):
        one.first, one.last, one.chinese = other.first, other.last, other.chinese
        one.specialty, one.middle = dice.pick(rest), dice.pick("ABEJ") if one.middle else ""
        one.twin = other.twin = True


def _people(
    dice: Dice, n: int, who: int, group: int, habits: Habits, licences: set[str]
) -> list[Person]:
    """The people of a practice: of different names, but for a rare son of the founder's name."""
    titles, specialties, _ = (ZH if habits.chinese else EN)[habits.trade]
    offers = dice.shuffled(specialties.replace("\n", "").split("|"))[: dice.between(1, 6)]
    out: list[Person] = []
    seen: set[str] = set()
    near: dict[str, list[Person]] = {}
    while len(out) < n:
        boss = out[0].last if out and dice.chance(habits.kin) else ""
        chinese = zh.person(dice, boss) if habits.chinese else None
        first, last = (
            (chinese.given, chinese.surname) if chinese else (en.first_name(dice)[0], boss)
        )
        last = last or dice.draw(en.LASTS)
        middle = dice.pick("ABCDEFJLMRST") if not chinese and dice.chance(0.4) else ""
        licence = dice.digits(10)
        while licence in licences:
            licence = dice.digits(10)
        one = Person(who + len(out), group, first, last, middle, dice.pick(titles),
                     dice.pick(offers), licence if dice.chance(habits.licensed) else "",
                     chinese)  # fmt: skip
        son = bool(out) and not chinese and not out[0].suffix and dice.chance(habits.sons)
        if son:
            one.first, one.last, one.suffix, out[0].suffix = out[0].first, out[0].last, "Jr.", "Sr."
        if len(out) > 9 and dice.chance(habits.namesakes):
            _namesake(dice, one, dice.pick(out), offers)
        calls = {f"{n} {one.last}" for n in (one.first, *en.NICKS.get(one.first, []))}
        if seen & calls and not (son or one.twin):
            continue
        seen |= calls
        licences.add(licence)
        key = one.chinese.sur_sound if one.chinese else f"{one.first[0]} {one.last}"
        near.setdefault(key, []).append(one)
        out.append(one)
    for alike in near.values():
        for one in alike:
            one.unlike = len(alike) == 1
    return out


def _name(dice: Dice, one: Person, bend: bool) -> tuple[str, str, float]:
    """First and last name, bent when asked for, and how much of the name is left."""
    first, last, nicks = one.first, one.last, en.NICKS.get(one.first, [])
    if one.middle and not bend:
        first = f"{first} {one.middle}."
    if one.suffix or one.twin or not bend:
        return first, f"{last} {one.suffix}".strip(), 1.0
    if one.chinese:
        way = dice.below(3)
        if way == 0:
            return one.chinese.traditional[len(last) :], last, 1.0
        if way == 1 and one.unlike:
            return zh.homophone(dice, one.chinese)[len(last) :], last, 0.8
        return first, last, 1.0
    kind = dice.draw(Bag(["middle", "typo", "nick", "initial", "married"], 0.5))
    if kind == "nick" and nicks:
        return dice.pick(nicks), last, 1.0
    if kind == "initial" and one.unlike:
        return f"{first[0]}. {one.middle}".strip(), last, 0.9
    if kind == "typo" and one.unlike:
        return (
            (slip(dice, first), last, 0.9) if dice.chance(0.5) else (first, slip(dice, last), 0.9)
        )
    if kind == "married" and one.licence and one.unlike:
        return first, dice.draw(en.LASTS), 0.4
    return first, last, 1.0


def _layout(dice: Dice, first: str, last: str, title: str, habits: Habits) -> str:
    """The name in one cell, in the directory's layout, its title before or behind."""
    if habits.chinese:
        behind = f"{dice.pick([' ', '（', ''])}{title}" if dice.chance(habits.prefix) else ""
        return f"{last}{first}{behind}{'）' if '（' in behind else ''}"
    forms = [
        f"{first} {last}",
        f"{last}, {first}",
        f"{last.upper()}, {first}",
        f"{first} {last.upper()}",
    ]
    text = forms[habits.layout]
    if dice.chance(habits.prefix):
        front = "Dr. " if habits.trade == "clinic" and dice.chance(0.5) else ""
        return front + text if front else f"{text}, {title}"
    return text


def _fill(dice: Dice, one: Person, at: Practice, again: bool, bend: bool, habits: Habits) -> Rec:
    """An entry of the person at a practice."""
    rec = Rec(one.who, one.group, dice.below(2))
    first, last, left = _name(dice, one, bend)
    title = (
        dice.pick([one.title, one.title, "", one.title.replace(".", "")]) if again else one.title
    )
    who = f"who {one.first} {one.last} {one.suffix}"
    rec.put("name", _layout(dice, first, last, title, habits).strip(" ,"), who, left)
    rec.put("first", first)
    rec.put("last", last)
    rec.more = {who: left}
    rec.put("title", title)
    loose = again and dice.chance(0.4)
    rec.put("practice", at.short if loose else at.name, f"at {at.name}", 1.0)
    rec.put(
        "address", en.restreet(dice, at.address) if loose and not habits.chinese else at.address
    )
    rec.marks["address"] = (f"street {at.address}", 0.9)
    rec.put("city", at.city)
    rec.put("state", at.state)
    for column, number in (("phone", at.phone), ("fax", at.fax)):
        odd = habits.odd * (2 if again else 1)
        if habits.chinese:
            rec.put(column, zh.write_board(dice, number, "", odd))
        else:
            rec.put(column, en.write_phone(dice, number, "", habits.style, odd))
    rec.marks["phone"] = (f"phone {at.phone}", 0.8)
    rec.put("specialty", one.specialty, f"does {one.specialty}", 0.2)
    rec.put("website", f"www.{at.domain}")
    rec.put("mail", f"info@{at.domain}")
    rec.put("licence", one.licence or None, f"licence {one.licence}", 2.0)
    rec.put("accepting", dice.pick(["Y", "N"] if not habits.chinese else ["是", "否"]))
    rec.put("country", "中国" if habits.chinese else "US")
    if one.suffix or one.twin:
        rec.lock |= {"licence", "practice", "specialty"}
    return rec


def _habits(dice: Dice) -> Habits:
    return Habits(
        chinese=dice.chance(0.35), trade=dice.pick(["clinic", "clinic", "law", "school"]),
        layout=dice.below(4), prefix=dice.pick([0.0, 0.3, 0.7, 1.0]),
        licensed=dice.pick([0.0, 0.3, 0.6, 1.0]), odd=dice.pick([0.0, 0.02, 0.2]),
        bad=dice.pick([0.0, 0.0, 0.1, 1.0]), style=dice.below(5), kin=dice.pick([0.0, 0.03, 0.25]),
        sons=dice.uniform(0.0, 0.01),
    )  # fmt: skip


def draw(seed: int, rows: int | None = None) -> Family:
    """A directory of practitioners."""
    dice = Dice(seed)
    rows = rows or dice.between(1500, 8000)
    habits = _habits(dice)
    share, tail, cap = (
        dice.uniform(0.02, 0.08),
        dice.uniform(0.6, 2.0),
        dice.pick([3, 8, 25, 60, 60]),
    )
    rename, moves, wide = dice.uniform(0.1, 0.8), dice.uniform(0.0, 0.3), dice.uniform(0.1, 1.0)
    split = not habits.chinese and dice.chance(0.35)
    extras = {c for c in EXTRAS if dice.chance(wide)}
    taken: set[str] = set()
    licences: set[str] = set()
    recs: list[Rec] = []
    who = group = 0
    if "licence" not in extras:
        habits.licensed = 0.0
    if "specialty" in extras:
        habits.namesakes = dice.pick([0.0, 0.002, 0.006])
    before = _practice(dice, habits, taken)
    while len(recs) < rows:
        at = _practice(dice, habits, taken)
        people = _people(dice, dice.size(tail, cap), who, group, habits, licences)
        who, group = who + len(people), group + 1
        for one in people:
            for i in range(copies(dice, share, 0.1)):
                second = bool(i) and bool(one.licence) and dice.chance(moves)
                bend = bool(i) and dice.chance(rename)
                rec = _fill(
                    dice, one, before if second else at, bool(i), bend and not second, habits
                )
                recs.append(rec)
        before = at
    names = {"first", "last"} if split else {"name"}
    dropped = {"name", "first", "last"} - names | {
        c for c in ("title", "phone") if dice.chance(0.25)
    }
    columns = [c for c in HEADERS if c not in dropped and (c not in EXTRAS or c in extras)]
    recs = narrowed(recs, columns)
    kept = {"id", "name", "first", "last", "country", "licence"}
    shares = {c: dice.pick([0, 0, 0.05, 0.3, 0.6]) for c in columns if c not in kept}
    shares["practice"] = dice.pick([0, 0, 0.1])
    recs, torn = blank(dice, recs, shares)
    if dice.chance(0.3):
        columns = dice.shuffled(columns)
    report: dict[str, float | int | str] = {
        "dup_share": share, "tail": tail, "cap": cap, "torn": torn, "rename": rename,
        "moves": moves, "namesakes": habits.namesakes,
        "chinese": int(habits.chinese), "trade": habits.trade, "titles": habits.prefix,
        "licensed": habits.licensed, "kin": habits.kin, "sons": habits.sons,
        "bad_phone": habits.bad,
        "split_name": int(split), "missing": sum(shares.values()) / len(shares),
    }  # fmt: skip
    keys = ("practice", "phone", "address", "licence")
    return export(dice, recs, columns, HEADERS, "person", ("name", "first", "last"), keys, report)
