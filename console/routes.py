"""All there is to ask of the console: one table, which pages, API and tests are made from."""

from collections.abc import Callable
from dataclasses import dataclass

from console.asked import Answer, Ask, Refused
from console.customers import acts as mending
from console.pages import (
    admin,
    approvals,
    audit,
    batches,
    comparison,
    conflicts,
    customers,
    entry,
    find,
    firm_entry,
    held,
    home,
    jobs,
    quality,
    runs,
    setup,
)
from console.review import acts as review
from console.review import bulk, together, undo
from console.rights import Right
from guiyi.errors import SpecError

ANYBODY, SIGNED_IN = "anybody", "signed in"
"""What a route needs that needs no right."""

WANTED = ("order", "source", "region", "owner", "word")
"""Which cases of a queue, in which order."""


@dataclass(frozen=True)
class Route:
    """Something that can be asked."""

    method: str
    path: str
    """As Starlette writes it: `{entity}` is a part without a slash."""
    act: Callable[[Ask], Answer]
    needs: Right | str
    api: bool = True
    """Whether programs may ask it too, under /api/v1."""
    fields: tuple[str, ...] = ()
    """What a form or query may say."""

    def answer(self, asked: Ask) -> Answer:
        """Do what is asked. Raises Refused for a mistake of whoever asks."""
        try:
            return self.act(asked)
        except SpecError as error:
            raise Refused.by(error) from None


COMPARED = ("with", "entity", "page")
JUDGED = ("answer", "why", "seen", "start")

