"""Search as one types and "Who did I meet?", as they are used: by keyboard, with a diary, without JavaScript."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.conftest import looking

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BOMB = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
DTSTART:20121108T183000
RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30
SUMMARY:Xylophage
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:20121108T183000
SUMMARY:Open Coffee
LOCATION:Lorient
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def page(browser: "Browser", served: str) -> "Iterator[Page]":
    context = browser.new_context(locale="fr-FR")
    opened = context.new_page()
    opened.goto(f"{served}fr/met/")
    yield opened
    context.close()


def test_suggestions_are_a_list_that_keys_walk_through(page: "Page") -> None:
    box = page.get_by_role("combobox").first
    assert box.get_attribute("aria-expanded") == "false"
    box.click()
    box.press_sequentially("karinne sabatie")
    options = page.get_by_role("listbox").first.get_by_role("option")
    options.first.wait_for()
    page.locator("[role=listbox][aria-busy=false]").first.wait_for()  # the answer to all that was typed
    assert box.get_attribute("aria-expanded") == "true"
    assert "Karine Sabatier" in options.first.inner_text()
    box.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert options.first.get_attribute("aria-selected") == "true"
    box.press("ArrowUp")  # back to the field
    assert box.get_attribute("aria-activedescendant") is None
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "karinne sabatie"


# Questions about more than "karine" wait until the page is told to ask them.
HELD = """
const post = Worker.prototype.postMessage;
const held = [];
Worker.prototype.postMessage = function (message, ...more) {
  if (JSON.stringify(message).includes("karine s")) held.push(() => post.call(this, message, ...more));
  else post.call(this, message, ...more);
};
window.release = () => held.splice(0).forEach((each) => each());
"""


def test_an_answer_that_comes_late_leaves_what_was_chosen(browser: "Browser", served: str) -> None:
    with looking(browser) as watched:
        page = watched.page
        page.add_init_script(HELD)
        page.goto(f"{served}fr/met/")
        box = page.get_by_role("combobox").first
        box.click()
        box.press_sequentially("karine")
        listed = page.get_by_role("listbox").first
        option = listed.get_by_role("option", name="Karine Sabatier")
        option.wait_for()
        page.locator("[role=listbox][aria-busy=false]").first.wait_for()
        box.press_sequentially(" s")
        box.press("ArrowDown")
        chosen = listed.locator("[aria-selected=true]")
        assert "Karine Sabatier" in chosen.inner_text()
        page.evaluate("release()")
        page.locator("[role=listbox][aria-busy=false]").first.wait_for()
        assert "Karine Sabatier" in chosen.inner_text()
        assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")


def test_a_diary_asks_for_nothing_and_is_forgotten(page: "Page", tmp_path: Path) -> None:
    page.locator("[name=about]").fill("cantines")
    page.locator(".people h3 a").first.wait_for()
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    diary = tmp_path / "agenda-zibeline.csv"
    diary.write_text(
        "jour;lieu;titre\n08/11/2012;Lorient;Open Coffee\n01/01/2013;Zibelineville;Zibeline\n", encoding="utf-8"
    )
    page.locator("#diary").set_input_files(diary)
    page.get_by_text("vous y étiez, d’après votre agenda").first.wait_for()
    page.locator("[name=about]").fill("")
    page.get_by_text("vous y étiez, d’après votre agenda").first.wait_for()
    # The script that reads it, the same whatever is in it, and nothing else.
    assert [each for each in asked if "/static/" not in each] == []
    assert [each for each in asked if "zibeline" in each.lower() or "?" in each] == []
    assert page.url.endswith("/fr/met/")
    page.get_by_role("button", name="Retirer").click()
    page.wait_for_function("() => !document.querySelector('#answers').children.length")
    page.reload()
    assert page.locator("#files li").count() == 0


def test_a_diary_that_cannot_be_read_says_which_line_and_not_what_stands_there(page: "Page", tmp_path: Path) -> None:
    diary = tmp_path / "mine.csv"
    diary.write_text("day,place\n2012-11-08,Lorient\nzibeline,Lorient\n", encoding="utf-8")
    page.locator("#diary").set_input_files(diary)
    said = page.get_by_role("alert")
    said.wait_for()
    assert "ligne 3" in said.inner_text()
    assert "zibeline" not in page.locator("main").inner_text()


def test_a_rule_that_never_comes_holds_nothing_up(page: "Page", tmp_path: Path) -> None:
    diary = tmp_path / "bomb.ics"
    diary.write_text(BOMB, encoding="utf-8")
    page.locator("#diary").set_input_files(diary)
    page.locator("#files li").first.wait_for(timeout=25_000)
    page.locator("[name=name]").fill("karine")
    page.locator(".people h3 a").first.wait_for()


def test_clues_alone_need_no_javascript(browser: "Browser", served: str) -> None:
    with looking(browser, java_script_enabled=False) as watched:
        page = watched.page
        page.goto(f"{served}fr/met/")
        page.locator("[name=name]").fill("karine")
        page.locator("[name=when]").fill("2012")
        page.get_by_role("button", name="Chercher", exact=True).last.click()
        assert "Karine Sabatier" in page.locator(".people").inner_text()
        assert "a pris la parole à" in page.locator(".reasons").first.inner_text()
        assert page.locator("#own").is_hidden()
        page.goto(f"{served}en/met/?when=nonsense&name=karine")
        assert "cannot be read" in page.locator("#said").inner_text()
        watched.errors.clear()
