"""Every country has its own order and marks; the country, postcode and town show which it is.

Patterns after the addressing systems of the Universal Postal Union (UPU S42, country sheets).
"""

import re
from collections import defaultdict
from functools import cache

import polars as pl

from cleansing import knowledge
from cleansing.address.places import province_of
from cleansing.divisions import divisions, stem
from cleansing.text import fill, in_place, only_where

STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK"
    "|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR"
)
"""USPS Publication 28, appendix B."""
_PROVINCES = "AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT"
"""Canada Post, provinces and territories."""
_AUSTRALIA = "NSW|VIC|QLD|ACT|TAS"
"""Australia Post; SA, WA and NT are left out, for they are others' too."""

_US_END = rf"(?:[,\s]+|^)({STATES})\.?[,\s]+(\d{{5}}(?:-?\d{{4}})?)$"
_CA_END = rf"(?:[,\s]+|^)({_PROVINCES})\.?[,\s]+([A-Z]\d[A-Z][ -]?\d[A-Z]\d)$"
_AU_END = rf"(?:[,\s]+|^)({_AUSTRALIA})[,\s]+(\d{{4}})$"
_STATE_END = rf",\s*({STATES})$"
_UK_CODE = r"(?i)\b([a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2})$"
"""British postcodes (BS 7666)."""
_SG_END = r"[,\s]+(\d{6})$"
_CONTINENT = (
    r"(?:^|,\s*)(?:[A-Z]{1,2}-)?(\d{4} ?[A-Z]{2}|\d{5}|\d{4}-\d{3}|\d{2}-\d{3}|\d{3} \d{2}|\d{4})"
    r"\s+([\pL][^\d,]*[\pL])\s*$"
)
"""The town behind its postcode, as on most of the European continent."""
STREETS = (
    "street|avenue|road|boulevard|drive|lane|court|place|plaza|square|terrace|parkway|highway|freeway|expressway"
    "|circle|crescent|trail|alley|way|walk|row|mews|close|grove|gardens|hill|broadway|quay|rise|view|loop|pike"
    "|turnpike|crossing|route|path|green|park|queensway|kingsway|strand|embankment"
)
"""Words that English streets end with."""

_ROAD_WORDS = (
    r"[^\d,]*(?:stra(?:ß|ss)e|str\.?|gasse|weg|platz|allee|ufer|damm|ring|markt|hof|straat|laan|plein|kade|gracht|dijk"
    r"|gatan|v[äa]gen|gade|vej|veien|katu|tie|utca|út)"
)
_ROAD_LEADS = (
    r"(?:via|viale|piazza|corso|largo|calle|c/|avenida|avda\.?|paseo|plaza|rua|travessa|praça"
    r"|ul\.|ulica|al\.)\s[^\d,]+"
)
_NUMBER_LAST = (
    rf"(?i)(?:^|,\s*)({_ROAD_WORDS}|{_ROAD_LEADS}?)[ ,]+(?:nr\.?|no\.?|n[º°.]?)?\s*"
    r"(\d{1,4}\s?[a-z]?(?:[-/]\d{1,4}[a-z]?)?)(?:\s*,|\s*$)"
)
"""The house number behind the road."""

_TAIWAN = (
    r"(?i)(?:(?:no\.?|number)\s*(\d+(?:-\d+)?)\s*,\s*)"
    r"((?:(?:aly\.?|alley|ln\.?|lane|sec\.?|section)\s*\d+\s*,\s*)*"
    r"[\pL .'\-]+?(?:rd|road|st|street|blvd|ave)\.?)\s*(?:,|$)"
)
_JAPAN = r"(?i)(?:^|,\s*)(\d+(?:-\d+){1,3})[ ,]+([\pL][\pL'\-]*)(?:,|$)"
_TOKYO = (
    "Tokyo|Osaka|Kyoto|Hokkaido|Kanagawa|Aichi|Fukuoka|Hyogo|Saitama|Chiba|Hiroshima|Miyagi"
    "|Shizuoka"
)
"""The prefectures with most firms (経済センサス 2021)."""

_COUNTRY_THEN_CODE = r"(?i)\b(singapore|china|taiwan|japan|korea|india)[ ,]+(\d[\d -]{2,7}\d)$"
"""Singapore 048616: in Asia the postcode may end it all."""

