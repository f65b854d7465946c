"""A person whom no source has named for years goes from the graph and from the published records."""

from datetime import UTC, datetime
from pathlib import Path

from crawler.datadir import open_store
from graph.link import link_data, load, records


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
