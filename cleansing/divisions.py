"""China is divided into provinces, cities and districts; each has a code, and names come and go.

divisions()            code, province, city, district: one row a place, as they are now
renamed_divisions()    old, province, city, district, since, was: what an old name lies in now
short_divisions()      恩施州, 锡盟: a prefecture without the names of its peoples
stem("厦门市")          the name without its rank: 厦门
"""

import re
from functools import cache

import polars as pl

from cleansing.knowledge import pairs, text_of

_PEOPLES = (
    "蒙古|回|藏|土|俄罗斯|塔塔尔|乌孜别克|赫哲|京|基诺|阿昌|德昂|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|塔吉克|怒|鄂温克|普米|裕固|保安|独龙|鄂伦春|门巴|珞巴|各"
)
_RANK = re.compile(
    rf"(?:(?:(?:{_PEOPLES})族|蒙古|回族|维吾尔|哈萨克|柯尔克孜)*自治(?:区|州|县|旗)"
    r"|特别行政区|地区|林区|特区|矿区|新区|省|市|区|县|盟|旗)$"
)
_KEEP_WHOLE = frozenset({"新区", "郊区", "矿区", "城区", "东区", "西区", "南区", "北区", "市区"})


@cache
def stem(name: str) -> str:
    """The name people use in talk: 厦门 for 厦门市, 恩施 for 恩施土家族苗族自治州."""
    if name in _KEEP_WHOLE:
        return name
    if name == "内蒙古自治区":
        return "内蒙古"
    short = _RANK.sub("", name)
    if len(short) == 1 and name.endswith("新区"):  # 清新区 is no 新区
        return name[:-1]
    return short if len(short) >= 2 else name


@cache
def divisions() -> pl.DataFrame:
    """Every place of today, and null where a row is of a higher level."""
    return _read("divisions.tsv")


@cache
def renamed_divisions() -> pl.DataFrame:
    """Every old name that cannot be guessed from the new one."""
    return _read("renamed_divisions.tsv")


@cache
def development_zones() -> pl.DataFrame:
    """New areas and zones that people write in a district's place."""
    return _read("development_zones.tsv")


@cache
def short_divisions() -> dict[str, str]:
    """Short names of prefectures with their rank, to the full name: 恩施州, 锡盟."""
    return dict(pairs("short_divisions.tsv"))


def _read(name: str) -> pl.DataFrame:
    return pl.read_csv(
        text_of(name).encode(),
        separator="\t",
        comment_prefix="#",
        infer_schema=False,
        quote_char=None,
    )
