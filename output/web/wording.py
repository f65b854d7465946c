"""What the graph says in codes, in words of the reader's language: days, kinds of things, properties, roles."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from babel.core import Locale
from babel.dates import format_date, format_time

from output.web.addresses import LANGUAGES
from output.web.happening import line, moment

LOCALES = {"fr": "fr", "en": "en_GB"}
CLOCK = {"fr": "H'\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}'mm", "en": "HH:mm"}
SPAN = {"fr": "du {} au {}", "en": "{} – {}"}
SHORT, LONG = 120, 2_000  # characters of a name in a list, of a text on a page

# What stands in the templates' catalogue; _ marks it, the reader's language is looked up when it is shown.
_: Callable[[str], str] = str

TYPES = {
    "Person": _("Person"),
    "Place": _("Place"),
    "Event": _("Event"),
    "EventSeries": _("Series"),
    "Organization": _("Organisation"),
}
KINDS = {
    "Person": _("People"),
    "Place": _("Places"),
    "Event": _("Events"),
    "EventSeries": _("Series of events"),
    "Organization": _("Organisations"),
}
PROPERTIES = {
    "additionalType": _("Kind"),
    "jobTitle": _("Public role"),
    "description": _("In their words"),
    "startDate": _("Begins"),
    "endDate": _("Ends"),
    "timeZone": _("Time zone"),
    "eventStatus": _("Status"),
    "eventAttendanceMode": _("How to attend"),
    "eventSchedule": _("Takes place"),
    "streetAddress": _("Street"),
    "postalCode": _("Postal code"),
    "addressLocality": _("Town"),
    "addressRegion": _("Region"),
    "addressCountry": _("Country"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "openingHours": _("Opening hours"),
    "about": _("Topics"),
    "keywords": _("Keywords"),
    "figure": _("Figures"),
    "url": _("Web page"),
    "sameAs": _("Also at"),
    "inLanguage": _("Language"),
    "dateModified": _("Changed there"),
    "name": _("Name"),
    "alternateName": _("Also written"),
}
VALUES = {
    "EventScheduled": _("as planned"),
    "EventCancelled": _("cancelled"),
    "EventPostponed": _("postponed"),
    "EventRescheduled": _("moved to another day"),
    "EventMovedOnline": _("moved online"),
    "OfflineEventAttendanceMode": _("on site"),
    "OnlineEventAttendanceMode": _("online"),
    "MixedEventAttendanceMode": _("on site and online"),
}
# Roles that readers say where a page states them without a word for it, or with a verb; others are as a source says.
ROLES = {
    "author": _("author"),
    "founder": _("founder"),
    "co-founder": _("co-founder"),
    "manager": _("manager"),
    "representative": _("representative"),
    "lead": _("lead"),
    "organiser": _("organiser"),
    "organizer": _("organiser"),
    "speaker": _("speaker"),
}
IN_ENGLISH = {  # the same of French pages
    "animateur": "facilitator",
    "coordinateur": "coordinator",
    "créateur": "founder",
    "dirigeant": "head",
    "fondateur": "founder",
    "gérant": "manager",
    "président": "president",
    "représentant": "representative",
}
RELATIONS = {
    "performer": _("speaker"),
    "organizer": _("organiser"),
    "attendee": _("took part"),
    "founder": _("founder"),
    "worksFor": _("staff"),
    "memberOf": _("member"),
    "location": _("here"),
    "superEvent": _("part"),
}
# What else a source may state, beside the properties of nodes.
STATED = {
    "id": _("Identifier"),
    "address": _("Address"),
    "geo": _("Coordinates"),
    "location": _("Where"),
    "organizer": _("Who holds it"),
    "performer": _("Who speaks"),
    "attendee": _("Who takes part"),
    "superEvent": _("Part of"),
    "subEvent": _("Programme"),
    "worksFor": _("Works for, member of"),
    "memberOf": _("Works for, member of"),
    "founder": _("Founders"),
    "quote": _("Quotation"),
    "timeZoneSource": _("Where the time zone is from"),
}
STATES = {
    "never seen": _("not read yet"),
    "healthy": _("read as it should be"),
    "shrinking": _("gives less than usual: held back"),
    "empty": _("answers, but gives nothing"),
    "stale": _("nothing new for a year"),
    "failing": _("cannot be read at the moment"),
    "refused": _("does not want to be read"),
    "gone": _("gone"),
}


@lru_cache(maxsize=20_000)
def day(stated: str, language: str) -> str:
    """Return the day, month or year of a date: ``8 novembre 2012``; as it stands where it is none."""
    locale = LOCALES[language]
    try:
        if len(stated) == 7:
            return str(format_date(date.fromisoformat(stated + "-01"), "LLLL y", locale=locale))
        if len(stated) >= 10:
            return _counted(date.fromisoformat(stated[:10]), language, "d MMMM y")
    except ValueError:
        pass
    return line(stated)[:SHORT]


@lru_cache(maxsize=20_000)
def when(start: str, end: str | None, zone: str | None, language: str) -> str:
    """Return when an event is, in its own zone: ``jeudi 8 novembre 2012, 18 h 30 – 20 h 00``."""
    first = moment(start, zone)
    if first is None:
        return day(start, language)
    last = moment(end, zone) if end else None
    if last is not None and (_kind(last) != _kind(first) or last < first):
        last = None  # a day and an instant cannot be one span
    return spoken(first, last, language)


@lru_cache(maxsize=5_000)
def role(stated: str, language: str) -> str:
    """Return a public role in words of a language, where it is one of those that readers say; else as it is stated."""
    from output.web.templating import translations

    if language == LANGUAGES[1]:
        return IN_ENGLISH.get(stated, stated)
    return str(translations(language).gettext(ROLES[stated])) if stated in ROLES else stated


def titles(language: str) -> dict[str, str]:
    """Return those of the roles that readers say which are called otherwise in a language, with what they are."""
    return {title: said for title in (*ROLES, *IN_ENGLISH) if (said := role(title, language)) != title}


def state(status: str | None, language: str) -> str:
    """Return what became of an event that is not as planned, for the beginning of a line: ``Annulé``; else nothing."""
    if status is None or status == "EventScheduled" or status not in VALUES:
        return ""
    from output.web.templating import translations

    said = str(translations(language).gettext(VALUES[status]))
    return said[0].upper() + said[1:]


@lru_cache(maxsize=20_000)
def brief(start: str, language: str) -> str:
    """Return a date for a list: ``8 nov. 2012``."""
    try:
        if len(start) >= 10:
            return _counted(date.fromisoformat(start[:10]), language, "d MMM y")
        if len(start) == 7:
            return str(format_date(date.fromisoformat(start + "-01"), "LLL y", locale=LOCALES[language]))
    except ValueError:
        pass
    return line(start)[:10]


def stated(field: str) -> tuple[str, str] | None:
    """Return of what kind of thing a source states what, ``Event.startDate``, in words that are still English."""
    kind, _, name = field.partition(".")
    told = PROPERTIES.get(name) or STATED.get(name)
    return (TYPES[kind], told) if kind in TYPES and told else None


@lru_cache(maxsize=5_000)
def territory(code: str, language: str) -> str:
    """Return what a country (ISO 3166-1), the ``world`` or a region (ISO 3166-2) is called: ``Royaume-Uni``.

    Countries as CLDR names them; of regions those that the gazetteer has. Others, and what is no code, as they stand.
    """
    if code == "world" or (len(code) == 2 and code.isupper()):
        found = Locale.parse(LOCALES[language]).territories.get("001" if code == "world" else code)
        return found[0].upper() + found[1:] if found else code
    from output.territories import region_name

    return region_name(code) or code


def country(text: str, language: str) -> str:
    """Return the name of a country that a source states in words or as a code; as it stands where it is none."""
    from output.territories import country_code

    code = country_code(text)
    return territory(code, language) if code else text


def short(text: str, length: int = SHORT) -> str:
    """Return a text from a source as one line that is not too long."""
    text = line(text)
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def spoken(start: date, end: date | None, language: str) -> str:
    """Return a day, a span of days, or times in words: "Saturday 5 – Monday 7 December 2026"."""
    day = start.date() if isinstance(start, datetime) else start
    last = end.date() if isinstance(end, datetime) else end
    if last is not None and last > day and not isinstance(start, datetime):
        shown = "EEEE d" if (day.year, day.month) == (last.year, last.month) else "EEEE d MMMM"
        first = _counted(day, language, shown if day.year == last.year else "EEEE d MMMM y")
        return SPAN[language].format(first, _counted(last, language))
    text = _counted(day, language)
    if isinstance(start, datetime):
        text += f", {_time(start, language)}"
        if isinstance(end, datetime) and end > start:
            text += f" – {'' if last == day else _counted(end, language) + ', '}{_time(end, language)}"
    return text


def _counted(day: date, language: str, shown: str = "EEEE d MMMM y") -> str:
    if language == "fr" and day.day == 1:
        shown = re.sub(r"\bd\b", "d'er'", shown)  # the first, and no other, is counted
    return str(format_date(day, shown, locale=LOCALES[language]))


def _time(moment: datetime, language: str) -> str:
    return str(format_time(moment.time(), CLOCK[language], locale=LOCALES[language]))


def _kind(at: date) -> tuple[bool, bool]:
    return isinstance(at, datetime), isinstance(at, datetime) and at.tzinfo is not None


__all__ = [
    "KINDS",
    "LOCALES",
    "LONG",
    "PROPERTIES",
    "RELATIONS",
    "SHORT",
    "STATED",
    "STATES",
    "TYPES",
    "VALUES",
    "brief",
    "country",
    "day",
    "role",
    "short",
    "spoken",
    "state",
    "stated",
    "territory",
    "titles",
    "when",
]
