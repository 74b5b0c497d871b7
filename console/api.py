"""The same acts for programs: JSON under /api/v1, described by OpenAPI."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import polars as pl
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from console import routes
from console.asked import Ask, Download, Moved, Refused, ShownPage
from console.desk import Desk
from console.faults import FAULT, log_fault
from console.guards import COOKIE, Limits, check_origin, check_rights
from console.openapi import described
from console.people.answers import KeptAnswers
from console.words import ConsoleWords, language_of

PROBLEM = "application/problem+json"
"""The form of errors (RFC 9457)."""


def endpoints(desk: Desk, limits: Limits) -> list[Route]:
    """The routes of the API."""
    kept = KeptAnswers(desk.store)
    own = [_endpoint(desk, limits, kept, route) for route in routes.ROUTES if route.api]
    return [Route("/openapi.json", _describe, methods=["GET"]), *own]


async def _describe(_: Request) -> Response:
    return JSONResponse(described())


def _endpoint(desk: Desk, limits: Limits, kept: KeptAnswers, route: routes.Route) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            given = await _given(request)
        except ValueError:
            return problem(Refused(400, "the body is no JSON object of texts"), ConsoleWords("en"))
        return await run_in_threadpool(_answer, request, given)

    def _answer(request: Request, given: Mapping[str, str]) -> Response:
        asked = _asked(desk, request, given)
        try:
            limits.count(request, asked.person)
            if asked.session is not None and request.method == "POST":
                check_origin(request, asked.session, given)
            check_rights(route.needs, asked.person)
            key = request.headers.get("idempotency-key") if route.method == "POST" else None
            if key:
                return _once(kept, asked, route, request, key)
            return _respond(asked, route, request)
        except Refused as refused:
            return problem(refused, asked.say)
        except Exception as error:
            log_fault(route.path, error)
            return problem(FAULT, asked.say)

    path = route.path if route.path != "/" else "/home"
    return Route(path, endpoint, methods=[route.method])


async def _given(request: Request) -> dict[str, str]:
    body = await request.body()
    if not body:
        return {}
    given = json.loads(body)
    if not isinstance(given, dict):
        raise ValueError
    return {str(name): _text(value) for name, value in given.items() if value is not None}


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, int):
        return str(value)
    raise ValueError


def _asked(desk: Desk, request: Request, given: Mapping[str, str]) -> Ask:
    header = request.headers.get("accept-language", "")
    words = ConsoleWords(language_of(None, header, desk.language))
    path, query = dict(request.path_params), dict(request.query_params)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return Ask(desk, desk.tokens.find(token.strip()), words, None, path, query, given)
    secret = request.cookies.get(COOKIE)
    session = desk.sessions.find(secret) if secret else None
    person = session.person if session is not None else None
    return Ask(desk, person, words, session, path, query, given)


def _respond(asked: Ask, route: routes.Route, request: Request) -> Response:
    answer = route.answer(asked)
    if isinstance(answer, Download):
        return FileResponse(answer.file, media_type=answer.media, filename=answer.name)
    if isinstance(answer, Moved):
        return JSONResponse(plain(answer.done))
    assert isinstance(answer, ShownPage)
    response = JSONResponse(plain(answer.content), answer.status)
    if answer.version is not None:
        tag = f'"{answer.version}"'
        response.headers["etag"] = tag
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
    return response


def _once(
    kept: KeptAnswers, asked: Ask, route: routes.Route, request: Request, key: str
) -> Response:
    """Answer what was asked before under the same key as it was answered then."""
    body = json.dumps([route.path, asked.path, asked.form], sort_keys=True)
    wanted = hashlib.sha256(body.encode()).hexdigest()
    name = hashlib.sha256(f"{asked.who.name}\n{key}".encode()).hexdigest()
    earlier = kept.find(name)
    if earlier is not None:
        if earlier.asked != wanted:
            raise Refused(422, "this idempotency key was used for something else")
        return Response(earlier.body, earlier.status, media_type="application/json")
    response = _respond(asked, route, request)
    kept.keep(name, wanted, response.status_code, bytes(response.body).decode())
    return response


def problem(refused: Refused, say: ConsoleWords) -> Response:
    """What went wrong, for a program."""
    body = {"type": "about:blank", "status": refused.status, "title": say.message(refused.why)}
    if refused.hint:
        body["detail"] = say.message(refused.hint)
    return JSONResponse(body, refused.status, media_type=PROBLEM)


_PLAIN: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (Markup, lambda value: Markup(value).striptags()),
    (pl.DataFrame, lambda value: plain(value.to_dicts())),
    ((datetime, date), lambda value: value.isoformat()),
    (Mapping, lambda value: {str(key): plain(own) for key, own in value.items()}),
    ((list, tuple, set, frozenset), lambda value: [plain(own) for own in value]),
)


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        own = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        return {name: plain(part) for name, part in own}
    for kind, made in _PLAIN:
        if isinstance(value, kind):
            return made(value)
    return value
