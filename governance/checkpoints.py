"""Signed checkpoints of the audit chain: kept elsewhere, they show even a rewrite of all of it.

A checkpoint is a small JSON document: how many entries there were, the root of the Merkle tree over
them, and an Ed25519 signature. `marks` are the beginnings of some entries' hashes, which tell where
a chain that was rewritten leaves the one that was signed.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from governance.audit_key import AuditKey
from governance.database import LedgerError
from governance.merkle import consistency_path, inclusion_path
from governance.verify_audit import signed_bytes, tree_roots
from guiyi.messages import Message

FORMAT = "guiyi-audit-checkpoint-1"
MARKS, MARK_DIGITS = 128, 16

Checkpoint = dict[str, Any]
"""format, ledger, at, size, root, marks, public_key, signature."""


def make_checkpoint(hashes: Sequence[str], ledger: str, at: str, key: AuditKey) -> Checkpoint:
    """Sign the tree over all entries of a chain, given by their hashes.

    Raises LedgerError for a chain without entries.
    """
    size = len(hashes)
    if not size:
        raise LedgerError("the audit chain has no entries yet", place=f"ledger {ledger}")
    marks = min(size, MARKS)
    numbers = [size * place // marks for place in range(1, marks + 1)]
    content: Checkpoint = {
        "format": FORMAT,
        "ledger": ledger,
        "at": at,
        "size": size,
        "root": tree_roots(hashes, {size})[size],
        "marks": [[number, hashes[number - 1][:MARK_DIGITS]] for number in numbers],
        "public_key": key.public,
    }
    return {**content, "signature": key.sign(signed_bytes(content))}


def as_text(document: Checkpoint) -> str:
    """A checkpoint or proof as it is written."""
    return json.dumps(document, ensure_ascii=False) + "\n"


def read_checkpoint(file: Path) -> Checkpoint:
    """A checkpoint from its file. Raises LedgerError for a file that is none."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LedgerError("no such file", place=str(file)) from None
    except ValueError:
        found = None
    if not _is_checkpoint(found):
        raise LedgerError("is not a checkpoint of an audit chain", place=str(file))
    return dict(found)


def _is_checkpoint(found: object) -> bool:
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return False
    texts = (found.get(name) for name in ("at", "root", "public_key", "signature"))
    size, marks = found.get("size"), found.get("marks")
    return (
        all(isinstance(text, str) for text in texts)
        and isinstance(size, int)
        and isinstance(marks, list)
        and all(_is_mark(mark, size) for mark in marks)
    )


def _is_mark(mark: object, size: int) -> bool:
    match mark:
        case [int() as number, str()]:
            return 1 <= number <= size
    return False


def inclusion_proof(
    entries: Sequence[dict[str, Any]], number: int, checkpoint: Checkpoint
) -> dict[str, Any]:
    """What proves that a checkpoint holds an entry, to whoever has nothing else of the chain.

    Raises LedgerError for an entry the checkpoint does not cover.
    """
    size = checkpoint["size"]
    if not 1 <= number <= size <= len(entries):
        raise LedgerError(
            Message(
                "the checkpoint covers {size} entries of {entries}, not entry {number}",
                size=size,
                entries=len(entries),
                number=number,
            ),
            place="audit chain",
        )
    hashes = [entry["hash"] for entry in entries[:size]]
    return {
        "entry": entries[number - 1],
        "path": inclusion_path(hashes, number),
        "checkpoint": checkpoint,
    }


def consistency_proof(
    hashes: Sequence[str], older: Checkpoint, newer: Checkpoint
) -> dict[str, Any]:
    """What proves that a checkpoint extends an older one, to whoever has nothing of the chain.

    Raises LedgerError where the chain is shorter than the newer of them, or they stand otherwise.
    """
    if not older["size"] <= newer["size"] <= len(hashes):
        raise LedgerError(
            Message(
                "no proof leads from a checkpoint of {older} entries to one of {newer} in a chain "
                "of {entries}",
                older=older["size"],
                newer=newer["size"],
                entries=len(hashes),
            ),
            place="audit chain",
        )
    path = consistency_path(hashes[: newer["size"]], older["size"])
    return {"older": older, "path": path, "checkpoint": newer}
