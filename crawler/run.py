"""Runs a crawl in this process and tells how each source fared."""

import gc
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler import limits
from crawler import settings as project_settings
from crawler.catalogue import load
from crawler.datadir import write_lock
from crawler.health import Run
from crawler.outcomes import Outcome
from crawler.spiders.base import choose
from crawler.spiders.sources import Sources
from crawler.store import Counts

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
        for key in ("source", "failure", "failed_state", "failed_class", "starts", "digests"):
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
        CrawlError: when the crawl broke off.
    """
    # Said before a reactor runs, where errors of this kind would only be logged.
    choose(load(catalogue, data), list(ids), region, community)
    with write_lock(data):
        return _crawl(data, ids, catalogue, region, community, due, progress, overrides or {})


def _crawl(
    data: Path,
    ids: Sequence[str],
    catalogue: Sequence[Path],
    region: str | None,
    community: str | None,
    due: bool,
    progress: Progress | None,
    overrides: dict[str, Any],
) -> Report:
    limits.apply()
    settings = Settings()
    settings.setmodule(project_settings)
    settings.setdict({"RECROISE_DATA": str(data), "LOG_INSTALL_ROOT_HANDLER": False, **overrides}, priority="cmdline")
    level = logging.getLogger().getEffectiveLevel()
    logging.disable(level - 1)  # Scrapy tells its versions as soon as it is there
    process = CrawlerProcess(settings)
    logging.disable(logging.NOTSET)
    # Scrapy sets its logger to DEBUG: two lines a document are made up, and thrown away by whoever does not listen.
    logging.getLogger("scrapy").setLevel(level)
    crawler = process.create_crawler(Sources)
    errors: list[Failure] = []
    if progress:
        _report_progress(crawler, progress)
    process.crawl(
        crawler,
        ids=",".join(ids),
        catalogue=",".join(map(str, catalogue)),
        region=region,
        community=community,
        due="1" if due else None,
    ).addErrback(errors.append)
    # What was imported up to here lives as long as the process: the collector need not walk through it again and again.
    gc.freeze()
    process.start()
    spider = crawler.spider
    if errors or not isinstance(spider, Sources):
        raise CrawlError(f"the crawl broke off: {errors[0].getErrorMessage() if errors else 'no spider'}")
    if spider.broke:
        raise CrawlError(spider.broke)
    interrupted = bool(crawler.stats and crawler.stats.get_value("finish_reason") != "finished")
    reports = [
        SourceReport(source.id, spider.runs[source.id], spider.outcomes[source.id], spider.store.counts[source.id])
        for source in spider.sources
        if source.id in spider.runs
    ]
    return Report(reports, interrupted, spider.waiting)


def _report_progress(crawler: Any, progress: Progress) -> None:
    done = asked = 0

    def scheduled(**_: Any) -> None:
        nonlocal asked
        asked += 1
        progress(done, asked)

    def answered(**_: Any) -> None:
        nonlocal done
        done += 1
        progress(done, asked)

    crawler.signals.connect(scheduled, signals.request_scheduled, weak=False)
    crawler.signals.connect(answered, signals.response_received, weak=False)
