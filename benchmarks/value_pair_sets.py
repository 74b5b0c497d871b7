"""Labelled pairs of values: real ones with their nearest neighbours, made ones, and by hand.

Real pairs come from ../shared/data, their nearest neighbours are the non-matches; `variants` writes
real values anew; `data/hand_labelled_pairs.tsv` was labelled by hand.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import csr_matrix

from benchmarks import variants
from benchmarks.sets import SETS, SHARED
from guiyi.kinds import Kind

HAND = Path(__file__).parent / "data" / "hand_labelled_pairs.tsv"
BRANCHES = Path(__file__).parent / "data" / "branch_and_group_pairs.tsv"
"""Branches and their places, group firms, legal forms, romanised names; some only for review."""
MOST = 1200
"""Matches taken of one set; the non-matches are as many."""
Pair = tuple[str, str]
Labelled = tuple[list[Pair], list[Pair]]
"""Pairs that are one, and pairs that look alike and are not."""


def neighbours(left: Sequence[str], right: Sequence[str], size: int = 2) -> list[list[int]]:
    """For each value on the left the five on the right that share the most pieces of text."""
    grams: dict[str, int] = {}

    def matrix(values: Sequence[str]) -> csr_matrix:
        rows, columns = [], []
        for row, value in enumerate(values):
            text = f" {value.lower()} " if size > 1 else value.lower()
            for gram in sorted({text[n : n + size] for n in range(len(text) - size + 1)}):
                rows.append(row)
                columns.append(grams.setdefault(gram, len(grams)))
        found = csr_matrix((np.ones(len(rows), np.float32), (rows, columns)))
        found.resize(len(values), 200_000)
        return found

    one, other = matrix(left), matrix(right)
    weight = np.log(1 + other.shape[0] / (1 + np.asarray(other.sum(axis=0)).ravel()))
    shared = (one.multiply(weight).tocsr() @ other.T).tocsr()
    norm = np.sqrt(np.asarray(other.multiply(weight).sum(axis=1)).ravel()) + 1e-9
    nearest = []
    for row in range(shared.shape[0]):
        part = slice(shared.indptr[row], shared.indptr[row + 1])
        order = np.argsort(-shared.data[part] / norm[shared.indices[part]], kind="stable")[:5]
        nearest.append(shared.indices[part][order].tolist())
    return nearest


def _clashes(
    left: Sequence[str], right: Sequence[str], same: Callable[[int, int], bool], size: int = 2
) -> list[Pair]:
    """The nearest neighbours that are somebody else."""
    found = []
    for row, near in enumerate(neighbours(left, right, size)):
        others = [n for n in near if not same(row, n)]
        found += [(left[row], right[n]) for n in others[:1]]
    return found


def _bare(text: str) -> str:
    """Letters and digits alone: two owners of one such text cannot be told apart by it."""
    return re.sub(r"[\W_]", "", text.lower())


def _of_entities(values: Sequence[str | None], entities: Sequence[object]) -> Labelled:
    """Pairs within an entity that are written differently, and the nearest of other entities."""
    kept = [
        (v, e) for v, e in zip(values, entities, strict=True) if v is not None and e is not None
    ]
    groups: dict[object, list[str]] = {}
    for value, entity in dict.fromkeys(kept):
        groups.setdefault(entity, []).append(value)
    ones = [(group[0], other) for group in groups.values() for other in group[1:3]]
    texts = [value for group in groups.values() for value in group[:1]]
    owner = [entity for entity in groups for _ in range(1)]
    has = {entity: set(map(_bare, group)) for entity, group in groups.items()}

    def same(row: int, n: int) -> bool:
        return owner[row] == owner[n] or bool(has[owner[row]] & has[owner[n]])

    return ones, _clashes(texts, texts, same)


# companies ----------------------------------------------------------------------------------------


def _short_and_full() -> pl.DataFrame:
    table = pl.read_csv(SHARED / "chinese/listed_short_full_7827.csv", infer_schema=False)
    return table.rename(dict(zip(table.columns, ["short", "full"], strict=True))).drop_nulls()


def short_full() -> Labelled:
    """Listed firms' short names and full names; the nearest other firm's full name is another."""
    table = _short_and_full().sample(fraction=1, shuffle=True, seed=1)
    short, full = table["short"].to_list(), table["full"].to_list()
    core = [re.sub(r"^[*SNCXDUW]*ST|[-－]?[ABHWSR]+$|\s", "", s) for s in short]

    def same(row: int, n: int) -> bool:
        return full[row] == full[n] or core[row] == core[n] or core[row] in full[n]

    rows = range(0, len(short), 2)
    apart = _clashes([short[n] for n in rows], full, lambda r, n: same(2 * r, n), size=1)
    return list(zip(short, full, strict=True)), apart


def taiwan_short_full() -> Labelled:
    """Taiwan's listed firms, in traditional script."""
    table = _taiwan()
    short, full = table["公司簡稱"].to_list(), table["公司名稱"].to_list()
    core = [re.sub(r"[-*]?(?:KY|DR|創|\*)+$", "", s) for s in short]

    def same(row: int, n: int) -> bool:
        return row == n or core[row] in full[n]

    return list(zip(short, full, strict=True)), _clashes(short, full, same, size=1)


