"""Every page of the route table, in both languages, light and dark, on a screen and on a phone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from console import routes
from console.desk import Desk
from tests.console.browser.conftest import NARROW, WIDE, Site, site_of

pytestmark = pytest.mark.slow

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SIGNED_OUT = ("/sign-in", "/sign-in/link", "/sign-in/firm", "/sign-in/firm/back")
PARTS = ("/find/answer", "/runs/{run}/now", "/jobs/{name}/lines")
"""Routes that answer with a part of a page; it is looked at in its page."""
WITHOUT_EXAMPLE = (
    *("/conflicts/{case}", "/runs/{run}/compare", "/approvals/{run}"),
    *("/jobs/{name}", "/quality/rows", "/review/{entity}/patterns/{pattern}"),
    *("/customers/{golden_id}/value", "/customers/{golden_id}/merge"),
    *("/customers/{golden_id}/records/{record}", "/customers/{golden_id}/records/{record}/split"),
)
"""Pages of what this project has none of: a conflict, a second run, a load to approve, a job,
a pattern; and of a single record of a customer, which colleagues have just added."""
COMMON = [
    ("zh", "light", WIDE),
    ("zh", "dark", NARROW),
    ("en", "light", NARROW),
    ("en", "dark", WIDE),
]
"""Every language with every scheme, width and so on: each two of them meet."""
RARE = [
    ("zh", "dark", WIDE),
    ("zh", "light", NARROW),
    ("en", "dark", NARROW),
    ("en", "light", WIDE),
]
LOOKS = [*COMMON, *(pytest.param(*look, marks=pytest.mark.nightly) for look in RARE)]
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > wide + 1) return ["the page"];
  const scrolls = (element) => element && element !== document.body
    && (["auto", "scroll", "hidden"].includes(getComputedStyle(element).overflowX)
        || scrolls(element.parentElement));
  const over = [...document.querySelectorAll("body *")].filter(
    (one) => one.getBoundingClientRect().right > wide + 1 && !scrolls(one.parentElement)
      && one.getClientRects().length && !one.closest(".unseen, .skip, svg"));
  return over.slice(0, 3).map((one) => one.outerHTML.slice(0, 120));
}"""
CUT_OFF = """() => [...document.querySelectorAll("main *, header *")].filter((one) =>
    getComputedStyle(one).overflowX === "hidden" && one.scrollWidth > one.clientWidth + 1
    && !one.closest(".unseen")
  ).slice(0, 3).map((one) => one.outerHTML.slice(0, 120))"""


def _prepare(desk: Desk) -> None:
    """Something to see on every page: decisions, a note, a correction, a registration, a token."""
    queue = desk.queues.of("company")
    assert queue is not None
    left, right = queue.pair(1)
    desk.ledger.decide("company", "must-link", left, right, who="manager", why="同一张营业执照")
    desk.queues.marks.put("company", queue.ids[0], "admin", "unsure", "问过王伟，等他回话")
    held = desk.ledger.quarantine("open").filter(column="phone").row(0, named=True)
    desk.ledger.correct(
        "company", held["source"], held["record_id"], "address", "上海市南京路3号", who="steward"
    )
    given = {"name": "上海新来机械有限公司", "phone": "13900001111"}
    desk.finder("zh").register("company", given, who="sales")
    steward = desk.persons.named("steward")
    assert steward is not None
    desk.tokens.make(steward, "夜间同步")


@pytest.fixture(scope="module")
def site(
    run_project_once: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("every") / "project"
    shutil.copytree(run_project_once, folder)
    with site_of(folder, chromium, _prepare) as site:
        yield site


def _example(desk: Desk, name: str, path: str) -> str:
    """A value for a part of a path."""
    queue = desk.queues.of("company")
    assert queue is not None
    if name == "number" and path.startswith("/review"):
        return str(desk.ledger.decisions("company")["id"][0])
    if name == "number":
        return str(desk.ledger.quarantine().filter(column="phone")["id"][0])
    found = {
        "entity": "company",
        "case": queue.ids[0],
        "golden_id": desk.ledger.golden_records("company")["golden_id"][0],
        "run": next(desk.runs_folder.iterdir()).name,
        "batch": desk.ledger.batches()["batch_id"][0],
    }
    assert name in found, f"give an example of `{name}` for {path}"
    return str(found[name])


def addresses(desk: Desk) -> list[str]:
    """An address for every page there is, and of states of pages worth a look of their own."""
    made = []
    for route in routes.ROUTES:
        if route.method != "GET" or route.path in (*SIGNED_OUT, *PARTS, *WITHOUT_EXAMPLE):
            continue
        path = route.path
        for part in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
            path = path.replace(f"{{{part}}}", _example(desk, part, path))
        made.append(path)
    queue = desk.queues.of("company")
    assert queue is not None
    return [
        *made,
        f"/review/company/{queue.ids[1]}",
        "/review/company?done=1",
        "/find?entity=company&field.name=上海新来机械",
        "/find?entity=company&field.name=南京宏达机械有限公司&field.phone=13800010000",
        "/find?entity=company&field.name=没有这样的公司",
        "/audit?who=nobody",
        "/nowhere",
    ]


def look_at(page: Page, axe: str | None) -> list[str]:
    """What is wrong with the page that is shown."""
    where = page.url
    wrong = [f"{where} scrolls sideways: {one}" for one in page.evaluate(OVERFLOW)]
    wrong += [f"{where} cuts off: {one}" for one in page.evaluate(CUT_OFF)]
    if axe is not None:
        page.evaluate(axe)
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        found: Any = page.evaluate("(o) => axe.run(document, o)", options)
        wrong += [
            f"{where} {one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]
    return wrong


@pytest.mark.parametrize(("language", "scheme", "size"), LOOKS)
def test_every_page_can_be_used_by_everybody(
    language: str, scheme: Any, size: Any, site: Site, axe: str
) -> None:
    """axe finds nothing against WCAG 2.2 AA, and nothing lies outside the window."""
    wrong = []
    page = site.open(language=language, size=size, color_scheme=scheme)
    for path in ("/sign-in", "/sign-in/link?link=x"):
        page.goto(path)
        wrong += look_at(page, axe)
    page = site.open("admin", language=language, size=size, color_scheme=scheme)
    for path in addresses(site.desk):
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok or path == "/nowhere", path
        wrong += look_at(page, axe)
    for path, button in (
        ("/audit", "form[action='/audit/verify'] button"),
        ("/people", "td .quiet"),
    ):
        page.goto(path)
        with page.expect_navigation():
            page.locator(button).first.click()
        wrong += look_at(page, axe)
    page.goto("/review/company")
    page.keyboard.press("?")
    wrong += look_at(page, axe)
    assert wrong == []
