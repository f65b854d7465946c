"""A recurrence rule (RFC 5545, 3.3.10) in words: "chaque mois, le 1er jeudi, jusqu’au 4 juillet 2013"."""

import re
from collections.abc import Callable
from functools import lru_cache

from babel import Locale
from babel.lists import format_list

from output.web.templating import translations
from output.web.wording import LOCALES, day

_: Callable[[str], str] = str

EVERY = {
    "DAILY": (_("every day"), _("every %(count)s days")),
    "WEEKLY": (_("every week"), _("every %(count)s weeks")),
    "MONTHLY": (_("every month"), _("every %(count)s months")),
    "YEARLY": (_("every year"), _("every %(count)s years")),
}
NTH = {
    1: _("the first %(weekday)s"),
    2: _("the second %(weekday)s"),
    3: _("the third %(weekday)s"),
    4: _("the fourth %(weekday)s"),
    5: _("the fifth %(weekday)s"),
    -1: _("the last %(weekday)s"),
}
ON, ON_DAY, UNTIL = _("on %(weekday)s"), _("on day %(day)s"), _("until %(day)s")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
KNOWN = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL", "WKST"}  # of others the words would say too little

_RULE = re.compile(r"(?:[A-Z]+=[A-Z0-9+,-]+)(?:;[A-Z]+=[A-Z0-9+,-]+)*")
_WEEKDAY = re.compile(r"([+-]?\d)?([A-Z]{2})")


@lru_cache(maxsize=2_000)
def spoken(rule: str, language: str) -> str:
    """Return a rule in words; as it stands where it is none, or says more than these words can."""
    if not _RULE.fullmatch(rule):
        return rule
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    every, interval = EVERY.get(parts.get("FREQ", "")), parts.get("INTERVAL", "1")
    days = _days(parts.get("BYDAY", ""), language)
    if every is None or days is None or not interval.isdecimal() or parts.keys() - KNOWN:
        return rule
    word = translations(language).gettext
    found = [word(every[0]) if int(interval) == 1 else word(every[1]) % {"count": interval}]
    if days:
        found.append(str(format_list(days, locale=LOCALES[language])))
    if dates := parts.get("BYMONTHDAY"):
        if not dates.isdecimal():
            return rule
        found.append(word(ON_DAY) % {"day": dates})
    if until := parts.get("UNTIL", "")[:8]:
        found.append(word(UNTIL) % {"day": day(f"{until[:4]}-{until[4:6]}-{until[6:]}", language)})
    return ", ".join(found)


def _days(stated: str, language: str) -> list[str] | None:
    """Return the weekdays of a rule in words; None where one of them cannot be said."""
    word, names = translations(language).gettext, Locale.parse(LOCALES[language]).days["format"]["wide"]
    found = []
    for each in filter(None, stated.split(",")):
        match = _WEEKDAY.fullmatch(each)
        if not match or match[2] not in WEEKDAYS or (match[1] and int(match[1]) not in NTH):
            return None
        form = word(NTH[int(match[1])] if match[1] else ON)
        found.append(form % {"weekday": names[WEEKDAYS.index(match[2])]})
    return found


__all__ = ["spoken"]
