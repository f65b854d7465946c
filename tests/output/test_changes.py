"""What an export changed, as lines and as a feed."""

import json
from pathlib import Path

import feedparser
import pytest

from crawler.store import Store
from graph.link import link_data
from output.exports import export
from output.exports.changes import ChangesError, read_log

URL = "http://a.example/agenda"
EVENT = {
    "type": "Event", "id": "1", "name": "Open Coffee", "startDate": "2026-12-01",
    "performer": [{"type": "Person", "name": "Ada Lovelace", "url": "http://a.example/ada"}],
}  # fmt: skip
OTHER = {"type": "Event", "id": "2", "name": "Breizh'péro", "startDate": "2026-12-02"}


class Instance:
    """A data directory to which one record after another comes, exported after each."""

    def __init__(self, data: Path) -> None:
        self.data, self.day = data, 0

    def run(self, *records: dict, gone: tuple[str, ...] = ()) -> list[dict]:
        self.day += 1
        stamp = {"id": "s", "url": URL, "fetched": f"2026-01-{self.day:02}T00:00:00Z"}
        with Store(self.data / "store.sqlite") as store:
            store.save_records([{**record, "source": stamp} for record in records])
            for record in list(store.records()):
                if record.body["name"] in gone:
                    store.rewrite(record.key, None)
        link_data(self.data)
        export(self.data)
        return read_log(self.data / "export" / "changes.jsonl")

    def bytes(self, name: str) -> bytes:
        return (self.data / "export" / name).read_bytes()


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path)


def test_added_changed_and_removed_are_told_and_nothing_is_rewritten(instance: Instance) -> None:
    first = instance.run(EVENT, OTHER)
    assert {(each["change"], each["name"]) for each in first} == {
        ("added", "Open Coffee"), ("added", "Ada Lovelace"), ("added", "Breizh'péro"),
    }  # fmt: skip
    before = instance.bytes("changes.jsonl"), instance.bytes("changes.atom")
    assert instance.run(EVENT, OTHER) == first
    assert (instance.bytes("changes.jsonl"), instance.bytes("changes.atom")) == before
    last = instance.run({**OTHER, "startDate": "2026-12-09", "eventStatus": "EventCancelled"})[-1]
    assert (last["change"], last["name"], last["fields"]) == ("changed", "Breizh'péro", ["eventStatus", "startDate"])
    removed = instance.run(gone=("Breizh'péro",))
    assert removed[-1].keys() == {"id", "when", "change", "node", "type"}
    assert (removed[-1]["change"], removed[-1]["node"]) == ("removed", last["node"])
    assert [each["id"] for each in removed if each["node"] != last["node"]] == [
        each["id"] for each in first if each["node"] != last["node"]
    ]


def test_who_is_gone_leaves_an_id_and_no_name(instance: Instance) -> None:
    instance.run(EVENT)
    log = instance.run({key: value for key, value in EVENT.items() if key != "performer"}, gone=("Open Coffee",))
    assert [(each["change"], each["type"]) for each in log] == [("removed", "Event"), ("removed", "Person")]
    for name in ("changes.jsonl", "changes.atom"):
        assert b"Lovelace" not in instance.bytes(name)
        assert b"person-" in instance.bytes(name)


def test_a_name_that_is_no_more_stands_on_no_older_line(instance: Instance) -> None:
    instance.run({**OTHER, "name": "Soirée avec Ada Lovelace"})
    instance.run({**OTHER, "name": "Soirée avec […]"})
    assert b"Lovelace" not in instance.bytes("changes.jsonl") + instance.bytes("changes.atom")


def test_the_feed_can_be_read_and_its_ids_are_those_of_the_lines(instance: Instance) -> None:
    log = instance.run(EVENT, {**OTHER, "name": "<b>gras</b> & \u0007sonnerie"})
    feed = feedparser.parse(instance.bytes("changes.atom"))
    assert not feed.bozo
    assert [entry.id.rpartition("/")[2] for entry in reversed(feed.entries)] == [each["id"] for each in log]
    assert "Added: Ada Lovelace" in [entry.title for entry in feed.entries]


def test_a_log_that_is_broken_is_told_and_the_last_export_stays(instance: Instance) -> None:
    instance.run(EVENT)
    path = instance.data / "export" / "changes.jsonl"
    path.write_bytes(path.read_bytes() + b'{"id"\n')
    with pytest.raises(ChangesError, match=r"changes.jsonl, line 3: not a change .*; remove it"):
        export(instance.data)
    assert json.loads(instance.bytes("graph.json"))["nodes"]
