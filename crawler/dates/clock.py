"""Times of day: ``18h30``, ``7 heures et demie``, ``8 p.m.``, ``6:30 – 8 p.m.``, ``de 19h à 21h``, ``midi``."""

from dataclasses import dataclass

from crawler.dates.tokens import NUMBER, WORD, Tokens
from crawler.dates.words import MIDNIGHT, MONTHS_EN, MONTHS_FR, NOON, NUMBERS_EN, NUMBERS_FR, PARTS

_HOURS = frozenset(("h", "hr", "hrs", "heure", "heures", "hres"))
_MINUTES = frozenset(("min", "mn", "minute", "minutes", "mins"))
# What makes a number of hours a length: "pendant 2h", "dans 3 heures".
_LENGTHS = frozenset(
    "pendant durant en dans duree dure durent for within toutes chaque apres environ plus moins".split()
)
_STARTING = (
    ("a", "partir", "de"), ("a", "partir", "d", "'"), ("a", "compter", "de"), ("des",), ("starting", "at"),
    ("starting", "from"), ("beginning", "at"), ("begins", "at"), ("starts", "at"), ("aux", "alentours", "de"), ("autour", "de"), ("vers",),
    ("a", "environ"), ("a",), ("at",), ("@",), ("from",), ("around",), ("about",), ("entre",), ("between",), ("de",),
    ("d", "'"), ("plutot", "vers"), ("apres",), ("after",), ("by",), ("plus", "tard", "que"),
)  # fmt: skip
_ENDING = (("jusqu", "'", "a"), ("jusque",), ("until",), ("till",), ("avant",), ("before",))
_BETWEEN = (
    ("-",), ("a",), ("to",), ("jusqu", "'", "a"), ("jusque",), ("until",), ("till",), ("til",), ("through",), ("thru",), (">",), ("/",), ("→",),
)  # fmt: skip


@dataclass(slots=True)
class Hours:
    """A time of day in minutes after midnight, or a span of two, and where it stands in the tokens."""

    start: int | None
    end: int | None
    begin: int
    stop: int  # the place after the last token
    sure: bool  # reads as a time with no date beside it


@dataclass(slots=True)
class _Point:
    hour: int
    minute: int
    half: str | None  # "am", "pm" or None
    stop: int
    unit: bool  # an hour's sign stands there: h, a colon, a.m. …
    minutes: bool

    @property
    def value(self) -> int:
        hour = self.hour
        if self.half == "am" and hour == 12:
            hour = 0
        elif self.half == "pm" and hour < 12:
            hour += 12
        return hour * 60 + self.minute


def text(minutes: int | None) -> str | None:
    """Return minutes after midnight as ``hh:mm``."""
    return None if minutes is None else f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def read(tokens: Tokens, place: int, *, with_date: bool = False) -> Hours | None:
    """Return the time of day, or the span of two, that begins at a place; ``with_date`` when a date stands before it."""
    begin = place
    after, prefixed = _prefix(tokens, place, _STARTING)
    if not prefixed and (stop := _any(tokens, place, _ENDING)):
        point = _point(tokens, stop)
        if point is None or not (point.unit):
            return None
        point = _day_part(tokens, point)
        return Hours(None, point.value, begin, point.stop, True)
    first = _point(tokens, after)
    if first is None:
        return None
    first = _day_part(tokens, first)
    second = _second(tokens, first, between=tokens.at(after - 1) in ("entre", "between"), prefixed=prefixed)
    if second is not None:
        second = _day_part(tokens, second)
        if not first.unit and not second.unit:
            return None
        start, end = _halves(first, second)
        return Hours(start, end, begin, second.stop, True)
    if not first.unit:
        return None
    word = tokens.at(after - 1) if prefixed else ""
    sure = first.minutes or first.half is not None or tokens.at(after) in NOON or tokens.at(after) in MIDNIGHT
    if not sure:
        if tokens.at(after - 1 if not prefixed else begin - 1) in _LENGTHS and word not in ("a", "vers", "des", "at"):
            return None
        if first.hour < 7 and not prefixed and not with_date and not tokens.whole:
            return None
        sure = True
    if word in ("de", "d", "'", "by", "apres", "after") and not with_date and not tokens.whole:
        begin = after  # "de 19h" alone: the preposition belongs to what is said
    return Hours(first.value, None, begin, first.stop, sure)


def _prefix(tokens: Tokens, place: int, prefixes: tuple[tuple[str, ...], ...]) -> tuple[int, bool]:
    after = _any(tokens, place, prefixes)
    if after:
        further = _any(tokens, after, prefixes)
        return (further or after), True
    return place, False


def _any(tokens: Tokens, place: int, phrases: tuple[tuple[str, ...], ...]) -> int:
    first = tokens.at(place)
    for phrase in phrases:
        if phrase[0] == first and (stop := tokens.follows(place, *phrase)):
            return stop
    return 0