_ANY_ENDING = "|".join(
    f"(?:{end})" for end in (_US_END, _CA_END, _AU_END, _STATE_END, _UK_CODE, _CONTINENT)
)
_COLUMNS = (
    "country", "postcode", "province", "city", "district", "town", "local",
    "own_number", "own_road", "own_room",
)  # fmt: skip


def read(addresses: pl.Series) -> pl.DataFrame:
    """Columns country (ISO 3166-1), postcode, province, city, district, town, and what is left.

    `own_number`, `own_road` and `own_room` are read in the country's own way; `local` is the
    address without country, state and postcode.
    """
    frame = _by_ending(_without_country(addresses))
    frame = frame.with_columns(
        district=pl.lit(None, pl.String),
        town=pl.lit(None, pl.String),
        own_room=pl.lit(None, pl.String),
    )
    for step in (_european, _japan, _taiwan, _hong_kong, _china):
        frame = step(frame)
    return frame.select(_COLUMNS)


def _by_ending(frame: pl.DataFrame) -> pl.DataFrame:
    """The country by state, postcode and town at the end; most street addresses have none."""
    plain, none = pl.col("plain"), pl.lit(None, pl.String)
    known = {"province": none, "postcode": none, "city": none, "continental": none}
    named = _where(frame["plain"].str.contains(_ANY_ENDING))
    named |= frame["country"].is_not_null()
    bare = frame.filter(~named).with_columns(local=plain.str.strip_chars(" ,."), **known)
    if not named.any():
        return bare
    return in_place(named, _read_ending(frame.filter(named)).select(bare.columns), bare)


def _read_ending(frame: pl.DataFrame) -> pl.DataFrame:
    plain = pl.col("plain")
    frame = frame.with_columns(
        us=plain.str.extract_groups(_US_END),
        ca=plain.str.extract_groups(_CA_END),
        au=plain.str.extract_groups(_AU_END),
        state=plain.str.extract(_STATE_END),
        uk=plain.str.extract(_UK_CODE),
        sg=pl.when(pl.col("country") == "SG").then(plain.str.extract(_SG_END)),
        town_code=_town_and_code(),
    )
    us, ca, au, continent = (pl.col(name).struct for name in ("us", "ca", "au", "town_code"))
    frame = frame.with_columns(
        province=pl.coalesce(us[0], ca[0], au[0], "state"),
        postcode=pl.coalesce(us[1], ca[1], au[1], "uk", "sg", continent[0]),
        country=pl.coalesce(
            "country",
            pl.when(us[1].is_not_null()).then(pl.lit("US")),
            pl.when(ca[1].is_not_null()).then(pl.lit("CA")),
            pl.when(au[1].is_not_null()).then(pl.lit("AU")),
            pl.when(pl.col("uk").is_not_null()).then(pl.lit("GB")),
        ),
        local=plain.str.replace(_US_END, "")
        .str.replace(_CA_END, "")
        .str.replace(_AU_END, "")
        .str.replace(_STATE_END, "")
        .str.replace(_UK_CODE, "")
        .str.strip_chars(" ,."),
        continental=continent[1],
    )
    known = pl.col("province").is_not_null() | pl.col("uk").is_not_null()
    return frame.with_columns(
        city=pl.coalesce(
            pl.when(known).then(pl.col("local").str.extract(r",\s*([^,\d]+)$")), "continental"
        )
    )


def _town_and_code() -> pl.Expr:
    """Postcode and town; 1234 Park Road and 4301 S. Cottage are houses in a street."""
    found = pl.col("plain").str.extract_groups(_CONTINENT)
    return pl.when(~found.struct[1].str.contains(_street())).then(found)


@cache
def _street() -> str:
    full, table = set(STREETS.split("|")), knowledge.rows("street_words.tsv")[1:]
    written = [re.escape(short) for short, word in table if word in full]
    sides = "north|south|east|west|[ns]?[ew]|[ns]"
    ending = rf" (?:{STREETS}|{'|'.join(written)})\.?(?: (?:{sides})\.?)?$"
    return rf"(?i){ending}|^(?:[nsew]\.? |broadway$)"


