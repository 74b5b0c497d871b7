"""Phones, headers and export shared by the families of persons."""

from collections.abc import Collection, Mapping

import numpy as np
import polars as pl

from benchmarks.families.family import Family, Headers
from benchmarks.families.words_homes import Rng, Texts, texts
from benchmarks.families.words_records import Rows


def write_phone(rng: Rng, phone: Texts, odd: float) -> Texts:
    """Each number in the way of its clerk."""
    style = np.where(rng.random(len(phone)) < odd, rng.integers(1, 8, len(phone)), 0).tolist()
    house = int(rng.integers(0, 4))
    out: list[str | None] = []
    for d, s in zip(phone.tolist(), style, strict=True):
        if d is None or "@" in d:
            out.append(d)
            continue
        how = s or house
        out.append(
            (
                d, f"{d[:5]} {d[5:]}", f"+44{d[1:]}", f"{d[:5]} {d[5:8]} {d[8:]}",
                f"+44 (0){d[1:5]} {d[5:]}", f"0044{d[1:]}", f"({d[:5]}) {d[5:]}",
                f"{d[:4]}-{d[4:7]}-{d[7:]}",
            )[how]
        )  # fmt: skip
    return texts(out)


GENERIC = ["Column{}", "字段{}", "F{}", "列{}", "Unnamed: {}", "field_{}", "C{}", "Spalte{}"]
MODES = ["clear"] * 6 + ["other", "mixed", "mixed", "generic", "generic", "misleading"]


def headers(rng: Rng, columns: list[str], table: Headers, mode: str) -> dict[str, str]:
    """The header of each column, unique, in one of the modes."""
    form, style = str(rng.choice(GENERIC)), int(rng.integers(0, 3))
    out: dict[str, str] = {}
    for i, column in enumerate(columns, 1):
        which = {"clear": 0, "other": 1, "misleading": 2}.get(mode, int(rng.integers(0, 2)))
        if mode == "misleading" and rng.random() < 0.5:
            which = 0
        title = str(rng.choice(table[column][which].split("|")))
        if mode == "generic":
            title = form.format(i)
        elif title.isascii():
            title = (title, title.upper(), title.lower().replace(" ", "_"))[style]
        while title in out.values():
            title += "1"
        out[column] = title
    return out


NAME = ("first", "last", "name")
"""The columns of the name: the two parts, or both in one."""
OPTIONAL = {"mail", "phone", "landline", "street", "town", "postcode"}
"""Columns that a register has only if its plan says so."""


def planned(cells: dict[str, Texts], fields: Collection[str]) -> dict[str, Texts]:
    """The columns without the optional ones that are not among the fields."""
    return {c: v for c, v in cells.items() if c not in OPTIONAL or c in fields}


def export(
    rng: Rng,
    cells: dict[str, Texts],
    got: Rows,
    table: Headers,
    keys: tuple[str, ...],
    drawn: Mapping[str, float | int | str],
) -> Family:
    """Order the rows, name the columns, and report what was drawn; `keys` that are there count."""
    n = len(got)
    mode = str(rng.choice(MODES))
    order = str(rng.choice(["shuffled", "shuffled", "by source", "by group"]))
    at = rng.permutation(n)
    if order != "shuffled":
        by = got.source if order == "by source" else got.address
        at = at[np.argsort(by[at], kind="stable")]
    titles = headers(rng, list(cells), table, mode)
    if "id" in cells:
        begin, step = int(rng.integers(1, 90000)), int(rng.choice([1, 1, 7]))
        form = str(rng.choice(["{}", "C{:07d}", "{:06d}"]))
        cells["id"] = np.empty(n, dtype=object)
        cells["id"][at] = texts([form.format(begin + step * i) for i in range(n)])
    frame = pl.DataFrame(
        {
            titles[c]: pl.Series([v or None for v in values[at].tolist()], dtype=pl.String)
            for c, values in cells.items()
        }
    )
    code = rng.permutation(10 * int(got.who.max() + 1))[got.who[at]]
    return Family(
        table=frame,
        truth=pl.Series("truth", code, dtype=pl.Int64),
        entity="person",
        same_name=tuple(titles[c] for c in NAME if c in titles),
        keys=tuple(titles[c] for c in keys if c in titles),
        drawn={**drawn, "unsure": got.unsure}
        | {"headers": mode, "order": order, "columns": len(cells), "rows": n},
    )