def _second(tokens: Tokens, first: _Point, *, between: bool, prefixed: bool) -> _Point | None:
    place = first.stop
    after = _any(tokens, place, _BETWEEN) or (place + 1 if between and tokens.at(place) in ("et", "and") else 0)
    if not after:
        return None
    if tokens.at(after) == "a":
        after += 1
    second = _point(tokens, after)
    if second is None:
        return None
    if not second.unit and (
        not prefixed or not first.unit or second.stop < len(tokens) and tokens.at(second.stop) in MONTHS_FR
    ):
        return None
    return second


def _halves(first: _Point, second: _Point) -> tuple[int, int]:
    """Return both ends of a span; the half of the day that only the end states holds for the start where that fits."""
    if (
        first.half is None
        and second.half is not None
        and first.hour <= 12
        and not (first.hour == 12 and second.half == "am")
    ):
        same = _Point(first.hour, first.minute, second.half, 0, True, True).value
        if same < second.value:
            return same, second.value
        return _Point(
            first.hour, first.minute, "am" if second.half == "pm" else "pm", 0, True, True
        ).value, second.value
    if second.half is None and first.half == "pm" and second.value <= first.value and second.hour < 12:
        return first.value, second.value + 12 * 60
    if (
        first.half is None and second.half is None and second.value < first.value and 8 * 60 <= first.value < 13 * 60
        and second.hour < 8
    ):  # fmt: skip
        return first.value, second.value + 12 * 60  # "11h30-1h30": at noon, not through the night
    return first.value, second.value


