"""A foreign address goes from the house to the country; only its plain parts are pulled out.

The value stays as it was tidied. What cannot be told apart stays null: a part is never guessed.
"""

from functools import cache

import polars as pl

from cleansing import knowledge
from cleansing.address import lands

_STREETS = (
    "street|avenue|road|boulevard|drive|lane|court|place|plaza|square|terrace|parkway|highway|freeway|expressway"
    "|circle|crescent|trail|alley|way|walk|row|mews|close|grove|gardens|hill|broadway|quay|rise|view|loop|pike"
    "|turnpike|crossing|route|path|green|park|queensway|kingsway|strand|embankment"
)
_UNIT = r"(?:suite|apartment|room|unit|floor|building|flat|#)"
_HOUSE = r"(?:^|, ?|number )(\d+[a-z]?(?:-\d+[a-z]?)?)(?:,? )"
_STREET = rf"((?:[\pL\d'’.\-]+ ){{0,4}}?(?:{_STREETS})(?: (?:north|south|east|west))?)"
_BROAD = r"^(\d+[a-z]?(?:-\d+)?) ([^,]*?)(?:,|$| suite| apartment| unit| #)"


def parse(addresses: pl.Series) -> pl.DataFrame:
    """Columns of the parts, and `core`: number, road and room, else the whole in plain words."""
    frame = lands.read(addresses)
    frame = frame.with_columns(words=_words(pl.col("local")))
    words = pl.col("words")
    found = words.str.extract_groups(rf"{_HOUSE}{_STREET}\b")
    broad = words.str.extract_groups(_BROAD)
    frame = frame.with_columns(
        number=pl.coalesce("own_number", found.struct[0], broad.struct[0]),
        road=pl.coalesce("own_road", found.struct[1], broad.struct[1].replace("", None)),
        room=pl.coalesce(
            "own_room",
            words.str.extract(rf"{_UNIT}\s*(?:number |# ?)?([\da-z]+(?:-[\da-z]+)?)\b"),
        ),
        building=words.str.extract(
            r"(?:^|, ?)(?:(?:building|block|tower) ([\da-z]{1,3})\b"
            r"|([\pL' ]+ (?:building|house|center|plaza|tower|towers|mansion))(?:,|$))"
        ),
    )
    core = pl.concat_str(
        "number", "road", pl.concat_str(pl.lit("#"), "room").fill_null(""), separator=" "
    ).str.strip_chars()
    whole = words.str.replace_all(r"[^\pL\pN]+", " ").str.strip_chars()
    return frame.with_columns(core=pl.coalesce(core, whole.replace("", None)))


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
