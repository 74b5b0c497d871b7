"""Checks an exported audit chain, checkpoints and proofs: one file that needs nothing else of ours.

    python verify_audit.py CHAIN.jsonl [--checkpoint FILE]... [--public-key FILE]...
    python verify_audit.py --proof PROOF.json [--public-key FILE]...

Exit code 0: all fits; 1: the first entry at fault is named; 2: unreadable.
"""

import argparse
import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

Json = Mapping[str, Any]
GENESIS = "0" * 64
"""What the first entry gives as the hash before it."""

MISSING = "entry {entry} is missing"
MISPLACED = "another entry stands where entry {entry} should"
UNLINKED = "it does not carry the hash of the entry before it"
CHANGED = "its contents are not those that were sealed"
CUT = "entries after this place were removed"
TRUNCATED = "it and what followed were removed: the checkpoint of {at} covers {size} entries"
REWRITTEN = "rewritten, first between {entry} and {until}: against the checkpoint of {at}"
UNSIGNED = "the checkpoint of {at} bears no valid signature of a known key"
UNPROVEN = "the proof does not lead to the root of the checkpoint of {at}"


class AuditFault(NamedTuple):
    """The first entry of a chain that does not fit (0: the checkpoint or proof itself), and why."""

    entry: int
    problem: str
    values: Json


