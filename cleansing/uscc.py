"""An organisation is known by its number: the unified social credit code, and what came before.

Beside the code itself (GB 32100-2015) the column may hold organisation codes (GB 11714-1997), old
business registration numbers (GS 15-2006), taxpayer ids made from these, and the numbers of other
places: Taiwan's 統一編號, the LEI (ISO 17442) and European VAT numbers.
"""

import re
from collections.abc import Mapping

import polars as pl

from cleansing.check_character import (
    USCC_ALPHABET,
    is_run,
    is_taiwan_business,
    org_check,
    org_is_right,
    registration_check,
    uscc_is_right,
)
from cleansing.column import PLAIN, Row, finish, when, why
from cleansing.reasons import argued
from cleansing.text import tidy, where_untidy
from guiyi.even_chunks import even_chunks

PARTS: Mapping[str, pl.DataType] = {"key": pl.String(), "org": pl.String()}

_FORM = rf"^[1-9ANY][1-9]\d{{6}}[{USCC_ALPHABET}]{{10}}$"
"""Registering department, type, GB/T 2260 region, organisation code, check character."""

_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U"})
_LABEL = re.compile(
    r"^((?:统一社会信用代码|社会信用代码|信用代码|纳税人识别号|税号|税務編號|統一編號|统一编号|注册号|工商注册号"
    r"|组织机构代码|USCC|TAX ?(?:ID|NO\.?)|VAT(?: NO\.?)?|LEI)\s*(?:\(.*?\))?)\s*[:.]?\s*"
)
_CHINA = re.compile(rf"^(CN)(?=[0-9ANY][0-9]\d{{6}}[{USCC_ALPHABET}]{{10}}$)")
"""The country put before the number, as before European ones."""
_IRISH = re.compile(r"IE\d\*\d{5}[A-W]")
"""An asterisk is a sign of old Irish VAT numbers."""
_MASKED = re.compile(r"[*•●■□#?…×]{2,}|\w[*•●■□#?…×]+\w")
"""Characters hidden from whoever exported the file: many share what is left."""
_UNLIKE = "unsure: the organisation code within has another check character"
"""GB 32100-2015, 5: characters 9 to 17 are the organisation code (GB 11714), check and all."""
_LOST = "damaged: digits lost to scientific notation"
_ROUNDED = "damaged: last digits lost to rounding"
_PLACEHOLDER = "invalid: placeholder"


def clean(values: pl.Series) -> pl.DataFrame:
    """Prove each number by its check character; a wrong one is null with what may be wrong."""
    tidied = where_untidy(values, tidy).str.to_uppercase()
    frame = even_chunks(pl.DataFrame({"raw": values, "tidied": tidied})).with_columns(
        value=pl.col("tidied").str.replace_all(r"[\s\-]", "")
    )
    shaped = frame["value"].str.contains(_FORM).fill_null(value=False)
    right = shaped.scatter(shaped.arg_true(), uscc_is_right(frame["value"].filter(shaped)))
    run = pl.col("value").str.starts_with("12345678") | pl.col("value").str.starts_with("98765432")
    unlike = right.scatter(
        right.arg_true(), ~org_is_right(frame["value"].filter(right).str.slice(8, 9))
    )
    half_done = frame.with_columns((pl.lit(right) & ~run).alias(PLAIN)).select(
        "value",
        why(when(pl.lit(unlike), _UNLIKE), when(pl.col("value") != pl.col("raw"), "tidied")).alias(
            "reason"
        ),
        pl.col("value").alias("key"),
        pl.col("value").str.slice(8, 9).alias("org"),
        PLAIN,
    )
    return finish(values, frame["tidied"], half_done, clean_one, PARTS)


def clean_one(value: str, tidied: str) -> Row:
    """Read one number, whatever it is of."""
    label = _LABEL.match(tidied)
    text = tidied if label is None else tidied[label.end() :]
    china = _CHINA.match(text)
    labels = [mark[1].strip() for mark in (label, china) if mark is not None]
    found, reason, *parts = _read(value, _CHINA.sub("", text))
    if found is None or not labels:
        return (found, reason, *parts)
    removed = argued("label removed: {}", " ".join(labels))
    return (found, removed if reason is None else f"{reason}; {removed}", *parts)


def _read(value: str, text: str) -> Row:
    """Read one number without its label."""
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", text):
        return (None, _LOST, None, None)
    if _MASKED.search(text) and not _IRISH.fullmatch(text):
        return (None, "invalid: masked", None, None)
    code = re.sub(r"[\s\-./,·():]", "", re.sub(r"^(\d{8,18})\.0+$", r"\1", text))
    notes = [] if code == value else ["tidied"]
    known = None if is_run(code) else _recognise(code)
    if known is not None:
        return (code, "; ".join([known[0], *notes] if known[0] else notes) or None, code, known[1])
    foreign = None if is_run(code) else _abroad(code)
    if foreign is not None:
        name, code = foreign
        return (code, name if code == value else f"{name}; tidied", code, None)
    fault = _fault(code)
    comparable = fault.startswith("invalid") and fault != _PLACEHOLDER
    return (None, fault, code or None if comparable else None, None)


def _recognise(code: str) -> tuple[str, str | None] | None:
    """Name the kind of number that the code proves to be, and the organisation code in it."""
    if re.fullmatch(_FORM, code) and _proves(code):
        return "" if _is_org(code[8:17]) else _UNLIKE, code[8:17]
    for form, check, name, org in _ELDERS:
        if re.fullmatch(form, code) and check(code):
            return name, code[org:] if org is not None else None
    return None


