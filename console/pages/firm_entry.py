"""Signing in through the firm's own provider, where guiyi.yaml names one (`console.oidc`)."""

import logging

from console.asked import Answer, Ask, Moved, Refused
from console.people import NotVouchedFor, OpenIdProvider

LOG = logging.getLogger("guiyi.console")
BACK = "/sign-in/firm/back"


def leave(asked: Ask) -> Answer:
    """Send the browser to the provider."""
    provider = _provider(asked)
    try:
        begun = provider.begin(asked.origin + BACK)
    except NotVouchedFor as error:
        LOG.warning("sign-in through the provider: %s", error)
        raise Refused(502, "the firm's sign-in cannot be reached") from None
    return Moved(begun.to, sign_in=begun.kept)


def come_back(asked: Ask) -> Answer:
    """Sign in whom the provider vouches for; a group's role, as guiyi.yaml has it."""
    provider = _provider(asked)
    try:
        found = provider.end(asked.sign_in, asked.query, asked.origin + BACK)
    except NotVouchedFor as error:
        LOG.warning("sign-in through the provider: %s", error)
        asked.desk.ledger.audit("console.refused", "sign-in", {"firm": str(error)}, who="?")
        raise Refused(403, "the firm's sign-in does not vouch for you here") from None
    person = asked.desk.persons.vouched_for(found.subject, found.name, found.role)
    if person is None:
        raise Refused(403, "somebody else has your name here", "ask for another name")
    if asked.session is not None:
        asked.desk.sessions.end(asked.session)
    details = {"role": person.role, "firm": True}
    asked.desk.ledger.audit("console.signed in", person.name, details, who=person.name)
    return Moved("/", session=asked.desk.sessions.begin(person), sign_in="")


def _provider(asked: Ask) -> OpenIdProvider:
    if asked.desk.provider is None:
        raise Refused(404, "there is no sign-in of the firm")
    return asked.desk.provider
