"""An index on disk: a readable manifest beside arrays that are mapped into memory, not read.

FOLDER/manifest.json     version, fields, keys, model, notes
FOLDER/arrays/*.npy      what the kernels read
FOLDER/records.arrow     the records, as they are shown
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from dedup.comparison.base import Comparison, Group
from dedup.comparison.company_names import CompanyComparison
from dedup.comparison.kinds import (
    DateComparison,
    DigitsComparison,
    GivenComparison,
    MailComparison,
    SerialComparison,
    TextComparison,
    WordsComparison,
)
from dedup.fields.own_comparison import comparison_of
from dedup.fields.saved_fields import decided, with_decided
from dedup.index.company_vocabulary import PARTS, CompanyVocabulary
from dedup.index.fields import IndexField, Vocabulary, link_names, stored
from dedup.index.holders import Holders
from dedup.index.judgement import Judgement
from dedup.index.parts import IndexParts
from dedup.index.postings import Postings, Slot
from dedup.index.reading import FieldReading
from dedup.index.register import Register
from dedup.index.texts import GrowingArray, Lexicon
from dedup.index.vocabularies import (
    NO_TEXT,
    Bags,
    DateVocabulary,
    TextVocabulary,
    WordsVocabulary,
)
from dedup.model.saved_model import read_model
from guiyi.errors import SpecError
from guiyi.kinds import Kind
from guiyi.messages import Message
from guiyi.plugins import PluginError

FORMAT, VERSION = "guiyi index", 6
COMPARISONS: Mapping[str, type[Comparison]] = {
    kind.__name__: kind
    for kind in (
        TextComparison, GivenComparison, MailComparison, DigitsComparison, SerialComparison,
        DateComparison, WordsComparison, CompanyComparison,
    )
}  # fmt: skip
Arrays = dict[str, GrowingArray]


def save(index: IndexParts, folder: Path) -> None:
    """Write an index beside its place, then put it there."""
    if folder.exists() and not (folder / "manifest.json").is_file() and any(folder.iterdir()):
        raise SpecError(
            "the folder holds something else", place=str(folder), hint="name a new folder"
        )
    index.postings.settle()
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "arrays").mkdir(parents=True)
    arrays, manifest = _laid_out(index)
    for name, growing in arrays.items():
        np.save(fresh / "arrays" / f"{name}.npy", growing.array)
    _records(index.register).write_ipc(fresh / "records.arrow", compression="uncompressed")
    manifest["used"] = {name: growing.used for name, growing in arrays.items()}
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (fresh / "manifest.json").write_text(text, encoding="utf-8")
    if folder.exists():
        old = folder.with_name(f".{folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old)
    else:
        fresh.rename(folder)


def _records(register: Register) -> pl.DataFrame:
    if not register.extra:
        return register.table
    more = pl.DataFrame(register.extra, schema=register.table.schema)
    return pl.concat([register.table, more])


def _laid_out(index: IndexParts) -> tuple[Arrays, dict[str, Any]]:
    """Every array by name, and the manifest."""
    arrays: Arrays = {}
    numbers: dict[int, int] = {}
    vocabularies: list[dict[str, Any]] = []
    fields = []
    for f, field in enumerate(index.fields):
        known = id(field.values)
        if known not in numbers:
            numbers[known] = len(vocabularies)
            vocabularies.append(_laid_vocabulary(field.values, f"v{numbers[known]}", arrays))
        for own in ("codes", "bins", "counts"):
            arrays[f"f{f}.{own}"] = getattr(field, own)
        holders = None if field.holders is None else field.holders.names
        more = {"stands": field.stands, "used": field.used, "holders": holders}
        arrays |= {f"f{f}.{own}": growing for own, growing in more.items() if growing is not None}
        comparison = field.comparison
        fields.append(
            {
                "name": comparison.name,
                "type": type(comparison).__name__,
                "levels": list(comparison.labels),
                "near": list(comparison.near),
                "takes": comparison.takes,
                "settles": comparison.settles,
                "decided": decided(comparison),
                "vocabulary": numbers[known],
                "reading": asdict(field.reading) | {"kind": str(field.reading.kind)},
            }
        )
    postings = index.postings
    for name in ("parts", "splits", "starts", "hashes", "rows"):
        arrays[f"keys.{name}"] = _whole(getattr(postings, name))
    for name, growing in zip(("codes", "bits", "equal"), index.rows, strict=True):
        arrays[f"rows.{name}"] = growing
    members, starts = _members(index.register)
    arrays["members"], arrays["starts"] = _whole(members), _whole(starts)
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "records": len(index.register),
        "fields": fields,
        "vocabularies": vocabularies,
        "slots": [asdict(slot) for slot in postings.slots],
        "removed": sorted(index.register.gone),
        "document": dict(index.document),
    }
    return arrays, manifest


def _whole(array: Any) -> GrowingArray:
    return GrowingArray(array, len(array))


def _members(register: Register) -> tuple[Any, Any]:
    """Records by distinct row, the added ones behind."""
    added = len(register.extra)
    members = np.concatenate(
        [register.members, np.arange(register.table.height, register.table.height + added)]
    )
    starts = np.concatenate([register.starts, register.starts[-1] + 1 + np.arange(added)])
    return members.astype(np.int64), starts.astype(np.int64)


def _laid_vocabulary(values: Vocabulary, name: str, arrays: Arrays) -> dict[str, Any]:
    for own, growing in values.growing_arrays().items():
        arrays[f"{name}.{own}"] = growing
    ordered = {}
    for own, lexicon in values.lexicons().items():
        arrays[f"{name}.{own}.chars"], arrays[f"{name}.{own}.offsets"] = (
            lexicon.chars,
            lexicon.offsets,
        )
        ordered[own] = lexicon.ordered
    document: dict[str, Any] = {"ordered": ordered}
    bags = getattr(values, "bags", None)
    if isinstance(bags, Bags):
        document |= {"known_words": bags.known, "heaviest": bags.heaviest}
    if isinstance(values, CompanyVocabulary):
        document |= {"field": values.field, "aliases": dict(values.aliases)}
    return document


# And back -----------------------------------------------------------------------------------------


def load(folder: Path) -> IndexParts:
    """Open a saved index."""
    manifest = _manifest(folder)
    growing = partial(_mapped, folder, manifest["used"])
    vocabularies: dict[int, Vocabulary] = {}
    fields = []
    for f, own in enumerate(manifest["fields"]):
        comparison = _comparison(own, folder)
        number = own["vocabulary"]
        if number not in vocabularies:
            laid = manifest["vocabularies"][number]
            vocabularies[number] = _vocabulary(comparison, laid, partial(growing, f"v{number}."))
        read_as = own["reading"]
        reading = FieldReading(
            tuple(read_as["fields"]), Kind(read_as["kind"]), read_as["form"],
            tuple(read_as["wholes"]), read_as["surname_first"],
        )  # fmt: skip
        codes, bins, counts = (growing(f"f{f}.", name) for name in ("codes", "bins", "counts"))
        field = IndexField(comparison, reading, vocabularies[number], codes, bins, counts)
        field.stands, field.used, holders = (
            growing(f"f{f}.", name) if f"f{f}.{name}" in manifest["used"] else None
            for name in ("stands", "used", "holders")
        )
        field.holders = None if holders is None else Holders(holders)
        fields.append(field)
    link_names(fields)
    document = manifest["document"]
    known = read_model(document["model"])
    known.check([field.comparison for field in fields])
    judgement = Judgement(known.mixture, known.match_at, known.review_at)
    judgement.only_review = document["only_review"]
    keys = {n: growing("keys.", n).array for n in ("parts", "splits", "starts", "hashes", "rows")}
    slots = tuple(Slot(**slot) for slot in manifest["slots"])
    postings = Postings(slots=slots, names=tuple(document["keys"]), **keys)  # type: ignore[arg-type]
    table = _mapped_records(folder)
    register = Register(
        table, growing("", "starts").array, growing("", "members").array, set(manifest["removed"])
    )
    rows = growing("rows.", "codes"), growing("rows.", "bits"), growing("rows.", "equal")
    return IndexParts(fields, postings, judgement, register, rows, document)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
        known = manifest.get("format") == FORMAT
    except (OSError, ValueError, AttributeError):
        known = False
    if not known:
        raise SpecError(
            "no index of records",
            place=str(folder),
            hint="build it: guiyi lookup FILE --save INDEX",
        )
    if manifest["version"] != VERSION:
        raise SpecError(
            Message(
                "an index of version {version}, not {known}",
                version=manifest["version"],
                known=VERSION,
            ),
            place=str(folder),
            hint="build it again with this version",
        )
    return manifest


def _mapped(folder: Path, used: Mapping[str, int], prefix: str, name: str) -> GrowingArray:
    name = prefix + name
    try:
        # Pages that are written to are private copies: looking up never changes the files.
        array = np.load(folder / "arrays" / f"{name}.npy", mmap_mode="c")
    except (OSError, ValueError) as error:
        raise SpecError(
            Message("the array {name} is missing or damaged", name=name),
            place=str(folder),
            hint="build the index again",
        ) from error
    return GrowingArray(array.view(np.ndarray), used[name])


def _mapped_records(folder: Path) -> pl.DataFrame:
    import pyarrow as pa

    try:
        with pa.memory_map(str(folder / "records.arrow")) as file:
            table = pl.from_arrow(pa.ipc.open_file(file).read_all())
    except (OSError, pa.ArrowInvalid) as error:
        raise SpecError(
            "its records are missing or damaged",
            place=str(folder),
            hint="build the index again",
        ) from error
    assert isinstance(table, pl.DataFrame)
    return table


def _comparison(document: Mapping[str, Any], folder: Path) -> Comparison:
    kind = COMPARISONS.get(document["type"]) or _of_kind(document)
    if kind is None or list(kind.labels[:-3]) != document["levels"][:-3]:
        raise SpecError(
            Message("{name} is compared in another way by this version", name=document["name"]),
            place=str(folder),
            hint="build it again with this version",
        )
    column = stored(np.zeros(0, np.int32), NO_TEXT, np.zeros(0, np.int8))
    made = replace(
        kind(document["name"], Group.OTHER, column),
        labels=tuple(document["levels"]),
        near=tuple(document["near"]),
        takes=document["takes"],
        settles=document["settles"],
    )
    return with_decided(made, document["decided"])


def _of_kind(document: Mapping[str, Any]) -> type[Comparison] | None:
    """The comparison that another package's kind brings, if it is still the one."""
    try:
        own = comparison_of(Kind(document["reading"]["kind"]))
    except (PluginError, ValueError):
        return None
    return own if own.__name__ == document["type"] else None


