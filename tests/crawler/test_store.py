"""The store: keys, history, confirmation, atomic pages, and what a crash leaves."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.store import Store, StoreError
from crawler.stored import PageState

URL = "http://a.example/agenda"


def record(name: str = "Open Coffee", own: str = "1", source: str = "s", fetched: str = "2026-01-01T00:00:00Z") -> dict:
    return {"type": "Event", "id": own, "name": name, "source": {"id": source, "url": URL, "fetched": fetched}}


def page(read: str = "2026-01-01T00:00:00Z", url: str = URL, **state: str) -> PageState:
    return PageState(url=url, source="s", sha256="0" * 64, read=read, **state)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    with Store(tmp_path / "store.sqlite") as opened:
        yield opened


def test_a_record_is_found_again_with_when_it_was_seen(store: Store) -> None:
    store.save_page(page(), [record()])
    (found,) = store.records()
    assert (found.body, found.first_seen, found.last_seen) == (record(), page().read, page().read)


def test_the_same_again_changes_nothing_but_last_seen(store: Store) -> None:
    store.save_page(page(), [record()])
    store.save_page(page("2026-02-01T00:00:00Z"), [record(fetched="2026-02-01T00:00:00Z")])
    (found,) = store.records()
    assert (found.first_seen, found.last_seen) == ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")
    assert found.body["source"]["fetched"] == "2026-01-01T00:00:00Z"
    assert store.history(found.key) == []
    assert (store.counts["s"].new, store.counts["s"].same) == (1, 1)


def test_a_changed_record_keeps_its_key_and_its_past(store: Store) -> None:
    store.save_page(page(), [record()])
    store.flush()
    store.save_page(page("2026-02-01T00:00:00Z"), [record("Open Coffee, salle B")])
    (found,) = store.records()
    assert found.body["name"] == "Open Coffee, salle B"
    assert [past["name"] for past in store.history(found.key)] == ["Open Coffee"]
    assert store.counts["s"].changed == 1


def test_what_leaves_a_page_stays_in_the_store(store: Store) -> None:
    store.save_page(page(), [record(own="1"), record(own="2")])
    store.flush()
    store.save_page(page("2026-02-01T00:00:00Z"), [record(own="2")])
    seen = {found.body["id"]: found.last_seen for found in store.records()}
    assert seen == {"1": "2026-01-01T00:00:00Z", "2": "2026-02-01T00:00:00Z"}


def test_an_unchanged_page_confirms_what_it_says_now_not_what_it_said_once(store: Store) -> None:
    store.save_page(page(), [record(own="1"), record(own="2")])
    store.flush()
    store.save_page(page("2026-02-01T00:00:00Z"), [record(own="2")])
    store.flush()
    assert store.confirm_page("s", URL, "2026-03-01T00:00:00Z") == 1
    assert store.confirm_page("s", URL, "2026-04-01T00:00:00Z") == 1
    seen = {found.body["id"]: found.last_seen for found in store.records()}
    assert seen == {"1": "2026-01-01T00:00:00Z", "2": "2026-04-01T00:00:00Z"}


def test_a_page_is_known_with_its_validators_and_links(store: Store, tmp_path: Path) -> None:
    state = page(etag='"x"', last_modified="Thu, 01 Jan 2026 00:00:00 GMT", format="jsonld", version="v")
    store.save_page(state, [])
    store.flush()
    assert store.page("s", URL) == state
    with Store(tmp_path / "store.sqlite") as again:
        assert again.page("s", URL) == state
        assert again.page("s", "http://a.example/other") is None
        assert again.page("t", URL) is None


def test_records_come_in_one_order_whatever_order_they_went_in(tmp_path: Path) -> None:
    orders = []
    for name, owns in (("a", "1234"), ("b", "4213")):
        with Store(tmp_path / name) as store:
            store.save_records(record(own=own) for own in owns)
            orders.append([found.body["id"] for found in store.records()])
    assert orders[0] == orders[1]


def test_records_read_elsewhere_keep_their_own_source_and_day(store: Store) -> None:
    store.save_records([record(source="elsewhere", fetched="2020-05-05T00:00:00Z")])
    (found,) = store.records("elsewhere")
    assert found.last_seen == "2020-05-05T00:00:00Z"
    assert store.count("elsewhere") == 1
    assert store.count("s") == 0


def test_a_failed_run_does_not_move_the_last_good_one(store: Store) -> None:
    entry = {"id": "s", "name": "S"}
    store.save_source(entry, "2026-01-01T00:00:00Z", "healthy", None, 3, good=True)
    store.save_source(entry, "2026-01-02T00:00:00Z", "failing", "no such host", 0, good=False)
    known = store.sources()["s"]
    assert (known["last_run"], known["last_good"]) == ("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z")
    assert (known["state"], known["reason"], known["catalogue"]) == ("failing", "no such host", entry)


def test_leaving_by_an_error_stores_nothing_of_the_open_batch(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), Store(tmp_path / "s") as store:
        store.save_page(page(), [record()])
        raise RuntimeError
    with Store(tmp_path / "s") as store:
        assert list(store.records()) == []
        assert store.page("s", URL) is None


def test_a_killed_process_leaves_what_was_flushed_and_no_half_page(tmp_path: Path) -> None:
    script = f"""
