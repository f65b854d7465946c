"""What recurs: ``tous les premiers jeudis du mois``, ``every 2nd Tuesday``, ``chaque mardi``, ``lundi-vendredi``."""

from crawler.dates import days
from crawler.dates.clock import is_hours
from crawler.dates.numbers import ordinal
from crawler.dates.tokens import NUMBER, Tokens, phrases
from crawler.dates.words import NUMBERS_EN, NUMBERS_FR, ORDINAL_ENDINGS, ORDINALS, PLURAL_WEEKDAYS

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKING_DAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
_EVERY = phrases("tous les", "toutes les", "chaque", "every", "each")
_OF_THE_MONTH = phrases(
    "du mois", "de chaque mois", "de tous les mois", "chaque mois", "of the month", "of each month", "of every month",
    "each month", "every month", "monthly", "in the month", "in each month", "of month", "par mois", "des mois",
)  # fmt: skip
_OF_MONTHS = phrases("of", "in", "de", "d '", "en", "des mois de", "of the months of", "of the month of")
_MONTHLY = phrases("monthly", "tous les mois", "chaque mois", "every month", "each month")
_MONTH_DAY = phrases("de chaque mois", "du mois", "of each month", "of every month", "of the month")
_ARTICLES = phrases("le", "les", "the", "on", "on the", "au", "aux")
_OPENERS = frozenset(
    (*_EVERY, *_ARTICLES, *ORDINALS, *PLURAL_WEEKDAYS, *days.WEEKDAYS, *days.SHORT_WEEKDAYS),
).union("du from de des un monthly".split())
_LIST = phrases(", and", ", et", ", &", ",", "et", "and", "&", "ou", "or", "/", "+")
_LISTED = frozenset(("les", "le", "the", "every", "on"))
_TO = frozenset(("au", "a", "to", "-", "through", "thru"))
_ONE_IN_TWO = phrases("sur deux", "sur 2")
_FORTNIGHT = phrases("quinze jours", "15 jours")
_UNITS = {
    **dict.fromkeys("jour jours soir soirs matin matins midi midis day days morning evening night".split(), "DAILY"),
    **dict.fromkeys(("semaine", "semaines", "week", "weeks"), "WEEKLY"),
    **dict.fromkeys(("mois", "month", "months"), "MONTHLY"),
    **dict.fromkeys(("an", "ans", "annee", "annees", "year", "years"), "YEARLY"),
}
_MOST = 12  # weekdays, ordinals or months in one rule

_Rule = tuple[str, int | None, int]  # the RRULE value, its weekday where it has one, the place after it


def read(tokens: Tokens, place: int) -> _Rule | None:
    """Return the RRULE value told at a place, its weekday where it has one, and the place after it."""
    if tokens.kinds[place] == NUMBER:
        is_ordinal = tokens.texts[place + 1] in ORDINAL_ENDINGS
        return _ordinal_weekday(tokens, place) if is_ordinal else _one_in_two(tokens, place)
    if tokens.texts[place] not in _OPENERS:
        return None
    return (
        _week_span(tokens, place)
        or _ordinal_weekday(tokens, place)
        or _month_day(tokens, place)
        or _monthly_on(tokens, place)
        or _every(tokens, place)
        or _one_in_two(tokens, place)
        or _plural(tokens, place)
        or _listed(tokens, place)
    )


def _rule(frequency: str, which: list[int], nth: list[int], stop: int, *, interval: int = 1, extra: str = "") -> _Rule:
    """Return the rule for weekdays, or for the n-th of them."""
    codes = [
        _CODES[day] if not nth else f"{number:+}{_CODES[day]}" for day in sorted(set(which)) for number in nth or [0]
    ]
    every = f";INTERVAL={interval}" if interval > 1 else ""
    listed = ",".join(dict.fromkeys(codes))
    return f"FREQ={frequency}{every}{extra};BYDAY={listed}", which[0] if len(which) == 1 else None, stop


