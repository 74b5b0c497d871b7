"""Contacts at Chinese firms: 姓名 公司 职务 电话 邮箱 地址, gathered by salesmen over years.

Colleagues share firm, switchboard, address, mail domain and role mailbox. People are entered
twice after a second meeting, a new job, a new number, or under another writing of their name.
"""

from dataclasses import dataclass

from benchmarks.families.family import Family, Headers
from benchmarks.families.words_kit import Bag, Dice, Rec, blank, copies, export, narrowed
from benchmarks.families.words_zh import (
    DEPARTMENTS,
    ENGLISH,
    ROLES,
    TITLES,
    Firm,
    Name,
    address,
    firm,
    homophone,
    mobile,
    person,
    private_mail,
    work_mail,
    write_board,
    write_mobile,
)

HEADERS: Headers = {
    "id": ("编号|客户编号|序号", "ID|No|Contact ID", "电话编号|单号"),
    "name": ("姓名|联系人|联系人姓名", "Name|Contact|Full Name", "客户|公司联系人|名称"),
    "firm": (
        "公司|公司名称|单位|单位名称",
        "Company|Organization|Account",
        "客户名|联系人单位|姓名单位",
    ),
    "title": ("职务|职位|头衔", "Title|Job Title|Position", "称呼|类别"),
    "mobile": ("手机|手机号|移动电话|手机号码", "Mobile|Cell|Mobile Phone", "联系方式|编码"),
    "phone": ("电话|座机|公司电话|办公电话", "Phone|Tel|Business Phone", "传真|号码"),
    "mail": ("邮箱|电子邮箱|E-mail|电子邮件", "Email|Mail|E-mail Address", "网址|账号"),
    "address": ("地址|公司地址|通讯地址", "Address|Street|Business Address", "区域|备注地址"),
    "city": ("城市|所在城市|地区", "City|Location", "来源地"),
    "department": ("部门|所属部门", "Department|Dept", "单位部门"),
    "wechat": ("微信|微信号", "WeChat|WeChat ID", "账号|其他"),
    "remark": ("备注|说明", "Remark|Notes", "描述|公司简介"),
    "origin": ("来源|客户来源|渠道", "Source|Lead Source", "类型"),
    "owner": ("负责人|业务员|跟进人", "Owner|Sales Rep", "联系人姓名2"),
    "date": ("创建日期|录入时间", "Created|Date", "生日"),
    "country": ("国家", "Country", "地区代码"),
    "grade": ("等级|客户级别", "Level|Grade", "星级"),
}
EXTRAS = "city department wechat remark origin owner date grade id country".split()
REMARKS = Bag(
    """已寄样品 展会认识 要求报价 老客户 待跟进 月结30天 不要打电话
微信联系 价格敏感 需开专票 同行 转介绍 暂无需求 已拜访 明年再联系 负责华东区
名片扫描 合同已签""".split(),
    0.4,
)
ORIGINS = "广交会 名片 官网 转介绍 CRM导入 展会 阿里巴巴 电话 旧系统 Excel".split()


@dataclass
class Habits:
    """What this seed's register is like."""

    odd: float
    bad: float
    variant: float
    same_firm_mail: float
    work_mail: float
    no_extension: float
    phone_is_mobile: bool
    landline_only: float
    dirty: list[float]
    rename: float
    owners: list[str]


@dataclass
class Person:
    """One contact as he is now."""

    who: int
    group: int
    name: Name
    firm: Firm
    title: str
    department: str
    mobile: str
    mail: str
    role: bool
    extension: str
    wechat: str
    english: str
    lone: bool = True


