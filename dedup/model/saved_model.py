"""A model as a readable document, and back: the same pairs get the same weights, bit for bit.

Every number stands in the document as Python writes it, which JSON reads back without loss; nothing
is fitted or rounded on the way in.

    path.write_text(json.dumps(resolution.model, ensure_ascii=False, indent=2))
    resolve(records, kinds, model=read_model(json.loads(path.read_text())))
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from dedup.comparison.base import Comparison, Group, NameOrder
from dedup.comparison.levels import CONTEXTS, WIDTH, Floats, Levels
from dedup.fields.roles import WHEREABOUTS, Role, given_role
from dedup.fields.saved_fields import KeptField, KnownFields, decided, named
from dedup.fields.subject import Subject
from dedup.model.corrections import Learned
from dedup.model.latent_classes import Circumstance
from dedup.model.mixture import Mixture
from dedup.model.pinned_table import PinnedTable
from dedup.model.screen import Screen
from guiyi.errors import SpecError
from guiyi.messages import Message

VERSION = 3
"""Raised whenever a document would be read otherwise than it was meant."""
CONTEXT_NAMES = ("others differ", "some others agree", "others agree", "")
"""When a level is worth what the model says, in the order of the contexts in `level_shares`."""


class ForeignFields(SpecError):
    """A model was fitted on other fields than those it is to judge."""


@dataclass(frozen=True)
class SavedModel:
    """A model that was kept: what judges pairs, and from which probability they count."""

    mixture: Mixture
    fields: tuple[KeptField, ...]
    """How each field is compared."""
    screen: Screen
    """Which pairs were worth a closer look when it was fitted."""
    match_at: float
    review_at: float
    subject: Subject | None
    """What the records it was fitted on are."""
    document: Mapping[str, Any]
    pinned: PinnedTable | None = None
    """What it keeps of the table it was fitted on; without it every table is looked at anew."""

    @property
    def known(self) -> KnownFields:
        """What is known of fields before a table is looked at."""
        if self.pinned is None:
            return KnownFields(self.order)
        types = {field.name: field.type for field in self.fields}
        return KnownFields(self.order, types, self.pinned.terms.stood)

    def check(self, comparisons: Sequence[Comparison]) -> None:
        """Raise ForeignFields unless these are the fields the model was fitted on."""
        ours = {c.name: c for c in comparisons}
        theirs = {field.name: field for field in self.fields}
        both = theirs.keys() & ours.keys()
        other = [n for n in {**theirs, **ours} if n not in both or not theirs[n].is_of(ours[n])]
        if other:
            raise ForeignFields(
                Message(
                    "the model was fitted on other fields; these differ: {fields}",
                    fields=", ".join(other),
                ),
                hint="give the columns their former names and kinds, or fit a new model",
            )

    def check_roles(self, given: Mapping[str, str], comparisons: Sequence[Comparison]) -> None:
        """Raise SpecError for roles other than those the model was fitted with; it keeps them."""
        for f, comparison in enumerate(comparisons):
            role, kept = given_role(comparison, given), _role(self.mixture, f)
            # A model keeps what many records share as what describes them.
            coarse = role is Role.SHARED and kept is Role.DESCRIBES
            coarse &= comparison.group in WHEREABOUTS
            if role not in (None, kept) and not coarse:
                raise SpecError(
                    Message(
                        "the role of `{name}` is given as `{role}`, and the saved model keeps "
                        "it as `{kept}`",
                        name=comparison.name,
                        role=role,
                        kept=kept,
                    ),
                    place="match.roles",
                    hint="leave out the role, or fit a new model",
                )

    def ordered(self, comparisons: Sequence[Comparison]) -> list[Comparison]:
        """The comparisons in the order of the model's fields, and taken as they were then."""
        by_name = {c.name: c for c in comparisons}
        return [field.taken_up(by_name[field.name]) for field in self.fields]

    @property
    def order(self) -> NameOrder | None:
        """How whole names were written; None where not both parts were compared."""
        return next(
            (NameOrder(f.decided["order"]) for f in self.fields if "order" in f.decided), None
        )


