"""The index of the site maps (sitemaps.org): all pages that search engines may show, no person among them."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from output.web.addresses import absolute
from output.web.resource import Asked, Document, Resource
from output.web.site import Site
from output.web.sitemaps import HEAD, XML, count


class Sitemap(Resource):
    pattern = "/sitemap.xml"

    def answer(self, site: Site, asked: Asked) -> Document:
        parts = "".join(
            f"<sitemap><loc>{escape(absolute(asked.base, f'/sitemap/{number}.xml'))}</loc></sitemap>\n"
            for number in range(1, count(site.index) + 1)
            if asked.base  # without the site's address it is of no use
        )
        return Document(f"{HEAD}<sitemapindex {XML}>\n{parts}</sitemapindex>\n".encode(), "application/xml")

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({},)
