"""Cells as people type them: a value of a kind, and what else stands in the cell.

Values are drawn by small grammars of their own, which share no table with the cleaners.
"""

import random
from collections.abc import Callable

from guiyi.kinds import Kind

Draw = random.Random

HAN_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗单仇解查区欧阳司马上官"
HAN_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文斌鑫宇轩子涵梓"
LATIN_GIVEN = (
    "John Mary Łukasz Søren François Jürgen José Zoë Nguyễn Óscar Siobhán Wei Ah-Kow Tai "
    "Mohammed "
    "Ivan Ольга Γιώργος محمد Björn Đặng Ngọc Þóra Maria-José Jean-Luc D'Arcy"
).split()
LATIN_SURNAMES = (
    "Smith O'Brien Müller Wałęsa Nielsen García López Nguyễn Chan Tan Ivanova Иванов "
    "Papadopoulos "
    "van_der_Berg de_la_Cruz Strauß Åström Al-Harbi Kim Yamada MacDonald Ðorđević"
).split()
TITLES = ("先生", "女士", "经理", "总", "主任", "Mr. ", "Dr. ", "Mrs ", "Prof. ", "Herr ", "Ông ")
CITIES = (
    "北京市 上海市 广东省深圳市 江苏省苏州市 四川省成都市 恩施州恩施市 石家庄市 大同市 "
    "天津市 浙江省杭州市 "
    "新疆伊犁州 广西柳州市 台北市 香港 澳门 湖北省仙桃市 东莞市 西安市"
).split()
DISTRICTS = (
    "朝阳区 南山区 浦东新区 桥东区 矿区 河北区 雁塔区 海淀区 昆山市 市南区 西湖区 城关镇 "
    "莞城区 高新区 信義區"
).split()
ROADS = (
    "中山路 人民南路 解放大道 朝阳门北大街 信義路五段 科技园南区深南大道 Main_Street "
    "High_Road Rue_de_Rivoli "
    "Hauptstraße Calle_Mayor Orchard_Road"
).split()
BRANDS = (
    "华为 腾星 悦铭 金隅 阳光 新希望 中国（上海）自贸区远达 恒泰 Acme Bosch Müller "
    "Łódź_Tekstyl 3M 7天 Café_Paul"
).split()
TRADES = (
    "科技 贸易 电子 生物科技 投资控股 实业 餐饮管理 Trading Technology Maschinenbau Tecnología"
).split()
FORMS = (
    "有限公司 股份有限公司 有限责任公司 集团有限公司 分公司 Ltd. GmbH Inc S.p.A. Co.,_Ltd. "
    "AG Sp._z_o.o. S.A."
).split()
HOSTS = ("qq.com", "163.com", "gmail.com", "müller.de", "example.co.uk", "公司.cn", "hotmail.con")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec März mai juin août décembre".split()
CURRENCIES = ("元", "万元", "亿", "美元", "¥", "$", "€", "CHF", "RMB", "港币", "万美元", "%", "")
NUMERALS = "零一二三四五六七八九十百千万两壹贰叁"
INDUSTRIES = (
    "软件和信息技术服务业", "C39", "3911", "批发业",
    "餐饮业", "I65", "农业", "计算机通信和其他电子设备制造业",
)  # fmt: skip
LABELS = (
    "电话：",
    "手机:",
    "Tel ",
    "联系人：",
    "地址: ",
    "公司名称：",
    "邮箱 ",
    "Fax: ",
    "备注：",
    "税号: ",
    "邮编：",
    "Zip ",
    "CN-",
)
NOTES = (
    "（已离职）", "（新）", " 转 8001", "(只发短信)", " 备用",
    "（8线）", " new", "?", "。", "！", "（自然人独资）",
    " 张总", " 周一至周五", "[旧]", " x12", "😀", " do not call",
)  # fmt: skip
SEPARATORS = (" ", "/", "、", ";", ",", "\n", " / ", "，", "-", "  ", "|", "；", "")
COUNTRIES = ("1", "44", "49", "81", "852", "60", "971")


