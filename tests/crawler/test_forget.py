"""Who was erased is nowhere, comes back by no spelling, and goes from the instances that read this one."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.catalogue import Source
from crawler.documents import Document, Erased
from crawler.forget import finish, forget, held, resume, traces
from crawler.intake import accept, take
from crawler.passed_on import withdraw
from crawler.privacy import Exclusions
from crawler.readers import read
from crawler.store import PageState, Store
from tests.conftest import Recroise, Sample

STAMP = {"id": "s", "url": "http://a.example/agenda", "fetched": "2026-01-01T00:00:00Z"}


def excluding(*names: str) -> Exclusions:
    exclusions = Exclusions()
    for name in names:
        exclusions.add(name)
    return exclusions


@pytest.mark.parametrize(
    ("erased", "seen"),
    [
        ("Karine Sabatier", "SABATIER Karine"),
        ("Karine Sabatier", "Karine M. Sabatier"),
        ("Karine Sabatier", "K. Sabatier"),
        ("SABATIER Karine", "K. Sabatier"),
        ("Karine Sabatier", "Sabatier, K."),
        ("Karine Sabatier", "KarineSabatier"),
        ("Karine Sabatier", "sabatierkarine"),
        ("Karine Sabatier", "Dr Karine Sabatier (Rennes)"),
        ("Karine M. Sabatier", "Karine Sabatier"),
        ("Jean-Pierre Dupont", "Jean Pierre DUPONT"),
        ("Jean-Pierre Dupont", "Jeanpierre Dupont"),
        ("Jean-Pierre Dupont", "J.-P. Dupont"),
        ("Jean-Pierre Dupont", "JP Dupont"),
        ("Anne de la Tour", "Anne La Tour"),
        ("Anne de la Tour", "A. de la Tour"),
        ("Yann Legoff", "Yann Le Goff"),
        ("Yann Le Goff", "Yann LeGoff"),
        ("Marie D’Angelo", "Marie Dangelo"),
        ("Zoë Müller", "Zoe Muller"),
        ("Łukasz Nowak", "łukasz NOWAK"),
    ],
)
def test_a_spelling_of_an_erased_name_is_known(erased: str, seen: str) -> None:
    exclusions = excluding(erased)
    assert exclusions.covers(seen)
    person = {"type": "Person", "name": seen, "source": STAMP}
    assert accept([person], exclusions).records == []
    assert seen not in exclusions.redact(f"Hier, {seen} parlait à Rennes.")


@pytest.mark.parametrize(
    "seen", ["Anne Sabatier", "Karine Martin", "Karine", "Sabatier", "M. Sabatier", "Karine S.", "Karin Sabatie"]
)
def test_others_stay(seen: str) -> None:
    assert not excluding("Karine Sabatier").covers(seen)


def test_an_exclusion_file_of_before_still_holds(tmp_path: Path) -> None:
    exclusions = excluding("Karine Sabatier")
    old = {"salt": exclusions.salt.hex(), "names": [exclusions._hash("karine sabatier")]}
    (tmp_path / "exclusions.json").write_text(json.dumps(old))
    loaded = Exclusions.load(tmp_path / "exclusions.json")
    assert loaded.covers("Sabatier Karine")
    loaded.add("Ada Lovelace")
    assert loaded.covers("A. Lovelace")


def fill(data: Path) -> None:
    person = {"type": "Person", "name": "Ada Lovelace", "url": "http://a.example/ada-lovelace"}
    event = {"type": "Event", "id": "1", "name": "Avec Ada Lovelace", "performer": [person], "source": STAMP}
    other = {"type": "Event", "id": "http://a.example/ada-lovelace/talk", "name": "Autre", "source": STAMP}
    with Store(data / "store.sqlite") as store:
        for instant, name in (("2026-01-01T00:00:00Z", "Avec Ada Lovelace"), ("2026-01-02T00:00:00Z", "Open Coffee")):
            page = PageState(STAMP["url"], "s", "0" * 64, instant, links=(("http://a.example/ada-lovelace", "entry"),))
            store.save_page(page, [{**event, "name": name}, {**person, "source": STAMP}, other])
        entry = {"id": "s", "name": "Le blog d'Ada Lovelace", "url": "http://a.example/agenda", "community": "blog"}
        store.save_source({**entry, "region": "FR"}, "2026-01-01T00:00:00Z", "failing", "ada-lovelace: 404", 1, True)


def test_nothing_of_the_name_is_left_in_the_store_and_its_keys_are_right(tmp_path: Path) -> None:
    from crawler.backup import back_up, check

    fill(tmp_path)
    back_up(tmp_path)
    assert len(held(tmp_path, ["Ada Lovelace"])) == 3
    done = forget(tmp_path, ["Ada Lovelace"])
    assert (done.removed, done.changed) == (1, 2)
    assert traces(tmp_path, ["Ada Lovelace"]) == []
    assert check(tmp_path / "store.sqlite").wrong == []
    with Store(tmp_path / "store.sqlite") as store:
        assert store.sources()["s"]["catalogue"]["name"] == "Le blog d'[…]"
    assert held(tmp_path, ["Ada Lovelace"]) == []


def test_a_source_that_is_the_person_s_own_goes_as_a_whole(tmp_path: Path) -> None:
    entry = {"id": "ada", "name": "Ada", "url": "http://adalovelace.example/", "community": "blog", "region": "FR"}
    stamp = {**STAMP, "id": "ada", "url": "http://adalovelace.example/"}
    with Store(tmp_path / "store.sqlite") as store:
        store.save_records([{"type": "Event", "id": "1", "name": "Open Coffee", "source": stamp}])
        store.save_source(entry, "2026-01-01T00:00:00Z", "healthy", None, 1, True)
    forget(tmp_path, ["Ada Lovelace"])
    with Store(tmp_path / "store.sqlite") as store:
        assert (list(store.records()), store.sources()) == ([], {})
    assert traces(tmp_path, ["Ada Lovelace"]) == []


def test_an_erasure_that_broke_off_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(Store, "rewrite", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space"):
            forget(tmp_path, ["Ada Lovelace"])
    assert traces(tmp_path, ["Ada Lovelace"])
    assert resume(tmp_path)
    assert traces(tmp_path, ["Ada Lovelace"]) == []
    finish(tmp_path)
    assert not resume(tmp_path)


def test_forget_leaves_no_byte_of_the_name_anywhere_and_the_next_run_brings_none_back(
    recroise: Recroise, sample: Sample
) -> None:
    run = ("run", "--data", sample.data, "--catalogue", sample.catalogue)
    assert recroise(*run).returncode == 3
    (sample.data / "judgements.jsonl").write_text(
        '{"left": "a", "right": "b", "verdict": "different", "by": "x", "when": "", "why": "karine SABATIER is another"}\n'
    )
    shown = recroise("show", "--all", "Karine Sabatier", "--json", "--data", sample.data)
    answer = json.loads(shown.stdout)
    assert answer["records"]
    assert all(each["record"]["source"]["url"] for each in answer["records"])
    assert answer["nodes"][0]["facts"][0]["sources"]
    done = recroise("forget", "Karine Sabatier", "--json", "--data", sample.data)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["left"] == []
    assert any(path.endswith("changes.atom") for path in told["replace"])
    assert traces(sample.data, ["Karine Sabatier"]) == []
    assert "[…] is another" in (sample.data / "judgements.jsonl").read_text()
    erased = json.loads((sample.data / "export" / "erasures.json").read_text())
    assert len(erased["nodes"]) == 1
    assert erased["removed"] or erased["changed"]
    assert recroise("check", "--data", sample.data).returncode == 0
    with closing(sqlite3.connect(sample.data / "store.sqlite")) as database:
        database.execute("DELETE FROM page")
        database.execute("DELETE FROM run")
        database.commit()
    assert recroise(*run).returncode == 3
    assert traces(sample.data, ["Karine Sabatier"]) == []
    again = recroise("show", "--all", "Karine Sabatier", "--data", sample.data)
    assert again.returncode == 1
    assert "nothing is held" in again.stderr


@pytest.fixture
def peer(tmp_path: Path) -> Store:
    """An instance that read another one's records: of a person, and of an event with them."""
    source = Source(id="peer", name="x", url="http://peer.example/records.jsonl", community="agenda", region="FR")
    stamp = {"id": "theirs", "url": "http://a.example/", "fetched": "2026-01-01T00:00:00Z"}
    person = {"type": "Person", "id": "person-aaa", "name": "Ada Lovelace"}
    records = [
        {"type": "Event", "id": "1", "name": "Open Coffee", "performer": [person], "source": stamp},
        {**person, "id": "person-aaa#1", "source": stamp},
        {"type": "Person", "id": "7", "name": "Alan Turing", "source": stamp},
    ]
    body = b"".join(json.dumps(record).encode() + b"\n" for record in records)
    document = Document(source.url, body, "2026-01-02T00:00:00Z", source)
    with Store(tmp_path / "store.sqlite") as store:
        store.save_page(
            PageState(source.url, "peer", "0" * 64, document.fetched),
            take(read(document), document, Exclusions()).records,
        )
        yield store


