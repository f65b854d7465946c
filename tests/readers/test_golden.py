"""Every reader on its saved documents; a reader without one fails."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import readers
from crawler.catalogue import Source
from crawler.documents import Document, ReaderError
from crawler.intake import take
from crawler.privacy import Exclusions
from tests.readers.golden import cases, document_of, expected, reading_of


def name(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


@pytest.mark.parametrize("case", cases(), ids=name)
def test_a_saved_document_reads_as_expected(case: Path) -> None:
    assert reading_of(case) == expected(case)["reading"]


@pytest.mark.parametrize("case", cases(), ids=name)
def test_what_is_read_is_let_in(case: Path) -> None:
    document = document_of(case)
    reading = readers.READERS[case.parent.name].read(document)
    assert take(reading, document, Exclusions()).refused == []


@pytest.mark.parametrize("case", cases(), ids=name)
def test_a_saved_document_is_recognised_as_what_it_is(case: Path) -> None:
    found = [reader.name for reader, _ in readers.recognise(document_of(case))]
    # Whatever a page without structure says is read in more than one way.
    unstructured = [name for name in found if readers.READERS[name].order >= readers.UNSTRUCTURED]
    assert case.parent.name in (unstructured if unstructured == found else found[:1])


@pytest.mark.parametrize("reader", readers.READERS)
def test_every_reader_has_a_saved_document(reader: str) -> None:
    assert Counter(case.parent.name for case in cases())[reader], f"put one into tests/readers/saved/{reader}/"


@pytest.mark.parametrize("reader", readers.READERS.values(), ids=lambda reader: reader.name)
def test_name_module_and_class_are_one(reader: object) -> None:
    kind = type(reader)
    assert kind.__module__ == f"crawler.readers.{reader.name}"
    assert kind.__name__ == reader.name.capitalize()


SOURCE = Source(id="saved", name="x", url="http://saved.example/", community="agenda", region="FR")
MARKS = [
    b"BEGIN:VCALENDAR\r\n",
    b"BEGIN:VEVENT\r\n",
    b"UID:1\r\nDTSTART:20121108T183000\r\nSUMMARY:x\r\n",
    b"RRULE:FREQ=DAILY\r\n",
    b"END:VEVENT\r\n",
    b"<html>",
    b'<script type="application/ld+json">',
    b'{"@type": "Event", "name": [{"@value": 1}], "startDate": {}, "location": [[]]}',
    b"</script>",
    b'<div class="h-event"><b class="p-name">x</b><time class="dt-start" datetime="2012-11-08T18">',
    b'<div class="vcard"><span class="fn">Ada Lovelace</span><span class="org">x',
    b'<div itemscope itemtype="https://schema.org/Event"><span itemprop="name">x</span>',
    b'<rss xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel><item><ev:startdate>2012',
    b'{"parse": {"wikitext": "{{Hackerspace|city=x}}", "pageid": []}}',
    b'<table class="smwtable"><tr><th>hackerspace<th>Country<tr><td class="smwtype_dat" data-sort-value="1e99">x<td><a href="//[">',
    b'{"query": {"printrequests": [], "results": {"x": {"printouts": {"City": [{"raw": "1/x"}]}, "fulltext": 1}}}}',
    b'{"space": "x", "api": "0.13", "contact": [], "location": {"lat": "x"}, "feeds": [{"name": "blog", "url": 1}]}',
    b'{"type": "Place", "name": "x", "source": {"id": "x", "url": "http://x.example", "fetched": "2012"}}\n',
    b'{"generator": "Overpass API", "elements": [{"tags": {"name": {}, "website": "//["}, "center": 1}]}',
    b'<div id="wikipage-inner"><h2>Participants</h2><ol><li>1. Ada Lovelace, tags: x<li><a href="//[">x</a></ol>',
    b'{"events": [{"id": 1, "title": "[x] y", "start_time": "x", "place__address": 3, "place__city__name": []}]}',
    b"Nom;Ville;Date\nx;y;31/31/2012\n",
    b'{"query": {"categorymembers": [{"ns": 0, "title": "x"}, 1]}, "continue": {"a": null}}',
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(MARKS) | st.binary(max_size=40), max_size=8), st.sampled_from([*readers.READERS, None]))
def test_no_bytes_whatsoever_raise_anything_but_the_readers_own_error(parts: list[bytes], form: str | None) -> None:
    source = SOURCE.model_copy(update={"format": form})
    document = Document("http://saved.example/w/api.php?x", b"".join(parts), "2012-11-20T09:00:00Z", source)
    try:
        reading = readers.read(document)
    except ReaderError as error:
        assert "\n" not in str(error)
        return
    take(reading, document, Exclusions())


@settings(max_examples=60)
@given(st.data())
def test_saved_documents_cut_and_spoilt_raise_nothing_else_either(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases()))
    body = bytearray(document_of(case).body)
    start = data.draw(st.integers(0, len(body)))
    body[start : start + data.draw(st.integers(0, 50))] = data.draw(st.binary(max_size=20))
    cut = data.draw(st.integers(0, len(body)))
    original = document_of(case)
    document = Document(original.url, bytes(body[:cut]), original.fetched, original.source, original.content_type)
    try:
        take(readers.READERS[case.parent.name].read(document), document, Exclusions())
    except ReaderError:
        pass
