"""Merkle proofs over the audit chain (RFC 9162, 2.1), as `verify_audit` checks them.

The leaves are hashes of the entries, the oldest first. Proofs are lists of hashes in hexadecimal.
"""

from collections.abc import Sequence

from governance.verify_audit import tree_roots


def inclusion_path(hashes: Sequence[str], number: int) -> list[str]:
    """What proves that entry `number` (from 1) stands in the tree over these entries."""
    return _inclusion(hashes, number - 1)


def consistency_path(hashes: Sequence[str], older: int) -> list[str]:
    """What proves that the tree over these entries begins with that over the `older` first."""
    return _consistency(hashes, older, whole=True)


def _inclusion(hashes: Sequence[str], place: int) -> list[str]:
    if len(hashes) == 1:
        return []
    half = _half(len(hashes))
    left, right = hashes[:half], hashes[half:]
    if place < half:
        return [*_inclusion(left, place), _root(right)]
    return [*_inclusion(right, place - half), _root(left)]


def _consistency(hashes: Sequence[str], older: int, *, whole: bool) -> list[str]:
    if older == len(hashes):
        return [] if whole else [_root(hashes)]
    half = _half(len(hashes))
    left, right = hashes[:half], hashes[half:]
    if older <= half:
        return [*_consistency(left, older, whole=whole), _root(right)]
    return [*_consistency(right, older - half, whole=False), _root(left)]


def _half(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _root(hashes: Sequence[str]) -> str:
    return tree_roots(hashes, {len(hashes)})[len(hashes)]
