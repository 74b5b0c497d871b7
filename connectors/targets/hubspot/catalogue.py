"""The objects of an account: their properties, and the columns that are associations."""

from collections.abc import Mapping, Sequence

from connectors.targets.hubspot.api import VERSION, HubspotApi
from connectors.targets.hubspot.associations import Association
from connectors.targets.hubspot.properties import HubspotProperty
from connectors.targets.hubspot.spec import HubspotTargetSpec
from guiyi.errors import TargetError
from guiyi.messages import Message


class HubspotCatalogue:
    """Knows the properties of objects; asked once, and again after `forget`."""

    def __init__(self, api: HubspotApi, spec: HubspotTargetSpec) -> None:
        self._api, self._spec = api, spec
        self._known: dict[str, Mapping[str, HubspotProperty]] = {}

    def object(self, entity: str) -> str:
        """The object a CRM entity is."""
        return self._spec.tables.get(entity, entity)

    def relations(self, entity: str) -> Mapping[str, str]:
        """The columns that are associations, and the entity each leads to."""
        return {name: one.to for name, one in self._spec.relations.get(entity, {}).items()}

    def association(self, entity: str, column: str) -> Association:
        """The association a column is."""
        spec = self._spec.relations[entity][column]
        return Association.of(spec, self.object(entity), self.object(spec.to))

    def property(self, entity: str, name: str) -> HubspotProperty:
        """A property that `check` has seen."""
        if name not in self._known.get(self.object(entity), {}):
            self.check(entity, [name])
        return self._known[self.object(entity)][name]

    def forget(self) -> None:
        """Ask anew, next time."""
        self._known.clear()

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that object and properties are there. Raises TargetError that names what to do."""
        there = self._properties(entity)
        relations = self.relations(entity)
        for parent in {relations[name] for name in columns if name in relations}:
            self._must_identify(parent, self._properties(parent))
        self._must_identify(entity, there)
        plain = [name for name in columns if name not in relations]
        missing = [name for name in plain if name not in there]
        if missing:
            raise TargetError(
                Message(
                    "the object `{object}` has no property {columns}",
                    object=self.object(entity),
                    columns=", ".join(f"`{name}`" for name in missing),
                ),
                place=self._api.place,
                hint=Message(
                    "create it in HubSpot under Settings, Properties, or correct mapping.{entity};"
                    " an association is named in target.relations",
                    entity=entity,
                ),
            )
        closed = [name for name in plain if there[name].read_only]
        if closed:
            raise TargetError(
                Message(
                    "nobody may write {columns} of the object `{object}`",
                    object=self.object(entity),
                    columns=", ".join(f"`{name}`" for name in closed),
                ),
                place=self._api.place,
                hint=Message("take it out of mapping.{entity}", entity=entity),
            )

    def not_unique(self, entity: str) -> TargetError:
        """Two rows have the same golden id, or may have."""
        return TargetError(
            Message(
                "the values of `{property}` of the object `{object}` need not be unique",
                property=self._spec.external_id,
                object=self.object(entity),
            ),
            place=self._api.place,
            hint="create a property with unique values for the golden id, and name it in"
            " target.external_id",
        )

    def _must_identify(self, entity: str, there: Mapping[str, HubspotProperty]) -> None:
        key = self._spec.external_id
        if key not in there:
            raise TargetError(
                Message(
                    "the object `{object}` has no property {columns}",
                    object=self.object(entity),
                    columns=f"`{key}`",
                ),
                place=self._api.place,
                hint="create it in HubSpot, single-line text with unique values: it holds the"
                " golden id",
            )
        if not there[key].unique:
            raise self.not_unique(entity)

    def _properties(self, entity: str) -> Mapping[str, HubspotProperty]:
        name = self.object(entity)
        if name not in self._known:
            found = self._api.find(f"crm/properties/{VERSION}/{name}")
            if found is None:
                raise TargetError(
                    Message("there is no object `{object}`", object=name),
                    place=self._api.place,
                    hint=Message(
                        "name the object of `{entity}` in target.tables, such as companies",
                        entity=entity,
                    ),
                )
            declared = (HubspotProperty.of(one) for one in found["results"])
            self._known[name] = {one.name: one for one in declared}
        return self._known[name]
