"""A person whom no source has named for years goes from the graph and from the published records."""

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

import graph as graph_package
from crawler import retention, runs
from crawler.catalogue import Source
from crawler.datadir import open_store
from crawler.health import Run
from graph.link import link_data, load, records
from output.exports import export


def record(kind: str, name: str, year: int, **fields: object) -> dict:
    source = {"id": f"s{year}", "url": f"http://a.example/{year}", "fetched": f"{year}-06-01T00:00:00Z"}
    return {"type": kind, "name": name, **fields, "source": source}


def test_old_sightings_keep_events_and_places_but_no_people(tmp_path: Path) -> None:
    speakers = [{"type": "Person", "name": "Ada Lovelace"}, {"type": "Person", "name": "Alan Turing"}]
    with open_store(tmp_path) as store:
        store.save_records(
            [
                record("Event", "Open Coffee", 2020, startDate="2012-11-08", performer=speakers),
                record("Person", "Grace Hopper", 2020),
                record("Person", "Ada Lovelace", 2026),
            ]
        )
    result = link_data(tmp_path)
    graph = load(tmp_path / "graph.json")
    assert {data["name"] for _, data in graph.nodes(data=True)} == {"Open Coffee", "Ada Lovelace"}
    assert result.retired == 2
    published = list(records(tmp_path))
    assert sorted(each["name"] for each in published) == ["Ada Lovelace", "Open Coffee"]
    assert "performer" not in next(each for each in published if each["type"] == "Event")


def test_a_clock_that_ran_ahead_once_makes_nobody_long_unseen(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.save_records(
            [record("Person", "Ada Lovelace", datetime.now(UTC).year - 1), record("Event", "Open Coffee", 2999)]
        )
    assert link_data(tmp_path).retired == 0


def at(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "now", lambda: f"{day}T00:00:00Z")


def test_nobody_stays_for_ever_because_every_source_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(tmp_path) as store:
        store.save_records([record("Person", "Ada Lovelace", 2020)])
        for month in range(6, 12):
            for year in range(2020, 2024):
                runs.save(store, "s2020", Run(f"{year}-{month:02}-01T00:00:00Z", "failing", "no such host"))
    at("2023-05-30", monkeypatch)
    assert link_data(tmp_path).retired == 0
    at("2023-11-02", monkeypatch)
    result = link_data(tmp_path)
    assert not result.unchanged
    assert result.retired == 1
    assert list(records(tmp_path)) == []


@pytest.mark.parametrize(
    ("known", "today", "present"),
    [
        (["2026-06-01"], "2026-06-02", "2026-06-02"),
        (["2026-06-01"], "2031-06-02", "2026-06-01"),  # a leap of the clock, or nobody was there for years
        (["2026-06-01", "2031-06-02"], "2031-06-09", "2026-06-01"),  # it goes on leaping for a week
        (["2026-06-01", "2031-06-02"], "2031-07-09", "2031-07-09"),  # it is right
        (["2026-06-01", "2031-06-02"], "2026-06-02", "2026-06-02"),  # it was wrong
        (["2020-06-01", "2021-05-01", "2022-04-01"], "2023-03-01", "2023-03-01"),
        ([], "2026-06-02", "2026-06-02"),
    ],
)
def test_a_clock_that_leaps_is_believed_after_a_month(known: list[str], today: str, present: str) -> None:
    assert retention.present(known, today) == present


def test_how_long_people_stay_is_set_like_a_limit_and_stands_in_the_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(tmp_path) as store:
        store.save_records([record("Person", "Ada Lovelace", 2024), record("Event", "Open Coffee", 2026)])
    at("2026-07-02", monkeypatch)
    assert link_data(tmp_path).retired == 0
    export(tmp_path)
    assert "for 3 years is" in " ".join((tmp_path / "export" / "NOTICE.md").read_text().split())
    monkeypatch.setattr(retention, "YEARS_MAX", 3)  # put back afterwards
    monkeypatch.setenv("RECROISE_LIMITS", "retention.YEARS_MAX=1")
    assert link_data(tmp_path).retired == 1
    export(tmp_path)
    notice = " ".join((tmp_path / "export" / "NOTICE.md").read_text().split())
    assert "for 1 year is" in notice
    assert "depuis 1 an n’y" in notice.replace("\N{NO-BREAK SPACE}", " ")


def test_what_a_source_says_no_more_tells_until_when_it_did(tmp_path: Path) -> None:
    def catalogue(name: str) -> dict:
        return Source(id=name, name=name, url="http://a.example/", community="blog", region="FR-BRE").model_dump(
            mode="json"
        )

    told = [record("Event", f"Open Coffee {year}", year, startDate=f"{year}-11-08") for year in (2024, 2025, 2026)]
    with open_store(tmp_path) as store:
        store.save_records(told)
        store.save_source(catalogue("s2024"), "2024-06-02T00:00:00Z", "healthy", None, 1, good=True)  # without it
        store.save_source(catalogue("s2025"), "2025-06-02T00:00:00Z", "failing", "no such host", 0, good=False)
        store.save_source(catalogue("s2026"), "2026-06-01T00:00:00Z", "healthy", None, 1, good=True)
    assert not link_data(tmp_path).unchanged
    graph = load(tmp_path / "graph.json")
    until = {data["name"]: [each.get("until") for each in data["sources"]] for _, data in graph.nodes(data=True)}
    assert until == {
        "Open Coffee 2024": ["2024-06-01T00:00:00Z"], "Open Coffee 2025": [None], "Open Coffee 2026": [None],
    }  # fmt: skip
    schema = json.loads((Path(graph_package.__file__).parent / "graph.schema.json").read_bytes())
    jsonschema.validate(json.loads((tmp_path / "graph.json").read_bytes()), schema)
    with open_store(tmp_path) as store:  # it comes back: that is news
        store.save_records([{**told[0], "source": {**told[0]["source"], "fetched": "2024-06-03T00:00:00Z"}}])
    assert not link_data(tmp_path).unchanged
    assert link_data(tmp_path).unchanged
