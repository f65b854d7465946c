"""What follows from a run of a source: its state, what is kept back, and when it is tried again."""

from crawler import health, runs
from crawler.catalogue import Source
from crawler.health import FAILED, Run
from crawler.outcomes import Outcome
from crawler.store import Store


def conclude(store: Store, source: Source, outcome: Outcome, started: str) -> Run:
    """Judge a run that ended, keep it, and hold back or release what the source says; return the run.

    ``started`` is the instant at which the crawl began: what was seen since then was seen in this run.
    """
    past = runs.past(store, source.id).get(source.id, [])
    seen = [] if outcome.failed_state else list(store.seen_since(source.id, started))
    counts = store.counts[source.id]
    run = Run(
        at=started,
        state=outcome.failed_state or "healthy",
        reason=outcome.failed_class,
        detail=outcome.failure,
        documents=outcome.read + outcome.unchanged,
        records=len(seen),
        new=sum(record.first_seen >= started for record in seen),
        changed=counts.changed,
        requests=outcome.requests,
        bytes=outcome.bytes,
        waited=round(outcome.waited, 1),
        retry_after=round(outcome.retry_after, 1),
        reached=dict(sorted(outcome.reached.items())),
        coverage=runs.coverage(record.body for record in seen),
        coming=runs.coming((record.body for record in seen), started[:10]),
    )
    run = health.judge(run, past, source)
    runs.save(store, source.id, run)
    if run.suspicions:
        store.hold(source.id, started, ", ".join(run.suspicions))
    elif run.confirmed:
        store.release(source.id)
    elif run.state not in FAILED:
        store.release(source.id, without=started)
    return run
