"""Days and spans told by their distance from the reference, or by their place in a month, a season or a week."""

from calendar import monthrange
from datetime import date, timedelta

from crawler.dates import days
from crawler.dates.calendar import FIRST_YEAR, LAST_YEAR, Day, place as placed
from crawler.dates.clock import spelt_number
from crawler.dates.tokens import NUMBER, Tokens
from crawler.dates.words import LAST, NEXT, NUMBERS_EN, ORDINAL_ENDINGS, ORDINALS, SEASONS, UNITS

_ARTICLES = frozenset(
    ("le", "la", "les", "l", "the", "ce", "cet", "cette", "ces", "this", "au", "en", "a", "des", "du")
)
_THIS = frozenset(("ce", "cet", "cette", "this"))
_EDGES = {
    "debut": "start", "early": "start", "beginning": "start", "mi": "middle", "mid": "middle", "milieu": "middle",
    "fin": "end", "late": "end", "end": "end", "courant": "middle", "middle": "middle",
}  # fmt: skip
_SEASON_STARTS = ((3, 20), (6, 21), (9, 22), (12, 21))
_MOST = 400  # of a unit: farther away than anything that is announced or reported


def read(tokens: Tokens, place: int, reference: date, year: int | None) -> tuple[Day, int] | None:
    """Return the day or span told relative to something at a place, and the place after it."""
    for rule in (_named_day, _weekday, _distance, _unit, _edge, _season, _nth, _week_of):
        if found := rule(tokens, place, reference, year):
            return found
    return None


def _fixed(day: date, last: date | None = None) -> Day:
    return Day(fixed=day.isoformat(), last=last.isoformat() if last else None, relative=True)


def _moved(reference: date, days_: int) -> date | None:
    ordinal = reference.toordinal() + days_
    if not date(FIRST_YEAR, 1, 1).toordinal() <= ordinal <= date(LAST_YEAR, 12, 31).toordinal():
        return None
    return date.fromordinal(ordinal)


def _named_day(tokens: Tokens, place: int, reference: date, year: int | None) -> tuple[Day, int] | None:
    word, after, step = tokens.at(place), place + 1, None
    if stop := tokens.follows(place, "aujourd", "'", "hui"):
        step, after = 0, stop
    elif stop := (
        tokens.follows(place, "avant", "-", "hier") or tokens.follows(place, "avant", "hier")
        or tokens.follows(place, "the", "day", "before", "yesterday")
    ):  # fmt: skip
        step, after = -2, stop
    elif stop := (
        tokens.follows(place, "apres", "-", "demain") or tokens.follows(place, "apres", "demain")
        or tokens.follows(place, "the", "day", "after", "tomorrow")
    ):  # fmt: skip
        step, after = 2, stop
    elif word in ("hier", "yesterday"):
        step = -1
    elif word in ("demain", "tomorrow"):
        step = 1
    elif word in ("today", "tonight"):
        step = 0
    elif word in ("ce", "cet", "cette", "this") and tokens.at(after) in (
        "soir",
        "matin",
        "aprem",
        "nuit",
        "morning",
        "afternoon",
        "evening",
    ):
        step, after = 0, after + 1
    elif word in ("cet", "cette") and (
        stop := tokens.follows(after, "apres", "-", "midi") or tokens.follows(after, "apres", "midi")
    ):
        step, after = 0, stop
    if step is None or (day := _moved(reference, step)) is None:
        return None
    return _fixed(day), after


