"""Personal values as a report may show them."""

import re
from collections.abc import Iterable, Mapping

import polars as pl

from guiyi.kinds import Kind
from pipelines.report.folder import FinishedRun

_ADDRESS = re.compile(
    r"([^\s@/:;,<>()（），；：])[^\s@/:;,<>()（），；：]*(@[^\s@/:;,<>()（），；：]+)"
)


class Privacy:
    """Hides the values of the kinds the project masks, wherever a report would show them."""

    def __init__(self, folder: FinishedRun) -> None:
        privacy: Mapping[str, Iterable[str]] = folder.manifest.get("privacy") or {}
        self._hidden = frozenset(Kind(kind) for kind in privacy.get("mask", ()))

    def hides(self, kind: Kind) -> bool:
        """Tell whether values of a kind are masked."""
        return kind in self._hidden

    def text(self, text: str) -> str:
        """A key or sentence with its mail addresses hidden: mail contacts are keyed by them."""
        if not self.hides(Kind.EMAIL):
            return text
        return _ADDRESS.sub(r"\1***\2", text)

    def show(self, table: pl.DataFrame, kinds: Mapping[str, Kind]) -> pl.DataFrame:
        """The table with values of masked kinds hidden: fields, raw values and parts alike."""
        if not self._hidden:
            return table
        from governance import mask

        hidden = [
            mask(pl.col(name).cast(pl.String), kinds[field]).alias(name)
            for name in table.columns
            if (field := name.split(".")[0]) in kinds
            and self.hides(kinds[field])
            and table.schema[name] == pl.String
            and not name.endswith(".reason")
        ]
        return table.with_columns(hidden)
