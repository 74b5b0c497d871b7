"""A server is believed only if somebody vouches for it."""

import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.targets.http import HttpTargetSpec, Waiting, open_session
from guiyi.errors import TargetError


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Made here and known to nobody; key and certificate in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "crm.test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = tmp_path / "server.pem"
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def url(certificate: Path) -> Iterator[str]:
    """A server that answers every request with 204, over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    plain, _ = listening.accept()
                except OSError:
                    return
                with suppress(OSError), context.wrap_socket(plain, server_side=True) as one:
                    one.recv(65536)
                    one.sendall(b"HTTP/1.1 204 None\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}/api"
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_a_certificate_that_nobody_vouches_for_is_refused(url: str, certificate: Path) -> None:
    """Unless the spec names the authority."""
    waiting = Waiting(sleep=lambda _: None)
    session = open_session(HttpTargetSpec(kind="x", url=url), certificate.parent, waiting)
    with pytest.raises(TargetError, match="the certificate of the server cannot be verified"):
        session.send("GET", "a", repeat=True)
    spec = HttpTargetSpec(kind="x", url=url, ca_file=certificate.name)
    assert open_session(spec, certificate.parent).send("GET", "a").status == 204


@pytest.mark.parametrize(
    ("name", "what"), [("none.pem", "no such file"), ("empty.pem", "holds no certificates")]
)
def test_a_file_of_certificates_is_one(name: str, what: str, tmp_path: Path) -> None:
    """Said before anything is sent, with the key of the spec."""
    (tmp_path / "empty.pem").write_text("nothing\n")
    spec = HttpTargetSpec(kind="x", url="https://crm.example.com", ca_file=name)
    with pytest.raises(TargetError, match=f"target.ca_file: {what}"):
        open_session(spec, tmp_path)
