"""Nearly every telephone number is typed in one of a few shapes; those are read a column at once.

Each reader takes a frame with `raw` and `tidied` and gives the cleaned columns and `plain`, which
says for which rows they hold. The others are left to the careful path, as is whatever may be a
number that only satisfies a form.
"""

from collections.abc import Callable, Mapping

import polars as pl

from cleansing.column import PLAIN, when, why
from cleansing.phone_number import (
    CHINESE_MOBILE,
    LANDLINE,
    LIKE_AMERICAN,
    MOBILE,
    OTHER,
    TOLLFREE,
    UNKNOWN,
    landline_pattern,
    valid_pattern,
)
from cleansing.phone_planned import reader_of, with_calling_codes
from cleansing.text import in_place

_LABEL = (
    r"^(?i:(?P<note>手机(?:号码?)?|(?:联系|移动)?电话|手機|電話|tel|mobile|mob|phone|cell)[\s.:]*)?"
)
_EXT = r"(?i:[\s,]*(?:[-#*x]|转|轉|分机|ext\.?)[\s.:]*(?P<ext>\d{1,6}))?$"
_MOBILE = (
    _LABEL
    + r"(?:(?:\+|00)?86[\s-]*|\(\+?86\)[\s-]*|(?P<trunk>0))?"
    + r"(?P<a>1\d{2})[\s-]?(?P<b>\d{4})[\s-]?(?P<c>\d{4})$"
)
_LANDLINE = (
    _LABEL
    + r"(?:(?:\+|00)?86[\s-]*)?"
    + r"\(?0(?P<a>10|2\d|[3-9]\d{2})\)?[\s-]*(?P<b>\d{3,4})[\s-]?(?P<c>\d{4})"
    + _EXT
)
_WHOLE = r"(?:1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8})"
_SEVERAL = rf"^{_WHOLE}(?: ?[/;,、] ?{_WHOLE})+$"
"""Whole numbers with nothing but a mark between them: 13812340000/010-62345678."""

_MARK = r"(?: ?[.-] ?| )?"
_NANP = (
    rf"^(?:\+?1{_MARK})?\(?(?P<a>[2-9]\d{{2}})\)?(?:{_MARK}| ?/ ?)(?P<b>[2-9]\d{{2}}){_MARK}"
    r"(?P<c>\d{4})" + _EXT
)
_SHOWN_NANP = r"^\(?(?P<a>[2-9][0-9]{2})\)?[ .-]{0,2}(?P<b>[2-9][0-9]{2})[ .-]{0,2}(?P<c>[0-9]{4})$"
_BARE_NANP = r"^[2-9][0-9]{2}[2-9][0-9]{6}$"
_NO_EXCHANGE = r"^[2-9][0-9]{2}[01][0-9]{6}$"
"""No exchange begins with 0 or 1 (NANPA, Central Office Code Administration Guidelines), save for
toll-free numbers of some islands in libphonenumber."""
_NO_LENGTH = r"^(?:[1-9][0-9]{8}|1[0-9]{9}|[2-9][0-9]{10})$"
"""Nor has any number nine digits, or ten with the trunk 1, or eleven without it."""
_FORM_FILLER = (
    r"^(?:1?2345678\d*|1{9,}|2{9,}|3{9,}|4{9,}|5{9,}|6{9,}|7{9,}|8{9,}|9{9,})$"  # as PLACEHOLDER
)
_TOLLFREE_NANP = r"^8(?:00|33|44|55|66|77|88)"

_ROUND_NUMBER = r"^(?:1\d\d0{8}|1\d9{9}|1(?:0{10}|1{10})|13812345678|12345678\d{3})$"
"""Perhaps a placeholder: left to the careful path."""
_ROUND_LINE = r"(\d{2})0{7}$"
_ELEVEN = r"^1[4-9][0-9]{9}$"
"""As long as a mobile, whether or not its segment has been assigned."""

