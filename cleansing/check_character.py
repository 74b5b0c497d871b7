"""The last character of a well-made number proves the others; a whole column is proved at once."""

import numpy as np
import numpy.typing as npt
import polars as pl
from stdnum.iso7064 import mod_11_2, mod_11_10

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100-2015, table 2: thirty-one characters, without I, O, S, V and Z."""

USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
"""GB 32100-2015, annex A: the weight of place i is 3^(i-1) mod 31."""

RESIDENT_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
"""GB 11643-1999: the weight of place i is 2^(i-1) mod 11, counted from the right."""

RESIDENT_CHECKS = "10X98765432"
"""GB 11643-1999: the check character for the weighted sum modulo 11."""

ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11714-1997: weights of the eight characters of an organisation code."""

_ORDINALS = np.full(256, -1, dtype=np.int64)
for _ordinal, _character in enumerate(USCC_ALPHABET):
    _ORDINALS[ord(_character)] = _ordinal


def uscc_is_right(codes: pl.Series) -> pl.Series:
    """Prove unified social credit codes; each must be 18 characters of the alphabet."""
    characters = _bytes_of(codes, 18)
    sums = _ORDINALS[characters[:, :17]] @ np.array(USCC_WEIGHTS)
    return pl.Series((31 - sums % 31) % 31 == _ORDINALS[characters[:, 17]])


def resident_is_right(numbers: pl.Series) -> pl.Series:
    """Prove resident identity numbers; each must be 17 digits and a digit or X."""
    characters = _bytes_of(numbers, 18)
    checks = np.frombuffer(RESIDENT_CHECKS.encode(), dtype=np.uint8)
    sums = (characters[:, :17].astype(np.int64) - ord("0")) @ np.array(RESIDENT_WEIGHTS)
    return pl.Series(checks[sums % 11] == characters[:, 17])


_KEYBOARD = ("1234567890" * 3, "9876543210" * 3)


def is_run(number: str) -> bool:
    """Tell digits typed along the keyboard (123456789012345678), which may even prove."""
    typed = number if len(number) < 15 else number[:-1]
    return len(typed) >= 8 and any(typed in run for run in _KEYBOARD)


def org_is_right(codes: pl.Series) -> pl.Series:
    """Prove organisation codes; each must be nine capital letters and digits."""
    characters = _bytes_of(codes, 9).astype(np.int64)
    values = np.where(characters > ord("9"), characters - 55, characters - 48)
    rest = (11 - values[:, :8] @ np.array(ORG_WEIGHTS) % 11) % 11
    return pl.Series(rest == np.where(characters[:, 8] == ord("X"), 10, values[:, 8]))


def resident_check(digits: str) -> str:
    """Find the check character of a resident number's first seventeen digits.

    ISO 7064 MOD 11-2.
    """
    return str(mod_11_2.calc_check_digit(digits[:17]))


def org_check(code: str) -> str:
    """Find the check character of an organisation code's first eight (GB 11714)."""
    total = sum(w * int(c, 36) for c, w in zip(code, ORG_WEIGHTS, strict=False))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def registration_check(digits: str) -> str:
    """Find the check digit of an old registration number's first fourteen (GS 15-2006).

    ISO 7064 MOD 11,10.
    """
    return str(mod_11_10.calc_check_digit(digits))


def is_taiwan_business(number: str) -> bool:
    """Prove a Taiwan business number, eight digits (財政部, the rule of April 2023: mod 5)."""
    products = [int(d) * w for d, w in zip(number, (1, 2, 1, 2, 1, 2, 4, 1), strict=True)]
    total = sum(product // 10 + product % 10 for product in products)
    return total % 5 == 0 or (number[6] == "7" and (total + 1) % 5 == 0)


def _bytes_of(codes: pl.Series, width: int) -> npt.NDArray[np.uint8]:
    joined = codes.str.join("").item() if codes.len() else ""
    return np.frombuffer(joined.encode("ascii"), dtype=np.uint8).reshape(-1, width)
