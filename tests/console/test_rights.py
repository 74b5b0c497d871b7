"""Every route for every role, made from the route table: a route without a rule fails here."""

import pytest
from starlette.testclient import TestClient

from console import routes
from console.pages.firm_entry import BACK
from console.rights import Right, rights_of
from tests.console.conftest import ROLES, Browser, csrf_of

ROUTES = {f"{route.method} {route.path}": route for route in routes.ROUTES}
PEOPLE = (*ROLES, "admin", "")
"""The administrator has the role of an auditor besides; `""` is nobody."""


def _allowed(route: routes.Route, name: str) -> bool:
    if route.needs == routes.ANYBODY:
        return True
    if not name:
        return False
    if route.needs == routes.SIGNED_IN:
        return True
    role = "auditor" if name == "admin" else name
    return route.needs in rights_of(role, administers=name == "admin")


def _status(client: TestClient, route: routes.Route, csrf: str) -> int:
    path = route.path
    for name in ("entity", "case", "number", "golden_id", "run", "name", "pattern", "record"):
        path = path.replace(f"{{{name}}}", "company" if name == "entity" else "0")
    if route.method == "GET":
        return client.get(path).status_code
    return client.post(path, data={"csrf": csrf}).status_code


@pytest.mark.parametrize("name", PEOPLE)
def test_a_route_answers_those_who_have_its_right(name: str, browser: Browser) -> None:
    client = browser(name)
    csrf = csrf_of(client) if name else ""
    for title, route in ROUTES.items():
        if route.path == "/sign-out":
            continue
        status = _status(client, route, csrf)
        if _allowed(route, name):
            assert status not in (401, 403) or route.path.startswith("/sign-in"), title
        elif name:
            assert status == 403, title
        else:
            to_sign_in = route.method == "GET"
            assert status == (303 if to_sign_in else 401), title


def test_every_route_states_what_it_needs() -> None:
    for title, route in ROUTES.items():
        assert isinstance(route.needs, Right) or route.needs in (
            routes.ANYBODY,
            routes.SIGNED_IN,
        ), title
        changes = route.method == "POST"
        assert not (changes and route.needs == routes.ANYBODY and route.api), title


def test_only_few_routes_need_no_sign_in() -> None:
    """Whoever adds one must think of it twice."""
    open_ = {route.path for route in routes.ROUTES if route.needs == routes.ANYBODY}
    assert open_ == {"/sign-in", "/sign-in/link", "/language", "/sign-in/firm", BACK}


def test_no_two_routes_are_one() -> None:
    assert len(ROUTES) == len(routes.ROUTES)


@pytest.mark.parametrize("name", PEOPLE)
def test_the_menu_shows_only_what_one_may_use(name: str, browser: Browser) -> None:
    """A link in the menu leads nowhere that the role may not go."""
    client = browser(name)
    page = client.get("/" if name else "/sign-in").text
    for route in routes.ROUTES:
        plain = route.method == "GET" and "{" not in route.path and route.path.count("/") == 1
        if plain and f'href="{route.path}"' in page and route.path != "/":
            assert client.get(route.path).status_code == 200, route.path