def _taiwan() -> pl.DataFrame:
    data = (SHARED / "chinese/tw_listed_big5.csv").read_bytes().decode("big5hkscs")
    return pl.read_csv(data.encode(), infer_schema=False)


def _szse(name: str) -> list[str]:
    frame = SETS["szse"]().frame
    return frame[name].drop_nulls().unique().sort().to_list()


def _full_names() -> list[str]:
    names = [line.split()[0] for line in _lines("chinese/company_brand_500.txt")]
    return sorted({*names, *_szse("公司全称")})


def _lines(place: str) -> list[str]:
    return (SHARED / place).read_text(encoding="utf-8").splitlines()


def full_names() -> Labelled:
    """Registered names: written anew, beside look-alikes made of them and real neighbours."""
    names = _full_names()
    draw = np.random.default_rng(1)
    draw.shuffle(names)
    ones = [(a, b) for a, b, _ in variants.variants(draw, names, variants.SAME_COMPANY)]
    made = [(a, b) for a, b, _ in variants.variants(draw, names, variants.OTHER_COMPANY)]
    bare = [re.sub(r"股份|集团|有限(?:责任)?公司", "", name) for name in names]
    real = _clashes(names, names, lambda r, n: bare[r] == bare[n])
    return ones, [*made[: MOST // 2], *real[: MOST // 2]]


def english_chinese() -> Labelled:
    """English and Chinese names of listed firms; the Chinese name of the nearest other is not."""
    frame = (
        SETS["szse"]()
        .frame.drop_nulls(["公司全称", "英文名称"])
        .unique("公司全称", keep="first", maintain_order=True)
    )
    english, chinese = frame["英文名称"].to_list(), frame["公司全称"].to_list()
    near = neighbours(chinese, chinese)
    apart = [
        (english[r], chinese[others[0]])
        for r, found in enumerate(near)
        if (others := [n for n in found if n != r and english[n].lower() != english[r].lower()])
    ]
    return list(zip(english, chinese, strict=True)), apart


def renamed() -> Labelled:
    """Two years' lists of one exchange: full names that were changed in between."""
    data = SETS["szse"]()
    return _of_entities(data.frame["公司全称"].to_list(), data.truth.to_list())


def restaurants_names() -> Labelled:
    """Two guides' names of one restaurant."""
    data = SETS["fodors_zagats"]()
    return _of_entities(data.frame["name"].to_list(), data.truth.to_list())


def senzing_companies() -> Labelled:
    data = SETS["senzing"]()
    return _of_entities(data.frame["PRIMARY_NAME_ORG"].to_list(), data.truth.to_list())


def western_suffixes() -> Labelled:
    """Names with and without a legal form, from cleanco's tests; neighbours are other firms."""
    table = pl.read_csv(SHARED / "suites/cleanco_basename.csv", infer_schema=False)
    table = table.filter(pl.col("options").is_null()).drop_nulls(["input", "expected"])
    left, right = table["input"].to_list(), table["expected"].to_list()

    def same(row: int, n: int) -> bool:
        a, b = (re.sub(r"\W", "", t.lower()) for t in (right[row], right[n]))
        return a in b or b in a

    return list(zip(left, right, strict=True)), _clashes(left, right, same)


# people -------------------------------------------------------------------------------------------


def _persons(name: str, first: str, last: str) -> Labelled:
    data = SETS[name]()
    parts = data.frame.select(first, last).rows()
    full = [f"{a} {b}" if a and b else None for a, b in parts]
    return _of_entities(full, data.truth.to_list())


def senzing_people() -> Labelled:
    data = SETS["senzing"]()
    names = data.frame.select(
        pl.coalesce(
            "PRIMARY_NAME_FULL",
            pl.concat_str(
                "PRIMARY_NAME_FIRST", "PRIMARY_NAME_MIDDLE", "PRIMARY_NAME_LAST",
                separator=" ", ignore_nulls=True,
            ).replace("", None),
        )
    ).to_series()  # fmt: skip
    return _of_entities(names.to_list(), data.truth.to_list())


def western_people() -> Labelled:
    """Real American names written anew; others with the same surname or nearly so are not."""
    table = pl.read_csv(SHARED / "suites/probablepeople_person.csv", infer_schema=False)
    names = sorted(
        {
            name.title()
            for name, tokens in table.select("string", "tokens_json").rows()
            if re.fullmatch(r'\[\["\w{3,}", "GivenName"\], \["\w{3,}", "Surname"\]\]', tokens)
        }
    )
    draw = np.random.default_rng(2)
    draw.shuffle(names)
    ones = [(a, b) for a, b, _ in variants.variants(draw, names, variants.SAME_PERSON)]
    surnames: dict[str, list[str]] = {}
    for name in names:
        surnames.setdefault(name.split()[1], []).append(name)
    family = [(group[0], other) for group in surnames.values() for other in group[1:2]]
    apart = [*family, *_clashes(names, names, lambda r, n: r == n)]
    return ones, [pair for pair in dict.fromkeys(apart) if pair[0] != pair[1]]


SURNAMES = {
    "曾": "zeng", "單": "shan", "解": "xie", "仇": "qiu", "朴": "piao", "查": "zha", "區": "ou",
    "任": "ren",
    "翟": "zhai", "葉": "ye", "尹": "yin", "粘": "nian", "覃": "qin", "盧": "lu", "呂": "lv",
}  # fmt: skip
"""Surnames read otherwise than the same characters in everyday words."""


def _officers() -> list[str]:
    table = _taiwan().select("董事長", "總經理", "發言人")
    names = {n for column in table.iter_columns() for n in column.drop_nulls().to_list()}
    return sorted(n for n in names if re.fullmatch("[\u4e00-\u9fff]{3}", n))


def chinese_people() -> Labelled:
    """Real names of officers: in the other script, in pinyin, with a title; neighbours differ."""
    from opencc import OpenCC
    from pypinyin import lazy_pinyin

    draw = np.random.default_rng(3)
    names = _officers()
    draw.shuffle(names)
    simple = OpenCC("t2s")

    def roman(name: str) -> tuple[str, str]:
        surname, *given = (s.replace("ü", "v") for s in lazy_pinyin(name, v_to_u=False))
        return SURNAMES.get(name[0], surname).title(), "".join(given).title()

    ways = (
        simple.convert,
        lambda n: " ".join(roman(n)),
        lambda n: " ".join(reversed(roman(n))),
        lambda n: f"{roman(n)[0].upper()} {roman(n)[1]}",
        lambda n: f"{n[0]} {n[1:]}",
        lambda n: n + str(draw.choice(["先生", "女士", "總經理", "经理"])),
    )
    ones = [(name, ways[n % len(ways)](name)) for n, name in enumerate(names)]
    near = _clashes(names, names, lambda r, n: simple.convert(names[r]) == simple.convert(names[n]))
    romanised = [(a, " ".join(roman(b))) for a, b in near[: len(near) // 3] if roman(a) != roman(b)]
    return [(a, b) for a, b in ones if a != b], [*romanised, *near[len(near) // 3 :]]


# addresses ----------------------------------------------------------------------------------------


def _written_addresses(places: list[str], seed: int) -> Labelled:
    draw = np.random.default_rng(seed)
    draw.shuffle(places)
    ones = [(a, b) for a, b, _ in variants.variants(draw, places, variants.SAME_ADDRESS)]
    made = [(a, b) for a, b, _ in variants.variants(draw, places, variants.OTHER_ADDRESS)]
    bare = [re.sub(r"\W", "", place) for place in places]

    def same(row: int, n: int) -> bool:
        return bare[row] in bare[n] or bare[n] in bare[row]

    return ones, [*made[: MOST // 2], *_clashes(places, places, same)[: MOST // 2]]


def chinese_addresses() -> Labelled:
    """Registered addresses of listed firms, written anew; made and real neighbours differ."""
    return _written_addresses(_szse("注册地址"), 4)


def taiwan_addresses() -> Labelled:
    """Addresses in traditional script; real neighbours on one road differ."""
    places = [re.sub(r"\s", "", a) for a in _taiwan()["住址"].drop_nulls().unique().sort()]
    return _written_addresses([p for p in places if re.search(r"\d", p)], 5)


def chicago_addresses() -> Labelled:
    data = SETS["chicago"]()
    return _of_entities(data.frame["Address"].str.strip_chars().to_list(), data.truth.to_list())


def restaurant_addresses() -> Labelled:
    data = SETS["fodors_zagats"]()
    where = data.frame.select(pl.concat_str("addr", "city", separator=", ")).to_series()
    return _of_entities(where.to_list(), data.truth.to_list())


def febrl_addresses() -> Labelled:
    """Australian addresses with typing slips and swapped lines."""
    data = SETS["febrl2"]()
    where = data.frame.select(
        pl.concat_str(
            pl.concat_str("street_number", "address_1", separator=" "), "suburb", "state",
            separator=", ",
        )
    ).to_series()  # fmt: skip
    return _of_entities(where.to_list(), data.truth.to_list())


def by_hand(kind: Kind, file: Path = HAND) -> Labelled:
    """Pairs of one kind labelled by hand, those for review left out."""
    ones, apart = (of_label(kind, file, label) for label in "10")
    return ones, apart


def of_label(kind: Kind, file: Path, label: str) -> list[Pair]:
    """The pairs of one kind with one label in a file of kind, label, left and right."""
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    return [(r[2], r[3]) for r in rows if r[0] == kind and r[1] == label]


C, P, A = Kind.COMPANY_NAME, Kind.PERSON_NAME, Kind.ADDRESS
PAIR_SETS: dict[str, tuple[Kind, Callable[[], Labelled]]] = {
    "company by hand": (C, lambda: by_hand(C)),
    "company branches and groups": (C, lambda: by_hand(C, BRANCHES)),
    "company short-full": (C, short_full),
    "company short-full Taiwan": (C, taiwan_short_full),
    "company full names": (C, full_names),
    "company English-Chinese": (C, english_chinese),
    "company renamed": (C, renamed),
    "company restaurants": (C, restaurants_names),
    "company Senzing": (C, senzing_companies),
    "company Western forms": (C, western_suffixes),
    "person by hand": (P, lambda: by_hand(P)),
    "person romanised, long": (P, lambda: by_hand(P, BRANCHES)),
    "person Western": (P, western_people),
    "person Chinese": (P, chinese_people),
    "person fake_20000": (P, lambda: _persons("fake_20000", "first_name", "surname")),
    "person febrl2": (P, lambda: _persons("febrl2", "given_name", "surname")),
    "person Senzing": (P, senzing_people),
    "address by hand": (A, lambda: by_hand(A)),
    "address Chinese": (A, chinese_addresses),
    "address Taiwan": (A, taiwan_addresses),
    "address Chicago": (A, chicago_addresses),
    "address restaurants": (A, restaurant_addresses),
    "address febrl2": (A, febrl_addresses),
}
