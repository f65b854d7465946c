"""Runs the spider in this process: the one place of a command that brings Scrapy in, and what Scrapy is built on."""

import gc
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler import settings as project_settings
from crawler.run import CrawlError, Progress
from crawler.spiders.sources import Sources

COLLECT_AFTER = 700  # new objects, Python's own: answers hang in circles of objects, and a body may be large


def read(
    data: Path,
    ids: Sequence[str],
    catalogue: Sequence[Path],
    progress: Progress | None,
    overrides: Mapping[str, Any],
) -> tuple[Sources, bool]:
    """Read sources into the store of ``data``; return the spider, which knows how they fared, and if it was stopped.

    Once a process: Twisted's reactor does not start twice.

    Raises:
        CrawlError: when the crawl broke off.
    """
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
    process.crawl(crawler, ids=",".join(ids), catalogue=",".join(map(str, catalogue))).addErrback(errors.append)
    # What was imported up to here lives as long as the process: the collector need not walk through it again and again.
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    process.start()
    spider = crawler.spider
    if errors or not isinstance(spider, Sources):
        raise CrawlError(f"the crawl broke off: {errors[0].getErrorMessage() if errors else 'no spider'}")
    if spider.broke:
        raise CrawlError(spider.broke)
    return spider, bool(crawler.stats and crawler.stats.get_value("finish_reason") != "finished")


def _report_progress(crawler: Crawler, progress: Progress) -> None:
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
