"""A bad day is noticed, and does not wipe good data."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import runs
from crawler.catalogue import Source
from crawler.conclusions import conclude
from crawler.health import Run, baseline, judge, last_good, trend
from crawler.outcomes import Outcome
from crawler.store import Store
from crawler.stored import PageState


def source(**more: Any) -> Source:
    fields = {"id": "xx", "name": "x", "url": "http://a.example/", "community": "blog", "region": "FR"}
    return Source.model_validate(fields | more)


def run(day: int, records: int, **more: Any) -> Run:
    more = {"new": 1, "documents": 4, "coverage": {"Event.location": 0.9}} | more
    return Run(f"2026-01-{day:02}T00:00:00Z", "healthy", records=records, **more)


PAST = [run(day, 20) for day in range(1, 6)]


@pytest.mark.parametrize(
    ("now", "more", "state", "suspicions"),
    [
        (run(9, 20), {}, "healthy", ()),
        (run(9, 30), {}, "healthy", ()),
        (run(9, 10), {}, "healthy", ()),
        (run(9, 9), {}, "shrinking", ("shrunk",)),
        (run(9, 0, documents=4, coverage={}), {}, "empty", ("shrunk",)),
        (run(9, 0, documents=4, coverage={}), {"may_be_empty": True}, "healthy", ()),
        (run(9, 15), {"minimum": 18}, "shrinking", ("below minimum",)),
        (run(9, 20, documents=1), {}, "shrinking", ("one page",)),
        (run(9, 20, coverage={"Event.location": 0.02}), {}, "healthy", ("field vanished: Event.location",)),
        (run(9, 20, coverage={"Event.location": 0.3}), {}, "healthy", ()),
        (run(9, 20, new=20), {}, "healthy", ("all ids new",)),
        (run(9, 20, new=19), {}, "healthy", ("all ids new",)),  # the series that its events belong to is as before
        (run(9, 20, new=15), {}, "healthy", ()),
        (Run("2026-01-09T00:00:00Z", "failing", reason="timeout"), {}, "failing", ()),
    ],
)
def test_a_run_is_judged_by_the_ones_before(now: Run, more: dict, state: str, suspicions: tuple) -> None:
    judged = judge(now, PAST, source(**more))
    assert (judged.state, judged.suspicions) == (state, suspicions)


def test_the_same_twice_is_how_the_source_is_now() -> None:
    first = judge(run(9, 5), PAST, source())
    again = judge(run(10, 6), [*PAST, first], source())
    assert first.suspicions
    assert (again.state, again.suspicions, again.confirmed) == ("healthy", (), True)
    after = judge(run(11, 5), [*PAST, first, again], source())
    assert (after.state, after.suspicions) == ("healthy", ())
    assert baseline([*PAST, first, again, after]) == [again, after]


def test_another_bad_day_of_another_kind_confirms_nothing() -> None:
    first = judge(run(9, 5), PAST, source())
    again = judge(run(10, 20, documents=1), [*PAST, first], source())
    assert again.suspicions == ("one page",)


def test_a_new_source_is_judged_by_nothing() -> None:
    assert judge(run(1, 1), [], source()).suspicions == ()
    assert judge(run(1, 0, coverage={}), [], source()).state == "empty"


def test_a_source_that_says_nothing_new_for_a_year_is_stale() -> None:
    old = [Run(f"2024-0{month}-01T00:00:00Z", "healthy", records=9, new=int(month == 1)) for month in range(1, 6)]
    judged = judge(Run("2026-01-01T00:00:00Z", "healthy", records=9), old, source())
    assert judged.state == "stale"


def test_the_last_good_run_is_neither_failed_nor_doubtful() -> None:
    bad = [judge(run(9, 2), PAST, source()), Run("2026-01-10T00:00:00Z", "failing")]
    assert last_good([*PAST, *bad]) == PAST[-1].at
    assert trend([*PAST, *bad]) == "█████▂×"


@given(st.lists(st.builds(Run, at=st.just("2026-01-01T00:00:00Z"), state=st.sampled_from(("healthy", "failing", "empty")),
       records=st.integers(0, 50), new=st.integers(0, 50), documents=st.integers(0, 9)), max_size=9))  # fmt: skip
def test_any_past_gives_a_verdict(past: list[Run]) -> None:
    judged = judge(run(9, 7), past, source())
    assert judged.state in ("healthy", "shrinking", "stale")
    assert len(trend(past)) == min(len(past), 8)


def event(own: int, name: str = "Open Coffee") -> dict[str, Any]:
    stamp = {"id": "xx", "url": "http://a.example/", "fetched": "2026-01-01T00:00:00Z"}
    return {"type": "Event", "id": str(own), "name": name, "source": stamp}


def crawl(store: Store, at: str, events: list[dict[str, Any]], failure: bool = False) -> Run:
    """Do what a crawl does with one source that has one page."""
    outcome = Outcome("xx", read=1)
    if failure:
        outcome = Outcome("xx", failed_state="failing", failed_class="timeout", failure="timed out")
    else:
        store.save_page(PageState("http://a.example/", "xx", "0" * 64, at), events)
    return conclude(store, source(), outcome, at)


def names(store: Store) -> list[str]:
    return sorted(record.body["name"] for record in store.records())


GOOD = [event(number, f"Rencontre {number}") for number in range(8)]


def test_what_a_bad_day_brings_is_kept_back_and_goes_when_the_source_is_well_again(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite") as store:
        crawl(store, "2026-01-01T00:00:00Z", GOOD)
        bad = crawl(store, "2026-01-02T00:00:00Z", [event(1, "404"), event(99, "Page introuvable")])
        assert bad.suspicions == ("shrunk",)
        assert names(store) == [event["name"] for event in GOOD]
        crawl(store, "2026-01-03T00:00:00Z", [], failure=True)
        assert names(store) == [event["name"] for event in GOOD]
        crawl(store, "2026-01-04T00:00:00Z", GOOD)
        assert names(store) == [event["name"] for event in GOOD]
        assert store.holds() == {}


def test_what_the_next_run_confirms_is_believed(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite") as store:
        crawl(store, "2026-01-01T00:00:00Z", GOOD)
        crawl(store, "2026-01-02T00:00:00Z", [event(99, "Autre chose")])
        assert "Autre chose" not in names(store)
        assert crawl(store, "2026-01-03T00:00:00Z", [event(99, "Autre chose")]).confirmed
        assert "Autre chose" in names(store)
        assert "Rencontre 3" in names(store)  # what left a list is not gone


def test_a_failure_in_between_does_not_keep_it_from_being_confirmed() -> None:
    first = judge(run(9, 5), PAST, source())
    between = Run("2026-01-10T00:00:00Z", "failing", reason="timeout")
    assert judge(run(11, 5), [*PAST, first, between], source()).confirmed


def test_what_was_read_while_the_clock_ran_ahead_is_not_taken_for_new_on_a_bad_day(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite") as store:
        crawl(store, "2031-01-01T00:00:00Z", GOOD)
        store.put_before("2026-01-01T00:00:00Z")  # as each crawl does first
        assert {record.last_seen for record in store.records()} == {"2025-12-31T23:59:59Z"}
        crawl(store, "2026-01-01T00:00:00Z", GOOD)
        bad = crawl(store, "2026-01-02T00:00:00Z", [event(99, "Page introuvable")])
        assert bad.suspicions == ("shrunk",)
        assert names(store) == [event["name"] for event in GOOD]
        crawl(store, "2026-01-03T00:00:00Z", GOOD[:7])  # one has left the list since
        assert names(store) == [event["name"] for event in GOOD]


def test_a_bad_day_right_after_the_clock_was_put_right_is_noticed(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite") as store:
        for year in (2029, 2030, 2031):
            crawl(store, f"{year}-01-01T00:00:00Z", [{**each, "description": f"of {year}"} for each in GOOD])
        store.save_source(source().model_dump(mode="json"), "2031-01-01T00:00:00Z", "healthy", None, 1, True)
        store.put_before("2026-01-01T00:00:00Z")
        assert store.sources()["xx"]["last_good"] == "2025-12-31T23:59:59Z"
        bad = crawl(store, "2026-01-01T00:00:00Z", [event(99, "Page introuvable")])
        assert (bad.records, bad.new, bad.suspicions) == (1, 1, ("shrunk",))
        assert {record.body["description"] for record in store.records()} == {"of 2031"}


def test_runs_from_while_the_clock_ran_ahead_are_kept_in_their_order_before_the_present_one(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite") as store:
        for number, at in enumerate(
            ["2026-01-01T00:00:00Z", "2026-01-02T00:00:01Z", "2028-01-01T00:00:00Z", "2028-02-01T00:00:00Z"]
        ):
            runs.save(store, "xx", Run(at, "healthy", records=number))
        runs.save(store, "xx", Run("2026-01-02T00:00:02Z", "healthy", records=9))
        known = runs.past(store, "xx")["xx"]
        assert [(each.at, each.records) for each in known] == [
            ("2026-01-01T00:00:00Z", 0),
            ("2026-01-01T23:59:59Z", 1),
            ("2026-01-02T00:00:00Z", 2),
            ("2026-01-02T00:00:01Z", 3),
            ("2026-01-02T00:00:02Z", 9),
        ]


@pytest.mark.parametrize(
    ("before", "later", "behind"), [(0, 0, False), (1, 1, False), (0, 1, True), (3, 2, False), (3, 4, True)]
)
def test_a_clock_that_is_behind_most_days_is_not_believed(before: int, later: int, behind: bool) -> None:
    with Store("sqlite://") as store:
        for number in range(5):  # however many sources were read on each of them
            for day in range(before):
                runs.save(store, f"s-{number}", Run(f"2026-01-{day + 1:02}T00:00:00Z", "healthy"))
        for day in range(later):
            for number in range(9):
                runs.save(store, f"s-{number}", Run(f"2028-01-{day + 1:02}T00:00:00Z", "healthy"))
        if behind:
            with pytest.raises(runs.ClockError, match=r"the last on 2028-01-0\d: set the clock"):
                runs.hold_against(store, "2026-01-20T00:00:00Z")
        else:
            runs.hold_against(store, "2026-01-20T00:00:00Z")


@settings(max_examples=30)
@given(st.lists(st.integers(0, 2_000), min_size=1, max_size=12))
def test_whatever_the_clock_does_no_run_goes_and_the_last_stays_the_last(days: list[int]) -> None:
    with Store("sqlite://") as store:
        for number, day in enumerate(days):
            at = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day // 2, seconds=number)).strftime(
                "%Y-%m-%dT%H:%M:%SZ"
            )
            runs.save(store, "xx", Run(at, "healthy", records=number))
        known = runs.past(store, "xx")["xx"]
        assert [each.records for each in known] == list(range(len(days)))
        assert known[-1].at == at
        assert len({each.at for each in known}) == len(known)


def test_a_person_may_accept_it_at_once(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite") as store:
        crawl(store, "2026-01-01T00:00:00Z", GOOD)
        crawl(store, "2026-01-02T00:00:00Z", [event(99, "Autre chose")])
        assert runs.accept(store, "xx")
        assert not runs.accept(store, "xx")
        assert "Autre chose" in names(store)
        assert not crawl(store, "2026-01-03T00:00:00Z", [event(99, "Autre chose")]).suspicions


def test_what_was_confirmed_below_the_minimum_is_not_odd_again_every_other_day() -> None:
    past: list[Run] = []
    for day, records in enumerate([3, 3, 3, 3, 2, 2, 2, 9, 4], 1):
        past.append(judge(run(day, records, new=0), past, source(minimum=5)))
    assert [bool(each.suspicions) for each in past] == [True, *[False] * 3, True, *[False] * 3, True]


@pytest.mark.parametrize("failed_since", [False, True])
def test_what_is_held_can_be_accepted_whatever_failed_since_and_then_nothing_is_said_of_it(
    tmp_path: Path, failed_since: bool
) -> None:
    with Store(tmp_path / "store.sqlite") as store:
        crawl(store, "2026-01-01T00:00:00Z", GOOD)
        held = crawl(store, "2026-01-02T00:00:00Z", [event(99, "Autre chose")])
        entry = source().model_dump(mode="json")
        store.save_source(entry, held.at, held.state, held.why, held.documents, held.good)
        if failed_since:
            outcome = Outcome("xx", failed_state="failing", failed_class="timeout", failure="no answer in time")
            failed = conclude(store, source(), outcome, "2026-01-03T00:00:00Z")
            store.save_source(entry, failed.at, failed.state, failed.why, failed.documents, failed.good)
        assert runs.accept(store, "xx")
        assert "Autre chose" in names(store)
        row = runs.table(store)["xx"]
        told = ("failing", "timeout", "no answer in time") if failed_since else ("healthy", None, None)
        assert (row["state"], row["class"], row["reason"]) == told
        assert (row["last_good"], row["held_since"]) == (held.at, None)
        assert store.sources()["xx"]["last_good"] == held.at


def test_runs_are_kept_up_to_a_number(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite") as store:
        for minute in range(70):
            runs.save(store, "xx", Run(f"2026-01-01T{minute // 60:02}:{minute % 60:02}:00Z", "healthy"))
        known = runs.past(store)["xx"]
        assert len(known) == runs.KEPT
        assert known[-1].at == "2026-01-01T01:09:00Z"


def test_the_first_event_from_a_day_on_is_the_one_that_comes() -> None:
    days = ["2026-01-09", "2026-01-20T18:30:00+01:00", "2026-01-19", "2026-02", "2026"]
    records = [{"type": "Event", "name": "x", "startDate": day} for day in days]
    others = [{"type": "Event", "name": "x"}, {"type": "Person", "name": "x"}]
    assert runs.coming([*records, *others], "2026-01-10") == "2026-01-19"
    assert runs.coming(records, "2026-01-19") == "2026-01-19"
    assert runs.coming(records, "2026-03-01") is None