def _weekdays(tokens: Tokens, place: int) -> tuple[list[int], int]:
    """Return the weekdays listed at a place, singular or plural, and the place after them."""
    found: list[int] = []
    after = place
    while len(found) < _MOST:
        start = tokens.any_of(after, _LIST) if found else after
        if found and not start:
            break
        start += bool(found) and tokens.texts[start] in _LISTED
        which, stop = PLURAL_WEEKDAYS.get(tokens.texts[start]), start + 1
        if which is None:
            which, stop, _ = days.weekday(tokens, start)
        if which is None or (found and _is_dated(tokens, stop)):
            break
        found.append(which)
        after = stop
    return found, after


def _is_dated(tokens: Tokens, place: int) -> bool:
    """Whether a date goes on after its weekday: a number that is no hour, a month."""
    if tokens.digits(place):
        return not is_hours(tokens, place)
    return days.month(tokens, place)[0] is not None


def _week_span(tokens: Tokens, place: int) -> _Rule | None:
    """``du lundi au vendredi``, ``Monday through Friday``, ``lun-ven``."""
    first, after, _ = days.weekday(tokens, place + (tokens.texts[place] in ("du", "from", "de")))
    if first is None or tokens.texts[after] not in _TO:
        return None
    last, stop, _ = days.weekday(tokens, after + 1)
    if last is None or _is_dated(tokens, stop):
        return None
    found = _rule("WEEKLY", [(first + step) % 7 for step in range((last - first) % 7 + 1)], [], stop)
    return found[0], None, stop


def _ordinal_weekday(tokens: Tokens, place: int) -> _Rule | None:
    """``(tous) les 1er et 3e jeudis du mois``, ``every second Tuesday``, ``the last Friday of each month``."""
    every = tokens.any_of(place, _EVERY)
    after = every or tokens.any_of(place, _ARTICLES) or place
    nth: list[int] = []
    while len(nth) < _MOST:
        start = tokens.any_of(after, _LIST) if nth else after
        if nth and not start:
            break
        start += bool(nth) and tokens.texts[start] in _LISTED
        number, stop = ordinal(tokens, start)
        if number is None:
            break
        nth.append(number)
        after = stop
    which, after = _weekdays(tokens, after) if nth else ([], after)
    if not which:
        return None
    if stop := _of_the_month(tokens, after):
        return _rule("MONTHLY", which, nth, stop)
    months, stop = _of_months(tokens, after)
    if len(months) > 1 or (months and every):
        listed = ",".join(str(month) for month in sorted(set(months)))
        return _rule("YEARLY", which, nth, stop, extra=f";BYMONTH={listed}")
    # Without "of the month": "every 2nd Tuesday", "1st and 3rd Mondays", "First Thursdays".
    is_plural = tokens.texts[after - 1] in PLURAL_WEEKDAYS and nth[0] > 0
    if months or _is_dated(tokens, after) or not (every or is_plural or len(nth) > 1):
        return None
    return _rule("MONTHLY", which, nth, after)


def _of_the_month(tokens: Tokens, place: int) -> int:
    """Return the place after ``du mois`` or its like, but not "du mois de mai", "du mois prochain"."""
    stop = tokens.any_of(place + (tokens.texts[place] == ","), _OF_THE_MONTH)
    if tokens.texts[stop] in ("prochain", "dernier", "suivant"):
        return 0
    named = tokens.any_of(stop, _OF_MONTHS)
    return 0 if named and days.month(tokens, named)[0] is not None else stop


def _of_months(tokens: Tokens, place: int) -> tuple[list[int], int]:
    """Return the months listed at a place (``in January, April, July and October``), and the place after them."""
    found: list[int] = []
    after, start = place, tokens.any_of(place, _OF_MONTHS)
    while start and len(found) < _MOST:
        month, stop = days.month(tokens, start)
        if month is None:
            break
        found.append(month)
        after, start = stop, tokens.any_of(stop, _LIST)
    return found, after


