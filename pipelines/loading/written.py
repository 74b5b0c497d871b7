"""What was written last of rows of the target, and so which of their values are ours."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from connectors.targets import EXTERNAL_ID
from pipelines.loading.job import LoadJob


@dataclass(frozen=True)
class Written:
    """What loads have written last of rows."""

    images: Mapping[str, Sequence[Mapping[str, str | None]]]
    """External id → column → value; a second image is what a batch cut off may have written."""

    def wrote(self, external_id: str, column: str, now: str | None) -> bool:
        """Whether the value of a cell is what was written there last."""
        images = self.images.get(external_id, ())
        return any(column in image and image[column] == now for image in images)

    def is_free(self, external_id: str, column: str, now: str | None) -> bool:
        """Whether a cell may be written: it stands as it was written, or never was."""
        images = self.images.get(external_id, ())
        return not all(column in image for image in images) or self.wrote(external_id, column, now)

    def is_untouched(self, row: Mapping[str, Any], mapped: Collection[str]) -> bool:
        """Whether a row that was written holds that, and nothing else in what is mapped."""
        return any(
            all(
                value == image.get(name)
                for name, value in row.items()
                if name in image or name in mapped
            )
            for image in self.images.get(row[EXTERNAL_ID], ())
        )


def written(load: LoadJob, entity: str, external_ids: pl.Series) -> Written:
    """What loads have written last of rows of a CRM entity."""
    images: dict[str, list[Mapping[str, str | None]]] = {}
    for external_id, image in load.ledger.last_written(entity, external_ids).iter_rows():
        images.setdefault(external_id, []).append(json.loads(image))
    return Written(images)
