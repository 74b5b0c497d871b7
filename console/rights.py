"""What a role may do in the console."""

from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml


class Right(StrEnum):
    """Something that not everybody may do."""

    CUSTOMERS = "customers"
    """Look customers up by their golden id, with their history."""
    FIND = "find"
    """Ask whether a customer is there already, and report a new one."""
    REVIEW = "review"
    """See what waits for a steward, and decide it."""
    APPROVE = "approve"
    """Open a full load, or take a decision of somebody else back."""
    UNMASK = "unmask"
    """See what is masked of one customer, for a reason that is kept."""
    RUNS = "runs"
    """See runs, batches and reports."""
    AUDIT = "audit"
    """Read the audit chain, and check it."""
    ADMINISTER = "administer"
    """Say who may sign in, and make tokens."""


@cache
def _by_role() -> dict[str, frozenset[Right]]:
    text = files("console").joinpath("data", "rights.yaml").read_text(encoding="utf-8")
    return {role: frozenset(map(Right, own)) for role, own in yaml.safe_load(text).items()}


def rights_of(role: str, *, administers: bool = False) -> frozenset[Right]:
    """The rights of a role, those of an administrator among them."""
    own = _by_role().get(role, _by_role()["others"])
    return own | {Right.ADMINISTER} if administers else own