def test_erasures_are_passed_on_by_the_ids_of_nodes(peer: Store) -> None:
    done = withdraw(peer, "peer", Erased(frozenset(("person-aaa",)), frozenset(), frozenset()))
    assert (len(done.removed), len(done.changed)) == (1, 1)
    assert [record.body["name"] for record in sorted(peer.records(), key=lambda each: each.body["name"])] == [
        "Alan Turing", "Open Coffee",
    ]  # fmt: skip
    assert "Lovelace" not in str([state for _, states in peer.states() for state in states])
    assert not withdraw(peer, "peer", Erased(frozenset(("person-aaa",)), frozenset(), frozenset())).changed


def test_erasures_are_passed_on_by_the_keys_of_records_and_only_for_their_source(peer: Store) -> None:
    from crawler.records import record_key

    stamp = {"id": "theirs", "url": "http://a.example/", "fetched": "2026-01-01T00:00:00Z"}
    key = record_key({"type": "Person", "id": "7", "name": "Alan Turing", "source": stamp})
    assert not withdraw(peer, "other", Erased(frozenset(), frozenset((key,)), frozenset())).removed
    assert len(withdraw(peer, "peer", Erased(frozenset(), frozenset((key,)), frozenset())).removed) == 1


def test_a_page_whose_address_named_somebody_goes_and_nothing_said_before_is_kept(peer: Store) -> None:
    from crawler.documents import page_hash

    (event,) = [record for record in peer.records() if record.body["type"] == "Event"]
    renamed = {**event.body, "name": "Renamed"}
    peer.save_page(PageState("http://peer.example/records.jsonl", "peer", "1" * 64, "2026-01-03T00:00:00Z"), [renamed])
    peer.flush()
    nobody = Erased(frozenset(), frozenset(), frozenset())
    assert peer.history(event.key)
    assert withdraw(peer, "peer", nobody).changed
    assert peer.history(event.key) == []
    pages = frozenset((page_hash("http://a.example/"),))
    assert len(withdraw(peer, "peer", Erased(frozenset(), frozenset(), frozenset(), pages)).removed) == 3


def test_a_list_of_erasures_is_read_and_asked_for_beside_an_export(peer: Store) -> None:
    source = Source(id="peer", name="x", url="http://peer.example/graph.json", community="agenda", region="FR")
    body = b'{"schema": "https://recroise.org/schema/erasures-1.json", "nodes": ["person-aaa", 3], "removed": null}'
    reading = read(Document("http://peer.example/erasures.json", body, "2026-01-02T00:00:00Z", source))
    assert reading.erased == Erased(frozenset(("person-aaa",)), frozenset(), frozenset())
