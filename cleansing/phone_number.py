"""One number, its labels and separators gone: whose it is, of what type, and its E.164 form."""

import re
from dataclasses import dataclass, replace
from functools import cache

MOBILE, LANDLINE, TOLLFREE, FAX, OTHER = "mobile", "landline", "tollfree", "fax", "other"


@dataclass(frozen=True)
class Number:
    """A telephone number as it may be dialled."""

    key: str
    """E.164 where the country is known, else the bare digits."""
    shown: str
    """What to show and load: E.164, or the tidied original when the country is unknown."""
    type: str
    reason: str | None = None


@dataclass(frozen=True)
class Fault:
    """What keeps a text from being a telephone number."""

    reason: str


CHINESE_MOBILE = r"1(?:[38]\d|4[5-9]|5[0-35-9]|6[25-7]|7[0-8]|9[0-35-9])\d{8}"
"""Mobile segments assigned by the MIIT (工信部); a little wider than libphonenumber's."""

GROUPED_LINE = r"\D*0\d{1,3}\)?[\s-]*\d{3,4}[\s-]\d{4}"
"""A landline with its area code, in groups: 0516 5558 5082, (02) 2733-8000."""

PLACEHOLDER = r"(\d)\1{6,}|1[3-9]\d0{8}|1[3-9]9{9}|13812345678|1?2345678\d{0,4}|0\d{2,3}0{7,8}|0+"
"""Numbers typed to satisfy a form: they reach nobody, and must not join strangers."""

_CHINESE_SERVICE = r"(?:9[56]\d{3,6}|1(?:00|2\d)\d{2})"
"""Short numbers of the MIIT's plan: 10086, 12345, 95588, 96315 … dialled as they are."""

_NANP_HOMES = ("US", "CA")
_NANP_TOLLFREE = ("800", "833", "844", "855", "866", "877", "888")


LIKE_AMERICAN = "?US"
"""The home of a column whose numbers have the North American form, and nothing says whose they are:
a leading 1 is no part of a number there, and no number is taken for another country's."""

UNKNOWN = "country unknown"
"""The reason of a national number that nothing gives a country."""


def read_number(text: str, home: str | None) -> Number | Fault:
    """Read one number; `home` is the country of numbers that name none.

    Without a home a number stays national, save those that only China writes so.
    """
    digits = re.sub(r"\D", "", text)
    if len(digits.removeprefix("00")) > 15:
        return Fault("invalid: too many digits")
    if re.fullmatch(PLACEHOLDER, re.sub(r"^(?:00)?86(?=\d{11}$)", "", digits)):
        return Fault("invalid: placeholder")
    if re.match(r"\s*(?:\(?\s*\+|00)\s*[1-9]", text):
        american = _north_american(digits) if home in _NANP_HOMES else None
        if american is not None or "+" in text[:4]:
            return american or _international(digits, text)
        abroad = _international(digits.removeprefix("00"), text)
        return _dialled_out(digits, text, home, abroad) or abroad
    return (
        _at_home(digits, text, home)
        or _without_plus(digits, text, home)
        or _national(digits, text, home)
    )


def _at_home(digits: str, text: str, home: str | None) -> Number | None:
    """Read a number as its home writes it, or as only China does."""
    if home == "CN":
        return _chinese(digits, text)
    if home == LIKE_AMERICAN:
        return None if re.fullmatch(_NANP, digits) else _surely_chinese(digits, text)
    found = None
    if home is not None:
        found = (_north_american(digits) if home in _NANP_HOMES else None) or _parse(digits, home)
        if found is not None and (code := _own_code(found.key, digits)):
            return _doubted(digits, text, f"{code} may be the calling code")
    return found or _surely_chinese(digits, text)


def _own_code(key: str, digits: str) -> str | None:
    """The calling code with which digits begin, if they are valid with and without it."""
    code = key[1 : -len(digits)] if key.endswith(digits) else ""
    either = code and digits.startswith(code) and _parse("+" + digits, None)
    return code if either else None


def _dialled_out(
    digits: str, text: str, home: str | None, abroad: Number | Fault
) -> Number | Fault | None:
    """Read what a country dials before a calling code where that is more than 00.

    Australia dials 0011, Korea 001, 002 …; many write 00 there, too.
    """
    known = None if home in (None, LIKE_AMERICAN, "CN") else _outward(str(home))
    dialled = known and known.match(digits)
    if not dialled or dialled.end() < 3:
        return None
    found = _parse(digits, home)
    if found is None or isinstance(abroad, Fault) or abroad.reason is not None:
        return found
    same = found.key == abroad.key
    return None if same else _doubted(digits, text, f"00 or {dialled[0]} before the calling code")