def _without_country(addresses: pl.Series) -> pl.DataFrame:
    """The address without the country it ends with (`plain`), and the country's code."""
    pattern, codes = _countries()
    raw = only_where(
        addresses, _COUNTRY_THEN_CODE, lambda a: a.str.replace(_COUNTRY_THEN_CODE, "${2}, ${1}")
    )
    frame = pl.DataFrame({"plain": raw})
    plain = pl.col("plain")
    named = _where(raw.str.contains(pattern))
    home = frame.filter(~named).with_columns(country=pl.lit(None, pl.String))
    if named.any():
        name = plain.str.extract(pattern).str.to_lowercase().str.replace_all(r"[^\pL]", "")
        abroad = frame.filter(named).with_columns(
            plain.str.replace(pattern, ""),
            country=name.replace_strict(codes, default=None, return_dtype=pl.String),
        )
        home = in_place(named, abroad, home)
    return home.with_columns(plain.str.strip_chars(" ,."))


def _where(condition: pl.Series) -> pl.Series:
    return condition.fill_null(value=False)


@cache
def _countries() -> tuple[str, dict[str, str]]:
    """A pattern for a country at the end, and the codes of the folded names."""
    codes: dict[str, str] = {}
    names = []
    for code, english, _, also in knowledge.rows("countries.tsv")[1:]:
        for name in (english, *also.split("|")):
            if name and re.search("[A-Za-z]{2}|^U", name) and english != "Georgia":
                codes[re.sub(r"[\W\d_]", "", name.lower())] = code
                names.append(re.escape(name.lower()).replace(r"\.", r"\.?").replace(r"\ ", r"\s?"))
    either = "|".join(sorted(names, key=len, reverse=True))
    return rf"(?i)(?:[,\s]+|^[^,]*,\s*)({either})\.?$", codes


def _european(frame: pl.DataFrame) -> pl.DataFrame:
    found = pl.col("local").str.extract_groups(_NUMBER_LAST)
    sure = pl.col("continental").is_not_null() | pl.col("country").is_not_null()
    sure |= pl.col("local").str.contains(r"(?i)(?:^|,\s*)[^\d,]*(?:stra(?:ß|ss)e|str\.)\s*\d")
    street = found.struct[0].str.to_lowercase().str.replace(r"str\.?$", "strasse")
    none = pl.lit(None, pl.String)
    return fill(
        frame.with_columns(own_road=none, own_number=none),
        sure,
        own_road=street.str.replace_all("ß", "ss"),
        own_number=found.struct[1].str.to_lowercase().str.replace(" ", ""),
    )


def _japan(frame: pl.DataFrame) -> pl.DataFrame:
    there = (pl.col("country") == "JP") | pl.col("plain").str.contains(
        rf"(?i)-(?:ku|shi|gun|cho|machi)\b.*(?:{_TOKYO})"
    )
    plain = pl.col("plain")
    found = plain.str.extract_groups(_JAPAN)
    return fill(
        frame,
        there,
        country=pl.lit("JP"),
        own_number=found.struct[0],
        own_road=found.struct[1].str.to_lowercase(),
        district=plain.str.extract(r"(?i)([\pL]+-ku)\b"),
        city=plain.str.extract(r"(?i)([\pL]+-(?:shi|gun))\b"),
        province=plain.str.extract(rf"(?i)\b({_TOKYO})\b"),
        postcode=plain.str.extract(r"\b(\d{3}-\d{4})\b"),
    )


def _taiwan(frame: pl.DataFrame) -> pl.DataFrame:
    there, plain = (pl.col("country") == "TW").fill_null(value=False), pl.col("plain")
    found = plain.str.extract_groups(_TAIWAN)
    road = found.struct[1].str.to_lowercase().str.replace_all(r"[.,]", "")
    road = road.str.replace(r"\brd$", "road").str.replace(r"\bst$", "street")
    return fill(
        frame.with_columns(own_road=pl.when(~there).then("own_road")),
        there,
        own_number=found.struct[0],
        own_road=road.str.replace(r"^(sec(?:tion)? \d+) (.*)$", "${2} ${1}"),
        own_room=plain.str.extract(r"(?i)\b(?:room|rm\.?)\s*([\dA-Z]+)").str.to_lowercase(),
        district=plain.str.extract(
            r"(?i)([\pL'\- ]+? (?:dist\.?|district))(?:,|\s|$)"
        ).str.strip_chars(),
        city=plain.str.extract(r"(?i)([\pL'\- ]+? (?:city|county))\b").str.strip_chars(),
        postcode=plain.str.extract(r"\b(\d{3}(?:\d{2,3})?)$"),
    )