def seal(number: int, entry: Mapping[str, str], previous: str) -> str:
    """Hash an entry together with the hash before it."""
    fields = [number, *(entry[name] for name in ("at", "who", "action", "subject", "details"))]
    text = json.dumps([*fields, previous], ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def chain_fault(entries: Iterable[Json], kept_head: str) -> AuditFault | None:
    """The first entry that is not the next of its chain; `kept_head` is NUMBER:HASH of the last."""
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry["number"] != expected:
            return AuditFault(expected, MISSING if entry["number"] > expected else MISPLACED, {})
        if entry["previous"] != previous:
            return AuditFault(expected, UNLINKED, {})
        if entry["hash"] != seal(expected, entry, previous):
            return AuditFault(expected, CHANGED, {})
        previous, expected = entry["hash"], expected + 1
    head = f"{expected - 1}:{previous}" if expected > 1 else ""
    return None if kept_head == head else AuditFault(expected, CUT, {})


def tree_hash(*parts: bytes) -> bytes:
    """The hash of a leaf (one part, prefix 0) or of the node above two (prefix 1)."""
    return sha256(bytes([len(parts) - 1]) + b"".join(parts)).digest()


def tree_roots(hashes: Sequence[str], sizes: Collection[int]) -> dict[int, str]:
    """The roots of the trees over so many first entries, given by their hashes, in one pass."""
    roots = {0: sha256().hexdigest()}
    peaks: list[tuple[int, bytes]] = []  # whole subtrees, the largest first
    for size, own in enumerate(hashes, start=1):
        peaks.append((1, tree_hash(bytes.fromhex(own))))
        while len(peaks) > 1 and peaks[-2][0] == peaks[-1][0]:
            peaks[-2:] = [(2 * peaks[-1][0], tree_hash(peaks[-2][1], peaks[-1][1]))]
        if size in sizes:
            root = peaks[-1][1]
            for _, left in reversed(peaks[:-1]):
                root = tree_hash(left, root)
            roots[size] = root.hex()
    return roots


def checkpoint_fault(hashes: Sequence[str], kept: Sequence[Json]) -> AuditFault | None:
    """The first entry at which a chain, given by its hashes, leaves one of its checkpoints."""
    roots = tree_roots(hashes, {one["size"] for one in kept})
    wrong = [one for one in kept if roots.get(one["size"]) != one["root"]]
    good = max((one["size"] for one in kept if one not in wrong), default=0)
    return min((_departure(hashes, o, good) for o in wrong), key=itemgetter(0), default=None)


def _departure(hashes: Sequence[str], checkpoint: Json, good: int) -> AuditFault:
    """Where a chain leaves a checkpoint: behind the last of its marks that fits."""
    at, size = checkpoint["at"], checkpoint["size"]
    for number, mark in [*checkpoint["marks"], [size, "another root"]]:
        if number <= len(hashes) and not hashes[number - 1].startswith(mark):
            return AuditFault(min(good + 1, number), REWRITTEN, {"until": number, "at": at})
        good = max(good, min(number, len(hashes)))
    return AuditFault(len(hashes) + 1, TRUNCATED, {"size": size, "at": at})


def signature_fault(checkpoint: Json, trusted: Collection[str]) -> AuditFault | None:
    """Whether a checkpoint is signed by a trusted key; by the one it names, if none is given."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    key, fault = checkpoint["public_key"], AuditFault(0, UNSIGNED, {"at": checkpoint["at"]})
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(checkpoint["signature"]), signed_bytes(checkpoint))
    except (InvalidSignature, ValueError):
        return fault
    return fault if trusted and key not in trusted else None


def signed_bytes(checkpoint: Json) -> bytes:
    """What a checkpoint's signature signs: all of it but the signature, as canonical JSON."""
    content = {name: value for name, value in checkpoint.items() if name != "signature"}
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def audit_fault(
    entries: Sequence[Json], head: str, kept: Sequence[Json], trusted: Collection[str]
) -> AuditFault | None:
    """The first entry at fault in a chain, judged by itself and by the checkpoints kept of it."""
    unsigned = (signature_fault(one, trusted) for one in kept)
    broken = chain_fault(entries, head)
    left = checkpoint_fault([entry["hash"] for entry in entries], kept)
    if broken and left and left.values.get("until", left.entry) >= broken.entry:
        left = None  # the chain itself says where, and a checkpoint only between which entries
    return next(filter(None, unsigned), left or broken)


def includes(place: int, size: int, leaf: bytes, path: list[bytes]) -> bytes:
    """The root that an inclusion path leads to (RFC 9162, 2.1.3); takes its steps off `path`."""
    if size == 1:
        return leaf
    half = 1 << (size - 1).bit_length() - 1  # the largest power of two below
    if place < half:
        return tree_hash(includes(place, half, leaf, path), path.pop(0))
    right = includes(place - half, size - half, leaf, path)
    return tree_hash(path.pop(0), right)


def extends(older: int, size: int, known: bytes | None, path: list[bytes]) -> tuple[bytes, bytes]:
    """The older and newer root that a consistency path leads to (2.1.4); `known`: the older."""
    if older == size:
        node = path.pop(0) if known is None else known
        return node, node
    half = 1 << (size - 1).bit_length() - 1  # the largest power of two below
    if older <= half:
        first, second = extends(older, half, known, path)
        return first, tree_hash(second, path.pop(0))
    first, second = extends(older - half, size - half, None, path)
    return tree_hash(left := path.pop(0), first), tree_hash(left, second)


def proof_fault(proof: Json, trusted: Collection[str]) -> AuditFault | None:
    """What is wrong with a proof that a checkpoint holds an entry, or extends an older one."""
    top, older, entry = proof["checkpoint"], proof.get("older"), proof.get("entry", {})
    root, path = bytes.fromhex(top["root"]), [bytes.fromhex(step) for step in proof["path"]]
    try:
        if older:
            known = bytes.fromhex(older["root"])
            proven = extends(older["size"], top["size"], known, path) == (known, root)
        else:
            leaf = tree_hash(bytes.fromhex(seal(entry["number"], entry, entry["previous"])))
            proven = includes(entry["number"] - 1, top["size"], leaf, path) == root
    except (IndexError, ValueError):
        proven = False
    unsigned = (signature_fault(one, trusted) for one in (older, top) if one)
    wrong = None if proven and not path else AuditFault(0, UNPROVEN, {"at": top["at"]})
    return next(filter(None, unsigned), wrong)


def main() -> int:
    """Check what the command line names."""
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("chain", nargs="?", type=Path)
    for name in ("--checkpoint", "--proof", "--public-key"):
        parser.add_argument(name, action="append", type=Path, default=[])
    asked = parser.parse_args()
    try:
        trusted = [file.read_text().strip() for file in asked.public_key]
        kept = [json.loads(file.read_text()) for file in asked.checkpoint]
        faults = [proof_fault(json.loads(file.read_text()), trusted) for file in asked.proof]
        if asked.chain:
            lines = asked.chain.read_text(encoding="utf-8").rstrip("\n").split("\n")
            head, *entries = map(json.loads, lines)
            faults.append(audit_fault(entries, head["head"], kept, trusted))
    except (OSError, ValueError, LookupError, TypeError, ImportError) as error:
        print(f"cannot be checked: {error!r}")
        return 2
    found = [f"{f.entry}: {f.problem.format(entry=f.entry, **f.values)}" for f in faults if f]
    print("\n".join(found) or "ok")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
