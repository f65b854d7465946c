"""One day, month or year as it is written: ``jeudi 16 mai 2013``, ``May 16th``, ``16/05/13``, ``2013-05-16``."""

from crawler.dates.calendar import Day, full_year, real
from crawler.dates.clock import is_hour, is_hours
from crawler.dates.numbers import spelt_number
from crawler.dates.tokens import MARK, NUMBER, WORD, Tokens, phrases
from crawler.dates.words import (
    MONTHS_EN,
    MONTHS_FR,
    NUMBERS_FR,
    ORDINAL_ENDINGS,
    SHORT_WEEKDAYS_EN,
    SHORT_WEEKDAYS_FR,
    WEEKDAYS_EN,
    WEEKDAYS_FR,
)

WEEKDAYS = {**WEEKDAYS_FR, **WEEKDAYS_EN}
SHORT_WEEKDAYS = {**SHORT_WEEKDAYS_EN, **SHORT_WEEKDAYS_FR}
_SHORT_OF = {"fr": SHORT_WEEKDAYS_FR, "en": SHORT_WEEKDAYS_EN}
_ARTICLES = frozenset(("le", "the", "du", "au", "on", "les", "des", "ce", "this", "of"))
_MONTH_OF = phrases("mois de", "mois d '")
_OF_MONTH = phrases("of", "de", "d '", "jour de", "jour d '", "-", "/", ".", "du mois de", "du mois d '")
_SIGNS = frozenset(("/", "-", "."))
_AMOUNTS = frozenset(("%", "€", "$", "£"))
_LISTED = phrases(",", "and", "&", "et", "-", "to", "au", ", and")
_NUMBERS_PARTS = frozenset(("/", "-", ".", ",", "+", "#", "$", "€", "£", "_", "=", "<", ">", "~", "^"))
_SHORT_MONTHS = 4  # letters: names up to this length that are not whole ("dec", "sept") need a day or a year
_WHOLE_NAMES = frozenset("mars avril mai juin aout may june july".split())
_TO = frozenset(("-", "to", "a", "au", "/", "et", "and", "&", "through", "thru"))


