"""Chinese firms as three departments type them: branches, look-alikes, short names, slips.

    python benchmarks/companies.py 5000 --seed 3 --out companies.csv

The truth is the column `entity`. Look-alikes that must stay apart: a branch and its parent, brands
one character apart, the same brand in another trade or another city. Words are this file's own.
"""

import argparse
from pathlib import Path

import numpy as np
import polars as pl

REGIONS = (
    "北京 上海 深圳 广州 杭州 苏州 南京 成都 武汉 西安 青岛 宁波 无锡 长沙 郑州 厦门 合肥 济南"
).split()
SUFFIX = {"北京": "北京市", "上海": "上海市", "深圳": "深圳市", "杭州": "杭州市", "苏州": "苏州市"}
TRADES = (
    "科技 贸易 电子 机械 食品 医药 化工 建筑工程 物流 文化传媒 餐饮管理 环保科技 "
    "信息技术 新材料 服饰 家具 教育咨询 汽车配件"
).split()
CHARACTERS = (
    "华东海天金鑫宏盛泰恒瑞安达康利通源丰佳美信诚博远航星宇晨阳嘉禾润泽永兴龙腾飞翔德"
    "智慧云创新力捷锐科联众智凯歌雅致尚品优卓越鼎峰巨力铭洋"
)
HOMOPHONES = {
    "华": "骅",
    "海": "海",
    "金": "今",
    "鑫": "欣",
    "宏": "弘",
    "盛": "胜",
    "泰": "太",
    "恒": "衡",
    "瑞": "睿",
    "安": "桉",
    "达": "答",
    "康": "糠",
    "利": "力",
    "通": "桐",
    "源": "元",
    "丰": "风",
    "佳": "嘉",
    "美": "镁",
    "信": "芯",
    "诚": "成",
    "博": "勃",
    "远": "院",
    "航": "杭",
    "星": "兴",
    "宇": "雨",
    "阳": "洋",
    "永": "勇",
    "龙": "隆",
    "飞": "非",
    "智": "志",
    "云": "芸",
    "新": "欣",
    "联": "莲",
    "铭": "明",
}
TRADITIONAL = str.maketrans(
    "华东发达电机药业贸车饰龙飞联众创兴丰远阳环传龙报广宁济泽润晨诚云苏长郑",
    "華東發達電機藥業貿車飾龍飛聯眾創興豐遠陽環傳龍報廣寧濟澤潤晨誠雲蘇長鄭",
)
ROADS = (
    "中山路 解放路 人民路 建设路 科技路 学院路 滨江大道 和平路 长江路 黄河路 新华路 文化路".split()
)
FORMS = ["有限公司", "有限责任公司", "股份有限公司"]


def firms(draw: np.random.Generator, count: int) -> list[dict[str, str | None]]:
    """True firms, a third of them derived from another as a look-alike.

    No registry enters one name twice (企业名称登记管理规定 of 2020, art. 17), so firms of one
    region and trade never share a brand.
    """
    made: list[dict[str, str | None]] = []
    taken: set[tuple[str | None, ...]] = set()
    while len(made) < count:
        if made and draw.random() < 0.33:
            one = look_alike(draw, made[int(draw.integers(0, len(made)))])
        else:
            size = int(draw.choice([2, 3, 4], p=[0.6, 0.25, 0.15]))
            brand = "".join(draw.choice(list(CHARACTERS), size))
            one = firm(draw, str(draw.choice(REGIONS)), brand, str(draw.choice(TRADES)))
        name = tuple(one[part] for part in ("region", "brand", "trade", "branch"))
        if name not in taken:
            taken.add(name)
            made.append(one)
    return made


def firm(
    draw: np.random.Generator, region: str, brand: str, trade: str, branch: str = ""
) -> dict[str, str | None]:
    return {
        "region": region, "brand": brand, "trade": trade, "branch": branch,
        "form": str(draw.choice(FORMS, p=[0.75, 0.1, 0.15])),
        "code": uscc(draw),
        "phone": f"1{draw.choice(list('3578'))}{draw.integers(100_000_000, 999_999_999)}",
        "address": f"{region}市{draw.choice(ROADS)}{draw.integers(1, 900)}号",
        "contact": contact(draw),
    }  # fmt: skip


