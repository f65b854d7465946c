"""What is due, and how long a server asks us to wait."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue import Source
from crawler.due import NEAR, QUIET, REVISIT_MAX, NextTry, due_sources, next_try
from crawler.health import Run
from crawler.middlewares.politeness import retry_after

NOW = "2026-11-23T06:00:00Z"


DAY = timedelta(days=1)


def instant(day: float) -> str:
    return (datetime(2026, 1, 1, 6, tzinfo=UTC) + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")


def wait(runs: list[Run], of: Source) -> timedelta:
    following = next_try(runs, of)
    assert following is not None
    return datetime.fromisoformat(following.at) - datetime.fromisoformat(runs[-1].at)


def quiet(times: int, **more: object) -> list[Run]:
    """A first run, and so many after it that found the same."""
    return [
        Run(instant(day), "healthy", records=9, documents=2, new=0 if day else 9, **more) for day in range(times + 1)
    ]


def source(every: str | None = None) -> Source:
    return Source(id="xx", name="x", url="http://a.example/", community="blog", region="FR", every=every)


@pytest.mark.parametrize(
    ("every", "last_run", "due"),
    [
        ("1d", None, True),
        ("1d", "2026-11-22T06:00:00Z", True),
        ("1d", "2026-11-22T06:05:00Z", True),  # today's job started a little earlier than yesterday's
        ("1d", "2026-11-22T07:00:00Z", False),
        ("1d", "2026-11-23T05:59:00Z", False),
        ("7d", "2026-11-22T06:00:00Z", False),
        ("30m", "2026-11-23T05:20:00Z", True),
        ("1d", "2027-01-01T00:00:00Z", True),  # the clock was wrong then
    ],
)
def test_a_source_is_due_when_its_interval_has_gone_by(every: str, last_run: str | None, due: bool) -> None:
    past = {"xx": [Run(last_run, "healthy")]} if last_run else {}
    assert bool(due_sources([source(every)], past, NOW)) is due


@pytest.mark.parametrize(("failures", "days"), [(1, 1), (2, 2), (3, 4), (4, 8), (6, 30), (40, 30)])
def test_what_fails_again_and_again_is_tried_less_and_less(failures: int, days: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    runs = [Run((start + timedelta(days=n)).isoformat(), "failing") for n in range(failures)]
    assert wait(runs, source("1d")) == timedelta(days=days)


def test_a_pause_that_a_server_asks_for_is_kept_to_the_end_and_bounded() -> None:
    run = Run("2026-01-01T00:00:00Z", "failing", "too many requests")
    assert wait([replace(run, retry_after=600.0)], source("1d")) == DAY
    asked = [replace(run, retry_after=2 * 86_400.0)]
    assert next_try(asked, source("1d")).why == "the server asked for it (Retry-After)"
    assert not due_sources([source("1d")], {"xx": asked}, "2026-01-02T23:59:00Z")
    assert due_sources([source("1d")], {"xx": asked}, "2026-01-03T00:11:00Z")
    assert wait([replace(run, retry_after=1e12)], source("1d")) == timedelta(days=30)


def test_a_source_that_is_well_again_is_tried_as_often_as_before() -> None:
    runs = [
        *(Run(f"2026-01-0{day}T00:00:00Z", "failing") for day in range(1, 5)),
        Run("2026-01-20T00:00:00Z", "healthy"),
    ]
    assert next_try(runs, source("1d")) == NextTry("2026-01-21T00:00:00Z", "every 1d")


def test_a_source_read_once_a_quarter_is_not_tried_more_often_for_failing() -> None:
    assert wait([Run("2026-01-01T00:00:00Z", "gone")], source("90d")) == timedelta(days=90)


@pytest.mark.parametrize(("times", "days"), [(0, 1), (2, 1), (3, 2), (4, 4), (5, 7), (40, 7)])
def test_what_stays_the_same_is_read_less_and_less(times: int, days: int) -> None:
    assert wait(quiet(times), source()) == timedelta(days=days)
    assert wait(quiet(times), source("1d")) == DAY  # asked for in the catalogue
    assert wait(quiet(times), source("30d")) == timedelta(days=30)


@pytest.mark.parametrize(
    "last",
    [
        {"new": 1, "records": 10},
        {"changed": 1},
        {"records": 8},  # one left the list
        {"documents": 3},
        {"state": "failing"},
        {"suspicions": ("shrunk",), "records": 4},
        {"confirmed": True},
    ],
)
def test_a_source_that_moves_is_read_as_often_as_before(last: dict) -> None:
    runs = quiet(9)
    assert wait([*runs, replace(runs[-1], at=instant(16), **last)], source()) == DAY


@pytest.mark.parametrize(("in_days", "days"), [(0, 1), (7, 1), (8, 1), (9, 2), (13, 6), (14, 7), (200, 7)])
def test_while_an_event_is_near_a_source_is_read_as_often_as_before(in_days: int, days: int) -> None:
    runs = [replace(run, at=run.at.replace("T06", "T00")) for run in quiet(9)]
    day = date.fromisoformat(runs[-1].at[:10]) + timedelta(days=in_days)
    runs[-1] = replace(runs[-1], coming=day.isoformat())
    assert wait(runs, source()) == timedelta(days=days)
    following = next_try(runs, source())
    assert following is not None
    assert following.why == (f"an event on {day}" if in_days < 14 else "as before 9 times in a row")


RUNS = st.lists(
    st.builds(
        Run,
        at=st.just(""),
        state=st.sampled_from(["healthy", "empty", "failing", "gone"]),
        records=st.integers(0, 2),
        documents=st.integers(1, 2),
        new=st.sampled_from([0, 0, 0, 1]),
        changed=st.sampled_from([0, 0, 0, 1]),
        coming=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)).map(date.isoformat),
        suspicions=st.sampled_from([(), (), ("shrunk",)]),
        confirmed=st.sampled_from([False, False, True]),
    ),
    min_size=1,
    max_size=12,
).map(lambda runs: [replace(run, at=instant(number)) for number, run in enumerate(runs)])


@given(RUNS, st.sampled_from([None, "30m", "1d", "7d", "60d"]))
def test_the_next_try_is_bounded_and_the_past_alone_decides(runs: list[Run], every: str | None) -> None:
    of = source(every)
    failed = runs[-1].state in ("failing", "gone")
    most = timedelta(days=30) if failed else timedelta(days=REVISIT_MAX) if every is None else of.interval
    assert of.interval <= wait(runs, of) <= max(of.interval, most)
    assert next_try(runs, of) == next_try(list(runs), of)
    changed = Run(instant(len(runs)), "healthy", records=5, documents=9, changed=1)
    assert wait([*runs, changed], of) == of.interval


@given(RUNS, st.integers(QUIET, 20))
def test_every_event_is_looked_up_while_it_is_near(runs: list[Run], times: int) -> None:
    still = [replace(runs[0], at=instant(n), state="healthy", new=0, changed=0, suspicions=(), confirmed=False)
             for n in range(times)]  # fmt: skip
    due = datetime.fromisoformat(still[-1].at) + wait(still, source())
    if coming := still[-1].coming:
        begins = datetime.fromisoformat(f"{coming}T00:00:00Z")
        assert due <= max(begins - NEAR, datetime.fromisoformat(still[-1].at) + DAY)


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Mon, 23 Nov 2026 06:01:00 GMT", 60),
        ("Mon, 23 Nov 2026 05:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("²", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(stated: str, seconds: float | None) -> None:
    assert retry_after(stated, datetime(2026, 11, 23, 6, tzinfo=UTC)) == seconds


@given(st.text())
def test_no_header_whatsoever_breaks_it(stated: str) -> None:
    wait = retry_after(stated, datetime(2026, 11, 23, tzinfo=UTC))
    assert wait is None or wait >= 0