def _point(tokens: Tokens, place: int) -> _Point | None:
    word = tokens.at(place)
    if word in NOON or word in MIDNIGHT:
        if (
            tokens.at(place + 1) == "-"
            and tokens.glued(place + 1)
            and tokens.kinds[place + 2] == WORD
            and tokens.glued(place + 2)
        ):
            return None  # Midi-Pyrénées
        return _added(tokens, _Point(12 if word in NOON else 0, 0, None, place + 1, True, False))
    if tokens.kinds[min(place, len(tokens))] != NUMBER:
        return _spelt(tokens, place)
    hour, figures, after = tokens.number(place), tokens.digits(place), place + 1
    if hour is None or (tokens.glued(place) and tokens.kinds[place - 1] != "mark"):
        return None
    if figures >= 3:
        half, stop = _half(tokens, after)
        if half and hour // 100 <= 12 and hour % 100 < 60:
            return _Point(hour // 100, hour % 100, half, stop, True, True)
        return None
    if hour > 24:
        return None
    sign = tokens.at(after)
    if sign in _HOURS:
        return _french(tokens, hour, after + 1)
    if sign == "o" and tokens.follows(after, "o", "'", "clock"):
        half, stop = _half(tokens, after + 3)
        return _Point(hour, 0, half, stop, True, False)
    minute = tokens.number(after + 1)
    if (
        sign in (":", ".", ";")
        and tokens.glued(after + 1)
        and minute is not None
        and tokens.digits(after + 1) == 2
        and minute < 60
    ):
        after += 2
        if sign == ":" and tokens.at(after) == ":" and tokens.glued(after + 1) and tokens.digits(after + 1) == 2:
            after += 2
        half, stop = _half(tokens, after)
        if sign != ":" and half is None:
            return None
        if half is None and tokens.at(after) in _HOURS and tokens.at(after) != "h":
            stop = after + 1
        if half is None and tokens.at(after) == "h" and tokens.glued(after):
            stop = after + 1
        if half is None and tokens.at(after) in NOON:
            stop = after + 1
        return _Point(hour, minute, half, stop, True, True)
    half, stop = _half(tokens, after)
    if half and hour <= 24:
        return _Point(hour, 0, half, stop, True, False)
    if tokens.at(after) in NOON and hour == 12:
        return _Point(12, 0, "pm", after + 1, True, True)
    if tokens.at(after) in MIDNIGHT and hour == 12:
        return _Point(12, 0, "am", after + 1, True, True)
    if tokens.glued(after) and tokens.kinds[after] != "mark":
        return None
    return _Point(hour, 0, None, after, False, False)


def _french(tokens: Tokens, hour: int, after: int) -> _Point | None:
    """Return the point of an hour whose sign (``h``, ``heures``) has been read."""
    minute = tokens.number(after)
    if tokens.at(after) == "/" and tokens.number(after + 1) in (24, 7):
        return None
    if minute is not None and minute < 60 and tokens.digits(after) == 2 and tokens.at(after + 1) not in MONTHS_FR:
        after += 1
        if tokens.at(after) in _MINUTES:
            after += 1
        return _Point(hour, minute, None, after, True, True)
    if tokens.glued(after) and tokens.kinds[after] != "mark":
        return None
    return _added(tokens, _Point(hour, 0, None, after, True, False))


def _added(tokens: Tokens, point: _Point) -> _Point:
    """Return the point with what is added to its hour in words: ``et quart``, ``moins le quart``, ``trente``."""
    after, minutes = point.stop, None
    if tokens.at(after) == "et" and tokens.at(after + 1) in ("demi", "demie", "quart"):
        minutes, after = (15 if tokens.at(after + 1) == "quart" else 30), after + 2
    elif stop := tokens.follows(after, "moins", "le", "quart") or tokens.follows(after, "moins", "quart"):
        minutes, after = -15, stop
    elif stop := tokens.follows(after, "trois", "quarts"):
        minutes, after = 45, stop
    else:
        start = after
        sign = 1
        if tokens.at(start) == "moins":
            sign, start = -1, start + 1
        elif tokens.follows(start, "passe", "de") or tokens.follows(start, "passees", "de"):
            start += 2
        elif tokens.at(start) == "et":
            start += 1
        number, stop = spelt_number(tokens, start)
        if number is None and start > after and (number := tokens.number(start)) is not None:
            stop = start + 1
        if number is not None and number < 60 and tokens.at(stop) not in MONTHS_FR:
            minutes, after = sign * number, stop
            if tokens.at(after) in _MINUTES:
                after += 1
            elif start > point.stop and sign > 0:
                minutes, after = None, point.stop
    if minutes is None:
        return point
    total = point.hour * 60 + minutes
    return _Point(total // 60 % 24, total % 60, point.half, after, True, True)


def _spelt(tokens: Tokens, place: int) -> _Point | None:
    number, stop = spelt_number(tokens, place)
    if number is not None and number <= 24 and tokens.at(stop) in ("heure", "heures", "h"):
        return _french(tokens, number, stop + 1)
    number = NUMBERS_EN.get(tokens.at(place))
    if number is not None and 1 <= number <= 12 and tokens.at(place) not in ("a", "an"):
        half, stop = _half(tokens, place + 1)
        if half:
            return _Point(number, 0, half, stop, True, False)
        if stop := tokens.follows(place + 1, "o", "'", "clock"):
            return _Point(number, 0, None, stop, True, False)
    return None


def spelt_number(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Return the French number up to 59 that is spelt at a place, and the place after it."""
    number = NUMBERS_FR.get(tokens.at(place))
    if number is None:
        return None, place
    after = place + 1
    if number in (10, 20, 30, 40, 50):
        further = after + 1 if tokens.at(after) == "-" and tokens.glued(after) else after
        if tokens.follows(further, "et", "un") and number > 10:
            return number + 1, further + 2
        unit = NUMBERS_FR.get(tokens.at(further))
        if unit is not None and unit < 10 and (number > 10 or unit >= 7):
            return number + unit, further + 1
    return number, after


def _half(tokens: Tokens, place: int) -> tuple[str | None, int]:
    """Return "am" or "pm" where one stands at a place, and the place after it."""
    word = tokens.at(place)
    if word in ("am", "pm"):
        after = place + 1
        return word, after + (tokens.at(after) == "." and tokens.glued(after) and tokens.at(place - 1) == ".")
    if word in ("a", "p"):
        after = place + 1
        if tokens.at(after) == ".":
            after += 1
        if tokens.at(after) == "m" and (tokens.at(after - 1) == "." or after == place + 1):
            after += 1
            if tokens.at(after) == "." and tokens.glued(after):
                after += 1
            return f"{word}m", after
        if tokens.glued(place) and tokens.digits(place - 1) == 2 and tokens.at(place - 2) == ":":
            return f"{word}m", place + 1  # "6:30p"
    return None, place


def _day_part(tokens: Tokens, point: _Point) -> _Point:
    """Return the point in the half of the day that follows it in words: ``du soir``, ``in the morning``."""
    if not point.unit or point.half:
        return point
    place = point.stop
    for phrase in (
        ("du",),
        ("de", "l", "'"),
        ("dans", "la"),
        ("dans", "l", "'"),
        ("in", "the"),
        ("at",),
        ("this",),
        ("ce",),
        ("cet",),
        ("le",),
        (),
    ):
        after = place + len(phrase)
        if phrase and not tokens.follows(place, *phrase):
            continue
        word, stop = part(tokens, after)
        if word and (phrase or word in ("tonight",)):
            after_noon = PARTS[word]
            half = "pm" if after_noon and point.hour < 12 else None
            if word in ("nuit", "night") and point.hour < 6:
                half = None
            return _Point(point.hour, point.minute, half, stop, True, point.minutes)
    return point


def part(tokens: Tokens, place: int) -> tuple[str | None, int]:
    """Return the word for a part of the day at a place ("soir", "apres-midi" as "aprem"), and the place after it."""
    if stop := tokens.follows(place, "apres", "-", "midi") or tokens.follows(place, "apres", "midi"):
        return "aprem", stop
    word = tokens.at(place)
    if word in PARTS and word != "midi":
        return word, place + 1
    return None, place


def is_month(word: str) -> bool:
    """Whether a word names a month in either language."""
    return word in MONTHS_FR or word in MONTHS_EN