@cache
def _outward(home: str) -> re.Pattern[str] | None:
    from phonenumbers import PhoneMetadata

    metadata = PhoneMetadata.metadata_for_region(home, None)
    known = metadata is not None and metadata.international_prefix
    return re.compile(known) if known else None


def _doubted(digits: str, text: str, why: str) -> Number:
    """Keep a number as it came that is valid in two readings."""
    return Number(digits, _as_written(text), OTHER, f"unsure: {why}")


def _as_written(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" -.,/:")


_NEIGHBOURS = r"\s*\(?(?:85[23]|886|8[12]|6[015]|44|49|33|7|1)\)?[\s-]"
"""Country codes set apart from the number, as (852)2345 6789 and 81-3-1234-5678; others are seldom
met without their plus sign, and easily an area code."""

_UNMISTAKABLE = (
    r"\s*(?:\(?(?:85[23]|886)\)[\s-]?|(?:85[23]|886)[\s-]|1[-. ]\(?[2-9]\d\d\)?[-. ]\d{3}[-. ])"
)
"""Those that are no area code in any country whose numbers are as long: elsewhere 81 is Recife."""


def _without_plus(digits: str, text: str, home: str | None) -> Number | None:
    """Read a number whose country code lacks its plus sign."""
    known = home is not None and home != LIKE_AMERICAN
    spelled = _UNMISTAKABLE if not known else rf"{_NEIGHBOURS}|\s*\(85[23]\)"
    if len(digits) < 10 or not re.match(spelled, text):
        return None
    found = _parse("+" + digits, None)
    return found and replace(found, reason="country code without +")


def _international(digits: str, text: str) -> Number | Fault:
    digits = re.sub(r"^86(?=86\d{11}$)", "", digits)
    if digits.startswith("86"):
        rest = digits[2:].lstrip("0")
        chinese = _chinese("0" + rest, "") or _chinese(rest, "")
        return chinese or _parse("+" + digits, None) or Fault("invalid: no Chinese number")
    found = _parse("+" + digits, None) or _parse(
        "+" + re.sub(r"\(0\)", "", text.split("+")[-1]), None
    )
    if found:
        return found
    if 7 <= len(digits) <= 15:
        return Number(f"+{digits}", f"+{digits}", OTHER, "unverified")
    return Fault("invalid: wrong number of digits")


# --- China and North America ----------------------------------------------------------------------


def _chinese(digits: str, text: str) -> Number | None:
    """Read a number as it is written inside China."""
    bare = re.sub(r"^(?:0{0,2}86|0)(?=1[3-9]\d{9}$)", "", digits)
    if re.fullmatch(CHINESE_MOBILE, bare) and not re.match(
        r"\s*1[-. ]\(?\d{3}\)?[-. ]\d{3}[-. ]", text
    ):
        return Number(f"+86{bare}", f"+86{bare}", MOBILE)
    bare = re.sub(r"^(?:0{0,2}86)(?=0?[1-9]\d{8,10}$)", "", digits)
    trunk = bare.startswith("0")
    area = bare.lstrip("0") if trunk else bare
    if service := re.fullmatch(r"(400|800)\d{7}", area):
        return Number(f"+86{area}", f"+86{area}", TOLLFREE if service[1] == "800" else OTHER)
    plain = trunk or bare != digits
    if (plain or not _grouped_as_american(text)) and _is_chinese_landline(area):
        return Number(f"+86{area}", f"+86{area}", LANDLINE, None if plain else "trunk 0 restored")
    if re.fullmatch(_CHINESE_SERVICE, digits):
        return Number(f"+86{digits}", digits, OTHER)
    return None


