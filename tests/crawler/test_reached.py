"""What reaches a limit is cut and counted, and the counts are told."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import reached, readers
from crawler.catalogue import Source
from crawler.documents import Document
from crawler.intake import take
from crawler.privacy import Exclusions
from tests.conftest import Recroise, Sample

SOURCE = Source(id="ss", name="x", url="http://a.example/", community="agenda", region="FR")


@given(st.lists(st.integers(), max_size=20), st.integers(min_value=1, max_value=25))
def test_the_beginning_is_kept_and_what_was_cut_counted(items: list[int], most: int) -> None:
    with reached.counting() as counts:
        assert reached.cut(items, most, "a") == items[:most]
        assert list(reached.first(iter(items), most, "b")) == items[:most]
        assert reached.over(len(items), most, "c") == (len(items) > most)
    assert set(counts) == ({"a", "b", "c"} if len(items) > most else set())


def test_nothing_is_counted_where_nobody_counts_and_each_counts_for_itself() -> None:
    reached.note("a")
    with reached.counting() as outer:
        reached.note("a")
        with reached.counting() as inner:
            reached.note("b")
        reached.note("a")
    assert (dict(outer), dict(inner)) == ({"a": 2}, {"b": 1})


def event(**more: str) -> str:
    stated = {"@type": "Event", "name": "Open Coffee", "startDate": "2026-11-26T18:30:00+01:00", **more}
    import json

    data = json.dumps({"@context": "https://schema.org", **stated})
    return f'<!doctype html><title>x</title><script type="application/ld+json">{data}</script>'


def rows(count: int) -> str:
    return "name,city\n" + "".join(f"Place {n},Lorient\n" for n in range(count))


@pytest.mark.parametrize(
    ("limit", "setting", "kind", "body"),
    [
        ("rows.MAX_ROWS", 3, "text/csv", lambda: rows(5)),
        ("records.MAX_DESCRIPTION", None, "text/html", lambda: event(description="Café " * 1_000)),
        ("strict.MAX_NAME", None, "text/html", lambda: event(name="x" * 600)),
        ("readers.page.MAX_LINKS", 2, "text/html", lambda: "<p>Bonjour</p>" + '<a href="/a">a</a>' * 5),
        ("listing.lines.MAX_LINES", 3, "text/html", lambda: "<p>Agenda</p><p>le 3 mai 2026 : Café</p>" * 5),
    ],
)
def test_a_document_that_reaches_a_limit_is_counted(
    limit: str, setting: int | None, kind: str, body: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import import_module

    owner, _, constant = limit.rpartition(".")
    if setting:
        monkeypatch.setattr(import_module(f"crawler.{owner}"), constant, setting)
        monkeypatch.setattr("crawler.readers.table.MAX_ROWS", 3)
    document = Document("http://a.example/", body().encode(), "2026-11-25T00:00:00Z", SOURCE, content_type=kind)
    with reached.counting() as counts:
        take(readers.read(document), document, Exclusions())
    assert counts[limit], dict(counts)


def test_limits_that_were_reached_show_in_a_crawl_and_in_the_health_of_its_source(
    recroise: Recroise, sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    monkeypatch.setenv("RECROISE_LIMITS", "readers.page.MAX_LINKS=1, readers.icalendar.MAX_RECORDS=1")
    told = recroise("crawl", "--data", sample.data, "--catalogue", sample.catalogue, "--json")
    reports = {each["id"]: each["reached"] for each in json.loads(told.stdout)["sources"]}
    assert any("readers.icalendar.MAX_RECORDS" in each for each in reports.values()), reports
    shown = recroise("sources", "--data", sample.data, "--catalogue", sample.catalogue, "--json")
    health = {each["id"]: each.get("limits") for each in json.loads(shown.stdout)}
    assert {name: each for name, each in health.items() if each} == {n: e for n, e in reports.items() if e}
