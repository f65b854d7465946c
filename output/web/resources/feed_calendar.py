"""The calendar of a town, region, source, series, place, community or event, of all or a search; by default French."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from output.web.feeds import feed, published
from output.web.ical import MEDIA_TYPE, calendar
from output.web.resource import Asked, Document, Resource
from output.web.scopes import to_come
from output.web.site import Site


class FeedCalendar(Resource):
    pattern = "/feeds/{id}.ics"
    slow = True

    def answer(self, site: Site, asked: Asked) -> Document:
        told = feed(site, asked)
        # RFC 6266: a header is Latin, a town need not be.
        headers = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(told.name)}.ics"}
        body = calendar(told.title, told.events, told.own, told.pages, told.language)
        return Document(body, MEDIA_TYPE, headers=headers)

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        yield from published(site)
        yield from ({"id": event} for event in to_come(site.index, site.today))
