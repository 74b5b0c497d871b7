"""A Chinese name is a surname of one or two characters, then a given name of one or two.

Works on simplified text without spaces. Japanese, Korean and transliterated names stay whole.
"""

import re

import polars as pl

from cleansing import text
from cleansing.person_name import reference as ref


def _any(words: frozenset[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def parse(names: pl.Series) -> pl.DataFrame:
    """Columns name (untitled), surname, given, pinyin, title, doubt (a reason code)."""
    frame = pl.DataFrame({"whole": names})
    for step in (_peel_titles, _split, _spell):
        frame = step(frame)
    return frame.select("name", "surname", "given", "pinyin", "title", "doubt")


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
    short = rf"^({surnames}){{1}}({_any(ref.words('short_titles'))})$"
    total = rf"^({surnames}{han}{{1,2}})(总|董)$"
    pairs = [whole.str.extract_groups(pattern) for pattern in (short, long, total, noted)]
    return frame.with_columns(
        name=pl.coalesce(*(pair.struct[0] for pair in pairs), whole),
        title=pl.coalesce(pair.struct[1] for pair in pairs),
    )


def _split(frame: pl.DataFrame) -> pl.DataFrame:
    """The first character is the surname, or the first two when they are a compound one."""
    name = pl.col("name")
    compound = _any(ref.words("compound_surnames"))
    single = "".join(sorted(ref.surname_characters()))
    length = name.str.len_chars()
    several = name.str.contains(rf"{text.HAN}{{2,}}\s*[/、,;&+]\s*{text.HAN}{{2,}}")
    familiar = name.str.extract(rf"^[小老阿]([{single}])$")
    japanese = length.is_between(3, 6) & name.str.contains(
        rf"^(?:{_any(ref.words('japanese_surnames'))})."
    )
    kana = name.str.contains(r"[\u3040-\u30ff\uac00-\ud7af]")
    foreign = (japanese & (length >= 4)) | kana | name.str.contains(r"[·・]")
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
        .then(pl.lit("several-names"))
        .when(familiar.is_not_null())
        .then(pl.lit("familiar-name"))
        .when(~foreign & surname.is_null())
        .then(pl.lit("surname-unsure")),
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
