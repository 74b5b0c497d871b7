"""People and firms whose names are written otherwise: another alphabet, order or short words."""

import random
from collections.abc import Callable

import polars as pl
import pytest

from cleansing import RecordCleaner, clean_table
from dedup import Index, resolve
from dedup.knowledge.company_words import written_out
from guiyi.kinds import Kind
from guiyi.spec import MatchSpec

GREEK = {
    "Giorgos": "Γιώργος", "Maria": "Μαρία", "Nikos": "Νίκος", "Eleni": "Ελένη", "Anna": "Άννα",
    "Papadopoulos": "Παπαδόπουλος", "Georgiou": "Γεωργίου", "Makris": "Μακρής",
    "Vasileiou": "Βασιλείου", "Ioannidis": "Ιωαννίδης",
}  # fmt: skip
RUSSIAN = {
    "Sergei": "Сергей", "Dmitri": "Дмитрий", "Natalia": "Наталья", "Yuri": "Юрий", "Olga": "Ольга",
    "Petrov": "Петров", "Tchaikovsky": "Чайковский", "Shcherbakov": "Щербаков",
    "Kuznetsov": "Кузнецов", "Zhukov": "Жуков",
}  # fmt: skip
ARABIC = {
    "Mohamed": "محمد", "Fatma": "فاطمة", "Ghassan": "غسان", "Tawfiq": "توفيق", "Widad": "وداد",
    "Bitar": "بيطار", "Hashimi": "هاشمي", "Darwish": "درويش", "Masri": "مصري", "Halabi": "حلبي",
}  # fmt: skip
Rewritten = Callable[[str, str], tuple[str, str]]


def people(names: dict[str, str], again: Rewritten) -> tuple[pl.DataFrame, list[int]]:
    """Everybody with a birth date; every second one again, the name written otherwise."""
    words, rows, who = list(names), [], []
    for n in range(100):
        first, last = words[n % 5], words[5 + n // 5 % 5]
        born = f"{1930 + n * 37 % 70}-{1 + n * 5 % 12:02}-{1 + n * 11 % 28:02}"
        rows.append((first, last, born))
        who.append(n)
        if n % 2 == 0:
            rows.append((*again(first, last), born))
            who.append(n)
    return pl.DataFrame(rows, schema=["first", "last", "born"], orient="row"), who


def pairs(ids: list[int]) -> set[tuple[int, int]]:
    """The pairs of rows with one number."""
    return {(i, j) for i in range(len(ids)) for j in range(i) if ids[i] == ids[j]}


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("names", [GREEK, RUSSIAN, ARABIC], ids=["greek", "russian", "arabic"])
def test_names_in_another_alphabet_meet_their_latin_spelling(
    names: dict[str, str], whole: bool
) -> None:
    """Of fifty people with a record in each alphabet at least 45 are found, and no others merge."""
    table, who = people(names, lambda first, last: (names[first], names[last]))
    kinds = {"first": Kind.PERSON_NAME, "last": Kind.PERSON_NAME, "born": Kind.DATE}
    if whole:
        table = table.select(name=pl.concat_str("first", "last", separator=" "), born="born")
        kinds = {"name": Kind.PERSON_NAME, "born": Kind.DATE}
    found = resolve(clean_table(table, kinds), kinds).clusters.sort("row")["cluster_id"]
    merged, true = pairs(found.to_list()), pairs(who)
    assert len(merged & true) >= 45
    assert not merged - true


def test_names_in_another_order_meet() -> None:
    """Smith John in a column of whole names is John Smith."""
    table, who = people(GREEK, lambda first, last: (last, first))
    table = table.select(name=pl.concat_str("first", "last", separator=" "), born="born")
    kinds = {"name": Kind.PERSON_NAME, "born": Kind.DATE}
    found = resolve(clean_table(table, kinds), kinds).clusters.sort("row")["cluster_id"]
    assert len(pairs(found.to_list()) & pairs(who)) == 50


def test_a_given_key_holds_across_alphabets() -> None:
    """Blocking on the names alone brings each person's two records together."""
    table, who = people(GREEK, lambda first, last: (GREEK[first], GREEK[last]))
    kinds = {"first": Kind.PERSON_NAME, "last": Kind.PERSON_NAME, "born": Kind.DATE}
    spec = MatchSpec(blocking=(("first", "last"),))
    found = resolve(clean_table(table, kinds), kinds, spec).clusters.sort("row")["cluster_id"]
    assert pairs(found.to_list()) == pairs(who)


def test_a_lookup_finds_a_name_in_another_alphabet() -> None:
    """The record asked for is spelled as the batch spells it."""
    table, _ = people(RUSSIAN, lambda first, last: (first, last))
    kinds = {"first": Kind.PERSON_NAME, "last": Kind.PERSON_NAME, "born": Kind.DATE}
    clean = clean_table(table, kinds)
    index = Index.build(clean, kinds)
    asked = {name: RUSSIAN.get(value, value) for name, value in table.row(9, named=True).items()}
    (best, *_) = index.find(RecordCleaner.of(clean, kinds).clean(asked))
    assert table.row(best.row) == table.row(9)


@pytest.mark.parametrize(
    ("short", "whole"),
    [
        ("tech & srvces", "technology & services"),
        ("acme mfg", "acme manufacturing"),
        ("constr mngmnt", "construction management"),
        ("smith bros.", "smith brothers."),
        ("int'l holdings", "international holdings"),
    ],
)
def test_short_words_are_written_out(short: str, whole: str) -> None:
    """Usual abbreviations, and words without their vowels."""
    assert written_out(short) == whole


@pytest.mark.parametrize(
    "brand",
    ["st ives", "north star", "mrs smith", "baker street", "series one", "华为技术", "müller"],
)
def test_words_that_shorten_nothing_stay(brand: str) -> None:
    """St may be a saint or a street; a word with its own vowels is itself."""
    assert written_out(brand) == brand


def test_firms_with_short_words_meet_and_others_do_not() -> None:
    """Forty-eight firms of twelve brands; every second one again with its words shortened."""
    draw = random.Random(3)
    brands = "Acme Borden Calder Dunmore Everett Fulton Granger Holden Ironwood Jasper Kenyon Lomax"
    trades = {
        "Tech and Services": "TECH & SRVCES",
        "Manufacturing Systems": "Mfg Sys",
        "Construction Management": "CONSTR MGMT",
        "National Holdings": "Nat'l Hldgs",
    }
    rows, who = [], []
    for brand in brands.split():
        for trade, short in trades.items():
            town = draw.choice(["Akron", "Lima", "Dayton", "Toledo", "Erie"])
            rows.append((f"{brand} {trade} Inc", town))
            who.append(len(who))
            if len(rows) % 2:
                rows.append((f"{brand} {short} Inc", town))
                who.append(who[-1])
    kinds = {"company": Kind.COMPANY_NAME, "town": Kind.REGION}
    clean = clean_table(pl.DataFrame(rows, schema=list(kinds), orient="row"), kinds)
    found = resolve(clean, kinds).clusters.sort("row")["cluster_id"].to_list()
    assert pairs(found) == pairs(who)
    index = Index.build(clean, kinds)
    asked = {"company": "Lomax Technology & Srvcs, Inc.", "town": None}
    (best, *_) = index.find(RecordCleaner.of(clean, kinds).clean(asked))
    assert rows[best.row][0] in ("Lomax Tech and Services Inc", "Lomax TECH & SRVCES Inc")
