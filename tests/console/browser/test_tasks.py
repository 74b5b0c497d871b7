"""What people do in the console: by keyboard alone, without scripts, and two at once."""

import pytest
from playwright.sync_api import Page, expect

from tests.console.browser.conftest import NARROW, Site

pytestmark = pytest.mark.slow


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Go on with the tabulator until something is reached, as somebody without a mouse does."""
    for _ in range(120):
        if page.locator(selector).evaluate_all("all => all.includes(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tabulator does not reach {selector}")


def decide(page: Page, key: str) -> None:
    """Press a key of a case, and wait for the next page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def case_of(page: Page) -> str:
    return (page.locator("#answers").get_attribute("action") or "").rpartition("/")[2]


def heading(page: Page) -> str:
    return page.locator("h1").first.inner_text()


def test_one_signs_in_by_a_link_and_gives_oneself_a_password(site: Site) -> None:
    page = site.context().new_page()
    page.goto(f"/sign-in/link?link={site.desk.persons.link('steward')}")
    decide(page, "Enter")
    tab_to(page, "input[type=password]")
    page.keyboard.type("correct horse battery")
    decide(page, "Enter")
    tab_to(page, "form[action='/sign-out'] button")
    decide(page, "Enter")
    page.keyboard.type("steward")
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery")
    decide(page, "Enter")
    assert page.url == f"{site.root}/"


def test_cases_are_decided_by_one_key_each(site: Site) -> None:
    """1 2 3 4 j k u n, from the menu's key to a decision taken back."""
    page = site.open("steward")
    press(page, "g")
    decide(page, "r")
    tab_to(page, "a.tile")
    decide(page, "Enter")
    first = case_of(page)
    press(page, "n")
    page.keyboard.type("同一张营业执照 1 2 3")
    press(page, "Escape")
    decide(page, "1")
    made = site.desk.ledger.decisions("company").row(0, named=True)
    assert (made["decision"], made["who"], made["why"]) == (
        "must-link", "steward", "同一张营业执照 1 2 3",
    )  # fmt: skip
    second = case_of(page)
    decide(page, "2")
    assert site.desk.ledger.decisions("company")["decision"].to_list() == [
        "must-link", "cannot-link",
    ]  # fmt: skip
    decide(page, "u")
    assert case_of(page) == second
    assert site.desk.ledger.decisions("company").height == 1
    decide(page, "3")
    third = case_of(page)
    decide(page, "4")
    decide(page, "j")
    decide(page, "k")
    decide(page, "k")
    assert case_of(page) == third
    marks = site.desk.queues.marks.of_person("company", "steward")
    assert sorted(mark.mark for mark in marks.values()) == ["skipped", "skipped", "unsure"]
    assert first not in marks


def test_enter_in_the_note_decides_nothing(site: Site) -> None:
    """Whoever ends a note as one ends a line has not said that the two are one."""
    page = site.open("steward")
    page.goto("/review/company")
    press(page, "n")
    page.keyboard.type("ask")
    press(page, "Enter")
    decide(page, "2")
    made = site.desk.ledger.decisions("company")
    assert made.select("decision", "why").rows() == [("cannot-link", "ask")]


def test_a_key_that_is_held_down_decides_one_case(site: Site) -> None:
    page = site.open("steward")
    page.goto("/review/company")
    with page.expect_navigation():
        page.evaluate(
            """() => { for (let n = 0; n < 5; n++) document.body.dispatchEvent(new KeyboardEvent(
            "keydown", {key: "1", bubbles: true, cancelable: true, repeat: n > 0})); }"""
        )
    page.keyboard.down("2")
    for _ in range(5):
        page.keyboard.down("2")
    page.keyboard.up("2")
    page.wait_for_load_state()
    page.goto("/review/company/decisions")
    assert site.desk.ledger.decisions("company").height == 2


