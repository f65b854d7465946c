"""The pages of a published site that stand before all languages, under a path of its host."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from output.web.publish import publish
from output.web.resource import Asked
from output.web.resources.robots import Robots
from output.web.site import Site
from tests.conftest import ROOT
from tests.web import made
from tests.web.conftest import WCAG, files_of, looking

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SCREENS = ROOT / "build" / "screens"
PATH = "town/site/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("doors")
    made.site(folder / "data", made.NODES, made.EDGES).close()
    publish(folder / "data", folder / "host" / PATH, url=f"https://example.org/{PATH}")
    with files_of(folder / "host") as address:
        yield address + PATH


@pytest.mark.parametrize(("locale", "language"), [("en-GB", "en"), ("fr-CA", "fr")])
def test_the_first_page_leads_to_the_readers_language(
    browser: "Browser", site: str, locale: str, language: str
) -> None:
    with looking(browser, locale=locale) as watched:
        watched.page.goto(site)
        watched.page.wait_for_url(f"{site}{language}/")
        assert watched.errors == []


def test_in_a_language_that_is_not_there_one_chooses(browser: "Browser", site: str) -> None:
    with looking(browser, locale="de-DE") as watched:
        watched.page.goto(site, wait_until="networkidle")
        assert watched.page.url == site
        watched.page.get_by_role("link", name="English").click()
        watched.page.wait_for_url(f"{site}en/")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", ["index.html", "404.html"])
def test_they_look_like_the_site_without_a_script(browser: "Browser", site: str, name: str, width: int) -> None:
    with looking(browser, viewport={"width": width, "height": 800}, java_script_enabled=False) as watched:
        page = watched.page
        page.goto(site + name)
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / f"door-{name.partition('.')[0]}.{width}.png", full_page=True)
        for language in ("fr", "en"):
            door = page.locator(f"main section[lang={language}]")
            assert door.bounding_box()["x"] + door.bounding_box()["width"] <= width
            door.locator("a").first.click()
            assert page.url == f"{site}{language}/"
            page.go_back()
        asked = {request.url for request in watched.requests}
        assert f"{site}static/site.css" in asked
        assert watched.errors == []


def test_everybody_can_use_them(browser: "Browser", site: str) -> None:
    axe: Any = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="needs axe: pip install 'recroise[browser]'"
    ).Axe()
    for name in ("index.html", "404.html"):
        for scheme in ("light", "dark"):
            with looking(browser, locale="de-DE", color_scheme=scheme) as watched:
                watched.page.goto(site + name, wait_until="networkidle")
                violations = axe.run(watched.page, options={"runOnly": WCAG}).response["violations"]
                assert [(each["id"], each["nodes"]) for each in violations] == [], (name, scheme)


def test_crawlers_are_told_the_paths_of_the_host(tmp_path: Path) -> None:
    opened: Site = made.site(tmp_path, made.NODES, made.EDGES)
    under = Robots().answer(opened, Asked("/robots.txt", base=f"https://example.org/{PATH}")).body.decode()
    alone = Robots().answer(opened, Asked("/robots.txt", base="https://example.org/")).body.decode()
    opened.close()
    assert f"Disallow: /{PATH}fr/search/?q=\n" in under
    assert f"Sitemap: https://example.org/{PATH}sitemap.xml" in under
    assert "Disallow: /fr/search/?q=\n" in alone
