"""Which sources are due."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from crawler.catalogue import Source
from crawler.health import Run, next_try

SLACK = timedelta(minutes=10)  # a daily job that starts a little earlier than yesterday still finds its sources due


def due_sources(sources: Iterable[Source], past: Mapping[str, Sequence[Run]], now: str) -> list[Source]:
    """Return the sources whose next try has come, or that never ran.

    ``past`` are their runs, ``now`` an ISO 8601 instant.
    """
    moment = datetime.fromisoformat(now)

    def due(source: Source) -> bool:
        runs = past.get(source.id) or []
        when = next_try(runs, source)
        # A last run in the future means that a clock jumped: run, and write the right time down.
        if when is None or datetime.fromisoformat(runs[-1].at) > moment:
            return True
        return moment + min(SLACK, source.interval / 10) >= datetime.fromisoformat(when)

    return [source for source in sources if due(source)]
