"""Towns of one name: each has its own page, calendar and search, and the bare name leads to all of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import icalendar
import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from graph.link import FILE, save
from output import open_index
from output.exports import export
from output.search import search
from output.territories import territory, told_apart
from output.web.app import create_app
from output.web.publish import publish
from output.web.site import Site
from tests.web.made import graph, identity, site
from tests.web.test_lookup import NODE, in_browser

PLACES: list[tuple[str, dict[str, Any]]] = [
    ("Portland", {"addressRegion": "Oregon", "addressCountry": "U.S.A."}),
    ("Portland", {"addressRegion": "ME", "addressCountry": "United States"}),
    ("Portland", {"latitude": 43.66, "longitude": -70.25}),
    ("Portland", {"addressCountry": "USA"}),
    ("Paris", {"addressCountry": "FR"}),
    ("Paris", {"addressRegion": "Texas", "addressCountry": "États-Unis"}),
    ("Paris", {}),
    ("Lorient", {"addressCountry": "FR"}),
    ("LORIENT", {"addressRegion": "Morbihan"}),
]
PLACE = [identity("Place", number) for number in range(1, len(PLACES) + 1)]
EVENT = [identity("Event", number) for number in range(1, len(PLACES) + 1)]
ORGS = [identity("Organization", number) for number in (1, 2)]

NODES = [
    {"id": PLACE[number], "type": "Place", "name": f"Hall {number}", "addressLocality": town, **data}
    for number, (town, data) in enumerate(PLACES)
]
NODES += [
    {"id": EVENT[number], "type": "Event", "name": f"Evening {number}", "startDate": f"2099-12-{number + 1:02}"}
    for number in range(len(PLACES))
]
NODES += [{"id": each, "type": "Organization", "name": f"Friends {number}"} for number, each in enumerate(ORGS)]
EDGES = [(event, "location", place) for event, place in zip(EVENT, PLACE, strict=True)]
EDGES += [(ORGS[0], "location", PLACE[0]), (EVENT[1], "organizer", ORGS[1])]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    opened = site(tmp_path_factory.mktemp("towns"), NODES, EDGES)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(made: Site) -> TestClient:
    return TestClient(create_app(made.data, "https://recroise.example/sub/", rate=None))


def uids(client: TestClient, name: str) -> list[int]:
    calendar = icalendar.Calendar.from_ical(client.get(f"/feeds/{name}.ics").content)
    return [EVENT.index(str(each["UID"])) for each in calendar.walk("VEVENT")]


def listed(client: TestClient, path: str) -> set[str]:
    """Return the names of what a page lists."""
    page = lxml.html.fromstring(client.get(path).content)
    return set(page.xpath("//ul[contains(@class, 'lines')]//a[contains(@class, 'p-name')]/text()"))


def links(client: TestClient, path: str) -> list[str]:
    return lxml.html.fromstring(client.get(path).content).xpath("//main//a/@href")


def test_each_has_its_own_page_and_calendar(client: TestClient) -> None:
    assert uids(client, "town-portland-us-or") == [0]
    assert uids(client, "town-portland-us-me") == [1, 2]
    assert listed(client, "/en/town/portland-us-or/") == {"Evening 0", "Hall 0", "Friends 0"}
    assert listed(client, "/en/town/portland-us-me/") == {"Evening 1", "Hall 1", "Evening 2", "Hall 2", "Friends 1"}
    page = client.get("/fr/town/portland-us-or/").text
    assert "Oregon" in page
    assert "town-portland-us-or.ics" in page


def test_the_bare_name_lets_one_choose_and_its_calendar_has_them_all(client: TestClient) -> None:
    """Who subscribed before there were two keeps what they had."""
    found = links(client, "/fr/town/portland/")
    assert {"../../../fr/town/portland-us-or/", "../../../fr/town/portland-us-me/"} <= set(found)
    # Of which one it is nobody says: it stands here alone.
    assert listed(client, "/fr/town/portland/") == {"Evening 3", "Hall 3"}
    assert uids(client, "town-portland") == [0, 1, 2, 3]


def test_a_bare_name_means_the_town_that_everybody_means(client: TestClient) -> None:
    assert uids(client, "town-paris-fr-idf") == [4, 6]
    assert uids(client, "town-paris-us-tx") == [5]
    assert listed(client, "/fr/town/paris/") == set()


def test_one_town_keeps_its_bare_name(client: TestClient) -> None:
    assert uids(client, "town-lorient") == [7, 8]
    for path in ("/fr/town/lorient-fr-bre/", "/fr/town/portland-xx/", "/fr/town/portland-us/", "/fr/town/-us-or/"):
        assert client.get(path).status_code == 404, path


def test_all_pages_lead_to_the_right_one(client: TestClient) -> None:
    assert "../../fr/town/portland-us-or/" in links(client, f"/fr/{PLACE[0]}/")
    assert "../../fr/town/portland/" in links(client, f"/fr/{PLACE[3]}/")
    assert "../../fr/town/lorient/" in links(client, f"/fr/{PLACE[7]}/")
    there = links(client, "/fr/map/")
    assert [each for each in there if "portland" in each] == [
        f"../../fr/town/portland{more}/" for more in ("", "-us-me", "-us-or")
    ]


def test_the_search_that_its_page_leads_to_is_of_that_town(client: TestClient, made: Site) -> None:
    (found,) = [each for each in links(client, "/en/town/portland-us-me/") if "search/?near=" in each]
    page = client.get("/en/town/portland-us-me/../../" + found.split("en/", 1)[1]).text
    assert "Evening 1" in page
    assert "Evening 0" not in page
    near = {each.id for each in search(made.index, near="Portland, US-ME", types=["Event"])}
    # Of the last nobody says which it is: it may be there.
    assert near == {EVENT[1], EVENT[2], EVENT[3]}


@pytest.mark.skipif(NODE is None, reason="needs node: apt-get install nodejs")
def test_the_search_in_the_browser_is_of_that_town_too(scripts: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    save(graph(NODES, EDGES), data / FILE)
    export(data, formats=["index", "lookup"])
    asked = [
        {"query": "", "limit": 40, "near": near}
        for near in ("Portland", "Portland, US-ME", "Portland, US-OR", "Portland, US", "Paris, FR-75", "Paris, US-TX")
    ]
    found = in_browser(scripts, data, tmp_path, search=asked)["search"]
    with open_index(data) as index:
        for question, answer in zip(asked, found, strict=True):
            expected = [each.id for each in search(index, "", limit=40, near=str(question["near"]))]
            assert [each["id"] for each in answer["results"]] == expected, question
            assert expected or "TX" in str(question["near"])


def test_a_published_site_has_them_too(made: Site, tmp_path: Path) -> None:
    publish(made.data, tmp_path / "site", jobs=1)
    for name in ("portland", "portland-us-or", "portland-us-me", "paris-fr-idf", "lorient"):
        assert (tmp_path / "site" / "en" / "town" / name / "index.html").is_file(), name
        assert (tmp_path / "site" / "feeds" / f"town-{name}.ics").is_file(), name
    assert not (tmp_path / "site" / "en" / "town" / "lorient-fr-bre").exists()


@pytest.mark.parametrize(
    ("town", "data", "about", "code"),
    [
        ("Brest", {}, ["FR-BRE"], "FR-BRE"),
        ("Brest", {"addressCountry": "Belarus"}, ["FR-BRE"], "BY"),
        ("Brest", {"latitude": 52.1, "longitude": 23.7, "addressCountry": "France"}, [], "BY"),
        ("Paris", {}, ["FR-BRE"], ""),
        ("Lorient", {"addressRegion": "56"}, [], "FR-BRE"),
        ("Nowhere-sur-Rien", {"addressCountry": "Deutschland"}, ["FR"], "DE"),
        ("Nowhere-sur-Rien", {"addressCountry": "not a country"}, ["FR"], ""),
        ("Birmingham", {"addressCountry": "U.K."}, [], "GB-ENG"),
    ],
)
def test_a_place_says_where_its_town_is(town: str, data: dict[str, Any], about: list[str], code: str) -> None:
    assert territory(town, data, about) == code


@given(st.lists(st.sampled_from(["", "US", "US-OR", "US-ME", "FR", "FR-BRE", "BY"])), st.sampled_from(["Portland", "Brest", "x"]))  # fmt: skip
def test_towns_are_told_apart_in_any_order(stated: list[str], town: str) -> None:
    found = told_apart(town, stated)
    assert found == told_apart(town, stated[::-1])
    assert not found or len({each for each in found.values() if each}) > 1
    assert all(found[code] == code for code in stated if found and "-" in code)
