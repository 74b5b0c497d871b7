"""Names in other alphabets are spelled as passports and the press spell them."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleansing.transliteration import latin, latin_text


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("Γιώργος Παπαδόπουλος", "giorgos papadopoulos"),
        ("ΕΛΕΝΗ ΟΙΚΟΝΟΜΟΥ", "eleni oikonomou"),
        ("Ευάγγελος Μπακογιάννης", "evangelos bakogiannis"),
        ("Παύλος Νικολαΐδης", "pavlos nikolaidis"),
        ("Ευθύμιος Ντούνης", "efthymios dounis"),
        ("Μαΐρη", "mairi"),
        ("Χρήστος Ψαρρός", "christos psarros"),
        ("Сергей Кузнецов", "sergey kuznetsov"),
        ("Дмитрий Чайковский", "dmitry chaykovsky"),
        ("Наталья Щербакова", "natalya shcherbakova"),
        ("Никита Хрущёв", "nikita khrushchev"),
        ("Мария", "maria"),
        ("Александр", "alexandr"),
        ("Іван Шевченко", "ivan shevchenko"),
        ("Петровић", "petrovic"),
        ("محمد حسن", "muhammad hassan"),
        ("مُحَمَّد", "muhammad"),
        ("عبد الله", "abdullah"),
        ("فاطمة الفارسي", "fatima al farsi"),
        ("أحمد", "ahmed"),
        ("زيدان", "zidan"),
        ("نجيب", "najib"),
        ("John Smith", "John Smith"),
        ("张伟", "张伟"),
        ("José Müller", "José Müller"),
        ("Ivan Петров", "ivan petrov"),
    ],
)
def test_names_are_spelled_in_latin_letters(written: str, spelled: str) -> None:
    """Other scripts, and Latin letters with marks, stay as they are."""
    assert latin(pl.Series(["x", written, None])).to_list() == ["x", spelled, None]
    assert latin_text(written) == spelled


@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"])))))
def test_any_text_is_taken_and_a_spelled_name_stays(values: list[str | None]) -> None:
    """Whatever is typed: one out for each in, none of it left to spell, the series untouched."""
    raw = pl.Series("name", values, dtype=pl.String)
    once = latin(raw)
    assert raw.to_list() == values
    assert len(once) == len(raw)
    assert once.is_null().to_list() == raw.is_null().to_list()
    assert [None if v is None else latin_text(v) for v in values] == once.to_list()
