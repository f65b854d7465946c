"""Plain HTML pages: title, text, links and date, for the prose reader; and where a page's other forms are."""

import re
from urllib.parse import urlsplit

import lxml.html

from crawler import reached
from crawler.documents import Document, Link, Reader, Reading
from crawler.documents import Page as PageText
from crawler.text import clean
from crawler.times import from_iso

FEEDS = ("application/rss+xml", "application/atom+xml", "application/feed+json", "text/calendar")
NOISE = frozenset(
    ("script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg", "iframe")
)
BLOCKS = frozenset(
    ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "dt", "dd", "td", "th", "figcaption", "pre")
)
MAX_TEXT = 200_000  # characters of a page's text that are passed on
MAX_LINKS = 2_000

_DATES = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[translate(@name,'DCTERMS','dcterms')='dcterms.date' or @name='date' or @name='DC.date.issued']/@content",
    "//article//time/@datetime",
    "//time[@pubdate]/@datetime",
)


class Page(Reader):
    name = "page"
    title = "Plain HTML page"
    marks = "HTML without any of the above"
    gives = "title, text and links; no records"
    specification = "https://html.spec.whatwg.org/"
    embedded = True
    order = 99

    def recognise(self, document: Document) -> str | None:
        return "HTML" if document.is_html else None

    def read(self, document: Document) -> Reading:
        """Return the page's text and links; there are no records in it until prose is read."""
        reading = Reading(self.name)
        tree = document.html
        links = _links(document)
        reading.page = PageText(
            title=_title(tree),
            text=reached.cut(_text(tree), MAX_TEXT, "readers.page.MAX_TEXT"),
            published=_published(document),
            language=clean(tree.get("lang") or "")[:2].lower() or document.source.language,
            links=tuple(links),
        )
        reading.links = list(dict.fromkeys([*related(document), *followed(document)]))
        return reading


def is_noindex(document: Document) -> bool:
    """Whether the page asks not to be indexed (``<meta name="robots" content="noindex">``)."""
    if b"robots" not in document.top and b"googlebot" not in document.top:
        return False
    metas = document.html.xpath("//meta[@name and @content]")
    stated = (meta.get("content").lower() for meta in metas if meta.get("name").lower() in ("robots", "googlebot"))
    return any(re.search(r"\b(noindex|none)\b", text) for text in stated)


def is_reserved(document: Document) -> bool:
    """Whether the page reserves text and data mining: ``<meta name="tdm-reservation" content="1">`` (W3C TDMRep)."""
    if not document.is_html or b"tdm-reservation" not in document.top:
        return False
    named = document.html.xpath("//meta[translate(@name, 'TDMRESVAION', 'tdmresvaion')='tdm-reservation']/@content")
    return any(content.strip() == "1" for content in named)


# What the programs of blogs and papers write around one post, and not around a page.
_POST = re.compile(
    rb"""article:published_time|og:type["'][^<>]{0,40}["']article["']|"(?:blogposting|newsarticle)"|"""
    rb"""<body[^<>]{0,500}\bsingle(?:-post)?\b"""
)


def is_post(document: Document) -> bool:
    """Whether a page is one post of a blog or a paper: what it tells was written on one day."""
    return document.is_html and _POST.search(document.low) is not None


def _title(tree: lxml.html.HtmlElement) -> str:
    for path in ("//meta[@property='og:title']/@content", "//h1", "//title"):
        for found in tree.xpath(path)[:1]:
            if text := clean(found if isinstance(found, str) else found.text_content()):
                return text[:500]
    return ""


def _text(tree: lxml.html.HtmlElement) -> str:
    """Return the text of the page's blocks, a line each, without what stands around every page of the site."""
    mains = tree.xpath("//main|//article|//*[@role='main']|//*[@id='content']")
    lines: list[str] = []
    for block in (mains[0] if mains else tree).iter(*BLOCKS):
        if any(each.tag in NOISE for each in block.iterancestors()) or any(
            each.tag in BLOCKS for each in block.iterchildren()
        ):
            continue
        if line := clean(block.text_content()):
            lines.append(line)
    return "\n".join(lines)


def _published(document: Document) -> str | None:
    for path in _DATES:
        for text in document.html.xpath(path)[:1]:
            if times := from_iso(str(text), None, document.source):
                return str(times["startDate"])
    return None


def _links(document: Document) -> list[str]:
    hrefs = reached.cut(document.html.xpath("//a/@href"), MAX_LINKS, "readers.page.MAX_LINKS")
    return list(dict.fromkeys(link.partition("#")[0] for href in hrefs if (link := document.link(href))))


def related(document: Document) -> list[Link]:
    """Return the page's other forms (feeds, calendars) and its next page, as its head and links name them."""
    found: list[Link] = []
    if b"alternate" not in document.low and b"next" not in document.low:
        return found
    for each in document.html.xpath("//*[self::link or self::a][@rel]"):
        rel = each.get("rel").lower().split()
        if not {"next", "alternate"}.intersection(rel) or not (link := document.link(each.get("href"))):
            continue
        if "next" in rel:
            found.append(Link(link, "next"))
        elif "alternate" in rel and (each.get("type") or "").lower() in FEEDS:
            found.append(Link(link, "alternate"))
    # A calendar says when, a feed only what was written; the comments on a post say neither.
    found = [link for link in found if not re.search(r"/comments?/feed|[?&]feed=comments", link.url)]
    return sorted(found, key=lambda link: not re.search(r"\bi?cal(endar)?\b|\.ics\b", link.url))


def followed(document: Document) -> list[Link]:
    """Return the links of the same site that the catalogue's ``follow`` asks for."""
    if not document.source.follow:
        return []
    links = _links(document)
    host = urlsplit(document.url).netloc
    wanted = re.compile(document.source.follow)
    return [Link(link, "entry") for link in links if urlsplit(link).netloc == host and wanted.search(link)]
