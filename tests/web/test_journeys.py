"""What people come for, done in a real browser: on the served site, and on the published one from a plain file server."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import icalendar
import pytest

from tests.web.conftest import Watched, looking

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A diary with words that nobody else would write: any of them in a request is the diary leaving.
SECRETS = ("Zanzibarbecue", "quokka-meeting", "chez-ma-tante", "Xylophagie")
DIARY = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//diary//EN
BEGIN:VEVENT
UID:1@{SECRETS[1]}
DTSTAMP:20121101T000000Z
DTSTART;TZID=Europe/Paris:20121108T183000
DTEND;TZID=Europe/Paris:20121108T200000
SUMMARY:Open Coffee
LOCATION:Lorient
DESCRIPTION:{SECRETS[0]}
END:VEVENT
BEGIN:VEVENT
UID:2@{SECRETS[1]}
DTSTAMP:20121101T000000Z
DTSTART;VALUE=DATE:20130214
SUMMARY:{SECRETS[3]}
LOCATION:{SECRETS[2]}
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(scope="session", params=["served", "published"])
def site(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue(request.param)


@pytest.fixture
def visit(browser: "Browser") -> Iterator[Watched]:
    with looking(browser) as watched:
        yield watched
        assert watched.errors == []


def test_a_typo_a_person_an_event_a_calendar(visit: Watched, site: str) -> None:
    page = visit.open(f"{site}fr/")
    box = page.get_by_role("combobox").or_(page.get_by_role("searchbox")).first
    box.click()
    box.press_sequentially("karinne sabatie", delay=20)
    options = page.get_by_role("listbox").get_by_role("option")
    options.first.wait_for()
    assert "Karine Sabatier" in options.first.inner_text()
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(re.compile("/fr/person-"))
    assert "Karine Sabatier" in page.get_by_role("heading", level=1).inner_text()
    page.locator("main").get_by_role("link", name=re.compile("Open Coffee de Lorient")).first.click()
    page.wait_for_url(re.compile("/fr/event-"))
    assert "2012" in page.locator("main time").first.inner_text()
    page.locator("main").get_by_role("link", name=re.compile("Technopole")).first.click()
    page.wait_for_url(re.compile("/fr/(organization|place)-"))


def test_a_search_is_narrowed_by_place_and_time(visit: Watched, site: str) -> None:
    page = visit.open(f"{site}en/search/?q=open+coffee")
    page.locator("#narrow summary").click()
    for label, text in (("Near", "Ploemeur"), ("Within", "30 km"), ("Not before", "2012"), ("Not after", "2012")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Narrow").click()
    page.wait_for_url(re.compile("near=Ploemeur"))
    found = page.locator("main .lines a")
    found.first.wait_for()
    assert "Open Coffee" in found.first.inner_text()
    assert "Rennes" not in page.locator("main .lines").inner_text()
    assert page.get_by_label("Near", exact=True).input_value() == "Ploemeur"
    visit.open(f"{site}en/search/?q=open+coffee&near=Nowhereville&from=soon")
    said = page.locator("main .refused", has_text="Nothing is known in that town")
    said.wait_for()
    assert "That date cannot be read" in said.inner_text()
    assert found.count(), "the search went on without them"


def test_a_search_is_narrowed_by_region_and_source(visit: Watched, site: str) -> None:
    page = visit.open(f"{site}fr/search/?q=open+coffee")
    main = page.locator("main")

    def narrow(name: str, facet: str) -> None:
        link = main.get_by_role("link", name=re.compile(name)).locator("visible=true")
        main.get_by_text(facet, exact=True).first.wait_for()
        if not link.count():
            main.locator("summary", has_text=facet).click()  # as the browser makes it by itself
        link.first.click()

    narrow("^Bretagne", "Région")
    page.wait_for_url(re.compile("region=FR-BRE"))
    narrow("rennaise", "Source")
    page.wait_for_url(re.compile("source=sample-cantine-rennes"))
    assert "region=FR-BRE" in page.url
    found = main.locator(".lines a")
    found.first.wait_for()
    assert "Nantes" not in main.locator(".lines").inner_text()


def test_a_search_goes_on_to_another_page(visit: Watched, site: str) -> None:
    page = visit.open(f"{site}en/search/?q=cantine")
    found = page.locator("main .lines a")
    found.first.wait_for()
    first = found.evaluate_all("links => links.map((link) => link.href)")
    page.locator("main a[rel=next]").click()
    page.locator("main a[rel=prev]").wait_for()
    page.get_by_text(re.compile("results, page 2")).wait_for()
    second = found.evaluate_all("links => links.map((link) => link.href)")
    assert second
    assert not {*first} & {*second}, "each stands on one page"
    assert str(len(first) + len(second)) in page.locator("main [role=status]", has_text="page 2").inner_text()


def test_a_search_says_what_was_called_off(visit: Watched, site: str) -> None:
    page = visit.open(f"{site}fr/search/?q=open+coffee+lorient&year=2013")
    page.locator("main .lines .mark", has_text="annulé").first.wait_for()
    box = page.get_by_role("combobox").first
    box.fill("open coffee de lorient")
    page.get_by_role("option", name=re.compile("annulé")).first.wait_for()


def test_a_calendar_can_be_subscribed_to(visit: Watched, site: str) -> None:
    page = visit.open(f"{site}fr/search/?q=open+coffee&type=EventSeries")
    page.locator("main a[href*='eventseries-']").first.click()
    page.wait_for_url(re.compile("/fr/eventseries-"))
    address = page.locator("a[href$='.ics']").first.evaluate("link => link.href")
    answer = page.request.get(re.sub("^webcal:", "http:", address))
    assert answer.ok
    assert icalendar.Calendar.from_ical(answer.body()).get("X-WR-CALNAME")
    feed = page.locator("a[href$='.atom'], link[href$='.atom']").first.evaluate("link => link.href")
    assert page.request.get(feed).ok


def test_who_did_i_meet_at_an_address_with_clues(visit: Watched, site: str) -> None:
    page = visit.open(f"{site}fr/met/?name=karine&where=Lorient")
    page.locator("main").get_by_role("link", name="Karine Sabatier").first.wait_for()
    assert page.locator("[name=where]").input_value() == "Lorient"


def test_who_did_i_meet_by_clues(visit: Watched, site: str) -> None:
    page = visit.open(f"{site}fr/met/")
    page.locator("[name=name]").fill("karine")
    page.locator("[name=where]").fill("Lorient")
    page.locator("[name=when]").fill("2012")
    answer = page.locator("main").get_by_role("link", name="Karine Sabatier").first
    answer.wait_for()
    visit.open(f"{site}en/met/")
    page.locator("[name=when]").fill("autumn 2012")
    page.locator("[name=at]").fill("open cofee")
    page.locator("main").get_by_role("link", name="Karine Sabatier").first.wait_for()


def test_the_diary_never_leaves_the_browser(visit: Watched, site: str, tmp_path: Path) -> None:
    page = visit.page
    diary = tmp_path / "mon-agenda-prive.ics"
    diary.write_text(DIARY)
    visit.open(f"{site}fr/met/")
    before = len(visit.requests)
    page.locator("input[type=file]").set_input_files(diary)
    page.locator("main").get_by_role("link", name="Karine Sabatier").first.wait_for()
    page.locator("[name=name]").fill("kar")
    page.wait_for_timeout(700)  # longer than it waits for the next key
    secrets = (*SECRETS, diary.name, "20121108", "2012-11-08")
    sent = [
        f"{each.url} {each.post_data or ''} {each.headers}"
        for each in visit.requests[before:]
        if not each.url.startswith(("blob:", "data:"))
    ]
    assert [each for each in sent if any(secret.lower() in each.lower() for secret in secrets)] == []
    assert not any(secret in page.url for secret in secrets)
    kept = page.evaluate(
        "async () => JSON.stringify([localStorage, sessionStorage, await indexedDB.databases(), await caches.keys()])"
    )
    assert kept == "[{},{},[],[]]"


def test_the_keyboard_alone_gets_everywhere(visit: Watched, site: str) -> None:
    page = visit.open(f"{site}fr/")
    page.keyboard.press("Tab")
    skip = page.evaluate("() => [document.activeElement.tagName, document.activeElement.getAttribute('href')]")
    assert skip == ["A", "#main"]
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
            return [e.tagName, s.outlineStyle !== 'none' || s.boxShadow !== 'none'] }"""
        )
        reached.add(here[0])
        assert here[0] == "BODY" or here[1], f"{here[0]}: the focus cannot be seen"
    assert "A" in reached


def test_the_language_changes_and_the_page_stays(visit: Watched, site: str) -> None:
    page = visit.open(f"{site}fr/sources/")
    page.locator("a[hreflang=en]").first.click()
    page.wait_for_url(re.compile("/en/sources/"))
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_map_and_what_is_around(visit: Watched, site: str) -> None:
    page = visit.open(f"{site}fr/map/")
    page.locator("main a[href*='place-']").first.wait_for()
    page.locator("main a[href*='place-']").first.click()
    page.wait_for_url(re.compile("/fr/place-"))
