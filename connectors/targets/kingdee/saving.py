"""`BatchSave`, `Submit`, `Audit`, `UnAudit`, `Delete`: rows at fault are named by their place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.targets.contract import Rejection
from connectors.targets.kingdee.api import KingdeeApi, succeeded
from connectors.targets.reasons import LOCKED, NO_PARENT, reason_in
from guiyi.errors import TargetError
from guiyi.messages import Message

_WORDS = (("不存在", NO_PARENT), ("网络控制", LOCKED), ("正在操作", LOCKED))
"""What Kingdee writes of base data that is not there, and of rows that somebody has open."""


@dataclass(frozen=True)
class KingdeeMember:
    """A row of a batch."""

    external_id: str
    """The golden id."""
    own_id: str
    """Its internal id; `0` of a new one."""
    values: Mapping[str, Any]
    """Field → value, as JSON."""


class KingdeeSaver:
    """Sends rows of forms."""

    def __init__(self, api: KingdeeApi, batch: int) -> None:
        self._api, self._batch = api, batch

    def save(
        self,
        form: str,
        id_field: str,
        members: Sequence[KingdeeMember],
        still: Callable[[Sequence[KingdeeMember]], Sequence[KingdeeMember]],
    ) -> dict[str, Rejection]:
        """Save rows; those that were refused. Of rows that are there only the named fields change,
        and those with the same fields go together. `still` says which of a batch are still to be
        sent: the golden id need not be unique, and some of what was refused may be in.
        """
        alike: dict[tuple[str, ...], list[KingdeeMember]] = {}
        for one in members:
            alike.setdefault(((one.own_id == "0" and "new") or "", *one.values), []).append(one)
        refused: dict[str, Rejection] = {}
        for group in alike.values():
            for start in range(0, len(group), self._batch):
                part = group[start : start + self._batch]
                refused |= self._save(form, id_field, part, still)
        return refused

    def act(self, service: str, form: str, own_ids: Sequence[str]) -> None:
        """Submit, audit or un-audit rows. Raises TargetError where one is refused."""
        for start in range(0, len(own_ids), self._batch):
            part = own_ids[start : start + self._batch]
            status = self._api.write(service, form, {"Ids": ",".join(part)})
            if not succeeded(status):
                raise TargetError(
                    Message(
                        "{service} refused {n} rows of `{form}`",
                        service=service,
                        n=len(_faults(status, len(part))) or len(part),
                        form=form,
                    ),
                    place=self._api.place,
                    hint="see them in Kingdee by their status (单据状态), then resume",
                )

    def delete(self, form: str, rows: Mapping[str, str]) -> dict[str, Rejection]:
        """Delete rows, by golden id and internal id; those that were refused."""
        status = self._api.write("Delete", form, {"Ids": ",".join(rows.values())})
        if succeeded(status):
            return {}
        if len(rows) == 1:
            golden = next(iter(rows))
            return {golden: _rejection(golden, _listed(status), ())}
        refused: dict[str, Rejection] = {}
        listed = list(rows.items())
        half = len(listed) // 2
        for part in (listed[:half], listed[half:]):
            refused |= self.delete(form, dict(part))
        return refused

    def _save(
        self,
        form: str,
        id_field: str,
        members: Sequence[KingdeeMember],
        still: Callable[[Sequence[KingdeeMember]], Sequence[KingdeeMember]],
    ) -> dict[str, Rejection]:
        new = members[0].own_id == "0"
        data = {
            "NeedUpDateFields": [] if new else list(members[0].values),
            "NeedReturnFields": [],
            "IsDeleteEntry": "false",
            "IsVerifyBaseDataField": "true",
            "ValidateFlag": "true",
            "NumberSearch": "true",
            "Model": [{id_field: _id(one.own_id), **one.values} for one in members],
        }
        status = self._api.write("BatchSave", form, data)
        if succeeded(status):
            return {}
        if len(members) == 1:
            only = members[0]
            return {only.external_id: _rejection(only.external_id, _listed(status), only.values)}
        faults = _faults(status, len(members))
        if faults:
            return {
                members[n].external_id: _rejection(members[n].external_id, why, members[n].values)
                for n, why in faults.items()
            }
        left = still(members)
        half = (len(left) + 1) // 2
        refused: dict[str, Rejection] = {}
        for part in (left[:half], left[half:]):
            if part:
                refused |= self._save(form, id_field, part, still)
        return refused


def _id(own_id: str) -> int | str:
    return int(own_id) if own_id.isdecimal() else own_id


def _listed(status: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    errors = status.get("Errors")
    return [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []


def _faults(status: Mapping[str, Any], count: int) -> dict[int, list[Mapping[str, Any]]]:
    """Errors by the places of their rows; nothing if one names none, or a row that went in."""
    went = status.get("SuccessEntitys")
    done = {one.get("DIndex") for one in went or () if isinstance(one, dict)}
    found: dict[int, list[Mapping[str, Any]]] = {}
    for one in _listed(status):
        place = one.get("DIndex")
        if not isinstance(place, int) or not 0 <= place < count or place in done:
            return {}
        found.setdefault(place, []).append(one)
    return found


def _rejection(
    external_id: str, errors: Sequence[Mapping[str, Any]], columns: Mapping[str, Any] | tuple[()]
) -> Rejection:
    """Why a row was refused; what Kingdee writes may hold a value and is not shown."""
    named = [str(one.get("FieldName")).partition(".")[0] for one in errors]
    column = next((name for name in named if name in columns), None)
    sentences = [str(one.get("Message")) for one in errors]
    for text in sentences:
        known = [reason for word, reason in _WORDS if word in text]
        reason = reason_in(text) or (known[0] if known else None)
        if reason is not None:
            return Rejection(external_id, column, reason)
    return Rejection(external_id, column, "the service refused it")
