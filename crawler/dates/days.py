"""One day, month or year as it is written: ``jeudi 16 mai 2013``, ``May 16th``, ``16/05/13``, ``2013-05-16``, ``mars 2013``."""

from datetime import date

from crawler.dates.calendar import Day, full_year, real
from crawler.dates.clock import spelt_number
from crawler.dates.tokens import MARK, NUMBER, WORD, Tokens
from crawler.dates.words import (
    LAST,
    MONTHS_EN,
    MONTHS_FR,
    NEXT,
    NUMBERS_FR,
    ORDINAL_ENDINGS,
    SHORT_WEEKDAYS_EN,
    SHORT_WEEKDAYS_FR,
    WEEKDAYS_EN,
    WEEKDAYS_FR,
)

WEEKDAYS = {**WEEKDAYS_FR, **WEEKDAYS_EN}
_SHORT = {**SHORT_WEEKDAYS_EN, **SHORT_WEEKDAYS_FR}
_ARTICLES = frozenset(("le", "the", "du", "au", "on", "les", "des", "ce", "this", "of"))
_PHONE_LIKE = frozenset((".", "-", " "))


def weekday(tokens: Tokens, place: int) -> tuple[int | None, int, bool]:
    """Return the weekday at a place, the place after it (a full stop and comma too), and whether it is a short form."""
    word = tokens.at(place)
    number = WEEKDAYS.get(word)
    short = False
    if number is None:
        vocabulary = {"fr": SHORT_WEEKDAYS_FR, "en": SHORT_WEEKDAYS_EN}.get(tokens.language or "", _SHORT)
        number, short = vocabulary.get(word), True
        if number is None:
            return None, place, False
    after = place + 1
    if tokens.at(after) == "." and tokens.glued(after):
        after += 1
    return number, after, short


