"""Who stands behind an account on the net: a person by their own name, a group, or nobody that may be named."""

from collections import Counter
from typing import Any

from crawler.people import is_person
from crawler.strict import without_empty

GROUPS = frozenset(("GROUP", "ORGANIZATION"))
PROGRAMS = frozenset(("APPLICATION", "SERVICE"))  # an instance's own account, a bot: nobody


def agent(kind: str, name: str | None, url: str | None, dropped: Counter[str], **more: Any) -> dict[str, Any] | None:
    """Return an account in the public role of an organiser as an organisation or a person; None for nobody.

    ``kind`` is what the account calls itself (``Group``, ``Person`` …). Associations announce through a person's
    account as well: it is a person only where it bears a person's name. A handle, a first name alone or a program's
    account says nobody's name: it is counted in ``dropped`` and left out.
    """
    if kind.upper() in GROUPS:
        found = {"type": "Organization", "id": url, "name": name, "url": url, **more}
        return without_empty(found) if name else None
    if name and len(name.split()) > 1 and kind.upper() not in PROGRAMS:
        return without_empty(
            {"type": "Person" if is_person(name) else "Organization", "id": url, "name": name, "url": url}
        )
    dropped["account"] += 1
    return None
