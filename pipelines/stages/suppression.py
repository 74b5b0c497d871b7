"""Who was erased stays out: rows are compared with the list by keyed digests alone.

A person is known by the keys of the records there were, and by the name together with a telephone,
mailbox or identity number. The key of the digests lies in the project's `.guiyi` folder, apart from
the ledger: without it the list says nothing about anybody.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import polars as pl

from cleansing import clean_values
from governance.redaction import ERASED, erased_id
from guiyi.errors import SpecError
from guiyi.even_chunks import even_chunks
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.private_folder import private_file, private_folder
from guiyi.record_key import parted_keys, record_key
from guiyi.records import RECORD_ID, SOURCE, ref
from guiyi.spec import EntitySpec, Project, TableSpec
from pipelines.stages.extraction import fields_of
from pipelines.stages.run import Run

NAMES = (Kind.PERSON_NAME, Kind.COMPANY_NAME)
IDENTIFYING = {Kind.PHONE: "all", Kind.EMAIL: "all", Kind.ID_CARD: "key", Kind.USCC: "key"}
"""Kinds that name somebody together with a name, and the part that holds their comparison keys: a
mobile telephone and a person's mailbox, not those of a desk."""
LAST_DIGITS = 8
"""Of a telephone number: a number is written with and without country and area code."""


