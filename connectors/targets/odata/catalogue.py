"""The entity sets that CRM entities live in, found in the service's $metadata."""

from collections.abc import Mapping, Sequence

from connectors.targets.http import HttpSession
from connectors.targets.odata.model import EdmEntityType, EdmSort, NoMetadata, read_model
from connectors.targets.odata.reading import VERSION
from connectors.targets.odata.spec import ODataEntitySpec, ODataLookupSpec, ODataTargetSpec
from connectors.targets.odata.table import ODataLookup, ODataTable
from guiyi.errors import TargetError
from guiyi.messages import Message, as_message
from guiyi.near_names import did_you_mean

_METADATA = {**VERSION, "Accept": "application/xml"}


class ServiceCatalogue:
    """What a service has, as far as a project names it; read once, until it is forgotten."""

    def __init__(self, session: HttpSession, spec: ODataTargetSpec) -> None:
        self._session, self._spec = session, spec
        self._sets: Mapping[str, EdmEntityType] | None = None

    def forget(self) -> None:
        """The next question reads $metadata again."""
        self._sets = None

    def table(self, entity: str, columns: Sequence[str]) -> ODataTable:
        """The entity set of a CRM entity. Raises TargetError that names what it lacks."""
        about = self._about(entity)
        table = self._bare(entity)
        lookups = {
            column: self._lookup(table, column, about.lookups[column])
            for column in columns
            if column in about.lookups
        }
        for column in columns:
            if column not in lookups:
                self._check_property(table, column)
        return ODataTable(entity, table.set, table.type, table.key, table.by_key, lookups)

    def _about(self, entity: str) -> ODataEntitySpec:
        return self._spec.entities.get(entity, ODataEntitySpec())

    def _bare(self, entity: str) -> ODataTable:
        """The entity set without its lookups, which may lead back to it."""
        about, sets = self._about(entity), self._known()
        name = self._spec.tables.get(entity, entity)
        if name not in sets:
            raise TargetError(
                Message("the service has no entity set `{set}`", set=name),
                place=self._session.place,
                hint=Message(
                    "make it in the CRM, or name another in target.tables.{entity}; {hint}",
                    entity=entity,
                    hint=did_you_mean(name, sets),
                ),
            )
        kind = sets[name]
        key = about.key or self._spec.external_id
        if key not in kind.properties:
            raise self._lacks(
                name, key, kind, Message("target.entities.{entity}.key", entity=entity)
            )
        prop = kind.properties[key]
        if prop.sort is not EdmSort.TEXT:
            raise TargetError(
                Message(
                    "`{external_id}` of `{table}` holds a {holds}; golden ids are text",
                    external_id=key,
                    table=name,
                    holds=as_message(prop.sort.value),
                ),
                place=self._session.place,
                hint="name a text column in target.external_id",
            )
        by_key = about.upsert == "key" or (about.upsert == "auto" and key in kind.alternate_keys)
        return ODataTable(entity, name, kind, key, by_key)

    def _lookup(self, table: ODataTable, column: str, spec: ODataLookupSpec) -> ODataLookup:
        many = table.type.navigations.get(spec.navigation)
        where = Message(
            "target.entities.{entity}.lookups.{column}", entity=table.entity, column=column
        )
        if many is None or many:
            known = [name for name, leads in table.type.navigations.items() if not leads]
            raise TargetError(
                Message(
                    "`{set}` has no navigation property `{name}` that leads to one row",
                    set=table.set,
                    name=spec.navigation,
                ),
                place=self._session.place,
                hint=Message(
                    "correct {where}; {hint}",
                    where=where,
                    hint=did_you_mean(spec.navigation, known),
                ),
            )
        if spec.foreign_key is not None and spec.foreign_key not in table.type.properties:
            raise self._lacks(table.set, spec.foreign_key, table.type, where)
        return ODataLookup(column, spec.navigation, self._bare(spec.to), spec.foreign_key)

    def _check_property(self, table: ODataTable, column: str) -> None:
        prop = table.type.properties.get(column)
        if prop is None:
            raise self._lacks(
                table.set, column, table.type, Message("mapping.{entity}", entity=table.entity)
            )
        if prop.sort is EdmSort.OTHER:
            raise TargetError(
                Message(
                    "`{column}` of `{set}` is of the type {type}, which no text becomes",
                    column=column,
                    set=table.set,
                    type=prop.type,
                ),
                place=self._session.place,
                hint=Message("leave it out of mapping.{entity}", entity=table.entity),
            )
        if not prop.given:
            raise TargetError(
                Message(
                    "`{column}` of `{set}` is computed by the service", column=column, set=table.set
                ),
                place=self._session.place,
                hint=Message("leave it out of mapping.{entity}", entity=table.entity),
            )

    def _lacks(self, name: str, prop: str, kind: EdmEntityType, where: Message) -> TargetError:
        return TargetError(
            Message("the entity set `{set}` has no property `{name}`", set=name, name=prop),
            place=self._session.place,
            hint=Message(
                "add it in the CRM, or correct {where}; {hint}",
                where=where,
                hint=did_you_mean(prop, kind.properties),
            ),
        )

    def _known(self) -> Mapping[str, EdmEntityType]:
        if self._sets is None:
            reading = Message("read $metadata")
            reply = self._session.send("GET", "$metadata", headers=_METADATA, repeat=True)
            if not reply.ok:
                raise self._session.refused(reply, reading)
            try:
                self._sets = read_model(reply.body)
            except NoMetadata:
                raise TargetError(
                    "there is no $metadata of an OData V4 service",
                    place=self._session.place,
                    hint="check target.url: it is the root of the service",
                ) from None
        return self._sets
