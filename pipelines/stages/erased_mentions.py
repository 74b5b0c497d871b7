"""Rows of others that name somebody who was erased: the name is left out when they are read.

A name counts where a key stands in the same row: a mailbox, a mobile or a number of that person.
A mailbox or number that nobody else had goes from any text, but a telephone in a cell of its own,
which somebody else may have by now, only beside the name.
The list has digests of such keys, of each name with each key, and of the keys nobody else had,
which are left out, too. Nothing is asked but whether a digest is on it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from cleansing import clean_values
from governance import PersonalValues
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.spec import TableSpec
from pipelines.stages.run import Run
from pipelines.stages.suppression import IDENTIFYING, LAST_DIGITS, keyed_digest, suppression_key

KEY, PAIR, OWN = "key beside", "name beside", "own"
_MAILBOX = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+[A-Za-z]"
_MOBILE = r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
_NUMBER = r"\+?\d[\d.() -]{5,18}\d[Xx]?"
_LONGEST_CELL, _LONGEST_TEXT = 60, 2_000
"""Characters of a value that may be a name, and of a text that is looked through."""


def beside_digests(key: bytes, values: PersonalValues) -> set[str]:
    """What a person is known by in rows of others."""
    names = _name_forms(sorted(values.known))
    forms = {form for one in values.keys for form in _forms_in(one)}
    own = {form for one in values.numbers for form in _forms_in(one)}
    made = [(KEY, form) for form in forms] + [(OWN, form) for form in own & forms]
    made += [(PAIR, f"{name}\n{form}") for name in set(names.values()) for form in forms]
    return {keyed_digest(key, f"{kind}\n{text}") for kind, text in made}


def without_mentions(
    run: Run, rows: pl.DataFrame, specs: Sequence[TableSpec], name: str
) -> pl.DataFrame:
    """Rows of a source table without the names of erased persons that others' rows say."""
    listed = {one for entity in run.project.entities for one in run.ledger.suppressed(entity)}
    if not listed or rows.is_empty():
        return rows
    looked = _ErasedMentions(suppression_key(run.project), listed)
    aside = _aside(run, specs)
    columns = [c for c, of in rows.schema.items() if of == pl.String and c not in aside]
    hits = looked.keys_in(rows, columns)
    if not hits:
        return rows
    changed = dict(looked.cleaned(rows, columns, hits))
    if not changed:
        return rows
    run.note(
        Message.counted(
            "{table}: {n:,} row names somebody who was erased; that is left out",
            "{table}: {n:,} rows name persons who were erased; that is left out",
            n=len(changed),
            table=name,
        )
    )
    return _with(rows, changed)


def _aside(run: Run, specs: Sequence[TableSpec]) -> set[str]:
    """Columns that say who a row is about, of which other steps see to it."""
    found = {"_place"}
    for spec in specs:
        entity = run.project.entities[spec.entity]
        found |= {*spec.key, spec.incremental or ""}
        naming = {Kind.COMPANY_NAME}
        if run.ledger.suppressed(spec.entity):
            naming |= {Kind.PERSON_NAME, *IDENTIFYING}
        for field, columns in spec.columns.items():
            if entity.kinds.get(field) in naming:
                found |= set(columns)
        for link in spec.refs.values():
            found |= set(link.columns or ())
    return found


