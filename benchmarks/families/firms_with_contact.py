"""Chinese firms as customers, one contact person in each row: the truth counts firms, not people.

A firm stands in it again with another contact, another number, moved, or its name written in
another way. Agents and book-keepers answer for many firms. Branches are not their parent, members
of a group are not the group, shops hang on the head office's number, and two firms may differ by
one character of the brand or by the city alone.
"""

from dataclasses import dataclass, field, replace

from benchmarks.families.family import Family, Headers
from benchmarks.families.words_kit import Bag, Dice, Rec, blank, copies, export, narrowed
from benchmarks.families.words_zh import (
    ALIKE,
    BRAND_BAG,
    CITIES,
    DEPARTMENTS,
    TITLES,
    TRADES,
    Firm,
    Name,
    address,
    firm,
    mobile,
    person,
    private_mail,
    work_mail,
    write_board,
    write_mobile,
)

HEADERS: Headers = {
    "id": ("客户编号|编号", "Customer No|ID", "电话编号|税号2"),
    "name": (
        "客户名称|公司名称|单位名称|企业名称",
        "Company|Customer Name|Account",
        "姓名|联系人单位|客户",
    ),
    "uscc": ("统一社会信用代码|税号|信用代码", "Tax ID|USCC|Registration No", "客户代码|电话2"),
    "contact": ("联系人|联系人姓名|姓名", "Contact|Contact Person|Name", "客户|公司联系人|公司2"),
    "title": ("职务|职位", "Title|Position", "类型"),
    "mobile": ("手机|联系电话|手机号", "Mobile|Contact Phone", "电话号码|账号"),
    "phone": ("电话|座机|公司电话", "Phone|Tel", "传真|号码"),
    "mail": ("邮箱|电子邮箱", "Email|E-mail", "网址"),
    "address": ("地址|公司地址|注册地址", "Address|Registered Address", "备注地址|区域"),
    "city": ("城市|地区", "City", "分公司"),
    "legal": ("法人|法定代表人", "Legal Representative|Owner", "联系人2|经理"),
    "trade": ("行业|经营范围", "Industry", "类别|部门"),
    "department": ("部门", "Department", "单位"),
    "owner": ("业务员|负责人", "Sales Rep", "联系人3"),
    "date": ("建档日期|创建时间", "Created", "成立日期"),
    "bank": ("开户行", "Bank", "支付方式"),
    "origin": ("来源", "Source", "渠道"),
    "currency": ("币种", "Currency", "国家"),
}
EXTRAS = "id title city legal trade department owner date bank origin currency".split()
BANKS = ["中国银行", "工商银行", "建设银行", "农业银行", "招商银行", "交通银行"]
CODES = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass
class Contact:
    """Somebody who answers for a firm, or for many."""

    name: Name
    mobile: str
    mail: str
    title: str


@dataclass
class Unit:
    """A firm, branch or shop; `forms` are the ways to write it and what they still tell."""

    who: int
    group: int
    firm: Firm
    full: str
    forms: list[tuple[str, float]]
    uscc: str
    legal: str
    contacts: list[Contact] = field(default_factory=list)
    agent: bool = False


@dataclass
class Habits:
    """What this seed's register is like."""

    odd: float
    bad: float
    variant: float
    registered: float
    agents: float
    new_contact: float
    landline: float
    dirty: list[float]
    owners: list[str]


