"""Which sources are due."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from crawler.catalogue import Source

SLACK = timedelta(minutes=10)  # a daily job that starts a little earlier than yesterday still finds its sources due


def due_sources(sources: Iterable[Source], known: Mapping[str, Mapping[str, Any]], now: str) -> list[Source]:
    """Return the sources whose interval has gone by since their last run, or that never ran.

    ``known`` is what ``Store.sources`` tells, ``now`` an ISO 8601 instant.
    """
    moment = datetime.fromisoformat(now)

    def due(source: Source) -> bool:
        last = (known.get(source.id) or {}).get("last_run")
        # A last run in the future means that a clock jumped: run, and write the right time down.
        elapsed = moment - datetime.fromisoformat(last) if last else source.interval
        return elapsed < timedelta(0) or elapsed + min(SLACK, source.interval / 10) >= source.interval

    return [source for source in sources if due(source)]
