"""Names in Latin, Greek or Cyrillic letters end, in some countries begin, with a legal form."""

import re
from functools import cache

import polars as pl

from cleansing import knowledge
from cleansing.company_name import reference as ref
from cleansing.text import PLAIN_LETTERS
from guiyi.even_chunks import even_chunks

_SEATS = (
    "china|p.r.c.|hong kong|h.k.|taiwan|macau|asia|asia pacific|far east|singapore|japan|korea"
    "|india|thailand|vietnam|malaysia|indonesia|usa|u.s.a.|u.s.|uk|u.k.|europe|germany|france|beijing"
    "|shanghai|tianjin|chongqing|guangzhou|shenzhen|suzhou|hangzhou|nanjing|wuhan|chengdu|dalian"
    "|qingdao|xiamen|ningbo|wuxi|xi'an|zhuhai|dongguan|foshan|kunshan|guangdong|jiangsu|zhejiang"
)
_PLACE = rf"(?i)\s*\(\s*({_SEATS.replace('.', '[.]?')})\s*\)"
"""Where a daughter company is seated, in brackets in its name: Siemens (China)."""


_BRANCH = (
    r"(?i)^(.*[\pL\pN.)])\s*(?:,\s*|\s+-\s+|\s*\()((?:the )?[\pL .'\-]{2,40}?"
    r"(?:branch|sub-branch|subbranch|representative office|rep\.? office|branch office))\)?$"
)
"""A branch behind its parent's name, which ends in a comma, a dash or a bracket."""


_GLUED = (
    r"([\p{Ll}])(GmbH|AG|KG|KGaA|SE|S\.?A\.?|SpA|SAS|SARL|SRL|Srl|NV|BV|AB|Oyj|Oy|ApS|Ltd|LLC|LLP|PLC|Inc|Corp)"
    r"($|[\s.,&])"
)
"""A legal form written without a space, recognised by its capital letters: BoschGmbH."""


@cache
def _countries() -> str:
    """The countries in English, beside the seats."""
    names = [row[1].lower() for row in knowledge.rows("countries.tsv")[1:]]
    return "|".join([_SEATS.replace(".", "[.]?"), *(re.escape(name) for name in sorted(names))])


def split_branch(names: pl.Series) -> pl.DataFrame:
    """Columns `head` and `office`: Bank of China Ltd, Xiamen Branch is a branch of the bank."""
    found = pl.col("name").str.extract_groups(_BRANCH)
    frame = pl.DataFrame({"name": names})
    return frame.select(
        head=pl.coalesce(found.struct[0], "name"), office=found.struct[1].str.strip_chars()
    )


def strip_form(names: pl.Series) -> pl.DataFrame:
    """Columns `base` (the name without legal forms), `form` (the outermost's id) and `place`."""
    if names.null_count() == names.len():
        return even_chunks(pl.DataFrame(dict.fromkeys(("base", "form", "place"), names)))
    ids, after, before, ahead = ref.western_forms()
    ends, starts = "|".join(after), "|".join(before)
    tail = rf"(?i)(?:^|[\s,(.\-])({ends})[\s.,)!]*$"
    lead = rf"^(?i:({starts}))[\s\"]+"
    last = rf"(?i)^(.*?[^\s,&(\-])(?:\s*,\s*|\s+|\s*\(|[.\-])(?:{ends})[\s.,)!]*$"
    first = rf"^(?i:{starts})[\s\"]+(.*[\pL\pN].*)$"
    base = pl.col("base")
    names = names.str.replace(_GLUED, "${1} ${2}${3}")
    names, hung = _without_seat_behind(names, ends)
    frame = even_chunks(pl.DataFrame({"base": names, "hung": hung})).with_columns(
        at_end=base.str.extract(tail), at_start=base.str.extract(lead)
    )
    for _ in range(3):
        frame = frame.with_columns(
            base=pl.coalesce(base.str.extract(last), base.str.extract(first), "base")
        )
    frame = _without_form_ahead(frame, names, "|".join(ahead))
    folded = [
        pl.col(name)
        .str.to_lowercase()
        .str.replace_all(r"[^\w&/]", "")
        .replace_strict(ids, default=None)
        for name in ("at_end", "at_start")
    ]
    stripped = base != names
    # A.B.C. keeps its last dot, Ltd. does not
    bare = base.str.strip_chars(" ,-!").str.replace(r"([\pL\pN]{2,})\.+$", "${1}")
    return frame.select(
        base=pl.when(stripped).then(bare).otherwise("base"),
        form=pl.when(stripped).then(pl.coalesce(folded)),
        place=pl.coalesce(base.str.extract(_PLACE), "hung"),
    )


def _without_seat_behind(names: pl.Series, ends: str) -> tuple[pl.Series, pl.Series]:
    """Acme Corp (USA) is Acme Corp; behind its form stands the seat."""
    behind = rf"(?i)^(.*[\s,.](?:{ends})[\s.,]*)\(\s*({_countries()})\s*\)\s*$"
    seated = names.str.contains(r"\)\s*$").fill_null(value=False)
    hung = pl.Series("hung", [None], pl.String).new_from_index(0, len(names))
    if not seated.any():
        return names, hung
    found = names.filter(seated).str.extract_groups(behind).struct.unnest()
    bare = found.to_series(0).fill_null(names.filter(seated))
    rows = seated.arg_true()
    return names.scatter(rows, bare), hung.scatter(rows, found.to_series(1))


def _without_form_ahead(frame: pl.DataFrame, names: pl.Series, ahead: str) -> pl.DataFrame:
    """GmbH Siemens: where no form was found, one may stand first by a typo."""
    typo = rf"^(?i:({ahead}))[\s\"]+(.*[\pL\pN].*)$"
    odd = (frame["base"] == names) & names.str.contains(typo)
    odd = odd.fill_null(value=False)
    if not odd.any():
        return frame
    found = names.filter(odd).str.extract_groups(typo).struct.unnest()
    return frame.with_columns(
        base=frame["base"].scatter(odd.arg_true(), found.to_series(1)),
        at_start=frame["at_start"].scatter(odd.arg_true(), found.to_series(0)),
    )


def brand(base: pl.Expr) -> pl.Expr:
    """The name without the seat in brackets."""
    return base.str.replace(_PLACE, "").str.strip_chars(" ,-")


def key(base: pl.Expr) -> pl.Expr:
    """Letters and digits only, in lower case without accents, without "the" and "and"."""
    return (
        base.str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_lowercase()
        .str.replace_many(PLAIN_LETTERS)
        .str.replace_all(r"\s*(?:&|\band\b)\s*", " ")
        .str.replace_all(r"^the\s+", "")
        .str.replace_all(r"[^\p{L}\p{N}]+", "")
    )
