"""Two records side by side, with why they may be one customer."""

import json
from dataclasses import dataclass
from typing import Literal

from dedup.explanation import explain_pair
from governance import Door
from governance.run_folder import PAIRS
from guiyi.errors import SpecError
from guiyi.messages import Message
from pipelines.stewarding.review_lists import latest_matched, records_of


@dataclass(frozen=True)
class PairView:
    """What a steward sees of a pair."""

    values: list[tuple[str, str | None, str | None]]
    """Field, its value in either record, as the reader may see it."""
    sentences: list[str]


def pair_view(
    door: Door,
    entity: str,
    left: str,
    right: str,
    language: Literal["zh", "en"],
) -> PairView:
    """Show a pair of the latest run. Raises SpecError for a record that is not in it."""
    project = door.project
    if entity not in project.entities:
        raise SpecError(Message("no entity `{name}`", name=entity), place=str(project.file))
    records = records_of(project, entity, [left, right])
    for key in (left, right):
        if key not in records["record"]:
            raise SpecError(
                Message("no record `{key}` in the latest run", key=key), place=str(project.folder)
            )
    folder = latest_matched(project, entity)
    assert folder is not None  # records_of has read it
    shown = door.table(entity, records)
    seen = shown["record"].is_not_null()
    cells = dict(zip(records["record"], shown.to_dicts(), strict=True))
    values = [(field, cells[left][field], cells[right][field]) for field in door.kinds(entity)]
    if not seen.all():
        return PairView(values, [])
    door.write_down("review.pair", {"entity": entity})
    model = json.loads((folder.path / "models" / f"{entity}.json").read_text(encoding="utf-8"))
    explained = explain_pair(
        folder.read(PAIRS, entity), left, right, model=model, language=language
    )
    return PairView(values, [door.text(sentence) for sentence in explained.sentences])
