"""Chinese homes, their people, and their addresses as they are written down."""

from dataclasses import dataclass, field

from benchmarks.families.words_kit import FULL_WIDTH, Dice
from benchmarks.families.words_zh import CITIES, ROADS, City, Name, mobile, person, private_mail

COMPOUNDS = """阳光花园 幸福小区 金色家园 翠湖天地 锦绣江南 世纪城 万科城 碧桂园 绿地新都会
恒大名都 中海国际 保利花园 怡景苑 书香门第 东方明珠 紫金华府 香榭丽舍 梧桐苑 桃花源 望江府
星河湾 和平里 红旗新村""".split()


@dataclass
class Home:
    """Where a household lives: a flat, or a house of many."""

    city: City
    district: str
    road: str
    number: int
    compound: str
    building: int
    unit: int
    room: int
    many: str = ""
    tel: str = ""

    def key(self) -> str:
        return f"{self.city.name}{self.road}{self.number}-{self.building}-{self.unit}-{self.room}"


@dataclass
class Buyer:
    """One person with all that is theirs."""

    who: int
    name: Name
    male: bool
    born: tuple[int, int, int]
    home: Home
    mobile: str
    shared: bool
    wechat: str
    mail: str
    card: str = ""
    kin: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    namesake: bool = False


def new_home(dice: Dice, many: str = "") -> Home:
    """A home somewhere in the country."""
    city = dice.draw(CITIES)
    area = f"{city.code}-{dice.between(2, 8)}{dice.digits(7)}"
    return Home(
        city, dice.pick(city.districts), dice.draw(ROADS), dice.between(1, 900),
        dice.pick(COMPOUNDS), dice.between(1, 30), dice.between(1, 4),
        dice.between(1, 32) * 100 + dice.between(1, 4), many, area,
    )  # fmt: skip


def write_address(dice: Dice, home: Home, loose: float) -> str:
    """The address as a buyer, a clerk or a platform writes it."""
    province = home.city.province if dice.chance(0.6) else ""
    city = home.city.name + ("市" if dice.chance(0.8) else "")
    district = home.district if not dice.chance(loose * 0.5) else ""
    road = f"{home.road}{home.number}{'号' if dice.chance(0.85) else ''}"
    if home.many:
        return province + city + district + road + home.many
    b, u, r = home.building, home.unit, home.room
    inside = dice.pick([f"{b}栋{u}单元{r}室", f"{b}号楼{u}单元{r}"])
    if dice.chance(loose):
        inside = dice.pick(
            [f"{b}-{u}-{r}", f"{b}幢{u}单元{r}室", f"{b}栋{u}门{r}", f"{b}#{u}-{r}", f"{b}栋{r}"]
        )
    compound = home.compound if not dice.chance(loose * 0.3) else ""
    text = province + city + district + (road if dice.chance(0.9) or not compound else "")
    gap = " " if dice.chance(0.2) else ""
    text += gap + compound + inside
    return text.translate(FULL_WIDTH) if dice.chance(loose * 0.1) else text


def _born(dice: Dice, low: int, high: int) -> tuple[int, int, int]:
    return dice.between(low, high), dice.between(1, 12), dice.between(1, 28)


