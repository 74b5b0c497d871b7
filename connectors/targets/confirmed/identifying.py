"""A confirmed target whose rows have ids of their own: some may lack a golden id."""

from collections.abc import Mapping, Sequence

import polars as pl

from connectors.targets.confirmed.service import IdentifyingService
from connectors.targets.confirmed.target import ROUNDS, ConfirmedTarget, chunks
from connectors.targets.contract import OWN_ID
from guiyi.errors import OutcomeUnknown


class IdentifyingTarget(ConfirmedTarget):
    """Rows by external id, and those that have none by their own."""

    def __init__(self, service: IdentifyingService) -> None:
        super().__init__(service)
        self._identifying = service

    def unidentified(self, entity: str, columns: Sequence[str]) -> pl.DataFrame:
        """Read the rows that have no golden id: own_id and the columns."""
        self._identifying.check(entity, columns)
        rows = [
            (row.own_id, *(row.values[name] for name in columns))
            for row in self._identifying.unidentified(entity, columns)
        ]
        schema = dict.fromkeys([OWN_ID, *columns], pl.String)
        return pl.DataFrame(rows, schema=schema, orient="row")

    def identify(self, entity: str, golden_ids: Mapping[str, str]) -> list[str]:
        """Give rows a golden id; returns the own ids of those that did not take it. Whatever is
        answered, they are read again, and that decides.
        """
        for attempt in range(1, ROUNDS + 1):
            given = self._free(entity, golden_ids)
            if not given or self._label(entity, given, attempt):
                break
        now = self._own_ids(entity, [*golden_ids.values()])
        return [own_id for own_id, golden in golden_ids.items() if now.get(golden) != own_id]

    def unidentify(self, entity: str, golden_ids: Sequence[str]) -> None:
        """Take the golden id from rows; their values stay."""
        for attempt in range(1, ROUNDS + 1):
            own_ids = self._own_ids(entity, golden_ids)
            if not own_ids or self._label(entity, dict.fromkeys(own_ids.values()), attempt):
                break

    def _free(self, entity: str, golden_ids: Mapping[str, str]) -> dict[str, str | None]:
        """The rows that have no golden id and may take theirs: no other row has it, or is to."""
        there = self._own_ids(entity, [*golden_ids.values()])
        free = {*self.unidentified(entity, ())[OWN_ID]}
        given: dict[str, str | None] = {}
        for own_id, golden in golden_ids.items():
            if own_id in free and golden not in there and golden not in given.values():
                given[own_id] = golden
        return given

    def _label(self, entity: str, given: Mapping[str, str | None], attempt: int) -> bool:
        """Give or take golden ids; False where an answer is missing and is to be looked for."""
        try:
            for part in chunks([*given], self._service.chunk):
                self._identifying.label(entity, {own_id: given[own_id] for own_id in part})
        except OutcomeUnknown:
            if attempt == ROUNDS:
                raise
            return False
        return True

    def _own_ids(self, entity: str, golden_ids: Sequence[str]) -> dict[str, str]:
        held = self._read(entity, (), golden_ids)
        return {golden: row.own_id for golden, row in held.items()}
