"""What the console works on: one project, its ledger, and what is kept warm between requests."""

from functools import cached_property
from pathlib import Path
from threading import Lock

from console.customers.notes import Notes
from console.jobs import Jobs
from console.people import OpenIdProvider, Persons, Sessions, Tokens
from console.review.doubles import Doubles
from console.review.proposals import Proposals
from console.review.queues import Queues
from console.store import Store
from governance import Ledger, open_ledger
from governance.door import ROLES
from guiyi.errors import SpecError
from guiyi.messages import Language, Message, user_language
from guiyi.near_names import did_you_mean
from guiyi.spec import Project, expand_secrets
from pipelines.finding import CustomerFinder


class Desk:
    """One project, opened for the console."""

    def __init__(self, project: Project) -> None:
        self.project = project
        url = expand_secrets(project.ledger, f"{project.file}: ledger")
        self.ledger: Ledger = open_ledger(url, project.folder)
        store = Store.beside(url, project.folder)
        self.store = store
        self.persons = Persons(store)
        self.sessions = Sessions(store, self.persons, project.console)
        self.provider = _provider(project)
        self.tokens = Tokens(store, self.persons)
        self.notes = Notes(store)
        self.proposals = Proposals(store)
        self.doubles = Doubles(store)
        self.queues = Queues(project, self.ledger, store)
        self.jobs = Jobs(project.folder)
        self.finding = Lock()
        """Held while the finder is asked: its indexes are not for several threads at once."""
        self._finder = CustomerFinder(project, self.ledger)

    @cached_property
    def language(self) -> Language:
        """The language of pages for whoever states none."""
        return self.project.language or user_language()

    @property
    def runs_folder(self) -> Path:
        """Where the folders of runs are."""
        return self.project.folder / ".guiyi" / "runs"

    def finder(self, language: Language) -> CustomerFinder:
        """The finder that gives its reasons in a language."""
        return self._finder.in_language(language)

    def warm(self) -> None:
        """Make what the first to ask would wait for: the queues, and the indexes of the finder."""
        for entity, spec in self.project.entities.items():
            if spec.match.enabled:
                self.queues.of(entity)
        with self.finding:
            self._finder.warm()

    def close(self) -> None:
        """Let go of the ledger and the store."""
        self.ledger.close()
        self.store.close()


def _provider(project: Project) -> OpenIdProvider | None:
    """The firm's own sign-in, if the spec names one. Raises SpecError for a role that is none."""
    spec = project.console.oidc
    if spec is None:
        return None
    roles = (*ROLES, *project.privacy.roles)
    for role in spec.roles.values():
        if role not in roles:
            raise SpecError(
                Message("no role `{name}`", name=role),
                place=f"{project.file}: console.oidc.roles",
                hint=did_you_mean(role, roles),
            )
    place = f"{project.file}: console.oidc.client_secret"
    secret = None if spec.client_secret is None else expand_secrets(spec.client_secret, place)
    return OpenIdProvider(spec, secret)
