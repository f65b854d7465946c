"""The map, the pictures of what is around, and the lists beside them that say the same."""

import json
import re
from pathlib import Path
from urllib.parse import urljoin

import lxml.html
import pytest

from output.web import places
from output.web.resource import Asked, Document, MovedError, NotFoundError
from output.web.resources.around import SHOWN, Around
from output.web.resources.data_map import DataMap
from output.web.resources.map import Map
from output.web.resources.map_page import MapPage
from output.web.site import Site
from output.web.tiles import Tiles
from tests.web.made import HOSTILE, TODAY, identity, site

COLLOC, BREST, NOWHERE = (identity("Place", number) for number in (1, 2, 3))
SOON, LATER, PAST = (identity("Event", number) for number in (1, 2, 3))
SPEAKER, OTHER = identity("Person", 1), identity("Person", 2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Site:
    where = {"latitude": 47.75, "longitude": -3.37, "addressLocality": "Lorient", "additionalType": "coworking"}
    return site(
        tmp_path_factory.mktemp("map"),
        [
            {"id": COLLOC, "type": "Place", "name": "La Colloc", **where},
            {"id": BREST, "type": "Place", "name": HOSTILE, "latitude": 48.39, "longitude": -4.49, "addressLocality": "Brest"},
            {"id": NOWHERE, "type": "Place", "name": "Somewhere"},
            {"id": SOON, "type": "Event", "name": "Open Coffee </script><script>", "startDate": "2026-12-03T18:30:00+01:00"},
            {"id": LATER, "type": "Event", "name": "Barcamp", "startDate": "2027-03-01"},
            {"id": PAST, "type": "Event", "name": "First meeting", "startDate": "2012-11-08"},
            {"id": SPEAKER, "type": "Person", "name": "Erwan Le Goff"},
            {"id": OTHER, "type": "Person", "name": "Maïwenn Kerjean"},
        ],
        [
            *((event, "location", COLLOC) for event in (SOON, LATER, PAST)),
            *((event, "performer", SPEAKER) for event in (SOON, LATER, PAST)),
            (PAST, "performer", OTHER),
        ],
    )  # fmt: skip


def led_to(path: str, body: bytes, of: str) -> list[str]:
    """Return the paths that a page's links lead to."""
    return [urljoin(path, link) for link in lxml.html.fromstring(body).xpath(of)]


IN_LIST = "//section[@class='map-town']//li/a/@href"


def around(made: Site, node: str, language: str = "en") -> tuple[Document, dict[str, list[dict[str, object]]]]:
    found = Around().answer(made, Asked(f"/{language}/{node}/around/", {"lang": language, "id": node}))
    (script,) = lxml.html.fromstring(found.body).xpath("//script[@id='around']/text()")
    return found, json.loads(script)


def test_a_pin_says_where_it_is_and_what_comes_next(made: Site) -> None:
    found = json.loads(DataMap().answer(made, Asked("/data/map.json")).body)
    pins = {pin[0]: pin for pin in found["places"]}
    assert found["kinds"] == ["coworking"]
    assert set(pins) == {COLLOC, BREST}  # the third stands in the list alone
    assert pins[COLLOC][1:6] == ["La Colloc", "coworking", "Lorient", 47.75, -3.37]
    assert [event[0] for event in pins[COLLOC][6]] == [SOON, LATER]
    assert pins[BREST][6] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_names_every_place_once(made: Site, language: str) -> None:
    path = f"/{language}/map/"
    body = Map().answer(made, Asked(path, {"lang": language})).body
    assert sorted(led_to(path, body, IN_LIST)) == sorted(f"/{language}/{each}/" for each in (COLLOC, BREST, NOWHERE))
    headings = [each.text_content() for each in lxml.html.fromstring(body).xpath("//h3")]
    assert headings[:2] == ["Brest", "Lorient"]


def test_a_long_list_has_pages_of_their_own(made: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "PAGE", 2)
    first = Map().answer(made, Asked("/fr/map/", {"lang": "fr"})).body
    assert led_to("/fr/map/", first, "//a[@rel='next']/@href") == ["/fr/map/2/"]
    found = led_to("/fr/map/", first, IN_LIST)
    for values in MapPage().published(made):
        if values["lang"] == "fr":
            path = f"/fr/map/{values['number']}/"
            found += led_to(path, MapPage().answer(made, Asked(path, values)).body, IN_LIST)
    assert sorted(found) == sorted(f"/fr/{each}/" for each in (COLLOC, BREST, NOWHERE))
    with pytest.raises(NotFoundError):
        MapPage().answer(made, Asked("/fr/map/9/", {"lang": "fr", "number": "9"}))
    with pytest.raises(MovedError):
        MapPage().answer(made, Asked("/fr/map/1/", {"lang": "fr", "number": "1"}))


def test_tiles_open_the_policy_of_the_map_to_their_host_alone(made: Site) -> None:
    tiled = Site(made.data, today=TODAY, tiles=Tiles("https://tiles.example.org/{z}/{x}/{y}.png", '<b>"A" & B</b>'))
    found = Map().answer(tiled, Asked("/fr/map/", {"lang": "fr"}))
    assert "img-src 'self' data: https://tiles.example.org;" in found.headers["Content-Security-Policy"]
    assert found.headers["Content-Security-Policy"].count("example.org") == 1
    (box,) = lxml.html.fromstring(found.body).xpath("//div[@id='map']")
    assert box.get("data-attribution") == '<b>"A" & B</b>'
    assert "Content-Security-Policy" not in Map().answer(made, Asked("/fr/map/", {"lang": "fr"})).headers
    tiled.close()


def test_a_picture_is_of_what_the_page_lists_and_no_more(made: Site) -> None:
    found, picture = around(made, SPEAKER)
    assert [each["href"] for each in picture["events"]] == [f"../../{event}/" for event in (PAST, SOON, LATER)]
    assert [each["coming"] for each in picture["events"]] == [False, True, True]
    assert picture["lanes"] == ["La Colloc"]
    # Who was at the same event is nobody's neighbour.
    assert OTHER.encode() not in found.body
    assert found.headers["X-Robots-Tag"] == "noindex"


def test_what_is_drawn_stands_in_the_list(made: Site) -> None:
    for node in (COLLOC, PAST, SPEAKER):
        path = f"/fr/{node}/around/"
        found, picture = around(made, node, "fr")
        drawn = {urljoin(path, str(each["href"])) for each in (*picture["events"], *picture["others"])}
        assert drawn
        assert drawn <= set(led_to(path, found.body, "//section//a/@href"))


def test_what_has_no_day_is_drawn_too(made: Site) -> None:
    _, picture = around(made, PAST)
    assert {each["name"] for each in picture["others"]} == {"La Colloc", "Erwan Le Goff", "Maïwenn Kerjean"}


def test_a_name_cannot_end_the_script_it_stands_in(made: Site) -> None:
    found, picture = around(made, COLLOC)
    (script,) = re.findall(rb'id="around">(.*?)</script>', found.body, re.S)
    assert b"<" not in script
    assert "Open Coffee </script><script>" in [each["name"] for each in picture["events"]]


def test_a_picture_is_bounded_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    events = [
        {
            "id": identity("Event", number),
            "type": "Event",
            "name": f"Meeting {number}",
            "startDate": f"20{number:02}-05-05",
        }
        for number in range(10, 10 + SHOWN // 4)
    ] + [
        {"id": identity("Event", 1000 + number), "type": "Event", "name": f"Talk {number}", "startDate": "2012-11-08"}
        for number in range(SHOWN)
    ]
    held = site(
        tmp_path,
        [{"id": COLLOC, "type": "Place", "name": "La Colloc"}, *events],
        [(str(each["id"]), "location", COLLOC) for each in events],
    )
    found, picture = around(held, COLLOC)
    past = sum(1 for each in events if str(each["startDate"]) < TODAY.isoformat())
    assert past > SHOWN
    assert len([each for each in picture["events"] if not each["coming"]]) == SHOWN
    assert f": {past - SHOWN}." in lxml.html.fromstring(found.body).text_content()


def test_only_what_has_several_connections_gets_a_picture(made: Site) -> None:
    ids = {values["id"] for values in Around().published(made)}
    assert {COLLOC, SPEAKER, PAST} <= ids
    assert not ids & {BREST, NOWHERE, OTHER}
    with pytest.raises(NotFoundError):
        Around().answer(made, Asked("/fr/person-none/around/", {"lang": "fr", "id": "person-none"}))