_NATIONAL = r"^\(?[0-9][0-9 ().-]*[0-9]$"
_DIGITS = r"^[0-9]{7,12}$"
_NOT_NATIONAL = (
    r"(?:85[23]|886)[) -]|(?:^|[ (])1[-. ]|[0-9] *\(|-{4}|\.{3}|\.0+$"
    r"|[0-9]{7,} *-+ *[0-9]{1,6}$|^\(?0[0-9]{1,3}\)?[ -]*[0-9]{3,4}[ -][0-9]{4} *-"
)
"""Perhaps abroad, China's, with an extension or masked: left to the careful path, as are …"""
_NOT_UNKNOWN = (
    r"^00|1[3-9][0-9]{9}|^86|400[0-9]{7}|2345678"
    r"|0{7}|1{7}|2{7}|3{7}|4{7}|5{7}|6{7}|7{7}|8{7}|9{7}"
)
"""… digits that may be a Chinese mobile, a service number or a placeholder."""

_NONE = pl.lit(None, pl.String)


def plain_reader(home: str | None) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """The reader for a column whose numbers belong to `home`."""
    own = _READERS.get(home)
    if own is not None:
        return with_calling_codes(own)
    assert home is not None
    return reader_of(home)


def _chinese(frame: pl.DataFrame) -> pl.DataFrame:
    """Mobiles and landlines, several in a cell, and what no plan of China's has."""
    frame = _numbers(frame, f"^{CHINESE_MOBILE}$", MOBILE, _mobiles_and_lines)
    done = _cleaned(frame, "+86", unless=_ROUND_NUMBER)
    done = _listed(_unverified(done, frame["raw"], _no_chinese_number))
    several = ~done[PLAIN] & _where(frame["tidied"].str.contains(_SEVERAL))
    if not several.any():
        return done
    return in_place(several, _several(frame.filter(several)), done.filter(~several))


def _unknown(frame: pl.DataFrame) -> pl.DataFrame:
    """Where no country is at home, only a Chinese mobile shows whose it is."""
    read = _numbers(frame, f"^{CHINESE_MOBILE}$", MOBILE, _sure_mobiles)
    done = _cleaned(read, "+86", unless=_ROUND_NUMBER)
    return _listed(_kept_national(done, frame))


def _like_american(frame: pl.DataFrame) -> pl.DataFrame:
    """A leading 1 is no part of a number; whose it is, nobody says."""
    read = _numbers(frame, _BARE_NANP, OTHER, _american_looking)
    done = _cleaned(read, "", unless=_FORM_FILLER).with_columns(value=frame["tidied"])
    done = done.with_columns(reason=pl.lit(UNKNOWN))
    key = pl.col("digits").str.replace(r"^1([2-9]\d{2}[2-9]\d{6})$", "${1}")
    return _listed(_kept_national(done, frame, key))


def _american(frame: pl.DataFrame) -> pl.DataFrame:
    """Digits that the numbering plan does not know are some number; nobody can say whose."""
    frame = _numbers(frame, _BARE_NANP, OTHER, _american_numbers)
    tollfree = pl.col("number").str.contains(_TOLLFREE_NANP)
    frame = frame.with_columns(type=pl.when(tollfree).then(pl.lit(TOLLFREE)).otherwise("type"))
    done = _cleaned(frame, "+1", unless=_FORM_FILLER)
    return _listed(_unverified(done, frame["raw"], _no_american_number))


_READERS: Mapping[str | None, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "CN": _chinese,
    None: _unknown,
    LIKE_AMERICAN: _like_american,
    "US": _american,
    "CA": _american,
}
"""Readers of countries that have rules of their own; all others are read by their plans."""

# --- one number -----------------------------------------------------------------------------------


