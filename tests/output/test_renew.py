"""The daily job where nothing changed: graph and export stay, what tells of runs is written anew."""

import json
import shutil
from pathlib import Path

import pytest

from crawler import runs
from crawler.datadir import open_store
from crawler.health import Run
from graph.state import unchanged
from output.check import check
from output.exports import note, renew
from output.jobs import forget
from tests.conftest import Recroise, Sample


@pytest.fixture
def data(crawled: Path, tmp_path: Path) -> Path:
    shutil.copytree(crawled, tmp_path / "data")
    note(tmp_path / "data")
    return tmp_path / "data"


def states(data: Path) -> dict[str, int]:
    folder = data / "export"
    return {str(path.relative_to(folder)): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def test_the_second_run_writes_only_what_tells_of_runs(sample: Sample, recroise: Recroise) -> None:
    run = ("run", "--data", sample.data, "--catalogue", sample.catalogue)
    assert recroise(*run).returncode == 3
    before = states(sample.data)
    done = recroise(*run)
    assert ", as before." in done.stdout
    after = states(sample.data)
    assert set(after) == set(before)
    written = {name.partition("/")[0] for name in after if after[name] != before[name]}
    assert written == {"sources.json", "health.json", "badges"}
    assert check(sample.data).wrong == ()


def test_a_source_that_fails_is_told_though_the_graph_stays(data: Path) -> None:
    with open_store(data) as store:
        name = next(name for name, row in store.sources().items() if row["state"] == "healthy")
        runs.save(store, name, Run("2031-01-01T00:00:00Z", "failing", "timeout", "no answer"))
    assert unchanged(data)
    assert renew(data) is not None
    (row,) = (row for row in json.loads((data / "export" / "sources.json").read_bytes()) if row["id"] == name)
    assert row["state"] == "failing"
    assert row["stale"]
    assert json.loads((data / "export" / "health.json").read_bytes())[name]["state"] == "failing"
    assert check(data).wrong == ()


@pytest.mark.parametrize("file", ["records.jsonl", "graph.json", "places.geojson", "lookup/names.json"])
def test_a_file_that_somebody_touched_is_written_anew(data: Path, file: str) -> None:
    assert renew(data) is not None
    with (data / "export" / file).open("ab") as touched:
        touched.write(b" ")
    assert renew(data) is None


def test_another_contact_another_graph_or_no_note_is_exported_anew(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECROISE_CONTACT", "https://example.org/another")
    assert renew(data) is None
    monkeypatch.undo()
    assert renew(data) is not None
    (data / "exported.json").write_text("{")
    assert renew(data) is None
    note(data)
    graph = (data / "graph.json").read_bytes()
    (data / "graph.json").write_bytes(graph + b" ")
    assert unchanged(data) is None
    assert renew(data) is None


def test_what_the_catalogue_says_of_a_source_is_part_of_the_graph(data: Path) -> None:
    assert unchanged(data)
    with open_store(data) as store:
        row = next(row for row in store.sources().values() if row["state"] == "healthy")
        entry = {**row["catalogue"], "name": "Another name"}
        store.save_source(entry, row["last_run"], "healthy", None, row["documents"], good=True)
    assert unchanged(data) is None


def test_after_an_erasure_it_is_exported_anew(data: Path) -> None:
    forget("Karine Sabatier", data, json=True)
    assert renew(data) is None