def _uscc(dice: Dice, code: str) -> str:
    """A number of the form the registrars give, its check character right."""
    region = f"{31 + sum(map(ord, code)) % 30}01{dice.between(1, 15):02d}"
    body = f"91{region}MA" + "".join(dice.pick(CODES) for _ in range(7))
    total = sum(CODES.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + CODES[(31 - total % 31) % 31]


def _contact(dice: Dice, at: Firm, habits: Habits) -> Contact:
    name = person(dice)
    mail = (
        work_mail(name, at.domain, len(at.domain)) if dice.chance(0.6) else private_mail(dice, name)
    )
    return Contact(name, mobile(dice, habits.bad), mail, dice.draw(TITLES))


def _forms(dice: Dice, at: Firm, full: str, tail: str, sisters: str) -> list[tuple[str, float]]:
    """Ways to write a firm; the short ones only where no sister bears nearly the same name."""
    city, brand, trade, form = at.city.name, at.brand, at.trade, at.form
    other = "有限责任公司" if form == "有限公司" else "有限公司"
    whole = [
        (full.replace("（", "(").replace("）", ")"), 2.0), (f"{full} ", 2.0),
        (f"{city}市{brand}{trade}{form}{tail}", 2.0), (f"{city}{brand}{trade}{other}{tail}", 1.9),
        (f"{brand}（{city}）{trade}{form}{tail}", 2.0),
        (f"{city} {brand} {trade}{form}{tail}", 2.0),
        (f"{at.city.province}{city}市{brand}{trade}{form}{tail}", 2.0),
        (f"{city}{brand}{trade}{tail}", 1.7),
    ]  # fmt: skip
    if sisters:
        return [*whole, (f"{brand}{trade}{form}", 0.9)] if sisters == "city" else whole
    typo = brand[:-1] + dice.pick(ALIKE.get(brand[-1]) or [dice.draw(BRAND_BAG)[0]])
    return [*whole, (f"{brand}{trade}{form}", 1.3), (f"{brand}{trade}", 1.3),
            (f"{city}{brand}", 1.0),
            (f"{full}（原{city}{typo}{trade}）", 2.0),
            (full.replace(brand, typo), 0.6 if typo != brand else 2.0)]  # fmt: skip


def _unit(
    dice: Dice, at: Firm, full: str, habits: Habits, tail: str = "", sisters: str = ""
) -> Unit:
    forms = _forms(dice, at, full, tail, sisters)
    code = _uscc(dice, at.city.code) if dice.chance(habits.registered) else ""
    return Unit(0, 0, at, full, forms, code, person(dice).full)


def _sister(dice: Dice, head: Firm, kind: str) -> tuple[Firm, str, str]:
    """A firm near the first one that is another: its registered name, and the tail of it."""
    if kind == "member":
        trade = dice.draw(TRADES)
        at = replace(
            head,
            trade=trade,
            address=head.address if dice.chance(0.5) else address(dice, head.city),
        )
        return at, at.full, ""
    if kind == "branch":
        city = dice.draw(CITIES)
        board = (
            f"{city.code}-{dice.between(2, 8)}{dice.digits(7)}" if dice.chance(0.5) else head.board
        )
        tail = f"{city.name}{dice.pick(['分公司', '分公司', '办事处'])}"
        return replace(head, address=address(dice, city), board=board), head.full + tail, tail
    if kind == "shop":
        district = dice.pick(head.city.districts)
        tail = f"{district.rstrip('区市镇')}{dice.draw(BRAND_BAG)[0]}{dice.draw(BRAND_BAG)[0]}店"
        return replace(head, address=address(dice, head.city, district)), head.full + tail, tail
    if kind == "city":
        at = replace(firm(dice, set(), brand=head.brand), trade=head.trade, style=2)
        return at, at.full, ""
    i = dice.below(len(head.brand))
    spelt = dice.pick(ALIKE.get(head.brand[i]) or [dice.draw(BRAND_BAG)[0]])
    brand = head.brand[:i] + spelt + head.brand[i + 1 :]
    at = replace(firm(dice, set(), head.city, brand), trade=head.trade)
    return at, at.full, ""


def _cluster(dice: Dice, n: int, taken: set[str], near: float, habits: Habits) -> list[Unit]:
    """One firm, or a group of near ones that are all different firms."""
    head = firm(dice, taken)
    kind = dice.pick(["member", "branch", "shop", "city", "brand", "mixed"])
    if n == 1 or not dice.chance(near):
        return [_unit(dice, head, head.full, habits)]
    full = head.full
    if kind in ("member", "mixed") and dice.chance(0.6):
        head = replace(head, trade="", form=dice.pick(["集团有限公司", "控股集团有限公司"]))
        full = head.full
    units = [_unit(dice, head, full, habits, "", kind)]
    seen = {_bare(full)}
    for _ in range(n - 1):
        each = dice.pick(["member", "branch", "shop"]) if kind == "mixed" else kind
        at, full, tail = _sister(dice, head, each)
        if _bare(full) in seen or (each == "member" and not at.trade):
            continue
        if at.brand != head.brand and at.brand + at.trade in taken:
            continue
        seen.add(_bare(full))
        taken.add(at.brand + at.trade)
        if head.form.endswith("集团有限公司") and each == "member":
            at = replace(at, form="有限公司")
            full = at.full
        units.append(_unit(dice, at, full, habits, tail, kind))
    return units


def _bare(full: str) -> str:
    """The name without what writers leave out or turn round."""
    for part in ("（", "）", "市", "有限责任公司", "股份有限公司", "有限公司"):
        full = full.replace(part, "")
    return "".join(sorted(full))


def _fill(dice: Dice, unit: Unit, again: bool, habits: Habits) -> Rec:
    """A row about the firm with one of its contacts."""
    at, source = unit.firm, dice.below(len(habits.dirty))
    rec = Rec(unit.who, unit.group, source)
    noise = habits.dirty[source]
    text, left = unit.full, 2.0
    if dice.chance(habits.variant * noise):
        text, left = dice.pick(unit.forms)
    rec.put("name", text, f"firm {unit.who}", left)
    if at.city.name not in text:
        rec.lock |= {"address", "phone"}
    who = dice.pick(unit.contacts[1:] or unit.contacts) if again else unit.contacts[0]
    number = write_mobile(dice, who.mobile, habits.odd * noise)
    where, board = at.address, at.board
    kind = dice.pick(["", "", "moved", "phone"]) if again else ""
    if kind == "moved":
        where = address(dice, at.city)
    elif kind == "phone":
        board = f"{at.city.code}-{dice.between(2, 8)}{dice.digits(7)}"
    loose = where.removeprefix(f"{at.city.name}市") if dice.chance(0.3 * noise) else where
    extension = dice.digits(3) if dice.chance(0.2) else ""
    land = write_board(dice, board, extension, habits.odd * noise)
    rec.put("uscc", unit.uscc or None, f"code {unit.uscc}", 2.0)
    title = dice.pick(["先生", "女士", who.title]) if dice.chance(0.15 * noise) else ""
    rec.put("contact", who.name.full + title)
    rec.put("title", who.title)
    mine = 0.1 if unit.agent else 0.7
    rec.put("mobile", number if dice.u() > habits.landline else None, f"mobile {who.mobile}", mine)
    rec.put("phone", land, f"board {board}", 0.5)
    rec.put("mail", who.mail, f"mail {who.mail}", mine)
    rec.put("address", loose, f"at {where}", 0.7)
    rec.put("city", at.city.name)
    rec.put("legal", unit.legal, f"legal {unit.legal}", 0.5)
    rec.put("trade", at.trade)
    rec.put("department", dice.pick(DEPARTMENTS))
    rec.put("owner", dice.pick(habits.owners))
    rec.put("date", f"{dice.between(2008, 2025)}/{dice.between(1, 12)}/{dice.between(1, 28)}")
    rec.put("bank", f"{BANKS[sum(map(ord, unit.legal)) % 6]}{at.city.name}分行")
    rec.put("origin", dice.pick(["展会", "网站", "转介绍", "老客户", "导入"]))
    rec.put("currency", "CNY")
    return rec


def _habits(dice: Dice) -> Habits:
    dirty = [dice.uniform(0.2, 1.5) for _ in range(dice.between(1, 3))]
    if len(dirty) > 1 and dice.chance(0.4):
        dirty[0] = 0.0
    return Habits(
        odd=dice.pick([0.0, 0.05, 0.2, 0.5]), bad=dice.pick([0.0, 0.0, 0.02, 0.3, 1.0]),
        variant=dice.uniform(0.05, 0.6), registered=dice.pick([0.0, 0.2, 0.5, 0.9]),
        agents=dice.pick([0.0, 0.05, 0.2, 0.4]), new_contact=dice.uniform(0.3, 1.0),
        landline=dice.pick([0.0, 0.0, 0.3, 0.8]), dirty=dirty,
        owners=[person(dice).full for _ in range(dice.between(2, 12))],
    )  # fmt: skip


def _staff(dice: Dice, units: list[Unit], agents: list[Contact], habits: Habits) -> None:
    """Give each unit its contacts: its own, those of the head office, or an agent."""
    pooled = dice.chance(0.4)
    for unit in units:
        own = [_contact(dice, unit.firm, habits) for _ in range(dice.pick([1, 1, 2, 3]))]
        if len(own) == 1 and dice.chance(habits.new_contact):
            own.append(_contact(dice, unit.firm, habits))
        if dice.chance(habits.agents):
            own, unit.agent = [dice.draw(Bag(agents, 0.7)), *own[1:]], True
        elif pooled and unit is not units[0]:
            own = units[0].contacts
        unit.contacts = own
        unit.agent = unit.agent or len(units) > 1


def draw(seed: int, rows: int | None = None) -> Family:
    """A register of Chinese firms with a contact each."""
    dice = Dice(seed)
    rows = rows or dice.between(1500, 8000)
    habits = _habits(dice)
    share, more, tail = dice.uniform(0.02, 0.6), dice.uniform(0.05, 0.5), dice.uniform(0.8, 2.2)
    near, cap = dice.uniform(0.05, 0.9), dice.pick([3, 8, 25, 60])
    taken: set[str] = set()
    agents = [_contact(dice, firm(dice, taken), habits) for _ in range(max(3, rows // 80))]
    recs: list[Rec] = []
    who = group = 0
    while len(recs) < rows:
        units = _cluster(dice, dice.size(tail, cap), taken, near, habits)
        _staff(dice, units, agents, habits)
        group += 1
        for unit in units:
            unit.who, unit.group, who = who, group, who + 1
            recs += [_fill(dice, unit, bool(i), habits) for i in range(copies(dice, share, more))]
    wide = dice.uniform(0.0, 0.9)
    extras = {c for c in EXTRAS if dice.chance(wide)}
    dropped = {c for c in ("uscc", "mobile", "phone", "mail", "address") if dice.chance(0.25)}
    columns = [c for c in HEADERS if c not in dropped and (c not in EXTRAS or c in extras)]
    recs = narrowed(recs, columns)
    full = {"name", "id", "currency"}
    shares = {c: dice.pick([0, 0.05, 0.2, 0.4, 0.7]) for c in columns if c not in full}
    recs, torn = blank(dice, recs, shares, alone=0.0)
    if dice.chance(0.3):
        columns = dice.shuffled(columns)
    report: dict[str, float | int | str] = {
        "dup_share": share, "dup_more": more, "tail": tail, "cap": cap, "near": near, "torn": torn,
        "odd": habits.odd, "bad_phone": habits.bad, "variant": habits.variant,
        "registered": habits.registered, "agents": habits.agents, "landline_only": habits.landline,
        "new_contact": habits.new_contact, "missing": sum(shares.values()) / max(1, len(shares)),
    }  # fmt: skip
    keys = ("uscc", "mobile", "phone", "mail", "address", "contact")
    return export(dice, recs, columns, HEADERS, "company", ("name",), keys, report)
