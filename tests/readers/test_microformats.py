"""What cards and events in a page's classes give, old classes and new."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import readers
from crawler.catalogue import Source
from crawler.classic_microformats import cut_out
from crawler.documents import Document
from crawler.intake import take
from crawler.privacy import Exclusions
from crawler.readers.microformats import Microformats

SOURCE = Source(id="saved", name="x", url="http://saved.example/", community="agenda", region="FR")


def document(body: str) -> Document:
    page = f"<html><body>{body}</body></html>".encode()
    return Document("http://saved.example/", page, "2012-11-20T09:00:00Z", SOURCE, "text/html")


def records(body: str) -> list[dict[str, Any]]:
    return Microformats().read(document(body)).records


def test_the_organisations_address_is_not_the_persons() -> None:
    link = '<a class="org url" href="http://saved.example/">La Cantine</a>'
    team = [f'<div class="vcard"><b class="fn">{name}</b>, {link}</div>' for name in ("Ada Le Gall", "Yann Riou")]
    people = records("".join(team))
    assert [each.get("url") for each in people] == [None, None]
    assert {each["worksFor"]["url"] for each in people} == {"http://saved.example/"}
    assert len({each["id"] for each in people}) == 2


def test_who_signs_a_post_is_read_and_the_post_is_not_parsed() -> None:
    words = "<p><b>mot</b></p>" * 200
    post = f'<div class="hentry"><div class="entry-content">{words}</div><p class="author vcard"><b class="fn">Ada Le Gall</b></p></div>'
    (author,) = records(post)
    assert (author["name"], author["jobTitle"]) == ("Ada Le Gall", "author")
    assert "mot" not in cut_out(document(post).html)


@pytest.mark.parametrize(
    ("card", "kind"),
    [
        ('<p class="h-card">Ada Le Gall</p>', "Person"),
        ('<p class="h-card">Ada</p>', None),
        ('<p class="h-card h-org">La Cantine</p>', "Organization"),
        ('<p class="vcard"><b class="fn org">La Cantine</b></p>', "Organization"),
        (
            '<p class="vcard"><b class="fn">La Cantine</b> <i class="adr"><i class="locality">Rennes</i></i></p>',
            "Place",
        ),
        ('<p class="vcard"><b class="fn">Ada</b>, <i class="title">hôte</i></p>', "Person"),
        ('<p class="h-full h-card">Ada Le Gall</p>', "Person"),
    ],
)
def test_a_card_says_what_it_is_of(card: str, kind: str | None) -> None:
    assert [each["type"] for each in records(card)] == ([kind] if kind else [])


def test_an_event_with_several_starts_takes_place_several_times() -> None:
    times = "".join(f'<time class="dtstart" datetime="2013-03-{day}T14:00">x</time>' for day in ("05", "12", "12"))
    found = records(f'<div class="vevent"><b class="summary">Permanence</b>{times}</div>')
    assert [each["startDate"][:10] for each in found] == ["2013-03-05", "2013-03-12"]


CLASSES = [
    "vevent",
    "vcard",
    "hentry",
    "h-event",
    "h-card",
    "fn",
    "summary",
    "p-name",
    "location",
    "adr",
    "org url",
    "geo",
]
CLASSES += [
    "dtstart",
    "dt-start",
    "dt-end",
    "value",
    "value-title",
    "duration",
    "p-author",
    "author",
    "attendee",
    "contact",
]
NODES = st.recursive(
    st.sampled_from(["2012-11-08", "18:30", "Ada Le Gall", "48.1;-1.6", "PT1H", "é\0<"]),
    lambda inner: st.builds(
        lambda classes, inside, tag: (
            f'<{tag} class="{" ".join(classes)}" href="/a" title="2012">{"".join(inside)}</{tag}>'
        ),
        st.lists(st.sampled_from(CLASSES), max_size=3),
        st.lists(inner, max_size=4),
        st.sampled_from(["div", "a", "td", "time", "abbr", "img", "template", "data"]),
    ),
    max_leaves=12,
)


@settings(max_examples=60)
@given(NODES)
def test_no_classes_raise_anything_and_what_they_give_is_let_in(body: str) -> None:
    page = document(body)
    reading = Microformats().read(page)
    assert take(reading, page, Exclusions()).refused == []


@pytest.mark.parametrize("char", ["\x01", "\x0b", "\x1f", "\ufffe", "&#1;", "&#xFFFF;"])
@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("microdata", '<html><div itemscope itemtype="http://schema.org/Event"><b itemprop=name>Ca{0}fé</b>'
                      '<a itemprop=url href="/{0}x">{0}</a><time itemprop=startDate datetime="2026-01-01">x</time></div>'),
        ("microformats", '<html><div class="vevent"><b class="summary">Ca{0}fé</b><abbr class="dtstart" '
                         'title="2026-01-01{0}">x</abbr><a class="url{0}" href="/{0}x">{0}</a></div>'),
        ("microformats", '<html><div class="h-event"><b class="p-name">Ca{0}fé</b><time class="dt-start" '
                         'datetime="2026-01-01">x</time><a class="u-url" href="/{0}x">{0}</a></div>'),
    ],
)  # fmt: skip
def test_control_codes_lose_no_page(name: str, page: str, char: str) -> None:
    body = page.replace("{0}", char).encode()
    read = readers.READERS[name].read(Document("http://a.example/", body, "2026-01-01T00:00:00Z", SOURCE, "text/html"))
    (record,) = [each for each in read.records if each["type"] == "Event"]
    assert record["startDate"] == "2026-01-01"
    assert all(each.isprintable() for each in record["name"])
