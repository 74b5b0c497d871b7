"""What a matching is given beforehand: labels to learn from, or a model that was kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from guiyi.errors import SourceError, SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message, stored_all
from guiyi.spec import MatchSpec
from pipelines.labelling.labels_file import as_table, read_labels
from pipelines.outputs import whole_file

if TYPE_CHECKING:
    from dedup.model import SavedModel


@dataclass(frozen=True)
class Teaching:
    """Where labels and model come from, and where the model goes."""

    labels: Path | None = None
    model: Path | None = None
    save: Path | None = None

    @classmethod
    def of(cls, match: MatchSpec, folder: Path) -> "Teaching":
        """What a spec says; its paths start from `folder`."""
        return cls(
            folder / match.labels if match.labels is not None else None,
            folder / match.model if match.model is not None else None,
        )

    def overridden(self, labels: Path | None, model: Path | None, save: Path | None) -> "Teaching":
        """The same with what the command line says, which comes before the spec.

        Raises SpecError for labels beside a model: a kept model does not learn.
        """
        if labels is not None and model is not None:
            raise SpecError(
                "labels and a saved model are both given, and a saved model does not learn",
                hint="leave out one of them",
            )
        if labels is not None or model is not None:
            return Teaching(labels, model, save)
        return Teaching(self.labels, self.model, save)

    def read_labels(self, numbers: pl.Series | None = None) -> pl.DataFrame | None:
        """Read the labels. `numbers`: of each record, the row that labels may name it by.

        Raises SourceError.
        """
        if self.labels is None:
            return None
        table = as_table(read_labels(self.labels))
        if "left" in table.columns:
            return table
        if numbers is None:
            raise SourceError(
                "the labels name their pairs by row number, but a project's records have no "
                "permanent row numbers",
                place=str(self.labels),
                hint="name each record in the columns left and right, as `source:record_id`",
            )
        places = even_chunks(
            pl.DataFrame({"row": numbers, "at": pl.int_range(len(numbers), eager=True)})
        )
        for side in ("row_l", "row_r"):
            known = places.rename({"row": side, "at": f"at_{side}"})
            table = table.join(known, on=side, how="left", maintain_order="left")
        return table.select(
            pl.col("at_row_l").fill_null(-1).alias("row_l"),
            pl.col("at_row_r").fill_null(-1).alias("row_r"),
            "match",
        )

    def read_model(self) -> "SavedModel | None":
        """Read the model. Raises SourceError, or SpecError for one that cannot be used."""
        if self.model is None:
            return None
        return read_model_file(self.model)[0]

    def keep(self, model: Mapping[str, Any]) -> None:
        """Write the model where it is to be kept."""
        if self.save is not None:
            with whole_file(self.save) as file:
                write_model(model, file)


def read_model_file(path: Path) -> "tuple[SavedModel, dict[str, Any]]":
    """Read a model and the document it stands in. Raises SourceError or SpecError."""
    from dedup.model import read_model

    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourceError(
            "no such file",
            place=str(path),
            hint="guiyi dedupe FILE --out DIR --save-model FILE writes one",
        ) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SourceError(
            Message("not JSON ({cause})", cause=type(error).__name__), place=str(path)
        ) from None
    try:
        return read_model(document), document
    except SpecError as error:
        raise SpecError(error.what, place=str(path), hint=error.hint) from None


def with_messages(model: Mapping[str, Any]) -> dict[str, Any]:
    """A model with what lets its explanation be said in any language; one that was read has it."""
    if "messages" in model:
        return dict(model)
    return {**model, "messages": stored_all(model.get("explanation", ()))}


def write_model(model: Mapping[str, Any], path: Path) -> None:
    """Write a model as readable JSON."""
    model = with_messages(model)
    path.write_text(json.dumps(model, ensure_ascii=False, indent=2), encoding="utf-8")
