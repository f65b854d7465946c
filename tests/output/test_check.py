"""``recroise check``: what does not fit together is told, and mended."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crawler.backup import back_up
from output.check import check, repair
from tests.conftest import Recroise


@pytest.fixture
def data(crawled: Path, tmp_path: Path) -> Path:
    shutil.copytree(crawled, tmp_path / "data")
    return tmp_path / "data"


def damage(store: Path) -> None:
    content = bytearray(store.read_bytes())
    content[8192 : 8192 + 24_576] = b"\xff" * 24_576
    store.write_bytes(content)
    for end in ("-wal", "-shm"):
        store.with_name(store.name + end).unlink(missing_ok=True)


def test_what_was_run_is_sound_and_a_look_changes_nothing(data: Path) -> None:
    before = {path: path.read_bytes() for path in (data / "export").rglob("*") if path.is_file()}
    found = check(data)
    assert found.wrong == ()
    assert found.records > 60
    assert {path: path.read_bytes() for path in (data / "export").rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "command", [["sources"], ["link"], ["export"], ["why", "person-x"], ["forget", "Ada Lovelace"]]
)
def test_a_broken_store_is_one_line_that_names_check(data: Path, recroise: Recroise, command: list[str]) -> None:
    damage(data / "store.sqlite")
    done = recroise(*command, "--data", data)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("recroise: ")
    assert line.endswith("run: recroise check")


def test_a_broken_store_is_told_and_repaired_from_the_last_sound_copy(data: Path, recroise: Recroise) -> None:
    damage(data / "store.sqlite")
    done = recroise("check", "--data", data)
    assert done.returncode == 1
    assert "store.sqlite" in done.stderr
    assert "recroise check --repair" in done.stderr
    done = recroise("check", "--repair", "--json", "--data", data)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sound"]
    assert check(data).wrong == ()


def test_a_store_that_is_gone_is_taken_from_its_copy(data: Path) -> None:
    (data / "store.sqlite").unlink()
    assert any("there are copies" in finding.what for finding in check(data).wrong)
    assert repair(data).wrong == ()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("graph.json", "is not what the graph gives"),
        ("records.jsonl", "is not what the graph gives"),
        ("changes.jsonl", "not a change"),
        ("index.sqlite", "not an index"),
        ("badges/sample-robots.svg", "is not what the graph gives"),
    ],
)
def test_a_published_file_that_is_not_what_the_graph_gives_is_told(data: Path, name: str, what: str) -> None:
    path = data / "export" / name
    path.write_bytes(path.read_bytes()[:-700] + b"?" * 500 if name != "index.sqlite" else b"?" * 5_000)
    findings = [finding for finding in check(data).wrong if finding.where == str(path)]
    assert what in findings[0].what
    assert findings[0].todo == "recroise export"


def test_an_index_that_says_something_else_is_told(data: Path) -> None:
    with closing(sqlite3.connect(data / "export" / "index.sqlite")) as database:
        database.execute("DELETE FROM node WHERE rowid = (SELECT min(rowid) FROM node)")
        database.commit()
    (finding,) = check(data).wrong
    assert finding.where.endswith("index.sqlite")
    assert "table node" in finding.what


def test_a_graph_that_was_not_made_of_this_store_is_told(data: Path) -> None:
    graph = json.loads((data / "graph.json").read_bytes())
    graph["nodes"][0]["sources"][0]["url"] = "http://elsewhere.example/"
    (data / "graph.json").write_text(json.dumps(graph))
    assert any("pages that the store does not hold" in finding.what for finding in check(data).wrong)
    assert repair(data).wrong == ()


def test_a_file_that_a_person_wrote_is_theirs_to_mend(data: Path) -> None:
    (data / "objections.txt").write_text("a b c")
    (finding,) = check(data).wrong
    assert "objections.txt, line 1" in finding.what
    assert finding.todo.startswith("mend ")


def test_a_directory_that_is_not_there_is_named(recroise: Recroise, tmp_path: Path) -> None:
    done = recroise("check", "--data", tmp_path / "none")
    assert done.returncode == 1
    assert "there is no such directory" in done.stderr


def test_an_index_without_its_words_is_told_and_mended(data: Path) -> None:
    (words,) = (data / "export").glob("index-*/")
    shutil.rmtree(words)
    (finding,) = check(data).wrong
    assert (finding.where, finding.what) == (str(words), "is missing")
    assert repair(data).wrong == ()


def test_a_store_elsewhere_is_looked_at_and_is_its_database_s_to_back_up(
    data: Path, tmp_path: Path, recroise: Recroise, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere.sqlite"
    shutil.move(data / "store.sqlite", elsewhere)
    shutil.rmtree(data / "backup")
    monkeypatch.setenv("RECROISE_STORE", f"sqlite:///{elsewhere}")
    done = recroise("check", "--data", data)
    assert done.returncode == 0, done.stderr
    where, looked = done.stdout.splitlines()
    assert str(elsewhere) in where
    assert "back it up" in where
    assert int(looked.split()[2]) > 60
    assert back_up(data) is None
    monkeypatch.setenv("RECROISE_STORE", str(elsewhere))
    assert check(data).records > 60
    with closing(sqlite3.connect(elsewhere)) as store:
        store.execute("UPDATE record SET content = 'x' WHERE key = (SELECT min(key) FROM record)")
        store.commit()
    found = repair(data)  # cannot be done here, and nothing is made of it
    assert [(each.what.split(": ")[-1], "own restore" in each.todo) for each in found.wrong] == [
        ("is not what was written", True)
    ]
    assert found.repaired == ()
    monkeypatch.setenv("RECROISE_STORE", "postgresql+nothing://somebody:secret@db.example/recroise")
    (wrong,) = check(data).wrong
    assert "db.example" in wrong.where
    assert "secret" not in wrong.where + wrong.what