def test_the_keys_of_a_page_are_shown_and_put_away(site: Site) -> None:
    page = site.open("steward")
    page.goto("/review/company")
    press(page, "?")
    expect(page.locator("dialog#keys")).to_be_visible()
    press(page, "1")
    press(page, "Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()
    assert site.desk.ledger.decisions("company").is_empty()


def test_a_chinese_input_method_triggers_no_key(site: Site) -> None:
    """Digits choose a word of the input method; they are no decision."""
    page = site.open("steward")
    page.goto("/review/company")
    case = case_of(page)
    press(page, "n")
    session = page.context.new_cdp_session(page)
    typed = {"text": "tong'yi", "selectionStart": 7, "selectionEnd": 7}
    session.send("Input.imeSetComposition", typed)
    for key in ("1", "2", "j", "Enter", "Escape"):
        taken = {"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": 229}
        session.send("Input.dispatchKeyEvent", taken)
    session.send("Input.insertText", {"text": "同一"})
    page.evaluate(
        """() => {
        const send = (how) => document.body.dispatchEvent(new KeyboardEvent("keydown",
            {key: "1", bubbles: true, cancelable: true, ...how}));
        send({isComposing: true});
        send({keyCode: 229});
        }"""
    )
    expect(page.locator("#why")).to_have_value("同一")
    assert case_of(page) == case
    assert site.desk.ledger.decisions("company").is_empty()
    assert site.desk.queues.marks.of_person("company", "steward") == {}


def test_a_held_record_is_corrected(site: Site) -> None:
    page = site.open("steward")
    press(page, "g")
    decide(page, "h")
    tab_to(page, "tr:has-text('A902') a")
    decide(page, "Enter")
    press(page, "Control+a")
    page.keyboard.type("021-62345678")
    decide(page, "Enter")
    made = site.desk.ledger.corrections("company").row(0, named=True)
    assert (made["record_id"], made["field"], made["value"]) == (
        "erp/A902",
        "phone",
        "021-62345678",
    )


def test_a_customer_is_checked_while_typing_and_reported(site: Site) -> None:
    page = site.open("sales")
    decide(page, "/")
    page.keyboard.type("上海新来机械有限公司")
    expect(page.locator("#found .note")).to_be_visible()
    tab_to(page, "form[action='/find/report'] button")
    decide(page, "Enter")
    assert site.desk.ledger.registrations("company").height == 1
    assert "Reported as yours" in page.locator("main").inner_text()


def test_a_customer_is_found_with_its_history(site: Site) -> None:
    page = site.open("steward")
    decide(page, "/")
    page.keyboard.type("南京宏达机械有限公司")
    expect(page.locator("#found article").first).to_contain_text("南京宏达机械")
    tab_to(page, "#found article a")
    decide(page, "Enter")
    assert "/customers/" in page.url
    expect(page.locator(".history li").first).to_be_visible()


def test_the_chain_is_verified(site: Site) -> None:
    page = site.open("auditor")
    press(page, "g")
    decide(page, "a")
    tab_to(page, "form[action='/audit/verify'] button")
    decide(page, "Enter")
    expect(page.locator(".note.good")).to_be_visible()


def test_somebody_is_let_in(site: Site) -> None:
    page = site.open("admin")
    press(page, "g")
    decide(page, "p")
    tab_to(page, "form[action='/people'] input[name=name]")
    page.keyboard.type("陈静")
    decide(page, "Enter")
    tab_to(page, "tr:has-text('陈静') form[action$='/link'] button")
    decide(page, "Enter")
    link = page.locator(".secret").inner_text()
    other = site.context().new_page()
    other.goto(link)
    decide(other, "Enter")
    assert heading(other).startswith("陈静")


def test_without_scripts_one_reads_decides_corrects_and_finds(site: Site) -> None:
    page = site.open("steward", java_script_enabled=False, size=NARROW)
    page.goto("/review/company")
    page.locator("button[value=different]").click()
    assert site.desk.ledger.decisions("company")["decision"].to_list() == ["cannot-link"]
    page.goto("/held")
    page.locator("tr:has-text('A902') a").click()
    page.locator(".faulty input[name=value]").fill("021-62345678")
    page.locator(".faulty button").click()
    assert site.desk.ledger.corrections("company").height == 1
    page.goto("/find")
    page.locator("#first-field").fill("南京宏达机械有限公司")
    page.locator("#typed button").click()
    page.locator("#found article a").first.click()
    assert "/customers/" in page.url


def test_of_two_browsers_the_second_is_told_and_led_back(site: Site) -> None:
    one, other = site.open("steward"), site.open("manager")
    for page in (one, other):
        page.goto("/review/company")
    case = case_of(one)
    assert case_of(other) == case
    decide(one, "1")
    decide(other, "2")
    assert "meanwhile" in heading(other)
    decide(other, "Enter")
    assert case_of(other) == case
    expect(other.locator(".note.warn")).to_contain_text("steward")
    assert site.desk.ledger.decisions("company")["decision"].to_list() == ["must-link"]
