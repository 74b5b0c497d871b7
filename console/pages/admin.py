"""Who may sign in, with which role; and the tokens of programs."""

from console.asked import Answer, Ask, Moved, Refused, ShownPage
from console.people import Person
from governance.door import ROLES
from guiyi.messages import Message


def people(asked: Ask) -> Answer:
    """The people who may sign in, and the tokens there are."""
    return ShownPage("admin/people.html.j2", _content(asked))


def add(asked: Ask) -> Answer:
    """Let somebody in, with a role."""
    role = _role(asked)
    person = asked.desk.persons.add(
        asked.wanted("name"), role, administers=bool(asked.given("administers"))
    )
    _write_down(asked, "console.added", person)
    return Moved("/people", {"name": person.name, "role": role})


def change(asked: Ask) -> Answer:
    """Give somebody another role, or shut them out: they are signed out at once."""
    person = _person(asked)
    changed = Person(
        person.name, _role(asked), bool(asked.given("administers")), bool(asked.given("active"))
    )
    asked.desk.persons.change(
        changed.name,
        role=changed.role,
        administers=changed.administers,
        active=changed.active,
    )
    _write_down(asked, "console.changed", changed)
    return Moved("/people", {"name": changed.name, "role": changed.role})


def link(asked: Ask) -> Answer:
    """Make a link by which somebody signs in, once."""
    person = _person(asked)
    secret = asked.desk.persons.link(person.name)
    _write_down(asked, "console.link", person)
    made = {"name": person.name, "link": f"/sign-in/link?link={secret}"}
    return ShownPage("admin/people.html.j2", {**_content(asked), "made": made})


def make_token(asked: Ask) -> Answer:
    """Make a token for a program; it is shown once."""
    person = asked.desk.persons.named(asked.wanted("name"))
    if person is None:
        raise Refused(404, Message("no person `{name}`", name=asked.given("name")))
    secret = asked.desk.tokens.make(person, asked.given("label"))
    _write_down(asked, "console.token", person)
    made = {"name": person.name, "token": secret}
    return ShownPage("admin/people.html.j2", {**_content(asked), "made": made})


def end_token(asked: Ask) -> Answer:
    """Take a token back."""
    number = asked.path["number"]
    if number not in {token.number for token in asked.desk.tokens.every()}:
        raise Refused(404, "there is no such token")
    asked.desk.tokens.end(number)
    asked.desk.ledger.audit("console.token ended", number, {}, who=asked.who.name)
    return Moved("/people", {"ended": number})


def _content(asked: Ask) -> dict[str, object]:
    return {
        "people": asked.desk.persons.every(),
        "tokens": asked.desk.tokens.every(),
        "roles": _roles(asked),
        "made": None,
    }


def _roles(asked: Ask) -> list[str]:
    return list(dict.fromkeys([*ROLES, *asked.desk.project.privacy.roles]))


def _role(asked: Ask) -> str:
    role = asked.wanted("role")
    if role not in _roles(asked):
        raise Refused(422, Message("no role `{name}`", name=role))
    return role


def _person(asked: Ask) -> Person:
    person = asked.desk.persons.named(asked.path["name"])
    if person is None:
        raise Refused(404, Message("no person `{name}`", name=asked.path["name"]))
    return person


def _write_down(asked: Ask, action: str, person: Person) -> None:
    details = {
        "role": person.role,
        "administers": person.administers,
        "active": person.active,
    }
    asked.desk.ledger.audit(action, person.name, details, who=asked.who.name)
