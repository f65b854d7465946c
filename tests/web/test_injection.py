"""No text of a source is ever markup, on any page, in any feed or calendar, whatever it says.

Every thing of the hostile graph has one string in all of its fields. A page of it must have the very structure that the page of
a harmless one has: then nothing became an element or an attribute.
"""

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import feedparser
import icalendar
import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.testclient import TestClient

from output.web.app import create_app
from tests.conftest import Once
from tests.web import hostile

# Attributes that a browser runs, follows or loads.
_ADDRESSES = (
    "href",
    "src",
    "action",
    "formaction",
    "srcset",
    "poster",
    "data",
    "content",
    "ping",
    "background",
    "cite",
)
_SCHEMES = ("", "http", "https", "webcal")
_SCRIPTS = ("application/json", "application/ld+json")  # data, which no browser runs


@pytest.fixture(scope="module")
def client(once: Once) -> TestClient:
    return TestClient(create_app(once("hostile", hostile.data), url="https://site.example/", rate=None))


def parsed(markup: str) -> LexborNode:
    """Return the root of a page as a browser reads it: Lexbor follows the HTML standard's way to parse."""
    root = LexborHTMLParser(markup).root
    assert root is not None
    return root


def elements(root: LexborNode) -> Iterator[LexborNode]:
    return (each for each in root.traverse() if not each.is_comment_node)


def shape(root: LexborNode) -> list[tuple[int, str, tuple[str, ...]]]:
    """Return each element's depth, name and names of attributes.

    Without links, and what stands for one where a text is no address to follow; without what depends on a text being there.
    """
    found: list[tuple[int, str, tuple[str, ...]]] = []

    def walk(element: LexborNode, depth: int) -> None:
        if element.is_comment_node or element.tag in ("a", "bdi", "time", "data", "wbr", "br", "meta", "link"):
            return
        found.append((depth, str(element.tag), tuple(sorted(element.attributes))))
        for each in element.iter():
            walk(each, depth + 1)

    walk(root, 0)
    return found


def difference(found: list[Any], expected: list[Any]) -> Any:
    return next((pair for pair in itertools.zip_longest(found, expected) if pair[0] != pair[1]), None)


def dangers(root: LexborNode) -> list[str]:
    """Return what a page must not have, wherever it comes from."""
    found = []
    for each in elements(root):
        stated = each.attributes
        if each.tag in ("iframe", "object", "embed", "base", "frame", "applet"):
            found.append(f"<{each.tag}>")
        if each.tag == "style" or (
            each.tag == "script" and not stated.get("src") and stated.get("type") not in _SCRIPTS
        ):
            found.append(f"inline <{each.tag}>")
        if (stated.get("http-equiv") or "").lower() == "refresh":
            found.append("a page that leads on by itself")
        told = each.tag == "link" and stated.get("rel") in ("canonical", "alternate")
        if (
            each.tag in ("script", "link", "img")
            and not told
            and urlsplit(stated.get("src") or stated.get("href") or "").scheme
        ):
            found.append(f"<{each.tag}> from elsewhere")
        for name, value in stated.items():
            if name.startswith("on") or name == "style":
                found.append(f"{name} of <{each.tag}>")
            if name in _ADDRESSES and not (each.tag == "meta" and name == "content"):
                scheme = re.match(r"[\x00-\x20]*([a-z][a-z0-9+.-]*):", value or "", re.IGNORECASE)
                if scheme and scheme[1].lower() not in _SCHEMES:
                    found.append(f"{name}={(value or '')[:60]!r}")
    return found


@pytest.mark.parametrize("kind", hostile.KINDS)
def test_a_thing_of_hostile_words_has_the_page_of_a_harmless_one(client: TestClient, kind: str) -> None:
    languages = ("fr", "en")
    expected = [shape(parsed(client.get(f"/{each}/{hostile.node_id(kind, 0)}/").text)) for each in languages]
    wrong = []
    for number, text in enumerate(hostile.STRINGS, 1):
        page = client.get(f"/{languages[number % 2]}/{hostile.node_id(kind, number)}/")
        tree = parsed(page.text)
        bad = [*dangers(tree), *data_errors(tree)]
        if page.status_code != 200 or bad or shape(tree) != expected[number % 2]:
            wrong.append((text[:80], page.status_code, bad[:3], difference(shape(tree), expected[number % 2])))
    assert wrong == []


