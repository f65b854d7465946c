"""Every kind of page in a real browser, at phone and desk width, in both languages, light and dark: how it looks, and who can use it.

The pictures go to ``build/screens/``, to be looked at.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from output.web.resource import Resource
from output.web.resources import all_resources
from output.web.site import Site
from tests.conftest import ROOT
from tests.web.conftest import WCAG, Watched, looking

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCREENS = ROOT / "build" / "screens"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# Each language at each width, light and dark at each width.
VIEWS = (("fr", PHONE, "light"), ("en", PHONE, "dark"), ("fr", DESK, "dark"), ("en", DESK, "light"))
MORE = (
    "/{lang}/search/?q=karinne",
    "/{lang}/search/?q=zzzzzzz",
    "/{lang}/met/?name=karine&where=Lorient&when=2012",
    "/{lang}/no-such-page/",
)
PAGES = [each for each in all_resources() if each.pattern.startswith("/{lang}/") and each.pattern.endswith("/")]
KINDS = ("person", "place", "event", "eventseries", "organization")
FURTHER = ("{number", "{page")  # second pages of lists, which the sample web has no need of


def samples(resource: Resource, site: Site) -> list[str]:
    """Return the paths of a page of each kind that a resource has, with the language left open."""
    found: dict[str, str] = {}
    for values in resource.published(site):
        path = re.sub(r":\w+}", "}", resource.pattern).format_map({**values, "lang": "{lang}"})
        kind = values.get("id", "").partition("-")[0]
        found.setdefault(kind if kind in KINDS else "", path)  # towns, regions and sources look alike
    return list(found.values())


@pytest.fixture(scope="module")
def site(crawled: Path) -> Iterator[Site]:
    opened = Site(crawled)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def axe() -> Any:
    found = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="needs axe: pip install 'recroise[browser]'"
    )
    return found.Axe()


@pytest.fixture(scope="module")
def views(browser: "Browser") -> Iterator[list[Watched]]:
    """A visitor's window for each of VIEWS. They are opened once: that costs more than a page does."""
    with ExitStack() as held:
        yield [
            held.enter_context(
                looking(browser, viewport=size, color_scheme=scheme, locale=language, reduced_motion="reduce")
            )
            for language, size, scheme in VIEWS
        ]


@pytest.fixture(scope="module")
def plain(browser: "Browser") -> Iterator[Watched]:
    """A window in which no script runs."""
    with looking(browser, java_script_enabled=False) as watched:
        yield watched


@pytest.mark.parametrize("resource", PAGES, ids=lambda each: type(each).__name__)
def test_every_kind_of_page_is_whole_and_usable(
    views: list[Watched], served: str, site: Site, axe: Any, resource: Resource
) -> None:
    paths = samples(resource, site)
    assert paths or any(each in resource.pattern for each in FURTHER), f"{resource.pattern}: publishes no page"
    for path in paths:
        looked_at(views, served, axe, path)


@pytest.mark.parametrize("path", MORE)
def test_answers_and_errors_are_whole_and_usable(views: list[Watched], served: str, axe: Any, path: str) -> None:
    looked_at(views, served, axe, path)


def looked_at(views: list[Watched], served: str, axe: Any, path: str) -> None:
    name = re.sub(r"\W+", "-", path.replace("{lang}", "")).strip("-") or "home"
    SCREENS.mkdir(parents=True, exist_ok=True)
    for (language, size, scheme), watched in zip(VIEWS, views, strict=True):
        watched.errors.clear()
        page = watched.open(served + path.format(lang=language).lstrip("/"))
        page.screenshot(path=SCREENS / f"{name}.{language}.{size['width']}.{scheme}.png", full_page=True)
        errors = [each for each in watched.errors if not ("404" in each and "no-such" in path)]
        assert errors == [], path
        assert sideways(page) == [], (path, language, size["width"])
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1, path
        violations = axe.run(page, options={"runOnly": WCAG}).response["violations"]
        found = [(each["id"], [node["html"][:200] for node in each["nodes"]][:3]) for each in violations]
        assert found == [], (path, scheme)


@pytest.mark.parametrize("width", [320, 700])
def test_the_snippet_fills_its_frame(browser: "Browser", served: str, site: Site, width: int) -> None:
    (place,) = next(site.index.rows("SELECT id FROM node WHERE type = 'Place' ORDER BY links DESC, id"))
    with looking(browser, viewport={"width": width, "height": 480}) as watched:
        shown = watched.open(f"{served}fr/embed/{place}/").locator("main").bounding_box()
    assert shown
    assert shown["width"] > width * 0.85


def sideways(page: "Page") -> list[str]:
    """Return what is wider than the screen, where the page scrolls sideways."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
        .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
    )


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_at_the_narrowest(browser: "Browser", served: str, site: Site, width: int) -> None:
    with looking(browser, viewport={"width": width, "height": 640}) as watched:
        for resource in PAGES:
            for path in samples(resource, site):
                watched.page.goto(served + path.format(lang="fr").lstrip("/"))
                assert sideways(watched.page) == [], path


@pytest.mark.parametrize("resource", PAGES, ids=lambda each: type(each).__name__)
def test_every_page_is_readable_without_javascript(plain: Watched, served: str, site: Site, resource: Resource) -> None:
    for path in samples(resource, site):
        plain.page.goto(served + path.format(lang="fr").lstrip("/"))
        text = plain.page.locator("main").inner_text()
        assert len(text.split()) > 5, path  # the snippet of a place of which nothing is known says just that
