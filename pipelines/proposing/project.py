"""Puts the proposals for the tables of all sources together as the files of a project."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from cleansing import clean_table
from connectors.sources import Inspection, TableInfo, inspect, open_place
from guiyi.database_url import without_password
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.messages import Language, Message, localised
from guiyi.spec import TableSpec
from pipelines.proposing.relations import crm_relations, relate, without_customers
from pipelines.proposing.schema import table_role
from pipelines.proposing.survival import UPDATED, ProposedRule, proposed_rules, with_reasons
from pipelines.proposing.tables import ORDER, TableProposal, propose_tables, slug
from validators import propose_suites

SAMPLE = 5_000
"""Rows of a table looked at."""

CRM_NAMES = {"company": "account", "person": "contact", "order": "order"}


@dataclass
class _Proposal:
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: list[TableProposal] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def entities(self) -> dict[str, dict[str, Kind]]:
        """Gather the fields of each entity; the first table that has one says its kind."""
        found: dict[str, dict[str, Kind]] = {}
        for table in self.tables:
            fields = found.setdefault(table.entity, {})
            for name, kind in table.kinds.items():
                fields.setdefault(name, kind)
        return found


def propose(places: Sequence[str], folder: Path, language: Language = "en") -> dict[str, str]:
    """Look at sources and give the files of a project: path → text, its comments in a language.

    Raises SpecError when no table looks like customers.
    """
    proposal = _Proposal()
    for place in places:
        found = inspect(place)
        name = _unique(slug(_name_of(place)), proposal.sources)
        tables = _tables(found, name, proposal)
        if tables:
            specs = [table.as_spec() for table in tables]
            proposal.sources[name] = {**_options(found, name, folder), "tables": specs}
            proposal.tables += tables
    if not any(table.entity != ORDER for table in proposal.tables):
        raise SpecError(
            "no table here looks like customers",
            place=", ".join(_name_of(place) if "://" in place else place for place in places),
            hint="guiyi profile shows what each column was taken for",
        )
    return {"guiyi.yaml": _spec(proposal, folder, language), **_suites(proposal)}


def _tables(found: Inspection, source: str, proposal: _Proposal) -> list[TableProposal]:
    opened = open_place(found.kind, source, **found.options)
    infos = _originals(found)
    samples = {info.name: _sample(opened, info) for info in infos}
    made = _by_role(infos, samples) if found.relational else []
    if not any(table.entity != ORDER for table in made):
        made = [table for info in infos for table in _by_content(info, samples[info.name])]
        relate(made, infos)
    kept = {table.table for table in made}
    proposal.left_out += [f"{source}.{info.name}" for info in infos if info.name not in kept]
    return made


def _by_role(infos: list[TableInfo], samples: Mapping[str, pl.DataFrame]) -> list[TableProposal]:
    """Take a database's tables for what its names, keys and content say together."""
    roles = {info.name: table_role(info, samples[info.name]) for info in infos}
    made = [
        table
        for info in infos
        if (role := roles[info.name].entity) is not None
        for table in _by_content(info, samples[info.name], role)
    ]
    relate(made, infos)
    return without_customers(made, infos, [name for name, role in roles.items() if role.named])


def _by_content(
    info: TableInfo, sample: pl.DataFrame, role: str | None = None
) -> list[TableProposal]:
    return propose_tables(info, sample, role) if sample.height else []


def _originals(found: Inspection) -> list[TableInfo]:
    """Leave out a database's views: they show again what its tables hold."""
    keyed = [info for info in found.tables if info.keys]
    return keyed if found.relational and keyed else list(found.tables)


def _sample(source: Any, info: TableInfo) -> pl.DataFrame:
    for batch in source.read(TableSpec.model_construct(table=info.name, query=None)):
        data: pl.DataFrame = batch.rows.head(SAMPLE).select(pl.exclude("_row", "_place"))
        return data
    return pl.DataFrame()


def _name_of(place: str) -> str:
    """The name of a file or database, without what else a URL holds."""
    return Path(place.partition("?")[0] if "://" in place else place).stem or "source"


def _options(found: Inspection, name: str, folder: Path) -> dict[str, Any]:
    options: dict[str, Any] = {"kind": found.kind, **found.options}
    if "path" in options:
        options["path"] = _relative(Path(options["path"]), folder)
    elif str(options.get("url", "")).startswith("sqlite:///"):
        path = Path(options["url"].removeprefix("sqlite:///"))
        options["url"] = f"sqlite:///{_relative(path, folder)}"
    elif "url" in options:
        options["url"] = without_password(str(options["url"]), f"{name.upper()}_PASSWORD")
    return options


def _relative(path: Path, folder: Path) -> str:
    return os.path.relpath(path.resolve(), folder.resolve())


def _spec(proposal: _Proposal, folder: Path, language: Language) -> str:
    entities: dict[str, Any] = {}
    mapping: dict[str, Any] = {}
    rules: dict[str, dict[str, ProposedRule]] = {}
    for entity, kinds in proposal.entities().items():
        entities[entity] = {"fields": {name: kind.value for name, kind in kinds.items()}}
        if entity == ORDER:
            entities[entity]["match"] = {"enabled": False}
        elif any(t.subject for t in proposal.tables if t.entity == entity):
            entities[entity]["match"] = {"entity": entity}
        rules[entity] = {} if entity == ORDER else proposed_rules(kinds)
        entities[entity] |= _survivorship(rules[entity])
        crm: dict[str, Any] = {"entity": entity, "fields": {name: name for name in kinds}}
        relations = crm_relations(t for t in proposal.tables if t.entity == entity)
        if relations:
            crm["relations"] = relations
        mapping[CRM_NAMES[entity]] = crm
    spec = {
        "project": folder.resolve().name,
        "sources": proposal.sources,
        "entities": entities,
        "mapping": mapping,
        "target": {"url": "sqlite:///crm.db"},
    }
    plain = json.loads(json.dumps(spec))  # SQLAlchemy's names are not plain text
    head = "".join(f"# {localised(line, language)}\n" for line in _remarks(proposal))
    text = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100)
    return f"{head}\n" + with_reasons(text, rules, language)


def _survivorship(rules: Mapping[str, ProposedRule]) -> dict[str, Any]:
    """The keys of an entity for what is proposed of its golden records."""
    updated = {"updated": UPDATED} if UPDATED in rules else {}
    chosen = {name: proposed.rule for name, proposed in rules.items()}
    return {**updated, "survivorship": chosen} if chosen else {}


def _remarks(proposal: _Proposal) -> Iterator[str]:
    """What a person should know of the proposal, a sentence a line."""
    yield Message("Written by `guiyi init` after a look at the sources; read it through.")
    subjects = {t.table: t.subject.sentence for t in proposal.tables if t.subject is not None}
    for name, subject in subjects.items():
        yield Message(
            "  {table}: {subject} Company and person become records of their own.",
            table=name,
            subject=subject,
        )
    for name in proposal.left_out:
        yield Message("  {table}: left out, it holds no customers", table=name)


def _suites(proposal: _Proposal) -> dict[str, str]:
    suites = {}
    for entity, kinds in proposal.entities().items():
        samples = [table.fields() for table in proposal.tables if table.entity == entity]
        sample = pl.concat(samples, how="diagonal")
        cleaned = clean_table(sample, {n: k for n, k in kinds.items() if n in sample.columns})
        suites[f"suites/{entity}.yaml"] = propose_suites(cleaned, kinds, entity)
    return suites


def _unique(name: str, taken: dict[str, Any]) -> str:
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found
