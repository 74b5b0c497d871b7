"""What targets behind HTTP share: keys of their specs, logins, a session that waits and repeats.

Owns TLS, time limits, 429 and 503 with Retry-After, expired tokens, and what is known of a request
that got no answer. Knows nothing of any API: it is handed paths and bodies.

    session = open_session(spec, folder)                          # an HttpTargetSpec
    reply = session.send("GET", "accounts?$top=1", repeat=True)   # a read: repeated if cut off
    reply = session.send("POST", "$batch", body=body)             # OutcomeUnknown: ask first
    if not reply.ok:
        raise session.refused(reply, Message("write"))
"""

from connectors.targets.http.login import LoginRequest
from connectors.targets.http.opening import open_session
from connectors.targets.http.reply import HttpReply, value_at
from connectors.targets.http.session import HttpSession
from connectors.targets.http.spec import AuthSpec, HttpTargetSpec
from connectors.targets.http.waiting import Waiting
from guiyi.errors import OutcomeUnknown

__all__ = [
    "AuthSpec",
    "HttpReply",
    "HttpSession",
    "HttpTargetSpec",
    "LoginRequest",
    "OutcomeUnknown",
    "Waiting",
    "open_session",
    "value_at",
]
