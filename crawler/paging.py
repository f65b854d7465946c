"""Addresses of interfaces: their parameters, and where the next page of an answer is that does not say it itself."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler import reached
from crawler.documents import Document, Link

MAX_PAGES = 1_000  # of one list
_NEXT = re.compile(r"<([^<>]{1,2000})>\s*;[^,]{0,200}\brel=\"?next\"?")  # RFC 8288


def api_base(url: str) -> str:
    """Return the address of the site that an interface under ``/api/`` belongs to."""
    base, found, _ = url.partition("/api/")
    parts = urlsplit(url)
    return base if found else f"{parts.scheme}://{parts.netloc}"


def parameter(url: str, name: str) -> str | None:
    """Return a parameter of an address, or None."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True)).get(name)


def with_parameters(url: str, **values: str | int | list[str]) -> str:
    """Return an address with these parameters in place of those of the same names, lists repeated; the others stay."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in values]
    return urlunsplit(parts._replace(query=urlencode([*kept, *values.items()], doseq=True), fragment=""))


def number(url: str, name: str, default: int) -> int:
    """Return a parameter that counts something; ``default`` where it is missing or no number."""
    text = parameter(url, name) or ""
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else default


def wordpress(document: Document) -> list[Link]:
    """Return the next page of a list of WordPress's REST interface: its headers name it, or say how many there are."""
    if match := _NEXT.search(document.headers.get("link", "")):
        return [Link(following, "next")] if (following := document.link(match[1])) else []
    pages = document.headers.get("x-wp-totalpages", "")
    page = number(document.url, "page", 1)
    if not re.fullmatch(r"\d{1,6}", pages, re.ASCII) or not page < int(pages):
        return []
    if reached.over(page + 1, MAX_PAGES, "paging.MAX_PAGES"):
        return []
    return [Link(with_parameters(document.url, page=page + 1), "next")]
