"""What stands in the site maps: https://www.sitemaps.org/protocol.html, at the most 50,000 addresses in each."""

from collections.abc import Iterator

from output.index import Index
from output.web.scopes import areas

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
XML = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
PAGES = 10_000  # of a map, each in every language
OWN = ((), ("met",), ("map",), ("sources",), ("notice",), ("api",))

# A talk stands on the page of its day: those that are part of another event are left out.
_SHOWN = """
FROM node WHERE type != 'Person' AND NOT EXISTS (
    SELECT 1 FROM edge JOIN node AS whole ON whole.number = edge.target
    WHERE edge.source = node.number AND edge.type = 'superEvent' AND whole.type = 'Event'
)"""


def count(index: Index) -> int:
    """Return how many maps there are."""
    (nodes,) = next(index.rows(f"SELECT count(*) {_SHOWN}"))
    return max(1, -(-(len(_above(index)) + int(nodes)) // PAGES))


def pages(index: Index, number: int) -> Iterator[tuple[str, ...]]:
    """Yield the parts of the addresses of a map's pages: the site's own, towns, regions and sources, then nodes."""
    above, start = _above(index), (number - 1) * PAGES
    here = above[start : start + PAGES]
    yield from here
    query = f"SELECT id {_SHOWN} ORDER BY id LIMIT ? OFFSET ?"
    yield from index.rows(query, PAGES - len(here), max(0, start - len(above)))


def _above(index: Index) -> list[tuple[str, ...]]:
    return [*OWN, *areas(index)]


__all__ = ["HEAD", "XML", "count", "pages"]