def digits(draw: Draw, n: int) -> str:
    """So many digits."""
    return "".join(draw.choice("0123456789") for _ in range(n))


def _phone(d: Draw) -> str:
    mobile = "1" + d.choice("3456789") + digits(d, 9)
    area = d.choice(("010", "021", "0755", "0571", "028", "0991"))
    return d.choice(
        (
            mobile,
            f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
            f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}",
            f"+86 {mobile}",
            f"{area}-{digits(d, 8)}",
            f"({area}){digits(d, 7)}",
            f"{area}-{digits(d, 8)}-{digits(d, 4)}",
            f"400-{digits(d, 3)}-{digits(d, 4)}",
            f"+{d.choice(COUNTRIES)} {digits(d, d.randint(7, 11))}",
            f"0{digits(d, d.randint(7, 10))}",
            f"{mobile[:3]}****{mobile[7:]}",
            digits(d, d.randint(5, 16)),
            f"1.{digits(d, 2)}E+10",
        )
    )


def _person(d: Draw) -> str:
    if d.random() < 0.6:
        name = d.choice(HAN_SURNAMES) + "".join(d.sample(HAN_GIVEN, d.randint(1, 2)))
        return name + d.choice(TITLES) if d.random() < 0.2 else name
    parts = [d.choice(LATIN_GIVEN), *d.sample(LATIN_SURNAMES, d.randint(1, 2))]
    if d.random() < 0.3:
        parts[0], parts[-1] = parts[-1] + ",", parts[0]
    name = " ".join(parts).replace("_", " ")
    return d.choice(TITLES) + name if d.random() < 0.2 else name


def _address(d: Draw) -> str:
    number = f"{d.randint(1, 3000)}{d.choice(('号', '', 'b', '-2号', '弄3号'))}"
    room = d.choice(("", f"{d.randint(1, 30)}楼", f"{d.randint(101, 2999)}室", " Apt 4", "A座1203"))
    post = d.choice(("", "", digits(d, 6), digits(d, 5)))
    where = d.choice(CITIES) + d.choice((*DISTRICTS, ""))
    road = d.choice(ROADS)
    ordered = [where, road, number, room] if d.random() < 0.8 else [number + " ", road, ", ", where]
    text = "".join(ordered).replace("_", " ")
    return f"{post} {text}" if d.random() < 0.5 else f"{text} {post}".strip()


def _company(d: Draw) -> str:
    place = d.choice((*CITIES, "", "", "北京", "上海", "（香港）", "(USA)"))
    brand, trade, form = d.choice(BRANDS), d.choice(TRADES), d.choice(FORMS)
    latin = brand.isascii() or trade.isascii()
    words = (brand, trade, form) if latin else (place + brand + trade + form,)
    return " ".join(words).replace("_", " ")


def _email(d: Draw) -> str:
    user = "".join(d.choice("abcdefghijklmnopqrstuvwxyz0123456789._-") for _ in range(8)).strip(".")
    return f"{user or 'a'}@{d.choice(HOSTS)}"


def _date(d: Draw) -> str:
    y, m, day = d.randint(1900, 2099), d.randint(1, 12), d.randint(1, 28)
    at = f"{d.randint(0, 23):02d}:{d.randint(0, 59):02d}:{d.randint(0, 59):02d}"
    return d.choice(
        (
            f"{y}-{m:02d}-{day:02d}",
            f"{y}/{m}/{day} {at}",
            f"{day}.{m}.{y}",
            f"{m}/{day}/{y % 100:02d}",
            f"{y}年{m}月{day}日",
            f"{m}月{day}日",
            f"{day} {d.choice(MONTHS)} {y}",
            f"{d.choice(MONTHS)}-{y % 100:02d}",
            f"{y}{m:02d}{day:02d}",
            f"{y}{m:02d}{day:02d} {at.replace(':', '')}",
            f"{y % 100:02d}.{m:02d}.{day:02d}",
            str(d.randint(1, 60_000)),
            str(d.randint(10**9, 2 * 10**9)),
            at,
            f"{y}-{m:02d}-{day:02d}T{at}.{digits(d, 3)}Z",
            f"{y}.{m}",
        )
    )