def _month_day(tokens: Tokens, place: int) -> _Rule | None:
    """``le 15 de chaque mois``, ``tous les 15 du mois``, ``the 15th of each month``."""
    start = tokens.any_of(place, _EVERY) or tokens.any_of(place, _ARTICLES)
    if not start or not tokens.digits(start):
        return None
    day, after = days.number(tokens, start)
    stop = tokens.any_of(after, _MONTH_DAY) if day is not None else 0
    return (f"FREQ=MONTHLY;BYMONTHDAY={day}", None, stop) if stop else None


def _monthly_on(tokens: Tokens, place: int) -> _Rule | None:
    """``tous les mois, le 3e jeudi``, ``monthly on the 2nd Tuesday``."""
    after = tokens.any_of(place, _MONTHLY)
    start = tokens.any_of(after + (tokens.texts[after] == ","), _ARTICLES) if after else 0
    number, stop = ordinal(tokens, start) if start else (None, place)
    which, end = _weekdays(tokens, stop) if number is not None else ([], place)
    return _rule("MONTHLY", which, [number], end) if which and number is not None else None


def _every(tokens: Tokens, place: int) -> _Rule | None:
    """``tous les jeudis``, ``every other week``, ``toutes les deux semaines``, ``chaque semaine le mardi``."""
    start = tokens.any_of(place, _EVERY)
    if not start:
        return None
    if stop := tokens.any_of(start, _FORTNIGHT):
        return "FREQ=WEEKLY;INTERVAL=2", None, stop
    interval = 1
    if tokens.texts[start] in ("other", "alternate"):
        interval, start = 2, start + 1
    elif tokens.texts[start + 1] in _UNITS or tokens.texts[start + 1] in PLURAL_WEEKDAYS:
        word = tokens.texts[start]
        number = tokens.number(start) or NUMBERS_FR.get(word) or NUMBERS_EN.get(word)
        if number is not None and 1 < number <= 52:
            interval, start = number, start + 1
    if tokens.texts[start] in ("weekday", "weekdays"):
        return _WORKING_DAYS, None, start + 1
    frequency = _UNITS.get(tokens.texts[start])
    if frequency == "WEEKLY" and tokens.texts[start + 1] in ("le", "on"):
        which, stop = _weekdays(tokens, start + 2)
        if which:
            return _rule("WEEKLY", which, [], stop, interval=interval)
    if frequency is not None:
        return f"FREQ={frequency}{f';INTERVAL={interval}' if interval > 1 else ''}", None, start + 1
    which, after = _weekdays(tokens, start)
    if not which or _is_dated(tokens, after):
        return None
    if stop := tokens.any_of(after, _ONE_IN_TWO):
        interval, after = 2, stop
    return _rule("WEEKLY", which, [], after, interval=interval)


def _one_in_two(tokens: Tokens, place: int) -> _Rule | None:
    """``un jeudi sur deux``."""
    which, after, _ = days.weekday(tokens, place + 1) if tokens.texts[place] in ("un", "1") else (None, place, False)
    stop = tokens.any_of(after, _ONE_IN_TWO) if which is not None else 0
    return _rule("WEEKLY", [which], [], stop, interval=2) if which is not None and stop else None


def _listed(tokens: Tokens, place: int) -> _Rule | None:
    """``Mon., Wed. and Fri.``: three weekdays or more."""
    which, after = _weekdays(tokens, place)
    return _rule("WEEKLY", which, [], after) if len(which) > 2 and not _is_dated(tokens, after) else None


def _plural(tokens: Tokens, place: int) -> _Rule | None:
    """``les mardis``, ``Tuesdays``, ``on Mondays and Wednesdays``; not "les jeudis 3, 10 et 17 mai"."""
    start = place + (tokens.texts[place] in ("les", "on", "le", "des"))
    if tokens.texts[start] not in PLURAL_WEEKDAYS:
        return None
    which, after = _weekdays(tokens, start)
    return None if not which or _is_dated(tokens, after) else _rule("WEEKLY", which, [], after)
