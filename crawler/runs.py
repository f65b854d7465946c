"""The runs of every source, kept beside the records: what its health is judged by."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import delete, insert, select, update

from crawler import due, health
from crawler.catalogue import Source
from crawler.health import Run
from crawler.records import a_second_before
from crawler.store import Store
from crawler.tables import RUNS

KEPT = 60  # runs of one source
BEHIND = timedelta(days=1)  # by which a clock may be behind earlier runs before anybody asks which of them is wrong


class ClockError(RuntimeError):
    """The clock is behind what is known to have been: nothing is dated by it."""


def past(store: Store, source: str | None = None) -> dict[str, list[Run]]:
    """Return the runs that are known, by source, in the order of time."""
    query = select(RUNS).order_by(RUNS.c.source, RUNS.c.at)
    if source is not None:
        query = query.where(RUNS.c.source == source)
    found: dict[str, list[Run]] = {}
    for row in store.connection.execute(query).mappings():
        body = orjson.loads(row["body"])
        found.setdefault(row["source"], []).append(Run(**{**body, "suspicions": tuple(body["suspicions"])}))
    return found


def save(store: Store, source: str, run: Run) -> None:
    """Keep a run as the source's last, in the place of one of the same instant; the oldest beyond what is kept go.

    Runs from while a clock ran ahead are dated to just before it, in their order: what they found is what the next ones
    are judged by.
    """
    known = [each for each in past(store, source).get(source, []) if each.at != run.at]
    moved, next_at = [run], run.at
    while known and known[-1].at >= next_at:
        next_at = a_second_before(next_at)
        moved.append(replace(known.pop(), at=next_at))
    store.connection.execute(delete(RUNS).where(RUNS.c.source == source, RUNS.c.at >= next_at))
    rows = [{"source": source, "at": each.at, "body": orjson.dumps(asdict(each))} for each in moved]
    store.connection.execute(insert(RUNS), rows)
    for old in known[: max(0, len(known) + len(moved) - KEPT)]:
        store.connection.execute(delete(RUNS).where(RUNS.c.source == source, RUNS.c.at == old.at))


def hold_against(store: Store, instant: str) -> None:
    """Hold the clock against the runs that are known: most days on which anything was read must not lie ahead of it.

    Where a few do, the clock ran ahead then. Where most do, it is behind now, as that of a machine without a battery
    is: by it, all that was ever read would have been read before.

    Raises:
        ClockError: where most of the days lie ahead.
    """
    limit = (datetime.fromisoformat(instant) + BEHIND).strftime("%Y-%m-%d")
    days = {run.at[:10] for each in past(store).values() for run in each}
    if sum(day > limit for day in days) * 2 > len(days):
        raise ClockError(
            f"the clock says {instant}, but most of what is known was read later, the last on {max(days)}: set the "
            "clock and give the command again; if it is right, it was wrong before: move the store away and read anew"
        )


def redact(store: Store, redacted: Callable[[str], str]) -> None:
    """Take names out of what was written down of runs: for erasure."""
    for source, known in past(store).items():
        for run in known:
            if run.detail and (detail := redacted(run.detail)) != run.detail:
                this = (RUNS.c.source == source, RUNS.c.at == run.at)
                body = orjson.dumps(asdict(replace(run, detail=detail)))
                store.connection.execute(update(RUNS).where(*this).values(body=body))


def drop(store: Store, source: str) -> None:
    """Forget a source's runs: for erasure."""
    store.connection.execute(delete(RUNS).where(RUNS.c.source == source))


def accept(store: Store, source: str) -> bool:
    """Take what is held back of a source for true; whether anything was. Runs that failed since say nothing of it."""
    known = past(store, source).get(source, [])
    held = next((run for run in reversed(known) if run.state not in health.FAILED), None)
    if held is None or not held.suspicions:
        return False
    state = "healthy" if held.records else "empty"
    run = replace(held, suspicions=(), confirmed=True, state=state, reason=None)
    this = (RUNS.c.source == source, RUNS.c.at == run.at)
    store.connection.execute(update(RUNS).where(*this).values(body=orjson.dumps(asdict(run))))
    store.release(source)
    store.accept_source(source, run.at, state)
    return True


def table(store: Store) -> dict[str, dict[str, Any]]:
    """Return how every source that ever ran fares: state, why, last good run, counts, trend, next try, what is held."""
    known, holds = store.sources(), store.holds()
    rows = {}
    for name, runs in past(store).items():
        row = known.get(name, {})
        source = Source.model_validate(row["catalogue"]) if row else None
        last = runs[-1]
        following = due.next_try(runs, source) if source else None
        rows[name] = {
            "state": last.state,
            "class": last.reason,
            "reason": row.get("reason"),
            "last_run": last.at,
            "last_good": health.last_good(runs),
            "next_try": following.at if following else None,
            "next_why": following.why if following else None,
            "held_since": holds[name][0] if name in holds else None,
            "documents": last.documents,
            "records": row.get("records", last.records),
            "seen": last.records,
            "trend": health.trend(runs),
            "requests": last.requests,
            "bytes": last.bytes,
            "waited": last.waited,
            "limits": last.reached,
            "coverage": last.coverage,
        }
    return rows


def coverage(records: Iterable[dict[str, Any]]) -> dict[str, float]:
    """Return the share of each type's records that have a field: ``Event.location`` → 0.95."""
    totals: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    for record in records:
        totals[record["type"]] += 1
        filled.update(f"{record['type']}.{key}" for key in record if key not in ("type", "source"))
    return {name: round(count / totals[name.partition(".")[0]], 3) for name, count in sorted(filled.items())}


def coming(records: Iterable[dict[str, Any]], day: str) -> str | None:
    """Return the day of the first event that begins on a day (ISO 8601) or after it."""
    begins = (record["startDate"][:10] for record in records if record["type"] == "Event" and "startDate" in record)
    return min((each for each in begins if len(each) == len(day) and each >= day), default=None)
