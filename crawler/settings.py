"""Scrapy settings: polite by default. Every one can be overridden as in any Scrapy project (``-s NAME=VALUE``)."""

import os
from importlib.metadata import PackageNotFoundError, version

from scrapy.settings import default_settings

try:
    VERSION = version("recroise")
except PackageNotFoundError:  # run from a checkout that was not installed
    VERSION = "0"

BOT_NAME = "recroise"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# Where the store and the user's own catalogue lie; a SQLAlchemy address in RECROISE_STORE puts the store elsewhere.
RECROISE_DATA = os.environ.get("RECROISE_DATA", "data")
RECROISE_STORE = os.environ.get("RECROISE_STORE", "")

# Who we are: whoever runs a crawl should be reachable by those who are crawled.
RECROISE_CONTACT = os.environ.get("RECROISE_CONTACT", "https://recroise.org/bot")
USER_AGENT = f"Recroise/{VERSION} (+{RECROISE_CONTACT})"
ROBOTSTXT_USER_AGENT = "Recroise"
ROBOTSTXT_OBEY = True

# One request at a time a host, two seconds apart; jitter would go below two.
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 2
DOWNLOAD_DELAY_JITTER = 0
# Our own machine needs no politeness: the sample web and tests. Slots are named per host by the politeness middleware.
LOOPBACK_SLOT = "loopback"
DOWNLOAD_SLOTS = {LOOPBACK_SLOT: {"delay": 0, "concurrency": 16}}
RETRY_AFTER_MAX = 120  # seconds that a 429 or 503 may make us wait; asked for more, the source is left for the next run
CRAWL_DELAY_MAX = 30  # seconds between requests that a robots.txt may ask for; more is cut to this

# Scrapy starts this many tasks for every answer, whether it has items or not; at its default of 100 that alone takes
# more time than reading and storing a page. Nothing here processes items in parallel.
CONCURRENT_ITEMS = 2

# Scrapy would parse the spider's source again for every answer, to warn of a mistake that it does not have.
WARN_ON_GENERATOR_RETURN_VALUE = False
# What a run of unchanged pages spends more on than on the pages: steps that each request passes and that do nothing
# here (the spider counts its depth itself), and extensions that bring an HTTP server or client of their own. Taken
# out of Scrapy's lists: it imports all that these name, what SPIDER_MIDDLEWARES and the like switch off included.
_UNUSED = """
    spidermiddlewares.start.StartSpiderMiddleware spidermiddlewares.referer.RefererMiddleware
    spidermiddlewares.depth.DepthMiddleware spidermiddlewares.metacopy.MetaCopyDetectionMiddleware
    downloadermiddlewares.offsite.OffsiteMiddleware downloadermiddlewares.httpauth.HttpAuthMiddleware
    downloadermiddlewares.redirect.MetaRefreshMiddleware downloadermiddlewares.cookies.CookiesMiddleware
    downloadermiddlewares.httpcache.HttpCacheMiddleware
    extensions.telnet.TelnetConsole extensions.remote_control.RemoteControl extensions.spiderstate.SpiderState
    extensions.memdebug.MemoryDebugger
""".split()


def _without_unused(base: dict[str, int]) -> dict[str, int]:
    return {path: order for path, order in base.items() if path.removeprefix("scrapy.") not in _UNUSED}


SPIDER_MIDDLEWARES_BASE = _without_unused(default_settings.SPIDER_MIDDLEWARES_BASE)
DOWNLOADER_MIDDLEWARES_BASE = _without_unused(default_settings.DOWNLOADER_MIDDLEWARES_BASE)
EXTENSIONS_BASE = _without_unused(default_settings.EXTENSIONS_BASE)
DOWNLOAD_HANDLERS = {"data": None, "file": None, "s3": None, "ftp": None}

DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024
TDMREP_MAXSIZE = 256 * 1024  # bytes of the file in which a host reserves text and data mining
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the spider says why a source failed, once, in one line
# As Scrapy's own, without names that do not resolve and answers that do not come: asking again at once never helped.
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.ResponseDataLossError",
]
HTTPERROR_ALLOWED_CODES = [304]
DNS_TIMEOUT = 20

REQUEST_FINGERPRINTER_CLASS = "crawler.fingerprints.Fingerprinter"
COOKIES_ENABLED = False
METAREFRESH_ENABLED = False  # a page that moves its readers on after a while is still the page
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # nobody steers a crawl while it runs
REFERER_ENABLED = False
TWISTED_DNS_RESOLVER = "crawler.network.GuardedResolver"

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,text/calendar,application/rss+xml,application/atom+xml,"
    "application/json;q=0.9,*/*;q=0.5",
    "Accept-Language": "fr,en;q=0.8",
}

DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.leave.LeaveMiddleware": 40,
    "crawler.middlewares.guard.GuardMiddleware": 50,
    "crawler.middlewares.reservation.ReservationMiddleware": 110,  # after Scrapy's for robots.txt (100)
    "crawler.middlewares.conditional.ConditionalMiddleware": 500,
    "crawler.middlewares.politeness.PolitenessMiddleware": 560,  # sees an answer before Scrapy's retry (550) does
}
