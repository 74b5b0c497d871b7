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

_NANP_TOLLFREE = ("800", "833", "844", "855", "866", "877", "888")


def read_number(text: str, home: str | None) -> Number | Fault:
    """Read one number; `home` is the country of numbers that name none."""
    digits = re.sub(r"\D", "", text)
    if len(digits) > 15:
        return Fault("invalid: too many digits")
    if re.fullmatch(PLACEHOLDER, re.sub(r"^(?:00)?86(?=\d{11}$)", "", digits)):
        return Fault("invalid: placeholder")
    abroad = re.match(r"\s*(?:\(?\s*\+|00)\s*[1-9]", text)
    if abroad:
        return _international(digits.removeprefix("00") if "+" not in text[:4] else digits, text)
    found = _chinese(digits, text, home) if home in (None, "CN") else None
    found = found or _north_american(digits, text, home) or (_parse(digits, home) if home else None)
    found = found or (_chinese(digits, text, None) if home not in (None, "CN", "US") else None)
    return found or _without_plus(digits, text) or _unverified(digits, text, home)


_NEIGHBOURS = r"\s*\(?(?:85[23]|886|8[12]|6[015]|44|49|33|7|1)\)?[\s-]"
"""Country codes set apart from the number, as (852)2345 6789 and 81-3-1234-5678; others are seldom
met without their plus sign, and easily an area code."""


def _without_plus(digits: str, text: str) -> Number | None:
    """Read a number whose country code lacks its plus sign."""
    if len(digits) < 10 or not (re.match(_NEIGHBOURS, text) or re.match(r"\s*\(85[23]\)", text)):
        return None
    found = _parse("+" + digits, None)
    return found and replace(found, reason="country code without +")


def _international(digits: str, text: str) -> Number | Fault:
    digits = re.sub(r"^86(?=86\d{11}$)", "", digits)
    if digits.startswith("86"):
        rest = digits[2:].lstrip("0")
        chinese = _chinese("0" + rest, "", "CN") or _chinese(rest, "", "CN")
        return chinese or _parse("+" + digits, None) or Fault("invalid: no Chinese number")
    found = _parse("+" + digits, None) or _parse(
        "+" + re.sub(r"\(0\)", "", text.split("+")[-1]), None
    )
    if found:
        return found
    if 7 <= len(digits) <= 15:
        return Number(f"+{digits}", f"+{digits}", OTHER, "unverified")
    return Fault("invalid: wrong number of digits")


def _chinese(digits: str, text: str, home: str | None) -> Number | None:
    """Read a number as it is written inside China."""
    bare = re.sub(r"^(?:0{0,2}86|0)(?=1[3-9]\d{9}$)", "", digits)
    if re.fullmatch(CHINESE_MOBILE, bare) and not re.match(
        r"\s*1[-. ]\(?\d{3}\)?[-. ]\d{3}[-. ]", text
    ):
        return Number(f"+86{bare}", f"+86{bare}", MOBILE)
    bare = re.sub(r"^(?:0{0,2}86)(?=0?[1-9]\d{8,10}$)", "", digits)
    trunk = bare.startswith("0")
    area = bare.lstrip("0") if trunk else bare
    service = re.fullmatch(r"(400|800)\d{7}", area)
    if (service and not re.search(r"\d[./)]\s*\d", text)) or (service and home == "CN"):
        return Number(f"+86{area}", f"+86{area}", TOLLFREE if service[1] == "800" else OTHER)
    at_home = home == "CN" and not _grouped_as_american(text)
    if (trunk or bare != digits or at_home) and _is_chinese_landline(area):
        restored = None if trunk or bare != digits else "trunk 0 restored"
        return Number(f"+86{area}", f"+86{area}", LANDLINE, restored)
    if home == "CN" and re.fullmatch(_CHINESE_SERVICE, digits):
        return Number(f"+86{digits}", digits, OTHER)
    return None


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


def _is_chinese_landline(area: str) -> bool:
    return len(area) >= 9 and _landline_pattern().fullmatch(area) is not None


def _grouped_as_american(text: str) -> bool:
    """Tell whether the groups are three, three and four digits, as nobody writes them in China."""
    groups = r"\s*\(?(?:1[-. ]*)?\(?[2-9]\d\d\)?\s*[-./ )]\s*\d{3}\s*[-. ]\s*\d{4}\s*"
    return re.fullmatch(groups, text) is not None


def _north_american(digits: str, text: str, home: str | None) -> Number | None:
    grouped = _grouped_as_american(text)
    local = digits.removeprefix("1") if len(digits) == 11 else digits
    if home not in ("US", "CA") and not (grouped and home in (None, "CN")):
        return None
    if re.fullmatch(r"[2-9]\d{2}[2-9]\d{6}", local):
        kind = TOLLFREE if local.startswith(_NANP_TOLLFREE) else OTHER
        return Number(f"+1{local}", f"+1{local}", kind)
    return None


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


def _unverified(digits: str, text: str, home: str | None) -> Number | Fault:
    if len(digits) < 5:
        return Fault("invalid: too few digits")
    if home == "CN" and len(digits) in (10, 12) and re.match(r"1[3-9]", digits):
        return Fault(f"invalid: {len(digits)} digits, a mobile has 11")
    if len(digits) < 7 or len(digits) > 12:
        return Fault("invalid: wrong number of digits")
    shown = re.sub(r"\s+", " ", text).strip(" -.,/:")
    return Number(digits, shown, OTHER, "unverified")