def _hong_kong(frame: pl.DataFrame) -> pl.DataFrame:
    there, plain = pl.col("country").is_in(["HK", "MO"]), pl.col("plain")
    way = r"(?:road|street|avenue|lane|path|terrace|drive|queensway|broadway|praya|plaza|square)"
    road = rf"[\pL' ]*{way}(?: (?:central|east|west|north|south))?"
    found = plain.str.extract_groups(rf"(?i)(?:^|,\s*)(\d+[a-z]?(?:-\d+[a-z]?)?)\s+({road})(?:,|$)")
    return fill(
        frame,
        there,
        own_number=found.struct[0],
        own_road=found.struct[1].str.to_lowercase(),
        town=plain.str.extract(r",\s*([\pL' .]+)$"),
    )


def _china(frame: pl.DataFrame) -> pl.DataFrame:
    """An English address in China: its city is the one the Chinese address names."""
    country, plain = pl.col("country"), pl.col("plain")
    perhaps = country.is_null() & plain.str.contains(_spelled_ending())
    pieces = plain.str.replace(r"[,\s]+\d{6}$", "").str.to_lowercase().str.split(",")
    last = pieces.list.get(-1, null_on_oob=True).pipe(_bare)
    before = pieces.list.get(-2, null_on_oob=True).pipe(_bare)
    provinces, cities = _spelled()
    named = last.replace_strict(provinces, default=None)
    inside = pl.concat_str(named, before, separator="|").replace_strict(_inside(), default=None)
    city = pl.coalesce(inside, last.replace_strict(cities, default=None))
    sure = country.is_not_null() | city.is_not_null()
    home = city.replace_strict(province_of(), default=None)
    return fill(
        frame,
        (country == "CN") | perhaps,
        country=pl.when(city.is_not_null()).then(pl.lit("CN")),
        province=pl.when(sure).then(pl.coalesce(named, home)),
        city=city,
        district=pl.when(sure).then(plain.str.extract(r"(?i)([\pL']+ district)\b")),
        postcode=pl.when(sure).then(plain.str.extract(r"\b(\d{6})$")),
    )


@cache
def _spelled_ending() -> str:
    """The last two letters of any city or province in pinyin, or a word for its rank."""
    ends = {name[-2:] for table in _spelled() for name in table}
    pairs = "|".join(f"{end[0]}[^a-z]*{end[1]}" for end in sorted(ends))
    return f"(?i)(?:{pairs}|{_RANKS})[^a-z]*$"


_RANKS = "province|city|municipality|shi|sheng"


def _bare(piece: pl.Expr) -> pl.Expr:
    """A place's own word: Guangdong Province, Shenzhen City, P.R. of a tail."""
    return piece.str.replace(rf"\b(?:{_RANKS})\b", "").str.replace_all(r"[^a-z]", "")


@cache
def _spelled() -> tuple[dict[str, str], dict[str, str]]:
    """Pinyin to province, and to city where it is only one's: Suzhou is 苏州 and 宿州."""
    provinces = {_pinyin(name): name for name in divisions()["province"].unique().to_list()}
    cities: defaultdict[str | None, set[str]] = defaultdict(set)
    for city in province_of():
        cities[_pinyin(city)] |= {city, provinces.get(_pinyin(city), city)}
    alone = {spelled: names.pop() for spelled, names in cities.items() if len(names) == 1}
    return (
        {spelled: name for spelled, name in provinces.items() if spelled},
        {spelled: name for spelled, name in alone.items() if spelled},
    )


@cache
def _inside() -> dict[str, str]:
    """`province|pinyin` to the city of that province."""
    return {f"{province}|{_pinyin(city)}": city for city, province in province_of().items()}


def _pinyin(name: str) -> str | None:
    return _syllables().get(stem(name))


@cache
def _syllables() -> dict[str, str]:
    return dict(knowledge.pairs("region_pinyin.tsv"))
