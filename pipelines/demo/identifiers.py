"""Numbers a registry or a telephone company hands out: right in form, belonging to nobody."""

from random import Random

USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015, table 2: no I, O, S, V or Z."""
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
"""GB 32100-2015, table 3."""
ORG_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11714-1997, the organisation code's eight weights."""
MOBILE_PREFIXES = (
    "130",
    "133",
    "136",
    "137",
    "138",
    "139",
    "150",
    "158",
    "159",
    "180",
    "186",
    "189",
)


def org_check(body: str) -> str:
    """The ninth character of an organisation code (GB 11714-1997)."""
    total = sum(
        ORG_CHARACTERS.index(character) * weight
        for character, weight in zip(body, ORG_WEIGHTS, strict=True)
    )
    return "0123456789X"[(11 - total % 11) % 11]


def uscc_check(body: str) -> str:
    """The last character of a unified social credit code (GB 32100-2015, 4.7)."""
    total = sum(
        USCC_CHARACTERS.index(character) * weight
        for character, weight in zip(body, USCC_WEIGHTS, strict=True)
    )
    return USCC_CHARACTERS[(31 - total % 31) % 31]


def make_uscc(rng: Random, region: str, *, all_digits: bool = False) -> str:
    """A firm's unified social credit code: registered by industry and commerce (9), a firm (1)."""
    while True:
        if all_digits or rng.random() < 0.4:
            org = f"{rng.randrange(60_000_000, 80_000_000)}"
        else:
            org = "MA" + "".join(rng.choice(USCC_CHARACTERS) for _ in range(6))
        body = f"91{region}{org}{org_check(org)}"
        code = body + uscc_check(body)
        if code.isdigit() or not all_digits:
            return code


def break_uscc(rng: Random, code: str) -> str:
    """A unified social credit code with a typo: its check character no longer agrees."""
    place = rng.randrange(8, 16)
    wrong = rng.choice([c for c in "0123456789" if c != code[place]])
    return code[:place] + wrong + code[place + 1 :]


def make_mobile(rng: Random) -> str:
    """A mainland mobile number from blocks with three zeros, which look as made up as they are."""
    return f"{rng.choice(MOBILE_PREFIXES)}000{rng.randrange(100_000):05d}"


def landline_pattern(area_code: str, digits: int) -> str:
    """The fixed lines on 555… of an area: area code, hyphen, local number."""
    return f"{area_code}-555{'#' * (digits - 3)}"


def fill_pattern(rng: Random, pattern: str) -> str:
    """Put a digit for every `#` of a phone or postcode pattern."""
    return "".join(
        str(rng.randrange(10)) if character == "#" else character for character in pattern
    )
