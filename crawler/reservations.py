"""What a host reserves in one file for all of its pages: ``/.well-known/tdmrep.json``.

TDM Reservation Protocol (W3C community group): a JSON array of rules, each with a ``location`` (the pattern of a path,
as in a robots.txt: its beginning, ``*`` for anything, ``$`` for its end) and a ``tdm-reservation`` of 1 or 0. Of the
rules that match, the longest tells, as in a robots.txt (RFC 9309, 2.2.2). What a page says itself comes beside it
(``crawler/readers/page.py``).
"""

import re

import orjson
from scrapy.exceptions import IgnoreRequest
from scrapy.robotstxt import ProtegoRobotParser

from crawler import reached

PATH = "/.well-known/tdmrep.json"
MAX_RULES = 1_000  # of one host; the rest is not looked at
SAID = "its publisher reserves text and data mining"

_UNFIT = re.compile(r"[\x00-\x20\x7f#]")  # what no path holds, and would end a line of rules


class ReservedError(IgnoreRequest):
    """A document that is not asked for: whoever publishes it reserves text and data mining."""


class Reservations:
    """The paths of one host that are reserved."""

    def __init__(self, body: bytes) -> None:
        """Read the file's content; what is no rule reserves nothing."""
        try:
            stated = orjson.loads(body)
        except orjson.JSONDecodeError:
            stated = []
        rules: dict[str, bool] = {}
        for rule in reached.first(stated if isinstance(stated, list) else [], MAX_RULES, "reservations.MAX_RULES"):
            location = rule.get("location") if isinstance(rule, dict) else None
            if isinstance(location, str) and location and not _UNFIT.search(location):
                path = location if location.startswith(("/", "*")) else f"/{location}"
                # Of two that contradict each other, the one that reserves.
                rules[path] = rules.get(path, False) or str(rule.get("tdm-reservation")).strip() == "1"
        # The patterns are those of a robots.txt, and so is the reading of them.
        lines = [f"{'Disallow' if reserved else 'Allow'}: {path}" for path, reserved in rules.items()]
        text = "\n".join(("User-agent: *", *lines))
        self._rules = ProtegoRobotParser(text.encode("utf-8", "replace"), None) if any(rules.values()) else None

    def cover(self, url: str) -> bool:
        """Whether an address of the host is reserved."""
        return self._rules is not None and not self._rules.allowed(url, "*")
