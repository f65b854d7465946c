"""The Atom feed of whatever there is a calendar of, by default in French."""

from collections.abc import Iterable, Mapping

from output.web.atom import MEDIA_TYPE, atom
from output.web.feeds import feed, published
from output.web.resource import Asked, Document, Resource
from output.web.site import Site


class FeedAtom(Resource):
    pattern = "/feeds/{id}.atom"
    slow = True

    def answer(self, site: Site, asked: Asked) -> Document:
        told = feed(site, asked)
        body = atom(told.key, told.title, told.events, told.own, told.about, told.pages, told.language, asked.base)
        return Document(body, MEDIA_TYPE)

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return published(site)
