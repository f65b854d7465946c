"""What crawlers may read: all pages; of searches, which have no end, only the first; not data that name people.

Each parameter is named: of a path with a question mark alone, Python's own reader of these rules keeps the path.
Rules begin at the host's root, where crawlers look for the file: under a path it is for who keeps that one.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from output.web.addresses import feed
from output.web.feeds import SEARCH
from output.web.resource import Asked, Document, Resource
from output.web.resources.met import CLUES
from output.web.resources.search import FIELDS
from output.web.site import LANGUAGES, Site

SEARCHES = {"search/": (*FIELDS, "page"), "met/": CLUES, "": ("near",)}
DATA = ("/data/lookup/", "/data/embed/", "/api/")  # a host of files cannot send X-Robots-Tag with them


class Robots(Resource):
    pattern = "/robots.txt"

    def answer(self, site: Site, asked: Asked) -> Document:
        root = urlsplit(asked.base or "").path.rstrip("/")  # rules are about paths of the host
        lines = ["User-agent: *"]
        for language in LANGUAGES:
            pages = [f"{page}?{name}=" for page, names in SEARCHES.items() for name in names]
            lines += [f"Disallow: {root}/{language}/{page}" for page in pages]
        lines += [
            f"Disallow: {root}{path}" for path in (*(feed(language, SEARCH, "") for language in LANGUAGES), *DATA)
        ]
        if asked.base:
            lines.append(f"Sitemap: {asked.base.rstrip('/')}/sitemap.xml")
        return Document(("\n".join(lines) + "\n").encode(), "text/plain; charset=utf-8")

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({},)