class _ErasedMentions:
    """Looks for erased persons in rows."""

    def __init__(self, key: bytes, listed: set[str]) -> None:
        self._key, self._listed = key, listed

    def _on_list(self, kind: str, text: str) -> bool:
        return keyed_digest(self._key, f"{kind}\n{text}") in self._listed

    def keys_in(self, rows: pl.DataFrame, columns: Iterable[str]) -> set[str]:
        """The keys on the list that some cell says."""
        found: set[str] = set()
        for name in columns:
            values = rows[name].drop_nulls().unique()
            mailboxes = values.str.extract_all(_MAILBOX).explode().str.to_lowercase()
            digits = [
                values.str.extract_all(pattern).explode().str.replace_all(r"[^0-9Xx]", "")
                for pattern in (_MOBILE, _NUMBER)
            ]
            tails = [one.str.to_uppercase().str.tail(LAST_DIGITS) for one in digits]
            every = pl.concat([mailboxes, *tails]).drop_nulls().unique()
            found |= {form for form in every if self._on_list(KEY, form)}
        return found

    def cleaned(
        self, rows: pl.DataFrame, columns: Sequence[str], hits: set[str]
    ) -> Iterator[tuple[int, Mapping[str, str | None]]]:
        """Row number (`_row`) → column → what is left of it, where something goes."""
        plain = [
            pl.col(name)
            .str.replace_all(r"[ .()-]", "")
            .str.to_uppercase()
            .str.contains_any([re.sub(r"[ .()-]", "", one).upper() for one in hits])
            .fill_null(value=False)
            for name in columns
        ]
        for row in rows.filter(pl.any_horizontal(plain)).iter_rows(named=True):
            texts = {name: row[name] for name in columns if row[name] is not None}
            left = self._left(texts, hits)
            if left:
                yield row["_row"], left

    def _left(self, texts: Mapping[str, str], hits: set[str]) -> dict[str, str | None]:
        spelled: dict[str, set[str]] = {}
        for text in texts.values():
            for form, as_written in _forms_in(text).items():
                spelled.setdefault(form, set()).update(as_written)
        here = hits & spelled.keys()
        forms = _name_forms([one for text in texts.values() for one in _may_be_names(text)])
        names = {
            name
            for name, form in forms.items()
            if any(self._on_list(PAIR, f"{form}\n{key}") for key in here)
        }
        names = {one for one in names if not any(other in one for other in names - {one})}
        values = PersonalValues(known=frozenset(names))
        is_meant = any(values.names_in(text) for text in texts.values())
        own = {form for form in here if self._on_list(OWN, form)}
        left = {}
        for name, text in texts.items():
            gone = [spelled[form] for form in own if is_meant or not _is_whole(text, form)]
            rest = replace(values, numbers=frozenset[str]().union(*gone)).beside(text)
            if rest != text:
                left[name] = rest
        return left


def _is_whole(text: str, form: str) -> bool:
    """Whether a cell is a telephone number and nothing else: it may be somebody else's by now."""
    return "@" not in form and re.fullmatch(_NUMBER, text.strip()) is not None


def _forms_in(text: str) -> dict[str, set[str]]:
    """The keys that a text says, as they are compared → as they are written."""
    found: dict[str, set[str]] = {}
    for mailbox in re.findall(_MAILBOX, text):
        found.setdefault(mailbox.lower(), set()).add(mailbox)
    for number in (*re.findall(_MOBILE, text), *re.findall(_NUMBER, text)):
        form = re.sub(r"[^0-9Xx]", "", number).upper()[-LAST_DIGITS:]
        if len(form) == LAST_DIGITS:
            found.setdefault(form, set()).add(number.strip())
    return found


def _name_forms(names: Sequence[str]) -> dict[str, str]:
    """Names → the form by which they are compared."""
    every = sorted(set(names))
    keys = clean_values(pl.Series(every, dtype=pl.String), Kind.PERSON_NAME)["key"]
    return {
        name: " ".join(sorted(key.split(" ")))
        for name, key in zip(every, keys, strict=True)
        if key is not None
    }


def _may_be_names(text: str) -> Iterator[str]:
    """Whatever in a text may be a name: the whole of it, two to four Chinese characters, two or
    three words.
    """
    if len(text) <= _LONGEST_CELL:
        yield text
        yield from text.split("; ")
    for run in re.findall(r"[\u3400-\u9fff]{2,}", text[:_LONGEST_TEXT]):
        for size in (2, 3, 4):
            yield from (run[at : at + size] for at in range(len(run) - size + 1))
    words = re.findall(r"[A-Za-zÀ-ɏ'.-]+(?: |$)?", text[:_LONGEST_TEXT])
    for size in (2, 3):
        for at in range(len(words) - size + 1):
            yield "".join(words[at : at + size]).strip(" .")


def _with(rows: pl.DataFrame, changed: Mapping[int, Mapping[str, str | None]]) -> pl.DataFrame:
    columns = {name for left in changed.values() for name in left}
    new: dict[str, list[Any]] = {name: rows[name].to_list() for name in columns}
    for at, number in enumerate(rows["_row"]):
        for name, text in changed.get(number, {}).items():
            new[name][at] = text
    columns_anew = [pl.Series(name, cells, dtype=pl.String) for name, cells in new.items()]
    return even_chunks(rows.with_columns(columns_anew))
