"""An old export of which only name, company and city are left: English, Chinese or mixed names.

Many people of one firm; the same person again with a typo, an initial, a nickname, the name in
pinyin or traditional characters, the firm written in another way or cut short. No two people of
one firm bear one name here, as nothing would be left to tell them by.
"""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.families import words_biz as en
from benchmarks.families import words_zh as zh
from benchmarks.families.family import Family, Headers
from benchmarks.families.words_kit import Bag, Dice, Rec, blank, copies, export, slip

HEADERS: Headers = {
    "id": ("ID|No.|Nr", "编号|序号", "Code|Phone ID"),
    "name": ("Name|Full Name|Contact", "姓名|联系人|客户姓名", "Customer|客户|Title"),
    "first": ("First Name|Given Name", "名|Vorname", "Contact|Name 2"),
    "last": ("Last Name|Surname", "姓|Nachname", "Name|Client"),
    "firm": (
        "Company|Organization|Employer",
        "公司|单位|公司名称",
        "Account Name|客户名|Department",
    ),
    "city": ("City|Town|Location", "城市|地区|所在城市", "Region|Branch"),
    "segment": ("Segment|Type|Category", "类别|行业|客户类型", "Title|Status"),
    "remark": ("Notes|Remark|Comment", "备注|说明", "Address|地址"),
}
SEGMENTS = [
    "A B C D",
    "VIP Standard Prospect",
    "制造 贸易 服务 其他",
    "2015 2016 2017 2018 2019",
    "Y N",
]
REMARKS = [
    "met at fair",
    "call back",
    "mailing",
    "no post",
    "老客户",
    "展会",
    "moved?",
    "check",
    "黑名单",
]
LATIN_CITY = dict(
    zip(
        "上海 北京 深圳 广州 苏州 杭州 东莞 成都 武汉 南京 天津 宁波 佛山 青岛 重庆 无锡".split(),
        """Shanghai Beijing Shenzhen Guangzhou Suzhou Hangzhou Dongguan Chengdu Wuhan Nanjing
Tianjin Ningbo Foshan Qingdao Chongqing Wuxi""".split(),
        strict=True,
    )
)
CITY_OTHER = {"New York": "New York City", "Los Angeles": "L.A.", "St. Louis": "Saint Louis",
              "Philadelphia": "Philly", "San Antonio": "San Antonio, TX"}  # fmt: skip


@dataclass
class Habits:
    """What this seed's export is like."""

    tongue: str
    two_columns: bool
    rename: float
    variant: float
    respell_city: float
    comma: float
    upper: float
    cut: int


@dataclass
class Person:
    """One person at one firm; `unlike` says that no colleague's name comes near."""

    who: int
    group: int
    first: str
    last: str
    chinese: zh.Name | None
    unlike: bool = True


def _people(dice: Dice, n: int, who: int, group: int, chinese: bool, kin: float) -> list[Person]:
    """Colleagues of different names, some of one family."""
    out: list[Person] = []
    seen: dict[str, Person] = {}
    near: dict[str, list[Person]] = {}
    boss = ""
    while len(out) < n:
        related = bool(boss) and dice.chance(kin)
        if chinese:
            name = zh.person(dice, boss if related else "")
            one = Person(who + len(out), group, name.given, name.surname, name)
            calls, like = [name.full, " ".join(name.sounds)], [name.sur_sound]
        else:
            first, _ = en.first_name(dice)
            last = boss if related else dice.draw(en.LASTS)
            one = Person(who + len(out), group, first, last, None)
            calls = [f"{n} {last}" for n in (first, *en.NICKS.get(first, []))]
            like = [f"{call[0]} {last}" for call in calls] + [f"{first} {last[:2]}"]
        if any(call in seen for call in calls):
            continue
        seen |= dict.fromkeys(calls, one)
        for key in like:
            near.setdefault(key, []).append(one)
        boss = boss or one.last
        out.append(one)
    for alike in near.values():
        if len({one.who for one in alike}) > 1:
            for one in alike:
                one.unlike = False
    return out


def _english(dice: Dice, one: Person, bend: bool) -> tuple[str, str]:
    """First and last name, bent when asked for."""
    first, last = one.first, one.last
    kind = dice.draw(Bag(["nick", "typo", "initial", "middle", "hyphen", "title"], 0.5))
    nicks = en.NICKS.get(first, [])
    if not bend:
        return first, last
    if kind == "nick" and nicks:
        first = dice.pick(nicks)
    elif kind == "initial" and one.unlike:
        first = first[0] + dice.pick(["", "."])
    elif kind == "middle":
        first = f"{first} {dice.pick('ABCDEJLMRS')}{dice.pick(['', '.'])}"
    elif kind == "hyphen" and one.unlike:
        last = f"{last}-{dice.draw(en.LASTS)}"
    elif kind == "title":
        first = f"{dice.pick(['Mr.', 'Ms.', 'Dr.'])} {first}"
    elif one.unlike:
        first, last = (slip(dice, first), last) if dice.chance(0.4) else (first, slip(dice, last))
    return first, last


def _chinese(dice: Dice, one: Person, bend: bool) -> tuple[str, str]:
    """Given name and surname, bent when asked for: the whole in the first where script changes."""
    name = one.chinese
    if name is None or not bend:
        return one.first, one.last
    kind = dice.draw(Bag(["trad", "typo", "latin", "called", "space"], 0.4))
    if kind == "trad" and name.traditional != name.full:
        cut = len(name.surname)
        return name.traditional[cut:], name.traditional[:cut]
    if kind == "latin" and one.unlike:
        return "".join(name.given_sounds).title(), name.sur_sound.title() + " "
    if kind == "typo" and one.unlike:
        return zh.homophone(dice, name)[len(name.surname) :], name.surname
    if kind == "called":
        return name.given + dice.pick(["先生", "女士", "经理", "总", "(离职)"]), name.surname
    return name.given, name.surname + (" " if kind == "space" else "")


