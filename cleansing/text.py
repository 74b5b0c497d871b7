"""The same word can be typed in many ways: full-width, with invisible marks, in traditional script.

Every function takes a polars expression and gives one back, or takes a plain `str` and gives one
back, so that a column and a single value are tidied by the same tables. `simplify` works on a whole
series, because it needs a look at the values first.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import overload

import numpy as np
import polars as pl

from cleansing import knowledge
from cleansing.empty_words import NOTHING
from cleansing.lookalikes import fold_lookalikes
from cleansing.mojibake import GBK_SALAD, LOST, repair_mojibake
from guiyi.even_chunks import even_chunks

_PROSE = "，！？：；（）"
"""Full-width marks that Chinese prose rightly uses (GB/T 15834); folded only on request."""

_FULL_WIDTH = {chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)} | {
    "\u3000": " ",
    "￠": "¢",
    "￡": "£",
    "￥": "¥",
    "￦": "₩",
}

_INVISIBLE = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    r"\ufff9-\ufffb\U000e0000-\U000e0fff]+"
)
"""Unicode Default_Ignorable_Code_Point (UAX #44) and control characters, save the white ones and
the joiners."""

_JOINED = (
    r"\u0600-\u065f\u066e-\u06ef\u06fa-\u08ff\u0900-\u0965\u0970-\u109f\u1780-\u18af"
    r"\u203c-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff"
)
_STRAY_JOINER = (
    rf"(^|[^{_JOINED}\u200c\u200d])[\u200c\u200d]+",
    rf"[\u200c\u200d]+([^{_JOINED}\u200c\u200d]|$)",
)
"""A zero-width joiner or non-joiner is spelling between letters of Arabic, Indic, Khmer and
Mongolian script (Unicode 16, 9.2 and 12) and in sequences of emoji (UTS #51), elsewhere noise."""

JOINERS = "\u200c\u200d"
"""No two keys differ by them alone."""

_SPACES = r"[\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000]+"

PLAIN_LETTERS = {
    "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h",
    "ı": "i", "ŧ": "t", "ŋ": "n",
}  # fmt: skip
"""Latin letters that are no letter with a mark (Unicode decomposes none of them), as ICAO Doc 9303
and keyboards without them write them; in lower case, for keys."""

_DASHES = "‐‑‒–—―−﹘﹣－⁃"
_QUOTES = dict.fromkeys("‘’‛′＇", "'") | dict.fromkeys("“”‟″", '"')
_DOTS = "•‧∙⋅・･●．⸱‣"

HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]"
"""A regular expression for one Chinese character (also kanji and hanja)."""


@overload
def fold_width(text: str, *, punctuation: bool = ...) -> str: ...
@overload
def fold_width(text: pl.Expr, *, punctuation: bool = ...) -> pl.Expr: ...
def fold_width(text: str | pl.Expr, *, punctuation: bool = True) -> str | pl.Expr:
    """Full-width letters and digits, half-width katakana and look-alike ideographs are one glyph.

    A careful NFKC: it folds what an input method does by accident (Ａ１ → A1, ｶﾞ → ガ, ﬁ → fi,
    Kangxi radicals) and leaves what an author means (①, ㎡, ½, ™). With `punctuation=False`
    the marks ，！？：；（） stay as they are.
    """
    return _replace(text, _width_table(punctuation))


@overload
def strip_invisible(text: str) -> str: ...
@overload
def strip_invisible(text: pl.Expr) -> pl.Expr: ...
def strip_invisible(text: str | pl.Expr) -> str | pl.Expr:
    """Zero-width marks, byte-order marks, direction marks and control characters say nothing.

    The joiners of می‌خواهم and of 👨‍👩‍👧 stay: without them it is another word, and three people.
    """
    before, behind = _STRAY_JOINER
    if isinstance(text, str):
        text = _compiled(_INVISIBLE).sub("", text)
        return _compiled(behind).sub(r"\1", _compiled(before).sub(r"\1", text))
    seen = text.str.replace_all(_INVISIBLE, "")
    return seen.str.replace_all(before, "${1}").str.replace_all(behind, "${1}")


def strip_unseen(text: pl.Expr) -> pl.Expr:
    """Drop joiners wherever they stand, too: enough to see whether anything is left."""
    return text.str.replace_all(rf"{_INVISIBLE}|[{JOINERS}]+", "")


@overload
def compose(text: str) -> str: ...
@overload
def compose(text: pl.Expr) -> pl.Expr: ...
def compose(text: str | pl.Expr) -> str | pl.Expr:
    """A letter and its accent typed apart (e + ´) are one character (Unicode NFC)."""
    if isinstance(text, str):
        return unicodedata.normalize("NFC", text)
    return text.str.normalize("NFC")


@overload
def squeeze_spaces(text: str) -> str: ...
@overload
def squeeze_spaces(text: pl.Expr) -> pl.Expr: ...
def squeeze_spaces(text: str | pl.Expr) -> str | pl.Expr:
    """A run of any white space, line breaks too, is one space; none at either end."""
    if isinstance(text, str):
        return _compiled(_SPACES).sub(" ", text).strip()
    return text.str.replace_all(_SPACES, " ").str.strip_chars(" ")


@overload
def fold_marks(text: str) -> str: ...
@overload
def fold_marks(text: pl.Expr) -> pl.Expr: ...
def fold_marks(text: str | pl.Expr) -> str | pl.Expr:
    """Every dash is a hyphen, curly quotes are straight, and a name's dot is · (U+00B7)."""
    return _replace(text, _marks_table())


@overload
def remove_han_spaces(text: str) -> str: ...
@overload
def remove_han_spaces(text: pl.Expr) -> pl.Expr: ...
def remove_han_spaces(text: str | pl.Expr) -> str | pl.Expr:
    """Chinese is written without spaces: one between two Chinese characters is a typing habit."""
    pattern, whole = rf"({HAN}) +({HAN})", r"${1}${2}"
    if isinstance(text, str):
        python = _compiled(pattern)
        return python.sub(r"\1\2", python.sub(r"\1\2", text))
    return text.str.replace_all(pattern, whole).str.replace_all(pattern, whole)


def widen_brackets(text: pl.Expr) -> pl.Expr:
    """Brackets in Chinese text are full-width, without spaces beside them (GB/T 15834-2011)."""
    return text.str.replace_all(r"\s*\(\s*", "（").str.replace_all(r"\s*\)", "）")


@overload
def tidy(text: str, *, punctuation: bool = ...) -> str: ...
@overload
def tidy(text: pl.Expr, *, punctuation: bool = ...) -> pl.Expr: ...
def tidy(text: str | pl.Expr, *, punctuation: bool = True) -> str | pl.Expr:
    """The least every value gets: nothing invisible, one width, single spaces."""
    return squeeze_spaces(fold_width(strip_invisible(compose(text)), punctuation=punctuation))


def fold_and_tidy(text: pl.Expr) -> pl.Expr:
    """Tidy, and write every dash, quote and middle dot one way."""
    return fold_marks(tidy(text))


def tidy_with_reasons(values: pl.Series, *, punctuation: bool = True) -> pl.DataFrame:
    """Tidy a column and say what was done: columns `value` and `reason`, a missing value null.

    `folded` is the value with every dash, quote and middle dot written one way.

    Reasons: mojibake repaired, invisible removed, width folded, spaces squeezed, look-alike
    letters; characters lost where some cannot be read any more; a placeholder such as "-" or
    "暂无" is `invalid: placeholder`.
    """
    raw = values.cast(pl.String).rename("raw")
    odd = is_untidy(raw)
    whole = pl.DataFrame({"raw": raw.filter(~odd) if odd.any() else raw})
    plain = whole.with_columns(gone=missing(pl.col("raw"))).select(
        value=pl.when(~pl.col("gone")).then("raw"),
        reason=pl.when(pl.col("gone") & (pl.col("raw") != "")).then(pl.lit("invalid: placeholder")),
        folded=pl.when(~pl.col("gone")).then("raw"),
    )
    if not odd.any():
        return plain
    return in_place(odd, _tidied_with_reasons(raw.filter(odd), punctuation), plain)


def _tidied_with_reasons(raw: pl.Series, punctuation: bool) -> pl.DataFrame:
    steps = even_chunks(pl.DataFrame({"raw": raw, "mojibake repaired": repair_mojibake(raw)}))
    last = pl.col("mojibake repaired")
    for name, after in {
        "invisible removed": strip_invisible(compose(last)),
        "width folded": fold_width(pl.col("invisible removed"), punctuation=punctuation),
        "spaces squeezed": squeeze_spaces(pl.col("width folded")),
    }.items():
        steps = steps.with_columns(after.alias(name))
    alike = fold_lookalikes(steps["spaces squeezed"])
    steps = steps.with_columns(alike.alias("look-alike letters"))
    names = steps.columns
    reasons = [
        pl.when(pl.col(before) != pl.col(name)).then(pl.lit(name))
        for before, name in pairwise(names)
    ]
    value = pl.col(names[-1])
    gone = missing(value)
    reasons.append(pl.when(value.str.contains(LOST)).then(pl.lit("characters lost")))
    reason = pl.concat_str(reasons, separator="; ", ignore_nulls=True).replace("", None)
    shown = pl.when(~gone).then(value)
    return steps.select(
        value=shown,
        reason=pl.when(value == "")
        .then(None)
        .when(gone & pl.col("raw").is_not_null())
        .then(pl.lit("invalid: placeholder"))
        .otherwise(reason),
        folded=fold_marks(shown),
    )


def is_untidy(values: pl.Series) -> pl.Series:
    """Most values hold nothing that any function here would change: ASCII, common Chinese."""
    return values.str.contains(UNTIDY).fill_null(value=False)


def where_untidy(values: pl.Series, step: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """Apply a step such as `tidy` where it may change something; looking is ten times cheaper."""
    return _changed(values, is_untidy(values), step)


def _changed(values: pl.Series, odd: pl.Series, step: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    if not odd.any():
        return values
    frame = values.alias("value").to_frame()
    changed = frame.filter(odd).select(value=step(pl.col("value")))
    return in_place(odd, changed, frame.filter(~odd)).to_series().alias(values.name)


def only_where(values: pl.Series, pattern: str, step: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    """Apply a step to the values that match a pattern; the step leaves all others as they are."""
    return _changed(values, values.str.contains(pattern).fill_null(value=False), step)


def in_place(mask: pl.Series, chosen: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Put the rows of a mask, and all others, back where they were before they were parted."""
    chosen_so_far = mask.cum_sum().to_numpy()
    rows = np.arange(len(mask)) - chosen_so_far + len(chosen)
    places = np.where(mask.to_numpy(), chosen_so_far - 1, rows)
    # Lists are gathered ten times faster out of one chunk.
    return pl.concat([chosen, others], rechunk=True)[places]


def fill(frame: pl.DataFrame, where: pl.Expr, **found: pl.Expr) -> pl.DataFrame:
    """Put in what is still missing, where a condition holds; only there it is looked for."""
    there = frame.select(where.fill_null(value=False)).to_series()
    if not there.any():
        return frame
    given = [pl.coalesce(name, value).alias(name) for name, value in found.items()]
    if there.all():
        return frame.with_columns(given)
    looked = frame.filter(there).select(given)
    others = frame.filter(~there).select(*found)
    return frame.with_columns(in_place(there, looked, others).get_columns())


def fill_groups(
    frame: pl.DataFrame, where: pl.Expr, column: str, pattern: str, names: Sequence[str]
) -> pl.DataFrame:
    """Put a pattern's groups in what is still missing, where a condition and the pattern hold."""
    text = pl.col(column)
    there = frame.select(where.fill_null(value=False)).to_series()
    if not there.any():  # compiling the pattern takes longer than a look-up may
        return frame
    there = frame.select((pl.lit(there) & text.str.contains(pattern)).fill_null(value=False))[:, 0]
    if not there.any():
        return frame
    groups = text.str.extract_groups(pattern).struct.rename_fields(names).struct.unnest()
    found = frame.filter(there).select(groups)
    looked = frame.filter(there).select(
        pl.coalesce(name, found[name]).alias(name) for name in names
    )
    others = frame.filter(~there).select(names)
    return frame.with_columns(in_place(there, looked, others).get_columns())


def missing(expr: pl.Expr) -> pl.Expr:
    """An empty cell is missing, and so is one where someone typed that there is nothing."""
    return expr.is_null() | expr.str.contains(NOTHING)


def simplify(values: pl.Series) -> pl.Series:
    """Traditional and simplified script write the same words; keys use the simplified.

    Character by character (the OpenCC table), so a key never depends on what stands beside it.
    """
    traditional, simple = _simplified()
    if not values.str.contains(_traditional_pattern()).any():
        return values
    return values.str.replace_many(traditional, simple)


def simplify_text(text: str) -> str:
    """Write one text in simplified characters."""
    return text.translate(_simplified_translation())


UNTIDY = rf"[^ -~\u4e00-\u9fff]|  |^ | $|{GBK_SALAD}"
"""ASCII and the basic Chinese block stay as they are under every table of this file."""


_STANDARD = "乾昇"
"""Standard characters of the mainland too (通用规范汉字表, 2013), used in names as they are."""


def _replace(text: str | pl.Expr, table: Mapping[str, str]) -> str | pl.Expr:
    if isinstance(text, str):
        return _alternation(tuple(table)).sub(lambda found: table[found.group()], text)
    return text.str.replace_many(list(table), list(table.values()), leftmost=True)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _alternation(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


@cache
def _width_table(punctuation: bool) -> dict[str, str]:
    voiced = [chr(c) + mark for c in range(0xFF66, 0xFF9E) for mark in "ﾞﾟ"]
    table = {pair: one for pair in voiced if len(one := unicodedata.normalize("NFKC", pair)) == 1}
    table |= _FULL_WIDTH
    blocks = [(0x2F00, 0x2FD5), (0xF900, 0xFAFF), (0xFB00, 0xFB06), (0xFF61, 0xFF9F)]
    blocks += [(0x1D400, 0x1D7FF), (0x2160, 0x217F), (0x2F800, 0x2FA1D), (0xFFA1, 0xFFDC)]
    for first, last in blocks:
        for code in range(first, last + 1):
            folded = unicodedata.normalize("NFKC", chr(code))
            if folded != chr(code):
                table[chr(code)] = folded
    return table if punctuation else {k: v for k, v in table.items() if k not in _PROSE}


@cache
def _marks_table() -> dict[str, str]:
    return dict.fromkeys(_DASHES, "-") | _QUOTES | dict.fromkeys(_DOTS, "·")


@cache
def _simplified() -> tuple[list[str], list[str]]:
    table = knowledge.rows("simplified.tsv")
    pairs = [(old, new) for new, several in table for old in several if old not in _STANDARD]
    return [old for old, _ in pairs], [new for _, new in pairs]


@cache
def _simplified_translation() -> dict[int, str]:
    return {ord(t): s for t, s in zip(*_simplified(), strict=True)}


@cache
def _traditional_pattern() -> str:
    return "[" + "".join(_simplified()[0]) + "]"
