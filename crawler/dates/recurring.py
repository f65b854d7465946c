"""What recurs: ``tous les premiers jeudis du mois``, ``every 2nd Tuesday``, ``chaque mardi``, ``du lundi au vendredi``."""

from crawler.dates import days
from crawler.dates.relative import ordinal
from crawler.dates.tokens import Tokens
from crawler.dates.words import NUMBERS_EN, NUMBERS_FR, PLURAL_WEEKDAYS

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EVERY = (("tous", "les"), ("toutes", "les"), ("chaque",), ("every",), ("each",), ("all",))
_AND = frozenset((",", "et", "and", "&", "ou", "or", "/", "+"))
_UNITS = {
    "jour": "DAILY", "jours": "DAILY", "day": "DAILY", "days": "DAILY", "semaine": "WEEKLY", "semaines": "WEEKLY",
    "week": "WEEKLY", "weeks": "WEEKLY", "mois": "MONTHLY", "month": "MONTHLY", "months": "MONTHLY", "an": "YEARLY",
    "ans": "YEARLY", "annee": "YEARLY", "annees": "YEARLY", "year": "YEARLY", "years": "YEARLY",
}  # fmt: skip
_MOST = 12  # weekdays, ordinals or months in one rule


def read(tokens: Tokens, place: int) -> tuple[str, int | None, int] | None:
    """Return the RRULE value told at a place, its weekday where it has one, and the place after it."""
    for rule in (_week_span, _ordinal_weekday, _every, _plural):
        if found := rule(tokens, place):
            return found
    return None


def _any(tokens: Tokens, place: int, phrases: tuple[tuple[str, ...], ...]) -> int:
    return next((stop for phrase in phrases if (stop := tokens.follows(place, *phrase))), 0)


def _weekday(tokens: Tokens, place: int) -> tuple[int | None, int, bool]:
    """Return the weekday at a place in the singular or plural, the place after it, and whether it is a plural."""
    which = PLURAL_WEEKDAYS.get(tokens.at(place))
    if which is not None:
        return which, place + 1, True
    which, after, _ = days.weekday(tokens, place)
    return which, after, False


def _weekdays(tokens: Tokens, place: int, *, plural: bool) -> tuple[list[int], int]:
    """Return the weekdays listed at a place and the place after them."""
    found: list[int] = []
    after = place
    while len(found) < 7:
        start = after
        if found:
            if tokens.at(start) not in _AND:
                break
            start += 1
            start += tokens.at(start) in ("and", "et", "&")
            start += tokens.at(start) in ("les", "le", "every", "on")
        which, stop, many = _weekday(tokens, start)
        if which is None or (plural and not many and not found):
            break
        if (
            found
            and tokens.number(stop) is not None
            and tokens.at(stop + 1) not in ("h", ":", "am", "pm", "p", "a", "-")
        ):
            break
        found.append(which)
        after = stop
    return found, after


def _codes(which: list[int], nth: list[int] | None = None) -> str:
    places = sorted(set(which))
    if nth:
        return ",".join(f"{number:+}{_CODES[one]}" for one in places for number in dict.fromkeys(nth))
    return ",".join(_CODES[one] for one in places)