def _surely_chinese(digits: str, text: str) -> Number | None:
    """Read what only China writes so: eleven digits of a mobile, 86 before it, a 400 number.

    Area codes do not help: 0431 is Changchun and Kiel, 020 Canton and London, 010 Peking and every
    Korean mobile. Nor does a trunk 0 before a mobile: 0151 2345 6789 is German.
    """
    if re.fullmatch(SURE_MOBILE, digits) and IN_CHINESE_GROUPS.match(text):
        return Number(f"+86{digits[-11:]}", f"+86{digits[-11:]}", MOBILE)
    if re.fullmatch(r"86(?:(?:10|2\d)\d{8}|[3-9]\d{9,10})", digits) and IN_CHINESE_GROUPS.match(
        text
    ):
        return _chinese(digits, text)
    if re.fullmatch(r"400\d{7}", digits) and re.match(
        r"\s*400[-\s]?\d{3,4}[-\s]?\d{3,4}\s*$", text
    ):
        return Number(f"+86{digits}", f"+86{digits}", OTHER)
    return None


SURE_MOBILE = rf"(?:0{{0,2}}86)?{CHINESE_MOBILE}"
IN_CHINESE_GROUPS = re.compile(r"\s*(?:\(?0{0,2}86[)\s-]*)?\(?(?:0?\d{3}|\d{2}(?=[)\s-]+\d{8}))")
"""13 98765-4321 is São Paulo's, 1 55 1234 5678 Mexico's: in China three digits stand first."""


@cache
def _landline_pattern() -> re.Pattern[str]:
    from phonenumbers import PhoneMetadata

    metadata = PhoneMetadata.metadata_for_region("CN")
    assert metadata is not None
    assert metadata.fixed_line is not None
    return re.compile(str(metadata.fixed_line.national_number_pattern))


def landline_pattern() -> str:
    """Give libphonenumber's pattern of Chinese area codes and landlines, without the trunk 0."""
    return _landline_pattern().pattern


def _is_chinese_landline(area: str) -> bool:
    return len(area) >= 9 and _landline_pattern().fullmatch(area) is not None


def _grouped_as_american(text: str) -> bool:
    """Tell whether the groups are three, three and four digits, as nobody writes them in China."""
    groups = r"\s*\(?(?:1[-. ]*)?\(?[2-9]\d\d\)?\s*[-./ )]\s*\d{3}\s*[-. ]\s*\d{4}\s*"
    return re.fullmatch(groups, text) is not None


_NANP = r"1?([2-9]\d{2}[2-9]\d{6})"


def _north_american(digits: str) -> Number | None:
    """Any area code and exchange: new ones are opened before a library knows them."""
    found = re.fullmatch(_NANP, digits)
    if found is None:
        return None
    kind = TOLLFREE if found[1].startswith(_NANP_TOLLFREE) else OTHER
    return Number(f"+1{found[1]}", f"+1{found[1]}", kind)


# --- every other country --------------------------------------------------------------------------


_METADATA = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "voip", "personal_number",
    "pager", "uan", "voicemail",
)  # fmt: skip


@cache
def valid_pattern(country: str) -> str:
    """Every national number that libphonenumber calls valid where the country's code is dialled."""
    from phonenumbers import PhoneMetadata, country_code_for_region, region_codes_for_country_code

    patterns = set()
    for region in region_codes_for_country_code(country_code_for_region(country)):
        metadata = PhoneMetadata.metadata_for_region(region)
        known = (getattr(metadata, kind) for kind in _METADATA)
        patterns |= {kind.national_number_pattern for kind in known if kind is not None}
    return "|".join(sorted(filter(None, patterns)))


def _parse(digits: str, country: str | None) -> Number | None:
    """Ask libphonenumber."""
    import phonenumbers

    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    key = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Number(key, key, _type(phonenumbers.number_type(number)))


def _type(number: int) -> str:
    from phonenumbers import PhoneNumberType

    return {
        PhoneNumberType.MOBILE: MOBILE,
        PhoneNumberType.FIXED_LINE: LANDLINE,
        PhoneNumberType.TOLL_FREE: TOLLFREE,
    }.get(number, OTHER)


def _national(digits: str, text: str, home: str | None) -> Number | Fault:
    """Keep a number as it is written where its country is unknown, or has no such number."""
    if len(digits) < 5:
        return Fault("invalid: too few digits")
    if home == "CN" and len(digits) in (10, 12) and re.match(r"1[3-9]", digits):
        return Fault(f"invalid: {len(digits)} digits, a mobile has 11")
    if len(digits) < 7 or len(digits) > 12:
        return Fault("invalid: wrong number of digits")
    shown = _as_written(text)
    if home == LIKE_AMERICAN and (found := re.fullmatch(_NANP, digits)):
        digits = found[1]
    known = home is not None and home != LIKE_AMERICAN
    return Number(digits, shown, OTHER, "unverified" if known else UNKNOWN)