def mixture_document(
    model: Mixture, comparisons: Sequence[Comparison], screen: Screen
) -> dict[str, Any]:
    """What judges pairs, as a document: by comparison the levels, and what each is worth."""
    weights = model.weights()
    learned = model.learned
    return {
        "version": VERSION,
        "comparisons": [
            {
                "name": name,
                "type": type(comparison).__name__,
                "role": str(_role(model, f)),
                **decided(comparison),
                "hangs on": [model.names[p] for p in model.parents[f]],
                "near": [model.labels[f][n] for n in comparison.near],
                "conflicts": named(model.labels[f], comparison.conflicts),
                "labels": list(model.labels[f]),
                "levels": [
                    {
                        "level": label,
                        "when": when,
                        "m": float(model.m[f][level + WIDTH * context]),
                        "u": float(model.u[f][level + WIDTH * context]),
                        "weight": float(weights[f][level + WIDTH * context]),
                        **_taught(learned, f, level + WIDTH * context),
                    }
                    for context, when in enumerate(CONTEXT_NAMES)
                    if when == "" or model.parents[f]
                    for level, label in enumerate(model.labels[f])
                    if level and label != "–"
                ],
            }
            for f, (name, comparison) in enumerate(zip(model.names, comparisons, strict=True))
        ],
        "prior": model.prior,
        "prior_weight": float(np.log2(max(model.prior, 1e-300) / max(1e-9, 1 - model.prior))),
        "name_groups": sorted(str(group) for group in model.name_groups),
        "unlearned": model.unlearned,
        "conflicting": model.conflicting,
        "changes": [_class_document(c, model.names) for c in model.changes],
        "circumstances": [_class_document(c, model.names) for c in model.circumstances],
        "learned": None if learned is None else {"shift": learned.shift, "slope": learned.slope},
        "pairs_total": model.total,
        "rounds": model.rounds,
        "screen": {
            "worth": screen.worth.tolist(),
            "bounds": screen.bounds.tolist(),
            "floor": screen.floor,
        },
    }


def _role(model: Mixture, f: int) -> Role:
    """What a field says about who a record is."""
    if f in model.identity:
        return Role.IDENTIFIES
    return Role.DESCRIBES if f in model.describing else Role.SHARED


def _class_document(c: Circumstance, names: Sequence[str]) -> dict[str, Any]:
    """A class of pairs: how large it is, and how the fields look that it makes look otherwise."""
    levels = {names[f]: [float(x) for x in c.levels[f]] for f in c.levels}
    return {"name": c.name, "share": c.share, "levels": levels}


def _taught(learned: Learned | None, f: int, cell: int) -> dict[str, float]:
    return {} if learned is None else {"learned": float(learned.added[f][cell])}


def read_model(document: Mapping[str, Any]) -> SavedModel:
    """Read a document back. Raises SpecError if it is of another version, or no model at all."""
    version = document.get("version") if isinstance(document, Mapping) else None
    if version == VERSION and "comparisons" not in document:
        raise SpecError(
            "a model without weights: its records had nothing to compare",
            hint="fit it on more records: guiyi dedupe FILE --out DIR --save-model FILE",
        )
    if version is None or "comparisons" not in document:
        raise SpecError(
            "not a model of Guiyi",
            hint="guiyi dedupe FILE --out DIR --save-model FILE writes one",
        )
    if version != VERSION:
        raise SpecError(
            Message(
                "a model of version {version}, and this program reads version {known}",
                version=version,
                known=VERSION,
            ),
            hint="fit it again: guiyi dedupe FILE --out DIR --save-model FILE",
        )
    try:
        return _read(document)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise SpecError(
            Message("a damaged model ({cause})", cause=f"{type(error).__name__}: {error}"),
            hint="fit it again",
        ) from error


