"""A login proved by a signature: JSON Web Tokens (RFC 7519) of RS256 as grants (RFC 7523)."""

import base64
import json
import time
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from guiyi.errors import TargetError, refusal

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LASTS = 180
"""Seconds an assertion is valid: Salesforce takes five minutes at the most, and clocks differ."""


def read_key(file: Path) -> RSAPrivateKey:
    """The private key of a file."""
    place = "target.auth.key_file"
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except OSError as error:
        raise TargetError(refusal(error), place=place) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise TargetError(
            "holds no private key (RSA, PEM, without a password)",
            place=place,
            hint="such as openssl genrsa -out key.pem 2048 writes",
        ) from None
    return key


def signed_assertion(key: RSAPrivateKey, issuer: str, subject: str, audience: str) -> str:
    """Who asks (`issuer`), on behalf of whom (`subject`), of whom, for a few minutes; signed."""
    claims = {"iss": issuer, "sub": subject, "aud": audience, "exp": int(time.time()) + _LASTS}
    parts = [_segment({"alg": "RS256", "typ": "JWT"}), _segment(claims)]
    signature = key.sign(".".join(parts).encode(), PKCS1v15(), SHA256())
    return ".".join([*parts, _base64(signature)])


def _segment(found: dict[str, object]) -> str:
    return _base64(json.dumps(found, separators=(",", ":")).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