def _numbers(
    frame: pl.DataFrame, bare: str, kind: str, others: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """Add `number`, `type` and `ext`: a bare number is its own; the others are taken apart."""
    is_bare = _where(frame["tidied"].str.contains(bare))
    read = frame.with_columns(number="tidied", type=pl.lit(kind), ext=_NONE, note=_NONE)
    if is_bare.all():
        return read
    return in_place(is_bare, read.filter(is_bare), others(frame.filter(~is_bare)))


def _mobile_numbers(frame: pl.DataFrame, *, trunk: bool = True) -> pl.DataFrame:
    found = pl.col("tidied").str.extract_groups(_MOBILE)
    number = _joined(found)
    sure = number.str.contains(f"^{CHINESE_MOBILE}$")
    if not trunk:
        sure &= found.struct.field("trunk").is_null()
    return frame.with_columns(
        number=pl.when(sure).then(number),
        type=pl.lit(MOBILE),
        ext=_NONE,
        note=pl.when(sure).then(found.struct.field("note")),
    )


def _sure_mobiles(frame: pl.DataFrame) -> pl.DataFrame:
    return _mobile_numbers(frame, trunk=False)


def _mobiles_and_lines(frame: pl.DataFrame) -> pl.DataFrame:
    frame = _mobile_numbers(frame).with_columns(
        found=pl.col("tidied").str.extract_groups(_LANDLINE)
    )
    found = pl.col("found")
    line = pl.when(pl.col("number").is_null() & _is_line(_joined(found))).then(_joined(found))
    is_line = line.is_not_null()
    return frame.select(
        "raw",
        "tidied",
        number=pl.coalesce("number", line),
        type=pl.when(is_line).then(pl.lit(LANDLINE)).otherwise("type"),
        ext=pl.when(is_line).then(found.struct.field("ext")),
        note=pl.when(is_line).then(found.struct.field("note")).otherwise("note"),
    )


def _american_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    groups = pl.col("tidied").str.extract_groups(_NANP)
    return frame.with_columns(
        number=_joined(groups), type=pl.lit(OTHER), ext=groups.struct.field("ext"), note=_NONE
    )


def _american_looking(frame: pl.DataFrame) -> pl.DataFrame:
    number = _joined(pl.col("tidied").str.extract_groups(_SHOWN_NANP))
    return frame.with_columns(number=number, type=pl.lit(OTHER), ext=_NONE, note=_NONE)


def _joined(groups: pl.Expr) -> pl.Expr:
    return pl.concat_str([groups.struct.field(group) for group in "abc"])


def _is_line(number: pl.Expr) -> pl.Expr:
    return number.str.contains(f"^(?:{landline_pattern()})$") & ~number.str.contains(_ROUND_LINE)


def _cleaned(frame: pl.DataFrame, country: str, unless: str) -> pl.DataFrame:
    """The cleaned columns of the numbers found, save those that look like a placeholder."""
    number = pl.col("number")
    key = pl.lit(country) + pl.when(~number.str.contains(unless)).then(number)
    frame = frame.with_columns(key=key)
    known = pl.col("key").is_not_null()
    shown = "key"
    if frame["ext"].null_count() < frame.height:
        ext = pl.lit(" ext. ") + pl.col("ext")
        frame = frame.with_columns(
            shown=pl.when(known).then(pl.concat_str("key", ext.fill_null("")))
        )
        shown = "shown"
    return frame.select(
        pl.col(shown).alias("value"),
        why(when(pl.col(shown) != pl.col("raw"), "formatted")).alias("reason"),
        "key",
        "ext",
        "type",
        "note",
        known.alias(PLAIN),
    )


def _listed(done: pl.DataFrame) -> pl.DataFrame:
    """A cell of one number has a list of one."""
    return done.with_columns(pl.when(PLAIN).then(pl.concat_list("key")).alias("all"))


# --- several numbers ------------------------------------------------------------------------------


def _several(frame: pl.DataFrame) -> pl.DataFrame:
    """A cell of whole numbers only: each counts once, and the first is the value."""
    pieces = frame.select(
        cell=pl.int_range(pl.len()), tidied=pl.col("tidied").str.replace_all(r" ?[/;,、] ?", "/")
    ).with_columns(pl.col("tidied").str.split("/"))
    each = pieces.explode("tidied").with_columns(raw="tidied")
    read = _mobiles_and_lines(each.select("raw", "tidied"))
    keys = _cleaned(read, "+86", unless=_ROUND_NUMBER).select("key", "type", each["cell"])
    cells = keys.group_by("cell", maintain_order=True).agg(
        pl.col("key").first(),
        pl.col("type").first(),
        all=pl.col("key").unique(maintain_order=True),
        plain=pl.col("key").is_not_null().all(),
    )
    several = pl.col("all").list.len() > 1
    return cells.select(
        value="key",
        reason=pl.when(several).then(pl.lit("first of several")).otherwise(pl.lit("formatted")),
        key="key",
        ext=_NONE,
        type="type",
        note=_NONE,
        plain=PLAIN,
        all="all",
    )


# --- no number ------------------------------------------------------------------------------------


def _unverified(
    done: pl.DataFrame, raw: pl.Series, is_none: Callable[[pl.Series], pl.Series]
) -> pl.DataFrame:
    """Digits of which the plan shows that they are nobody's stay as they are."""
    left = ~done[PLAIN]
    unknown = left.scatter(left.arg_true(), _where(is_none(raw.filter(left))))
    if not unknown.any():
        return done
    kept = pl.DataFrame({"raw": raw.filter(unknown)}).select(
        value="raw",
        reason=pl.lit("unverified"),
        key="raw",
        ext=_NONE,
        type=pl.lit(OTHER),
        note=_NONE,
        plain=pl.lit(value=True),
    )
    return in_place(unknown, kept, done.filter(~unknown))


def _kept_national(
    done: pl.DataFrame, frame: pl.DataFrame, key: pl.Expr | None = None
) -> pl.DataFrame:
    """A number of no known country stays as it is written, and is compared by its digits."""
    left = ~done[PLAIN]
    odd = frame.filter(left).select(
        "tidied", digits=pl.col("tidied").str.replace_all(r"[^0-9]", "")
    )
    bare = _where(odd["tidied"].str.contains(_DIGITS))
    national = odd["digits"].str.contains(_DIGITS) & ~odd["digits"].str.contains(_NOT_UNKNOWN)
    if not bare.all():
        shaped = odd["tidied"].str.contains(_NATIONAL)
        national &= bare | (shaped & ~odd["tidied"].str.contains(_NOT_NATIONAL))
    national = _where(national)
    if not national.any():
        return done
    kept = odd.filter(national).select(
        value="tidied",
        reason=pl.lit(UNKNOWN),
        key=pl.col("digits") if key is None else key,
        ext=_NONE,
        type=pl.lit(OTHER),
        note=_NONE,
        plain=pl.lit(value=True),
    )
    where = left.scatter(left.arg_true(), national)
    return in_place(where, kept, done.filter(~where))


def _no_american_number(raw: pl.Series) -> pl.Series:
    shaped = raw.str.contains(_NO_LENGTH) & ~raw.str.contains(_FORM_FILLER)
    within = raw.str.contains(_NO_EXCHANGE)
    if not within.any():
        return shaped
    return shaped | (within & ~raw.str.contains(f"^(?:{valid_pattern('US')})$"))


def _no_chinese_number(raw: pl.Series) -> pl.Series:
    shaped = raw.str.contains(_ELEVEN) & ~raw.str.contains(_ROUND_NUMBER)
    if not shaped.any():
        return shaped
    known = f"^(?:{CHINESE_MOBILE}|{valid_pattern('CN')})$"
    return shaped & ~raw.str.contains(known)


def _where(condition: pl.Series) -> pl.Series:
    return condition.fill_null(value=False)