def _weekday(tokens: Tokens, place: int, reference: date, year: int | None) -> tuple[Day, int] | None:
    """``jeudi prochain``, ``next Tuesday``, ``ce jeudi``, ``jeudi en huit``, ``lundi de la semaine prochaine``."""
    start, ahead = place, None
    if tokens.at(start) in ("next", "last", "this", "coming", "ce", "past"):
        ahead = -1 if tokens.at(start) in LAST else 1 if tokens.at(start) in NEXT else 0
        start += 1
    elif tokens.at(start) in ("le", "du", "au", "on", "the"):
        start += 1
    which, after, short = days.weekday(tokens, start)
    if which is None or (short and ahead is None and tokens.at(start - 1) not in NEXT):
        return None
    if short and ahead == 0 and not tokens.whole:
        return None
    if ahead is not None:
        if tokens.number(after) is not None or days.month(tokens, after)[0] is not None:
            return None
        return Day(weekday=which, shift=ahead, relative=True), after
    if stop := tokens.follows(after, "en", "huit") or tokens.follows(after, "en", "8"):
        weeks = 1
    elif stop := tokens.follows(after, "en", "quinze") or tokens.follows(after, "en", "15"):
        weeks = 2
    else:
        week, stop = _week(tokens, after + 1 if tokens.at(after) == "de" else after)
        if week is not None:
            monday = reference.toordinal() - reference.weekday()
            return _fixed(date.fromordinal(monday + 7 * week + which)), stop
        step, stop = days.shift(tokens, after)
        if step is not None and tokens.at(after) not in (
            "suivant",
            "suivante",
            "following",
            "d",
            "coming",
            "venir",
            "upcoming",
            "past",
            "previous",
        ):
            return Day(weekday=which, shift=step, relative=True), stop
        return None
    next_one = date.fromisoformat(placed(Day(weekday=which, shift=1), reference, None) or reference.isoformat())
    day = _moved(next_one, 7 * (weeks if next_one.toordinal() - reference.toordinal() < 7 else weeks - 1))
    return (_fixed(day), stop) if day else None


