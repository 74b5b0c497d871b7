"""Names of many countries: what tells their order, and cells that hold several."""

import re

import polars as pl
import pytest

from cleansing import person_name


def parsed(name: str) -> dict[str, str | None]:
    return person_name.clean(pl.Series([name])).to_dicts()[0]


SEVERAL = [
    ("张三\n李四", "several names"), ("张三⏎李四", "several names"), ("张三 李四", "several names"),
    ("張三 李四 王五", "several names"), ("欧阳娜娜 张三", "several names"),
    ("张三、李四", "several names"), ("张三|李四", "several names"),
    ("华为-王五", "several values"), ("王五-华为", "several values"),
    ("张三-李四", "several values"),
    ("John Smith\nMary Jones", "several names"), ("John Smith; Mary Jones", "several names"),
    ("John Smith / Mary Jones", "several names"), ("Smith, John; Jones, Mary", "several names"),
]  # fmt: skip

ONE = [
    "王芳 女士", "陈方 安生", "张 三", "张三-财务部", "张三（深圳）", "John Smith; MD, PhD",
    "John\nSmith",
    "Jan/Johannes Smith", "Smith, John", "王小明 Tom",
]  # fmt: skip

ORDER = [
    # raw, surname, given, title or other name, reason
    ("Tan Ah Kow", "Tan", "Ah Kow", None, None),
    ("Goh Chok Tong", "Goh", "Chok Tong", None, None),
    ("Lim Guan Eng", "Lim", "Guan Eng", None, None),
    ("Tung Chee-hwa", "Tung", "Chee-hwa", None, None),
    ("Ma Ying-jeou", "Ma", "Ying-jeou", None, None),
    ("Kim Jong-un", "Kim", "Jong-un", None, None),
    ("CHAN Tai Man", "CHAN", "Tai Man", None, None),
    ("CHAN Tai Man, David", "CHAN", "Tai Man", "David", None),
    ("David Chan Tai Man", "Chan", "Tai Man", "David", None),
    ("Chan Tai Man David", "Chan", "Tai Man", "David", None),
    ("David CHAN Tai-man", "CHAN", "Tai-man", "David", None),
    ("Grace Wong Man Wai", "Wong", "Man Wai", "Grace", None),
    ("Alice Man-wai Wong", "Wong", "Alice Man-wai", None, None),
    ("Ka Lam Chan", "Chan", "Ka Lam", None, None),
    ("Chan Ka Lam", None, None, None, "surname ambiguous"),
    ("Siu Ming Chan", None, None, None, "surname ambiguous"),
    ("Wang Wei", None, None, None, "surname ambiguous"),
    ("Lee Hsien Loong", None, None, None, "surname ambiguous"),
    ("Tan Kow", None, None, None, "surname ambiguous"),
    ("Mary Tan", "Tan", "Mary", None, None),
    ("Ann Day-Lewis", "Day-Lewis", "Ann", None, None),
    ("Ho Johnson", "Johnson", "Ho", None, None),
    ("Lee, David", "Lee", "David", None, None),
    ("Park, Tyler", "Park", "Tyler", None, None),
    ("Nguyen Van An", "Nguyen", "Van An", None, None),
    ("Nguyen Thanh Tung", "Nguyen", "Thanh Tung", None, None),
    ("Thanh Tung Nguyen", "Nguyen", "Thanh Tung", None, None),
    ("Trần Thị Bích Ngọc", "Trần", "Thị Bích Ngọc", None, None),
    ("Tran Minh", "Tran", "Minh", None, "surname first"),
    ("Minh Tran", "Tran", "Minh", None, None),
    ("An Nguyen Van", None, None, None, "order unsure"),
    ("Иванов Иван Иванович", "Иванов", "Иван Иванович", None, None),
    ("Иван Иванович Иванов", "Иванов", "Иван Иванович", None, None),
    ("Мельник Ольга Ивановна", "Мельник", "Ольга Ивановна", None, None),
    ("Анна Сергеевна", None, None, None, "given name and patronymic"),
    ("Иванов Иван", "Иванов", "Иван", None, "surname first"),
    ("Иван Иванов", "Иванов", "Иван", None, None),
    ("Ivanov Ivan Ivanovich", "Ivanov", "Ivan Ivanovich", None, None),
    ("Roman Abramovich", "Abramovich", "Roman", None, None),
    ("Roman Arkadyevich Abramovich", "Abramovich", "Roman Arkadyevich", None, None),
    ("Anna Maria Abramovich", "Abramovich", "Anna Maria", None, None),
    ("Petar Jovanović", "Jovanović", "Petar", None, None),
    ("Ông Nguyễn Văn An", "Nguyễn", "Văn An", "Ông", None),
    ("Bà Trần Thị Lan", "Trần", "Thị Lan", "Bà", None),
    ("Ông Nam", None, "Nam", "Ông", None),
    ("Anh Nguyen Van Nam", "Nguyen", "Van Nam", "Anh", None),
    ("Anh Nguyen", "Nguyen", "Anh", None, None),
    ("Anh Nam", "Nam", "Anh", None, "unsure: Anh may be a form of address or a name"),
    ("Pan Kowalski", "Kowalski", None, "Pan", None),
    ("Pan Jan Kowalski", "Kowalski", "Jan", "Pan", None),
    ("Pani Anna Kowalska", "Kowalska", "Anna", "Pani", None),
    ("Pan Wei", None, None, None, "surname ambiguous"),
    ("Doña María García López", "García López", "María", "Doña", None),
    ("Dona Smith", "Smith", "Dona", None, None),
    ("M. Dupont", "Dupont", "M.", None, "unsure: M. may be Monsieur or an initial"),
    ("M. Smith", "Smith", "M.", None, None),
    ("Sig.ra Rossi", "Rossi", None, "Sig.ra", None),
    ("Sig.ra Maria Rossi", "Rossi", "Maria", "Sig.ra", None),
    ("Dr. med. Hans Müller", "Müller", "Hans", "Dr. med.", None),
    ("Prof. Dr. rer. nat. Eva Roth", "Roth", "Eva", "Prof. Dr. rer. nat.", None),
    ("Med Smith", "Smith", "Med", None, None),
    ("José García López", "García López", "José", None, None),
    ("Jose Garcia Lopez", "Garcia Lopez", "Jose", None, None),
    ("Juan Carlos Pérez Rodríguez", "Pérez Rodríguez", "Juan Carlos", None, None),
    ("María del Carmen Fernández Ruiz", "Fernández Ruiz", "María del Carmen", None, None),
    ("María del Carmen Ruiz", "Ruiz", "María del Carmen", None, None),
    ("David Martin Lopez", "Lopez", "David Martin", None, None),
    ("García López María", "María", "García López", None, "order unsure"),
    ("DUPONT Jean", "DUPONT", "Jean", None, "surname in capitals"),
    ("VAN DER BERG Jan", "VAN DER BERG", "Jan", None, "surname in capitals"),
    ("Jean DUPONT", "DUPONT", "Jean", None, None),
    ("MARIA Lopez", "Lopez", "MARIA", None, None),
    ("JR Smith", "Smith", "JR", None, None),
]


