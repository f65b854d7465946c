"""A disk that is full, limited or cannot be written: one line, nothing lost, and the next run goes on."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from crawler import storefile
from crawler.store import Store, StoreError
from output.check import check
from output.exports import words
from tests.conftest import ROOT, Recroise, Sample

WHO = "Karine Sabatier"


def limited(size: int, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run ``recroise`` where no file may grow beyond so many bytes."""
    return subprocess.run(
        [sys.executable, "-c", "from output.cli import main; main()", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )


def keys(data: Path) -> set[str]:
    with closing(sqlite3.connect(data / "store.sqlite")) as database:
        return {key for (key,) in database.execute("SELECT key FROM record")}


@pytest.fixture
def data(crawled: Path, tmp_path: Path) -> Path:
    shutil.copytree(crawled, tmp_path / "data")
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("command", "size"),
    [
        (("link",), 20_000),
        (("export",), 20_000),  # while the words of the index are written
        (("export", "--to", "elsewhere"), 60_000),
        (("publish", "site"), 20_000),
        (("forget", WHO), 60_000),
    ],
)
def test_where_files_may_not_grow_it_is_one_line_and_the_next_run_goes_on(
    data: Path, recroise: Recroise, command: tuple[str, ...], size: int
) -> None:
    given = [data.parent / word if word in ("elsewhere", "site") else word for word in command]
    if command[0] == "link":
        (data / "linked.json").unlink()
    before = keys(data)
    done = limited(size, *given, "--data", data)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("recroise: ")
    if command[0] != "forget":
        assert keys(data) == before
    assert recroise(*given, "--data", data).returncode == 0
    assert check(data).wrong == ()


def test_a_crawl_that_cannot_store_says_so_once(sample: Sample, recroise: Recroise) -> None:
    done = limited(120_000, "crawl", "--data", sample.data, "--catalogue", sample.catalogue)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("recroise: ")
    assert "store.sqlite" in line
    assert recroise("crawl", "--data", sample.data, "--catalogue", sample.catalogue).returncode == 3
    assert len(keys(sample.data)) > 60


def test_where_the_words_of_an_index_cannot_be_written_it_is_told_as_of_any_file(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError, match="File too large") as told:
            words.write([], tmp_path, "index-")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(told.value.filename).startswith(str(tmp_path))


def test_a_store_is_full_when_its_disk_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(tmp_path / "store.sqlite"):
        pass
    # A directory in the place of its log: what SQLite says then, it says too where a full disk has no room for one.
    (tmp_path / "store.sqlite-wal").mkdir()
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(storefile.shutil, "disk_usage", lambda _: usage._replace(free=0))
    with pytest.raises(StoreError, match=r"the disk is full; make room and give the command again") as told:
        Store(tmp_path / "store.sqlite")
    assert "recroise check" not in str(told.value)


def test_a_store_that_cannot_be_written_can_be_looked_at(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(path.name for path in data.iterdir())
    access = os.access
    monkeypatch.setattr(storefile.os, "access", lambda path, mode: False if mode == os.W_OK else access(path, mode))
    with Store(data / "store.sqlite") as store:
        assert len(list(store.records())) > 60
        assert sorted(path.name for path in data.iterdir()) == before
        with pytest.raises(StoreError, match="the disk cannot be written to: nothing was changed"):
            store.drop_source("sample-robots")
