"""What a column holds. A kind decides how a value is cleaned and how two values are compared."""

from enum import StrEnum


class Kind(StrEnum):
    """The field kinds of 字段类型."""

    COMPANY_NAME = "company_name"
    PERSON_NAME = "person_name"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    POSTCODE = "postcode"
    REGION = "region"
    INDUSTRY = "industry"
    USCC = "uscc"
    ID_CARD = "id_card"
    DATE = "date"
    CODE = "code"
    AMOUNT = "amount"
    URL = "url"
    TEXT = "text"
    KEY = "key"


PERSONAL = frozenset({Kind.PERSON_NAME, Kind.PHONE, Kind.EMAIL, Kind.ADDRESS, Kind.ID_CARD})
"""Kinds whose values identify a natural person (PIPL art. 4, GDPR art. 4): masked by default."""
