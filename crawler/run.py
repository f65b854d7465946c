"""Crawls what was chosen and tells how each source fared."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from crawler import limits, objections, runs
from crawler.catalogue import Source, choose, load
from crawler.datadir import open_store, write_lock
from crawler.due import due_sources
from crawler.health import Run
from crawler.objections import Objections
from crawler.outcomes import Outcome
from crawler.records import now
from crawler.stored import Counts

Progress = Callable[[int, int], None]  # documents answered, documents asked for


class CrawlError(RuntimeError):
    """The crawl as a whole broke off; what was stored before stays."""


@dataclass
class SourceReport:
    """How one source fared: the run as it was judged, its outcome, and what it changed in the store."""

    id: str
    run: Run
    outcome: Outcome
    counts: Counts

    @property
    def state(self) -> str:
        return self.run.state

    @property
    def failed(self) -> bool:
        return self.outcome.failure is not None

    def to_json(self) -> dict[str, Any]:
        outcome = dict(vars(self.outcome))  # asdict would count a Counter's pairs
        for key in (
            "source",
            "failure",
            "failed_state",
            "failed_class",
            "starts",
            "digests",
            "began",
            "stopped",
            "asked",
        ):
            del outcome[key]
        why = {"reason": self.run.why, "class": self.run.reason, "suspicions": list(self.run.suspicions)}
        return {"id": self.id, "state": self.state, **why, **asdict(self.counts), **outcome}


@dataclass
class Report:
    """What a crawl did. ``interrupted`` when it was stopped before its end; ``waiting`` sources were not due yet."""

    sources: list[SourceReport] = field(default_factory=list)
    interrupted: bool = False
    waiting: int = 0

    @property
    def exit_code(self) -> int:
        """0 all well, 3 some sources failed, 1 all did: all that there are, not only all that were due."""
        failed = sum(source.failed for source in self.sources)
        if not failed and not self.interrupted:
            return 0
        return 1 if failed == len(self.sources) and not self.waiting else 3

    def to_json(self) -> dict[str, Any]:
        return {"interrupted": self.interrupted, "sources": [source.to_json() for source in self.sources]}


def crawl(
    data: Path,
    ids: Sequence[str] = (),
    *,
    catalogue: Sequence[Path] = (),
    region: str | None = None,
    community: str | None = None,
    due: bool = False,
    progress: Progress | None = None,
    overrides: dict[str, Any] | None = None,
) -> Report:
    """Read the chosen sources into the store of ``data``. Once a process: Twisted's reactor does not start twice.

    Raises:
        CatalogueError: for a broken catalogue or an unknown id.
        BusyError: when another process is writing to ``data``.
        ClockError: when the clock is behind what was read before.
        CrawlError: when the crawl broke off.
    """
    limits.apply()
    # Said before a reactor runs, where errors of this kind would only be logged.
    chosen = choose(load(catalogue, data), list(ids), region, community)
    with write_lock(data):
        wanted = _wanted(data, chosen, due)
        report = Report(waiting=len(chosen) - len(wanted))
        if not wanted:
            return report
        # Imported when there is something to crawl: a job that runs every hour mostly finds nothing due.
        from crawler import process

        names = [source.id for source in wanted]
        spider, report.interrupted = process.read(data, names, catalogue, progress, overrides or {})
        report.sources = [
            SourceReport(source.id, spider.runs[source.id], spider.outcomes[source.id], spider.store.counts[source.id])
            for source in spider.sources
            if source.id in spider.runs
        ]
        return report


def _wanted(data: Path, chosen: list[Source], due: bool) -> list[Source]:
    """Return which of the sources are to be read; what publishers object to goes at once, whatever is due."""
    with open_store(data) as store:
        runs.hold_against(store, now())
        if not due:
            return chosen
        if objected := Objections.load(data / objections.FILE):
            store.withdraw(objected.cover)
        return due_sources(chosen, runs.past(store), now())
