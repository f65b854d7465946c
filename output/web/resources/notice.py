"""What is kept about people, why, from where, and how to object: the export's own notice, as a page."""

from collections.abc import Iterable, Mapping

from markdown_it import MarkdownIt
from markupsafe import Markup

from output.web.resource import Asked, Document, NotFoundError, Resource
from output.web.site import LANGUAGES, Site
from output.web.templating import render

FILE = "NOTICE.md"
BETWEEN = "\n---\n"  # stands between the English text and the French one, which has the same sections


class Notice(Resource):
    pattern = "/{lang}/notice/"

    def answer(self, site: Site, asked: Asked) -> Document:
        language = asked.values["lang"]
        if language not in LANGUAGES:
            raise NotFoundError(asked.path)
        path = site.export / FILE
        english, _, french = path.read_text(encoding="utf-8").partition(BETWEEN) if path.is_file() else ("", "", "")
        title, _, text = (french if language == "fr" else english).strip().partition("\n")
        # A name of a source is escaped there, so that it is text here; raw HTML is never passed on.
        body = MarkdownIt("commonmark", {"html": False}).render(text)
        return render(site, asked, "notice.html", title=title.lstrip("# "), body=Markup(body))  # noqa: S704

    def published(self, site: Site) -> Iterable[Mapping[str, str]]:
        return ({"lang": language} for language in LANGUAGES)
