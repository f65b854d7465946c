"""What is due, and how long a server asks us to wait."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue import Source
from crawler.due import due_sources
from crawler.health import Run, next_try
from crawler.middlewares.politeness import retry_after

NOW = "2026-11-23T06:00:00Z"


def source(every: str) -> Source:
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
    wait = datetime.fromisoformat(next_try(runs, source("1d"))) - datetime.fromisoformat(runs[-1].at)
    assert wait == timedelta(days=days)


def test_a_source_that_is_well_again_is_tried_as_often_as_before() -> None:
    runs = [
        *(Run(f"2026-01-0{day}T00:00:00Z", "failing") for day in range(1, 5)),
        Run("2026-01-20T00:00:00Z", "healthy"),
    ]
    assert next_try(runs, source("1d")) == "2026-01-21T00:00:00Z"


def test_a_source_read_once_a_quarter_is_not_tried_more_often_for_failing() -> None:
    assert next_try([Run("2026-01-01T00:00:00Z", "gone")], source("90d")) == "2026-04-01T00:00:00Z"


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