def contact(draw: np.random.Generator) -> str:
    surname = draw.choice(list("王李张刘陈杨黄赵周吴"), 1)
    given = draw.choice(list("伟芳娜敏静强磊洋艳勇军杰娟涛明超"), int(draw.integers(1, 3)))
    return "".join([*surname, *given])


def look_alike(draw: np.random.Generator, one: dict[str, str | None]) -> dict[str, str | None]:
    """Another firm that looks like this one."""
    region, brand, trade = str(one["region"]), str(one["brand"]), str(one["trade"])
    kind = int(draw.integers(0, 4))
    if kind == 0:
        city = str(draw.choice(REGIONS))
        other = firm(draw, region, brand, trade, f"{city}分公司")
        other["form"] = one["form"]
        return other
    if kind == 1:
        at = int(draw.integers(0, len(brand)))
        return firm(
            draw, region, brand[:at] + str(draw.choice(list(CHARACTERS))) + brand[at + 1 :], trade
        )
    if kind == 2:
        return firm(draw, region, brand, str(draw.choice([t for t in TRADES if t != trade])))
    return firm(draw, str(draw.choice([r for r in REGIONS if r != region])), brand, trade)


def uscc(draw: np.random.Generator) -> str:
    """A unified social credit code with its check character (GB 32100-2015)."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "91" + "".join(str(draw.integers(0, 10)) for _ in range(6))
    organisation = "".join(str(draw.integers(0, 10)) for _ in range(8))
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = (11 - sum(int(c) * w for c, w in zip(organisation, weights, strict=True)) % 11) % 11
    body += organisation + ("X" if check == 10 else str(check))
    total = sum(alphabet.index(c) * pow(3, n, 31) for n, c in enumerate(body))
    return body + alphabet[(31 - total % 31) % 31]


def written(draw: np.random.Generator, one: dict[str, str | None]) -> dict[str, str | None]:
    """One department's record of a firm."""
    region, brand, trade = str(one["region"]), str(one["brand"]), str(one["trade"])
    branch, form = str(one["branch"]), str(one["form"])
    if draw.random() < 0.06:
        at = int(draw.integers(0, len(brand)))
        brand = brand[:at] + HOMOPHONES.get(brand[at], brand[at]) + brand[at + 1 :]
    place = SUFFIX.get(region, region) if draw.random() < 0.3 else region
    luck = draw.random()
    if luck < 0.12 and not branch:
        name = brand + (trade if draw.random() < 0.6 else "")
    elif luck < 0.2:
        name = f"{brand}{trade}（{region}）{form}{branch}"
    elif luck < 0.3:
        name = f"{brand}{trade}{form}{branch}"
    else:
        name = f"{place}{brand}{trade}{form}{branch}"
    if draw.random() < 0.08:
        name = name.translate(TRADITIONAL)
    if draw.random() < 0.05:
        name = name.replace("（", "(").replace("）", ")")
    address = str(one["address"])
    if draw.random() < 0.3:
        address += f"{draw.integers(1, 20)}楼"
    return {
        "公司名称": name,
        "统一社会信用代码": one["code"] if draw.random() < 0.33 else None,
        "电话": one["phone"] if draw.random() < 0.6 else None,
        "地址": address if draw.random() < 0.7 else None,
        "联系人": one["contact"] if draw.random() < 0.6 else None,
    }


def customers(rows: int, seed: int) -> pl.DataFrame:
    """Customer lists of three departments in one, with the truth in `entity`."""
    draw = np.random.default_rng(seed)
    true = firms(draw, int(rows * 0.55))
    again = draw.integers(0, len(true), rows - len(true))
    entity = np.concatenate([np.arange(len(true)), again])
    draw.shuffle(entity)
    records = [written(draw, true[n]) for n in entity]
    return pl.DataFrame(records, infer_schema_length=None).with_columns(entity=pl.Series(entity))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("rows", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("companies.csv"))
    given = parser.parse_args()
    customers(given.rows, given.seed).write_csv(given.out)


if __name__ == "__main__":
    main()
