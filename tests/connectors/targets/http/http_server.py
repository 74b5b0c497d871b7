"""A server on this machine that answers what a test wants, or cuts the connection off."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    """With its query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass
class Answer:
    """What is sent back, or how the connection ends."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: str = ""
    """`before`: the connection is closed without a word; `inside`: after half of the body."""
    delay: float = 0.0
    """Seconds before the answer."""


Answering = Callable[[Asked], Answer]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    answering: Answering
    over: threading.Event

    def _answer(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        headers = {name.lower(): value for name, value in self.headers.items()}
        found = type(self).answering(Asked(self.command, self.path, headers, body))
        if found.delay:
            self.over.wait(found.delay)
        if found.cut == "before":
            self._cut()
            return
        self.send_response(found.status)
        for name, value in found.headers.items():
            self.send_header(name, value)
        if found.status != 204:
            self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        if found.cut == "inside":
            self.wfile.write(found.body[: len(found.body) // 2])
            self.wfile.flush()
            self._cut()
        else:
            self.wfile.write(found.body)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def handle(self) -> None:
        with suppress(OSError):
            super().handle()


@contextmanager
def serving(answer: Answering) -> Iterator[str]:
    """Serve on a free port as long as the block lasts; gives the root's URL."""
    over = threading.Event()
    handler = type("Handler", (_Handler,), {"answering": staticmethod(answer), "over": over})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()
