"""The model that judges an entity's records in every run, until someone retrains it.

The first run that is published pins the model it has fitted: `.guiyi/models/ENTITY.parquet`, the
terms of its table with the model in the metadata. Later runs take it up with everything that scores
hang on, so a pair of records that have not changed keeps exactly its score.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from dedup import Resolution
from dedup.model import PinnedTable, SavedModel, read_model
from governance.run_folder import MODELS, RunFolder
from guiyi.errors import SpecError
from guiyi.messages import Message, as_message
from guiyi.private_folder import private_folder
from guiyi.spec import EntitySpec, Project
from pipelines.labelling.teaching import Teaching, with_messages
from pipelines.outputs import whole_file
from pipelines.stages.earlier_runs import published_runs
from pipelines.stages.run import Run

MODEL, RECIPE, FITTED_IN, LABELS = "guiyi.model", "guiyi.recipe", "guiyi.fitted_in", "guiyi.labels"
FITTED_ON = "guiyi.fitted_on"
"""What the file of a model says of itself."""
GROWN = 1.5
"""With so many times the records, what is common and what a group shares is best learned anew."""


@dataclass(frozen=True)
class PinnedModel:
    """A model that was pinned."""

    saved: SavedModel
    document: dict[str, Any]
    """The model as it was written when it was fitted."""
    about: dict[str, str]

    @property
    def fitted_in(self) -> str:
        """The run, or the retraining, that fitted it."""
        return self.about[FITTED_IN]


def pin_file(project: Project, entity: str) -> Path:
    """Where the model of an entity is pinned."""
    return RunFolder(project.folder / ".guiyi").file(MODELS, entity)


def pins(spec: EntitySpec) -> bool:
    """Whether the model of an entity is pinned: recordlinkage fits anew, a given model stays."""
    return spec.match.enabled and spec.match.engine == "guiyi" and spec.match.model is None


def pinned_model(run: Run, entity: str) -> PinnedModel | None:
    """The model that judges an entity; None where one must be fitted, and a note says why."""
    spec, project = run.project.entities[entity], run.project
    if not pins(spec):
        return None
    found = _read(project, entity)
    if isinstance(found, Message):
        _refitted(run, entity, found)
        return None
    if found is None:
        if next(published_runs(project), None) is not None:
            _refitted(run, entity, Message("no model was pinned yet"))
        return None
    if found.about[RECIPE] != recipe_of(spec):
        _refitted(run, entity, Message("guiyi.yaml matches by other fields or rules now"))
        return None
    if found.about[LABELS] != _digest_of_labels(project, entity):
        run.note(
            Message(
                "{entity}: the labels are not those the model has learned from; to learn from "
                "these: guiyi retrain {folder}",
                entity=entity,
                folder=project.folder,
            )
        )
    return found


def fault_of_pin(project: Project, entity: str) -> Message | None:
    """Why the pinned model of an entity cannot judge any more, if so; none need be pinned."""
    found = _read(project, entity) if pins(project.entities[entity]) else None
    return found if isinstance(found, Message) else None


def note_growth(run: Run, entity: str, pinned: PinnedModel, records: int) -> None:
    """Note that there are many more records than the pinned model has learned from."""
    fitted = int(pinned.about.get(FITTED_ON, records))
    if records >= GROWN * fitted:
        run.note(
            Message(
                "{entity}: the model was fitted on {fitted:,} records, and there are {now:,} now; "
                "what another would change: guiyi retrain {folder} --preview",
                entity=entity,
                fitted=fitted,
                now=records,
                folder=run.project.folder,
            )
        )


def unfit(run: Run, entity: str, error: SpecError) -> None:
    """Note that the pinned model cannot judge these records, so that another is fitted."""
    _refitted(run, entity, as_message(error.what))


def _refitted(run: Run, entity: str, why: str) -> None:
    run.note(
        Message(
            "{entity}: a model was fitted, and is pinned once the run is published: {why}",
            entity=entity,
            why=why,
        )
    )


def _read(project: Project, entity: str) -> PinnedModel | Message | None:
    file = pin_file(project, entity)
    if not file.is_file():
        return None
    try:
        about = pl.read_parquet_metadata(file)
        document = json.loads(about[MODEL])
        pinned = PinnedTable.read(pl.read_parquet(file), about)
        return PinnedModel(replace(read_model(document), pinned=pinned), document, about)
    except SpecError as error:  # another version's
        return as_message(error.what)
    except (OSError, pl.exceptions.PolarsError, KeyError, TypeError, ValueError) as error:
        return Message("the pinned model is damaged ({cause})", cause=type(error).__name__)


def keep_fitted(run: Run, entity: str, found: Resolution) -> None:
    """Keep a model that was just fitted in the folder of its run."""
    if found.pinnable is not None:
        about = _about(run.project, entity, found, run.outcome.run_id)
        run.tables.write(MODELS, found.pinnable.terms.table, entity, about)


def pin_fitted(project: Project, entity: str, found: Resolution, name: str) -> None:
    """Pin a model that was fitted under this name outside a run."""
    if found.pinnable is not None:
        about = _about(project, entity, found, name)
        private_folder(pin_file(project, entity).parent)
        kept = RunFolder(project.folder / ".guiyi")
        kept.write(MODELS, found.pinnable.terms.table, entity, about)


def _about(project: Project, entity: str, found: Resolution, name: str) -> dict[str, str]:
    assert found.pinnable is not None
    return {
        **found.pinnable.about(),
        MODEL: json.dumps(with_messages(found.model), ensure_ascii=False),
        RECIPE: recipe_of(project.entities[entity]),
        FITTED_IN: name,
        FITTED_ON: str(found.clusters.height),
        LABELS: _digest_of_labels(project, entity),
    }


def fitted(run: Run) -> list[str]:
    """The entities of which a run has fitted a model."""
    return [entity for entity in run.entities if run.tables.has(MODELS, entity)]


def pin(project: Project, entity: str, fitted: Path) -> None:
    """Pin a model that was fitted."""
    file = pin_file(project, entity)
    private_folder(file.parent)
    with whole_file(file) as unready:
        shutil.copyfile(fitted, unready)


def recipe_of(spec: EntitySpec) -> str:
    """The SHA-256 of all that a spec says about how records are matched."""
    aside = {"labels", "enabled"}
    rules = {
        "kinds": {**spec.matched_kinds, **spec.key_kinds},
        "match": spec.match.model_dump(mode="json", exclude=aside),
    }
    text = json.dumps(rules, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _digest_of_labels(project: Project, entity: str) -> str:
    file = Teaching.of(project.entities[entity].match, project.folder).labels
    if file is None or not file.is_file():
        return ""
    return hashlib.sha256(file.read_bytes()).hexdigest()