def _week_span(tokens: Tokens, place: int) -> tuple[str, int | None, int] | None:
    """``du lundi au vendredi``, ``Monday through Friday``, ``lun-ven``."""
    start = place + (tokens.at(place) in ("du", "from", "de"))
    first, after, short = days.weekday(tokens, start)
    if first is None:
        return None
    if tokens.at(after) not in ("au", "a", "to", "-", "through", "thru"):
        return None
    if short and tokens.at(after) not in ("-", "to", "a", "au"):
        return None
    last, stop, _ = days.weekday(tokens, after + 1)
    if (
        last is None
        or tokens.number(stop) is not None
        and tokens.at(stop + 1) not in ("h", ":", "am", "pm", "a", "p", "-", "heures")
    ):
        return None
    if days.month(tokens, stop)[0] is not None:
        return None
    span = [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return f"FREQ=WEEKLY;BYDAY={_codes(span)}", None, stop


def _ordinal_weekday(tokens: Tokens, place: int) -> tuple[str, int | None, int] | None:
    """``(tous) les 1er et 3e jeudis du mois``, ``every second Tuesday``, ``the last Friday of each month``."""
    every = _any(tokens, place, _EVERY)
    start = every or place + (tokens.at(place) in ("le", "les", "the", "on", "au"))
    if tokens.follows(start, "mois"):
        return None
    nth: list[int] = []
    after = start
    while len(nth) < 5:
        further = after
        if nth:
            if tokens.at(further) not in _AND:
                break
            further += 1
            further += tokens.at(further) in ("and", "et", "&")
            further += tokens.at(further) in ("le", "les", "the")
        which, stop = ordinal(tokens, further)
        if which is None:
            break
        nth.append(which)
        after = stop
    if not nth:
        return None
    which_days, after = _weekdays(tokens, after, plural=False)
    if not which_days:
        return None
    plural = tokens.at(after - 1) in PLURAL_WEEKDAYS
    stop = _of_the_month(tokens, after)
    if not stop:
        months, further = _of_months(tokens, after)
        if months and (len(months) > 1 or every):
            listed = ",".join(str(month) for month in sorted(set(months)))
            return f"FREQ=YEARLY;BYMONTH={listed};BYDAY={_codes(which_days, nth)}", which_days[0], further
        if not every and (not plural or tokens.at(start) in ("derniers", "dernieres", "last")) and len(nth) < 2:
            return None
        if days.month(tokens, after)[0] is not None or months:
            return None
        stop = after
    single = which_days[0] if len(which_days) == 1 else None
    return f"FREQ=MONTHLY;BYDAY={_codes(which_days, nth)}", single, stop


def _of_the_month(tokens: Tokens, place: int) -> int:
    start = place + (tokens.at(place) == ",")
    return _any(
        tokens,
        start,
        (
            ("du", "mois"), ("de", "chaque", "mois"), ("de", "tous", "les", "mois"), ("chaque", "mois"), ("of", "the", "month"),
            ("of", "each", "month"), ("of", "every", "month"), ("each", "month"), ("every", "month"), ("monthly",), ("in", "the", "month"),
            ("in", "each", "month"), ("of", "month"), ("par", "mois"), ("des", "mois"), ("mensuellement",), ("of", "the", "months"),
        ),
    ) if not tokens.follows(start, "du", "mois", "de") and not tokens.follows(start, "du", "mois", "d") and tokens.at(start + 2) not in (
        "prochain", "dernier", "suivant"
    ) and not (tokens.follows(start, "of", "the", "month", "of")) else 0  # fmt: skip


def _of_months(tokens: Tokens, place: int) -> tuple[list[int], int]:
    """Return the months listed at a place: ``in January, April, July and October``."""
    start = _any(
        tokens,
        place,
        (("of",), ("in",), ("de",), ("d", "'"), ("en",), ("des", "mois", "de"), ("of", "the", "months", "of")),
    )
    if not start:
        return [], place
    found: list[int] = []
    after = start
    while len(found) < _MOST:
        further = after
        if found:
            if tokens.at(further) not in _AND:
                break
            further += 1
            further += tokens.at(further) in ("and", "et", "&")
        month, stop = days.month(tokens, further)
        if month is None:
            break
        found.append(month)
        after = stop
    return found, after


def _every(tokens: Tokens, place: int) -> tuple[str, int | None, int] | None:
    """``tous les jeudis``, ``every other week``, ``toutes les deux semaines``, ``tous les 15 du mois``, ``un jeudi sur deux``."""
    if tokens.at(place) == "un":
        which, after, _ = days.weekday(tokens, place + 1)
        if which is not None and (stop := tokens.follows(after, "sur", "deux") or tokens.follows(after, "sur", "2")):
            return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={_CODES[which]}", which, stop
        return None
    if stop := tokens.follows(place, "le") and _month_day(tokens, place + 1):
        return f"FREQ=MONTHLY;BYMONTHDAY={tokens.number(place + 1)}", None, stop
    start = _any(tokens, place, _EVERY)
    if not start:
        return None
    interval = 1
    if tokens.at(start) in ("other", "alternate"):
        interval, start = 2, start + 1
    elif tokens.follows(start, "quinze", "jours") or tokens.follows(start, "15", "jours"):
        return "FREQ=WEEKLY;INTERVAL=2", None, start + 2
    elif stop := _month_day(tokens, start):
        return f"FREQ=MONTHLY;BYMONTHDAY={tokens.number(start)}", None, stop
    else:
        value = tokens.number(start) or NUMBERS_FR.get(tokens.at(start)) or NUMBERS_EN.get(tokens.at(start))
        if value is not None and 1 < value <= 52 and tokens.at(start + 1) in _UNITS:
            interval, start = value, start + 1
    frequency = _UNITS.get(tokens.at(start))
    if frequency is not None:
        after = start + 1
        suffix = f";INTERVAL={interval}" if interval > 1 else ""
        if frequency == "WEEKLY" and tokens.at(after) in ("le", "on"):
            which_days, stop = _weekdays(tokens, after + 1, plural=False)
            if which_days:
                return (
                    f"FREQ=WEEKLY{suffix};BYDAY={_codes(which_days)}",
                    which_days[0] if len(which_days) == 1 else None,
                    stop,
                )
        return f"FREQ={frequency}{suffix}", None, after
    if tokens.at(start) in ("weekday", "weekdays"):
        return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", None, start + 1
    which_days, after = _weekdays(tokens, start, plural=False)
    if not which_days or days.month(tokens, after)[0] is not None:
        return None
    if tokens.number(after) is not None and days.read_number_month(tokens, after):
        return None
    if stop := tokens.follows(after, "sur", "deux"):
        interval, after = 2, stop
    suffix = f";INTERVAL={interval}" if interval > 1 else ""
    return f"FREQ=WEEKLY{suffix};BYDAY={_codes(which_days)}", which_days[0] if len(which_days) == 1 else None, after


def _month_day(tokens: Tokens, place: int) -> int:
    value, after, _ = days.number(tokens, place)
    if value is None or tokens.number(place) is None:
        return 0
    return _any(
        tokens,
        after,
        (
            ("de", "chaque", "mois"),
            ("du", "mois"),
            ("of", "each", "month"),
            ("of", "every", "month"),
            ("of", "the", "month"),
        ),
    )


def _plural(tokens: Tokens, place: int) -> tuple[str, int | None, int] | None:
    """``les mardis``, ``Tuesdays``, ``on Mondays and Wednesdays``."""
    start = place + (tokens.at(place) in ("les", "on", "le", "des"))
    if tokens.at(start) not in PLURAL_WEEKDAYS:
        return None
    which_days, after = _weekdays(tokens, start, plural=True)
    if not which_days:
        return None
    value, _, _ = days.number(tokens, after)
    if (
        value is not None
        and tokens.at(after + 1) not in ("h", ":", "am", "pm", "a", "p", "heures")
        and not (tokens.at(after + 1) == "-" and tokens.at(after + 3) in ("am", "pm", "h", "a", "p"))
    ):
        return None  # "les jeudis 3, 10 et 17 mai": days of a list
    if days.month(tokens, after)[0] is not None:
        return None
    return f"FREQ=WEEKLY;BYDAY={_codes(which_days)}", which_days[0] if len(which_days) == 1 else None, after
