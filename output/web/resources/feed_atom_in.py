"""The Atom feeds in the other languages."""

from collections.abc import Iterable, Mapping

from output.web.resources.feed_atom import FeedAtom
from output.web.site import LANGUAGES, Site


class FeedAtomIn(FeedAtom):
    pattern = "/feeds/{lang}/{id}.atom"

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        for each in super().published(site):
            yield from ({**each, "lang": language} for language in LANGUAGES[1:])
