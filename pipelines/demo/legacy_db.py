"""The old order system: tables nobody dares to rename, and customers keyed in twice."""

import sqlite3
from dataclasses import replace
from pathlib import Path
from random import Random

from pipelines.demo.clerk import Books, Row
from pipelines.demo.clerk_mistakes import enter_mistakes
from pipelines.demo.firms import Firm, FirmScript
from pipelines.demo.truth import Scope, TruthNotes
from pipelines.demo.vocabulary import words
from pipelines.demo.world import World

SCHEMA = """
CREATE TABLE T_CUST (CUST_NO TEXT PRIMARY KEY, CUST_NM TEXT, TAX_NO TEXT, TEL1 TEXT, TEL2 TEXT,
  FAX TEXT, EML TEXT, ADR TEXT, ZIP TEXT, WEB TEXT, IND_CD TEXT, STAT_CD TEXT NOT NULL,
  SLS_CD TEXT, CRT_DT TEXT, UPD_DT TEXT, LST_OPR TEXT, RMK TEXT);
CREATE TABLE T_CONT (CONT_NO INTEGER PRIMARY KEY, CUST_NO TEXT REFERENCES T_CUST, CONT_NM TEXT,
  DUTY TEXT, DEPT TEXT, MOB TEXT, TEL TEXT, EML TEXT, UPD_DT TEXT);
CREATE TABLE T_ORD (ORD_NO TEXT PRIMARY KEY, CUST_NO TEXT, ORD_DT TEXT, AMT TEXT, CUR_CD TEXT,
  STAT_CD TEXT, PRD_NM TEXT);
CREATE TABLE T_SLS (SLS_CD TEXT PRIMARY KEY, SLS_NM TEXT, MGR_NM TEXT);
CREATE TABLE T_STAT (TYP TEXT, CD TEXT, NM TEXT, PRIMARY KEY (TYP, CD));
"""
STATUS_NAMES = [
    ("CUST", "A", "正常"),
    ("CUST", "P", "暂停"),
    ("CUST", "S", "终止"),
    ("CUST", "C", "潜在"),
    ("CUST", "X", "测试/作废"),
    ("ORD", "Q", "报价"),
    ("ORD", "O", "已下单"),
    ("ORD", "D", "已发货"),
    ("ORD", "F", "已结清"),
    ("ORD", "X", "已取消"),
]
JUNK = ("测试客户", "测试公司请勿使用", "TEST", "aaa", "作废-重复录入", "培训用客户")


def write_legacy_db(world: World, file: Path, seed: int) -> TruthNotes:
    """Write the old system's database, and say who is who in it."""
    books = Books(Random(f"{seed}/legacy"), world, TruthNotes("legacy"))
    _enter_customers(books)
    _enter_contacts(books)
    _enter_orders(books)
    enter_mistakes(books)
    _enter_junk(books)
    _save(books, file)
    return books.truth


def _enter_customers(books: Books) -> None:
    rng = books.rng
    known = [f for f in books.world.firms if rng.random() < _share(f)]
    entries = [(rng.random(), firm, 0.8) for firm in known]
    entries += [(rng.random(), firm, 0.3) for firm in known if rng.random() < 0.09]
    for _, firm, care in sorted(entries, key=lambda entry: (entry[0], entry[1].id)):
        books.customer(firm, care)


def _share(firm: Firm) -> float:
    return 0.8 if firm.script is FirmScript.SIMPLIFIED else 0.5


def _enter_contacts(books: Books) -> None:
    rng, world = books.rng, books.world
    for firm_id, numbers in books.numbers.items():
        firm = world.firm[firm_id]
        for place, number in enumerate(numbers):
            for person in world.staff[firm_id]:
                if rng.random() < (0.6 if place == 0 else 0.45):
                    books.contact(number, person, firm, 0.8 if place == 0 else 0.5)
    for person in world.people:
        if person.former_firm in books.numbers:
            old = world.firm[person.former_firm]
            email = f"{person.email.split('@')[0]}@{old.domain}"
            then = replace(person, email=email, private_email=None)
            books.contact(books.numbers[old.id][0], then, old, 1.0)
            books.contacts[-1]["MOB"] = person.mobile  # kept when they left; nothing else shows it


def _enter_orders(books: Books) -> None:
    for order in sorted(books.world.orders, key=lambda order: (order.day, order.id)):
        if order.firm in books.numbers:
            books.order(order)


def _enter_junk(books: Books) -> None:
    for name in JUNK:
        number = books.next_number()
        row: Row = {"CUST_NO": number, "CUST_NM": name, "TEL1": "88888888", "STAT_CD": "X"}
        books.customers.append(row | {"CRT_DT": "20200101"})
        books.truth.add(("T_CUST", number), "company", f"junk/{number}", flaw=Scope.JUNK)


def _save(books: Books, file: Path) -> None:
    teams = words("firms")["teams"].items()
    for code, _ in teams:
        books.truth.add(("T_SLS", code), "team", code)
    tables: dict[str, list[Row]] = {
        "T_CUST": books.customers,
        "T_CONT": books.contacts,
        "T_ORD": books.orders,
        "T_SLS": [{"SLS_CD": c, "SLS_NM": name, "MGR_NM": lead} for c, (name, lead, _) in teams],
        "T_STAT": [{"TYP": kind, "CD": code, "NM": name} for kind, code, name in STATUS_NAMES],
    }
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    try:
        connection.executescript(SCHEMA)
        for table, rows in tables.items():
            columns = list(rows[0])
            marks = ", ".join(f":{column}" for column in columns)
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
            connection.executemany(statement, [dict.fromkeys(columns) | row for row in rows])
        connection.commit()
    finally:
        connection.close()