def _record(
    dice: Dice,
    one: Person,
    firm: Callable[[bool], str],
    cities: list[str],
    again: bool,
    habits: Habits,
) -> Rec:
    """A row about the person, bent if it is a further one."""
    rec = Rec(one.who, one.group, int(dice.chance(0.5)))
    bend = again and dice.chance(habits.rename)
    first, last = (_chinese if one.chinese else _english)(dice, one, bend)
    name = f"{last}{first}" if one.chinese else f"{first} {last}"
    if not one.chinese and dice.chance(habits.comma):
        name = f"{last}, {first}"
    if one.chinese and last.isascii() and dice.chance(0.5):
        name = f"{first} {last}".strip()
    who = f"who {one.first} {one.last}"
    rec.put("name", name, who, 1.0)
    rec.put("first", first)
    rec.put("last", last.strip())
    rec.put("firm", firm(dice.chance(habits.variant)), f"firm {one.group}", 1.0)
    rec.put("city", dice.pick(cities[1:]) if dice.chance(habits.respell_city) else cities[0])
    rec.more = {who: 1.0}
    if rec.source and habits.cut:
        for column in ("name", "firm"):
            rec.cells[column] = (rec.cells[column] or "")[: habits.cut].strip()
    if rec.source and dice.chance(habits.upper):
        for column, value in rec.cells.items():
            rec.cells[column] = (value or "").upper()
    return rec


def _group(dice: Dice, chinese: bool, taken: set[str]) -> tuple[Callable[[bool], str], list[str]]:
    """A firm as a writer of its name, and the spellings of its city."""
    if chinese:
        place = zh.firm(dice, taken)
        city = place.city.name
        cities = [city, city + "市", city + " ", LATIN_CITY.get(city, city + "市")]
        return lambda other: place.variant(dice) if other else place.full, cities
    shop = en.firm(dice, taken, dice.draw(en.LASTS) if dice.chance(0.15) else "")
    cities = [
        shop.city,
        CITY_OTHER.get(shop.city, slip(dice, shop.city)),
        f"{shop.city}, {shop.state}",
    ]
    return lambda other: shop.variant(dice) if other else shop.full, cities


def draw(seed: int, rows: int | None = None) -> Family:
    """An old export of name, company and city."""
    dice = Dice(seed)
    rows = rows or dice.between(1500, 8000)
    habits = Habits(
        tongue=dice.pick(["en", "en", "zh", "zh", "mixed"]), two_columns=dice.chance(0.25),
        rename=dice.uniform(0.1, 0.9), variant=dice.uniform(0.0, 0.6),
        respell_city=dice.pick([0.0, 0.05, 0.3]), comma=dice.pick([0.0, 0.0, 0.3, 1.0]),
        upper=dice.pick([0.0, 0.0, 0.1, 1.0]), cut=dice.pick([0, 0, 0, 18, 24, 30]),
    )  # fmt: skip
    chinese_share = {"en": 0.0, "zh": 1.0, "mixed": dice.uniform(0.2, 0.8)}[habits.tongue]
    share, more, tail = dice.uniform(0.02, 0.6), dice.uniform(0.05, 0.5), dice.uniform(0.6, 2.2)
    cap, kin = dice.pick([1, 6, 20, 60, 60]), dice.pick([0, 0.05, 0.3])
    extra = dice.pick([[], [], [], ["segment"], ["remark"], ["id"], ["id", "segment"]])
    words, taken = dice.pick(SEGMENTS).split(), set[str]()
    recs: list[Rec] = []
    who = group = 0
    while len(recs) < rows:
        chinese = dice.chance(chinese_share)
        firm, cities = _group(dice, chinese, taken)
        people = _people(dice, dice.size(tail, cap), who, group, chinese, kin)
        who, group = who + len(people), group + 1
        for one in people:
            for i in range(copies(dice, share, more)):
                rec = _record(dice, one, firm, cities, bool(i), habits)
                rec.put("segment", dice.pick(words))
                rec.put("remark", dice.pick(REMARKS))
                recs.append(rec)
    names = ["first", "last"] if habits.two_columns else ["name"]
    bare = dice.chance(0.1)
    columns = [*names, "firm", *([] if bare else ["city"]), *extra]
    shares = {"city": dice.pick([0, 0.1, 0.3, 0.7]), "remark": 0.7, "segment": dice.pick([0, 0.3])}
    shares["firm"] = dice.pick([0.0, 0.0, 0.0, 0.01])
    recs, torn = blank(dice, recs, shares, alone=1.0)
    if dice.chance(0.4):
        columns = dice.shuffled(columns)
    report: dict[str, float | int | str] = {
        "dup_share": share, "dup_more": more, "tail": tail, "cap": cap, "kin": kin, "torn": torn,
        "tongue": habits.tongue, "rename": habits.rename, "variant": habits.variant,
        "respell_city": habits.respell_city, "comma": habits.comma, "upper": habits.upper,
        "cut": habits.cut, "missing_city": shares["city"],
        "two_name_columns": int(habits.two_columns),
    }  # fmt: skip
    keys = ("firm", "city")
    return export(dice, recs, columns, HEADERS, "person", tuple(names), keys, report)