def data_errors(root: LexborNode) -> list[str]:
    """Return what is wrong with what a page tells programs: it has to be JSON, and there."""
    blocks = [each for each in elements(root) if each.tag == "script" and each.attributes.get("type") in _SCRIPTS]
    found = [] if blocks else ["nothing for programs"]
    for block in blocks:
        try:
            json.loads(block.text(deep=True))
        except ValueError as error:
            found.append(f"not JSON: {error}")
    return found


@pytest.mark.parametrize("path", ["/fr/search/", "/en/met/"])
def test_what_is_typed_is_text_too(client: TestClient, path: str) -> None:
    names = (
        "q", "near", "type", "from", "to", "region", "series", "source", "name", "at", "where", "when", "about", "page",
    )  # fmt: skip
    wrong = []
    for text in hostile.STRINGS:
        answer = client.get(path, params=dict.fromkeys(names, text[:150]))
        tree = parsed(answer.text)
        if answer.status_code not in (200, 400, 404, 414) or dangers(tree):
            wrong.append((text[:80], answer.status_code, dangers(tree)[:3]))
    assert wrong == []


def test_an_address_of_hostile_words_is_no_page_and_says_so(client: TestClient) -> None:
    for text in hostile.STRINGS:
        for path in (f"/fr/{text}/", f"/{text}/", f"/fr/town/{text}/", f"/fr/source/{text}/", f"/feeds/{text}.ics"):
            answer = client.get(quote(path[:500]), follow_redirects=False)
            assert answer.status_code in (200, 308, 307, 400, 404, 414), (path[:80], answer.status_code)
            if "html" in answer.headers.get("content-type", ""):
                assert dangers(parsed(answer.text)) == [], path[:80]


@pytest.mark.parametrize("kind", ["Place", "EventSeries", "Organization"])
def test_calendars_stay_valid_and_have_one_event_each(client: TestClient, kind: str) -> None:
    for number in range(len(hostile.STRINGS) + 1):
        answer = client.get(f"/feeds/{hostile.node_id(kind, number)}.ics")
        assert answer.status_code == 200
        read = icalendar.Calendar.from_ical(answer.content)
        events = [each for each in read.subcomponents if each.name == "VEVENT"]
        assert len(events) == 1
        assert {each.name for each in read.subcomponents} <= {"VEVENT", "VTIMEZONE"}
        assert events[0].get("ATTENDEE") is None
        assert events[0].errors == []
        assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


@pytest.mark.parametrize("kind", ["Place", "EventSeries", "Organization"])
def test_feeds_stay_valid_and_have_no_markup(client: TestClient, kind: str) -> None:
    for number in range(len(hostile.STRINGS) + 1):
        answer = client.get(f"/feeds/{hostile.node_id(kind, number)}.atom")
        assert answer.status_code == 200
        read = feedparser.parse(answer.content)
        assert not read.bozo, read.get("bozo_exception")
        for entry in read.entries:
            assert "<script" not in entry.get("summary", "").lower() or entry.summary_detail.type == "text/plain"


@pytest.mark.parametrize("kind", ["Place", "Organization"])
def test_snippets_of_hostile_words_are_those_of_harmless_ones(client: TestClient, kind: str) -> None:
    for path in ("/fr/embed/{}/", "/en/embed/{}/code/"):
        expected = shape(parsed(client.get(path.format(hostile.node_id(kind, 0))).text))
        wrong = []
        for number, text in enumerate(hostile.STRINGS, 1):
            page = client.get(path.format(hostile.node_id(kind, number)))
            tree = parsed(page.text)
            found = [each for each in dangers(tree) if each != "<iframe>"]  # the preview of the page with the code
            if page.status_code != 200 or found or shape(tree) != expected:
                wrong.append((text[:80], page.status_code, found[:3]))
        assert wrong == []
    for number in range(len(hostile.STRINGS) + 1):
        assert client.get(f"/data/embed/{hostile.node_id(kind, number)}.json").json()["id"]


def test_every_string_is_another_one(tmp_path: Path) -> None:
    assert len(set(hostile.STRINGS)) >= 200
