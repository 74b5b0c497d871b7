"""Blocking keys a user has written down: sets of fields whose comparison keys must agree."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from cleansing.coded import Coded
from cleansing.coded_table import CodedTable
from cleansing.text import missing
from cleansing.transliteration import latin
from dedup.blocking.blocks import Key
from dedup.blocking.key_choice import PESSIMISM, TRIALS
from dedup.forms.columns import TextColumn
from dedup.forms.tokens import Token
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.near_names import did_you_mean

HOLDS = 0.8
"""How often two records of one entity share a field's comparison key, as for exact keys found."""


def given_keys(
    records: CodedTable,
    kinds: Mapping[str, Kind],
    sets: Sequence[Sequence[str]],
    rows: npt.NDArray[np.int64],
    notes: list[str],
) -> list[Key]:
    """Make one key of each set of fields; a set with a field that holds nothing proposes nothing.

    A field without a comparison key of its own (`FIELD.key`) is taken as it stands, case folded.
    """
    fields = list(dict.fromkeys(field for fields in sets for field in fields))
    for field in fields:
        if field not in kinds or field not in records.fields:
            there = [name for name in kinds if name in records.fields]
            raise SpecError(
                Message("there is no field `{field}` to block on", field=field),
                place="match.blocking",
                hint=did_you_mean(field, there),
            )
    tokens = {
        field: Token("", _codes(records, field, kinds[field])[rows], HOLDS) for field in fields
    }
    keys = []
    for own in sets:
        empty = [field for field in own if not (tokens[field].rows >= 0).any()]
        if empty or not own:
            notes.append(
                Message(
                    "blocking: {fields} holds nothing, so the set proposes no pair",
                    fields=", ".join(empty),
                )
                if empty
                else Message("blocking: a set without fields proposes no pair")
            )
            continue
        keys.append(Key(tuple(tokens[field] for field in own), tuple(own)))
    if not keys:
        notes.append("blocking: no set of fields proposes a pair, so nothing is compared")
    return keys


def key_codes(records: CodedTable, kinds: Mapping[str, Kind]) -> list[npt.NDArray[np.int32]]:
    """The comparison keys of fields that propose pairs and are no evidence themselves."""
    return [
        _codes(records, field, kind) for field, kind in kinds.items() if field in records.fields
    ]


def imagined_recall(keys: Sequence[Key], rows: int, seed: int) -> float:
    """The share of imagined pairs of one entity that the keys find; see `key_choice`."""
    draw = np.random.default_rng(seed)
    one, other = draw.integers(0, rows, (2, TRIALS))
    luck = {field: draw.random(TRIALS) for field in sorted({f for key in keys for f in key.fields})}
    found = np.zeros(TRIALS, np.bool_)
    for key in keys:
        agree = np.ones(TRIALS, np.bool_)
        for field, token in zip(key.fields, key.tokens, strict=True):
            there = (token.rows[one] >= 0) & (token.rows[other] >= 0)
            agree &= there & (luck[field] < token.holds**PESSIMISM)
        found |= agree
    return float(found.mean())


def _codes(records: CodedTable, field: str, kind: Kind) -> npt.NDArray[np.int32]:
    own, cells = f"{field}.key", records.fields[field].cells
    text = cells[own if own in cells.columns else field].cast(pl.String)
    text = latin(text) if kind is Kind.PERSON_NAME else text
    folded = text.str.to_lowercase().str.strip_chars().alias("v").to_frame()
    keys = folded.select(pl.when(pl.col("v") != "").then("v")).to_series()
    silent = cells.select(missing(pl.col(field).cast(pl.String).fill_null(" ")))[field]
    keys = keys.to_frame("v").select(pl.when(~silent).then("v"))["v"]
    return TextColumn.of(Coded(keys, records.fields[field].codes)).codes
