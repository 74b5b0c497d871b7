"""A Chinese name is a surname of one or two characters, then a given name of one or two.

Works on simplified text without spaces. Japanese, Korean and transliterated names stay whole; a
Latin name beside the Chinese one (王小明 Tom) is another name of the same person.
"""

import re

import polars as pl

from cleansing import text
from cleansing.person_name import reference as ref


def _any(words: frozenset[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def parse(names: pl.Series) -> pl.DataFrame:
    """Columns name (untitled), surname, given, pinyin, title, nickname, noted, doubt.

    `noted` is a number typed behind the name, `unnoted` the cell without it, `entire` all of it;
    `doubt` is a reason code.
    """
    frame = names.to_frame("whole").with_columns(entire="whole")
    for step in (_peel_latin, _peel_titles, _split, _spell):
        frame = step(frame)
    return frame.select(
        "name", "surname", "given", "pinyin", "title", "nickname", "noted", "doubt",
        "unnoted", "titled_before", "entire",
    )  # fmt: skip


_LATIN = r"[A-Za-z][A-Za-z .'\-]*"
_OFFICE = r"^(?:C[EFTOIM]O|E?VP|GM|MD|HR|VIP|Dr|Mr|Mrs|Ms|Miss|Prof)\.?$"
"""Letters beside a Chinese name that are an office or a title, not a name."""


def _peel_latin(frame: pl.DataFrame) -> pl.DataFrame:
    """王小明 (Tom), Tom Wang 王小明, 王小明 13800138000: the Chinese name is the name."""
    none = pl.lit(None, pl.String)
    beside = pl.col("whole").str.extract_groups(
        rf"^(?:({_LATIN}?)\s*[(/,]?\s*)?({text.HAN}{{2,6}})\s*[(/,\-]?\s*({_LATIN})?\)?$"
    )
    before, han, behind = (beside.struct[part].replace("", None) for part in range(3))
    dialled = rf"^({text.HAN}{{2,6}})[\s:,(]*(\+?\d[\d\- ]{{6,}})\)?$"
    frame = text.fill(
        frame.with_columns(latin=none, dialled=none, han=none, noted=none),
        pl.col("whole").str.contains(r"[A-Za-z\d]"),
        latin=pl.coalesce(before, behind).str.strip_chars(" .-'"),
        dialled=pl.col("whole").str.extract(dialled),
        noted=pl.col("whole").str.extract(dialled, 2).str.strip_chars(),
        han=han,
    )
    mixed = pl.col("latin").is_not_null()
    return frame.with_columns(
        whole=pl.coalesce("dialled", pl.when(mixed).then("han"), "whole"),
        nickname=pl.when(mixed & ~pl.col("latin").str.contains(_OFFICE)).then("latin"),
        office=pl.when(mixed & pl.col("latin").str.contains(_OFFICE)).then("latin"),
        unnoted="dialled",
    )


def _peel_titles(frame: pl.DataFrame) -> pl.DataFrame:
    """王总, 李老师, 张三（采购经理）, 赵敏-财务部: the title follows, in brackets or not."""
    titles = rf"(?:{_any(ref.words('titles'))})"
    surnames = rf"(?:{_any(ref.words('compound_surnames'))}|[{''.join(ref.surname_characters())}])"
    whole = pl.col("whole").str.replace(rf"^(?:{_any(ref.words('before_titles'))})", "")
    han = text.HAN
    department = rf"(?:{han}{{1,8}}(?:部|科|处|室|中心|组))"
    long = (
        rf"^({han}{{1,4}}?)[\s(/\-,]*({department}?{titles}(?:[/、兼]{department}?{titles})*)\)?$"
    )
    noted = rf"^({han}{{2,4}})[\s]*[(\-]+({han}{{2,10}})\)?$"
    usual = f"{_any(ref.words('compound_surnames'))}|[{''.join(ref.common_characters())}]"
    before = rf"^({titles})[\s:]*((?:{usual}){han}{{1,2}})$"
    short = rf"^({surnames}){{1}}({_any(ref.words('short_titles'))})$"
    total = rf"^({surnames}{han}{{1,2}})(总|董)$"
    patterns = {"short": short, "long": long, "total": total, "noted": noted}
    frame = frame.with_columns(untitled=whole).with_columns(
        pl.col("untitled").str.extract_groups(pattern).alias(f"{name}_title")
        for name, pattern in patterns.items()
    )
    pairs = [pl.col(f"{name}_title").struct for name in patterns]
    frame = frame.with_columns(before_title=pl.col("untitled").str.extract_groups(before))
    first, same = pl.col("before_title").struct, pl.col("whole") == pl.col("untitled")
    behind = pl.coalesce(pair[0] for pair in pairs)
    return frame.with_columns(
        name=pl.coalesce(behind, first[1], "untitled"),
        title=pl.coalesce(*(pair[1] for pair in pairs), first[0], "office"),
        titled_before=behind.is_null() & first[1].is_not_null() & same,
    )


_JAPANESE_ONLY = "辺沢桜広竜辻峠栃笹麿雫渋黒浜斎恵実栄"
"""Characters of the Japanese list (常用漢字表, 2010) that Chinese writes otherwise, if at all."""


def _split(frame: pl.DataFrame) -> pl.DataFrame:
    """The first character is the surname, or the first two when they are a compound one."""
    name = pl.col("name")
    compound = _any(ref.words("compound_surnames"))
    single = "".join(sorted(ref.surname_characters()))
    length = name.str.len_chars()
    several = name.str.contains(rf"{text.HAN}{{2,}}\s*[/、,;&+|⏎↵]\s*{text.HAN}{{2,}}")
    familiar = name.str.extract(rf"^[小老阿]([{single}])$")
    japanese = length.is_between(2, 6) & name.str.contains(
        rf"^(?:{_any(ref.words('japanese_surnames'))})"
    )
    perhaps = japanese & name.str.contains(f"^[{single}]")
    kana = name.str.contains(rf"[\u3040-\u30ff\uac00-\ud7af{_JAPANESE_ONLY}]")
    japanese &= (length >= 4) | ~perhaps
    japanese &= familiar.is_null()
    foreign = japanese | kana | name.str.contains(r"[·・]")
    only_han = name.str.contains(rf"^{text.HAN}+$")
    usual = only_han & ~foreign & length.is_between(1, 5)
    double = name.str.extract(rf"^((?:{compound}))")
    married = pl.when(length == 4).then(name.str.extract(rf"^([{single}]{{2}})"))
    has_double = double.is_not_null() & (length > double.str.len_chars()) | (double == name)
    surname = (
        pl.when(familiar.is_not_null())
        .then(familiar)
        .when(usual & has_double)
        .then(double)
        .when(usual & (length <= 3))
        .then(name.str.extract(rf"^([{single}])"))
        .when(usual)
        .then(married)
    )
    given = name.str.slice(surname.str.len_chars())
    return frame.with_columns(
        surname=surname,
        given=pl.when((given != "") & familiar.is_null()).then(given),
        foreign=foreign | several,
        doubt=pl.when(several)
        .then(pl.lit("several names"))
        .when(familiar.is_not_null())
        .then(pl.lit("familiar name"))
        .when(~foreign & perhaps & (length == 3))
        .then(pl.lit("perhaps Japanese"))
        .when(~foreign & surname.is_null())
        .then(pl.lit("surname unsure")),
    )


def _spell(frame: pl.DataFrame) -> pl.DataFrame:
    """Spell surname and given name apart, each in one word (GB/T 28039-2011, 5.1)."""
    met = set("".join(frame["name"].drop_nulls().to_list())) & ref.readings().keys()
    characters = sorted(met)
    spelled = [ref.readings()[character] for character in characters]
    special = dict(ref.surname_readings())

    def spell(expr: pl.Expr) -> pl.Expr:
        return expr.str.replace_many(characters, spelled) if characters else expr

    surname = pl.coalesce(
        pl.col("surname").replace_strict(special, default=None), spell(pl.col("surname"))
    )
    return frame.with_columns(
        pinyin=pl.when(~pl.col("foreign") & pl.col("name").str.contains(rf"^{text.HAN}+$")).then(
            pl.coalesce(
                pl.concat_str(surname, spell(pl.col("given")), separator=" "),
                surname,
                spell(pl.col("name")),
            )
        )
    )
