"""Rows of Kingdee: found by the field that holds the golden id, read back after each write."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.targets.confirmed import BY_OWN_ID, HeldRow, SentRow
from connectors.targets.confirmed.parents import Parents, parents_of
from connectors.targets.confirmed.service import Held, Refused
from connectors.targets.confirmed.values import ValueSort, spelled
from connectors.targets.kingdee.api import QUERY, KingdeeApi, KingdeeFault
from connectors.targets.kingdee.forms import STATUS, KingdeeForm, KingdeeForms
from connectors.targets.kingdee.saving import KingdeeMember, KingdeeSaver
from connectors.targets.kingdee.spec import KingdeeTargetSpec
from guiyi.errors import TargetError
from guiyi.messages import Message

_CHUNK = 200
_AUDITED = "C"


@dataclass(frozen=True)
class KingdeeHeldRow(HeldRow):
    """A row with what is needed to change it."""

    number: str
    """Its number (编码): what other rows point to it by."""
    audited: bool
    """Whether it is audited, and so closed."""


class KingdeeService:
    """Reads and writes the forms of one site."""

    chunk, atomic, guarded = _CHUNK, True, False

    def __init__(self, api: KingdeeApi, spec: KingdeeTargetSpec) -> None:
        self._api, self._spec = api, spec
        self._forms = KingdeeForms(api, spec)
        self._saver = KingdeeSaver(api, spec.batch)
        self.place = api.place
        self.may_repeat = all(one.number == spec.external_id for one in spec.entities.values())

    def check(self, entity: str, columns: Sequence[str]) -> None:
        """See that form and fields are there."""
        self._forms.check(entity, columns)

    def forget(self) -> None:
        """Ask anew what is there."""
        self._forms.forget()

    def relations(self, entity: str) -> Mapping[str, str]:
        """The columns that point to rows of another entity."""
        return self._forms.relations(entity)

    def spell(self, entity: str, column: str, text: str | None) -> str | None:
        """A value as it would be read back."""
        return self._forms.form(entity).spell(column, text)

    def why_not(self, entity: str, column: str, text: str | None) -> str | None:
        """Why a column cannot hold a value."""
        return self._forms.form(entity).why_not(column, text)

    def lacking(self, entity: str, columns: Sequence[str]) -> Sequence[str]:
        """The fields the spec calls required that nothing is mapped to."""
        form = self._forms.form(entity)
        given = {*columns, *form.spec.constants}
        return [name for name in form.spec.required if name not in given]

    def read_all(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every row that has a golden id."""
        form = self._forms.form(entity)
        rows = self._read(form, columns, f"{form.spec.id} > 0")
        yield from self._unique(form, [row for row in rows if row.external_id]).values()

    def unidentified(self, entity: str, columns: Sequence[str]) -> Iterator[HeldRow]:
        """Every row that has no golden id; where that is the number all have one."""
        form = self._forms.form(entity)
        rows = self._read(form, columns, f"{form.spec.id} > 0")
        return (row for row in rows if not row.external_id)

    def read(self, entity: str, columns: Sequence[str], external_ids: Sequence[str]) -> Held:
        """The rows with these golden ids."""
        form, wanted = self._forms.form(entity), set(external_ids)
        listed = ", ".join(
            "'" + one.replace("'", "''") + "'" for one in dict.fromkeys(external_ids)
        )
        rows = self._read(form, columns, f"{form.key} IN ({listed})") if listed else []
        return dict(self._unique(form, [row for row in rows if row.external_id in wanted]))

    def send(
        self, entity: str, columns: Sequence[str], rows: Sequence[SentRow], before: Held
    ) -> Refused:
        """Save rows; of rows that point nowhere nothing is written. An audited row is opened before
        and audited after, if the spec says that rows are audited.
        """
        form = self._forms.form(entity)
        parents, refused = parents_of(self, entity, rows)
        members = [
            self._member(form, columns, row, before.get(row.external_id), parents)
            for row in rows
            if row.external_id not in refused
        ]
        self._open(form, [before[one.external_id] for one in members if one.own_id != "0"])

        def still(part: Sequence[KingdeeMember]) -> list[KingdeeMember]:
            there = self.read(entity, (), [one.external_id for one in part])
            return [one for one in part if one.own_id != "0" or one.external_id not in there]

        refused |= self._saver.save(form.spec.form, form.spec.id, members, still)
        if self._spec.submit:
            done = [one.external_id for one in members if one.external_id not in refused]
            own_ids = [row.own_id for row in self.read(entity, (), done).values()]
            self._saver.act("Submit", form.spec.form, own_ids)
            self._saver.act("Audit", form.spec.form, own_ids)
        return refused

    def remove(self, entity: str, rows: Sequence[HeldRow]) -> Refused:
        """Delete rows."""
        form = self._forms.form(entity)
        self._open(form, rows)
        return self._saver.delete(form.spec.form, {row.external_id: row.own_id for row in rows})

    def label(self, entity: str, golden_ids: Mapping[str, str | None]) -> None:
        """Write golden ids into rows that have none, or empty the field."""
        form = self._forms.form(entity)
        ids = ", ".join(own_id for own_id in golden_ids if own_id.isdecimal())
        held = self._read(form, (), f"{form.spec.id} IN ({ids})") if ids else []
        taking = [row for row in held if golden_ids.get(row.own_id) is None or not row.external_id]
        self._open(form, taking)
        members = [
            KingdeeMember(row.own_id, row.own_id, {form.key: golden_ids[row.own_id] or ""})
            for row in taking
        ]
        self._saver.save(form.spec.form, form.spec.id, members, lambda part: part)
        if self._spec.submit:
            own_ids = [row.own_id for row in taking]
            self._saver.act("Submit", form.spec.form, own_ids)
            self._saver.act("Audit", form.spec.form, own_ids)

    def close(self) -> None:
        """Close every connection."""
        self._api.close()

    def _open(self, form: KingdeeForm, rows: Sequence[HeldRow]) -> None:
        """Un-audit rows that are audited, where the spec says that rows are audited."""
        closed = [row.own_id for row in rows if isinstance(row, KingdeeHeldRow) and row.audited]
        if self._spec.submit and closed:
            self._saver.act("UnAudit", form.spec.form, closed)

    def _read(self, form: KingdeeForm, columns: Sequence[str], where: str) -> list[KingdeeHeldRow]:
        links = {name: f"{name}.{form.key}" for name in columns if name in form.spec.relations}
        names = [form.spec.id, form.spec.number, form.key, *map(form.asked, columns)]
        names += [*links.values(), *([STATUS] if self._spec.submit else [])]
        asked = list(dict.fromkeys(names))
        try:
            found = self._api.query(form.spec.form, asked, where, form.spec.id)
        except KingdeeFault:
            raise TargetError(
                Message(
                    "the service refused to read `{table}` ({status})",
                    table=form.spec.form,
                    status=QUERY,
                ),
                place=self.place,
                hint="restore what was removed from it, or correct the mapping",
            ) from None
        return [self._held(form, columns, links, row) for row in found]

    def _held(
        self,
        form: KingdeeForm,
        columns: Sequence[str],
        links: Mapping[str, str],
        row: Mapping[str, Any],
    ) -> KingdeeHeldRow:
        values: dict[str, str | None] = {}
        for name in columns:
            shown = form.cell(name, row[form.asked(name)])
            if name in links and shown is not None:
                golden = _text(row[links[name]])
                values[name] = golden or BY_OWN_ID + shown
            else:
                values[name] = shown
        return KingdeeHeldRow(
            _text(row[form.key]),
            str(row[form.spec.id]),
            values,
            _text(row[form.spec.number]),
            row.get(STATUS) == _AUDITED,
        )

    def _unique(self, form: KingdeeForm, rows: Sequence[KingdeeHeldRow]) -> Held:
        found: Held = {}
        for row in rows:
            if row.external_id in found:
                raise TargetError(
                    Message(
                        "`{external_id}` is not unique in the table `{table}`",
                        external_id=form.key,
                        table=form.spec.form,
                    ),
                    place=self.place,
                    hint=Message(
                        "make `{key}` unique in the CRM, and remove the row {row} that stands"
                        " there twice",
                        key=form.key,
                        row=row.external_id,
                    ),
                )
            found[row.external_id] = row
        return found

    def _member(
        self,
        form: KingdeeForm,
        columns: Sequence[str],
        row: SentRow,
        held: HeldRow | None,
        parents: Parents,
    ) -> KingdeeMember:
        """A row as it is saved: of one that is there only what is to change."""
        values: dict[str, Any] = {}
        if held is None:
            values = {form.key: row.external_id, **form.spec.constants}
        for column in columns:
            text = row.values[column]
            if text == (None if held is None else held.values[column]):
                continue
            values[column] = self._sent(form, column, text, parents)
        return KingdeeMember(row.external_id, "0" if held is None else held.own_id, values)

    def _sent(self, form: KingdeeForm, column: str, text: str | None, parents: Parents) -> Any:
        if column in form.spec.relations:
            parent = None if text is None else parents[column, text]
            if isinstance(parent, KingdeeHeldRow):
                return {"FNumber": parent.number}
            return {"FNumber": "" if parent is None else parent.own_id}
        if column in form.spec.base_data:
            return {"FNumber": text or ""}
        kind = form.spec.fields.get(column, "text")
        if kind == "boolean":
            return text == "true"
        if kind == "number" and text is not None:
            return spelled(ValueSort.NUMBER, text)
        return text or ""


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()
