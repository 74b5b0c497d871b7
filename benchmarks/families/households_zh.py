"""Chinese consumers as a brand knows them: buyers of platforms, stores and the call centre.

Couples of two surnames, children, twins and grandparents share an address, a landline, often a
mobile; flats of many share only the door. One buyer stands in several shops under several member
numbers, the address written anew each time, the parcel taken in or passed on by somebody else.
"""

from benchmarks.families.family import Family, Headers
from benchmarks.families.words_kit import Dice, Rec, blank, copies, export, narrowed
from benchmarks.families.words_zh import ENGLISH, homophone, mobile, private_mail, write_mobile
from benchmarks.families.words_zh_homes import Buyer, Town, new_home, write_address

HEADERS: Headers = {
    "id": ("编号|序号|ID", "No|Record ID", "流水|键"),
    "source": ("来源|渠道|店铺", "Source|Shop|Channel", "类型|备注1"),
    "member": ("会员号|会员卡号|客户编号", "Member No|Card", "单号|代码"),
    "name": ("姓名|收货人|客户姓名|收件人", "Name|Recipient|Customer", "联系|买家|昵称"),
    "mobile": ("手机|手机号|联系手机", "Mobile|Cell phone", "号码|账号"),
    "tel": ("电话|座机|固定电话", "Telephone|Landline", "联系方式|备用"),
    "address": ("地址|收货地址|详细地址", "Address|Delivery address", "内容|位置"),
    "city": ("城市|所在城市", "City|Town", "区域|门店"),
    "birthday": ("生日|出生日期|出生年月", "Birthday|DOB", "日期|纪念日"),
    "wechat": ("微信|微信号", "WeChat|WX", "社交|账户"),
    "mail": ("邮箱|电子邮箱|Email", "E-mail|Mail", "联系2|账号2"),
    "sex": ("性别", "Gender|Sex", "称呼|标志"),
    "card": ("身份证号|证件号", "ID card|National ID", "号码2|备注2"),
    "level": ("会员等级|等级", "Level|Tier", "状态|类别"),
    "points": ("积分|余额", "Points|Balance", "数值|分"),
    "since": ("注册日期|入会时间", "Joined|Created", "日期2|时间"),
    "note": ("备注|客服备注", "Note|Remark", "其他|说明"),
    "country": ("国家", "Country", "标识"),
}
SHOPS = ["天猫旗舰店", "京东店", "线下门店", "客服中心", "微信小程序", "抖音店"]
NOTES = "放菜鸟驿站|请打电话|周末送|放门口|老客户|对香味过敏|丰巢|不要按门铃|送赠品|已回访".split(
    "|"
)


class Clerk:
    """Writes the records of a buyer, shop by shop."""

    def __init__(self, dice: Dice, drawn: dict[str, float]) -> None:
        self.dice, self.p = dice, drawn
        self.masks = [dice.chance(0.2) for _ in SHOPS]
        self.loose = [dice.uniform(0.0, 1.0) for _ in SHOPS]
        self.dates = [dice.below(4) for _ in SHOPS]
        if dice.chance(0.4):
            self.loose[0] = 0.02

    def name(self, rec: Rec, who: Buyer, dirt: float) -> None:
        """The name, sometimes slipped, foreign, courteous, or with whoever takes the parcel."""
        dice, name, p = self.dice, who.name, self.p
        full, weight = name.full, 1.0
        if dice.chance(p["name_error"] * dirt):
            kind = dice.below(8)
            forms = [
                (homophone(dice, name), 0.8), (name.latin(dice), 0.8), (name.traditional, 1.0),
                (" ".join([name.surname, name.given]), 1.0), (f"{full}收", 1.0),
                (f"{dice.pick(ENGLISH)} {name.sur_sound.title()}", 0.5),
                (full + ("先生" if who.male else "女士"), 1.0), (name.given, 0.8),
            ]  # fmt: skip
            full, weight = forms[kind]
        elif not who.shared and not who.namesake and dice.chance(p["courtesy"] * dirt):
            full, weight = name.surname + ("先生" if who.male else "女士"), 0.5
            rec.lock.add("mobile")
        elif who.kin and dice.chance(p["passed_on"] * dirt):
            other = dice.pick(who.kin)
            full = dice.pick([f"{full}（{other}代收）", f"{other}转{full}", f"{full}({other}转)"])
        elif self.masks[rec.source] and not who.shared and not who.namesake and dice.chance(0.7):
            full, weight = name.surname + "*" * len(name.given), 0.5
            rec.lock.add("mobile")
        rec.put("name", full, "name", weight)

    def phone(self, rec: Rec, who: Buyer, number: str, dirt: float) -> None:
        dice = self.dice
        worth = 0.6 if who.shared else 1.2
        if self.masks[rec.source] and dice.chance(0.5) and not who.shared:
            rec.put("mobile", f"{number[:3]}****{number[7:]}", number, 0.8)
            return
        if who.numbers and "mobile" not in rec.lock and dice.chance(self.p["other_mobile"] * dirt):
            rec.put("mobile", dice.pick(who.numbers))
            return
        rec.put("mobile", write_mobile(dice, number, self.p["odd_mobile"] * dirt), number, worth)

    def birthday(self, rec: Rec, who: Buyer, dirt: float) -> None:
        (y, m, d), weight = who.born, 1.0
        if self.dice.chance(self.p["birth_error"] * dirt):
            y, d = self.dice.pick([(y - 1, d), (y + 1, d), (y, max(1, d - 1)), (y, m)])
            weight = 0.7
        forms = [f"{y}-{m:02d}-{d:02d}", f"{y}年{m}月{d}日", f"{y}{m:02d}{d:02d}", f"{y}/{m}/{d}"]
        form = forms[self.dates[rec.source]]
        if self.dice.chance(0.03 * dirt):
            form, weight = f"{m:02d}-{d:02d}", 0.5
        rec.put("birthday", form, "born", weight)

    def extras(self, rec: Rec, who: Buyer) -> None:
        dice, shop = self.dice, SHOPS[rec.source]
        rec.put("source", shop)
        prefix = ["TM", "JD", "", "KF", "wx", "DY"][rec.source]
        rec.put("member", prefix + dice.digits(8))
        rec.put(
            "sex",
            dice.pick("男先") if who.male and dice.chance(0.02) else "男" if who.male else "女",
        )
        rec.put("level", dice.pick(["普通", "普通", "银卡", "金卡", "钻石"]))
        rec.put("points", str(dice.below(9000)))
        rec.put(
            "since", f"20{dice.between(12, 24)}-{dice.between(1, 12):02d}-{dice.between(1, 28):02d}"
        )
        rec.put("note", dice.pick(NOTES))
        rec.put("country", "中国")

    def records(self, who: Buyer, n: int) -> list[Rec]:
        """All records of one buyer, the later ones changed."""
        dice, p = self.dice, self.p
        out: list[Rec] = []
        homes, numbers, boxes = [who.home], [who.mobile], [who.mail]
        if dice.chance(p["moved"]):
            homes.append(new_home(dice))
        if dice.chance(p["new_mobile"]) and not who.shared and not who.namesake:
            numbers.append(mobile(dice, p["bad_mobile"]))
        if who.mail and dice.chance(p["new_mail"]):
            boxes.append(f"{private_mail(dice, who.name)[:1]}{dice.digits(6)}@qq.com")
        for i in range(n):
            rec = Rec(who.who, 0, dice.below(int(p["shops"])))
            dirt = self.loose[rec.source] * (1.0 if i else 0.4) * 1.6
            home = homes[-1] if i else homes[0]
            if who.namesake:
                rec.lock.add("mobile")
            self.name(rec, who, dirt)
            self.phone(rec, who, numbers[-1] if i > 0 and dice.chance(0.6) else numbers[0], dirt)
            rec.put(
                "address",
                write_address(dice, home, self.loose[rec.source]),
                home.key(),
                0.6 if home.many else 1.0,
            )
            rec.put("city", home.city.name, "city" + home.city.name, 0.1)
            rec.put(
                "tel", home.tel.replace("-", "") if dice.chance(0.3) else home.tel, home.tel, 0.3
            )
            self.birthday(rec, who, dirt)
            box = dice.pick(boxes)
            rec.put("mail", box, box, 1.2)
            rec.put("wechat", who.wechat, "wechat", 1.2)
            rec.put("card", who.card, "card", 2.0)
            self.extras(rec, who)
            out.append(rec)
        return out


