"""The events and cards of a page as HTML in microformats 2 alone, cut out of the page around them.

mf2py reads old classes (hCalendar, hCard) too, but copies each post of a blog (hentry) once for every element in it,
which takes seconds on a page of 100 KB, and loses the parts of an address inside a place. So the old classes are
translated here, on the page's own tree, and the parser gets what it is asked for: the outermost events and cards.

The rules are those of microformats.org/wiki/microformats2-parsing#backward_compatibility.
"""

import copy

import lxml.html

from crawler import reached

Rules = dict[str, str]

MAX_ROOTS = 2_000  # of one page

_ADDRESS = {
    "street-address": "p-street-address",
    "extended-address": "p-extended-address",
    "locality": "p-locality",
    "region": "p-region",
    "postal-code": "p-postal-code",
    "country-name": "p-country-name",
}
_POINT = {"latitude": "p-latitude", "longitude": "p-longitude"}
# The root's class → the one of microformats 2, and the classes of what it holds.
_ROOTS: dict[str, tuple[str, Rules]] = {
    "vevent": (
        "h-event",
        {
            "summary": "p-name",
            "dtstart": "dt-start",
            "dtend": "dt-end",
            "duration": "dt-duration",
            "description": "p-description",
            "location": "p-location",
            "geo": "p-location h-geo",
            "url": "u-url",
            "uid": "u-uid",
            "category": "p-category",
            "status": "p-status",
            "organizer": "p-organizer",
            "contact": "p-contact",
            "attendee": "p-attendee",
        },
    ),
    "vcard": (
        "h-card",
        {
            "fn": "p-name",
            "given-name": "p-given-name",
            "additional-name": "p-additional-name",
            "family-name": "p-family-name",
            "nickname": "p-nickname",
            "org": "p-org",
            "title": "p-job-title",
            "role": "p-role",
            "url": "u-url",
            "uid": "u-uid",
            "category": "p-category",
            "note": "p-note",
            "email": "u-email",
            "tel": "p-tel",
            "photo": "u-photo",
            "logo": "u-logo",
            "bday": "dt-bday",
            "adr": "p-adr",
            "geo": "p-geo",
            **_ADDRESS,
            **_POINT,
        },
    ),
    "adr": ("h-adr", _ADDRESS),
    "geo": ("h-geo", _POINT),
    # Of a post nothing is read but who signs it.
    "hentry": ("h-entry", {"author": "p-author h-card"}),
}
_NEW = frozenset(("h-event", "h-card", "h-adr", "h-geo", "h-entry", "h-feed", "h-cite", "h-item", "h-org", "h-resume"))
_NAMED = frozenset(("p-name", "h-card"))
_WANTED = frozenset(("h-event", "h-card"))


def cut_out(tree: lxml.html.HtmlElement) -> str:
    """Return the outermost events and cards of a page, one after the other, with classes of microformats 2.

    The card of who signs a post stands in an entry of its own. ``tree`` is not changed.
    """
    found: list[str] = []
    stack: list[tuple[lxml.html.HtmlElement, Rules]] = [(tree, {})]
    while stack and not reached.over(len(found) + 1, MAX_ROOTS, "classic_microformats.MAX_ROOTS"):
        element, rules = stack.pop()
        classes, inner = _translated(element, rules)
        if "p-author" in classes and not len(element):
            classes.append("h-card")  # who signs a post, as a text alone
        if _WANTED.isdisjoint(classes):
            stack += [(child, inner) for child in reversed(element) if child.tag != "template"]
            continue
        root = copy.deepcopy(element)
        root.tail = None
        _translate(root, rules)
        if "p-author" in classes:
            root.set("class", f"{root.get('class')} h-card")
        html: str = lxml.html.tostring(root, encoding="unicode")
        found.append(f'<div class="h-entry">{html}</div>' if "p-author" in classes else html)
    return "".join(found)


def _translate(root: lxml.html.HtmlElement, rules: Rules) -> None:
    stack = [(root, rules)]
    while stack:
        element, outer = stack.pop()
        classes, inner = _translated(element, outer)
        if classes:
            if {"p-org", "u-url"} <= set(classes) and _NAMED.isdisjoint(classes):
                # Where a person's card links the organisation, the address is the organisation's.
                classes = [*(each for each in classes if each != "u-url"), "h-card"]
            element.set("class", " ".join(dict.fromkeys(classes)))
        if "value-title" in classes and (value := element.get("title")):
            # mf2py looks for the title one element too high.
            element.tag = "data"
            element.set("class", "value")
            element.set("value", value)
        stack += [(child, inner) for child in element]


def _translated(element: lxml.html.HtmlElement, rules: Rules) -> tuple[list[str], Rules]:
    """Return an element's classes in microformats 2, and the rules for what it holds.

    ``rules`` are those of the old root around it; an element that has a new root's class follows the new ones alone.
    """
    stated = element.get("class")
    if not stated:
        return [], rules
    classes = stated.split()
    if rules:
        classes += [new for old in classes if old in rules for new in rules[old].split()]
    if not _NEW.isdisjoint(stated.split()):
        return classes, {}
    olds = [old for old in classes if old in _ROOTS]
    if not olds:
        return classes, rules
    roots = [_ROOTS[old][0] for old in olds]
    return [*classes, *roots], {key: new for old in olds for key, new in _ROOTS[old][1].items()}
