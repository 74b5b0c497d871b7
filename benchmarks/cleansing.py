"""What a million rows of ten kinds cost to clean, and phones beside per-value libphonenumber.

python -m benchmarks.cleansing [ROWS]
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import polars as pl

from benchmarks import short_names
from benchmarks.tables import markdown
from cleansing import clean_table, clean_values
from cleansing.check_character import RESIDENT_CHECKS, RESIDENT_WEIGHTS, USCC_ALPHABET, USCC_WEIGHTS
from guiyi.kinds import Kind

ROWS = 1_000_000
PER_VALUE = 20_000
"""Phones given to libphonenumber one by one; its cost a value does not depend on the number."""

Make = Callable[[random.Random], str]


def phone(chance: random.Random) -> str:
    mobile = f"1{chance.choice('3589')}{chance.choice('0123')}{chance.randrange(10**8):08d}"
    line = f"{chance.randrange(2, 9)}{chance.randrange(10**7):07d}"
    forms = (mobile, mobile, mobile, f"+86 {mobile[:3]} {mobile[3:7]} {mobile[7:]}", f"021-{line}")
    odd = (f"手机：{mobile}", f"{mobile}/010-{line}", f"(0755){line}转{chance.randrange(9999)}")
    return chance.choice(forms) if chance.random() < 0.9 else chance.choice(odd)


def email(chance: random.Random) -> str:
    name = f"{chance.choice(GIVEN)}.{chance.choice(SURNAMES)}{chance.randrange(10000)}"
    host = chance.choice(("qq.com", "163.com", "Gmail.com", f"firm{chance.randrange(5000)}.com.cn"))
    return f"{name}@{host}" if chance.random() < 0.95 else f"mailto:{name}＠{host};info@{host}"


def uscc(chance: random.Random) -> str:
    body = f"91{chance.choice(('310115', '440305', '110108'))}" + "".join(
        chance.choices(USCC_ALPHABET, k=9)
    )
    total = sum(w * USCC_ALPHABET.index(c) for w, c in zip(USCC_WEIGHTS, body, strict=True))
    return body + USCC_ALPHABET[-total % 31]


def id_card(chance: random.Random) -> str:
    birth = (
        f"{chance.randrange(1950, 2005)}{chance.randrange(1, 13):02d}{chance.randrange(1, 29):02d}"
    )
    body = f"{chance.choice(('310115', '440305', '110108'))}{birth}{chance.randrange(1000):03d}"
    return (
        body
        + RESIDENT_CHECKS[sum(int(c) * w for c, w in zip(body, RESIDENT_WEIGHTS, strict=True)) % 11]
    )


def date(chance: random.Random) -> str:
    year, month, day = (
        chance.randrange(1950, 2025),
        chance.randrange(1, 13),
        chance.randrange(1, 29),
    )
    forms = (f"{year}-{month:02d}-{day:02d}", f"{year}/{month}/{day}", f"{year}年{month}月{day}日")
    return chance.choice(forms)


def amount(chance: random.Random) -> str:
    number = chance.randrange(10**9) / 100
    return chance.choice((f"{number:.2f}", f"¥{number:,.2f}", f"{number / 10000:.2f}万"))


def postcode(chance: random.Random) -> str:
    return f"{chance.randrange(10**5, 10**6)}"


def company_name(chance: random.Random) -> str:
    brand = "".join(chance.choices("华兴盛达恒信远通瑞泰鑫博正宏联创新海天龙金", k=3))
    place, trade = (
        chance.choice(("上海", "深圳市", "北京", "厦门")),
        chance.choice(("科技", "贸易", "机械")),
    )
    return f"{place}{brand}{trade}{chance.choice(('有限公司', '股份有限公司', '（集团）有限公司'))}"


def person_name(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return chance.choice("王李张刘陈杨黄赵吴周") + "".join(
            chance.choices("伟芳娜敏静丽强磊军洋勇艳杰", k=2)
        )
    return f"{chance.choice(GIVEN).title()} {chance.choice(SURNAMES).title()}"


def address(chance: random.Random) -> str:
    place = chance.choice(
        ("上海市浦东新区", "广东省深圳市南山区", "北京市海淀区", "福建省厦门市湖里区")
    )
    road = "".join(chance.choices("中山人民解放建设和平东西南北", k=3))
    number, floor, room = chance.randrange(1, 2000), chance.randrange(1, 30), chance.randrange(30)
    return f"{place}{road}路{number}号{floor}楼{floor}{room:02d}室"


GIVEN = ("wei", "fang", "james", "mary", "john", "linda", "robert", "ming", "lei", "anna", "peter")
SURNAMES = ("wang", "li", "zhang", "smith", "jones", "brown", "chen", "yang", "miller", "davis")

MAKERS: dict[Kind, Make] = {
    Kind.PHONE: phone,
    Kind.EMAIL: email,
    Kind.USCC: uscc,
    Kind.ID_CARD: id_card,
    Kind.DATE: date,
    Kind.AMOUNT: amount,
    Kind.POSTCODE: postcode,
    Kind.COMPANY_NAME: company_name,
    Kind.PERSON_NAME: person_name,
    Kind.ADDRESS: address,
}


def make_table(rows: int, seed: int = 7) -> pl.DataFrame:
    """Make a table with one column a kind, each named for it; the same seed, the same table."""
    chance = random.Random(seed)
    return pl.DataFrame(
        {kind.value: [make(chance) for _ in range(rows)] for kind, make in MAKERS.items()}
    )


def seconds(work: Callable[[], object]) -> float:
    """Processor time of all threads: what else the machine does counts little."""
    start = time.process_time()
    work()
    return time.process_time() - start


def one_by_one(numbers: Sequence[str]) -> None:
    """Format each number as libphonenumber's own documentation shows."""
    import phonenumbers

    for number in numbers:
        try:
            parsed = phonenumbers.parse(number, "CN")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def compare(rows: int = ROWS) -> str:
    """Measure each kind, all of them as one table, and phones beside libphonenumber."""
    table = make_table(rows)
    for kind in MAKERS:
        clean_values(table[kind.value].head(1000), kind)  # reference tables are read once
    lines = []
    for kind in MAKERS:
        column = table[kind.value]
        took = seconds(partial(clean_values, column, kind))
        lines.append([kind.value, f"{column.n_unique():,}", f"{took:.2f}"])
    whole = seconds(partial(clean_table, table, {kind.value: kind for kind in MAKERS}))
    lines.append(["all as one table", "", f"{whole:.2f}"])
    phones = table["phone"]
    ours = seconds(lambda: clean_values(phones, Kind.PHONE)) / rows
    theirs = seconds(lambda: one_by_one(phones.head(PER_VALUE).to_list())) / min(PER_VALUE, rows)
    return (
        f"{markdown((f'{rows:,} values', 'distinct', 'CPU s'), lines)}\n\n"
        f"Phones: {ours * 1e6:.2f} µs a value; phonenumbers one by one {theirs * 1e6:.2f} µs; "
        f"Guiyi's share {ours / theirs:.3f}×"
        + (f"\n\n{short_names.summary()}" if short_names.LISTED.exists() else "")
    )


if __name__ == "__main__":
    print(compare(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
