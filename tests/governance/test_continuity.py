"""Rows without a key are known again by what they say."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.continuity import KNOWN, fingerprints, normalised, one_name, recognised
from guiyi.records import RECORD_ID
from tests.examples import examples

FIELDS = ["name", "phone", "mail", "city", "address"]
FIRMS = [
    ("苏州蓝天机械有限公司", "0512-65001234", "info@lantian.cn", "苏州", "干将路1号"),
    ("苏州白云纺织有限公司", "0512-65005678", "office@baiyun.cn", "苏州", "人民路22号"),
    ("无锡长江贸易有限公司", "0510-82001111", "sales@cjmy.cn", "无锡", "中山路333号"),
    ("Riverside Bakery Ltd", "020 7946 0101", "hello@riverside.uk", "London", "4 Mill Lane"),
]
NOTHING = pl.DataFrame(schema=KNOWN)


def said(rows: list[tuple[str | None, ...]]) -> pl.DataFrame:
    table = pl.DataFrame(rows, schema=dict.fromkeys(FIELDS, pl.String), orient="row")
    return normalised(table)


class Table:
    """A table as it was seen: what its rows said, and their record ids."""

    def __init__(
        self, rows: list, before: "Table | None" = None, *, of_firms: bool = False
    ) -> None:
        known = NOTHING if before is None else before.known
        self.fields = said(rows)
        ids, marks = recognised(
            self.fields,
            known,
            "t",
            names=["name"],
            of_firms=of_firms,
            former=None if before is None else before.former,
        )
        self.ids = ids.to_list()
        self.known = pl.DataFrame([ids, marks]).drop_nulls()

    def former(self, _wanted: pl.Series) -> pl.DataFrame:
        return self.fields.with_columns(fingerprints(self.fields)).drop_nulls("fingerprint")


def again(before: list, after: list) -> list[int | None]:
    """For each row after, which row before it is."""
    first = Table(before)
    assert len(set(first.ids)) == len(before)
    found = Table(after, first).ids
    assert len(set(found)) == len(after)
    return [first.ids.index(one) if one in first.ids else None for one in found]


def changed(row: tuple, **cells: str | None) -> tuple:
    return tuple(cells.get(name, value) for name, value in zip(FIELDS, row, strict=True))


A, B, C, D = FIRMS

BAKERY = "Riverside Bakery & Cafe"
WIDE = "０５１２－65001234 "
ELSE = {"name": "太仓金仓化工有限公司", "phone": "0512-1", "mail": "x@y.cn"}

HISTORIES = [
    ("nothing", FIRMS, [0, 1, 2, 3]),
    ("a row on top", [changed(A, name="新来的公司", phone="1", mail="2", address="3"), *FIRMS],
     [None, 0, 1, 2, 3]),
    ("sorted the other way", FIRMS[::-1], [3, 2, 1, 0]),
    ("rows gone", [A, D], [0, 3]),
    ("a corrected phone", [A, changed(B, phone="0512-65009999"), C, D], [0, 1, 2, 3]),
    ("moved to another street, and sorted", [changed(C, address="解放路9号", city="江阴"), A, B, D],
     [2, 0, 1, 3]),
    ("a typo in a firm's name mended", [changed(A, name="苏州兰天机械有限公司"), B], [0, 1]),
    ("an English name respelt", [changed(D, name="Riverside Bakery Limited"), A], [3, 0]),
    ("another firm in the place", [changed(A, **ELSE), B],
     [None, 1]),
    ("name and phone new: in doubt another", [changed(D, name=BAKERY, phone="1")],
     [None]),
    ("blanks and wide digits", [changed(A, phone=WIDE, name=" 苏州蓝天机械有限公司")], [0]),
    ("a value more", [changed(A, mail=None), changed(B, mail=None)], [0, 1]),
    ("two swapped their phones", [changed(A, phone=B[1]), changed(B, phone=A[1])], [0, 1]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "after", "expected"), HISTORIES, ids=[h[0] for h in HISTORIES])
def test_a_row_is_known_again(what: str, after: list, expected: list) -> None:
    """Whatever was sorted, inserted, removed or corrected, a row is the one it was, or new."""
    assert again(FIRMS, after) == expected, what


def test_among_equal_rows_the_order_counts() -> None:
    """Of three equal rows two are left: the first two."""
    assert again([A, A, B, A], [A, A]) == [0, 1]
    assert again([A, A], [A, A, A]) == [0, 1, None]


def test_a_row_that_turned_into_another_keeps_its_id_and_the_other_gets_a_new_one() -> None:
    """The id of a row that was changed is not given to one that says what it once said."""
    first = Table([A])
    moved = changed(A, phone="0512-60000000")
    second = Table([moved], first)
    assert second.ids == first.ids
    third = Table([moved, A], second)
    assert third.ids == [first.ids[0], f"{first.ids[0]}~2"]


PEOPLE = [
    ("张伟", "13800000001", "zw@lantian.cn", "苏州", "干将路1号 苏州蓝天"),
    ("王芳", "13800000002", "wf@lantian.cn", "苏州", "干将路1号 苏州蓝天"),
    ("李娜", "0512-65001234", None, "苏州", "干将路1号 苏州蓝天"),
]


def test_a_successor_is_another_person() -> None:
    """Firm, address and switchboard stay; another name is another person, if but by one sign."""
    new = ("赵敏", "13900000009", "zm@lantian.cn", "苏州", "干将路1号 苏州蓝天")
    assert again(PEOPLE, [new, *PEOPLE[1:]]) == [None, 1, 2]
    assert again(PEOPLE, [*PEOPLE[:2], changed(PEOPLE[2], name="李丽")]) == [0, 1, None]


def test_a_firms_name_alone_is_enough_where_no_other_row_has_it() -> None:
    """A firm that moved and has another number is that firm; of a person that is not so sure."""
    moved = changed(A, phone="0512-1", mail="new@lantian.cn", city="昆山", address="前进路7号")
    known = Table(FIRMS)
    assert Table([moved], known, of_firms=True).ids == known.ids[:1]
    assert Table([moved], known).ids != known.ids[:1]
    twice = Table([moved, changed(moved, phone="0512-2")], known, of_firms=True)
    assert not set(twice.ids) & set(known.ids)


NAMES = [
    ("张伟", "张玮", False),
    ("王芳", "王方", False),
    ("欧阳娜娜", "欧阳娜那", False),
    ("苏州蓝天机械有限公司", "苏州蓝田机械有限公司", True),
    ("苏州蓝天机械有限公司", "苏州白云机械有限公司", False),
    ("杭洲明远几电设备有限公司", "杭州明远机电设备有限公司", True),
    ("杭州明远机电设备有限公司", "杭州明远物业管理有限公司", False),
    ("Katharine Miller", "Catharine Miller", True),
    ("John Smith", "Jane Smith", False),
    ("John Smith", "Jon Smith", True),
    ("Anna Kowalska", "Hanna Kowalska", True),
    ("", "Anna", False),
]


@pytest.mark.parametrize(("name", "was", "one"), NAMES)
def test_what_counts_as_another_spelling(name: str, was: str, one: bool) -> None:
    """Only where all else is equal is this asked; in doubt they are two."""
    assert one_name(name, was) is one


cells = st.sampled_from(["a", "b", "c", "d", None])
tables = st.lists(st.tuples(*[cells] * len(FIELDS)), max_size=8)


@settings(max_examples=examples(60), deadline=None)
@given(tables, tables, st.randoms(use_true_random=False))
def test_every_row_has_one_id_and_no_id_two_rows(before: list, after: list, random) -> None:
    """Whatever tables follow one another; the order of rows that differ decides nothing."""
    known = Table(before)
    found = Table(after, known)
    assert len(set(found.ids)) == len(after)
    shuffled = list(range(len(after)))
    random.shuffle(shuffled)
    moved = Table([after[n] for n in shuffled], known)
    assert sorted(found.known.rows()) == sorted(moved.known.rows())


def test_many_equal_rows_are_numbered_without_counting_from_one() -> None:
    """Rows that say nothing, or all the same, where as many are known: each gets a free number."""
    fields = said([A] * 400)
    known = pl.DataFrame({RECORD_ID: recognised(fields, NOTHING, "t")[0], "fingerprint": "x"})
    ids = recognised(fields, known, "t")[0]
    assert ids.n_unique() == 400
    assert not set(ids) & set(known[RECORD_ID])
    assert ids[399].endswith("~800")
