"""Who uses the console: people who sign in, their sessions, and programs with tokens."""

from console.people.openid import NotVouchedFor, OpenIdProvider
from console.people.persons import Person, Persons, SignInRefused
from console.people.secrets import digest, random_secret
from console.people.sessions import BrowserSession, Sessions
from console.people.tokens import Tokens

__all__ = [
    "BrowserSession",
    "NotVouchedFor",
    "OpenIdProvider",
    "Person",
    "Persons",
    "Sessions",
    "SignInRefused",
    "Tokens",
    "digest",
    "random_secret",
]
