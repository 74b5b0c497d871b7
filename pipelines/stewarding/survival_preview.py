"""What other survivorship rules would make of the clusters of the latest run; changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from dedup.survivorship import Golden, survive
from governance import Door
from governance.run_folder import CLEAN, CLUSTERS, RunFolder, kept_runs
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.messages import Message
from guiyi.near_names import did_you_mean
from guiyi.record_key import record_key
from guiyi.records import CLUSTER_ID, CONFLICTING_IDS, GOLDEN_ID, RECORD_ID, SOURCE, ref
from guiyi.spec import EntitySpec, Project, parse_yaml
from guiyi.spec.known_names import UnknownName
from guiyi.spec.reading import validate
from guiyi.spec.survivorship import check_sources

GIVEN = Path("--rule")
"""What stands for the file in the refusal of a rule given on the command line."""
_ASIDE = (CLUSTER_ID, "members", CONFLICTING_IDS)
CHANGES = dict.fromkeys((GOLDEN_ID, "field", "before", "after", "rule", "why"), pl.String)


@dataclass(frozen=True)
class SurvivalPreview:
    """Which golden values other rules would change, in a sample of clusters of several records."""

    run: str
    clusters: int
    """How many clusters were looked at."""
    of: int
    """How many there are."""
    changes: pl.DataFrame
    """golden_id, field, before, after, rule, why (a code): as the reader may see
    them."""

    @property
    def counts(self) -> dict[str, int]:
        """How many values would change, by field."""
        fields = self.changes["field"]
        return {name: int((fields == name).sum()) for name in fields.unique(maintain_order=True)}


def rules_of(texts: Sequence[str], file: Path | None) -> dict[str, Any]:
    """Read rules as they would stand under `survivorship`: of a file, and then each of the texts.

    Raises SpecError for what is no rule.
    """
    rules: dict[str, Any] = {}
    if file is not None:
        document, _ = parse_yaml(file)
        rules |= _as_rules(document, str(file))
    for text in texts:
        try:
            rules |= _as_rules(yaml.safe_load(text), text)
        except yaml.YAMLError:
            raise _no_rule(text) from None
    return rules


def _as_rules(document: Any, place: str) -> dict[str, Any]:
    if not isinstance(document, dict) or not document:
        raise _no_rule(place)
    return {str(name): rule for name, rule in document.items()}


def _no_rule(place: str) -> SpecError:
    return SpecError(
        "holds no rule", place=place, hint="a rule is written `field: rule`, as in guiyi.yaml"
    )


def under_rules(
    project: Project, entity: str, rules: Mapping[str, Any], file: Path | None = None
) -> EntitySpec:
    """An entity with some rules instead of its own. Raises SpecError for rules it cannot have."""
    spec = project.entities[entity]
    own = {name: rule for name, rule in spec.survivorship.items() if name not in rules}
    place = file or GIVEN
    fields = spec.model_dump(include={"fields", "updated"})
    found = validate(EntitySpec, {**fields, "survivorship": {**own, **rules}}, place, {})
    try:
        check_sources("survivorship", found.survivorship, project.sources)
    except UnknownName as error:
        raise SpecError(error.message, place=f"{place}: {error.path}") from None
    return spec.model_copy(update={"survivorship": found.survivorship})


def preview(door: Door, entity: str, spec: EntitySpec, sample: int) -> SurvivalPreview:
    """Merge a sample of clusters by the project's rules and by those of `spec`, and compare.

    The sample is always the same. What a steward has chosen stays. Raises SpecError for an unknown
    entity, and where no run has merged it.
    """
    project, folder = door.project, latest_merged(door.project, entity)
    members = folder.read(CLUSTERS, entity, [SOURCE, RECORD_ID, GOLDEN_ID])
    sizes = members.group_by(GOLDEN_ID).len().filter(pl.col("len") > 1)
    several = sizes.sort(pl.col(GOLDEN_ID).hash(), GOLDEN_ID)[GOLDEN_ID]
    ids = several.head(sample).sort()
    own = members.filter(pl.col(GOLDEN_ID).is_in(ids.implode()))
    records = (
        folder.scan(CLEAN, entity)
        .join(own.lazy(), on=[SOURCE, RECORD_ID], how="inner", maintain_order="left")
        .collect()
    )
    of = records.select(
        pl.int_range(pl.len()).alias("row"),
        ids.search_sorted(records[GOLDEN_ID]).cast(pl.Int64).alias(CLUSTER_ID),
    )
    merge = partial(
        survive,
        records.drop(GOLDEN_ID),
        of,
        source_order=list(project.sources),
        absent=partial(_absent, project, folder, entity),
    )
    changes = _changes(merge(entity=project.entities[entity]), merge(entity=spec), ids)
    changes = _without_chosen(changes, door.ledger.value_choices(entity), own)
    sides = ("before", "after")
    masked = door.masking.by_field(changes, "field", door.kinds(entity), sides)
    shown = door.table(entity, masked)
    if shown.height:
        door.write_down("survive.preview", {"entity": entity, "rows": shown.height})
    return SurvivalPreview(folder.path.name, len(ids), len(several), shown)


def latest_merged(project: Project, entity: str) -> RunFolder:
    """The latest run that has merged an entity.

    Raises SpecError for an unknown entity, and where there is no such run.
    """
    if entity not in project.entities:
        raise SpecError(
            Message("no entity `{name}`", name=entity),
            place=str(project.file),
            hint=did_you_mean(entity, project.entities),
        )
    for folder in kept_runs(project.folder):
        if folder.has(CLUSTERS, entity) and folder.has(CLEAN, entity):
            return folder
    raise SpecError(
        Message("no run has merged `{name}` yet", name=entity),
        place=str(project.folder),
        hint=Message("run it first: guiyi run {folder}", folder=project.folder),
    )


def _absent(
    project: Project, folder: RunFolder, entity: str, relation: str, keys: pl.Series
) -> pl.Series:
    """Of the keys in a relation, those of no record the run has merged."""
    gone = keys.to_frame("key")
    for target in project.related(entity, relation.removeprefix(ref(""))):
        if folder.has(CLUSTERS, target):
            here = folder.read(CLUSTERS, target, [SOURCE, RECORD_ID])
            gone = gone.join(here.select(key=record_key()), on="key", how="anti")
    return gone["key"]


def _changes(before: Golden, after: Golden, ids: pl.Series) -> pl.DataFrame:
    """The values that differ, field by field, each with the rule it wins by and why."""
    found = [pl.DataFrame(schema=CHANGES), *_by_field(before, after, ids)]
    return pl.concat(found)


def _by_field(before: Golden, after: Golden, ids: pl.Series) -> Iterator[pl.DataFrame]:
    for name in before.golden.columns:
        if name in _ASIDE or ("." in name.removeprefix(ref(""))):
            continue
        columns = [before.golden[CLUSTER_ID], before.golden[name].alias("before")]
        both = even_chunks(pl.DataFrame([*columns, after.golden[name].alias("after")]))
        differ = both.filter(pl.col("before").ne_missing(pl.col("after")))
        whence = after.provenance.filter(field=name).select(CLUSTER_ID, "rule", "why")
        changed = differ.join(whence, on=CLUSTER_ID, how="left", maintain_order="left")
        owners = ids.gather(changed[CLUSTER_ID]).alias(GOLDEN_ID)
        named = even_chunks(changed.with_columns(owners, pl.lit(name).alias("field")))
        yield named.select(pl.col(*CHANGES).cast(pl.String))


def _without_chosen(
    changes: pl.DataFrame, choices: pl.DataFrame, members: pl.DataFrame
) -> pl.DataFrame:
    """Leave out what a steward has chosen: no rule changes it."""
    keyed = members.select(GOLDEN_ID, record=record_key())
    chosen = choices.join(keyed, on="record").select(GOLDEN_ID, "field")
    return changes.join(chosen, on=[GOLDEN_ID, "field"], how="anti", maintain_order="left")