def _read(document: Mapping[str, Any]) -> SavedModel:
    comparisons = document["comparisons"]
    names = tuple(str(c["name"]) for c in comparisons)
    labels = tuple(tuple(str(x) for x in c["labels"]) for c in comparisons)
    learned = document["learned"]
    screen = document["screen"]
    mixture = Mixture(
        names=names,
        labels=labels,
        parents=tuple(tuple(names.index(p) for p in c["hangs on"]) for c in comparisons),
        near=tuple(
            np.isin(np.arange(WIDTH), [own.index(n) for n in c["near"]])
            for own, c in zip(labels, comparisons, strict=True)
        ),
        prior=float(document["prior"]),
        m=[_cells(c, own, "m", 1.0) for c, own in zip(comparisons, labels, strict=True)],
        u=[_cells(c, own, "u", 1.0) for c, own in zip(comparisons, labels, strict=True)],
        circumstances=[_class_of(c, names) for c in document["circumstances"]],
        total=float(document["pairs_total"]),
        changes=[_class_of(c, names) for c in document["changes"]],
        conflicts=tuple(
            tuple(own.index(n) for n in c["conflicts"])
            for own, c in zip(labels, comparisons, strict=True)
        ),
        identity=_with_role(comparisons, Role.IDENTIFIES),
        describing=_with_role(comparisons, Role.DESCRIBES),
        name_groups=frozenset(Group(group) for group in document["name_groups"]),
        conflicting=float(document["conflicting"]),
        rounds=int(document["rounds"]),
        unlearned=bool(document["unlearned"]),
        learned=None
        if learned is None
        else Learned(
            float(learned["shift"]),
            float(learned["slope"]),
            tuple(
                _cells(c, own, "learned", 0.0) for c, own in zip(comparisons, labels, strict=True)
            ),
        ),
    )
    return SavedModel(
        mixture,
        tuple(KeptField.of(c) for c in comparisons),
        Screen(
            np.array(screen["worth"], np.float64).reshape(-1, WIDTH),
            np.array(screen["bounds"], np.float64).reshape(-1, 3),
            float(screen["floor"]),
        ),
        float(document["thresholds"]["match_at"]),
        float(document["thresholds"]["review_at"]),
        Subject(**document["subject"]) if "subject" in document else None,
        document,
    )


def _with_role(comparisons: Sequence[Mapping[str, Any]], role: Role) -> tuple[int, ...]:
    return tuple(f for f, c in enumerate(comparisons) if Role(c["role"]) is role)


def _class_of(document: Mapping[str, Any], names: Sequence[str]) -> Circumstance:
    levels = {names.index(n): np.array(x, np.float64) for n, x in document["levels"].items()}
    return Circumstance(str(document["name"]), float(document["share"]), levels)


def _cells(comparison: Mapping[str, Any], labels: Sequence[str], what: str, else_: float) -> Floats:
    """One figure of every level in every context; levels that cannot occur are neutral."""
    cells = np.full(CONTEXTS * WIDTH, else_)
    for level in comparison["levels"]:
        context = CONTEXT_NAMES.index(level["when"])
        cells[labels.index(level["level"]) + WIDTH * context] = float(level[what])
    return cells


def levels_of(pairs: pl.DataFrame, model: SavedModel) -> Levels:
    """The comparison levels of pairs as numbers, read back from their names."""
    columns: Sequence[pl.Series] = [
        pairs[f"level.{name}"].replace_strict(
            {label: n for n, label in enumerate(labels) if label != "–"},
            return_dtype=pl.UInt8,
        )
        for name, labels in zip(model.mixture.names, model.mixture.labels, strict=True)
    ]
    if not columns:
        return np.zeros((pairs.height, 0), np.uint8)
    return np.stack([column.to_numpy() for column in columns], axis=1)
