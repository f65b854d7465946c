"""In a real browser no text of a source runs, asks anybody, or breaks the layout: in pages, and where scripts put it.

Every thing of the hostile graph has one string in all of its fields (``tests/web/hostile.py``).
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from output.fold import fold
from output.web.publish import publish
from tests.conftest import Once
from tests.web import hostile
from tests.web.conftest import Watched, files_of, looking, serving
from tests.web.test_looks import PHONE, sideways

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# In every frame: what runs says so on the console, and so does what the policy refused.
TRAP = """
Object.defineProperty(window, '__executed', { set() { console.error(`executed at ${location.href}`); } });
addEventListener('securitypolicyviolation', (event) => console.error(`refused: ${event.violatedDirective} ${event.blockedURI}`));
"""
# The words that most of the strings have: what one types to see many of them.
WORDS = [
    word
    for word, _ in Counter(word for text in hostile.STRINGS for word in set(fold(text).split())).most_common(40)
    if len(word) > 1
][:15]


@pytest.fixture(scope="module")
def served(once: Once) -> Iterator[str]:
    with serving(once("hostile", hostile.data)) as address:
        yield address


@pytest.fixture(scope="module")
def published(once: Once) -> Iterator[str]:
    """The address of a published site with a fifth of the strings: what it has besides is a page of results."""

    def made(folder: Path) -> None:
        publish(hostile.data(folder / "data", (hostile.HARMLESS, *hostile.STRINGS[::5])), folder / "site", jobs=1)

    with files_of(once("hostile-site", made) / "site") as address:
        yield address


@contextmanager
def trapped(browser: "Browser", **options: Any) -> Iterator[Watched]:
    """Open an empty page in which whatever runs, is refused, opens a dialog or asks another host is told of."""
    with looking(browser, **{"viewport": PHONE, "reduced_motion": "reduce", **options}) as watched:
        watched.page.add_init_script(TRAP)
        yield watched
        assert watched.errors == []


def test_the_trap_catches_what_runs_and_what_is_refused(browser: "Browser", served: str) -> None:
    with pytest.raises(AssertionError, match="executed at"), trapped(browser) as watched:
        watched.page.goto(f"{served}fr/")
        watched.page.evaluate("window.__executed = 1")
    with pytest.raises(AssertionError, match="violates"), trapped(browser) as watched:
        watched.page.goto(f"{served}fr/")
        watched.page.evaluate("document.body.append(Object.assign(document.createElement('script'), { text: '1' }))")


def test_every_string_on_a_page_that_has_it_everywhere(browser: "Browser", served: str) -> None:
    """An event's page names its people, place, series and organisation too."""
    wide = []
    with trapped(browser) as watched:
        for number, text in enumerate(hostile.STRINGS, 1):
            path = f"{('fr', 'en')[number % 2]}/{hostile.node_id('Event', number)}/"
            watched.page.goto(f"{served}{path}", wait_until="domcontentloaded")  # scripts have run by then
            if found := sideways(watched.page):
                wide.append((text[:40], found[:2]))
            assert watched.errors == [], text[:80]
    assert wide == []


def test_every_string_in_a_snippet_on_another_site(browser: "Browser", served: str, tmp_path: Path) -> None:
    numbers = range(1, len(hostile.STRINGS) + 1)
    paths = [f"fr/embed/{hostile.node_id(('Place', 'Organization')[each % 2], each)}/" for each in numbers]
    frames = "".join(f'<iframe src="{served}{path}" width="320"></iframe>' for path in paths)
    (tmp_path / "index.html").write_text(f'<!doctype html><link rel="icon" href="data:,">{frames}')
    with files_of(tmp_path) as address, trapped(browser) as watched:
        watched.page.goto(address)
        assert len(watched.page.frames) == len(paths) + 1
        said = [frame.evaluate("document.body.innerText.trim()") for frame in watched.page.frames[1:]]
        assert all(said)
        assert len(set(said)) > 200


def test_what_is_found_as_one_types(browser: "Browser", served: str) -> None:
    seen: set[str] = set()
    with trapped(browser) as watched:
        page = watched.open(f"{served}fr/")
        box = page.get_by_role("combobox").or_(page.get_by_role("searchbox")).first
        for word in WORDS:
            box.fill("")
            box.fill(word)
            options = page.get_by_role("listbox").get_by_role("option")
            options.first.wait_for()
            seen.update(options.all_inner_texts())
            assert sideways(page) == [], word
    assert len(seen) > 2 * len(WORDS)


def test_who_was_met(browser: "Browser", served: str) -> None:
    seen: set[str] = set()
    with trapped(browser) as watched:
        page = watched.open(f"{served}fr/met/")
        for clue in ("name", "at"):
            for word in WORDS[:5]:
                page.evaluate("document.getElementById('answers').replaceChildren()")
                page.locator(f"[name={clue}]").fill(word)
                answers = page.locator("#answers a")
                answers.first.wait_for()
                seen.update(answers.all_inner_texts())
                assert sideways(page) == [], word
            page.locator(f"[name={clue}]").fill("")
    assert len(seen) > 20


def test_a_page_of_results(browser: "Browser", served: str, published: str) -> None:
    with trapped(browser) as watched:
        page = watched.page
        for address, words in ((served, WORDS), (published, WORDS[:8])):
            for word in words:
                page.goto(f"{address}fr/search/?q={word}")
                page.locator("main li.line a").first.wait_for()
                assert sideways(page) == [], (address, word)


def test_what_the_map_says_of_places(browser: "Browser", served: str) -> None:
    with trapped(browser) as watched:
        page = watched.open(f"{served}fr/map/")
        page.locator(".pin-many").click()  # all are in one point: it spreads them
        page.locator(".leaflet-marker-icon.pin").nth(len(hostile.STRINGS)).wait_for(state="attached")
        opened = page.evaluate(
            """async () => {
              const seen = new Set();
              for (const pin of document.querySelectorAll('.leaflet-marker-icon.pin')) {
                pin.click();
                await new Promise((done) => setTimeout(done));
                seen.add(document.querySelector('.leaflet-popup-content')?.textContent);
              }
              return seen.size;
            }"""
        )
        assert opened > 200
        assert sideways(page) == []


def test_the_picture_of_what_is_around(browser: "Browser", served: str) -> None:
    wide = []
    with trapped(browser) as watched:
        page = watched.page
        for number in range(1, len(hostile.STRINGS) + 1, 6):
            page.goto(f"{served}en/{hostile.node_id('Event', number)}/around/", wait_until="domcontentloaded")
            page.locator("#picture svg").wait_for()
            if found := sideways(page):
                wide.append((hostile.STRINGS[number - 1][:40], found[:2]))
            assert watched.errors == [], hostile.STRINGS[number - 1][:80]
    assert wide == []
