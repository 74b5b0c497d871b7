"""The audit chain's key, checkpoints, proofs and exports: what a project keeps of them in files."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from governance import AuditCheck, Ledger
from governance.audit_key import PUBLIC, AuditKey, open_key
from governance.checkpoints import (
    Checkpoint,
    as_text,
    consistency_proof,
    inclusion_proof,
    read_checkpoint,
)
from guiyi.errors import SpecError
from guiyi.private_folder import private_file
from guiyi.spec import Project
from pipelines.outputs import whole_file

CHECKPOINT = "checkpoint.json"
"""The checkpoint a run leaves in its folder."""
KEY = Path(".guiyi/audit.key")
"""Where a project keeps the key that signs its checkpoints."""
CHAIN_FORMAT = "guiyi-audit-chain-1"


def own_key(project: Project, file: Path | None = None) -> AuditKey:
    """The key that signs, made if need be: the project's, or that of a file."""
    return open_key(file or project.folder / KEY)


def keep_checkpoint(
    project: Project, ledger: Ledger, file: Path | None = None, key: Path | None = None
) -> tuple[Path, Checkpoint]:
    """Sign the audit chain as it is and write the checkpoint: to a file, or beside the ledger."""
    made = ledger.checkpoint(project.project, own_key(project, key))
    file = file or _kept(project) / f"{made['size']:08}.json"
    write_private(file, as_text(made))
    return file, made


def checkpoints_at_hand(project: Project) -> list[Path]:
    """The checkpoints a project has itself: those made by hand, and those of its runs."""
    runs = project.folder / ".guiyi" / "runs"
    return [*sorted(_kept(project).glob("*.json")), *sorted(runs.glob(f"*/{CHECKPOINT}"))]


def verify(
    project: Project, ledger: Ledger, files: Sequence[Path] = (), keys: Sequence[Path] = ()
) -> tuple[AuditCheck, list[Checkpoint]]:
    """Hold the audit chain to the checkpoints at hand and to those of the files.

    `keys`: files of the public keys that may have signed; the project's own if none is given.
    """
    checkpoints = [read_checkpoint(file) for file in (*checkpoints_at_hand(project), *files)]
    trusted = {_public_key(file) for file in keys} or public_keys(project.folder)
    return ledger.verify_audit(checkpoints, trusted), checkpoints


def public_keys(folder: Path) -> set[str]:
    """The key a project's folder says its checkpoints are signed with; none if it has none yet."""
    file = (folder / KEY).with_suffix(PUBLIC)
    return {_public_key(file)} if file.exists() else set()


def entry_proof(project: Project, ledger: Ledger, number: int, file: Path | None) -> dict[str, Any]:
    """The proof that an entry stands in a checkpoint; in one made now, if none is given."""
    if file is None:
        checkpoint = ledger.checkpoint(project.project, own_key(project))
    else:
        checkpoint = read_checkpoint(file)
    return inclusion_proof(ledger.audit_trail().to_dicts(), number, checkpoint)


def extension_proof(ledger: Ledger, older: Path, newer: Path) -> dict[str, Any]:
    """The proof that one checkpoint extends an older one."""
    hashes = ledger.audit_trail()["hash"].to_list()
    return consistency_proof(hashes, read_checkpoint(older), read_checkpoint(newer))


def export_chain(project: Project, ledger: Ledger, out: Path) -> int:
    """Write the chain as JSON lines, for governance/verify_audit.py; the number of its entries.

    The export is the last of its entries.
    """
    sealed = ledger.audit("exported.audit", out.name)
    entries = ledger.audit_trail().to_dicts()
    entries = entries[: [entry["hash"] for entry in entries].index(sealed) + 1]
    head = {"format": CHAIN_FORMAT, "ledger": project.project, "head": f"{len(entries)}:{sealed}"}
    write_private(out, "".join(_lines([head, *entries])))
    return len(entries)


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    with whole_file(file) as place, private_file(place) as out:
        out.write(text.encode())


def _lines(documents: Sequence[dict[str, Any]]) -> Iterator[str]:
    for document in documents:
        yield json.dumps(document, ensure_ascii=False) + "\n"


def _kept(project: Project) -> Path:
    return project.folder / ".guiyi" / "checkpoints"


def _public_key(file: Path) -> str:
    try:
        text = file.read_text(encoding="ascii").strip()
        bytes.fromhex(text)
    except (OSError, ValueError):
        text = ""
    if len(text) != 64:
        raise SpecError("does not hold a public key of 64 hexadecimal digits", place=str(file))
    return text