def _person(
    dice: Dice, who: int, place: Firm, name: Name, habits: Habits, used: set[str]
) -> Person:
    role = dice.chance(habits.same_firm_mail)
    if role:
        mail = f"{ROLES[len(place.domain) % len(ROLES)]}@{place.domain}"
    elif dice.chance(habits.work_mail):
        mail = work_mail(name, place.domain, len(place.board + place.brand + place.domain))
        while mail in used:
            mail = f"{mail.split('@')[0]}{dice.below(90) + 1}@{place.domain}"
    else:
        mail = private_mail(dice, name)
    used.add(mail)
    number = "" if dice.chance(habits.landline_only) else mobile(dice, habits.bad)
    chat = number if dice.chance(0.4) else f"wx{name.sur_sound}_{dice.digits(4)}"
    extension = "" if dice.chance(habits.no_extension) else dice.digits(dice.pick([3, 3, 4]))
    if not (number or not role or extension):
        number = mobile(dice, habits.bad)
    title, unit = dice.draw(TITLES), dice.pick(DEPARTMENTS)
    english = dice.pick(ENGLISH)
    return Person(
        who, 0, name, place, title, unit, number, mail, role, extension, chat, english
    )  # fmt: skip


def _tell_apart(dice: Dice, alike: list[Person]) -> None:
    """Give people of like names numbers and addresses of their own."""
    for one in alike:
        one.lone = False
        one.mobile = one.mobile or mobile(dice)
        if one.role:
            one.role, one.mail = False, private_mail(dice, one.name)


def _colleagues(
    dice: Dice, place: Firm, n: int, first: int, habits: Habits, kin: float, twins: float
) -> list[Person]:
    """The people of a firm: some of one family, rarely two of one name or a like one."""
    out: list[Person] = []
    names: set[str] = set()
    sounds: set[tuple[str, ...]] = set()
    used: set[str] = set()
    boss = ""
    while len(out) < n:
        name = person(dice, boss if dice.chance(kin) else "")
        namesake = bool(out) and dice.chance(twins)
        if namesake:
            name = dice.pick(out).name
        same_sound = name.sounds in sounds
        if (name.full in names and not namesake) or (
            same_sound and not namesake and dice.u() < 0.9
        ):
            continue
        one = _person(dice, first + len(out), place, name, habits, used)
        if same_sound:
            _tell_apart(dice, [one, *(o for o in out if o.name.sounds == name.sounds)])
        boss = boss or name.surname
        names.add(name.full)
        sounds.add(name.sounds)
        out.append(one)
    return out


def _fill(dice: Dice, one: Person, source: int, habits: Habits) -> Rec:
    """A record of the person as he is, in the manner of its source."""
    place, noise = one.firm, habits.dirty[source]
    rec = Rec(one.who, one.group, source)
    rec.put("name", one.name.full, f"name {one.name.full}", 1.0)
    full = place.variant(dice) if dice.chance(habits.variant * noise) else place.full
    rec.put("firm", full, f"firm {place.full}", 1.0)
    rec.put("title", one.title, f"title {one.title}", 0.2)
    rec.put("department", one.department, f"unit {one.department}", 0.1)
    number = write_mobile(dice, one.mobile, habits.odd * noise) if one.mobile else None
    own = ("mobile " + one.mobile, 1.3)
    board = write_board(dice, place.board, one.extension, habits.odd * noise)
    board_key = (f"board {place.board} {one.extension}", 0.9 if one.extension else 0.2)
    if habits.phone_is_mobile:
        use = number if number and (not one.lone or dice.chance(0.75)) else board
        rec.put("phone", use, *(own if use == number else board_key))
    else:
        rec.put("mobile", number, *own)
        rec.put("phone", board, *board_key)
    mail = one.mail.upper() if dice.chance(0.08 * noise) else one.mail
    rec.put("mail", mail, f"mail {one.mail}", 0.2 if one.role else 1.3)
    where = place.address
    if dice.chance(0.4 * noise):
        short = where.removeprefix(f"{place.city.name}市")
        where = dice.pick(
            [short, place.city.province + where, where.split("号")[0] + "号", where + " "]
        )
    rec.put("address", where, f"at {place.address}", 0.2)
    rec.put("city", place.city.name + ("市" if dice.chance(0.3 * noise) else ""))
    rec.put("wechat", one.wechat if dice.chance(0.8) else None, f"wx {one.wechat}", 1.3)
    rec.put("origin", dice.pick(ORIGINS))
    rec.put("remark", dice.draw(REMARKS) if dice.chance(0.5) else None)
    rec.put("owner", dice.pick(habits.owners))
    year, month = dice.between(2009, 2025), dice.between(1, 12)
    rec.put("date", f"{year}-{month:02d}-{dice.between(1, 28):02d}")
    rec.put("grade", dice.pick("ABCD"))
    rec.put("country", "中国")
    if not one.lone:
        rec.lock |= {"mobile", "mail", "phone"}
    return rec


