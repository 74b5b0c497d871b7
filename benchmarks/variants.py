"""How a second department writes a value again, and how another's value resembles it.

Every function takes a generator and a value and gives the same thing written differently, something
else that looks like it, or None where the value does not lend itself to that. Words are this file's
own, not those of the cleaners.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

Draw = np.random.Generator
Variant = Callable[[Draw, str], str | None]

CITIES = (
    "北京 上海 天津 重庆 深圳 广州 杭州 苏州 南京 成都 武汉 西安 青岛 宁波 无锡 长沙 郑州 "
    "厦门 合肥 济南 福州 大连 沈阳 东莞 佛山 珠海 常州 南通 温州 烟台"
).split()
TRADES = "科技 贸易 电子 机械 食品 医药 化工 物流 环保 信息技术 新材料 实业 网络 智能装备".split()
PROVINCES = "(?:[\u4e00-\u9fff]{2,3}省|内蒙古自治区|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区)"  # noqa: E501
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _other(draw: Draw, words: Sequence[str], than: str) -> str:
    return str(draw.choice([word for word in words if word != than]))


# company names: the same firm ---------------------------------------------------------------------


def _other_form(draw: Draw, name: str) -> str | None:
    if "有限责任公司" in name:
        return name.replace("有限责任公司", "有限公司")
    if name.endswith("股份有限公司"):
        return name.removesuffix("有限公司") + "公司"
    return name.removesuffix("有限公司") + "有限责任公司" if name.endswith("有限公司") else None


def _without_form(draw: Draw, name: str) -> str | None:
    bare = re.sub(r"(?:股份|集团)?(?:有限责任公司|有限公司)$", "", name)
    return bare if bare != name and len(bare) >= 4 else None


def _place_in_brackets(draw: Draw, name: str) -> str | None:
    found = re.fullmatch(
        rf"({'|'.join(CITIES)})市?(.{{4,}}?)((?:股份|集团)?有限(?:责任)?公司)", name
    )
    return f"{found[2]}（{found[1]}）{found[3]}" if found else None


def _city_rank(draw: Draw, name: str) -> str | None:
    found = re.match(rf"({'|'.join(CITIES)})(市?)", name)
    if found is None:
        return None
    return found[1] + ("" if found[2] else "市") + name[found.end() :]


def _spaced(draw: Draw, name: str) -> str | None:
    at = int(draw.integers(1, len(name)))
    return f" {name[:at]} {name[at:]}"


def _noted(draw: Draw, name: str) -> str | None:
    return name + str(draw.choice(["（已注销）", "(停用)", "（重复）", "-已更名"]))


def _traditional(draw: Draw, name: str) -> str | None:
    table = str.maketrans(
        "华东发达电机药业贸车饰龙飞联众创兴丰远阳环传报广宁济泽润诚云苏长郑团国际实业技术",
        "華東發達電機藥業貿車飾龍飛聯眾創興豐遠陽環傳報廣寧濟澤潤誠雲蘇長鄭團國際實業技術",
    )
    written = name.translate(table)
    return written if written != name else None


SAME_COMPANY: tuple[Variant, ...] = (
    _other_form, _without_form, _place_in_brackets, _city_rank, _spaced, _noted, _traditional,
)  # fmt: skip


# company names: another firm ----------------------------------------------------------------------


def _branch(draw: Draw, name: str) -> str | None:
    return f"{name}{draw.choice(CITIES)}分公司" if name.endswith("公司") else None


def _other_city(draw: Draw, name: str) -> str | None:
    found = re.match("|".join(CITIES), name)
    return _other(draw, CITIES, found[0]) + name[found.end() :] if found else None


def _other_trade(draw: Draw, name: str) -> str | None:
    found = re.search(rf"({'|'.join(TRADES)})(?=(?:股份|集团)?有限)", name)
    if found is None:
        return None
    return name[: found.start()] + _other(draw, TRADES, found[0]) + name[found.end() :]


def _other_brand_character(draw: Draw, name: str) -> str | None:
    found = re.match(rf"((?:{'|'.join(CITIES)})市?)(..)(?:{'|'.join(TRADES)})", name)
    if found is None:
        return None
    at = found.start(2) + int(draw.integers(0, 2))
    return name[:at] + _other(draw, "鼎翔睿腾卓越恺晟昊钧沃臻", name[at]) + name[at + 1 :]


def _other_number(draw: Draw, name: str) -> str | None:
    found = re.search("第?[一二三四五六七八九](?=局|厂|公司|分公司|医院|中学|建)", name)
    if found is None:
        return None
    digit = found[0][-1]
    return name.replace(digit, _other(draw, "一二三四五六七八九", digit), 1)


OTHER_COMPANY: tuple[Variant, ...] = (
    _branch, _other_city, _other_trade, _other_brand_character, _other_number,
)  # fmt: skip


# addresses ----------------------------------------------------------------------------------------


def _cut(pattern: str) -> Variant:
    def cut(draw: Draw, text: str) -> str | None:
        rest = re.sub(pattern, "", text, count=1)
        return rest if rest != text and len(rest) >= 6 else None

    return cut


def _changed(pattern: str, new: str) -> Variant:
    def change(draw: Draw, text: str) -> str | None:
        written = re.sub(pattern, new, text, count=1)
        return written if written != text else None

    return change


def _no_ranks(draw: Draw, text: str) -> str | None:
    found = re.match(rf"{PROVINCES}?([\u4e00-\u9fff]{{2}})市([\u4e00-\u9fff]{{2}})区", text)
    return found[1] + found[2] + text[found.end() :] if found else None


def _counted(draw: Draw, text: str) -> str | None:
    digits = "零一二三四五六七八九"
    written = re.sub(r"(?<!\d)[1-9](?=[号楼层幢栋座])", lambda m: digits[int(m[0])], text)
    return written if written != text else None


SAME_ADDRESS: tuple[Variant, ...] = (
    _cut(rf"^{PROVINCES}"),
    _cut(rf"^{PROVINCES}[\u4e00-\u9fff]{{2,3}}市(?=[\u4e00-\u9fff]{{2,3}}[区县])"),
    _cut(r"(?<=市)[\u4e00-\u9fff]{2}区(?=[\u4e00-\u9fff]{2,5}[路街道])"),
    _cut(r"(?<=[区县])[\u4e00-\u9fff]{2,3}(?:街道|镇)(?=[\u4e00-\u9fff])"),
    _cut(r"(?<=室)?[（(][^）)]*[）)]$"),
    _cut(r"室$"),
    _changed("^", "中国"),
    _changed("$", "（邮编 100000）"),
    _changed(r"(?<=\d)层", "楼"),
    _changed(r"(?<=\d)[幢栋]", "号楼"),
    _no_ranks,
    _counted,
)


def _moved_number(pattern: str) -> Variant:
    def change(draw: Draw, text: str) -> str | None:
        found = re.search(pattern, text)
        if found is None:
            return None
        number = str(max(1, int(found[0]) + int(draw.choice([-11, -2, -1, 1, 2, 10]))))
        return text[: found.start()] + number + text[found.end() :] if number != found[0] else None

    return change


def _turned(draw: Draw, text: str) -> str | None:
    found = re.search(r"[东西南北](?=[路街]\d)", text)
    if found is None:
        return None
    turned = {"东": "西", "西": "东", "南": "北", "北": "南"}[found[0]]
    return text[: found.start()] + turned + text[found.end() :]


def _other_street_city(draw: Draw, text: str) -> str | None:
    found = re.match(rf"{PROVINCES}?([\u4e00-\u9fff]{{2}})市([\u4e00-\u9fff]{{2}})区", text)
    return f"{_other(draw, CITIES, found[1])}市{text[found.end() :]}" if found else None


OTHER_ADDRESS: tuple[Variant, ...] = (
    _moved_number(r"\d{1,5}(?=号(?!楼|院))"),
    _moved_number(r"\d{3,4}(?=室|$)"),
    _moved_number(r"\d{1,2}(?=号楼|幢|栋|层)"),
    _turned,
    _other_street_city,
)


# people -------------------------------------------------------------------------------------------


def _typo(draw: Draw, name: str) -> str | None:
    """A slip of the keyboard inside one of the longer words."""
    places = [n for n, c in enumerate(name[1:-1], 1) if c.isalpha() and name[n - 1].isalpha()]
    if len(name) < 9 or not places:
        return None
    at = int(draw.choice(places))
    kind = int(draw.integers(0, 4))
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + str(draw.choice(list(_LETTERS))) + name[at:]
    if kind == 2:
        return name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :] if at > 1 else None
    return name[:at] + str(draw.choice(list(_LETTERS))) + name[at + 1 :]


def _surname_first(draw: Draw, name: str) -> str | None:
    words = name.split()
    return f"{words[-1]}, {' '.join(words[:-1])}" if len(words) > 1 else None


def _initial(draw: Draw, name: str) -> str | None:
    words = name.split()
    return f"{words[0][0]}. {words[-1]}" if len(words) == 2 and len(words[0]) > 1 else None


def _titled(draw: Draw, name: str) -> str | None:
    return f"{draw.choice(['Dr.', 'Prof.'])} {name}"


def _capitals(draw: Draw, name: str) -> str | None:
    return name.upper()


def _middle(draw: Draw, name: str) -> str | None:
    words = name.split()
    return f"{words[0]} {draw.choice(list('ABCDEJLMRS'))}. {words[1]}" if len(words) == 2 else None


SAME_PERSON: tuple[Variant, ...] = (_typo, _surname_first, _initial, _titled, _capitals, _middle)


def variants(
    draw: Draw, values: Sequence[str], ways: Sequence[Variant]
) -> list[tuple[str, str, str]]:
    """Each value written another way, by a way that fits it: value, other, the way's name."""
    made = []
    for value in values:
        for way in draw.permutation(len(ways)):
            other = ways[way](draw, value)
            if other is not None and other != value:
                made.append((value, other, ways[way].__name__.strip("_") + f" {way}"))
                break
    return made