def _amount(d: Draw) -> str:
    n = d.randint(1, 10 ** d.randint(1, 9))
    return d.choice(
        (
            f"{n:,}",
            f"{n / 100:.2f}",
            f"({n:,}.{digits(d, 2)})",
            f"{n:,}".replace(",", ".") + f",{digits(d, 2)}",
            f"{d.randint(1, 90)}-{d.randint(91, 200)}",
            "".join(d.choice(NUMERALS) for _ in range(d.randint(1, 6))),
            f"{d.randint(1, 999)}{d.choice('万亿千')}",
            f"2024.{d.randint(1, 12)}.{d.randint(1, 28)}",
        )
    ) + d.choice(CURRENCIES)


def _number(d: Draw) -> str:
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    return d.choice(
        (
            "91" + digits(d, 6) + "".join(d.choice(letters) for _ in range(10)),
            digits(d, 18),
            digits(d, 17) + "X",
            digits(d, 15),
            f"{d.choice('ABHM')}{digits(d, 8)}",
            f"{digits(d, 6)}********{digits(d, 4)}",
            f"{d.choice(('C', 'HT-', 'KH', 'DE'))}{digits(d, d.randint(2, 9))}",
        )
    )


def _url(d: Draw) -> str:
    host = d.choice(HOSTS)
    return d.choice(("", "http://", "https://www.", "www.")) + host + d.choice(("", "/", "/a?b=1"))


VALUES: dict[Kind, Callable[[Draw], str]] = {
    Kind.PHONE: _phone,
    Kind.PERSON_NAME: _person,
    Kind.ADDRESS: _address,
    Kind.REGION: lambda d: d.choice(CITIES) + d.choice(("", d.choice(DISTRICTS))),
    Kind.COMPANY_NAME: _company,
    Kind.EMAIL: _email,
    Kind.DATE: _date,
    Kind.AMOUNT: _amount,
    Kind.USCC: _number,
    Kind.ID_CARD: _number,
    Kind.CODE: _number,
    Kind.KEY: _number,
    Kind.POSTCODE: lambda d: digits(d, d.choice((4, 5, 6, 6))),
    Kind.INDUSTRY: lambda d: d.choice(INDUSTRIES),
    Kind.URL: _url,
    Kind.TEXT: lambda d: d.choice(NOTES) + _person(d),
}


def cell(kind: Kind, draw: Draw) -> str:
    """A cell of a column of a kind: mostly a value of it, often with something beside it."""
    text = VALUES[kind](draw)
    luck = draw.random()
    if luck < 0.1:
        text += draw.choice(SEPARATORS) + VALUES[kind](draw)
    elif luck < 0.2:
        text += draw.choice(NOTES)
    elif luck < 0.28:
        text = draw.choice(LABELS) + text
    elif luck < 0.34:
        other = draw.choice(list(VALUES))
        text += draw.choice(SEPARATORS) + VALUES[other](draw)
    elif luck < 0.4:
        text = VALUES[draw.choice(list(VALUES))](draw)
    return _spoiled(text, draw)


def _spoiled(text: str, draw: Draw) -> str:
    luck = draw.random()
    if luck < 0.04:
        return text.translate({c: c + 0xFEE0 for c in range(0x30, 0x3A)})
    if luck < 0.06:
        return f'="{text}"'
    if luck < 0.08:
        return "'" + text
    if luck < 0.09:
        return text.replace(" ", "\u00a0") + "\u200b"
    if luck < 0.1:
        return text.replace("&", "&amp;").replace("'", "&#039;")
    return text
