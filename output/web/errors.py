"""What a person is shown where there is nothing, or where something went wrong: in their language, with a way on."""

from collections.abc import Callable

from output.web.resource import Asked, Document
from output.web.site import LANGUAGES, Site
from output.web.templating import render

_: Callable[[str], str] = str

SAID = {
    400: (_("That cannot be asked"), _("Something in the address cannot be used.")),
    404: (_("Nothing is here"), _("No page has this address: it has a slip in it, or what it was about was removed.")),
    405: (_("This site is only read"), _("It takes nothing but questions.")),
    413: (_("That is too much"), _("This site reads nothing that is sent to it.")),
    414: (_("That is too long"), _("Nobody can ask so much at once.")),
    429: (_("Too many questions at once"), _("Please wait a little, then ask again.")),
    500: (_("This went wrong on our side"), _("It was noted; please come again.")),
    503: (_("Too many visitors at once"), _("Please come again in a minute.")),
}  # fmt: skip


def chosen(path: str, accepted: str) -> str:
    """Return the language of a path, else the one that a browser asks for first (RFC 9110, Accept-Language)."""
    first = path.split("/")[1] if path.startswith("/") else ""
    return first if first in LANGUAGES else preferred(accepted)


def preferred(accepted: str) -> str:
    """Return which of the site's languages a browser would rather have."""
    best, weight = LANGUAGES[0], 0.0
    for each in accepted[:500].split(","):
        name, _, quality = each.partition(";")
        name = name.strip().lower()[:2]
        try:
            given = float(quality.partition("=")[2] or 1)
        except ValueError:
            continue
        if name in LANGUAGES and 1 >= given > weight:
            best, weight = name, given
    return best


def told(status: int, path: str, accepted: str = "", detail: str = "", site: Site | None = None) -> Document:
    """Return the page of an error.

    Args:
        status: of the answer.
        path: that was asked for.
        accepted: the browser's languages.
        detail: what else there is to say, in English.
        site: the export, where there is one that can be read.
    """
    known = status if status in SAID else 500 if status >= 500 else 400
    title, said = SAID[known]
    asked = Asked(path, {"lang": chosen(path, accepted)})
    return render(site, asked, "error.html", status=status, indexed=False, title=title, said=said, detail=detail)


__all__ = ["chosen", "preferred", "told"]