def _rename(dice: Dice, rec: Rec, one: Person) -> None:
    """Write the name another way; what is left of it weighs less."""
    name, call = one.name, ("先生" if dice.chance(0.6) else "女士")
    kind = dice.draw(Bag(["called", "trad", "latin", "typo", "english", "surname", "spaced"], 0.3))
    if kind == "trad" and name.traditional != name.full:
        rec.put("name", name.traditional, f"name {name.full}", 1.0)
    elif kind == "latin":
        rec.put("name", name.latin(dice), f"name {name.full}", 0.7)
    elif kind == "typo" and homophone(dice, name) != name.full:
        rec.put("name", homophone(dice, name), f"name {name.full}", 0.55)
    elif kind == "english":
        sur = name.sur_sound.title()
        both = [f"{one.english} {sur}", f"{name.full}{one.english}", f"{name.full} ({one.english})"]
        form = dice.pick(both)
        rec.put("name", form, f"name {name.full}", 1.0 if name.full in form else 0.5)
    elif kind == "surname":
        title = one.title if len(one.title) < 4 else "经理"
        rec.put("name", name.surname + dice.pick([title, call]), f"name {name.full}", 0.4)
    elif kind == "spaced" and len(name.given) == 1:
        rec.put("name", f"{name.surname} {name.given}", f"name {name.full}", 1.0)
    else:
        rec.put(
            "name",
            name.full + dice.pick([call, one.title, f"（{one.title}）"]),
            f"name {name.full}",
            1.0,
        )


def _again(dice: Dice, one: Person, place: Firm, habits: Habits, source: int) -> Rec:
    """A further record of the person: met again, moved on, or written otherwise."""
    kind = dice.draw(Bag(["again", "title", "mobile", "job", "mail", "office"], 0.9))
    old = (one.firm, one.title, one.mobile, one.mail, one.extension, one.role)
    if kind == "job" and one.mobile and one.lone and not habits.phone_is_mobile:
        one.firm, one.extension, one.title = place, dice.digits(3), dice.draw(TITLES)
        one.role, one.mail = False, work_mail(one.name, place.domain, len(place.domain))
    elif kind == "title":
        one.title = dice.draw(TITLES)
    elif kind == "mobile" and one.lone:
        one.mobile = mobile(dice)
    elif kind == "mail" and one.lone:
        one.mail, one.role = private_mail(dice, one.name), False
    rec = _fill(dice, one, source, habits)
    if kind == "office":
        rec.put("address", address(dice, one.firm.city))
    if kind == "job" and one.firm is not old[0]:
        rec.lock |= {"mobile", "firm"}
    elif dice.chance(habits.rename):
        _rename(dice, rec, one)
    one.firm, one.title, one.mobile, one.mail, one.extension, one.role = old
    return rec


