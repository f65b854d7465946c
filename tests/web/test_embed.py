"""The snippet for a space's own site, and the page that says what to paste; the page of the API."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from output.web.api.openapi import TAGS, document
from output.web.app import create_app
from output.web.resource import Asked
from output.web.resources.api_openapi import operations
from output.web.resources.api_page import ApiPage
from output.web.resources.embed import Embed
from output.web.site import Site
from output.web.templating import translations
from tests.web import made
from tests.web.conftest import Watched, files_of, looking, serving
from tests.web.made import HOSTILE, ORG, PERSON, PLACE, SERIES, TODAY


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    hostile = {"id": made.identity("Place", 9), "type": "Place", "name": HOSTILE}
    return made.site(tmp_path_factory.mktemp("embed"), [*made.NODES, hostile], made.EDGES)


@pytest.fixture(scope="module")
def client(site: Site) -> TestClient:
    return TestClient(create_app(site.data, "https://recroise.example/sub/", rate=None), follow_redirects=False)


def page(site: Site, node: str, language: str = "fr", **query: list[str]) -> Any:
    return Embed().answer(site, Asked(f"/{language}/embed/{node}/", {"lang": language, "id": node}, query))


def test_a_place_shows_who_is_there_and_what_comes_next(site: Site) -> None:
    assert site.today == TODAY
    text = page(site, PLACE).body.decode()
    assert "À venir" in text
    assert text.index("mardi 1er décembre 2026") < text.index("mercredi 2 décembre 2026")
    assert text.count("<time") == 10
    assert re.search(rf'<a href="[./a-z]*/{PERSON}/" target="_blank" rel="noopener"><bdi>Ada Lovelace</bdi></a>', text)
    assert "Tuesday 1 December 2026" in page(site, PLACE, "en").body.decode()
    assert "Nothing is announced at the moment." in page(site, made.identity("Place", 9), "en").body.decode()


def test_it_may_be_framed_anywhere_and_does_nothing_else(client: TestClient) -> None:
    framed = client.get(f"/fr/embed/{ORG}/").headers["content-security-policy"]
    assert "frame-ancestors *" in framed
    assert "default-src 'none'" in framed
    assert "connect-src 'none'" in framed
    assert "unsafe" not in framed
    assert "frame-ancestors 'none'" in client.get(f"/fr/embed/{ORG}/code/").headers["content-security-policy"]
    assert "set-cookie" not in client.get(f"/fr/embed/{ORG}/").headers


def test_its_colours_are_chosen_in_the_address(client: TestClient) -> None:
    assert '<html lang="fr">' in client.get(f"/fr/embed/{ORG}/").text
    assert '<html lang="en" class="dark">' in client.get(f"/en/embed/{ORG}/?theme=dark").text
    assert '<html lang="en">' in client.get(f"/en/embed/{ORG}/?theme=x%22%3E%3Cscript%3E").text


def test_what_is_pasted_is_one_frame_whatever_it_is_called(client: TestClient) -> None:
    for node in (ORG, made.identity("Place", 9)):
        for code in re.findall(
            r"<textarea[^>]*>(.*?)</textarea>", client.get(f"/fr/embed/{node}/code/").text, re.DOTALL
        ):
            found: list[tuple[str, dict[str, str | None]]] = []
            parser = HTMLParser()
            parser.handle_starttag = lambda tag, attrs, found=found: found.append((tag, dict(attrs)))  # type: ignore[method-assign]
            parser.feed(unescape(code))
            ((tag, attributes),) = found
            assert tag == "iframe"
            assert attributes["src"].startswith(f"https://recroise.example/sub/fr/embed/{node}/")
            assert attributes.keys() == {"src", "title", "width", "height", "loading", "style"}


def test_the_same_as_json_for_scripts_of_any_site(client: TestClient) -> None:
    answer = client.get(f"/data/embed/{PLACE}.json")
    assert answer.headers["access-control-allow-origin"] == "*"
    told = answer.json()
    assert [each["name"] for each in told["members"]] == ["Ada Lovelace"]
    assert [each["startDate"] for each in told["events"]] == [f"2026-12-{day:02}" for day in range(1, 11)]
    assert told["pages"]["en"] == f"https://recroise.example/sub/en/{PLACE}/"


def test_people_series_and_what_is_not_there_have_none(client: TestClient) -> None:
    for node in (PERSON, SERIES, "town-lorient", "place-000000000999"):
        for path in (f"/fr/embed/{node}/", f"/fr/embed/{node}/code/", f"/data/embed/{node}.json"):
            assert client.get(path).status_code == 404
    assert client.get(f"/de/embed/{ORG}/").status_code == 404


def test_every_operation_is_described_and_can_be_tried_in_the_page(client: TestClient) -> None:
    for language in ("fr", "en"):
        text = client.get(f"/{language}/api/").text
        for operation in operations():
            assert f'id="{operation.name}"' in text
            assert f"<code>GET {operation.pattern}</code>" in text
        assert text.count("data-path=") == len(operations())
        assert not re.search(r"<script(?![^>]* (?:src=|type=.application/json))|\son\w+=|\sstyle=", text)


def test_published_it_says_that_it_needs_a_server(site: Site) -> None:
    asked = Asked("/fr/api/", {"lang": "fr"}, dynamic=False)
    text = ApiPage().answer(site, asked).body.decode()
    assert "data-path=" not in text
    assert "recroise serve" in text


def test_every_word_of_the_api_is_there_in_french() -> None:
    words = set(TAGS)
    for methods in document(operations())["paths"].values():
        told = [methods["get"], *methods["get"]["parameters"]]
        words |= {each[key] for each in told for key in ("summary", "description") if key in each}
    french = translations("fr")
    assert [each for each in words if french.gettext(each) == each] == []


def test_every_word_of_our_templates_is_there_in_french() -> None:
    folder = Path(__file__).parents[2] / "output" / "web" / "templates"
    french = translations("fr")
    for name in ("api.html", "embed.html", "embed_code.html", "subscribe.html"):
        text = (folder / name).read_text(encoding="utf-8")
        for word in re.findall(r"\b_\((?:\"((?:[^\"\\]|\\.)+)\"|'([^']+)')", text):
            said = word[0] or word[1]
            assert french.gettext(said) != said or said in ("API",), (name, said)


def refused(watched: Watched) -> list[str]:
    return [each for each in watched.errors if "Content Security Policy" in each or each.startswith("error:")]


@pytest.mark.parametrize("width", [390, 1280])
def test_in_a_browser_an_operation_is_tried_under_the_policy(site: Site, browser: Any, width: int) -> None:
    with serving(site.data) as address, looking(browser, viewport={"width": width, "height": 900}) as watched:
        visit = watched.page
        visit.goto(f"{address}fr/api/")
        operation = visit.locator("#node")
        operation.get_by_label("id", exact=True).fill(PERSON)
        operation.get_by_role("button").click()
        operation.get_by_role("status").filter(has_text="200").wait_for()
        assert '"name": "Ada Lovelace"' in operation.locator("pre").inner_text()
        search = visit.locator("#search")
        search.get_by_label("limit", exact=True).fill("3")
        search.get_by_label("q", exact=True).fill("cofee")
        search.get_by_label("q", exact=True).press("Enter")
        search.get_by_role("status").filter(has_text="200").wait_for()
        assert search.locator("a").filter(has_text="q=cofee").get_attribute("href").endswith("?q=cofee&limit=3")
        assert visit.evaluate("document.documentElement.scrollWidth") <= width
        assert refused(watched) == []


def test_in_a_browser_another_site_shows_the_snippet_and_reads_its_data(
    site: Site, browser: Any, tmp_path: Path
) -> None:
    with serving(site.data) as address, files_of(tmp_path) as other, looking(browser) as watched:
        frame = f'<iframe src="{address}fr/embed/{PLACE}/?theme=dark"></iframe>'
        (tmp_path / "index.html").write_text(f"<!doctype html><title>x</title>{frame}", encoding="utf-8")
        watched.page.goto(other)
        inside = watched.page.frame_locator("iframe")
        inside.get_by_role("link", name="Ada Lovelace").wait_for()
        assert inside.locator("html").get_attribute("class") == "dark"
        names = watched.page.evaluate(
            "async url => (await (await fetch(url)).json()).members.map(each => each.name)",
            f"{address}data/embed/{PLACE}.json",
        )
        assert names == ["Ada Lovelace"]
        assert refused(watched) == []
