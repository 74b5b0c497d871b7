"""The keys of a target `files` in guiyi.yaml."""

import codecs
from typing import Literal

from pydantic import Field, field_validator, model_validator

from guiyi.spec import TargetSpec


class FilesTargetSpec(TargetSpec):
    """Files for the import of a CRM: one a CRM entity, with a manifest and checksums."""

    kind: Literal["files"]
    """What it is."""
    folder: str = "handover"
    """The folder they are in, relative to guiyi.yaml."""
    format: Literal["csv", "xlsx"] = "csv"
    """CSV, or Excel with every cell as text."""
    encoding: str = "utf-8-sig"
    """Of CSV: `utf-8-sig` (Excel reads it), `utf-8`, `gb18030`, `big5` or another of Python's."""
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    """Of CSV: what stands between cells."""
    formulas: Literal["exact", "neutralised"] = "exact"
    """Of CSV, cells that begin like a formula: as they are, for an import; or with an apostrophe,
    for whoever opens the file in a spreadsheet. Excel files hold text, which nothing runs."""
    headings: dict[str, dict[str, str]] = Field(default_factory=dict)
    """CRM entity → column → heading in the file, where they differ."""
    templates: dict[str, str] = Field(default_factory=dict)
    """CRM entity → an Excel import template of the CRM, relative to guiyi.yaml: rows are written
    beneath the headings it has. `format` must be xlsx."""
    rows_per_file: int | None = Field(default=None, ge=1)
    """Write further files of so many rows, for an import that takes no more at a time."""

    @field_validator("encoding")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            codecs.lookup(name)
        except LookupError:
            raise ValueError(
                f"no encoding `{name}`; for example utf-8-sig, gb18030, big5"
            ) from None
        return name

    @field_validator("delimiter")
    @classmethod
    def _apart(cls, mark: str) -> str:
        if mark in '"\r\n' or not mark.isascii():
            raise ValueError("a delimiter is one ASCII character, no quote and no line break")
        return mark

    @model_validator(mode="after")
    def _templates_are_workbooks(self) -> "FilesTargetSpec":
        if self.templates and self.format != "xlsx":
            raise ValueError("`templates` are Excel files: set format: xlsx")
        return self
