"""How a place or community puts its snippet on its own site: what it looks like, and what to paste."""

from collections.abc import Iterable, Mapping

from output.web.resource import Asked, Document, Resource
from output.web.security import policy
from output.web.site import LANGUAGES, Site
from output.web.snippet import THEMES, shown, snippet
from output.web.templating import render


class EmbedCode(Resource):
    pattern = "/{lang}/embed/{id}/code/"

    def answer(self, site: Site, asked: Asked) -> Document:
        page = render(site, asked, "embed_code.html", told=snippet(site, asked), themes=("", *THEMES))
        return Document(page.body, headers=policy(frame_src="'self'"))

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"lang": language, "id": node} for node in shown(site) for language in LANGUAGES)
