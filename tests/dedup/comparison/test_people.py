"""What the names of people give to compare, however many columns tell them."""

import polars as pl

from cleansing import clean_table
from dedup.comparison.base import Group
from dedup.comparison.people import person_comparisons
from dedup.fields.compared_columns import coded
from guiyi.kinds import Kind


def compared(**columns: list[str | None]):
    """The comparisons of these name columns by name, and the notes."""
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    kinds = dict.fromkeys(columns, Kind.PERSON_NAME)
    clean = coded(clean_table(table, kinds), kinds)
    notes: list[str] = []
    return {c.name: c for c in person_comparisons(clean, list(columns), notes)}, notes


def texts(comparison) -> list[str | None]:
    values = [*comparison.column.values, None]
    return [values[code] for code in comparison.column.codes]


def test_a_name_told_twice_is_compared_once() -> None:
    """A whole name beside its parts gives no second comparison, but fills their gaps."""
    made, notes = compared(
        first_name=["john", "mary", None] * 10,
        surname=["smith", None, "wu"] * 10,
        full_name=["john smith", "mary jones", "ann wu"] * 10,
    )
    assert "full_name" not in made
    assert notes == ["full_name: repeats the name of another field, and fills its gaps"]
    assert texts(made["surname"])[:3] == ["smith", "jones", "wu"]
    assert texts(made["first_name"])[:3] == ["john", "mary", "ann"]


def test_a_large_tables_names_are_no_staff() -> None:
    """Of thousands of customers few bear a surname alone; the header says that it is theirs."""
    made, _ = compared(
        given_name=[f"g{chr(97 + n % 20)}na" for n in range(2000)],
        surname=[f"s{chr(97 + n % 23)}ith" for n in range(2000)],
        helper=["anna", "bert"] * 1000,
    )
    groups = {name: c.group for name, c in made.items()}
    assert groups == {
        "given_name": Group.GIVEN, "surname": Group.SURNAME, "helper": Group.OTHER,
    }  # fmt: skip


def test_a_name_in_another_alphabet_is_no_other_name_in_use() -> None:
    """Several bear tufiq, as توفيق is spelled; it may be tawfiq; a garbled one is not in use."""
    made, _ = compared(
        given_name=["توفيق", "Tawfiq"] * 5 + ["Mary"] * 2 + ["Xqwzy"],
        surname=["Bitar", "Bitar"] * 5 + ["Jones"] * 3,
    )
    given = made["given_name"]
    used = dict(zip(given.column.values, given.used.tolist(), strict=True))
    assert used["tawfiq"]
    assert used["mary"]
    assert not used["tufiq"]
    assert not used["xqwzy"]


def test_of_a_further_name_only_what_is_new_counts() -> None:
    """Middle names of a whole name are evidence of their own; the rest of it is not."""
    made, _ = compared(
        first_name=["john", "mary"] * 10,
        surname=["smith", "jones"] * 10,
        full_name=["john paul smith", "mary jones"] * 10,
    )
    assert texts(made["full_name"])[:2] == ["paul", None]


def test_characters_are_the_name_they_are_read_as() -> None:
    """A name in Chinese characters fills the gaps of one in letters, as the same given name."""
    made, _ = compared(
        last=["Wang", None, "Li"], first=["Jie", None, "Na"], native=[None, "王杰", None]
    )
    given = made["first"]
    assert given.group is Group.GIVEN
    assert texts(given)[1] == "杰"
    codes = given.column.codes
    assert set(given.kin[codes[0]].tolist()) & set(given.kin[codes[1]].tolist())


def test_father_and_son_conflict() -> None:
    """Jr. and Sr. are compared apart from the names, in whichever column they stand."""
    made, _ = compared(
        first=["David", "David", "Morris II", *["Ann"] * 5],
        last=["Dobbins Jr", "Dobbins Senior", "Klein", *["Lee"] * 5],
    )
    assert texts(made["last"])[:4] == ["dobbins", "dobbins", "klein", "lee"]
    assert texts(made["generation"])[:4] == ["jr", "sr", "jr", None]
    assert made["generation"].given


def test_names_in_each_others_column_are_put_back() -> None:
    """What is a surname everywhere else is no given name once it stands there with one."""
    made, _ = compared(
        first=["smith", *["john"] * 20, *["mary"] * 20, "taylor", "anouk"],
        surname=["john", *["smith"] * 20, *["taylor"] * 20, None, "vermeer"],
    )
    assert texts(made["first"])[0] == "john"
    assert texts(made["surname"])[0] == "smith"
    assert texts(made["first"])[-2:] == ["taylor", "anouk"], "nothing to swap with, nothing known"


def test_a_name_that_may_stand_in_either_column_stays() -> None:
    """Names that are given names and surnames alike tell nothing about their order."""
    made, _ = compared(
        first=["thomas", *["james"] * 20, *["thomas"] * 20],
        surname=["james", *["thomas"] * 20, *["james"] * 20],
    )
    assert texts(made["first"]) == ["thomas", *["james"] * 20, *["thomas"] * 20]


def test_a_register_that_writes_the_surname_first_is_read_so() -> None:
    """Names nobody knows are taken as all the others are; a comma, and Chinese, say it themselves.

    Whether Susn is a given name no list says; that 30 known ones stand last does.
    """
    known = [f"Beckton {given}" for given in ("Laura", "Brian", "Carl", "Esther", "Julie")] * 6
    written = ["Taylor Susn", "Quist, Zelda", "Huang Jian"]
    told, _ = compared(name=[*known, *written])
    given, surname = (texts(told[f"name.{part}"])[30:] for part in ("given", "surname"))
    assert given == ["susn", "zelda", "jian"]
    assert surname == ["taylor", "quist", "huang"]


def test_a_word_alone_is_the_surname_that_whole_names_have() -> None:
    """Quist beside Anna Quist and Carl Quist is no given name; Anna alone is one."""
    told, _ = compared(name=["Anna Quist", "Carl Quist", "Anna Roth", "Quist", "Anna", "Zorn"])
    assert texts(told["name.given"])[3:] == [None, "anna", "zorn"]
    assert texts(told["name.surname"])[3:] == ["quist", None, None]


def test_of_two_columns_of_given_names_the_fuller_is_the_records() -> None:
    """Without headers: a spouse's name beside one's own is no surname, whichever stands first."""
    own = ["Laura", "Brian", "Carl", "Esther", "Julie", "Susan", "Robert", "Peter"] * 5
    spouse = ["Peter", None, "Susan", None, None, "Robert", None, "Laura"] * 5
    surname = [f"Quist{chr(97 + n % 26)}" for n in range(40)]
    told, _ = compared(C1=spouse, C2=own, C3=surname)
    assert told["C2"].group is Group.GIVEN
    assert told["C3"].group is Group.SURNAME
    assert told["C1"].group is Group.OTHER
