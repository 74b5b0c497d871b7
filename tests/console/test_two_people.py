"""Large merges need a second person; a share of the pairs is decided twice, blind."""

from collections.abc import Callable, Iterator
from math import isclose
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from console.app import make_app
from console.desk import Desk
from console.review.doubles import agreement, is_double
from guiyi.spec import load_project
from tests.console.conftest import csrf_of

Opened = Callable[[str], tuple[Desk, Callable[[str], TestClient]]]


@pytest.fixture
def opened(project: Path) -> Iterator[Opened]:
    """A console whose spec says something of two people, and browsers by name."""
    desks: list[Desk] = []

    def with_spec(console: str) -> tuple[Desk, Callable[[str], TestClient]]:
        file = project / "guiyi.yaml"
        text = file.read_text(encoding="utf-8")
        file.write_text(f"{text}console: {{{console}}}\n", encoding="utf-8")
        desk = Desk(load_project(project))
        desks.append(desk)
        for name, role in (("an", "steward"), ("bo", "steward"), ("chef", "manager")):
            desk.persons.add(name, role)
        app = make_app(desk, ("testserver",))

        def browser(name: str) -> TestClient:
            client = TestClient(app, follow_redirects=False, headers={"accept-language": "en"})
            client.post("/sign-in/link", data={"link": desk.persons.link(name)})
            return client

        return desk, browser

    yield with_spec
    for desk in desks:
        desk.close()


def _answer(client: TestClient, case: str, answer: str, **more: str) -> tuple[int, str]:
    given = {"csrf": csrf_of(client), "answer": answer, "seen": "0", **more}
    sent = client.post(f"/review/company/{case}", data=given)
    return sent.status_code, sent.headers.get("location", "")


def _next(client: TestClient) -> str:
    return str(client.get("/api/v1/review/company").json()["case"]["id"])


def test_a_large_merge_waits_until_another_agrees(opened: Opened) -> None:
    desk, browser = opened("second_above: 1")
    an, bo = browser("an"), browser("bo")
    case = _next(an)
    status, onward = _answer(an, case, "same", why="one licence")
    assert (status, "waits=second" in onward) == (303, True)
    assert "waits until a second person" in an.get(onward).text
    assert desk.ledger.decisions("company").is_empty()
    assert _next(an) != case
    _answer(an, case, "same")
    assert desk.ledger.decisions("company").is_empty()
    assert "wants to merge them, into 2 records" in bo.get(f"/review/company/{case}").text
    assert case in bo.get("/review/company/second").text
    assert _answer(bo, case, "same", why="saw it")[0] == 303
    row = desk.ledger.decisions("company").to_dicts()[0]
    assert (row["decision"], row["who"], row["why"]) == ("must-link", "bo", "an; bo: saw it")
    assert not desk.proposals.of("company")


def test_the_other_may_refuse_and_small_or_other_answers_wait_for_nobody(opened: Opened) -> None:
    desk, browser = opened("second_above: 1")
    an, bo = browser("an"), browser("bo")
    case = _next(an)
    _answer(an, case, "same")
    path = f"/review/company/second/{case}/refuse"
    assert bo.post(path, data={"csrf": csrf_of(bo)}).status_code == 303
    assert "console.refused" in desk.ledger.audit_trail()["action"].to_list()
    assert _next(an) == case
    _answer(an, case, "different")
    assert desk.ledger.decisions("company")["decision"].to_list() == ["cannot-link"]
    assert bo.post(path, data={"csrf": csrf_of(bo)}).status_code == 404


def test_a_merge_by_id_and_a_bulk_merge_wait_too(opened: Opened) -> None:
    desk, browser = opened("second_above: 1")
    an, bo = browser("an"), browser("bo")
    one, other = (desk.ledger.resolve(key).leads_to for key in ("erp:erp/A1", "erp:erp/A2"))
    for number, (client, who) in enumerate(((an, other), (an, other))):
        given = {"csrf": csrf_of(client), "with": who}
        assert client.post(f"/customers/{one}/merge", data=given).status_code == 303, number
    assert desk.ledger.decisions("company").is_empty()
    assert f"/customers/{one}/merge?with={other}" in bo.get("/review/company/second").text
    given = {"csrf": csrf_of(bo), "with": one}
    assert bo.post(f"/customers/{other}/merge", data=given).status_code == 303
    assert desk.ledger.decisions("company").height == 1
    pattern = bo.get("/api/v1/review/company/patterns").json()["patterns"][0]["id"]
    path = f"/review/company/patterns/{pattern}"
    seen = bo.get(f"/api/v1{path}").json()["seen"]
    form = {"csrf": csrf_of(bo), "seen": seen}
    assert bo.post(path, data={**form, "answer": "same"}).status_code == 422
    assert bo.post(path, data={**form, "answer": "different"}).status_code == 303


