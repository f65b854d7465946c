"""What cards and events in a page's classes give, old classes and new."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@settings(max_examples=60, deadline=None)
@given(NODES)
def test_no_classes_raise_anything_and_what_they_give_is_let_in(body: str) -> None:
    page = document(body)
    reading = Microformats().read(page)
    assert take(reading, page, Exclusions()).refused == []