def _vocabulary(comparison: Comparison, document: Mapping[str, Any], growing: Any) -> Vocabulary:
    lexicons = {
        name: _lexicon(growing(f"{name}.chars"), growing(f"{name}.offsets"), ordered)
        for name, ordered in document["ordered"].items()
    }
    values, outlines = lexicons["values"], growing("outlines")
    if isinstance(comparison, TextComparison):
        kin = growing("kin") if "kin" in lexicons else None
        return TextVocabulary(
            values, outlines, comparison, growing("words"), kin, lexicons.get("kin")
        )
    if isinstance(comparison, DateComparison):
        return DateVocabulary(values, outlines, comparison, growing("days"))
    words = {name: growing(name) for name in ("weights", "numeric", "starts", "tokens")}
    bags = Bags(
        lexicons["words"], **words, known=document["known_words"], heaviest=document["heaviest"]
    )
    if isinstance(comparison, WordsComparison):
        return WordsVocabulary(values, outlines, comparison, bags)
    names = {name: lexicons[name] for name in (*PARTS, "sound")}
    parts = {part: growing(f"part_{part}") for part in PARTS}
    return CompanyVocabulary(
        values,
        outlines,
        document["field"],
        parts,
        names,
        growing("kin"),
        bags,
        growing("stands"),
        document["aliases"],
        isinstance(comparison, CompanyComparison) and comparison.registered,
    )


def _lexicon(chars: GrowingArray, offsets: GrowingArray, ordered: int) -> Lexicon:
    lexicon = Lexicon(chars, offsets, ordered)
    lexicon.later = {lexicon.text(n): n for n in range(ordered, len(lexicon))}
    return lexicon