def _week(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Return how many weeks away the week named at a place is, and the place after it."""
    for phrase, step in (
        (("la", "semaine", "prochaine"), 1), (("la", "semaine", "suivante"), 1), (("la", "semaine", "d", "'", "apres"), 1),
        (("la", "semaine", "qui", "vient"), 1), (("la", "semaine", "qui", "suit"), 1),
        (("la", "semaine", "derniere"), -1), (("la", "semaine", "passee"), -1), (("cette", "semaine"), 0),
        (("next", "week"), 1), (("last", "week"), -1), (("this", "week"), 0), (("semaine", "prochaine"), 1), (("semaine", "derniere"), -1),
        (("this", "past", "week"), -1), (("this", "coming", "week"), 1),
    ):  # fmt: skip
        if stop := tokens.follows(place, *phrase):
            return step, stop
    return None, place


def amount(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Return the number at a place, in figures or in words of either language, and the place after it."""
    if (value := tokens.number(place)) is not None:
        return value, place + 1
    value, after = spelt_number(tokens, place)
    if value is not None:
        return value, after
    value = NUMBERS_EN.get(tokens.at(place))
    after = place + 1
    if value is not None and tokens.at(place) in ("a", "an") and tokens.at(after) == "couple":
        value, after = 2, after + 1
    return value, after + (value is not None and tokens.at(after) == "of")


def _distance(tokens: Tokens, place: int, reference: date, year: int | None) -> tuple[Day, int] | None:
    """``il y a deux ans``, ``dans 3 semaines``, ``in two weeks``, ``two weeks ago``."""
    back = True
    if stop := (
        tokens.follows(place, "il", "y", "a") or tokens.follows(place, "il", "ya") or tokens.follows(place, "voici")
        or tokens.follows(place, "voila")
    ):  # fmt: skip
        start = stop
    elif tokens.at(place) in ("dans", "in", "within") or (tokens.whole and tokens.at(place) == "en"):
        start, back = place + 1, False
    else:
        start, back = place, False
    if tokens.at(start) in ("environ", "pres", "about", "around", "quelques"):
        start += 1
    totals = {"day": 0, "week": 0, "month": 0, "year": 0}
    after, parts = start, 0
    while parts < 6:
        value, stop = amount(tokens, after)
        unit = UNITS.get(tokens.at(stop))
        if value is None or unit is None or value > _MOST:
            break
        totals[unit] += value
        after, parts = stop + 1, parts + 1
        if tokens.at(after) in (",", "et", "and") and UNITS.get(tokens.at(amount(tokens, after + 1)[1])) is not None:
            after += 1
    if not parts:
        return None
    if start == place:
        if tokens.at(after) == "ago" or tokens.follows(after, "earlier"):
            back, after = True, after + 1
        elif stop := tokens.follows(after, "from", "now"):
            after = stop
        else:
            return None
    sign = -1 if back else 1
    months = sign * (totals["month"] + 12 * totals["year"])
    index = reference.year * 12 + reference.month - 1 + months
    if not FIRST_YEAR * 12 <= index < LAST_YEAR * 12:
        return None
    there_year, there_month = divmod(index, 12)
    if not (totals["day"] or totals["week"]):
        # As precise as it is told: "two years ago" is no day.
        told = f"{there_year:04}-{there_month + 1:02}" if totals["month"] else f"{there_year:04}"
        return Day(fixed=told, relative=True), after
    there = date(there_year, there_month + 1, min(reference.day, monthrange(there_year, there_month + 1)[1]))
    day = _moved(there, sign * (totals["day"] + 7 * totals["week"]))
    return (_fixed(day), after) if day else None


def _unit(tokens: Tokens, place: int, reference: date, year: int | None) -> tuple[Day, int] | None:
    """``la semaine dernière``, ``next month``, ``cette année``, ``ce week-end``, ``les 3 prochains jours``."""
    step, start, many = None, place, 1
    if tokens.at(start) in _THIS:
        step, start = 0, start + 1
    elif tokens.at(start) in _ARTICLES:
        start += 1 + (tokens.at(start) == "l" and tokens.at(start + 1) == "'")
    if tokens.at(start) in LAST | NEXT:
        step, start = (-1 if tokens.at(start) in LAST else 1), start + 1
    value, stop = amount(tokens, start)
    counted = value is not None and 1 < value <= _MOST
    if counted and value is not None:
        many, start = value, stop
        if tokens.at(start) in LAST | NEXT:
            step, start = (-1 if tokens.at(start) in LAST else 1), start + 1
    weekend = (
        tokens.follows(start, "week", "-", "end")
        or tokens.follows(start, "weekend")
        or tokens.follows(start, "week", "end")
    )
    unit = "weekend" if weekend else UNITS.get(tokens.at(start))
    if unit is None:
        return None
    after = weekend or start + 1
    if tokens.at(place) in _THIS and (stop := tokens.follows(after, "-", "ci")):
        after = stop
    if not step:
        if (
            stop := tokens.follows(after, "qui", "vient")
            or tokens.follows(after, "qui", "suit")
            or tokens.follows(after, "a", "venir")
        ):
            step, after = 1, stop
        else:
            further, stop = days.shift(tokens, after)
            if further is not None and tokens.at(after) not in ("next", "last", "d"):
                step, after = further, stop
    if step is None or (step == 0 and tokens.at(place) == "cette" and unit in ("day",)):
        return None
    if unit == "day" and not counted:
        return None
    day = _span(unit, step, many, reference)
    return (day, after) if day else None


def _span(unit: str, step: int, many: int, reference: date) -> Day | None:
    """Return ``many`` units after (``step`` 1), before (-1) or around (0) the reference."""
    if unit == "day":
        first, last = (
            (_moved(reference, 1), _moved(reference, many))
            if step > 0
            else (_moved(reference, -many), _moved(reference, -1))
        )
    elif unit in ("week", "weekend"):
        monday = _moved(reference, -reference.weekday())
        if monday is None:
            return None
        if unit == "weekend":
            ahead = step if step <= 0 or reference.weekday() < 5 else step
            first, last = _moved(monday, 7 * ahead + 5), _moved(monday, 7 * ahead + 6)
            if step == 1 and reference.weekday() < 5:
                first, last = _moved(monday, 5), _moved(monday, 6)
        else:
            first = _moved(monday, 7 * (step if step >= 0 else -many))
            last = _moved(first, 7 * many - 1) if first else None
    elif unit == "month":
        index = reference.year * 12 + reference.month - 1 + (step if step >= 0 else -many)
        return _months(index, many)
    else:
        start = reference.year + (step if step >= 0 else -many)
        if not FIRST_YEAR <= start <= LAST_YEAR - many:
            return None
        return Day(fixed=f"{start:04}", last=f"{start + many - 1:04}" if many > 1 else None, relative=True)
    return _fixed(first, last) if first and last else None


def _months(index: int, many: int) -> Day | None:
    if not FIRST_YEAR * 12 <= index < (LAST_YEAR - many // 12 - 1) * 12:
        return None
    first, last = divmod(index, 12), divmod(index + many - 1, 12)
    return Day(
        fixed=f"{first[0]:04}-{first[1] + 1:02}",
        last=f"{last[0]:04}-{last[1] + 1:02}" if many > 1 else None,
        relative=True,
    )


def _edge(tokens: Tokens, place: int, reference: date, year: int | None) -> tuple[Day, int] | None:
    """``fin mars``, ``mi-décembre``, ``début du mois d'avril 2013``, ``late May``, ``fin 2013``: no more precise than told."""
    start = place
    if tokens.at(start) in ("a", "au", "en", "the", "in", "at", "by", "vers"):
        start += 1
        if tokens.at(start) in ("la", "the"):
            start += 1
    if tokens.at(start) not in _EDGES:
        return None
    start += 1
    for phrase in (
        ("-",),
        ("du", "mois", "de"),
        ("du", "mois", "d", "'"),
        ("of", "the", "month", "of"),
        ("of",),
        ("de",),
        ("d", "'"),
        ("du",),
    ):
        if stop := tokens.follows(start, *phrase):
            start = stop
            break
    which, after = days.month(tokens, start)
    if which is not None:
        if tokens.at(start) in ("may", "march") and not days.month_like(tokens, start):
            return None
        told, _, stop = days.year(tokens, after)
        shift_, shifted = days.shift(tokens, after)
        day = Day(month=which, year=told, shift=shift_, vague=True, relative=shift_ is not None)
        return day, (stop if told is not None else shifted)
    told, _, after = days.year(tokens, start)
    if told is not None:
        return Day(year=told, vague=True), after
    return None


def _season(tokens: Tokens, place: int, reference: date, year: int | None) -> tuple[Day, int] | None:
    """``cet été``, ``l'hiver dernier``, ``summer 2013``: by the astronomical seasons, to the day before the next."""
    step, start = None, place
    if tokens.at(start) in _THIS:
        step, start = 0, start + 1
    elif tokens.at(start) in LAST | NEXT:
        step, start = (-1 if tokens.at(start) in LAST else 1), start + 1
    elif tokens.at(start) in ("l", "d") and tokens.at(start + 1) == "'":
        start += 2
    elif tokens.at(start) in ("le", "the", "au", "en", "in"):
        start += 1
    season = SEASONS.get(tokens.at(start))
    if season is None:
        return None
    after = start + 1
    told, _, stop = days.year(tokens, after + (tokens.at(after) in ("de", "of")))
    if told is not None:
        after = stop
    elif step is None:
        step, after = days.shift(tokens, after)
        if step is None:
            return None
    first_year = told
    if first_year is None:
        first_year = reference.year
        begin = date(first_year, *_SEASON_STARTS[season])
        length = 92
        if season == 3 and reference < date(first_year, 3, 20) and (step or 0) <= 0:
            first_year -= 1
        if step == -1 and (
            begin.toordinal() + length > reference.toordinal() or (season == 3 and first_year < reference.year)
        ):
            first_year -= season != 3 or first_year == reference.year
        elif step == 1 and begin <= reference:
            first_year += 1
    begin = date(first_year, *_SEASON_STARTS[season])
    following = date(first_year + (season == 3), *_SEASON_STARTS[(season + 1) % 4])
    day = Day(
        fixed=begin.isoformat(),
        last=(following - timedelta(days=1)).isoformat(),
        relative=told is None,
        year=told,
        vague=True,
    )
    return day, after


def ordinal(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Return the ordinal at a place (1 to 5, or -1 for the last), and the place after it."""
    word = tokens.at(place)
    if word in ORDINALS:
        return ORDINALS[word], place + 1
    value = tokens.number(place)
    if value is not None and 1 <= value <= 5 and tokens.at(place + 1) in ORDINAL_ENDINGS and tokens.glued(place + 1):
        return value, place + 2
    return None, place


def _nth(tokens: Tokens, place: int, reference: date, year: int | None) -> tuple[Day, int] | None:
    """``le premier jeudi de mai 2013``, ``last Friday in June``, ``le dernier jour d'octobre``, ``1re semaine d'avril``."""
    start = place + (tokens.at(place) in ("le", "la", "the", "au", "on", "du"))
    which, after = ordinal(tokens, start)
    if which is None:
        return None
    weekday, stop, _ = days.weekday(tokens, after)
    weekend = tokens.follows(after, "week", "-", "end") or tokens.follows(after, "weekend")
    kind = "weekday"
    if weekday is None:
        if weekend:
            kind, stop = "weekend", weekend
        elif tokens.at(after) in ("jour", "day", "semaine", "week", "quinzaine"):
            kind, stop = tokens.at(after), after + 1
        else:
            return None
    for phrase in (
        ("du", "mois", "de"),
        ("du", "mois", "d", "'"),
        ("de",),
        ("d", "'"),
        ("of",),
        ("in",),
        ("en",),
        ("du",),
    ):
        if further := tokens.follows(stop, *phrase):
            stop = further
            break
    else:
        return None
    relative = False
    if tokens.at(stop) in ("mois", "le", "next", "this", "ce"):
        step = None
        for phrase, value in (
            (("mois", "prochain"), 1),
            (("mois", "dernier"), -1),
            (("next", "month"), 1),
            (("ce", "mois"), 0),
            (("this", "month"), 0),
        ):
            if further := tokens.follows(stop, *phrase):
                step, stop = value, further
        if step is None:
            return None
        relative = True
        there_year, there_month = divmod(reference.year * 12 + reference.month - 1 + step, 12)
        there_month, told = there_month + 1, there_year
    else:
        month, stop_month = days.month(tokens, stop)
        if month is None:
            return None
        there_month, stop = month, stop_month
        told, _, further = days.year(tokens, stop + (tokens.at(stop) == ","))
        if told is not None:
            stop = further
    chosen = told if told is not None else year
    if chosen is None:
        # The first one that is not over for weeks.
        candidates = (_in_month(kind, which, weekday, reference.year + step, there_month) for step in (0, 1))
        found = next(
            (one for one in candidates if one and (one[1] or one[0]) >= (_moved(reference, -42) or reference)), None
        )
    else:
        found = _in_month(kind, which, weekday, chosen, there_month)
    if found is None:
        return None
    first, last = found
    return Day(
        fixed=first.isoformat(), last=last.isoformat() if last else None, year=None if relative else told,
        weekday=weekday, relative=relative,
    ), stop  # fmt: skip


def _in_month(kind: str, which: int, weekday: int | None, year: int, month: int) -> tuple[date, date | None] | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    length = monthrange(year, month)[1]
    if kind in ("jour", "day"):
        return date(year, month, length if which < 0 else which), None
    if kind == "quinzaine":
        return (
            (date(year, month, 1), date(year, month, 15))
            if which == 1
            else (date(year, month, 16), date(year, month, length))
        )
    # A week or weekend belongs to the month that holds all of its days.
    wanted, span = {"weekday": (weekday or 0, 1), "weekend": (5, 2)}.get(kind, (0, 7))
    first = 1 + (wanted - date(year, month, 1).weekday()) % 7
    starts = [number for number in range(first, length + 1, 7) if number + span - 1 <= length or kind == "weekend"]
    if not -len(starts) <= which <= len(starts) or not which:
        return None
    start = date(year, month, starts[which - 1] if which > 0 else starts[which])
    return start, (start + timedelta(days=span - 1) if span > 1 else None)


def _week_of(tokens: Tokens, place: int, reference: date, year: int | None) -> tuple[Day, int] | None:
    """``la semaine du 6 octobre``, ``the week of May 6``: its Monday; told by a weekend's day, the week that follows."""
    start = place + (tokens.at(place) in ("la", "the"))
    stop = tokens.follows(start, "semaine", "du") or tokens.follows(start, "week", "of")
    if not stop or (found := days.read(tokens, stop, reference)) is None or found[0].day is None:
        return None
    day, after = found
    iso = placed(day, reference, year)
    if iso is None:
        return None
    told = date.fromisoformat(iso)
    monday = _moved(told, -told.weekday() if told.weekday() < 5 else 7 - told.weekday())
    last = _moved(monday, 6) if monday else None
    if monday is None or last is None:
        return None
    return Day(fixed=monday.isoformat(), last=last.isoformat(), year=day.year, relative=False), after
