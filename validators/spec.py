"""What a suite file may say: a handful of shorthands, and any Great Expectations rule by name."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StrictFloat,
    StrictInt,
    model_validator,
)

from guiyi.spec.base import Columns, Name, Spec
from guiyi.spec.yaml_file import Lines


class Severity(StrEnum):
    """What a failure means."""

    CRITICAL = "critical"
    WARNING = "warning"


class SuiteStage(StrEnum):
    """Which records a suite looks at."""

    RECORDS = "records"
    GOLDEN = "golden"


Share = Annotated[float, Field(gt=0, le=1)]
"""A share of rows."""


def _bound(value: object) -> object:
    """A day is written as one: "0" in quotes is not the first of January 1970."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("write a number, or a day such as 2024-01-31") from None
    if isinstance(value, bool | datetime) or not isinstance(value, int | float | date):
        raise ValueError("write a number, or a day such as 2024-01-31")
    return value


Bound = Annotated[StrictInt | StrictFloat | date, BeforeValidator(_bound)]
"""A number or a day; YAML reads an unquoted 2024-01-31 as a day."""


def _listed(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are not text: put them in quotes")
    return str(value) if isinstance(value, int | float | date) else value


Listed = Annotated[str, BeforeValidator(_listed)]
"""A value that may be listed; values are compared as text."""


class Matches(Spec):
    """A column's values match a regular expression (Python's `re`, found anywhere)."""

    column: str
    """The column."""
    regex: str
    """The regular expression."""
    mostly: Share | None = None
    """The share of given values that must pass."""


class InSet(Spec):
    """A column's values are among those listed."""

    column: str
    """The column."""
    values: Annotated[tuple[Listed, ...], Field(min_length=1)]
    """The values allowed."""
    mostly: Share | None = None
    """The share of given values that must pass."""


class Between(Spec):
    """A column's values are numbers or days within bounds, both included."""

    column: str
    """The column."""
    min: Bound | None = None
    """The least allowed."""
    max: Bound | None = None
    """The most allowed."""
    mostly: Share | None = None
    """The share of given values that must pass."""

    @model_validator(mode="after")
    def _bounded(self) -> "Between":
        if self.min is None and self.max is None:
            raise ValueError("give `min`, `max` or both")
        if isinstance(self.min, date) != isinstance(self.max, date) and None not in (
            self.min,
            self.max,
        ):
            raise ValueError("`min` and `max` must both be numbers or both be days")
        return self


class Length(Spec):
    """A column's values have so many characters."""

    column: str
    """The column."""
    min: int | None = Field(default=None, ge=0)
    """The fewest characters."""
    max: int | None = Field(default=None, ge=0)
    """The most characters."""
    mostly: Share | None = None
    """The share of given values that must pass."""

    @model_validator(mode="after")
    def _bounded(self) -> "Length":
        if self.min is None and self.max is None:
            raise ValueError("give `min`, `max` or both")
        return self


class RowCount(Spec):
    """The table has so many rows."""

    min: int | None = Field(default=None, ge=0)
    """The fewest rows."""
    max: int | None = Field(default=None, ge=0)
    """The most rows."""

    @model_validator(mode="after")
    def _bounded(self) -> "RowCount":
        if self.min is None and self.max is None:
            raise ValueError("give `min`, `max` or both")
        return self


class ExpectationSpec(Spec):
    """One expectation: exactly one shorthand, or `expect` with its arguments beside it."""

    model_config = ConfigDict(extra="allow")

    not_null: Columns | None = None
    """Each of these columns has a value."""
    unique: Columns | None = None
    """No two rows have the same value here; of several columns, the same values in all."""
    matches: Matches | None = None
    """A column's values match a regular expression."""
    in_set: InSet | None = None
    """A column's values are among those listed."""
    between: Between | None = None
    """A column's values lie within bounds."""
    length: Length | None = None
    """A column's values have so many characters."""
    rows: RowCount | None = None
    """The table has so many rows."""
    valid: Columns | None = None
    """What was given in each of these fields is a valid value of its kind."""
    any_of: Annotated[tuple[str, ...], Field(min_length=2)] | None = None
    """At least one of these columns has a value."""
    ref: Columns | None = None
    """Each of these relations points to a record."""
    expect: str | None = None
    """A Great Expectations rule by its name; its arguments stand beside it."""

    severity: Severity = Severity.CRITICAL
    """`critical` counts against the gate, `warning` is only reported."""
    quarantine: bool | None = None
    """Whether failing rows are held back; critical expectations about rows do so by default."""
    mostly: Share | None = None
    """The share of rows that must pass; all of them if not given."""
    where: str | None = None
    """A SQL condition; other rows are not looked at."""
    reason: str | None = None
    """The sentence a failing row is reported with, instead of ours."""
    owner: str | None = None
    """Who answers for it: a department of `privacy.departments`, or somebody in one."""

    @property
    def shorthands_given(self) -> list[str]:
        """The shorthands given; a valid expectation has exactly one."""
        return [name for name in SHORTHANDS if getattr(self, name) is not None]

    @property
    def arguments(self) -> dict[str, Any]:
        """The arguments of `expect`."""
        return dict(self.model_extra or {})


SHORTHANDS = (
    "not_null",
    "unique",
    "matches",
    "in_set",
    "between",
    "length",
    "rows",
    "valid",
    "any_of",
    "ref",
    "expect",
)
"""The ways to say an expectation."""


class Suite(Spec):
    """A suite file: what must hold for the records of one entity."""

    suite: str = Field(min_length=1)
    """The suite's name."""
    entity: Name
    """The entity whose records it is about."""
    on: Literal["records", "golden"] = "records"
    """`records`: clean source records before matching; `golden`: golden records."""
    expectations: tuple[ExpectationSpec, ...] = Field(min_length=1)
    """What must hold."""

    _file: Path = PrivateAttr(default=Path("suite.yaml"))
    _lines: Lines = PrivateAttr(default_factory=dict)

    @property
    def stage(self) -> SuiteStage:
        """Which records it looks at."""
        return SuiteStage(self.on)

    @property
    def file(self) -> Path:
        """The file it was read from."""
        return self._file

    def place(self, index: int) -> str:
        """Name the file and line of an expectation."""
        line = self._lines.get(("expectations", str(index)))
        return f"{self._file}:{line}" if line is not None else str(self._file)
