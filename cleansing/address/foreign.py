"""A foreign address goes from the house to the country; only its plain parts are pulled out."""

from functools import cache

import polars as pl

from cleansing import knowledge

_STREETS = (
    "street|avenue|road|boulevard|drive|lane|court|place|plaza|square|terrace|parkway|highway|freeway|expressway"
    "|circle|crescent|trail|alley|way|walk|row|mews|close|grove|gardens|hill|broadway|quay|rise|view|loop|pike"
    "|turnpike|crossing|route|path|green|park"
)
_UNIT = r"(?:suite|apartment|room|unit|floor|building|flat|#)"
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK"
    "|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR"
)
"""USPS Publication 28, appendix B."""
_COUNTRIES = (
    r"u\.?s\.?a?\.?|united states(?: of america)?|united kingdom|u\.?k\.?|england|scotland|canada"
    r"|australia|germany|france|japan|singapore|p\.?\s?r\.?\s?c?\.? ?china|china|hong kong"
    r"|taiwan(?: \(r\.o\.c\.\))?"
)
_COUNTRY = rf"(?i)[,\s]+(?:{_COUNTRIES})\.?$"
_US_END = rf"(?:[,\s]+|^)({_STATES})\.?[,\s]+(\d{{5}}(?:-?\d{{4}})?)$"
_UK_CODE = r"(?i)\b([a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2})$"
"""British postcodes (BS 7666)."""


def parse(addresses: pl.Series) -> pl.DataFrame:
    """Columns province, city, district, road, number, room, core."""
    raw = pl.col("raw")
    frame = pl.DataFrame({"raw": addresses}).with_columns(
        plain=raw.str.replace(_COUNTRY, "").str.strip_chars(" ,.")
    )
    plain = pl.col("plain")
    frame = frame.with_columns(
        state=pl.coalesce(plain.str.extract(_US_END, 1), plain.str.extract(rf",\s*({_STATES})$")),
        postcode=pl.coalesce(plain.str.extract(_US_END, 2), plain.str.extract(_UK_CODE)),
        local=plain.str.replace(_US_END, "")
        .str.replace(rf",\s*(?:{_STATES})$", "")
        .str.replace(_UK_CODE, "")
        .str.strip_chars(" ,."),
    )
    local = pl.col("local")
    frame = frame.with_columns(
        words=_words(local),
        city=pl.when(pl.col("state").is_not_null() | pl.col("postcode").is_not_null()).then(
            local.str.extract(r",\s*([^,\d]+)$")
        ),
    )
    words = pl.col("words")
    house = r"(?:^|, ?|number )(\d+[a-z]?(?:-\d+[a-z]?)?)(?:,? )"
    street = rf"((?:[\pL\d'’.\-]+ ){{0,4}}?(?:{_STREETS})(?: (?:north|south|east|west))?)"
    found = words.str.extract_groups(rf"{house}{street}\b")
    broad = words.str.extract_groups(
        r"^(\d+[a-z]?(?:-\d+)?) ([^,]*?)(?:,|$| suite| apartment| unit| #)"
    )
    frame = frame.with_columns(
        number=pl.coalesce(found.struct[0], broad.struct[0]),
        road=pl.coalesce(found.struct[1], broad.struct[1].replace("", None)),
        room=words.str.extract(rf"{_UNIT}\s*(?:number |# ?)?([\da-z]+(?:-[\da-z]+)?)\b"),
        province="state",
        district=pl.lit(None, pl.String),
    )
    core = pl.concat_str(
        "number", "road", pl.concat_str(pl.lit("#"), "room").fill_null(""), separator=" "
    ).str.strip_chars()
    whole = words.str.replace_all(r"[^\pL\pN]+", " ").str.strip_chars()
    return frame.with_columns(core=pl.coalesce(core, whole.replace("", None))).select(
        "province", "city", "district", "road", "number", "room", "core"
    )


def _words(text: pl.Expr) -> pl.Expr:
    """Lower case, without dots and accents, every street word written out."""
    written, word = _street_words()
    spaced = (
        text.str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_lowercase()
        .str.replace_all(r"\.", " ")
        .str.replace_all(r"\s*,\s*", " , ")
        .str.replace_all(r"#\s*", " # ")
        .str.replace_all(r"\s+", " ")
    )
    padded = pl.concat_str(pl.lit(" "), spaced.str.replace_all(" ", "  "), pl.lit(" "))
    full = padded.str.replace_many([f" {w} " for w in written], [f" {w} " for w in word])
    return full.str.replace_all(r"\s+", " ").str.replace_all(" , ", ", ").str.strip_chars(" ,")


@cache
def _street_words() -> tuple[list[str], list[str]]:
    table = knowledge.rows("street_words.tsv")[1:]
    return [written for written, _ in table], [word for _, word in table]
