"""One site map, with so many pages as one may have."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from output.web.addresses import absolute, page
from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.site import LANGUAGES, Site
from output.web.sitemaps import HEAD, XML, count, pages


class SitemapPart(Resource):
    pattern = "/sitemap/{number}.xml"
    slow = True

    def answer(self, site: Site, asked: Asked) -> Document:
        number = asked.values["number"]
        if not number.isdecimal() or len(number) > 4 or not 1 <= int(number) <= count(site.index):
            raise NotFoundError(asked.path)
        lines = [
            f"<url><loc>{escape(absolute(asked.base, page(language, *parts)))}</loc></url>"
            for parts in pages(site.index, int(number))
            for language in LANGUAGES
            if asked.base  # without the site's address the map is of no use
        ]
        body = "\n".join(lines)
        return Document(f"{HEAD}<urlset {XML}>\n{body}\n</urlset>\n".encode(), "application/xml")

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"number": str(number)} for number in range(1, count(site.index) + 1))
