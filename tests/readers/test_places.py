"""What readers of places say of answers that hold none."""

import json
from typing import Any
from urllib.parse import unquote

import pytest

from crawler import platforms, readers
from crawler.catalogue import Source
from crawler.documents import Document, ReaderError

SOURCE = Source(id="saved", name="x", url="http://saved.example/", community="directory", region="FR")


def document(answer: Any, url: str) -> Document:
    return Document(url, json.dumps(answer).encode(), "2012-11-20T09:00:00Z", SOURCE, "application/json")


ASK = "http://wiki.example/w/api.php?action=ask&query=x&format=json"
OSM = {"version": 0.6, "generator": "Overpass API 0.7.62.1"}


@pytest.mark.parametrize(
    ("reader", "url", "answer", "said"),
    [
        (
            "overpass",
            "http://o.example/",
            {**OSM, "elements": [], "remark": "runtime error: Query timed out"},
            "timed out",
        ),
        ("overpass", "http://o.example/", {**OSM}, "without elements"),
        ("semanticmediawiki", ASK, {"error": {"code": "x", "info": "no such query"}}, "the wiki says: no such query"),
        ("semanticmediawiki", ASK, {"error": {"query": ["one", "two"]}}, "the wiki says: one; two"),
        (
            "fablabs",
            "https://api.fablabs.io/0/labs",
            {"error": "This endpoint does not exist anymore"},
            "ask https://www",
        ),
        ("fablabs", "https://www.fablabs.io/api/labs", {"error": "busy"}, "fablabs.io says: busy"),
        ("fablabs", "http://f.example/", {"labs": 3}, "not a list"),
        ("spaceapi", "http://s.example/", {"a": 3}, "neither a space nor a directory"),
    ],
)
def test_an_error_is_said_in_its_own_words(reader: str, url: str, answer: Any, said: str) -> None:
    with pytest.raises(ReaderError, match=said):
        readers.READERS[reader].read(document(answer, url))


@pytest.mark.parametrize(
    ("url", "answer", "reader"),
    [
        (ASK, {"error": {"code": "x"}}, "semanticmediawiki"),
        ("https://api.fablabs.io/0/labs", {"error": "This endpoint does not exist anymore"}, "fablabs"),
        ("http://o.example/", {**OSM, "elements": []}, "overpass"),
        ("http://x.example/", {"a": "http://b.example", "c": "http://d.example"}, None),
    ],
)
def test_an_answer_is_recognised_also_where_it_holds_nothing(url: str, answer: Any, reader: str | None) -> None:
    found = [each.name for each, _ in readers.recognise(document(answer, url))]
    assert found[:1] == [reader] if reader else "spaceapi" not in found


@pytest.mark.parametrize("offset", [0, 5, 20_000, "7", None])
def test_further_results_are_asked_for_only_onwards_and_within_bounds(offset: Any) -> None:
    answer = {"query-continue-offset": offset, "query": {"printrequests": [], "results": {}}}
    links = (
        readers.READERS["semanticmediawiki"].read(document(answer, ASK.replace("query=x", "query=x|offset=5"))).links
    )
    assert links == []


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://overpass-api.de/api/interpreter#FR-BRE", '"ISO3166-2"="FR-BRE"'),
        ("https://overpass.example/api/interpreter#BE", '"ISO3166-1"="BE"'),
        ("https://overpass.example/api/interpreter#bzh", None),
        ("http://barcamp.org/", "http://barcamp.org/w/browse"),
        ("http://wiki.coworking.org/w/browse/", "http://wiki.coworking.org/w/browse"),
        ("http://barcamp.org/w/page/401/BarCampArmor", None),
        ("https://directory.spaceapi.io", "https://directory.spaceapi.io/"),
    ],
)
def test_an_address_of_a_list_of_places_tells_where_to_read(url: str, asked: str | None) -> None:
    found = [unquote(pointer.link.url) for pointer in platforms.by_address(url)]
    assert len(found) == (asked is not None)
    assert asked is None or asked in found[0]


@pytest.mark.parametrize("printouts", [{"Skill": ["web"]}, {"Prénom": ["Ada"], "Nom": ["Martin"], "Ville": ["Brest"]}])
def test_pages_that_are_no_places_make_none(printouts: dict[str, Any]) -> None:
    answer = {"query": {"printrequests": [], "results": {"Ada": {"printouts": printouts, "fulltext": "Ada"}}}}
    reading = readers.READERS["semanticmediawiki"].read(document(answer, ASK))
    assert reading.records == []
    assert reading.problems == [f"{ASK}: the results say neither where nor when they are: not read"]


BROKEN = [
    ("mediawiki", "http://w.example/x", '<meta name="generator" content="MediaWiki 1"/><link rel="EditURI" href="/api.php">"wgPageName":"a\tb"'),
    ("pbworks", "http://b.pbworks.com/w/page/1/x", '<div id="wikipage-inner"><h2>Participants</h2><ol><li> </li></ol></div>'),
    ("demosphere", "http://d.demosphere.net/rv/1", "<p>samedi 4 janvier 2014</p><h1>[topic]</h1>"),
]  # fmt: skip


@pytest.mark.parametrize(("reader", "url", "html"), BROKEN)
def test_pages_that_are_broken_in_the_middle_are_read_as_far_as_they_go(reader: str, url: str, html: str) -> None:
    given = Document(url, f"<html>{html}</html>".encode(), "2012-11-20T09:00:00Z", SOURCE, "text/html")
    reading = readers.READERS[reader].read(given)
    assert reading.records == []
    assert len(reading.links) == (reader == "mediawiki")


def test_what_a_list_says_of_a_space_is_not_its_name() -> None:
    wikitext = "== Paris ==\n* Le Hangar (planned)\n* [http://quai.example Le Quai], 3 rue du Port, Paris\n"
    answer = {"parse": {"title": "Coworking spaces", "pageid": 1, "wikitext": wikitext}}
    hangar, quai = readers.READERS["mediawiki"].read(document(answer, "http://wiki.example/api.php")).records
    assert (hangar["name"], hangar["keywords"]) == ("Le Hangar", ["planned"])
    assert quai["address"] == {"streetAddress": "3 rue du Port", "addressLocality": "Paris"}


def test_a_table_whose_header_has_no_row_is_read() -> None:
    body = """<html><head><meta name="generator" content="MediaWiki 1.35"><title>Hackerspaces</title>
        <link rel="EditURI" href="http://wiki.example/api.php?action=rsd"></head><body><table class="smwtable">
        <thead><th>Hackerspace</th><th>City</th></thead><tr><td>Le Hangar</td><td>Brest</td></tr></table></body>"""
    page = Document("http://wiki.example/List", body.encode(), "2012-11-20T09:00:00Z", SOURCE, "text/html")
    (place,) = readers.read(page).records
    assert (place["name"], place["address"]) == ("Le Hangar", {"addressLocality": "Brest"})
