"""What a feed gives, and what it must never be taken for."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.catalogue import Source
from crawler.documents import Document, Link, ReaderError, Reading
from crawler.intake import take
from crawler.people import is_person
from crawler.privacy import Exclusions
from crawler.readers import feed
from crawler.readers.feed import Feed, author_key

SOURCE = Source(id="saved", name="x", url="http://saved.example/", community="blog", region="FR")
EV = 'xmlns:ev="http://purl.org/rss/1.0/modules/event/"'


def document(body: str | bytes, content_type: str = "") -> Document:
    data = body.encode() if isinstance(body, str) else body
    return Document("http://saved.example/feed", data, "2012-11-20T09:00:00Z", SOURCE, content_type)


def read(body: str | bytes) -> Reading:
    return Feed().read(document(body))


def rss(items: str, more: str = "", title: str = "Un fil") -> str:
    return f'<rss version="2.0" {EV} {more}><channel><title>{title}</title>{items}</channel></rss>'


def signed(creator: str, title: str = "Un fil") -> list[str]:
    item = f"<item><dc:creator>{creator}</dc:creator></item>"
    reading = read(rss(item, 'xmlns:dc="http://purl.org/dc/elements/1.1/"', title))
    return [record["name"] for record in reading.records]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<rss version='2.0'>", ""),
        ("\ufeff\n<?xml version='1.0'?>\n<!-- un > commentaire -->\n<rss>", "text/html"),
        ("<?xml-stylesheet href='x'?><feed xmlns='http://www.w3.org/2005/Atom'>", ""),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'>", ""),
        ("<rdf:RDF xmlns='http://purl.org/rss/1.0/'>", ""),
        ("Warning: mysql is gone\n<rss version='2.0'>", ""),
        ('{"version": "https:\\/\\/jsonfeed.org\\/version\\/1"}', "application/json"),
        ("", "application/atom+xml; charset=utf-8"),
    ],
)
def test_a_feed_is_recognised_by_how_it_begins(body: str, content_type: str) -> None:
    assert Feed().recognise(document(body, content_type))


@pytest.mark.parametrize(
    "body",
    [
        "<!doctype html><html><body><feed >",
        "<rdf:RDF xmlns:foaf='http://xmlns.com/foaf/0.1/'>",
        "<feedback>",
        "BEGIN:VCALENDAR",
        '{"version": "1.1"}',
        "<!--a-->" * 400,
        " " * 4_000,
    ],
)
def test_other_documents_are_not_taken_for_a_feed(body: str) -> None:
    assert Feed().recognise(document(body)) is None


def test_the_day_of_publication_is_never_an_events_day() -> None:
    reading = read(rss("<item><title>x</title><link>/1</link><pubDate>Thu, 22 Nov 2012 18:30:00 GMT</pubDate></item>"))
    assert reading.records == []
    assert reading.links == [Link("http://saved.example/1", "entry")]


def test_an_event_needs_the_event_module_and_a_date_in_it() -> None:
    item = "<item><title>Caf&#233;</title><link>/1</link><pubDate>jeu., 01 nov. 2012 09:00:00 +0100</pubDate>{}</item>"
    (event,) = read(rss(item.format("<ev:startdate>2012-11-22</ev:startdate>"))).records
    assert event == {
        "type": "Event",
        "name": "Café",
        "startDate": "2012-11-22",
        "id": "http://saved.example/1",
        "url": "http://saved.example/1",
        "dateModified": "2012-11-01T09:00:00+01:00",
    }
    undated = read(rss(item.format("<ev:location>Ici</ev:location>")))
    assert undated.records == []
    assert undated.problems == ["http://saved.example/1: event without a readable startdate"]


@pytest.mark.parametrize(
    ("creator", "names"),
    [
        ("Ludovic Fougère", ["Ludovic Fougère"]),
        ("Ludovic Fougère et Paul Richardet", ["Ludovic Fougère", "Paul Richardet"]),
        ("Ludovic Fougère, Paul Richardet", ["Ludovic Fougère", "Paul Richardet"]),
        ("Camille Allain; Julie Urbach &amp; Paul Richardet", ["Camille Allain", "Julie Urbach", "Paul Richardet"]),
        *(
            (other, [])
            for other in ("admin", "webmaster", "La rédaction", "Équipe du site", "ludo29", "paulr", "Ludovic")
        ),
        *(
            (other, [])
            for other in ("Un Fil", "Technopole de Lorient", "http://a.example/", "@Paul Richardet", "paul R.")
        ),
    ],
)
def test_who_signs_is_a_person_only_by_a_full_name(creator: str, names: list[str]) -> None:
    assert signed(creator) == names


def test_one_person_for_one_name_however_often_and_spelt() -> None:
    more = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    names = ["Ludovic Fougère", "Ludovic Fougere", "LUDOVIC FOUGÈRE"]
    reading = read(rss("".join(f"<item><dc:creator>{name}</dc:creator></item>" for name in names), more))
    assert [record["name"] for record in reading.records] == ["Ludovic Fougère"]
    assert reading.records[0]["id"] == author_key("ludovic fougere")
    assert "foug" not in reading.records[0]["id"].lower()


def test_mailboxes_are_dropped_and_counted_whatever_their_domain() -> None:
    for domain in ("saved.fr", "saved.paris", "saved.photography"):
        reading = read(rss(f"<item><author>redaction@{domain} (Camille Allain)</author></item>"))
        assert [record["name"] for record in reading.records] == ["Camille Allain"]
        assert reading.dropped["e-mail"] == 1
        assert "redaction" not in str(reading.records)


def test_a_feeds_author_signs_what_nobody_else_signs() -> None:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><author><name>Paul Richardet</name></author>{}</feed>'
    own = "<entry><author><name>Julie Urbach</name></author></entry>"
    assert [each["name"] for each in read(feed.format(own)).records] == ["Julie Urbach"]
    assert [each["name"] for each in read(feed.format(own + "<entry/>")).records] == ["Julie Urbach", "Paul Richardet"]


def test_a_body_is_never_taken_for_the_name_of_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(rss("<item><title>x</title><link>http://saved.example/secret</link></item>"))
    with pytest.raises(ReaderError):
        read(str(secret).encode())


def test_entities_are_not_expanded_without_end() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    reading = read(f"<?xml version='1.0'?>{bomb}]>" + rss("<item><title>&j;</title></item>"))
    assert len(str(reading)) < 10_000


@pytest.mark.parametrize("body", ["", "du texte", "<html><title>Erreur 404</title></html>", "{", '{"items": []}', "[]"])
def test_what_is_no_feed_is_refused_in_one_line(body: str) -> None:
    with pytest.raises(ReaderError) as caught:
        read(body)
    assert "\n" not in str(caught.value)


def test_an_empty_feed_is_a_feed() -> None:
    assert read(rss("")) == Reading("feed")


def test_is_person_leaves_offices_and_groups_out() -> None:
    assert all(map(is_person, ("Karine Sabatier", "Sophie Le Douarin-Deniel", "Conor O'Neill", "Bernard MARQUET")))
    assert not any(map(is_person, ("La Cantine", "Open Coffee", "Mairie de Lorient", "Web 2.0", "", "Anthony")))


PIECES = st.sampled_from(
    [
        *(
            "<rss version='2.0'>",
            f"<rss {EV}>",
            "<channel>",
            "<item>",
            "</item>",
            "<title>a",
            "<link>//[",
            "<!DOCTYPE x [<!ENTITY",
        ),
        *(
            "<ev:startdate>",
            "2012-11-08",
            "<author>a@b.paris (A B)",
            "<feed xmlns='http://www.w3.org/2005/Atom'>",
            "<entry>",
        ),
        *(
            "<?xml version='1.0' encoding='utf-16'?>",
            "<![CDATA[",
            "]]>",
            "&#xd800;",
            "&amp",
            '{"version": "jsonfeed.org/version/1",',
        ),
        *(
            '"items": [1, {"authors": {}}]}',
            "<content type='application/xhtml+xml'><div xml:base='x'>",
            "<georss:point>",
        ),
    ]
)


@settings(max_examples=150)
@given(st.lists(PIECES.map(str.encode) | st.binary(max_size=20), max_size=12).map(b"".join))
def test_no_bytes_raise_anything_but_the_readers_own_error(body: bytes) -> None:
    given = document(body)
    try:
        reading = Feed().read(given)
    except ReaderError:
        return
    assert take(reading, given, Exclusions()).refused == []


def test_of_a_feed_with_too_many_tags_the_first_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MAX_TAGS", 60)
    items = "".join(f"<item><link>http://saved.example/{number}</link></item>" for number in range(50))
    reading = read(rss(items + "<item>" * 1_000))
    assert 5 < len(reading.links) < 15
    assert reading.links[0] == Link("http://saved.example/0", "entry")
    assert reading.problems == ["http://saved.example/feed: more than 60 tags; the rest is left out"]