def read(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """Return the day, month or year that begins at a place and the place after it, or None."""
    start = place + (tokens.texts[place] in _ARTICLES)
    if stop := tokens.any_of(start, _MONTH_OF):
        told, after = month(tokens, stop)
        return finished(tokens, Day(month=told), after) if told is not None else None
    if tokens.kinds[start] == NUMBER:
        return _iso(tokens, start) or _numeric(tokens, start, is_led=start > place) or _day_first(tokens, start, None)
    which, after, short = weekday(tokens, start)
    if which is None:
        return _month_first(tokens, start, None) or _day_first(tokens, start, None)
    if tokens.texts[start] == "mar" and tokens.language is None:
        found = _month_first(tokens, start, None)
        if found is not None and found[0].year is not None:
            return found  # "Mar 12, 2013" is no Tuesday
    return _on_weekday(tokens, after, which) or (
        (Day(weekday=which), after) if not short or tokens.whole or is_hour(tokens, after) else None
    )


def weekday(tokens: Tokens, place: int) -> tuple[int | None, int, bool]:
    """Return the weekday at a place, the place after it, and whether it is a short form (with its full stop)."""
    word, after = tokens.texts[place], place + 1
    if (which := WEEKDAYS.get(word)) is not None:
        return which, after, False
    which = _SHORT_OF.get(tokens.language or "", SHORT_WEEKDAYS).get(word)
    if which is None:
        return None, place, False
    return which, after + (tokens.texts[after] == "." and tokens.glued(after)), True


def month(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Return the month named at a place and the place after it (the full stop of a short form too)."""
    word, after = tokens.texts[place], place + 1
    told = MONTHS_EN.get(word) or MONTHS_FR.get(word)
    if told is None:
        return None, place
    return told, after + (tokens.texts[after] == "." and tokens.glued(after) and len(word) <= _SHORT_MONTHS + 1)


def month_like(tokens: Tokens, place: int) -> bool:
    """Whether a word that means other things as well ("may", "march") is written as a month is: with a capital."""
    if tokens.texts[place] not in ("may", "march", "mar") or tokens.language == "fr":
        return True
    return tokens.source[tokens.begins[place]].isupper()


def year(tokens: Tokens, place: int, *, two_figures: bool = False) -> tuple[int | None, int]:
    """Return the year at a place (``2013``, ``'13``, where ``two_figures`` ``13``), and the place after it."""
    quoted = tokens.texts[place] == "'" and tokens.glued(place + 1)
    at = place + quoted
    told, figures = tokens.number(at), tokens.digits(at)
    if told is None or figures != (2 if quoted else 4):
        is_short = told is not None and two_figures and figures == 2 and not quoted
        if not is_short or is_hour(tokens, at) or tokens.glued_word(at + 1):
            return None, place
    if tokens.glued_word(at + 1) and tokens.texts[at + 1] == "s":
        return None, place  # "the 1990s"
    told = full_year(told or 0, figures, tokens.reference)
    return (told, at + 1) if 1800 <= told <= 2199 else (None, place)


def number(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Return the day's number at a place (1 to 31; an ordinal or spelt in French too), and the place after it."""
    value, after = tokens.number(place), place + 1
    if value is not None:
        glued, before = tokens.glued(place), tokens.texts[place - 1]
        is_decimal = glued and before == "." and tokens.glued(place - 1) and tokens.digits(place - 2) > 0
        if (
            not 1 <= value <= 31
            or tokens.digits(place) > 2
            or is_decimal
            or (glued and tokens.kinds[place - 1] == WORD)
        ):
            return None, place
        ending = tokens.texts[after]
        is_ordinal = ending in ORDINAL_ENDINGS and (tokens.glued(after) or len(ending) == 2)
        return value, after + (is_ordinal or (ending == "°" and tokens.glued(after)))
    if tokens.texts[place] == "premier":
        return 1, after
    if tokens.texts[place] in NUMBERS_FR and tokens.language != "en":
        value, after = spelt_number(tokens, place)
        if value is not None and value <= 31:
            return value, after
    return None, place


def is_day_month(tokens: Tokens, place: int) -> bool:
    """Whether a day's number with its month, or a month with a day's number, stands at a place."""
    value, after = number(tokens, place)
    return month(tokens, after if value is not None else place)[0] is not None


def finished(tokens: Tokens, day: Day, place: int, *, dashed: bool = False) -> tuple[Day, int]:
    """Return a day or month with the year, the ``dernier`` or ``prochain``, and the weekday that stand after it."""
    joint = tokens.texts[place]
    is_joined = joint in (",", "of", "de", "in", "en") or (dashed and joint in _SIGNS)
    told, stop = year(tokens, place + is_joined, two_figures=(dashed or tokens.whole) and joint != ",")
    if told is not None:
        day.year = told
        return _with_weekday(tokens, day, stop)
    if joint in ("dernier", "passe", "prochain", "next"):
        day.shift, day.relative = (1 if joint in ("prochain", "next") else -1), True
        return day, place + 1
    day, after = _with_weekday(tokens, day, place)
    if after > place:  # "May 16 (Thursday), 2013"
        told, stop = year(tokens, after + (tokens.texts[after] == ","))
        if told is not None:
            day.year, after = told, stop
    return day, after


def _with_weekday(tokens: Tokens, day: Day, place: int) -> tuple[Day, int]:
    """Return the day with the weekday that follows it: ``May 16 (Thursday)``, ``May 16, Thursday``, ``May 16 Thu``."""
    opening = tokens.texts[place] if tokens.texts[place] in ("(", ",") else ""
    which, stop, short = weekday(tokens, place + bool(opening))
    if which is None or day.weekday is not None or day.day is None:
        return day, place
    if tokens.texts[stop] in _TO and weekday(tokens, stop + 1)[0] is not None:
        return day, place  # "…, Monday - Friday"
    if opening == "(":
        if tokens.texts[stop] != ")":
            return day, place
        stop += 1
    elif not is_hour(tokens, stop):
        # A weekday that begins the next date is not this one's; a short form needs the text's end.
        begins_next = tokens.digits(stop) or month(tokens, stop)[0] is not None or tokens.texts[stop] == ","
        if begins_next or (short and not opening and stop != tokens.size):
            return day, place
    day.weekday = which
    return day, stop


def _on_weekday(tokens: Tokens, place: int, which: int) -> tuple[Day, int] | None:
    """Return the day whose weekday has been read: ``16 mai``, ``, May 16``, ``- May 16``, ``le 16/05``, ``15``."""
    after = place + (tokens.texts[place] == ",")
    if tokens.texts[after] in ("-", ":", "|") and is_day_month(tokens, after + 1):
        after += 1
    after += tokens.texts[after] in ("le", "the")
    if found := _iso(tokens, after) or _numeric(tokens, after, is_led=True):
        found[0].weekday = which
        return found
    if found := _day_first(tokens, after, which) or _month_first(tokens, after, which):
        return found
    value, stop = number(tokens, after)
    if value is None or is_hours(tokens, after) or tokens.texts[stop] in _AMOUNTS | {"min", "/"}:
        return None
    is_part = tokens.texts[stop] == "." and tokens.glued(stop) and tokens.digits(stop + 1) and tokens.glued(stop + 1)
    return None if is_part else (Day(weekday=which, day=value), stop)


def _day_first(tokens: Tokens, place: int, which: int | None) -> tuple[Day, int] | None:
    """``16 mai 2013``, ``16th of May``, ``3eme jour d'octobre``, ``16-mai-13``."""
    value, after = number(tokens, place)
    if value is None:
        return None
    at = tokens.any_of(after, _OF_MONTH) or after
    told, stop = month(tokens, at)
    if told is None:
        return None
    dashed = at > after and tokens.texts[after] in _SIGNS
    day, stop = finished(tokens, Day(weekday=which, day=value, month=told), stop, dashed=dashed)
    return (day, stop) if day.year is not None or month_like(tokens, at) else None


def _month_first(tokens: Tokens, place: int, which: int | None) -> tuple[Day, int] | None:
    """``May 16th, 2013``, ``mai 2013``, ``May``."""
    told, after = month(tokens, place)
    if told is None:
        return None
    start = after + (tokens.texts[after] in ("the", "le"))
    dashed = tokens.texts[start] in ("-", "/") and tokens.glued(start) and tokens.glued(start + 1)
    start += dashed
    value, stop = number(tokens, start)
    if value is not None and tokens.kinds[start] == NUMBER and _is_day(tokens, start, stop):
        day, stop = finished(tokens, Day(weekday=which, day=value, month=told), stop, dashed=dashed)
        return (day, stop) if day.year is not None or which is not None or month_like(tokens, place) else None
    if which is not None:
        return None
    day, stop = finished(tokens, Day(month=told), after)
    if day.year is None and day.shift is None and not tokens.whole and not _is_name(tokens, place, stop):
        return None
    return day, stop


def _is_day(tokens: Tokens, place: int, stop: int) -> bool:
    """Whether what follows a number leaves it a day: no hour's sign, no sum, no letter that belongs to it."""
    if is_hour(tokens, place) or tokens.texts[stop] in _AMOUNTS:
        return False
    return not tokens.glued_word(stop) or month(tokens, stop)[0] is not None


def _is_name(tokens: Tokens, place: int, stop: int) -> bool:
    """Whether a month stands there by its name, or by a short form that another month follows (``Jan-Mar``)."""
    word = tokens.texts[place]
    if len(word) > _SHORT_MONTHS or word in _WHOLE_NAMES:
        return True
    return tokens.texts[stop] in _TO and month(tokens, stop + 1)[0] is not None


def _iso(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``2013-05-16``, ``2013/5/16``, ``2013.05.16``; ``2013-05`` where nothing else stands."""
    told, sign = tokens.number(place), tokens.texts[place + 1]
    if told is None or tokens.digits(place) != 4 or sign not in _SIGNS or not tokens.glued(place + 1):
        return None
    if tokens.glued(place) and tokens.kinds[place - 1] != MARK:
        return None
    which, value = tokens.number(place + 2), tokens.number(place + 4)
    if tokens.texts[place + 3] == sign and which is not None and value is not None:
        if tokens.digits(place + 2) <= 2 and tokens.digits(place + 4) <= 2 and real(told, which, value):
            return Day(day=value, month=which, year=told), place + 5
        return None
    if tokens.whole and sign == "-" and tokens.digits(place + 2) == 2 and which is not None and real(told, which, 1):
        return Day(month=which, year=told), place + 3
    return None


def _numeric(tokens: Tokens, place: int, *, is_led: bool) -> tuple[Day, int] | None:
    """``16/05/2013``, ``16.05.13``, ``5-16-13`` by the order of the page; ``16/05`` where something says it is a date.

    ``is_led`` when an article or a weekday stands before. ``16 05 2013`` is one only where nothing else stands.
    """
    if tokens.digits(place) not in (1, 2):
        return None
    before, sign = tokens.texts[place - 1], tokens.texts[place + 1]
    # "12-14/02/2013" ends a range; other figures after a dash belong to a longer number.
    ends_range = before == "-" and sign == "/" and tokens.digits(place - 2) in (1, 2)
    in_number = tokens.kinds[place - 1] == WORD or before in _NUMBERS_PARTS
    if tokens.glued(place) and in_number and not ends_range:
        return None
    if sign in _SIGNS:
        step = 2
        if sign != "/" and tokens.glued(place + 1) != tokens.glued(place + 2):
            return None
    elif tokens.whole:
        sign, step = "", 1
    else:
        return None
    at = [place, place + step, place + 2 * step]
    if tokens.digits(at[1]) not in (1, 2):
        return None
    has_year = tokens.digits(at[2]) in (2, 4) and (not sign or tokens.texts[at[2] - 1] == sign)
    if has_year and (not sign or tokens.glued(at[2] - 1) == tokens.glued(place + 1)):
        return _day_month_year(tokens, at, sign, is_led=is_led)
    return _day_month(tokens, at, sign, is_led=is_led)


def _day_month_year(tokens: Tokens, at: list[int], sign: str, *, is_led: bool) -> tuple[Day, int] | None:
    first, second, third = (tokens.number(place) or 0 for place in at)
    figures, stop = tokens.digits(at[2]), at[2] + 1
    # A longer number (a telephone's), or one with letters.
    if tokens.texts[stop] in _SIGNS and tokens.glued(stop) and tokens.glued(stop + 1) and tokens.digits(stop + 1):
        return None
    if (tokens.glued_word(stop) and tokens.texts[stop] != "t") or (not sign and tokens.digits(stop)):
        return None
    if figures == 2 and sign in (".", "-") and not (is_led or tokens.whole or tokens.order == "MDY"):
        # Not the third of a version's numbers: "Python 3.11.12".
        full = tokens.digits(at[0]) == tokens.digits(at[1]) == 2
        if not full and tokens.kinds[at[0] - 1] == WORD:
            return None
    told = full_year(third, figures, tokens.reference)
    for value, which in _orders(tokens.order, first, second):
        if real(told, which, value):
            return Day(day=value, month=which, year=told), stop
    return None


def _day_month(tokens: Tokens, at: list[int], sign: str, *, is_led: bool) -> tuple[Day, int] | None:
    is_listed = sign == "/" and _is_listed(tokens, at)
    if not (is_led or tokens.whole or is_listed):
        return None
    if sign in (".", "-") and not (is_led and tokens.digits(at[0]) == tokens.digits(at[1]) == 2):
        return None
    stop = at[1] + 1
    if month(tokens, stop)[0] is not None:
        return None  # "12/13 mars"
    goes_on = tokens.texts[stop] in _SIGNS | _AMOUNTS and tokens.glued(stop) and tokens.glued(stop + 1)
    if tokens.glued_word(stop) or (goes_on and tokens.kinds[stop + 1] != MARK and not is_listed):
        return None
    for value, which in _orders(tokens.order, tokens.number(at[0]) or 0, tokens.number(at[1]) or 0):
        if real(2000, which, value):
            return Day(day=value, month=which), stop
    return None


def _is_listed(tokens: Tokens, at: list[int]) -> bool:
    """Whether a day and month in figures has another beside it: ``3/14, 3/21``; one figure each are fractions."""
    after, before = tokens.any_of(at[1] + 1, _LISTED) or tokens.size, at[0] - 4
    for other in (after, before if before >= 0 and tokens.any_of(before + 3, _LISTED) else tokens.size):
        if tokens.texts[other + 1] == "/" and tokens.digits(other) and tokens.digits(other + 2):
            return max(tokens.digits(place) for place in (*at[:2], other, other + 2)) == 2
    return False


def _orders(order: str, first: int, second: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return (day, month) as the page's order has it, then the other way for what cannot be."""
    return ((second, first), (first, second)) if order == "MDY" else ((first, second), (second, first))
