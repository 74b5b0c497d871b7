"""Realistic registers in which named cases are embedded, so that the fit has something to learn.

A case is a few records and, for each, a letter: records with one letter are one entity.

    found = Embedded(people(360, 4), {"twins 1": Case([...], "ab")})
    found.as_found("twins 1")   # "ab": two people
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks import companies, persons
from dedup import resolve_frame

Record = Mapping[str, str | None]


@dataclass(frozen=True)
class Case:
    """Records beside the right answer, one letter a record."""

    records: Sequence[Record]
    right: str


class Embedded:
    """A register with cases among its rows, matched with nothing configured."""

    def __init__(self, background: pl.DataFrame, cases: Mapping[str, Case]) -> None:
        records = [record for case in cases.values() for record in case.records]
        own = pl.DataFrame(records, schema=dict.fromkeys(background.columns, pl.String))
        table = pl.concat([background, own])
        order = np.random.default_rng(1).permutation(table.height)
        self.resolution = resolve_frame(table[order])
        labels = np.empty(table.height, np.int64)
        labels[order] = self.resolution.clusters["cluster_id"].to_numpy()
        ends = background.height + np.cumsum([len(case.records) for case in cases.values()])
        starts = [background.height, *ends[:-1].tolist()]
        self._labels = {
            name: labels[a:b] for name, a, b in zip(cases, starts, ends.tolist(), strict=True)
        }
        self._all = labels

    def as_found(self, name: str) -> str:
        """The letters of a case as the matcher has them; `+` marks one merged with a stranger."""
        own = self._labels[name]
        letters: dict[int, str] = {}
        found = "".join(letters.setdefault(int(c), chr(97 + len(letters))) for c in own)
        strangers = int(np.isin(self._all, own).sum()) > len(own)
        return found + ("+" if strangers else "")


def people(rows: int, seed: int) -> pl.DataFrame:
    """A register of persons and their households, with the sex of each."""
    drawn = persons.register(rows, seed)
    men = np.random.default_rng(seed).random(int(drawn["entity"].max() or 0) + 1) < 0.5
    sex = pl.Series("sex", np.where(men, "M", "F")).gather(drawn["entity"])
    return drawn.drop("entity").with_columns(sex)


def customers(rows: int, seed: int) -> pl.DataFrame:
    """Chinese firms as three departments list them, each with a contact person."""
    return companies.customers(rows, seed).drop("entity").rename({"公司名称": "客户名称"})


def words(text: str) -> list[str]:
    """The words of a list, written as one text."""
    return text.split()


def lines(text: str) -> list[list[str]]:
    """The rows of a small table: a line a row, cells between bars."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静强磊洋艳勇军杰娟涛明超霞平刚桂英华玉兰红梅建国文辉志鹏晓燕海波婷雪琳宇浩嘉欣怡"
BRANDS = words(
    "鼎昌 瑞禾 安泽 恒谷 晟亿 博朗 嘉沃 凯诚 迅达 启航 "
    "蓝湾 正邦 九洲 天禄 汇川 德润 盛威 远景 腾翔 宝利"
)
TRADES = words("科技 贸易 电子 机械 食品 医药 物流 建材")
TITLES = words("销售经理 采购主管 总经理 财务 工程师 行政 技术总监 业务员")
ROADS = words("人民路 中山路 解放路 建设路 文化路 科技路 和平路")
CITIES = {"上海": "021", "杭州": "0571", "南京": "025", "苏州": "0512", "成都": "028"}


def contacts(firms: int, seed: int) -> pl.DataFrame:
    """Contacts at Chinese firms: colleagues on one switchboard, a third of them entered again."""
    draw = np.random.default_rng(seed)
    rows: list[Record] = []
    for n in range(firms):
        city = str(draw.choice(list(CITIES)))
        firm = f"{city}{BRANDS[n % len(BRANDS)]}{TRADES[n // len(BRANDS) % len(TRADES)]}有限公司"
        board = f"{CITIES[city]}-{draw.integers(20_000_000, 90_000_000)}"
        place = f"{city}市{draw.choice(ROADS)}{draw.integers(1, 900)}号"
        for _ in range(int(draw.integers(1, 9))):
            name = str(draw.choice(list(SURNAMES))) + "".join(
                draw.choice(list(GIVEN), int(draw.integers(1, 3)))
            )
            own: dict[str, str | None] = {
                "姓名": name,
                "公司": firm,
                "职务": str(draw.choice(TITLES)),
                "手机": f"13{draw.integers(10**8, 10**9)}",
                "电话": board,
                "邮箱": f"u{draw.integers(1000, 99999)}@firm{n}.com.cn",
                "地址": place,
            }
            rows.append(_blanked(draw, own))
            if draw.random() < 0.35:
                rows.append(_blanked(draw, own | {"公司": firm.removesuffix("有限公司")}))
    return pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String))


def _blanked(draw: np.random.Generator, own: Record) -> Record:
    gaps = {"职务": 0.2, "手机": 0.3, "电话": 0.2, "邮箱": 0.4, "地址": 0.3}
    return {k: None if draw.random() < gaps.get(k, 0) else v for k, v in own.items()}
