"""Where things stand on the site, and how one page links to another.

Links between pages are relative, so that the same page works at a domain's root, under a path, and on a file server.
"""

import posixpath
import re
from urllib.parse import quote

from output.fold import fold

LANGUAGES = ("fr", "en")

STATIC = "/static/"
_PUBLIC = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")


def is_public(url: str) -> bool:
    """Whether a whole address is one that a site can have: with its scheme, and nothing after its path."""
    return bool(_PUBLIC.fullmatch(url))


def page(language: str, *parts: str) -> str:
    """Return the path of a page from the site's root: ``page("fr", "person-1")`` is ``/fr/person-1/``."""
    return "/" + "/".join((language, *parts)) + "/"


def feed(language: str, name: str, kind: str) -> str:
    """Return the path of a feed: ``/feeds/all.atom`` in the first language, ``/feeds/en/all.ics`` in another."""
    return f"/feeds/{'' if language == LANGUAGES[0] else language + '/'}{quote(name)}.{kind}"


def relative(here: str, there: str) -> str:
    """Return how the page at the path ``here`` links to the path ``there``, both from the site's root."""
    path, mark, rest = there.partition("#")
    path, question, query = path.partition("?")
    # The folders lead to each other; the last part, where it is no folder, is a name in its own.
    above, _, name = path.rpartition("/")
    start = here.rpartition("/")[0] or "/"
    found = posixpath.relpath(above or "/", start) + "/"
    found = (found if found != "./" or not name else "") + name
    return ("./" + found if ":" in name else found) + question + query + mark + rest


def to_root(here: str) -> str:
    """Return how the page at a path leads to the site's root: ``../../``."""
    return "../" * (here.count("/") - 1) or "./"


def absolute(base: str, path: str) -> str:
    """Return the whole address of a path from the site's root, in the letters that an address may have (RFC 3986)."""
    return base.rstrip("/") + quote(path, safe="/%?&=+:~!$,;'()*@")  # what is quoted already stays


def slug(town: str) -> str:
    """Return how a town is written in an address: ``saint-malo``; blanks for hyphens give back its folded name."""
    return fold(town).replace(" ", "-")


def town_slug(town: str, territory: str | None = None) -> str:
    """Return how a town is written where its name stands in several territories: ``portland-us-or``."""
    return f"{slug(town)}-{territory.lower()}" if territory else slug(town)