def test_nobody_is_needed_where_the_spec_says_nothing(opened: Opened) -> None:
    desk, browser = opened("second_above: 2")
    an = browser("an")
    _answer(an, _next(an), "same")
    assert desk.ledger.decisions("company").height == 1


def test_two_decide_blind(opened: Opened) -> None:
    desk, browser = opened("double: 1")
    an, bo, chef = browser("an"), browser("bo"), browser("chef")
    first = _next(an)
    status, onward = _answer(an, first, "same", why="secret of an")
    assert (status, "waits=double" in onward) == (303, True)
    assert desk.ledger.decisions("company").is_empty()
    assert _answer(an, first, "different")[0] == 409
    page = bo.get(f"/review/company/{first}").text
    assert "secret of an" not in page
    assert "an (" not in page
    assert _next(bo) == first
    assert _answer(bo, first, "same")[0] == 303
    row = desk.ledger.decisions("company").to_dicts()[0]
    assert (row["decision"], row["why"]) == ("must-link", "an: secret of an; bo")
    second = _next(an)
    _answer(an, second, "same")
    assert "waits=disagree" in _answer(bo, second, "different")[1]
    third = _next(an)
    _answer(an, third, "unsure")
    assert "waits=unsure" in _answer(bo, third, "unsure")[1]
    assert desk.ledger.decisions("company").height == 1
    assert {_next(an), _next(bo), _next(chef)}.isdisjoint({first, second, third})
    assert bo.get("/review/company/double").status_code == 403
    shown = chef.get("/api/v1/review/company/double").json()
    assert {row["case"] for row in shown["rows"]} == {second, third}
    assert (shown["agreement"]["pairs"], shown["agreement"]["agreed"]) == (3, 2)
    assert "Double review" in chef.get("/review/company/double").text
    assert _answer(an, second, "same")[0] == 409
    assert _answer(chef, second, "same")[0] == 303
    assert desk.ledger.decisions("company").height == 2
    rows = chef.get("/api/v1/review/company/double").json()["rows"]
    assert [row["case"] for row in rows] == [third]
    assert an.get("/api/v1/review/company/patterns").json()["patterns"] == []


def test_kappa_is_that_of_the_textbook() -> None:
    """45 and 15 against 25 and 15: kappa 0.1304 (Cohen's formula, by hand)."""
    yes, no = "same", "different"
    answers = [(yes, yes)] * 45 + [(yes, no)] * 15 + [(no, yes)] * 25 + [(no, no)] * 15
    found = agreement(answers)
    assert found.kappa is not None
    assert found.low is not None
    assert found.high is not None
    assert isclose(found.kappa, 0.1304, abs_tol=5e-5)
    assert found.low < found.kappa < found.high
    assert isclose(found.high - found.kappa, found.kappa - found.low)
    assert agreement([(yes, yes)] * 9).kappa is None
    assert agreement([]).kappa is None


def test_kappas_interval_is_as_wide_as_resampling_makes_it() -> None:
    a, b, c = "same", "different", "unsure"
    table = {(a, a): 53, (a, b): 5, (a, c): 2, (b, a): 11, (b, b): 14, (b, c): 5, (c, a): 1,
             (c, b): 6, (c, c): 3}  # fmt: skip
    answers = [pair for pair, n in table.items() for _ in range(n)]
    found, draw = agreement(answers), np.random.default_rng(7)
    again = [
        agreement([answers[at] for at in draw.integers(len(answers), size=len(answers))]).kappa
        for _ in range(1000)
    ]
    assert found.high is not None
    assert found.low is not None
    half = 1.96 * float(np.std([kappa for kappa in again if kappa is not None]))
    assert isclose((found.high - found.low) / 2, half, rel_tol=0.1)


def test_the_share_of_pairs_is_the_one_wanted() -> None:
    cases = [f"{n * 2654435761 % 16**8:08x}000000000000" for n in range(4000)]
    assert 150 <= sum(is_double(case, 0.05) for case in cases) <= 250
    assert not any(is_double(case, 0.0) for case in cases)
    assert all(is_double(case, 1.0) for case in cases)
