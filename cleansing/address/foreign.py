"""A foreign address goes from the house to the country; only its plain parts are pulled out.

The value stays as it was tidied. What cannot be told apart stays null: a part is never guessed.
"""

import re
from functools import cache

import polars as pl

from cleansing import knowledge
from cleansing.address import countries
from cleansing.text import fill, only_where

_UNIT = r"(?:suite|apartment|room|unit|floor|building|flat|#)"
_HOUSE = r"(?:^|, ?|number )(\d+[a-z]?(?:-\d+[a-z]?)?)(?:,? )"
_STREET = (
    rf"((?:(?:{countries.STREETS})(?: (?:{countries.STREETS}))+"
    rf"|(?:[\pL\d'’.\-]+ ){{0,4}}?(?:{countries.STREETS}))(?: (?:north|south|east|west))?)"
)
"""Park Road begins with a word that others end with."""
_BROAD = r"^(\d+[a-z]?(?:-\d+)?) ([^,]*?)(?:,|$| suite| apartment| unit| #)"


def parse(addresses: pl.Series) -> pl.DataFrame:
    """Columns of the parts, and `core`: number, road and room, else the whole in plain words."""
    frame = countries.read(addresses)
    frame = _house_and_street(frame.with_columns(words=_words(frame["local"])))
    words = pl.col("words")
    frame = frame.with_columns(
        number=pl.coalesce("own_number", "house"),
        road=pl.coalesce("own_road", "street"),
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
    frame = frame.with_columns(core=core)
    whole = words.str.replace_all(r"[^\pL\pN]+", " ").str.strip_chars().replace("", None)
    return fill(frame, pl.col("core").is_null(), core=whole)


def _house_and_street(frame: pl.DataFrame) -> pl.DataFrame:
    """The house and a street known by its last word, else whatever follows a leading number."""
    frame = frame.with_columns(
        pl.col("words")
        .str.extract_groups(rf"{_HOUSE}{_STREET}\b")
        .struct.rename_fields(["house", "street"])
        .struct.unnest()
    )
    broad = pl.col("words").str.extract_groups(_BROAD)
    return fill(
        frame,
        pl.col("house").is_null(),
        house=broad.struct[0],
        street=broad.struct[1].replace("", None),
    )


def _words(values: pl.Series) -> pl.Series:
    """Lower case, without dots and accents, every street word written out."""
    plain = only_where(values, "[^ -~]", _without_accents).str.to_lowercase()
    spaced = only_where(plain, _MARKS, _apart)
    full = only_where(spaced, _short_pattern(), _written_out)
    return only_where(
        full, "[,]|^ | $", lambda t: t.str.replace_all(" , ", ", ").str.strip_chars(" ,")
    )


_MARKS = r"[.,#]|  "


def _without_accents(text: pl.Expr) -> pl.Expr:
    return text.str.normalize("NFKD").str.replace_all(r"\p{M}", "")


def _apart(text: pl.Expr) -> pl.Expr:
    """Commas and number signs are words of their own; dots are none."""
    return (
        text.str.replace_all(r"\.", " ")
        .str.replace_all(r"\s*,\s*", " , ")
        .str.replace_all(r"#\s*", " # ")
        .str.replace_all(r"\s+", " ")
    )


def _written_out(text: pl.Expr) -> pl.Expr:
    written, word = _street_words()
    padded = pl.concat_str(pl.lit(" "), text.str.replace_all(" ", "  ", literal=True), pl.lit(" "))
    full = padded.str.replace_many([f" {w} " for w in written], [f" {w} " for w in word])
    return full.str.replace_all("  ", " ", literal=True).str.strip_chars(" ")


@cache
def _short_pattern() -> str:
    """A word that has a longer form."""
    return rf"(?:^| )(?:{'|'.join(map(re.escape, _street_words()[0]))})(?: |$)"


@cache
def _street_words() -> tuple[list[str], list[str]]:
    table = knowledge.rows("street_words.tsv")[1:]
    return [written for written, _ in table], [word for _, word in table]
