"""The snippet: a page without anything around it, to be framed by the site of the place or community itself."""

from collections.abc import Iterable, Mapping

from output.web.resource import Asked, Document, Resource
from output.web.security import policy
from output.web.site import LANGUAGES, Site
from output.web.snippet import THEMES, shown, snippet
from output.web.templating import render


class Embed(Resource):
    pattern = "/{lang}/embed/{id}/"

    def answer(self, site: Site, asked: Asked) -> Document:
        told = snippet(site, asked)
        theme = asked.one("theme") if asked.one("theme") in THEMES else ""
        page = render(site, asked, "embed.html", told=told, theme=theme)
        headers = {
            **policy(connect_src="'none'", form_action="'none'", frame_ancestors="*"),
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return Document(page.body, headers=headers)

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"lang": language, "id": node} for node in shown(site) for language in LANGUAGES)