def month(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Return the month named at a place and the place after it (its full stop too)."""
    word = tokens.at(place)
    number = MONTHS_FR.get(word) if tokens.language != "en" else None
    if number is None:
        number = MONTHS_EN.get(word) or MONTHS_FR.get(word)
    if number is None:
        return None, place
    after = place + 1
    if tokens.at(after) == "." and tokens.glued(after) and len(word) <= 5:
        after += 1
    return number, after


def year(tokens: Tokens, place: int, *, two_figures: bool = False) -> tuple[int | None, int, int]:
    """Return the year at a place, its number of figures, and the place after it."""
    after = place
    if tokens.at(after) == "'" and tokens.digits(after + 1) == 2 and tokens.glued(after + 1):
        return tokens.number(after + 1), 2, after + 2
    number, figures = tokens.number(after), tokens.digits(after)
    if number is None or not (figures == 4 or (two_figures and figures == 2)):
        return None, 0, place
    if figures == 4 and not 1800 <= number <= 2199:
        return None, 0, place
    if tokens.glued(after + 1) and tokens.kinds[after + 1] == WORD:
        return None, 0, place
    if tokens.at(after + 1) == ":" and tokens.glued(after + 2) and tokens.digits(after + 2) == 2 and figures == 2:
        return None, 0, place
    return number, figures, after + 1


def number(tokens: Tokens, place: int) -> tuple[int | None, int, bool]:
    """Return the day's number at a place (1 to 31, ordinal or spelt too), the place after it, and if it is an ordinal."""
    value = tokens.number(place)
    if value is not None:
        if (
            not 1 <= value <= 31
            or tokens.digits(place) > 2
            or (tokens.glued(place) and tokens.kinds[place - 1] == WORD)
        ):
            return None, place, False
        after = place + 1
        if tokens.at(after) in ORDINAL_ENDINGS and (
            tokens.glued(after) or tokens.at(after) in ("er", "st", "nd", "rd", "th")
        ):
            return value, after + 1, True
        if tokens.at(after) == "°" and tokens.glued(after):
            return value, after + 1, True
        return value, after, False
    if tokens.at(place) in ("premier", "1er"):
        return 1, place + 1, True
    if tokens.at(place) in NUMBERS_FR and tokens.language != "en":
        value, after = spelt_number(tokens, place)
        if value is not None and 1 <= value <= 31:
            return value, after, False
    return None, place, False


def read(tokens: Tokens, place: int, reference: date) -> tuple[Day, int] | None:
    """Return the day, month or year that begins at a place and the place after it, or None."""
    start = place
    if tokens.at(start) in _ARTICLES:
        start += 1
    if tokens.kinds[start] == NUMBER:
        if found := _iso(tokens, start) or _numeric(tokens, start, reference, supported=start > place):
            return found
        return _day_first(tokens, start, reference, None)
    which, after, short = weekday(tokens, start)
    if which is not None:
        after += tokens.at(after) == ","
        if tokens.at(after) in ("le", "the"):
            after += 1
        if tokens.kinds[after] == NUMBER and (
            found := _iso(tokens, after) or _numeric(tokens, after, reference, supported=True)
        ):
            found[0].weekday = which
            return found
        if found := _day_first(tokens, after, reference, which) or _month_first(tokens, after, reference, which):
            return found
        if value_found := _weekday_number(tokens, after, which):
            return value_found
        if not short:
            return Day(weekday=which), after - (
                tokens.at(after - 1) in (",", "le", "the")
            ) if after > start + 1 else after
    if found := _month_first(tokens, start, reference, None):
        return found
    return _day_first(tokens, start, reference, None)


def _weekday_number(tokens: Tokens, place: int, which: int) -> tuple[Day, int] | None:
    """``jeudi 15``: the month is left to the calendar."""
    value, after, _ = number(tokens, place)
    if (
        value is None
        or tokens.at(after) in ("h", "heures", "heure", ":", "am", "pm", "%", "€", "/", "min")
        or tokens.at(after) in ("a", "p")
        and tokens.at(after + 1) in (".", "m")
    ):
        return None
    if tokens.at(after) == "." and tokens.glued(after) and tokens.digits(after + 1) and tokens.glued(after + 1):
        return None
    if tokens.at(after) == "-" and tokens.number(after + 1) is not None:
        return None
    return Day(weekday=which, day=value), after


def _with_weekday(tokens: Tokens, day: Day, after: int) -> tuple[Day, int]:
    """Return the day with the weekday that follows it: ``May 16 (Thursday)``, ``May 16, Thursday``."""
    opened = tokens.at(after) in ("(", ",")
    which, stop, _ = weekday(tokens, after + opened)
    if day.weekday is None and opened and which is not None:
        if tokens.at(after) == "(":
            if tokens.at(stop) == ")":
                day.weekday = which
                return day, stop + 1
        elif tokens.number(stop) is None and month(tokens, stop)[0] is None and tokens.at(stop) != ",":
            day.weekday = which
            return day, stop
    return day, after


def _day_first(tokens: Tokens, place: int, reference: date, which: int | None) -> tuple[Day, int] | None:
    """``16 mai 2013``, ``16th of May``, ``3eme jour d'octobre``, ``16-mai-13``."""
    value, after, _ = number(tokens, place)
    if value is None:
        return None
    for phrase in (
        ("of",),
        ("de",),
        ("d", "'"),
        ("jour", "de"),
        ("jour", "d", "'"),
        ("-",),
        ("/",),
        (".",),
        ("du", "mois", "de"),
        ("du", "mois", "d", "'"),
    ):
        if stop := tokens.follows(after, *phrase):
            after = stop
            break
    which_month, stop = month(tokens, after)
    if which_month is None:
        return None
    if tokens.at(after) in ("mar", "may", "march") and not month_like(tokens, after):
        return None
    dashed = tokens.at(after - 1) in ("-", "/", ".")
    return _finished(tokens, Day(weekday=which, day=value, month=which_month), stop, reference, dashed=dashed)


def month_like(tokens: Tokens, place: int) -> bool:
    """Whether the English word at a place that means other things as well is written as a month is: with a capital."""
    return tokens.language == "fr" or tokens.source[tokens.begins[place]].isupper()


def _finished(tokens: Tokens, day: Day, after: int, reference: date, *, dashed: bool = False) -> tuple[Day, int]:
    """Return a day or month with the year, the ``dernier`` or ``prochain``, and the weekday that stand after it."""
    start = after
    if tokens.at(start) == ",":
        start += 1
    elif tokens.at(start) in ("-", "/", ".") and dashed:
        start += 1
    elif tokens.at(start) in ("of", "de", "in", "en"):
        start += 1
    told, figures, stop = year(tokens, start, two_figures=dashed or tokens.whole)
    if told is not None and not (tokens.at(start - 1) == "," and figures == 2):
        day.year = full_year(told, figures, reference)
        return _with_weekday(tokens, day, stop)
    if tokens.at(after) in ("dernier", "passe"):
        day.shift, day.relative = -1, True
        return day, after + 1
    if tokens.at(after) in ("prochain", "next"):
        day.shift, day.relative = 1, True
        return day, after + 1
    day, after = _with_weekday(tokens, day, after)
    if day.weekday is not None and day.year is None:
        start = after + (tokens.at(after) == ",")
        told, figures, stop = year(tokens, start)
        if told is not None:
            day.year = full_year(told, figures, reference)
            return day, stop
    return day, after


def _month_first(tokens: Tokens, place: int, reference: date, which: int | None) -> tuple[Day, int] | None:
    """``May 16th, 2013``, ``mai 2013``, ``May``."""
    which_month, after = month(tokens, place)
    if which_month is None:
        return None
    word = tokens.at(place)
    start = after + (tokens.at(after) in ("the", "le"))
    if (
        tokens.at(start) in ("-", "/")
        and tokens.glued(start)
        and tokens.glued(start + 1)
        and tokens.digits(start + 1) in (1, 2)
    ):
        start += 1
    value, stop, _ = number(tokens, start)
    if value is not None and tokens.kinds[start] == NUMBER and _ends_day(tokens, stop):
        if word in ("mar", "may", "march", "jan") and not month_like(tokens, place):
            return None
        dashed = start > after and tokens.at(after) in ("-", "/")
        return _finished(tokens, Day(weekday=which, day=value, month=which_month), stop, reference, dashed=dashed)
    if which is not None:
        return None
    day, stop = _finished(tokens, Day(month=which_month), after, reference)
    if (
        day.year is None
        and day.shift is None
        and (len(word) <= 4 and word not in ("mars", "avril", "mai", "juin", "aout", "may", "june", "july"))
        and not tokens.whole
    ):
        return None
    return day, stop


def _ends_day(tokens: Tokens, place: int) -> bool:
    """Whether what follows a number leaves it a day: not an hour's sign, a further figure, a share or a sum."""
    text = tokens.at(place)
    if text in (":", "h", "%", "€", "am", "pm", "heures"):
        return False
    if text in ("a", "p") and tokens.at(place + 1) == "." and tokens.at(place + 2) == "m":
        return False
    return not (tokens.glued(place) and tokens.kinds[place] == WORD)


def _iso(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``2013-05-16``, ``2013/5/16``, ``2013.05.16``, ``2013 May 16``."""
    told, after = tokens.number(place), place + 1
    if told is None or tokens.digits(place) != 4 or not 1800 <= told <= 2199:
        return None
    if tokens.glued(place) and tokens.kinds[place - 1] != MARK:
        return None
    sign = tokens.at(after)
    if sign in ("-", "/", ".") and tokens.glued(after) and tokens.at(after + 2) == sign:
        which_month, value = tokens.number(after + 1), tokens.number(after + 3)
        if (
            which_month is not None and value is not None and tokens.digits(after + 1) <= 2 and tokens.digits(after + 3) <= 2
            and real(told, which_month, value)
        ):  # fmt: skip
            return Day(day=value, month=which_month, year=told), after + 4
        return None
    if sign == "-" and tokens.whole and tokens.digits(after + 1) == 2 and tokens.glued(after + 1):
        which_month = tokens.number(after + 1)
        if which_month is not None and 1 <= which_month <= 12:
            return Day(month=which_month, year=told), after + 2
    return None


def _numeric(tokens: Tokens, place: int, reference: date, *, supported: bool) -> tuple[Day, int] | None:
    """``16/05/2013``, ``16.05.13``, ``5-16-13`` by the order of the page; ``16/05`` where something says it is a date."""
    if tokens.digits(place) not in (1, 2) or (tokens.glued(place) and tokens.kinds[place - 1] == WORD):
        return None
    sign, after = tokens.at(place + 1), place + 2
    blank = sign not in ("/", "-", ".")
    if blank:
        if not (tokens.whole and tokens.digits(place + 1)):
            return None
        sign, after = " ", place + 1
    elif tokens.glued(place + 1) != tokens.glued(place + 2) and sign != "/":
        return None
    second = tokens.number(after)
    if second is None or tokens.digits(after) > 2:
        return None
    first = tokens.number(place) or 0
    third_place = after + 1 if blank else after + 2
    told, figures = tokens.number(third_place), tokens.digits(third_place)
    before = tokens.at(place - 1) if tokens.glued(place) else ""
    if before in ("/", "-", ".", ",", "+", "#", "$", "€", "£", "_") or (
        tokens.number(place - 1) is not None and sign in _PHONE_LIKE and tokens.glued(place)
    ):
        return None
    if (blank or tokens.at(after + 1) == sign) and told is not None and figures in (2, 4):
        if not blank and tokens.glued(after + 1) != tokens.glued(place + 1):
            return None
        stop = third_place + 1
        if (
            tokens.at(stop) in ("/", "-", ".")
            and tokens.glued(stop)
            and tokens.glued(stop + 1)
            and tokens.digits(stop + 1)
        ) or (tokens.glued(stop) and tokens.kinds[stop] == WORD and tokens.at(stop) != "t"):
            return None
        if blank and tokens.digits(stop):
            return None
        if (
            figures == 2
            and sign in (".", "-")
            and not supported
            and not (tokens.digits(place) == tokens.digits(after) == 2)
            and not tokens.whole
        ):
            return None
        chosen = full_year(told, figures, reference)
        for value, which_month in _orders(tokens.order, first, second):
            if real(chosen, which_month, value):
                return Day(day=value, month=which_month, year=chosen), stop
        return None
    if (
        not (supported or tokens.whole)
        or sign not in ("/", " ", ".", "-")
        or (sign in (".", "-") and not (supported and tokens.digits(place) == tokens.digits(after) == 2))
    ):
        return None
    if (
        tokens.at(after + 1) in ("/", ".", "-", "%")
        and tokens.glued(after + 1)
        and tokens.glued(after + 2)
        and tokens.kinds[after + 2] != MARK
    ):
        return None
    if tokens.glued(after + 1) and tokens.kinds[after + 1] == WORD:
        return None
    for value, which_month in _orders(tokens.order, first, second):
        if real(2000, which_month, value):
            return Day(day=value, month=which_month), after + 1
    return None


def _orders(order: str, first: int, second: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return (day, month) as the page's order has it, then the other way for what cannot be."""
    return ((second, first), (first, second)) if order.startswith("M") else ((first, second), (second, first))


def shift(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Return -1 or 1 for the ``dernier`` or ``prochain`` at a place, and the place after it."""
    word = tokens.at(place)
    if word in LAST:
        return -1, place + 1
    if word in NEXT:
        return 1, place + 1
    if tokens.follows(place, "d", "'", "apres"):
        return 1, place + 3
    return None, place


def read_number_month(tokens: Tokens, place: int) -> bool:
    """Whether a day's number with its month stands at a place."""
    value, after, _ = number(tokens, place)
    return value is not None and month(tokens, after)[0] is not None
