"""The same records give the same clusters, in whatever order and in whatever process they come."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cleansing import clean_table
from dedup import resolve, resolve_frame
from guiyi.kinds import Kind

ROOT = Path(__file__).parents[3]
SHARED = ROOT / "../shared/data"
FAKE = SHARED / "labelled/fake_1000.csv"
# fmt: off
KINDS = {"公司名称": Kind.COMPANY_NAME, "电话": Kind.PHONE, "地址": Kind.ADDRESS}
BRANDS = [
    "华东", "海天", "金鑫", "宏盛", "泰恒", "瑞安", "达康", "利通", "源丰", "佳美", "信诚", "博远",
    "航星", "晨阳", "嘉禾", "润泽",
]
TRADES = ["科技", "贸易", "电子", "机械", "食品", "医药", "化工", "物流"]
CITIES = ["北京", "上海", "深圳", "广州", "杭州", "苏州"]
# fmt: on


def firms(count: int = 240) -> pl.DataFrame:
    """Chinese firms written twice: with the legal form in full and shortened, one phone."""
    draw = np.random.default_rng(7)
    rows = []
    for _ in range(count):
        city, brand, trade = (str(draw.choice(words)) for words in (CITIES, BRANDS, TRADES))
        extra = str(draw.choice(BRANDS))
        phone = f"138{draw.integers(10**7, 10**8)}"
        street = f"{city}市{extra}路{draw.integers(1, 400)}号"
        rows.append((f"{city}{brand}{extra}{trade}有限公司", phone, street))
        rows.append((f"{city}市{brand}{extra}{trade}有限责任公司", phone, None))
    return pl.DataFrame(rows, schema=["公司名称", "电话", "地址"], orient="row")


def groups(frame: pl.DataFrame) -> set[frozenset[int]]:
    """The clusters of a table as sets of the numbers its rows carry."""
    ids = resolve_frame(frame.drop("at")).clusters["cluster_id"]
    named = frame.select("at").with_columns(c=ids).group_by("c").agg("at")
    return {frozenset(rows) for rows in named["at"].to_list()}


def test_shuffled_companies_give_the_same_clusters() -> None:
    """Rows of Chinese companies may come in any order."""
    frame = firms().with_row_index("at")
    expected = groups(frame)
    assert len(expected) < 0.7 * frame.height
    assert groups(frame.sample(fraction=1, shuffle=True, seed=1)) == expected


@pytest.mark.shared
@pytest.mark.skipif(not FAKE.exists(), reason="../shared/data is absent")
def test_shuffled_people_give_the_same_clusters() -> None:
    """Rows of fake_1000 may come in any order."""
    frame = pl.read_csv(FAKE, infer_schema=False)
    frame = frame.select("first_name", "surname", "dob", "city", "email").with_row_index("at")
    assert groups(frame) == groups(frame.sample(fraction=1, shuffle=True, seed=3))


RUN = """
import sys
import polars as pl
from dedup import resolve_frame
found = resolve_frame(pl.read_parquet(sys.argv[1]))
ids, pairs = found.clusters["cluster_id"], found.pairs.sort("row_l", "row_r")
print(ids.to_list(), pairs["match_weight"].to_list())
"""


def test_two_processes_agree(tmp_path: Path) -> None:
    """Another process, with another hash seed and more threads, finds and weighs the same."""
    firms(120).write_parquet(tmp_path / "firms.parquet")
    said = [
        subprocess.run(
            [sys.executable, "-c", RUN, str(tmp_path / "firms.parquet")],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "POLARS_MAX_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, threads in (("1", "1"), ("2", "4"))
    ]
    assert said[0] == said[1]
    assert said[0]


def test_labels_in_any_order_teach_the_same() -> None:
    """Records and labels may both be shuffled: what is learned is the same, bit for bit."""
    frame = firms(160)
    clean = clean_table(frame, KINDS)
    twins = [(2 * n, 2 * n + 1, True) for n in range(60)]
    others = [(2 * n, 2 * n + 2, False) for n in range(60)]
    labels = pl.DataFrame(twins + others, schema=["row_l", "row_r", "match"], orient="row")
    found = resolve(clean, KINDS, labels=labels)
    draw = np.random.default_rng(2)
    order = draw.permutation(clean.height)
    place = pl.Series(np.argsort(order))
    moved = labels.select(
        place.gather(labels["row_r"]).alias("row_l"),
        place.gather(labels["row_l"]).alias("row_r"),
        "match",
    ).sample(fraction=1, shuffle=True, seed=4)
    again = resolve(clean[order], KINDS, labels=moved)
    assert found.model["labels"]["labels"] == 120
    assert again.model == found.model
    ids = again.clusters["cluster_id"].gather(place)
    assert ids.rank("dense").n_unique() == found.clusters["cluster_id"].n_unique()
    both = pl.DataFrame({"a": ids, "b": found.clusters["cluster_id"]}).unique()
    assert both.height == both["a"].n_unique() == both["b"].n_unique()
