"""Asks a person about the most informative pairs of a matching, and keeps every answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl

from dedup.labels import Answers, Question, Questions
from dedup.model import SavedModel, levels_of
from guiyi.records import RECORD_ID
from pipelines.labelling.labels_file import Row, read_labels, write_labels

BATCH = 10
"""So many pairs are chosen at once; then the answers to them choose the next."""


class Answer(StrEnum):
    """What a person says of a pair, or wants instead."""

    YES = "y"
    NO = "n"
    UNSURE = "u"
    BACK = "b"
    QUIT = "q"


WRITTEN = {Answer.YES: "true", Answer.NO: "false", Answer.UNSURE: ""}


@dataclass(frozen=True)
class Matched:
    """A matching that can be asked about."""

    pairs: pl.DataFrame
    """left, right (record keys), perhaps row_l, row_r, and the columns of Resolution.pairs."""
    records: pl.DataFrame
    """record_id (a record key: `source:record_id`), and what to show of each record."""
    model: SavedModel
    document: dict[str, Any]
    """The model as it was written."""
    show: Callable[[pl.DataFrame], pl.DataFrame] = lambda rows: rows
    """Shows rows of `records` as the person who is asked may see them."""


@dataclass(frozen=True)
class Asked:
    """One pair to be shown: how it stands in the file, what of its records may be seen (the record
    key too), and why it is asked.
    """

    pair: dict[str, Any]
    left: dict[str, Any]
    right: dict[str, Any]
    question: Question
    number: int


class Reviewer(Protocol):
    """Whoever answers."""

    def answer(self, asked: Asked) -> Answer:
        """Look at a pair and judge it."""


@dataclass(frozen=True)
class Session:
    """How a session ended."""

    answered: int
    matches: int
    others: int
    unsure: int
    kept: int
    """Labels in the file now, those of earlier sessions with them."""


class Labelling:
    """A session over one matching and one file of labels."""

    def __init__(self, matched: Matched, out: Path, seed: int) -> None:
        self.matched, self.out = matched, out
        self.rows: list[Row] = read_labels(out) if out.exists() else []
        self.before = len(self.rows)
        pairs = matched.pairs
        self.levels = levels_of(pairs, matched.model)
        self.questions = Questions(matched.model.mixture, self.levels, seed)
        keys = zip(pairs["left"].to_list(), pairs["right"].to_list(), strict=True)
        self.place = {_named(left, right): n for n, (left, right) in enumerate(keys)}
        self.at = {key: n for n, key in enumerate(matched.records[RECORD_ID])}

    def ask(self, person: Reviewer, size: int) -> Session:
        """Ask until `size` answers are in, none is left to ask, or the person has had enough."""
        waiting: list[Question] = []
        while len(self.rows) - self.before < size:
            if not waiting:
                left = size - (len(self.rows) - self.before)
                waiting = self._next(min(BATCH, left))
            if not waiting:
                break
            answer = person.answer(self._asked(waiting[0]))
            if answer is Answer.QUIT:
                break
            if answer is Answer.BACK:
                if len(self.rows) > self.before:
                    row = self.rows.pop()
                    self._write()
                    at = self.place[_named(row["left"], row["right"])]
                    waiting.insert(0, Question(at, _why(row, waiting[0])))
                continue
            self.rows.append(self._row(waiting.pop(0), answer))
            self._write()
        return self.session()

    def session(self) -> Session:
        """What has been answered so far."""
        new = [row["match"] for row in self.rows[self.before :]]
        return Session(
            len(new), new.count("true"), new.count("false"), new.count(""), len(self.rows)
        )

    def _next(self, size: int) -> list[Question]:
        """The best questions after the answers so far, those of earlier sessions with them."""
        answered = [(self._at(row), row["match"]) for row in self.rows]
        known = [(at, match) for at, match in answered if at is not None]
        asked = np.zeros(len(self.levels), np.bool_)
        asked[[at for at, _ in known]] = True
        labelled = [(at, match == "true") for at, match in known if match]
        places = np.array([at for at, _ in labelled], np.int64)
        match = np.array([yes for _, yes in labelled], np.float64)
        answers = Answers(self.levels[places], match, np.arange(len(places)))
        return self.questions.next(answers, asked, size)

    def _at(self, row: Row) -> int | None:
        if row.get("left") and row.get("right"):
            return self.place.get(_named(row["left"], row["right"]))
        return None

    def _asked(self, question: Question) -> Asked:
        pair = self.matched.pairs.row(question.at, named=True)
        number = len(self.rows) - self.before + 1
        left, right = (self._shown(pair[side]) for side in ("left", "right"))
        return Asked(pair, left, right, question, number)

    def _shown(self, key: str) -> dict[str, Any]:
        row = self.matched.records.slice(self.at[key], 1)
        return self.matched.show(row).row(0, named=True)

    def _row(self, question: Question, answer: Answer) -> Row:
        pair = self.matched.pairs.row(question.at, named=True)
        rows: Row = {name: str(pair[name]) for name in ("row_l", "row_r") if name in pair}
        return {
            "left": pair["left"],
            "right": pair["right"],
            **rows,
            "match": WRITTEN[answer],
            "why": question.why.value,
            "match_probability": f"{pair['match_probability']:.6f}",
            "asked_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }

    def _write(self) -> None:
        write_labels(self.out, self.rows)


def _named(left: str, right: str) -> tuple[str, str]:
    return (left, right) if left <= right else (right, left)


def _why(row: Row, instead: Question) -> Any:
    known = {str(why): why for why in type(instead.why)}
    return known.get(row.get("why", ""), instead.why)
