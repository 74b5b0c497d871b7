"""Signing in and out, one's language, password, and why one reads what is masked."""

from console.asked import Answer, Ask, Moved, Refused, ShownPage
from console.people import SignInRefused
from guiyi.messages import Message


def sign_in_page(asked: Ask) -> Answer:
    """Where people sign in."""
    return (
        Moved("/")
        if asked.person is not None
        else ShownPage("sign_in.html.j2", {"why": None, "firm": asked.desk.provider is not None})
    )


def sign_in(asked: Ask) -> Answer:
    """Sign in by name and password."""
    name, password = asked.given("name"), asked.form.get("password", "")
    try:
        person = asked.desk.persons.sign_in(name, password)
    except SignInRefused as refused:
        why: str = "this name and password do not fit"
        if refused.until is not None:
            until = f"{refused.until.astimezone():%H:%M}"
            why = Message("too many wrong passwords: locked until {until}", until=until)
        asked.desk.ledger.audit("console.refused", "sign-in", {}, who=name[:100] or "?")
        content = {"why": asked.say.message(why), "firm": asked.desk.provider is not None}
        return ShownPage("sign_in.html.j2", content, 403)
    return _signed_in(asked, person.name)


def link_page(asked: Ask) -> Answer:
    """The page of a sign-in link: a button, so that whoever looks at a link does not use it up."""
    return ShownPage("link.html.j2", {"link": asked.wanted("link")})


def by_link(asked: Ask) -> Answer:
    """Sign in by a link, once."""
    person = asked.desk.persons.by_link(asked.wanted("link"))
    if person is None:
        raise Refused(403, "this link was used, or is too old", "ask for a new one")
    return _signed_in(asked, person.name)


def _signed_in(asked: Ask, name: str) -> Moved:
    person = asked.desk.persons.named(name)
    assert person is not None  # it was found a moment ago
    if asked.session is not None:
        asked.desk.sessions.end(asked.session)
    asked.desk.ledger.audit("console.signed in", name, {"role": person.role}, who=name)
    to = "/" if person.has_password else "/me"
    return Moved(to, session=asked.desk.sessions.begin(person))


def sign_out(asked: Ask) -> Answer:
    """Sign out."""
    if asked.session is not None:
        asked.desk.sessions.end(asked.session)
    return Moved("/sign-in", session="")


def choose_language(asked: Ask) -> Answer:
    """Choose the language of the pages."""
    language = "en" if asked.given("language") == "en" else "zh"
    return Moved(own_path(asked.given("back")), language=language)


def me(asked: Ask) -> Answer:
    """Who one is here, and what one may do."""
    own = asked.who
    content = {
        "name": own.name,
        "role": own.role,
        "own_rights": sorted(own.rights),
        "has_password": own.has_password,
        "reason": asked.session.reason if asked.session is not None else None,
    }
    return ShownPage("me.html.j2", content)


def set_password(asked: Ask) -> Answer:
    """Give oneself a password."""
    asked.desk.persons.set_password(asked.who.name, asked.form.get("password", ""))
    asked.desk.ledger.audit("console.password", asked.who.name, {}, who=asked.who.name)
    return Moved("/")


def say_why(asked: Ask) -> Answer:
    """Say why one reads what is masked for others; the audit chain keeps it."""
    assert asked.session is not None  # not part of the API
    asked.desk.sessions.say_why(asked.session, asked.wanted("reason"))
    return Moved(own_path(asked.given("back")))


def own_path(path: str) -> str:
    """A path of this console; the first page for anything else."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_own and path.isprintable() else "/"