@pytest.mark.parametrize(("raw", "surname", "given", "other", "reason"), ORDER)
def test_what_is_known_of_a_land_tells_the_order(
    raw: str, surname: str | None, given: str | None, other: str | None, reason: str | None
) -> None:
    """Syllables, patronymics, capitals and forms of address; where they do not tell, nothing."""
    row = parsed(raw)
    assert row["value"] == raw
    assert (row["surname"], row["given"], row["reason"]) == (surname, given, reason)
    assert (row["title"] or row["nickname"]) == other


@pytest.mark.parametrize(("raw", "reason"), SEVERAL)
def test_a_cell_of_several_names_stays_whole(raw: str, reason: str) -> None:
    """None of them is the name, and none is lost."""
    row = parsed(raw)
    assert (row["value"], row["reason"]) == (raw, reason)
    assert (row["surname"], row["given"], row["title"]) == (None, None, None)


@pytest.mark.parametrize("raw", ONE)
def test_one_name_is_not_taken_for_several(raw: str) -> None:
    """Titles, notes, degrees and line breaks within a name."""
    assert "several" not in str(parsed(raw)["reason"])


@pytest.mark.parametrize("raw", ["张三(李四)", "李月豪（陈莉转）"])
def test_a_name_in_brackets_stays_in_the_value(raw: str) -> None:
    """It may be another person's: the cell is kept, and compared as the first one's."""
    row = parsed(raw)
    assert row["value"] == raw.translate({ord("（"): "(", ord("）"): ")"})
    assert "several values" in str(row["reason"])
    assert row["key"] == re.split("[(（]", raw)[0]


def test_a_title_before_a_name_takes_its_colon_along() -> None:
    """總裁: 魏哲家, as registers of companies write it."""
    row = parsed("總裁: 魏哲家")
    assert (row["value"], row["title"], row["surname"]) == ("魏哲家", "总裁", "魏")
