"""The key that signs checkpoints of the audit chain: Ed25519, made when it is first needed."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from governance.database import LedgerError
from guiyi.private_folder import private_file

if TYPE_CHECKING:  # 20 ms that only those who sign need pay
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PUBLIC = ".pub"
"""The suffix of the file beside the key that holds its public half, for whoever verifies."""


@dataclass(frozen=True)
class AuditKey:
    """A key that signs."""

    private: "Ed25519PrivateKey"

    @property
    def public(self) -> str:
        """The public key, 64 hexadecimal digits."""
        return self.private.public_key().public_bytes_raw().hex()

    def sign(self, content: bytes) -> str:
        """The signature of some bytes, 128 hexadecimal digits."""
        return self.private.sign(content).hex()


def open_key(file: Path) -> AuditKey:
    """The key in a PEM file, which is made (for its owner alone) if it is not there.

    Raises LedgerError for a file that holds no Ed25519 key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not file.exists():
        _make(file)
    try:
        private = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError):
        private = None
    if not isinstance(private, Ed25519PrivateKey):
        raise LedgerError("does not hold an Ed25519 key in PEM format", place=str(file))
    return AuditKey(private)


def _make(file: Path) -> None:
    """Write a new key whole or not at all; one that another process has just made stays."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    unready = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    with private_file(unready) as out:
        out.write(text)
    try:
        os.link(unready, file)
    except FileExistsError:
        return
    finally:
        unready.unlink()
    file.with_suffix(PUBLIC).write_text(AuditKey(key).public + "\n", encoding="ascii")
