"""Who was erased is nowhere, comes back by no spelling, and goes from the instances that read this one."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.catalogue import Source
from crawler.datadir import open_store
from crawler.documents import Document, Erased
from crawler.forget import ForgetError, finish, forget, held, resume, traces
from crawler.intake import accept, take
from crawler.passed_on import withdraw
from crawler.privacy import Exclusions, circles
from crawler.readers import read
from crawler.store import Store
from crawler.stored import PageState
from output import published
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
        ("Łukasz Nowak", "Lukasz Nowak"),
        ("Søren Kjær", "Soren Kjaer"),
        ("Soren Kjaer", "Søren Kjær"),
        ("Jürgen Müller", "Juergen Mueller"),
        ("Juergen Mueller", "Jürgen Müller"),
        ("Juergen Mueller", "J. Müller"),
        ("Jürgen Müller", "J. Mueller"),
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


@pytest.mark.parametrize(
    ("erased", "seen", "covered"),
    [
        ("Anne Dupont", "Anne Marie Dupont", True),
        ("Anne Dupont", "DUPONT Anne Marie", True),
        ("Anne Dupont", "Anne Marie Claire DUPONT", True),
        ("Anne de la Tour", "Anne Marie de la Tour", True),
        ("Anne Dupont", "Anne-Marie Dupont", False),  # another given name
        ("Anne Dupont", "Marie Dupont", False),
        ("Anne Dupont", "Anne Marie Martin", False),
        ("zythom", "Zythom", True),
        ("zythom", "Zythom Martin", False),
    ],
)
def test_what_may_be_another_s_name_is_theirs_only_where_they_are_known(erased: str, seen: str, covered: bool) -> None:
    exclusions = Exclusions()
    if " " in erased:
        exclusions.add(erased)
    exclusions.add_within(erased, circles(["blog"], ["La Cantine"], ["https://www.social.example/@zz/"]))
    person = {"type": "Person", "name": seen}
    stamp = {**STAMP, "id": "elsewhere"}
    around = [
        {**person, "source": {**STAMP, "id": "blog"}},
        {**person, "worksFor": {"type": "Organization", "name": "la cantine"}, "source": stamp},
        {**person, "url": "http://social.example/@zz", "source": stamp},
    ]
    for each in around:
        assert (accept([each], exclusions).records == []) == covered, each
    alone = exclusions.covers(seen)  # "DUPONT Anne" stands in a row
    assert alone == (seen == "DUPONT Anne Marie")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hier Anne Marie Dupont parlait.", "Hier […] parlait."),
        ("Anne et Paul Dupont", "Anne et Paul Dupont"),
        ("Anne, Paul Dupont", "Anne, Paul Dupont"),
        ("avec Anne-Marie Dupont", "avec Anne-Marie Dupont"),
        ("un billet de zythom, hier", "un billet de […], hier"),
        ("par Zythom Martin et Luc Zythom", "par Zythom Martin et Luc Zythom"),
    ],
)
def test_running_text_of_a_source_that_knows_them_loses_their_name_and_no_other(text: str, left: str) -> None:
    exclusions = excluding("Anne Dupont")
    for name in ("Anne Dupont", "zythom"):
        exclusions.add_within(name, ["source:blog"])
    assert exclusions.redact(text, ["source:blog"]) == left
    assert exclusions.redact(text, ["source:other"]) == text
    assert exclusions.redact(text) == text


def test_a_list_of_before_letters_were_compared_in_two_ways_holds() -> None:
    exclusions = Exclusions()
    exclusions.hashes = {exclusions._hash("kjær søren")}
    exclusions.words = {exclusions._hash(word)[:4] for word in ("søren", "kjær")}
    assert exclusions.covers("Søren Kjær")
    assert not exclusions.covers("Søren Berg")


def test_a_store_elsewhere_is_looked_at_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECROISE_STORE", f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")
    record = {"type": "Person", "name": "Ada Lovelace", "source": STAMP}
    with open_store(tmp_path) as store:
        store.save_records([record])
    assert [each["record"] for each in held(tmp_path, ["Ada Lovelace"])] == [record]


def test_where_somebody_is_known_comes_from_the_store_and_a_name_of_one_word_needs_it(tmp_path: Path) -> None:
    boss = {"type": "Person", "name": "Anne Dupont", "worksFor": {"type": "Organization", "name": "La Cantine"}}
    fuller = {**boss, "name": "Anne Marie Dupont", "source": {**STAMP, "id": "other"}}
    stranger = {"type": "Person", "name": "Anne Marie Dupont", "source": {**STAMP, "id": "third"}}
    nick = {"type": "Person", "name": "Zythom"}
    with Store(tmp_path / "store.sqlite") as store:
        store.save_records([{**boss, "source": STAMP}, fuller, stranger])
        for source in ("blog", "third"):
            store.save_records([{**nick, "source": {**STAMP, "id": source}}])
    forget(tmp_path, ["Anne Dupont"])
    with pytest.raises(ForgetError, match="one word"):
        forget(tmp_path, ["Zythom"])
    forget(tmp_path, ["Zythom"], ["source:blog"])
    with Store(tmp_path / "store.sqlite") as store:
        left = sorted((record.body["source"]["id"], record.body["name"]) for record in store.records())
    assert left == [("third", "Anne Marie Dupont"), ("third", "Zythom")]


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


def test_folders_published_to_before_are_made_anew_or_told_and_logs_and_broken_copies_are_looked_through(
    recroise: Recroise, sample: Sample, tmp_path: Path
) -> None:
    run = ("run", "--data", sample.data, "--catalogue", sample.catalogue)
    assert recroise(*run).returncode == 3
    public, gone, site = (tmp_path / name for name in ("public", "gone", "site"))
    for folder, more in ((public, ("--format", "graph", "--format", "records", "--format", "index")), (gone, ())):
        assert recroise("export", "--to", folder, "--data", sample.data, *more).returncode == 0
    shutil.rmtree(gone)
    site.mkdir()
    (site / "index.html").write_text("Karine Sabatier")
    published.remember(sample.data, site, "site")
    (sample.data / "backup" / "broken-store.sqlite").write_text("Karine Sabatier")
    (sample.data / "cron.log").write_text("failed for KARINE sabatier")
    assert traces(public, ["Karine Sabatier"])
    done = recroise("forget", "Karine Sabatier", "--json", "--data", sample.data)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert traces(public, ["Karine Sabatier"]) == []
    assert (public / "index.sqlite").exists()
    assert not (public / "graph.graphml").exists()
    assert str(public / "graph.json") in told["replace"]
    assert [line.split(":")[0] for line in told["again"]] == [str(gone), str(site)]
    assert told["left"] == [str(sample.data / "cron.log"), str(site / "index.html")]
    assert traces(sample.data, ["Karine Sabatier"]) == [sample.data / "cron.log"]


def test_a_pseudonym_is_forgotten_by_its_id(recroise: Recroise, tmp_path: Path) -> None:
    stamp = {"id": "blog-one", "url": "http://a.example/", "fetched": "2026-01-01T00:00:00Z"}
    lines = [
        {"type": "Person", "name": "Zythom", "url": "http://a.example/qui", "source": stamp},
        {"type": "Event", "id": "1", "name": "Un soir avec Zythom", "startDate": "2026-01-05", "source": stamp},
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    data = tmp_path / "data"
    assert recroise("ingest", tmp_path / "in.jsonl", "--data", data).returncode == 0
    for command in ("link", "export"):
        assert recroise(command, "--data", data).returncode == 0
    refused = recroise("forget", "Zythom", "--data", data)
    assert refused.returncode == 1
    assert "one word" in refused.stderr
    nodes = json.loads((data / "export" / "graph.json").read_text())["nodes"]
    (who,) = [node["id"] for node in nodes if node["type"] == "Person"]
    assert json.loads(recroise("show", "--all", who, "--json", "--data", data).stdout)["records"]
    done = recroise("forget", who, "--data", data)
    assert done.returncode == 0, done.stderr
    for _ in range(2):
        assert not [path for path in data.rglob("*") if path.is_file() and b"zythom" in path.read_bytes().lower()]
        assert recroise("ingest", tmp_path / "in.jsonl", "--data", data).returncode == 0


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
        '{"left": "c", "right": "d", "verdict": "same", "by": "x", "when": "", "why": "Karine Dupont"}\n'
    )
    shown = recroise("show", "--all", "Karine Sabatier", "--json", "--data", sample.data)
    answer = json.loads(shown.stdout)
    assert answer["records"]
    assert [each["why"] for each in answer["judgements"]] == ["karine SABATIER is another"]
    own = next(each["key"] for each in answer["records"] if each["record"]["type"] == "Person")
    with (sample.data / "judgements.jsonl").open("a") as log:
        log.write(f'{{"left": "{own}", "right": "z", "verdict": "unsure", "why": "review"}}\n')
    printed = recroise("show", "--all", "Karine Sabatier", "--data", sample.data).stdout
    assert f"unsure: {own} and z" in printed
    assert "different: a and b" in printed
    assert "karine SABATIER is another" in printed
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