def _habits(dice: Dice) -> Habits:
    sources = dice.between(1, 4)
    dirty = [dice.uniform(0.0, 1.6) for _ in range(sources)]
    if sources > 1 and dice.chance(0.4):
        dirty[0] = 0.0
    return Habits(
        odd=dice.pick([0.0, 0.05, 0.2, 0.5]), bad=dice.pick([0.0, 0.0, 0.0, 0.02, 0.3, 1.0]),
        variant=dice.uniform(0.0, 0.7), same_firm_mail=dice.pick([0.0, 0.1, 0.4, 0.8]),
        work_mail=dice.uniform(0.2, 1.0), no_extension=dice.uniform(0.0, 1.0),
        phone_is_mobile=dice.chance(0.3), landline_only=dice.pick([0.0, 0.0, 0.1, 0.5, 0.9]),
        dirty=dirty, rename=dice.uniform(0.05, 0.6),
        owners=[person(dice).full for _ in range(dice.between(2, 12))],
    )  # fmt: skip


def draw(seed: int, rows: int | None = None) -> Family:
    """A register of contacts at Chinese firms."""
    dice = Dice(seed)
    rows = rows or dice.between(1500, 8000)
    habits = _habits(dice)
    share, more, tail = dice.uniform(0.02, 0.6), dice.uniform(0.05, 0.5), dice.uniform(0.7, 2.2)
    cap, kin, twins = (
        dice.pick([1, 6, 20, 60, 60]),
        dice.pick([0, 0.05, 0.3]),
        dice.uniform(0, 0.006),
    )
    lent = dice.pick([0.0, 0.0, 0.01, 0.03])
    dropped = {c for c in ("title", "mobile", "phone", "mail", "address") if dice.chance(0.2)}
    own = "phone" if habits.phone_is_mobile else "mobile"
    if {own, "mail"} <= dropped:
        dropped -= {own}
    if dropped & {own, "mail"}:
        twins = 0.0  # two of one name at one firm are told by both number and mail
    taken: set[str] = set()
    recs: list[Rec] = []
    who = group = 0
    while len(recs) < rows:
        place, elsewhere = firm(dice, taken), firm(dice, taken)
        people = _colleagues(dice, place, dice.size(tail, cap), who, habits, kin, twins)
        who, group = who + len(people), group + 1
        for one in people:
            one.group = group
            boss = people[0]
            lends = one is not boss and one.lone and dice.chance(lent if boss.mobile else 0)
            for i in range(copies(dice, share, more)):
                source = dice.below(len(habits.dirty))
                rec = (
                    _again(dice, one, elsewhere, habits, source)
                    if i
                    else _fill(dice, one, source, habits)
                )
                if lends and i == 0 and "mobile" in rec.cells:
                    rec.put("mobile", boss.mobile)
                recs.append(rec)
    wide = dice.uniform(0.0, 0.9)
    extras = [c for c in EXTRAS if dice.chance(wide)]
    columns = [c for c in HEADERS if c in recs[0].cells or c == "id"]
    columns = [c for c in columns if c not in dropped and (c not in EXTRAS or c in extras)]
    recs = narrowed(recs, columns)
    full = {"name", "id", "country", "origin"}
    shares = {c: dice.pick([0, 0.05, 0.2, 0.4, 0.7]) for c in columns if c not in full}
    shares["firm"] = dice.pick([0, 0, 0.02, 0.1])
    recs, torn = blank(dice, recs, shares)
    if dice.chance(0.3):
        columns = dice.shuffled(columns)
    report: dict[str, float | int | str] = {
        "dup_share": share, "dup_more": more, "tail": tail, "cap": cap, "kin": kin, "twins": twins,
        "lent": lent, "odd": habits.odd, "bad_phone": habits.bad, "variant": habits.variant,
        "role_mail": habits.same_firm_mail, "landline_only": habits.landline_only,
        "one_phone_column": int(habits.phone_is_mobile), "rename": habits.rename, "torn": torn,
        "missing": sum(shares.values()) / len(shares), "sources": len(habits.dirty),
    }  # fmt: skip
    keys = ("firm", "mobile", "phone", "mail")
    return export(dice, recs, columns, HEADERS, "person", ("name",), keys, report)
