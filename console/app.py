"""The console as a web application: HTTP in, the acts of the route table behind it."""

from collections.abc import Mapping
from contextlib import asynccontextmanager
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from console import api, routes
from console.asked import Ask, Refused
from console.desk import Desk
from console.faults import FAULT, log_fault
from console.guards import (
    COOKIE,
    SIGN_IN,
    Limits,
    SafeHeaders,
    SmallBodies,
    check_origin,
    check_rights,
)
from console.pages.rendering import Pages
from console.words import ConsoleWords, language_of

LANGUAGE = "guiyi_language"
"""The cookie that keeps the chosen language."""


def make_app(desk: Desk, hosts: tuple[str, ...] = ("127.0.0.1", "localhost")) -> Starlette:
    """The console of one project. `hosts`: the names by which browsers may call it."""
    pages, limits = Pages(desk), Limits()
    endpoints = [_page(desk, pages, limits, route) for route in routes.ROUTES]
    static = StaticFiles(directory=str(files("console") / "static"))
    programs = api.endpoints(desk, limits)

    @asynccontextmanager
    async def life(_: Starlette):  # type: ignore[no-untyped-def]
        yield
        desk.close()

    app = Starlette(
        routes=[Mount("/static", static), Mount("/api/v1", routes=programs), *endpoints],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts)),
            Middleware(SafeHeaders),
            Middleware(SmallBodies),
        ],
        exception_handlers={404: pages.not_found, 405: pages.not_found},
        lifespan=life,
    )
    app.router.redirect_slashes = False
    return app


def _page(desk: Desk, pages: Pages, limits: Limits, route: routes.Route) -> Route:
    async def endpoint(request: Request) -> Response:
        form = await form_of(request) if route.method == "POST" else {}
        return await run_in_threadpool(_answer, request, form)

    def _answer(request: Request, form: Mapping[str, str]) -> Response:
        asked = asked_of(desk, request, form)
        try:
            limits.count(request, asked.person)
            if route.method == "POST":
                check_origin(request, asked.session, form)
            check_rights(route.needs, asked.person)
            return pages.response(asked, request, route.answer(asked))
        except Refused as refused:
            return pages.refusal(asked, request, refused)
        except Exception as error:
            log_fault(route.path, error)
            return pages.refusal(asked, request, FAULT)

    return Route(route.path, endpoint, methods=[route.method])


async def form_of(request: Request) -> dict[str, str]:
    """The values of a form; files are not taken."""
    form = await request.form(max_files=0, max_fields=200)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def asked_of(desk: Desk, request: Request, form: Mapping[str, str]) -> Ask:
    """What a browser asks, and who uses it."""
    secret = request.cookies.get(COOKIE)
    session = desk.sessions.find(secret) if secret else None
    header = request.headers.get("accept-language", "")
    language = language_of(request.cookies.get(LANGUAGE), header, desk.language)
    return Ask(
        desk,
        session.person if session is not None else None,
        ConsoleWords(language),
        session,
        dict(request.path_params),
        dict(request.query_params),
        form,
        f"{request.url.scheme}://{request.url.netloc}",
        request.cookies.get(SIGN_IN, ""),
    )
