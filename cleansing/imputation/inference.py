"""What one field leaves unsaid another may say: an address its region, a mailbox its company.

How sure an inference is, the table itself shows: of the records that have both, how many agree.
"""

from collections.abc import Callable, Mapping

import polars as pl

from cleansing.area_codes import places_of_phones
from cleansing.imputation.marking import GUESSED
from cleansing.mail_domain import free_domains
from cleansing.table import clean_values
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.records import part

PRIOR_WEIGHT = 10
RIGHT = 9
"""Before a table has shown anything, an inference is taken to be right nine times in ten; each
record of the table that has both values then counts as much as one of these ten."""


def infer(table: pl.DataFrame, kinds: Mapping[str, Kind], field: str) -> pl.DataFrame:
    """Rows of the table with the value inferred for them; also where the field has one."""
    found = [sign(table, name, field) for name, sign in _signs(kinds, field)]
    if not found:
        return pl.DataFrame(schema=GUESSED)
    return pl.concat(found).unique("row", keep="first", maintain_order=True)


_Sign = Callable[[pl.DataFrame, str, str], pl.DataFrame]


def _signs(kinds: Mapping[str, Kind], field: str) -> list[tuple[str, _Sign]]:
    """The fields to infer from, the surest first, and how."""
    tell: dict[Kind, tuple[tuple[Kind, _Sign], ...]] = {
        Kind.REGION: ((Kind.ADDRESS, _region_of_address), (Kind.PHONE, _region_of_phone)),
        Kind.COMPANY_NAME: ((Kind.EMAIL, _company_of_mail),),
    }
    return [
        (name, sign)
        for kind, sign in tell.get(kinds[field], ())
        for name, own in kinds.items()
        if own is kind
    ]


def _region_of_address(table: pl.DataFrame, address: str, field: str) -> pl.DataFrame:
    """The places of the address, as far down as it names them."""
    levels = [pl.col(part(address, name)) for name in ("province", "city", "district")]
    there = pl.col(part(address, "country")).is_in(["CN", "HK", "MO", "TW"])
    own_city = levels[0] == levels[1]
    named = table.select(
        value=pl.when(there & levels[0].is_not_null()).then(
            pl.concat_str(
                levels[0], pl.when(~own_city).then(levels[1]), levels[2], ignore_nulls=True
            )
        )
    )["value"]
    return _judged(table, named, field)


def _region_of_phone(table: pl.DataFrame, phone: str, field: str) -> pl.DataFrame:
    """The city, or at least the province, whose landlines begin so."""
    return _judged(table, places_of_phones(table[part(phone, "key")]), field)


def _judged(table: pl.DataFrame, named: pl.Series, field: str) -> pl.DataFrame:
    """Measure on the records that have both: the coarser of the two regions holds the finer."""
    codes = clean_values(named, Kind.REGION)["key"]
    own = table[part(field, "key")]
    both = even_chunks(pl.DataFrame({"own": own, "other": codes})).filter(
        pl.col("own").str.contains(r"^\d{6}$") & pl.col("other").str.contains(r"^\d{6}$")
    )
    one, other = (pl.col(name).str.replace("(?:0000|00)$", "") for name in ("own", "other"))
    agree = int(both.select((one.str.starts_with(other) | other.str.starts_with(one)).sum()).item())
    confidence = (RIGHT + agree) / (PRIOR_WEIGHT + both.height)
    return _rows(named, pl.Series([confidence]).new_from_index(0, named.len()))


def _company_of_mail(table: pl.DataFrame, mail: str, field: str) -> pl.DataFrame:
    """The company that nearly all other records with a mailbox at this domain name.

    Never at a free provider. Two records that agree are sure to two thirds, nine to nine tenths
    (k of n: k / (n + 1), so that one alone is never enough).
    """
    domain = pl.col(part(mail, "domain"))
    frame = table.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        domain=pl.when(~domain.is_in(list(free_domains()))).then(domain),
        value=pl.col(field),
        key=pl.col(part(field, "key")),
    )
    named = frame.filter(pl.col("domain").is_not_null() & pl.col("key").is_not_null())
    ranked = (
        named.group_by("domain", "key")
        .agg(pl.len().alias("agree"), pl.col("value").sort().mode().sort().first())
        .sort("agree", "key", descending=[True, False])
    )
    best = ranked.group_by("domain", maintain_order=True).first()
    total = named.group_by("domain").len("all")
    best = best.join(total, on="domain").select(
        "domain", "value", confidence=pl.col("agree") / (pl.col("all") + 1)
    )
    return (
        frame.select("row", "domain")
        .join(best, on="domain", how="inner")
        .sort("row")
        .select(*GUESSED)
        .cast(GUESSED)
    )


def _rows(named: pl.Series, confidence: pl.Series) -> pl.DataFrame:
    return (
        even_chunks(pl.DataFrame({"value": named, "confidence": confidence}))
        .with_row_index("row")
        .filter(pl.col("value").is_not_null())
        .select(*GUESSED)
        .cast(GUESSED)
    )
