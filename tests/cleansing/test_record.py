"""A single record is cleaned as its table would clean it."""

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import companies, persons
from cleansing import RecordCleaner, clean_table, clean_values, infer_kinds, longest
from guiyi.kinds import Kind
from tests.examples import examples

ODD = {
    "name": ["Ann O'Neil Jr.", "王 小明 经理", "N/A", "  Wang  Xiaoming ", "José Núñez", "12345"],
    "phone": ["(212) 555-0123 x12", "138 0013 8001", "-", "+44 20 7946 0958", "212.555.0199", "x"],
    "mail": ["Ann <A.Neil+x@GMAIL.com>", "no mail", "a@b.cn; c@d.com", "", "me@gmial.com", "无"],
    "when": ["31/05/2024", "03/05/2024", "2024-02-30", "5 March 2024", "20240305", "民國113年1月"],
    "zip": ["2134", "02134-1234", "SW1A 1AA", "1.02E+04", "邮编 200000", "02134"],
    "place": ["上海", "广东省", "Springfield", "pvg", "", "北京市"],
    "amount": ["1.234,50", "12,5", "3万", "-7", "abc", "0,50"],
    "status": ["On  Hold", "on-hold", "無效", "-", "A.1", "x"],
    "street": ["12 Oak  St.", "上海市世纪大道100号", "???", "Rue de l’Été 5", "-", "1 Main"],
    "firm": ["腾讯科技（深圳）有限公司", "IBM Corp.", "", "N/A", "阿里巴巴", "Acme, Inc"],
    "id": ["110101199003070011", "11010119900307001X", "H123456(7)", "", "1", "A123456789"],
    "code": ["91350100M000100Y43", "91350100M000100Y44", "", "04595257", "DE136695976", "-"],
}  # fmt: skip
KINDS = {
    "name": Kind.PERSON_NAME, "phone": Kind.PHONE, "mail": Kind.EMAIL, "when": Kind.DATE,
    "zip": Kind.POSTCODE, "place": Kind.REGION, "amount": Kind.AMOUNT, "status": Kind.CODE,
    "street": Kind.ADDRESS, "firm": Kind.COMPANY_NAME, "id": Kind.ID_CARD, "code": Kind.USCC,
}  # fmt: skip


def compared(raw: pl.DataFrame, kinds: dict[str, Kind], cleaner: RecordCleaner) -> list[str]:
    """The columns in which a record cleaned alone differs from its row of the clean table."""
    read = ("", ".key", ".all", ".given", ".surname", ".raw")
    wrong = []
    clean = clean_table(raw, kinds)
    for record, expected in zip(raw.to_dicts(), clean.to_dicts(), strict=True):
        found = cleaner.clean(record)
        for field in kinds:
            for part in read:
                name = field + part
                if name in found and found[name] != expected[name]:
                    wrong.append(f"{name}: {found[name]!r}, not {expected[name]!r}")
    return wrong


def test_every_kind_is_cleaned_as_in_a_column() -> None:
    raw = pl.DataFrame(ODD)
    assert compared(raw, KINDS, RecordCleaner.of(raw, KINDS)) == []


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(persons.register(60, 3).drop("entity"), id="persons"),
        pytest.param(companies.customers(20, 2).drop("entity"), id="companies"),
        pytest.param(
            persons.register(400, 3).drop("entity"), marks=pytest.mark.nightly, id="more persons"
        ),
        pytest.param(
            companies.customers(150, 2).drop("entity"),
            marks=pytest.mark.nightly,
            id="more companies",
        ),
    ],
)
def test_generated_registers_are_cleaned_as_in_a_column(raw: pl.DataFrame) -> None:
    kinds = {name: guess.kind for name, guess in infer_kinds(raw).items()}
    assert compared(raw, kinds, RecordCleaner.of(raw, kinds)) == []


def test_what_columns_are_witness_to_is_kept() -> None:
    """03/05 is the third of May where another value proves it; 2134 lost its zero."""
    raw = pl.DataFrame(ODD)
    kept = json.loads(json.dumps(RecordCleaner.of(raw, KINDS).as_document()))
    cleaner = RecordCleaner.from_document(kept)
    found = cleaner.clean({"when": "03/05/2024", "amount": "1,5"})
    assert found["when"] == "2024-05-03"
    assert found["amount"] == "1.5"


def test_most_kinds_need_no_column() -> None:
    """The short path is left only where it would give something else."""
    raw = persons.register(400, 3).drop("entity")
    kinds = {name: guess.kind for name, guess in infer_kinds(raw).items()}
    cleaner = RecordCleaner.of(raw, kinds)
    assert all(field.short for field in cleaner.fields.values())


def test_what_only_a_column_reads_is_not_read_value_by_value() -> None:
    """Chinese names and addresses have no short path to prove; one by one they take 50 ms each."""
    raw = pl.DataFrame(
        {"n": ["王小明", "张三", "Ann Lee"], "a": ["上海市世纪大道100号", "1 Main", "x"]}
    )
    kinds = {"n": Kind.PERSON_NAME, "a": Kind.ADDRESS}
    cleaner = RecordCleaner.of(raw, kinds)
    assert all(field.short and not field._known for field in cleaner.fields.values())
    assert compared(raw, kinds, cleaner) == []


def test_fields_of_other_tables_pass_through() -> None:
    cleaner = RecordCleaner.of(pl.DataFrame({"a": ["x"]}), {"a": Kind.CODE})
    assert cleaner.clean({"b": " y "}) == {"b": " y "}


NAMED = st.text(
    "深圳市南山区上海朝阳北京雄安中国银行华腾科技贸易有限公司（）分行路1号楼甲张三经理ST*- ",
    max_size=16,
)


@settings(deadline=None, max_examples=examples(10))
@given(st.lists(NAMED, min_size=1, max_size=3))
@pytest.mark.parametrize("kind", [Kind.COMPANY_NAME, Kind.ADDRESS, Kind.PERSON_NAME, Kind.REGION])
def test_a_value_alone_is_cleaned_as_among_many(kind: Kind, typed: list[str]) -> None:
    """A single value is looked up otherwise than a column is, and gets the same parts."""
    many = pl.Series([*typed, *(f"{n}号" for n in range(longest.FEW + 1))])
    among = clean_values(many, kind).head(len(typed))
    alone = pl.concat([clean_values(pl.Series([one]), kind) for one in typed])
    assert among.to_dicts() == alone.to_dicts()


@pytest.mark.parametrize(
    "places",
    [
        ["Canton", "Peking", "Macau", "Toledo", "Lebanon", "11", "北京"],
        ["Xiamen City", "Beijing", "Shenzhen", "Guangzhou", "Hong Kong"],
        ["USA", "UK", "China", "Macao SAR", "Taiwan", "Utopia"],
        ["Canton", "上海", "厦门市", "440300"],
    ],
)
def test_a_place_is_read_in_the_script_of_its_column(places: list[str]) -> None:
    """A record of an English file keeps Canton; one of a Chinese file gets 广州市."""
    raw, kinds = pl.DataFrame({"place": places}), {"place": Kind.REGION}
    cleaner = RecordCleaner.of(raw, kinds)
    assert cleaner.fields["place"].short
    assert compared(raw, kinds, cleaner) == []
    document = json.loads(json.dumps(cleaner.as_document()))
    assert compared(raw, kinds, RecordCleaner.from_document(document)) == []
