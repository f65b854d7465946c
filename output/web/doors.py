"""The pages of a published site that stand before all languages: the first one, and the one for what is not there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from output.web.errors import SAID
from output.web.resource import Document
from output.web.site import LANGUAGES
from output.web.templating import bare, translations

_: Callable[[str], str] = str

NAMES = {"fr": "Français", "en": "English"}
HERE = "./"  # where the first page stands, from the site's root
WHO = _("Who meets where")
ABOUT = _(
    "Open Coffees, coworking spaces, hackerspaces, evenings and conferences: what local communities announce in "
    "scattered places, linked, with a source behind every fact."
)
ON = (("search", _("Search")), ("met", _("Who did I meet?")))


@dataclass(frozen=True, slots=True)
class Door:
    """The way in, in one language: what is said, the link, and links to more than the first page."""

    language: str
    title: str
    says: str
    enter: str
    more: Sequence[tuple[str, str]] = ()


def first() -> Document:
    """Return the first page: it leads to that of the reader's language; without a script, one chooses."""
    doors = []
    for language in LANGUAGES:
        word = translations(language).gettext
        doors.append(Door(language, word(WHO), word(ABOUT), NAMES[language]))
    return bare("door.html", LANGUAGES[0], HERE, doors=doors, title="Recroise", heading="Recroise", missing=False)


def missing(root: str) -> Document:
    """Return the page for what is not there. A host shows it at any address, so it has to know where the site stands.

    Args:
        root: the site's path on its host, with a slash at both ends.
    """
    doors = []
    for language in LANGUAGES:
        word = translations(language).gettext
        more = [(path, word(name)) for path, name in ON]
        doors.append(Door(language, word(SAID[404][0]), word(SAID[404][1]), word(_("To the first page")), more))
    title = " · ".join(door.title for door in doors)
    return bare("door.html", LANGUAGES[0], root, doors=doors, title=title, heading="404", missing=True)


__all__ = ["first", "missing"]