def suppression_key(project: Project, *, make: bool = False) -> bytes:
    """The key of a project's digests; made where there is none yet, if asked for.

    Raises SpecError where there is none.
    """
    file = project.folder / ".guiyi" / "suppression.key"
    if make and not file.exists():
        private_folder(file.parent)
        with private_file(file) as out:
            out.write(secrets.token_hex(32).encode())
    try:
        return bytes.fromhex(file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        raise SpecError(
            "the key is missing by which erased persons are known",
            place=str(file),
            hint="bring it back from where the project ran before; without it they would come back",
        ) from None


def digests(key: bytes, entity: EntitySpec, records: pl.DataFrame) -> set[str]:
    """What records are known by: their keys, and their names together with what identifies them.

    `records` are source records: source, record_id and raw fields.
    """
    by_key = record_digests(key, records)
    return {*by_key, *_known_by(key, entity, records.with_row_index("row"))["digest"]}


def record_digests(key: bytes, records: pl.DataFrame) -> pl.Series:
    """The digest of each record key."""
    keys = records.select(record_key()).to_series()
    made = [None if one is None else keyed_digest(key, f"record\n{one}") for one in keys]
    return pl.Series("digest", made, dtype=pl.String)


def token_parts(key: bytes, records: pl.DataFrame) -> list[str | None]:
    """What tells records apart under the ids that stand in their place: the same each time."""
    made = record_digests(key, records)
    return [None if digest is None else keyed_digest(key, digest)[:16] for digest in made]


def keyed_digest(key: bytes, text: str) -> str:
    """What the list says instead of a text: keyed BLAKE2b (RFC 7693)."""
    return blake2b(text.encode(), key=key, digest_size=32).hexdigest()


def _known_by(key: bytes, entity: EntitySpec, numbered: pl.DataFrame) -> pl.DataFrame:
    """The name with each of a telephone, mailbox or identity number: row, digest."""
    names = _forms(numbered, entity, (named_by(entity),))
    known = _forms(numbered, entity, tuple(IDENTIFYING))
    both = names.join(known, on="row", suffix="_of").select(
        "row", text=pl.concat_str("form", "kind_of", "form_of", separator="\n")
    )
    made = [keyed_digest(key, text) for text in both["text"]]
    return even_chunks(both.select("row").with_columns(pl.Series("digest", made, dtype=pl.String)))


def named_by(entity: EntitySpec) -> Kind:
    """Whether an entity's records go by the name of a person or of a firm."""
    kinds = NAMES if entity.match.entity != "company" else NAMES[::-1]
    return kinds[0] if kinds[0] in entity.kinds.values() else kinds[1]


def _forms(numbered: pl.DataFrame, entity: EntitySpec, kinds: tuple[Kind, ...]) -> pl.DataFrame:
    """The forms by which values of some kinds are compared: row, kind, form."""
    shape = {"row": pl.UInt32, "kind": pl.String, "form": pl.String}
    found = [pl.DataFrame(schema=shape)]
    for name, kind in entity.kinds.items():
        if kind in kinds and name in numbered.columns:
            cleaned = clean_values(numbered[name], kind)
            of_desk = _is_of_a_desk(cleaned, kind)
            given = cleaned[IDENTIFYING.get(kind, "key")].alias("form")
            forms = numbered.select("row").with_columns(given).filter(~of_desk)
            if forms.schema["form"] == pl.List(pl.String):
                forms = forms.explode("form")
            found.append(
                forms.select("row", pl.lit(kind.value).alias("kind"), _form(kind)).drop_nulls()
            )
    return pl.concat(found)


def _is_of_a_desk(cleaned: pl.DataFrame, kind: Kind) -> pl.Series:
    """Which telephones and mailboxes are shared by whoever sits there."""
    if kind is Kind.PHONE:
        return (cleaned["type"] != MOBILE).fill_null(value=True)
    if kind is Kind.EMAIL:
        return cleaned["role"].fill_null(value=False)
    return pl.Series([False] * cleaned.height, dtype=pl.Boolean)


def _form(kind: Kind) -> pl.Expr:
    if kind is Kind.PHONE:
        return pl.col("form").str.replace_all(r"\D", "").str.tail(LAST_DIGITS)
    if kind in NAMES:
        return pl.col("form").str.split(" ").list.sort().list.join(" ")
    return pl.col("form")


@dataclass(frozen=True)
class ErasedRows:
    """Rows of one source table that hold persons who were erased, by entity."""

    rows: Mapping[str, pl.Series]
    """Entity → numbers (`_row`)."""
    personal: Mapping[str, frozenset[str]]
    """Entity → the columns by which its table entry names a person."""

    @classmethod
    def find(cls, run: Run, table: pl.DataFrame, specs: Iterable[TableSpec]) -> "ErasedRows":
        """Look for erased persons by what the rows say; record keys are looked at later."""
        rows, personal = {}, {}
        for spec in specs:
            listed = run.ledger.suppressed(spec.entity)
            if listed and not table.is_empty():
                entity = run.project.entities[spec.entity]
                own = table.select(fields_of(spec, entity.kinds))
                found = _known_by(suppression_key(run.project), entity, own.with_row_index("row"))
                hit = found.filter(pl.col("digest").is_in(listed))["row"].unique()
                rows[spec.entity] = table["_row"].gather(hit)
                personal[spec.entity] = _personal_columns(spec, entity)
        return cls(rows, personal)

    def for_others(self, table: pl.DataFrame, entity: str) -> pl.DataFrame:
        """The table as it is read for an entity: without what names persons of other entities."""
        for other, numbers in self.rows.items():
            if other != entity and numbers.len():
                hit = pl.col("_row").is_in(numbers.implode())
                table = table.with_columns(
                    pl.when(~(hit & _names_a_person(table[name]))).then(name).alias(name)
                    for name in sorted(self.personal[other])
                )
        return table


def _personal_columns(spec: TableSpec, entity: EntitySpec) -> frozenset[str]:
    naming = {Kind.USCC}  # a firm's mailbox and mobile are those of people, who stay
    if named_by(entity) is Kind.PERSON_NAME:
        naming = {Kind.PERSON_NAME, *IDENTIFYING}
    return frozenset(
        column
        for name, columns in spec.columns.items()
        if entity.kinds.get(name) in naming
        for column in columns
    )


def _names_a_person(values: pl.Series) -> pl.Series:
    """Which values are no telephone of a desk: names, mailboxes, numbers, mobile telephones."""
    phones = clean_values(values, Kind.PHONE)
    landline = phones["key"].is_not_null() & (phones["type"] != MOBILE)
    return ~landline.fill_null(value=False)


MOBILE = "mobile"


def leave_out(
    run: Run, source: str, spec: TableSpec, rows: pl.DataFrame, known: ErasedRows
) -> tuple[pl.DataFrame, list[int]]:
    """Put rows of persons that were erased out of scope, under names that say nothing; also return
    their numbers (`_row`).

    `rows` have `record_id` and `scope` beside the table's columns.
    """
    listed = run.ledger.suppressed(spec.entity)
    if not listed or rows.is_empty():
        return rows, []
    key = suppression_key(run.project)
    ids = rows.select(pl.lit(source).alias(SOURCE), RECORD_ID)
    named_parts = zip(ids[RECORD_ID], token_parts(key, ids), strict=True)
    instead = [None if part is None else erased_id(one, part) for one, part in named_parts]
    tokens = pl.Series(instead, dtype=pl.String)
    by_key = record_digests(key, ids).is_in(listed)
    by_content = rows["_row"].is_in(known.rows.get(spec.entity, pl.Series([], dtype=pl.Int64)))
    named = rows.filter(by_key | by_content)[RECORD_ID].unique()
    if named.is_empty():
        return rows, []
    linked = run.ledger.crosswalk(spec.entity).filter(pl.col(SOURCE) == source)[RECORD_ID]
    named = named.filter(~named.is_in(linked.implode()))  # whoever lives was not erased
    erased = rows[RECORD_ID].is_in(named.implode())
    numbers = rows.filter(erased)["_row"].to_list()
    if numbers:
        run.note(
            Message.counted(
                "{entity}: {n:,} row of {source} is left out, of somebody who was erased",
                "{entity}: {n:,} rows of {source} are left out, of persons who were erased",
                n=len(numbers),
                entity=spec.entity,
                source=source,
            )
        )
    return rows.with_columns(
        pl.when(erased).then(tokens).otherwise(RECORD_ID).alias(RECORD_ID),
        pl.when(erased).then(pl.lit(ERASED)).otherwise("scope").alias("scope"),
    ), numbers


def without_references(run: Run, rows: pl.DataFrame, name: str, entity: str) -> pl.DataFrame:
    """Rows whose relation `name` (`ref.NAME`) leads to somebody who was erased lead nowhere."""
    listed = run.ledger.suppressed(entity)
    if not listed or rows.is_empty():
        return rows
    keys = rows[ref(name)].unique().drop_nulls()
    made = record_digests(suppression_key(run.project), parted_keys(keys))
    erased = keys.filter(made.is_in(list(listed)))
    kept = ~pl.col(ref(name)).is_in(erased.implode()).fill_null(value=False)
    return rows.with_columns(pl.when(kept).then(ref(name)).alias(ref(name)))


def without_erased(
    rows: pl.DataFrame,
    erased: list[int],
    spec: TableSpec,
    others: Iterable[TableSpec],
    personal: frozenset[str],
) -> pl.DataFrame:
    """Rows of a source table as a run keeps them: those of erased persons say nothing but what
    `others` read of them, and the key by which a growing table is read on.
    """
    if not erased:
        return rows
    kept = {column for other in others for columns in other.columns.values() for column in columns}
    kept = (kept - personal) | {"_row", "_place", spec.incremental or ""}
    kept |= set(spec.key) if spec.incremental else set()
    gone = pl.col("_row").is_in(erased)
    return rows.with_columns(
        pl.when(~gone).then(pl.col(name)).alias(name) for name in rows.columns if name not in kept
    )
