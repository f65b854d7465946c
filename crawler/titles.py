"""What an event's title says of its state: "ANNULÉ : Open Coffee", "Open Coffee (reporté)"."""

import re

# "Annulé : …", "… (annulé)", nothing but "annulé", and "ANNULÉ …" shouted without a stop.
_STATES = {
    state: re.compile(
        rf"(?i:^\W{{0,5}}(?:{word})\s?[:!–—-]+\s*|\s*[\[(*]\s?(?:{word})[\s!]{{0,3}}[\])*]\s*|^(?:{word})$)|^(?:{shouted})\b\s*"
    )
    for state, word, shouted in (
        ("EventCancelled", "annul[ée]e?s?|cancell?ed", "ANNUL[ÉE]E?S?|CANCELL?ED"),
        ("EventPostponed", "report[ée]e?s?|postponed", "REPORT[ÉE]E?S?|POSTPONED"),
    )
}


def name_and_state(title: str, stated: str | None) -> tuple[str, str | None]:
    """Return an event's name without what its title says of its state, and the state (``eventStatus``).

    ``stated`` is what the source says beside the title: cancelled is cancelled, and else the title is believed, which
    people change more readily than a field.
    """
    for titled, pattern in _STATES.items():
        if pattern.search(title):
            return pattern.sub(" ", title).strip() or title, stated if stated == "EventCancelled" else titled
    return title, stated
