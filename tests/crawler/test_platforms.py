"""What stands behind an address or a page, as the table has it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import platforms, readers
from crawler.catalogue import CatalogueError, Source
from crawler.documents import Document


def source(url: str, **more: object) -> Source:
    return Source.model_validate(
        {"id": "saved", "name": "x", "url": url, "community": "agenda", "region": "FR", **more}
    )


ADDRESSES = [
    ("https://www.meetup.com/fr-FR/lorient-web/", "https://www.meetup.com/lorient-web/events/ical/"),
    ("https://meetup.com/lorient-web/events", "https://www.meetup.com/lorient-web/events/ical/"),
    ("https://www.meetup.com/find/?keywords=web", None),
    ("https://www.meetup.com/lorient-web/events/123/", None),
    (
        "https://openagenda.com/fr/agendas/48/events",
        "https://openagenda.com/agendas/48/events.v2.json?size=300&detailed=1",
    ),
    (
        "https://openagenda.com/agendas/48/events.json?oaq[passed]=1",
        "https://openagenda.com/agendas/48/events.v2.json?size=300&detailed=1",
    ),
    ("https://www.agendadulibre.org/events?region=4", "https://www.agendadulibre.org/events.json?region=4"),
    ("https://lieux.gogocarto.fr/annuaire#/carte/x", "https://lieux.gogocarto.fr/api/elements.json"),
    (
        "https://cantine.example/wp-json/tribe/events/v1/",
        "https://cantine.example/wp-json/tribe/events/v1/events?per_page=50&start_date=1970-01-01",
    ),
    (
        "https://blog.example/wp-json/",
        "https://blog.example/wp-json/wp/v2/posts?per_page=100&_fields=id,date_gmt,modified_gmt,link,title,type,status",
    ),
    (
        "https://www.communecter.org/#@franceTierslieux",
        "https://www.communecter.org/api/organization/get/key/franceTierslieux/limit/100",
    ),
    (
        "https://www.communecter.org/costum/co/index/slug/lieux",
        "https://www.communecter.org/api/organization/get/key/lieux/limit/100",
    ),
    ("https://mobilizon.example/@cantine/events", "https://mobilizon.example/api"),
    ("https://agenda.mobilizon.example/search?term=web", "https://agenda.mobilizon.example/api"),
    ("https://coworking.pbworks.com/", "https://coworking.pbworks.com/w/browse"),
    ("https://rennes.demosphere.net/", "https://rennes.demosphere.net/events.ics"),
    ("https://www.fablabs.io/labs", "https://www.fablabs.io/api/labs"),
    (
        "https://outlook.office365.com/owa/calendar/ab12@a.example/c3d4/calendar.html",
        "https://outlook.office365.com/owa/calendar/ab12@a.example/c3d4/calendar.ics",
    ),
    ("https://blog.example/agenda", None),
]


@pytest.mark.parametrize(("url", "endpoint"), ADDRESSES)
def test_an_address_tells_where_to_read(url: str, endpoint: str | None) -> None:
    found = [pointer.link.url for pointer in platforms.by_address(url)]
    assert found[:1] == ([endpoint] if endpoint else [])
    assert [link.url for link in platforms.start_links(source(url))][:1] == [endpoint or url]


def test_a_format_in_the_catalogue_leaves_the_address_alone() -> None:
    url = "https://www.meetup.com/lorient-web/"
    assert [link.url for link in platforms.start_links(source(url, format="jsonld"))] == [url]


def test_a_platform_in_the_catalogue_is_asked_in_its_own_way() -> None:
    links = platforms.start_links(source("https://evenements.example/", platform="mobilizon"))
    assert [link.url for link in links] == ["https://evenements.example/api"]
    assert "searchEvents" in json.loads(links[0].body or "")["query"]


@pytest.mark.parametrize("platform", ["meetup", "geocities"])
def test_a_platform_that_does_not_fit_is_said_in_one_line(platform: str) -> None:
    with pytest.raises(CatalogueError, match=f"saved: platform '{platform}'") as caught:
        platforms.start_links(source("https://blog.example/", platform=platform))
    assert "\n" not in str(caught.value)


def test_every_row_names_a_reader_that_there_is() -> None:
    for platform in platforms.platforms():
        assert platform.reader in readers.READERS, platform.name
        assert platform.address or platform.page or platform.software, platform.name
        if platform.body:
            json.loads(platform.body)


@given(st.text(max_size=300))
def test_no_address_and_no_page_breaks_the_table(text: str) -> None:
    platforms.by_address("https://www.meetup.com/" + text)
    platforms.by_name("meetup", text)
    body = f'<html><script src="gogocarto.js">https://calendar.google.com/calendar/embed?src={text}'.encode(
        "utf-8", "replace"
    )
    document = Document("https://a.example/x", body, "2012-11-20T09:00:00Z", source("https://a.example/"))
    for pointer in platforms.by_page(document):
        assert pointer.link.url.startswith("http")
