"""The forms of a site, as the spec describes them and a query shows that they are there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from connectors.targets.confirmed.fields import ServiceField
from connectors.targets.confirmed.values import ValueSort, from_json
from connectors.targets.kingdee.api import KingdeeApi, KingdeeFault
from connectors.targets.kingdee.spec import KingdeeFormSpec, KingdeeTargetSpec
from guiyi.errors import TargetError
from guiyi.messages import Message, as_message

_SORTS = {"number": ValueSort.NUMBER, "boolean": ValueSort.BOOLEAN, "date": ValueSort.DATE}
_NOTHING = {"number": "0", "boolean": "false"}
_CHINA = timezone(timedelta(hours=8))
"""Times stand without a zone; those that have one are put into that of mainland China."""
STATUS = "FDocumentStatus"
"""A created, B in audit, C audited, D to audit again, Z kept for later."""


@dataclass(frozen=True)
class KingdeeForm:
    """A CRM entity as a form."""

    entity: str
    """The CRM entity."""
    spec: KingdeeFormSpec
    """What is said of it."""
    key: str
    """The field that holds the golden id."""

    def asked(self, column: str) -> str:
        """What a query calls a column: of base data it shows the number."""
        linked = column in self.spec.base_data or column in self.spec.relations
        return f"{column}.FNumber" if linked else column

    def spell(self, column: str, text: str | None) -> str | None:
        """A value as it is read back."""
        kind = self.spec.fields.get(column, "text")
        if kind == "datetime":
            return _local(text)
        return self._field(column).spell(text)

    def cell(self, column: str, value: Any) -> str | None:
        """A value of a query as text: an empty text is a space."""
        return (
            from_json(value, lambda text: self.spell(column, text)) or self._field(column).nothing
        )

    def why_not(self, column: str, text: str | None) -> str | None:
        """Why a column cannot hold a value, as far as is said of it."""
        given = text.strip() if text else ""
        if given and self.spec.fields.get(column) == "datetime" and not _is_moment(given):
            return Message("not a {holds}", holds=as_message("date and time with zone"))
        return self._field(column).why_not(text)

    def _field(self, column: str) -> ServiceField:
        kind = self.spec.fields.get(column, "text")
        return ServiceField(
            column,
            _SORTS.get(kind, ValueSort.TEXT),
            longest=self.spec.longest.get(column),
            required=column in self.spec.required,
            nothing=_NOTHING.get(kind),
            trimmed=True,
        )


class KingdeeForms:
    """Knows which fields were seen; asked once, and again after `forget`."""

    def __init__(self, api: KingdeeApi, spec: KingdeeTargetSpec) -> None:
        self._api, self._spec = api, spec
        self._seen: set[tuple[str, str]] = set()

    def form(self, entity: str) -> KingdeeForm:
        """The form of an entity."""
        found = self._spec.entities.get(entity)
        if found is None:
            raise TargetError(
                Message("nothing is said of the form of `{entity}`", entity=entity),
                place=self._api.place,
                hint="say it in target.entities: its `form` and `id`, such as BD_Customer, FCUSTID",
            )
        return KingdeeForm(entity, found, self._spec.external_id)

    def relations(self, entity: str) -> Mapping[str, str]:
        """The columns that point to rows of another entity."""
        return self.form(entity).spec.relations

    def forget(self) -> None:
        """Ask anew, next time."""
        self._seen.clear()

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that form and fields are there. Raises TargetError that names what is not."""
        form = self.form(entity)
        for column in columns:
            parent = form.spec.relations.get(column)
            if parent is not None and parent != entity:
                self.check(parent, ())
        names = [form.spec.id, form.spec.number, form.key, *map(form.asked, columns)]
        fresh = [name for name in dict.fromkeys(names) if (entity, name) not in self._seen]
        if not fresh:
            return
        if not self._answers(form, fresh):
            if not self._answers(form, [form.spec.id]):
                raise self._no_form(form)
            missing = [name for name in fresh if not self._answers(form, [name])]
            raise self._missing(form, missing or fresh)
        self._seen |= {(entity, name) for name in fresh}

    def _answers(self, form: KingdeeForm, names: Sequence[str]) -> bool:
        asked = [form.spec.id, *(name for name in names if name != form.spec.id)]
        try:
            self._api.query(form.spec.form, asked, f"{form.spec.id} = 0", form.spec.id)
        except KingdeeFault:
            return False
        return True

    def _no_form(self, form: KingdeeForm) -> TargetError:
        return TargetError(
            Message(
                "there is no form `{form}` with the field `{id}`",
                form=form.spec.form,
                id=form.spec.id,
            ),
            place=self._api.place,
            hint=Message(
                "correct target.entities.{entity}, and let the user of target.login see it",
                entity=form.entity,
            ),
        )

    def _missing(self, form: KingdeeForm, names: Sequence[str]) -> TargetError:
        return TargetError(
            Message(
                "the form `{form}` has no field {columns}",
                form=form.spec.form,
                columns=", ".join(f"`{name.removesuffix('.FNumber')}`" for name in names),
            ),
            place=self._api.place,
            hint=Message(
                "create it in BOS Designer, or correct mapping.{entity} and target.external_id",
                entity=form.entity,
            ),
        )


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _local(text: str | None) -> str | None:
    bare = text.strip() if text else ""
    if not bare:
        return None
    if not _is_moment(bare):
        return bare
    moment = datetime.fromisoformat(bare)
    moment = moment.astimezone(_CHINA) if moment.tzinfo else moment
    return moment.replace(tzinfo=None, microsecond=0).isoformat()
