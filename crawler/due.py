"""When a source is read again: often while it changes, seldom while it stays the same, less and less while it fails."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, takewhile

from crawler.catalogue import Source
from crawler.health import FAILED, Run

SLACK = timedelta(minutes=10)  # a daily job that starts a little earlier than yesterday still finds its sources due
BACK_OFF_MAX = timedelta(days=30)
QUIET = 3  # runs in a row that brought nothing, from which on a source is read less often
REVISIT_MAX = 7  # days between two runs of a source that states no interval and stays the same
NEAR = timedelta(days=7)  # before an event: it may be moved or cancelled


@dataclass(frozen=True, slots=True)
class NextTry:
    """The instant (ISO 8601, UTC) from which on a source is due, and why then, in words."""

    at: str
    why: str


def next_try(past: Sequence[Run], source: Source) -> NextTry | None:
    """Return when a source is due after its ``past`` runs, in the order of time; None where it never ran.

    After its interval; one that fails after the interval doubled with every failure in a row, at most ``BACK_OFF_MAX``.
    A source whose entry states no interval and that brought nothing in ``QUIET`` runs in a row is due after the default
    interval doubled with every such run, at most ``REVISIT_MAX``, and after the default again as soon as it brings
    something, fails or looks odd, or an event of it is near. Never before the last run's Retry-After has gone by, where
    that is within ``BACK_OFF_MAX``.
    """
    if not past:
        return None
    wait, why = _wait(past, source)
    wait = max(source.interval, wait)
    if past[-1].retry_after:
        asked = min(timedelta(seconds=past[-1].retry_after) + SLACK, BACK_OFF_MAX)
        if asked > wait:
            wait, why = asked, "the server asked for it (Retry-After)"
    when = _moment(past[-1].at) + wait
    return NextTry(when.strftime("%Y-%m-%dT%H:%M:%SZ"), why)


def due_sources(sources: Iterable[Source], past: Mapping[str, Sequence[Run]], now: str) -> list[Source]:
    """Return the sources whose next try has come, or that never ran.

    ``past`` are their runs, ``now`` an ISO 8601 instant.
    """
    moment = datetime.fromisoformat(now)

    def due(source: Source) -> bool:
        runs = past.get(source.id) or []
        following = next_try(runs, source)
        # A last run in the future means that a clock jumped: run, and write the right time down.
        if following is None or _moment(runs[-1].at) > moment:
            return True
        return moment + min(SLACK, source.interval / 10) >= _moment(following.at)

    return [source for source in sources if due(source)]


def _wait(past: Sequence[Run], source: Source) -> tuple[timedelta, str]:
    """Return how long to wait after the last run, where that is longer than a source's interval, and why."""
    failures = sum(1 for _ in takewhile(lambda run: run.state in FAILED, reversed(past)))
    if failures:
        why = f"failed {failures} times in a row" if failures > 1 else "failed"
        return min(_doubled(source.interval, failures - 1), BACK_OFF_MAX), why
    quiet = sum(1 for _ in takewhile(lambda pair: _brought_nothing(*pair), pairwise(reversed(past))))
    if source.every is not None or quiet < QUIET:
        return source.interval, f"every {source.every}" if source.every else "once a day"
    wait = min(_doubled(source.interval, quiet - QUIET + 1), timedelta(days=REVISIT_MAX))
    if coming := past[-1].coming:
        until = _moment(f"{coming}T00:00:00Z") - NEAR - _moment(past[-1].at)
        if until < wait:
            return until, f"an event on {coming}"
    return wait, f"as before {quiet} times in a row"


def _brought_nothing(run: Run, before: Run) -> bool:
    """Whether a run found what the one before it had found."""
    same = (run.documents, run.records) == (before.documents, before.records)
    return run.good and not run.confirmed and same and not run.new and not run.changed


def _doubled(interval: timedelta, times: int) -> timedelta:
    doubled: timedelta = interval * 2 ** min(times, 20)
    return doubled


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
