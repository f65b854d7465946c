"""How a source fares: what a run of it came to, beside what its runs used to come to.

A bad day must not wipe good data. A run that gives half of the usual, or lost a field that nearly everything had, is
suspicious: what it brought is kept out of the graph until the next run says the same, or a person accepts it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from crawler.catalogue import Source

STATES = ("never seen", "healthy", "shrinking", "empty", "stale", "failing", "refused", "gone")
FAILED = frozenset(("failing", "refused", "gone"))

BASELINE = 5  # good runs that a run is measured by: the latest
LEAST = 4  # things a source must have before a share of them tells anything
SHRUNK = 0.5  # of the usual number of records: fewer is suspicious
USUAL_FIELD = 0.5  # share of a type's records that usually have a field
LOST_FIELD = 0.05  # share at which such a field counts as vanished
USUAL_PAGES = 3  # documents that a source usually has, before one alone is suspicious
KNOWN_AGAIN = 0.5  # share of records that are usually known from before, before all-new ones are suspicious
ALL_NEW = 0.9  # share of new records that counts as all of them: what is inferred of events keeps its id
STALE = timedelta(days=365)  # without anything new or changed


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one source.

    ``records`` were seen in it, ``new`` of them for the first time; ``coverage`` is the share of each type's records
    that have a field (``Event.location``). ``bytes`` came over the network as they were sent, ``waited`` is in seconds,
    ``reached`` tells how often which limit was. ``coming`` is the day (ISO 8601) of the first event from the run's day
    on. ``retry_after``: seconds from ``at``, before which a server did not want to be asked again, where that is more
    than a crawl waits. ``confirmed``: a change that was suspicious before and is taken for true from this run on.
    """

    at: str
    state: str
    reason: str | None = None  # class, see ``outcomes.REASONS``
    detail: str | None = None
    documents: int = 0
    records: int = 0
    new: int = 0
    changed: int = 0
    requests: int = 0
    bytes: int = 0
    waited: float = 0.0
    retry_after: float = 0.0
    reached: dict[str, int] = field(default_factory=dict)
    coverage: dict[str, float] = field(default_factory=dict)
    coming: str | None = None
    suspicions: tuple[str, ...] = ()
    confirmed: bool = False

    @property
    def good(self) -> bool:
        """Whether it was read without a failure or a suspicion."""
        return self.state not in FAILED and not self.suspicions

    @property
    def why(self) -> str | None:
        """Why it is not good, in words."""
        return self.detail or ", ".join(self.suspicions) or None


def judge(run: Run, past: Sequence[Run], source: Source) -> Run:
    """Return the run with its state, and with what is suspicious about it, beside the source's ``past`` runs.

    A run that failed stays as it is. The past is in the order of time.
    """
    if run.state in FAILED:
        return run
    usual = baseline(past)
    suspicions = _suspicions(run, usual, source, _least(past, source))
    before = next((each for each in reversed(past) if each.state not in FAILED), None)
    if suspicions and before and before.suspicions and _alike(run, before):
        # Twice the same: that is how the source is now.
        return _with(run, _calm_state(run, past, source), confirmed=True)
    if suspicions:
        lost = {"shrunk", "below minimum", "one page"} & set(suspicions)
        state = "empty" if not run.records else "shrinking" if lost else "healthy"
        return _with(run, state, reason=suspicions[0], suspicions=suspicions)
    return _with(run, _calm_state(run, past, source))


def baseline(past: Sequence[Run]) -> list[Run]:
    """Return the good runs that a new one is measured by: the latest, none older than the last confirmed change."""
    since = max((number for number, run in enumerate(past) if run.confirmed), default=0)
    return [run for run in past[since:] if run.good][-BASELINE:]


def _least(past: Sequence[Run], source: Source) -> int:
    """Return the declared minimum, or what was taken for true below it since it was last reached."""
    for run in reversed(past):
        if run.good and run.records >= source.minimum:
            break
        if run.confirmed:
            return run.records
    return source.minimum


def _suspicions(run: Run, usual: list[Run], source: Source, least: int) -> tuple[str, ...]:
    found = []
    expected = median(each.records for each in usual) if usual else 0
    if run.records < least:
        found.append("below minimum")
    elif expected >= LEAST and run.records < SHRUNK * expected and not (source.may_be_empty and not run.records):
        found.append("shrunk")
    if usual and run.documents == 1 and median(each.documents for each in usual) >= USUAL_PAGES:
        found.append("one page")
    if run.records >= LEAST and usual:
        fields = {name for each in usual for name in each.coverage}
        share = {name: median(each.coverage.get(name, 0.0) for each in usual) for name in fields}
        lost = sorted(
            name for name in fields if share[name] >= USUAL_FIELD and run.coverage.get(name, 0.0) <= LOST_FIELD
        )
        found += [f"field vanished: {name}" for name in lost]
        known = median((each.records - each.new) / each.records if each.records else 0.0 for each in usual[1:] or usual)
        if run.new >= ALL_NEW * run.records and len(usual) > 1 and known >= KNOWN_AGAIN:
            found.append("all ids new")
    return tuple(found)


def _alike(run: Run, before: Run) -> bool:
    """Whether a run comes to much the same as the suspicious one before it."""
    fewer, more = sorted((run.records, before.records))
    return fewer >= SHRUNK * more and bool(set(run.suspicions or before.suspicions) & set(before.suspicions))


def _calm_state(run: Run, past: Sequence[Run], source: Source) -> str:
    if not run.records:
        return "healthy" if source.may_be_empty else "empty"
    news = [each.at for each in (*past, run) if each.new or each.changed]
    if past and (not news or _moment(run.at) - _moment(max(news)) > STALE):
        oldest = news[-1] if news else past[0].at
        return "stale" if _moment(run.at) - _moment(oldest) > STALE else "healthy"
    return "healthy"


def last_good(past: Sequence[Run]) -> str | None:
    """Return when the source was last read without a failure or a suspicion."""
    return next((run.at for run in reversed(past) if run.good), None)


def trend(past: Sequence[Run], length: int = 8) -> str:
    """Return the number of records of the last runs as a line of small bars; ``×`` is a run that failed."""
    runs = list(past)[-length:]
    most = max((run.records for run in runs), default=0) or 1
    bars = "▁▂▃▄▅▆▇█"
    return "".join("×" if run.state in FAILED else bars[round(run.records / most * (len(bars) - 1))] for run in runs)


def _with(run: Run, state: str, **changes: Any) -> Run:
    return replace(run, state=state, **changes)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