ROUTES: tuple[Route, ...] = (
    Route("GET", "/", home.home, SIGNED_IN),
    Route("GET", "/sign-in", entry.sign_in_page, ANYBODY, api=False),
    Route("POST", "/sign-in", entry.sign_in, ANYBODY, False, ("name", "password")),
    Route("GET", "/sign-in/link", entry.link_page, ANYBODY, False, ("link",)),
    Route("POST", "/sign-in/link", entry.by_link, ANYBODY, False, ("link",)),
    Route("GET", "/sign-in/firm", firm_entry.leave, ANYBODY, api=False),
    Route("GET", firm_entry.BACK, firm_entry.come_back, ANYBODY, False, ("code", "state")),
    Route("POST", "/sign-out", entry.sign_out, SIGNED_IN, api=False),
    Route("POST", "/language", entry.choose_language, ANYBODY, False, ("language", "back")),
    Route("GET", "/me", entry.me, SIGNED_IN),
    Route("POST", "/me/password", entry.set_password, SIGNED_IN, False, ("password",)),
    Route("POST", "/me/reason", entry.say_why, SIGNED_IN, False, ("reason", "back")),
    Route("GET", "/review", review.overview, Right.REVIEW),
    Route(
        "GET", "/review/{entity}", review.next_case, Right.REVIEW, fields=("after", "done", *WANTED)
    ),
    Route("GET", "/review/{entity}/list", review.listed, Right.REVIEW, fields=("page", *WANTED)),
    Route(
        "GET", "/review/{entity}/patterns", bulk.patterns, Right.REVIEW, fields=("done", *WANTED)
    ),
    Route(
        "GET",
        "/review/{entity}/patterns/{pattern}",
        bulk.preview,
        Right.REVIEW,
        fields=("page", "out", *WANTED),
    ),
    Route(
        "POST",
        "/review/{entity}/patterns/{pattern}",
        bulk.decide,
        Right.REVIEW,
        fields=("answer", "why", "seen", "out", *WANTED),
    ),
    Route(
        "POST",
        "/review/{entity}/decisions/{number}/revoke-all",
        undo.take_back_together,
        Right.REVIEW,
    ),
    Route("GET", "/review/{entity}/second", together.waiting, Right.REVIEW),
    Route("POST", "/review/{entity}/second/{case}/refuse", together.refuse, Right.REVIEW),
    Route("GET", "/review/{entity}/double", together.agreement_page, Right.APPROVE),
    Route("GET", "/review/{entity}/decisions", undo.decisions, Right.REVIEW),
    Route("GET", "/review/{entity}/decisions/{number}", undo.one, Right.REVIEW),
    Route("POST", "/review/{entity}/decisions/{number}/revoke", undo.take_back, Right.REVIEW),
    Route("GET", "/review/{entity}/{case}", review.one_case, Right.REVIEW),
    Route("GET", "/review/{entity}/{case}/before", review.earlier_case, Right.REVIEW),
    Route(
        "POST",
        "/review/{entity}/{case}",
        review.decide,
        Right.REVIEW,
        fields=("answer", "why", "seen", *WANTED),
    ),
    Route("GET", "/held", held.listed, Right.REVIEW, fields=("entity", "page")),
    Route("GET", "/held/{number}", held.one, Right.REVIEW),
    Route("POST", "/held/{number}", held.correct, Right.REVIEW, fields=("field", "value", "why")),
    Route("GET", "/conflicts", conflicts.listed, Right.REVIEW, fields=("entity", "page")),
    Route("GET", "/conflicts/{case}", conflicts.one, Right.REVIEW),
    Route(
        "POST",
        "/conflicts/{case}",
        conflicts.settle,
        Right.REVIEW,
        fields=("answer", "value", "why", "seen"),
    ),
    Route("GET", "/missing", conflicts.missing, Right.REVIEW, fields=("entity", "page")),
    Route("GET", "/find", find.ask, Right.FIND, fields=("entity", "field.NAME")),
    Route("GET", "/find/answer", find.answer, Right.FIND, fields=("entity", "field.NAME")),
    Route("POST", "/find/report", find.report, Right.FIND, fields=("entity", "field.NAME")),
    Route(
        "GET", "/customers/{golden_id}", customers.one, Right.CUSTOMERS, fields=("as_of", "done")
    ),
    Route("GET", "/customers/{golden_id}/records/{record}", mending.record, Right.CUSTOMERS),
    Route(
        "POST",
        "/customers/{golden_id}/records/{record}",
        mending.correct,
        Right.REVIEW,
        fields=("field", "value", "why"),
    ),
    Route(
        "GET",
        "/customers/{golden_id}/records/{record}/split",
        mending.split_preview,
        Right.REVIEW,
    ),
    Route(
        "POST",
        "/customers/{golden_id}/records/{record}/split",
        mending.split,
        Right.REVIEW,
        fields=("why",),
    ),
    Route(
        "GET", "/customers/{golden_id}/value", mending.alternates, Right.REVIEW, fields=("field",)
    ),
    Route(
        "POST",
        "/customers/{golden_id}/value",
        mending.choose,
        Right.REVIEW,
        fields=("field", "value", "typed", "why"),
    ),
    Route(
        "POST",
        "/customers/{golden_id}/parent",
        mending.parent,
        Right.REVIEW,
        fields=("relation", "wrong", "parent", "why"),
    ),
    Route(
        "GET", "/customers/{golden_id}/merge", mending.merge_preview, Right.REVIEW, fields=("with",)
    ),
    Route(
        "POST",
        "/customers/{golden_id}/merge",
        mending.merge,
        Right.REVIEW,
        fields=("with", "why"),
    ),
    Route("POST", "/customers/{golden_id}/note", mending.note, Right.REVIEW, fields=("text",)),
    Route("POST", "/customers/{golden_id}/unmask", customers.unmask, Right.UNMASK, fields=("why",)),
    Route("GET", "/runs", runs.listed, Right.RUNS),
    Route("GET", "/runs/{run}", runs.one, Right.RUNS),
    Route("GET", "/runs/{run}/report", runs.report, Right.RUNS, api=False),
    Route("GET", "/runs/{run}/now", runs.now, Right.RUNS, api=False),
    Route("GET", "/runs/{run}/compare", comparison.compared, Right.RUNS, fields=COMPARED),
    Route("GET", "/batches/{batch}", batches.one, Right.RUNS),
    Route("POST", "/batches/{batch}/rollback", batches.take_back, Right.APPROVE, fields=("why",)),
    Route("GET", "/approvals", approvals.listed, Right.RUNS),
    Route("GET", "/approvals/{run}", approvals.one, Right.RUNS),
    Route("POST", "/approvals/{run}", approvals.judge, Right.APPROVE, fields=JUDGED),
    Route("POST", "/approvals/{run}/load", approvals.begin, Right.APPROVE),
    Route("GET", "/jobs", jobs.listed, Right.RUNS),
    Route("GET", "/jobs/{name}", jobs.one, Right.RUNS),
    Route("GET", "/jobs/{name}/lines", jobs.lines, Right.RUNS, api=False),
    Route("GET", "/quality", quality.shown, Right.RUNS, fields=("entity", "by")),
    Route(
        "GET",
        "/quality/rows",
        quality.rows,
        Right.RUNS,
        fields=("entity", "what", "field", "by", "group", "column", "expectation", "page"),
    ),
    Route("GET", "/audit", audit.listed, Right.AUDIT, fields=("before", "action", "who")),
    Route("POST", "/audit/verify", audit.verify, Right.AUDIT),
    Route("GET", "/people", admin.people, Right.ADMINISTER),
    Route("GET", "/setup", setup.shown, Right.ADMINISTER),
    Route("POST", "/people", admin.add, Right.ADMINISTER, fields=("name", "role", "administers")),
    Route(
        "POST",
        "/people/{name}",
        admin.change,
        Right.ADMINISTER,
        fields=("role", "administers", "active"),
    ),
    Route("POST", "/people/{name}/link", admin.link, Right.ADMINISTER, api=False),
    Route("POST", "/tokens", admin.make_token, Right.ADMINISTER, False, ("label", "name")),
    Route("POST", "/tokens/{number}/end", admin.end_token, Right.ADMINISTER),
)
