"""What an export has as a whole: how much of what, where, and what is new. Made once an export."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from output.names import CHANGES
from output.search import facets
from output.web.api.files import changes
from output.web.scopes import spellings

if TYPE_CHECKING:
    from output.web.site import Site

NEW = 12  # things that were added last, and are shown
LOOKED_AT = 2_000  # lines of the log of changes that are searched for them
TOLD = ("Event", "Place", "EventSeries", "Organization")  # nobody is announced as new


@dataclass(frozen=True, slots=True)
class Overview:
    """How many nodes of each type, in which towns and regions most is, and the ids of what was added last."""

    types: dict[str, int]
    towns: dict[str, int]
    regions: dict[str, int]
    new: tuple[str, ...]


def overview(site: "Site") -> Overview:
    """Return what an export has as a whole."""
    counted = facets(site.index, "")
    there = facets(site.index, "", types=["Event", "Place"])
    regions = {code: count for code, count in there["region"].items() if "-" in code}
    return Overview(counted["type"], spellings(there["place"]), regions, _new(site))


def _new(site: "Site") -> tuple[str, ...]:
    """Return what was added last; nothing where all of it came at once, with the first export."""
    lines = changes(site.export)
    if not lines or lines[0].when == lines[-1].when:
        return ()
    found: list[str] = []
    with (site.export / CHANGES).open("rb") as log:
        for line in reversed(lines[-LOOKED_AT:]):
            if line.when == lines[0].when or len(found) == NEW:
                break
            log.seek(line.start)
            change = orjson.loads(log.read(line.size))
            if change["change"] == "added" and change["type"] in TOLD:
                found.append(change["node"])
    return tuple(found)


__all__ = ["Overview", "overview"]