import os, signal
from tests.crawler.test_store import page, record
from crawler.store import Store
store = Store({str(tmp_path / "s")!r})
store.save_page(page(), [record(own="1"), record(own="2")])
store.flush()
store.save_page(page(url="http://a.example/b"), [record(own="3")])
os.kill(os.getpid(), signal.SIGKILL)
"""
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", script], cwd=root, env={"PYTHONPATH": str(root)}, check=False)
    with Store(tmp_path / "s") as store:
        assert sorted(found.body["id"] for found in store.records()) == ["1", "2"]
        assert store.page("s", "http://a.example/b") is None


def test_rewriting_forgets_the_past_and_the_page(store: Store) -> None:
    store.save_page(page(), [record()])
    store.flush()
    store.save_page(page("2026-02-01T00:00:00Z"), [record("Open Coffee avec X")])
    (found,) = store.records()
    store.rewrite(found.key, record("Open Coffee"))
    assert [each.body["name"] for each in store.records()] == ["Open Coffee"]
    assert store.history(found.key) == []
    assert store.page("s", URL) is None
    store.rewrite(found.key, None)
    assert list(store.records()) == []


def test_what_is_no_database_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "s").write_bytes(b"not a database at all, but long enough to look at" * 50)
    with pytest.raises(StoreError, match="not a database") as error:
        Store(tmp_path / "s")
    assert "\n" not in str(error.value)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from("abc"), st.booleans()), max_size=12))
def test_batches_do_not_matter(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, bool]]) -> None:
    """However the same sightings are cut into batches, the store ends the same."""
    results = []
    for batched in (True, False):
        with Store(tmp_path_factory.mktemp("s") / "s") as store:
            for day, (own, name, flush) in enumerate(steps):
                store.save_page(page(f"2026-01-{day + 1:02}T00:00:00Z"), [record(name, str(own))])
                if flush or not batched:
                    store.flush()
            found = [(each.body, each.first_seen, each.last_seen, store.history(each.key)) for each in store.records()]
            counts = store.counts["s"]
            results.append((found, counts.new, counts.changed, counts.same))
    assert results[0] == results[1]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql+nothing://u:secret@db.example/x", "no SQLAlchemy address of a known database"),
        ("://", "no SQLAlchemy address of a known database"),
        ("postgresql://u:secret@db.example/x", "install its database's driver: pip install psycopg"),
    ],
)
def test_an_address_that_leads_to_no_store_is_told_without_its_password(address: str, told: str) -> None:
    if "driver" in told and find_spec("psycopg"):
        pytest.skip("the driver is installed")
    with pytest.raises(StoreError) as error:
        Store(address)
    assert told in str(error.value)
    assert "secret" not in str(error.value)
