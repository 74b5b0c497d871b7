"""The tables made from other projects say what those projects say today."""

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin, pinyin

from cleansing import knowledge
from cleansing.divisions import divisions, stem

BASIC = [
    chr(code)
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF))
    for code in range(first, last + 1)
]
RARE = [chr(code) for code in range(0x20000, 0x2A6E0)]


def test_syllables_are_those_of_pypinyin() -> None:
    """Every character of the two basic blocks is read as pypinyin reads it alone."""
    ours = {char: spelled for spelled, chars in knowledge.rows("syllables.tsv") for char in chars}
    theirs = {char: pinyin(char, style=Style.NORMAL, v_to_u=False)[0][0] for char in BASIC}
    assert ours == {char: spelled for char, spelled in theirs.items() if spelled != char}


def test_region_pinyin_is_that_of_pypinyin() -> None:
    """Provinces and cities are spelled as pypinyin spells their short names, 重庆 as chongqing."""
    names = {
        stem(name) for level in ("province", "city") for name in divisions()[level].drop_nulls()
    }
    ours = dict(knowledge.pairs("region_pinyin.tsv"))
    assert ours["重庆"] == "chongqing"
    assert ours.items() <= {name: "".join(lazy_pinyin(name)) for name in names}.items()


def test_simplified_characters_are_those_of_opencc() -> None:
    """Each character is simplified as OpenCC simplifies it when it stands alone."""
    ours = {old: new for new, several in knowledge.rows("simplified.tsv") for old in several}
    every = BASIC + RARE
    theirs = OpenCC("t2s").convert("\n".join(every)).split("\n")
    assert ours == {old: new for old, new in zip(every, theirs, strict=True) if old != new}