def _drawn(dice: Dice) -> dict[str, float]:
    u = dice.uniform
    return {
        "dup_share": u(0.02, 0.6), "dup_more": u(0.1, 0.6), "shops": dice.between(1, 6),
        "single": u(0.1, 0.6), "three": u(0.0, 0.4), "twin": u(0.0, 0.2), "houses": u(0.0, 0.02),
        "shared_mobile": u(0.0, 0.9), "bad_mobile": u(0, 1) ** 4 * 0.7, "odd_mobile": u(0, 0.6),
        "moved": u(0.0, 0.3), "new_mobile": u(0.0, 0.4), "new_mail": u(0.0, 0.4),
        "name_error": u(0.02, 0.5), "courtesy": u(0.0, 0.15), "passed_on": u(0.0, 0.15),
        "other_mobile": u(0.0, 0.08), "birth_error": u(0.0, 0.15), "carded": u(0.0, 0.6),
    }  # fmt: skip


def _columns(dice: Dice) -> list[str]:
    odds = {
        "id": 0.4, "source": 0.5, "member": 0.6, "name": 1, "mobile": 0.9, "tel": 0.5,
        "address": 0.85, "city": 0.3, "birthday": 0.55, "wechat": 0.35, "mail": 0.35, "sex": 0.4,
        "card": 0.15, "level": 0.25, "points": 0.2, "since": 0.3, "note": 0.2, "country": 0.15,
    }  # fmt: skip
    columns = [c for c, share in odds.items() if dice.chance(share)]
    if not {"mobile", "birthday"} & set(columns):
        columns.append("mobile")
    if not {"address", "birthday", "mail"} & set(columns):
        columns.append("address")
    return dice.shuffled(columns) if dice.chance(0.3) else columns


def draw(seed: int, rows: int | None = None) -> Family:
    """Draw one brand's buyers."""
    dice = Dice(seed)
    wanted = rows or dice.between(1500, 8000)
    p, columns = _drawn(dice), _columns(dice)
    town, clerk = Town(dice, p), Clerk(dice, p)
    if "mobile" not in columns:
        p["courtesy"], clerk.masks = 0.0, [False] * len(SHOPS)
    recs: list[Rec] = []
    group = 0
    while len(recs) < wanted:
        group += 1
        for who in town.house() if dice.chance(p["houses"]) else town.family():
            made = clerk.records(who, copies(dice, p["dup_share"], p["dup_more"]))
            for rec in made:
                rec.group = group
            recs += made
    never = ("id", "name", "source", "country")
    shares = {c: dice.u() ** 2 * 0.7 for c in columns if c not in never}
    kept, out = blank(dice, narrowed(recs, columns), shares)
    drawn: dict[str, float | int | str] = {**p, "left_out": out}
    drawn |= {f"no_{c}": share for c, share in shares.items()}
    keys = ("mobile", "address", "birthday", "wechat", "mail", "card")
    return export(dice, kept, columns, HEADERS, "person", ("name",), keys, drawn)
