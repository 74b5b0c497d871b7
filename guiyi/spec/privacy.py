"""Who may see what: the kinds that are hidden, and the roles that see more, or less."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from guiyi.kinds import Kind
from guiyi.spec.base import Name, Spec

Masks = Annotated[
    tuple[Literal["personal", "usual"] | Kind, ...],
    BeforeValidator(lambda v: [v] if isinstance(v, str) else v),
]


class RoleSpec(Spec):
    """What those of one role see of customers."""

    masks: Masks = ("usual",)
    """Kinds that are masked for the role; `usual` stands for those under `privacy.mask`,
    `personal` for these and every kind that identifies a person. `[]`: it sees everything."""
    rows: Literal["all", "own"] = "all"
    """Whose customers it sees: of those that are not its `own` (`entities.NAME.owner`) only that
    they exist."""
    reason: bool = False
    """Whether it must say why (`--why`) to see what others see masked."""


class PrivacySpec(Spec):
    """What is hidden from those who need not see it."""

    mask: tuple[Kind, ...] = (Kind.PHONE, Kind.EMAIL, Kind.ID_CARD)
    """Kinds whose values are masked on the screen and in reports, exports and notebooks, also where
    a record's key or a text repeats them, for everybody who has not stated a role that sees
    them."""
    roles: dict[Name, RoleSpec] = {}
    """Roles of your own, and others in the place of steward, manager, sales, auditor and
    analyst."""
    departments: dict[str, tuple[str, ...]] = {}
    """Who belongs to a department (or team, or region) that is named as the `owner` of
    customers."""
