"""WordPress: its REST interface's lists of posts lead to the posts' pages.

Fields and headers: developer.wordpress.org/rest-api (posts, pagination). The dates in it are those of publication,
never an event's: what a page announces is read on the page. Who has an account on the site is never asked for; a list
of users that is handed in is refused.
"""

from typing import Any

from crawler import paging
from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.strict import Fields, as_words, rows

_NAMESPACE = "wp/v2"
_EVENTS = "tribe/events/v1"  # The Events Calendar
_POSTS = "/wp/v2/posts?per_page=100&_fields=id,date_gmt,modified_gmt,link,title,type,status"
_NO_PAGES = {"attachment", "nav_menu_item", "wp_block", "wp_template", "wp_template_part", "wp_navigation"}
_IGNORED = (
    "acf", "author", "categories", "class_list", "comment_status", "content", "date", "date_gmt", "excerpt",
    "featured_media", "format", "guid", "id", "menu_order", "meta", "modified", "modified_gmt", "parent",
    "permalink_template", "generated_slug", "ping_status", "slug", "sticky", "tags", "template", "title",
    "_links", "yoast_*", "jetpack*", "rank_math*", "aioseo*", "uagb_*",
)  # fmt: skip


class Wordpress(Reader):
    name = "wordpress"
    title = "WordPress"
    marks = "posts of `wp/v2` with `link` and `type`; the interface's root with the namespace `wp/v2`"
    gives = "the addresses of the posts' pages; where a site's events calendar answers; never its users"
    specification = "https://developer.wordpress.org/rest-api/reference/posts/"
    order = 60

    def recognise(self, document: Document) -> str | None:
        if not document.is_json:
            return None
        data = document.json
        if isinstance(data, dict) and _NAMESPACE in _texts(data.get("namespaces")):
            return "the namespace wp/v2"
        first = next(iter(data), None) if isinstance(data, list) else data
        if _is_post(first):
            return "posts of wp/v2"
        if _is_user(first):
            return "users of wp/v2"
        if f"/{_NAMESPACE}/" not in document.url:
            return None
        return "an empty list of wp/v2" if data == [] else "an error of wp/v2" if _error(data) else None

    def read(self, document: Document) -> Reading:
        """Return the posts' addresses, and where the next page of the list is.

        Raises:
            ReaderError: for lists of users, for the interface's own errors, and for answers of another shape.
        """
        reading = Reading(self.name)
        data = document.need_json("an answer of WordPress")
        if said := _error(data):
            raise ReaderError(f"the site's interface says: {said}", document.url)
        if isinstance(data, dict) and _NAMESPACE in _texts(data.get("namespaces")):
            reading.links = _interfaces(data, document)
            return reading
        listed = data if isinstance(data, list) else [data]
        if any(_is_user(row) for row in listed) or f"/{_NAMESPACE}/users" in document.url:
            raise ReaderError("a list of a site's users: nobody is named for having an account", document.url)
        if listed and not any(_is_post(row) for row in listed):
            raise ReaderError("not an answer of WordPress: no posts", document.url)
        for row in rows(listed, "post", document.url, reading):
            _post(row, document, reading)
        reading.links += paging.wordpress(document)
        return reading


def _post(row: dict[str, Any], document: Document, reading: Reading) -> None:
    with Fields(row, "post", reading) as fields:
        link = document.link(fields.text("link"))
        status, kind = fields.text("status") or "publish", fields.text("type")
        fields.drop("account", "_embedded", "author_name", "authors")
        fields.ignore(*_IGNORED)
    if status != "publish":
        reading.dropped["not public"] += 1
    elif link and kind not in _NO_PAGES:
        reading.links.append(Link(link, "entry"))


def _interfaces(data: dict[str, Any], document: Document) -> list[Link]:
    """Return where the site's posts and its events answer, by the namespaces that its root names."""
    if "?" in document.url:
        return []  # without permalinks the address is a parameter; such a site is read by its feed
    root = document.url.partition("#")[0].rstrip("/").removesuffix(f"/{_NAMESPACE}")
    paths = [f"/{_EVENTS}/events?per_page=50&start_date=1970-01-01"] if _EVENTS in _texts(data["namespaces"]) else []
    return [Link(link, "api") for path in [*paths, _POSTS] if (link := document.link(root + path))]


def _is_post(row: Any) -> bool:
    return isinstance(row, dict) and {"id", "link", "type"} <= row.keys() and bool({"date_gmt", "guid"} & row.keys())


def _is_user(row: Any) -> bool:
    return isinstance(row, dict) and {"avatar_urls", "slug", "link"} <= row.keys() and "type" not in row


def _error(data: Any) -> str | None:
    """Return what the interface says is wrong, in its own words."""
    if not isinstance(data, dict) or not isinstance(data.get("code"), str) or "message" not in data:
        return None
    return (as_words(data["message"]) or data["code"])[:300]


def _texts(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