def _proves(code: str) -> bool:
    return bool(uscc_is_right(pl.Series([code])).item())


def _is_org(code: str) -> bool:
    return org_check(code[:8]) == code[8]


def _is_resident(code: str) -> bool:
    from cleansing.id_card import is_resident

    return is_resident(code[:18]) if len(code) >= 18 else is_resident(code)


_ELDERS = (
    (r"[0-9A-Z]{8}[0-9X]", _is_org, "organisation code", 0),
    (
        r"\d{15}",
        lambda code: registration_check(code[:14]) == code[14],
        "registration number",
        None,
    ),
    (r"\d{6}[0-9A-Z]{8}[0-9X]", lambda code: _is_org(code[6:]), "taxpayer id", 6),
    (r"\d{17}[0-9X](?:\d\d)?|\d{15}", _is_resident, "taxpayer id of a person", None),
)
"""What China used before 2015: form, proof, name, and where the organisation code begins."""


def _abroad(code: str) -> tuple[str, str] | None:
    """Name a foreign number that proves itself, and write it as its issuer does."""
    if re.fullmatch(r"\d{8}", code):
        return ("Taiwan business number", code) if is_taiwan_business(code) else None
    from stdnum import lei
    from stdnum.eu import vat
    from stdnum.exceptions import ValidationError

    if re.fullmatch(r"[0-9A-Z]{18}\d{2}", code):
        return ("LEI", code) if lei.is_valid(code) else None
    if re.fullmatch(_EUROPEAN, code):
        for written in dict.fromkeys((code, _LAND_TWICE.sub(r"\1", code))):
            try:
                return "EU VAT number", str(vat.validate(written))
            except ValidationError:
                pass
    return _of_one_country(code)


def _fault_of_european(code: str) -> str | None:
    """What is wrong with a number that begins with a country of the European Union; else None."""
    from stdnum.eu import vat
    from stdnum.exceptions import InvalidChecksum, ValidationError

    code = _LAND_TWICE.sub(r"\1", code)
    if not re.fullmatch(_EUROPEAN, code) or len(re.findall(r"\d", code)) < 6:
        return None
    if code[:2].lower() not in {*vat.MEMBER_STATES, "el", "xi"}:
        return None
    try:
        vat.validate(code)
    except InvalidChecksum:
        return "invalid: check character"
    except ValidationError:
        return f"invalid: not the form of a VAT number of {code[:2]}"
    return None


_EUROPEAN = r"[A-Z]{2}[0-9A-Z+*]{2,15}"
_LAND_TWICE = re.compile(r"^([A-Z]{2})U?\1")
"""Forms print the country before the box, and people write it into the box: DE DE123456789."""


def _of_one_country(code: str) -> tuple[str, str] | None:
    """Name a number of a single country, of those whose form is hardly met by chance."""
    from importlib import import_module

    from stdnum.exceptions import ValidationError

    for form, module, name in _COUNTRIES:
        if re.fullmatch(form, code):
            try:
                import_module(f"stdnum.{module}").validate(code)
                return name, code
            except ValidationError:
                continue
    return None


_COUNTRIES = (
    (r"GB\d{9}(?:\d{3})?", "gb.vat", "British VAT number"),
    (r"CHE\d{9}(?:MWST|TVA|IVA|TPV)?", "ch.uid", "Swiss UID"),
    (r"(?:NO)?\d{9}MVA", "no.mva", "Norwegian VAT number"),
    (r"\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]", "in_.gstin", "Indian GSTIN"),
    (r"\d{8,9}[A-Z]|[TSR]\d{2}[A-Z]{2}\d{4}[A-Z]", "sg.uen", "Singapore UEN"),
    (r"\d{13}", "jp.cn", "Japanese corporate number"),
)
"""Form, python-stdnum module, name. Plain digits of other countries (ABN, INN, EIN …) prove too
little to be told from a mistyped Chinese number."""


def _fault(code: str) -> str:
    """Say what is wrong, and what would put it right, without putting it right."""
    if re.fullmatch(r"(.)\1*", code) or is_run(code):
        return _PLACEHOLDER
    if re.fullmatch(r"\d{15}0{3}", code):
        return _ROUNDED
    european = _fault_of_european(code)
    if european is not None:
        return european
    if len(code) == 18:
        return _fault_of_18(code)
    if len(code) in (8, 9, 15, 20):
        return "invalid: check character"
    if not re.search(r"\d", code):
        return "invalid: no digits"
    return f"invalid: {len(code)} characters, not 18"


def _fault_of_18(code: str) -> str:
    meant = code.translate(_LOOKALIKE)
    foreign = sorted(set(re.findall(r"[IOSVZ]", code)))
    if foreign:
        fits = re.fullmatch(_FORM, meant) is not None and _proves(meant)
        pairs = ", ".join(f"{c} for {c.translate(_LOOKALIKE)}" for c in foreign)
        return (
            f"invalid: {pairs}; check character then fits"
            if fits
            else f"invalid: letter {', '.join(foreign)} is never used"
        )
    if re.fullmatch(rf"[{USCC_ALPHABET}]{{18}}", code) is None:
        return "invalid: not letters and digits"
    if re.fullmatch(_FORM, code) is None:
        return "invalid: first eight characters"
    return "invalid: check character"
