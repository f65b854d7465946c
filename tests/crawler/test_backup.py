"""A broken store is recognised, and a copy of it takes its place."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.backup import FOLDER, BackupError, back_up, check, copies, forget_copies, restore
from crawler.datadir import STORE
from crawler.store import Store
from crawler.stored import PageState

URL = "http://a.example/agenda"
DAY = datetime(2026, 1, 1, tzinfo=UTC)


def fill(data: Path, count: int = 50) -> None:
    stamp = {"id": "s", "url": URL, "fetched": "2026-01-01T00:00:00Z"}
    records = [{"type": "Event", "id": str(n), "name": f"Rencontre {n}", "source": stamp} for n in range(count)]
    with Store(data / STORE) as store:
        store.save_page(PageState(URL, "s", "0" * 64, "2026-01-01T00:00:00Z"), records)


def test_a_copy_is_made_once_a_day_and_two_are_kept(tmp_path: Path) -> None:
    fill(tmp_path)
    assert back_up(tmp_path, DAY)
    assert back_up(tmp_path, DAY + timedelta(hours=3)) is None
    for days in (1, 2, 3):
        assert back_up(tmp_path, DAY + timedelta(days=days))
    assert [copy.name[6:14] for copy in copies(tmp_path)] == ["20260104", "20260103"]
    assert check(copies(tmp_path)[0]).records == 50


def test_without_a_store_there_is_nothing_to_copy(tmp_path: Path) -> None:
    assert back_up(tmp_path) is None
    with pytest.raises(BackupError, match="no sound copy"):
        restore(tmp_path)


@pytest.mark.parametrize("damage", ["overwritten", "cut", "emptied"])
def test_a_broken_store_is_recognised_and_replaced(tmp_path: Path, damage: str) -> None:
    fill(tmp_path)
    back_up(tmp_path, DAY)
    store = tmp_path / STORE
    content = store.read_bytes()
    broken = {
        "overwritten": content[:4096] + b"\xff" * 8192 + content[12288:],
        "cut": content[: len(content) // 2],
        "emptied": b"not a database at all" * 40,
    }[damage]
    store.write_bytes(broken)
    assert check(store).wrong
    restore(tmp_path)
    assert check(store).wrong == []
    with Store(store) as opened:
        assert opened.count("s") == 50
    assert (tmp_path / FOLDER / f"broken-{STORE}").read_bytes() == broken


def test_a_record_that_was_tampered_with_is_told(tmp_path: Path) -> None:
    import sqlite3

    fill(tmp_path, 2)
    with sqlite3.connect(tmp_path / STORE) as connection:
        connection.execute('UPDATE record SET body = \'{"type": "Event"}\' WHERE rowid = 1')
    (line,) = check(tmp_path / STORE).wrong
    assert "not a record: source: missing" in line


def test_copies_go_when_somebody_is_erased(tmp_path: Path) -> None:
    fill(tmp_path)
    back_up(tmp_path, DAY)
    forget_copies(tmp_path)
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_clock_that_ran_ahead_once_does_not_stop_the_copies(tmp_path: Path) -> None:
    fill(tmp_path)
    back_up(tmp_path, DAY + timedelta(days=400))
    assert back_up(tmp_path, DAY)
    assert back_up(tmp_path, DAY + timedelta(hours=1)) is None
    assert back_up(tmp_path, DAY + timedelta(days=1))
    assert [copy.name[6:14] for copy in copies(tmp_path)] == ["20260102", "20260101"]
