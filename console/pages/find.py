"""Checking before a customer is entered (报备查重): who it may be, and reporting it."""

from console.asked import Answer, Ask, Moved, Refused, ShownPage
from guiyi.errors import GuiyiError
from pipelines.finding.answers import SearchAnswer

FIELD = "field."


def ask(asked: Ask) -> Answer:
    """Where one types what is known of a customer."""
    entity = _asked_of(asked)
    fields = list(asked.desk.project.entities[entity].kinds)
    able = _entities(asked)
    typed = _typed(asked, entity)
    answer = _found(asked, entity, typed) if typed else None
    content = {"entity": entity, "fields": fields, "able": able, "typed": typed}
    number = asked.given("reported")
    reported = int(number) if number.isdecimal() else None
    return ShownPage("find/ask.html.j2", {**content, "answer": answer, "reported": reported})


def answer(asked: Ask) -> Answer:
    """The likeliest customers for what is typed, as a part of the page."""
    entity = _asked_of(asked)
    typed = _typed(asked, entity)
    found = _found(asked, entity, typed) if typed else None
    return ShownPage("find/answer.html.j2", {"entity": entity, "answer": found, "typed": typed})


def report(asked: Ask) -> Answer:
    """Report a customer: nobody else may for a while. Refused where another has reported it."""
    entity = _asked_of(asked)
    typed = _typed(asked, entity)
    if not typed:
        raise Refused(422, "a record without a value finds nobody")
    try:
        with asked.desk.finding:
            finder = asked.desk.finder(asked.say.language)
            outcome = finder.register(entity, typed, who=asked.who.name)
    except GuiyiError as error:
        raise Refused(422, error.what, error.hint or "") from None
    if outcome.number is None:
        raise Refused(409, outcome.refusal or "")
    done = {"registration": outcome.number, "until": outcome.until}
    return Moved(f"/find?entity={entity}&reported={outcome.number}", done)


def _asked_of(asked: Ask) -> str:
    able = _entities(asked)
    if not able:
        raise Refused(409, "no entity of this project is matched")
    return asked.entity() if asked.given("entity") else able[0]


def _entities(asked: Ask) -> list[str]:
    """The entities whose records are compared."""
    return [name for name, spec in asked.desk.project.entities.items() if spec.match.enabled]


def _typed(asked: Ask, entity: str) -> dict[str, str]:
    """What was typed, by field."""
    fields = asked.desk.project.entities[entity].kinds
    values = {name: asked.given(FIELD + name) for name in fields}
    return {name: value for name, value in values.items() if value}


def _found(asked: Ask, entity: str, typed: dict[str, str]) -> SearchAnswer:
    try:
        with asked.desk.finding:
            finder = asked.desk.finder(asked.say.language)
            return finder.find(entity, typed, reader=asked.reader)
    except GuiyiError as error:
        raise Refused(422, error.what, error.hint or "") from None
