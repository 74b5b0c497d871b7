"""Records set side by side: what each says of every field, differences marked, values masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from cleansing.reasons import without_quotes
from governance import Masking
from guiyi.kinds import Kind
from guiyi.record_key import record_key
from guiyi.records import PLACE, RECORD_ID, SOURCE, raw, reason
from pipelines.report.differences import highlight
from pipelines.report.folder import FinishedRun

RECORD = "record"
"""The record key, `source:record_id`, as a column."""


@dataclass(frozen=True)
class ShownValue:
    """One value as it is shown."""

    text: Markup | None = None
    """The value with its differences marked; None if the record has none."""
    refused: str | None = None
    """Why the raw value was refused, if it was; the text is then the raw value."""
    differs: bool = False
    """Whether it differs from what it is shown against."""
    hidden: bool = False
    """Whether it differs only in what is masked."""
    won: bool = False
    """Whether the golden value came from here."""


@dataclass(frozen=True)
class FieldLine:
    """One field across the records."""

    field: str
    cells: list[ShownValue]
    golden: ShownValue | None = None
    rule: str | None = None
    """The survivorship rule that chose the golden value."""
    why: str | None = None
    """Why it beat the others, in a sentence."""
    alternates: int = 0

    @property
    def agrees(self) -> bool:
        """Whether no record says anything else."""
        return not any(cell.differs or cell.refused for cell in self.cells)


@dataclass(frozen=True)
class Head:
    """Which record a column shows."""

    key: str
    source: str
    place: str | None


@dataclass
class Shown:
    """Records of one entity, with their values as they are and as they may be shown."""

    plain: dict[str, dict[str, str | None]]
    masked: dict[str, dict[str, str | None]]
    kinds: Mapping[str, Kind]
    heads: dict[str, Head] = field(default_factory=dict)

    def cell(
        self, key: str, name: str, against: str | None, plain_against: str | None
    ) -> ShownValue:
        """A record's value of a field, with what differs from another value marked."""
        plain, masked = self.plain[key], self.masked[key]
        value, shown = plain.get(name), masked.get(name)
        if value is None or shown is None:
            refused = masked.get(raw(name))
            if refused is None:
                return ShownValue()
            return ShownValue(
                highlight(refused, None), refused=without_quotes(plain.get(reason(name)) or "–")
            )
        differs = plain_against is not None and value != plain_against
        text = highlight(shown, against if differs else None)
        return ShownValue(text, differs=differs, hidden=differs and shown == against)


def read_records(folder: FinishedRun, entity: str, keys: Sequence[str], masking: Masking) -> Shown:
    """Read some clean records of an entity by their record keys."""
    kinds = folder.kinds.get(entity, {})
    have = folder.columns(f"clean/{entity}")
    wanted = [c for f in kinds for c in (f, raw(f), reason(f)) if c in have]
    identity = [c for c in (SOURCE, RECORD_ID, PLACE) if c in have]
    table = folder.some_records(entity, list(keys), [*identity, *wanted]).with_columns(
        record_key().alias(RECORD)
    )
    masked = masking.table(table, kinds)
    return Shown(
        {row[RECORD]: row for row in table.iter_rows(named=True)},
        dict(zip(table[RECORD], masked.iter_rows(named=True), strict=True)),
        kinds,
        {row[RECORD]: _head(row, masking) for row in table.iter_rows(named=True)},
    )


def _head(row: Mapping[str, str | None], masking: Masking) -> Head:
    place = row.get(PLACE)
    key = masking.text(row[RECORD] or "")
    return Head(key, row[SOURCE] or "", None if place is None else masking.text(place))
