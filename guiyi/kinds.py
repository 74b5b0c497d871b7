"""What a column holds. A kind decides how a value is cleaned and how two values are compared."""

from enum import StrEnum

from guiyi.plugins import KINDS, plugins


class Kind(StrEnum):
    """The field kinds of 字段类型; those of other packages join them by name."""

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

    @classmethod
    def _missing_(cls, value: object) -> "Kind | None":
        """Another spelling, or a kind of another package: a member that no code of ours names."""
        if value in SPELLINGS:
            return SPELLINGS[str(value)]
        if not isinstance(value, str) or value not in plugins(KINDS):
            return None
        kind = str.__new__(cls, value)
        kind._name_, kind._value_ = value.upper(), value
        found = cls._value2member_map_.setdefault(value, kind)
        assert isinstance(found, Kind)
        return found


SPELLINGS = {"organisation_id": Kind.USCC}
"""What the spec may also call a kind: `uscc` holds LEI, VAT and GSTIN beside the credit code."""


def kind_names() -> list[str]:
    """Every name the spec may call a kind."""
    return list(dict.fromkeys([*Kind, *SPELLINGS, *plugins(KINDS)]))
