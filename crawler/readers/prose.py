"""Blog posts, news and reports without any markup: what their sentences say is read by ``crawler.prose``."""

import re
from datetime import date
from urllib.parse import unquote, urlsplit

from crawler.documents import Document, Reader, Reading
from crawler.prose import Context, read
from crawler.prose.article import Article, from_html, from_markdown, from_text
from crawler.readers.page import Page, is_noindex

MARKDOWN = ("text/markdown", "text/x-markdown")

FEW_WORDS = 20

_DATA = re.compile(r"[\[{<%]|begin:|\w+[,;\t]\w+[,;\t]")  # JSON, XML, PDF, iCalendar, a table
_IN_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>19\d\d|20\d\d)[/-](?P<month>0[1-9]|1[0-2])(?:[/-](?P<day>0[1-9]|[12]\d|3[01]))?(?!\d)"
)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?P<fields>.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*(?P<quote>[\"']?)(?P<title>.+?)(?P=quote)[ \t]*$", re.MULTILINE)


class Prose(Reader):
    name = "prose"
    title = "Prose: posts, news, reports"
    marks = "HTML, Markdown or plain text without an event in any of the above"
    gives = "people in public roles, places, events, series, figures, each with its sentence"
    specification = "https://daringfireball.net/projects/markdown/"
    embedded = True
    order = 90

    def recognise(self, document: Document) -> str | None:
        if document.is_html:
            return "HTML"
        if document.media_type in MARKDOWN or urlsplit(document.url).path.endswith((".md", ".markdown")):
            return "Markdown"
        plain = document.media_type == "text/plain" or (not document.media_type and _is_text(document))
        return "plain text" if plain else None

    def read(self, document: Document) -> Reading:
        """Return what the document's sentences say. A page that asks not to be indexed names nobody."""
        reading = Reading(self.name)
        article, published = _article(document)
        day, exact = _published(document, published)
        context = Context(
            document.url,
            document.source,
            day,
            published=exact,
            language=document.source.language,
            names_people=not (document.noindex or (document.is_html and is_noindex(document))),
        )
        found = read(article, context)
        reading.records, reading.dropped = found.records, found.dropped
        return reading


def _is_text(document: Document) -> bool:
    """Whether a document that says no media type is text for people, by its beginning."""
    words = document.head.split()
    return len(words) >= FEW_WORDS and not _DATA.match(document.head) and "\0" not in document.head


def _article(document: Document) -> tuple[Article, str | None]:
    if document.is_html:
        page = Page().read(document).page
        assert page is not None
        return from_html(document.html, page.title or _slug(document.url)), page.published
    text, title = document.text, ""
    if match := _FRONT_MATTER.match(text):
        text = text[match.end() :]
        if named := _TITLE.search(match["fields"]):
            title = from_markdown(named["title"]).text
    markdown = document.media_type in MARKDOWN or urlsplit(document.url).path.endswith((".md", ".markdown"))
    return (from_markdown if markdown else from_text)(text, title, _slug(document.url)), None


def _slug(url: str) -> str:
    """Return the words of an address's last part: ``/2015-09-08-api-hour-16.html`` is "Api hour 16"."""
    last = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]
    words = re.sub(r"^\d{4}-\d\d-\d\d-|\.\w{2,4}$", "", last).replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _published(document: Document, stated: str | None) -> tuple[date, bool]:
    """Return the day that dates count from, and whether it is the one of publication."""
    if stated and len(stated) >= 10:
        return date.fromisoformat(stated[:10]), True
    read = date.fromisoformat(document.fetched[:10])
    match = _IN_ADDRESS.search(urlsplit(document.url).path)
    if match:
        try:
            return date(int(match["year"]), int(match["month"]), int(match["day"] or 1)), match["day"] is not None
        except ValueError:
            return read, False
    return read, False
