"""Makes pages of what acts answer."""

from functools import partial
from typing import Any
from urllib.parse import quote

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    RedirectResponse,
    Response,
)

from console.asked import (
    Answer,
    Ask,
    Download,
    Moved,
    ReasonWanted,
    Refused,
    ShownPage,
    moment_shown,
)
from console.desk import Desk
from console.guards import COOKIE, SIGN_IN
from console.words import ConsoleWords, language_of

OWN_PAGE = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox allow-scripts"
)
"""For a report that a run has made: it holds its own styles, and can reach nothing."""
YEAR = 365 * 24 * 3600


class Pages:
    """The pages of one console."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._templates = Environment(
            loader=ChoiceLoader(
                [
                    PackageLoader("console"),
                    PrefixLoader({"report": PackageLoader("pipelines.report")}),
                ]
            ),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["count"] = lambda number: f"{number:,}"
        self._templates.filters["moment"] = moment_shown
        self._templates.filters["in_url"] = partial(quote, safe="")

    def response(self, asked: Ask, request: Request, answer: Answer) -> Response:
        """What is sent for an answer."""
        if isinstance(answer, Download):
            headers = {"content-security-policy": OWN_PAGE} if answer.is_page else {}
            name = None if answer.is_page else answer.name
            return FileResponse(
                answer.file, media_type=answer.media, filename=name, headers=headers
            )
        if isinstance(answer, Moved):
            return self._moved(request, answer)
        page = self._page(asked, answer)
        response = HTMLResponse(page, answer.status)
        if answer.version is not None:
            response.headers["etag"] = f'"{answer.version}"'
        return response

    def _moved(self, request: Request, answer: Moved) -> Response:
        response = RedirectResponse(answer.to, 303)
        secure = request.url.scheme == "https"
        if answer.session:
            response.set_cookie(
                COOKIE, answer.session, httponly=True, samesite="lax", secure=secure, path="/"
            )
        elif answer.session == "":
            response.delete_cookie(COOKIE, path="/")
        if answer.sign_in:
            response.set_cookie(
                SIGN_IN,
                answer.sign_in,
                600,
                path="/sign-in",
                httponly=True,
                samesite="lax",
                secure=secure,
            )
        elif answer.sign_in == "":
            response.delete_cookie(SIGN_IN, path="/sign-in")
        if answer.language is not None:
            response.set_cookie(
                "guiyi_language", answer.language, YEAR, samesite="lax", secure=secure, path="/"
            )
        return response

    def refusal(self, asked: Ask, request: Request, refused: Refused) -> Response:
        """The page of what cannot be had; whoever must sign in is led there."""
        if refused.status == 401 and request.method == "GET" and not _is_part(request):
            return RedirectResponse("/sign-in", 303)
        if isinstance(refused, ReasonWanted) and asked.session is not None:
            back = request.url.path if request.method == "GET" else "/"
            if request.method == "GET" and request.url.query:
                back += f"?{request.url.query}"
            page = self._page(
                asked, ShownPage("reason.html.j2", {"why": refused.why, "back": back})
            )
            return HTMLResponse(page, refused.status)
        content = {"why": refused.why, "hint": refused.hint, "again": refused.again}
        return HTMLResponse(
            self._page(asked, ShownPage("refused.html.j2", content)), refused.status
        )

    def not_found(self, request: Request, _: Exception) -> Response:
        """The page for an address that leads nowhere."""
        return self._bare(request, Refused(404, "there is no such page"))

    def _bare(self, request: Request, refused: Refused) -> Response:
        header = request.headers.get("accept-language", "")
        stated = request.cookies.get("guiyi_language")
        words = ConsoleWords(language_of(stated, header, self._desk.language))
        return self.refusal(Ask(self._desk, None, words), request, refused)

    def _page(self, asked: Ask, answer: ShownPage) -> str:
        person = asked.person
        around: dict[str, Any] = {
            "say": asked.say,
            "person": person,
            "may": {right.value for right in person.rights} if person is not None else set(),
            "csrf": asked.session.csrf if asked.session is not None else "",
            "project": self._desk.project.project,
            "entities": list(self._desk.project.entities),
        }
        return self._templates.get_template(answer.template).render({**around, **answer.content})


def _is_part(request: Request) -> bool:
    """Whether a script asks for a part of a page."""
    return request.headers.get("hx-request") == "true"
