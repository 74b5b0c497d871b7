"""Secrets that a person or a program carries; the store keeps only their digests."""

import hashlib
import secrets
from datetime import UTC, datetime


def random_secret() -> str:
    """A secret of 256 bits, as text that a URL or a header can hold."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a random secret. It is too long to be guessed, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)