class Town:
    """Draws households, each with its people."""

    def __init__(self, dice: Dice, drawn: dict[str, float]) -> None:
        self.dice, self.p = dice, drawn
        self.next = 0
        self.taken: set[str] = set()

    def buyer(self, home: Home, surname: str, male: bool, born: tuple[int, int, int]) -> Buyer:
        dice = self.dice
        name = person(dice, surname)
        sound = "".join(name.sounds)
        wechat = dice.pick([f"{sound}{dice.digits(3)}", f"wx_{dice.digits(7)}", ""])
        wechat = wechat or f"wxid_{sound[:3]}{dice.digits(5)}"
        mail = private_mail(dice, name)
        for used in (wechat, mail):
            if used in self.taken:
                wechat, mail = f"{wechat}{self.next}", f"{self.next}{mail}"
        self.taken |= {wechat, mail}
        card = f"{dice.pick(['31', '44', '32', '51', '11'])}{dice.digits(4)}"
        card += f"{born[0]}{born[1]:02d}{born[2]:02d}{dice.digits(3)}{dice.pick('0123456789X')}"
        self.next += 1
        own = mobile(dice, self.p["bad_mobile"])
        return Buyer(
            self.next - 1, name, male, born, home, own, False, wechat,
            mail,
            card if dice.chance(self.p["carded"]) else "",
        )  # fmt: skip

    def family(self) -> list[Buyer]:
        """A single, a couple, parents and children, or three generations."""
        dice, home = self.dice, new_home(self.dice)
        year = dice.between(1955, 1998)
        male = dice.chance(0.5)
        head = self.buyer(home, "", male, _born(dice, year, year))
        out = [head]
        if dice.chance(self.p["single"]):
            return out
        mate = self.buyer(home, "", not male, _born(dice, year - 4, year + 4))
        out.append(mate)
        father = head if male else mate
        shared_char = dice.chance(0.4)
        born = _born(dice, year + 23, min(year + 35, 2019) if year + 23 <= 2019 else year + 23)
        for i in range(dice.pick([0, 0, 1, 1, 1, 2, 2, 3])):
            child = self.buyer(home, father.name.surname, dice.chance(0.5), born)
            if i and shared_char and len(out[2].name.given) == 2 == len(child.name.given):
                first, c = out[2].name, child.name
                child.name = Name(
                    c.surname, first.given[0] + c.given[1], c.sur_sound,
                    (first.given_sounds[0], c.given_sounds[1]),
                )  # fmt: skip
            out.append(child)
            if not dice.chance(self.p["twin"]):
                born = _born(dice, born[0] + 1, born[0] + 5)
        if dice.chance(self.p["three"]):
            side = dice.pick([head, mate])
            old = _born(dice, year - 30, year - 22)
            out.append(self.buyer(home, side.name.surname if dice.chance(0.5) else "", True, old))
            if dice.chance(0.7):
                out.append(self.buyer(home, "", False, _born(dice, old[0] - 3, old[0] + 3)))
        self._share(out)
        return out

    def _share(self, out: list[Buyer]) -> None:
        """Children and the old use a parent's mobile; couples sometimes one."""
        for who in out[1:]:
            weak = who.born[0] > 2006 or who.born[0] < 1950
            if self.dice.chance(self.p["shared_mobile"] * (1 if weak else 0.3)):
                who.mobile, who.shared = out[0].mobile, True
                out[0].shared = True
            if who.born[0] > 2008:
                who.wechat = who.mail = ""
        self._unlike(out)

    def _unlike(self, out: list[Buyer], namesakes: float = 0.0) -> None:
        """No two of one sound behind one door, save rare namesakes."""
        seen: dict[str, Buyer] = {}
        for who in out:
            while (key := "".join(who.name.sounds)) in seen:
                same = not who.shared and who.name.full == seen[key].name.full
                if same and self.dice.chance(namesakes):
                    who.namesake = seen[key].namesake = True
                    break
                who.name = person(self.dice, who.name.surname)
            seen.setdefault(key, who)
        for who in out:
            who.kin = [o.name.full for o in out if o is not who]
            who.numbers = [o.mobile for o in out if o is not who and not o.shared]

    def house(self) -> list[Buyer]:
        """A dormitory, an office or a village under one address."""
        dice = self.dice
        home = new_home(dice, dice.pick(["员工宿舍", "学生公寓", "前台", "写字楼大堂", "村委会"]))
        n = min(60, 4 + int((1 - dice.u()) ** (-1 / 0.9)))
        out = [self.buyer(home, "", dice.chance(0.5), _born(dice, 1970, 2004)) for _ in range(n)]
        self._unlike(out, 0.3)
        return out
