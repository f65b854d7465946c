"""Times of day: ``18h30``, ``7 heures et demie``, ``8 p.m.``, ``6:30 – 8 p.m.``, ``de 19h à 21h``, ``midi``."""

from dataclasses import dataclass, replace

from crawler.dates.numbers import spelt_number
from crawler.dates.tokens import MARK, NUMBER, WORD, Tokens, phrases
from crawler.dates.words import MIDNIGHT, MONTHS, NOON, NUMBERS_EN, PARTS

_HOURS = frozenset(("h", "hr", "hrs", "heure", "heures", "hres"))
_MINUTES = frozenset(("min", "mn", "minute", "minutes", "mins"))
# What makes a number of hours a length: "pendant 2h", "moins de 3 heures".
_LENGTHS = frozenset(
    "pendant durant en dans duree dure durent for within toutes chaque apres environ plus moins less more".split()
)
_STARTING = phrases(
    "a partir de", "a partir d '", "a compter de", "des", "starting at", "starting from", "beginning at", "begins at",
    "starts at", "aux alentours de", "autour de", "vers", "plutot vers", "a environ", "a", "at", "@", "from", "around",
    "about", "entre", "between", "de", "d '", "apres", "after", "by", "plus tard que",
)  # fmt: skip
_OWN = frozenset(("de", "'", "by", "apres", "after"))  # of these words the sentence has need without the hour as well
_AT = frozenset(("a", "vers", "des", "at"))
_ENDING = phrases("jusqu ' a", "jusque", "until", "till", "avant", "before")
_BETWEEN = phrases("-", "a", "to", "jusqu ' a", "jusque", "until", "till", "til", "through", "thru", ">", "/", "→")
_PART_OF = phrases("du", "de l '", "dans la", "dans l '", "in the", "at", "this", "ce", "cet", "le")
_AFTERNOON = phrases("apres - midi", "apres midi")
_MORE = {  # what is added to an hour in words, in minutes
    15: phrases("et quart"), 30: phrases("et demi", "et demie"), 45: phrases("trois quarts"),
    -15: phrases("moins le quart", "moins quart"),
}  # fmt: skip
_PAST = phrases("passe de", "passees de", "et")
NOON_TIME = 12 * 60  # minutes after midnight


@dataclass(slots=True)
class Hours:
    """A time of day in minutes after midnight, or a span of two, and where it stands in the tokens."""

    start: int | None
    end: int | None
    begin: int
    stop: int  # the place after the last token
    halved: bool = False  # the half of the day is told: a.m., p.m., "du soir"


@dataclass(slots=True)
class _Point:
    """A number that may be an hour, with what is told beside it."""

    hour: int
    minute: int
    stop: int
    half: str | None = None  # "am" or "pm"
    unit: bool = True  # an hour's sign stands there: h, a colon, a.m. …
    exact: bool = False  # minutes are told, or the half of the day
    one_figure: bool = False  # "1:30", not "01:30"

    @property
    def value(self) -> int:
        """Minutes after midnight."""
        hour = self.hour % 12 if self.half and self.hour <= 12 else self.hour
        return (hour + 12 if self.half == "pm" and hour < 12 else hour) * 60 + self.minute


def text(minutes: int | None) -> str | None:
    """Return minutes after midnight as ``hh:mm``."""
    return None if minutes is None else f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def read(tokens: Tokens, place: int, *, with_date: bool = False) -> Hours | None:
    """Return the time of day, or the span of two, that begins at a place; ``with_date`` when a day stands before it."""
    lead = tokens.any_of(place, _STARTING)
    if not lead and (after := tokens.any_of(place, _ENDING)):
        last = _point(tokens, after)
        return Hours(None, last.value, place, last.stop, last.half is not None) if last and last.unit else None
    lead = (tokens.any_of(lead, _STARTING) or lead) if lead else 0
    after = lead or place
    first = _point(tokens, after, with_date=with_date)
    if first is None:
        return None
    word = tokens.texts[lead - 1] if lead else ""
    second = _second(tokens, first, word)
    if second is not None:
        if second.half is None:
            first, second = _twelve_hours(tokens, first), _twelve_hours(tokens, second)
        start, end = _both(first, second)
        return Hours(start, end, place, second.stop, halved=bool(first.half or second.half))
    first = _twelve_hours(tokens, first)
    before = tokens.texts[place - 1]
    if not first.unit or (word in ("de", "'", "than") and before in _LENGTHS):
        return None
    if not (with_date or tokens.whole or first.exact or _says_when(tokens, after, first, word, before)):
        return None
    # "De 19h" alone: the preposition is the sentence's.
    begin = after if word in _OWN and not (with_date or tokens.whole) else place
    return Hours(first.value, None, begin, first.stop, halved=first.half is not None)


def is_hour(tokens: Tokens, place: int) -> bool:
    """Whether an hour's sign follows the number at a place: ``18h``, ``6:30``, ``8 p.m.``."""
    sign = tokens.texts[place + 1]
    if sign == ":":
        return tokens.digits(place + 2) == 2 and tokens.glued(place + 2)
    return sign in _HOURS or sign in ("am", "pm") or (sign in ("a", "p") and tokens.texts[place + 2] in (".", "m"))


def is_hours(tokens: Tokens, place: int) -> bool:
    """Whether the number at a place is an hour, or begins a span of hours: ``6-8 p.m.``."""
    if is_hour(tokens, place):
        return True
    joined = tokens.texts[place + 1] in ("-", "to")
    return joined and tokens.digits(place + 2) in (1, 2) and is_hour(tokens, place + 2)


def part(tokens: Tokens, place: int) -> tuple[str | None, int]:
    """Return the word for a part of the day at a place (``après-midi`` as "aprem"), and the place after it."""
    if stop := tokens.any_of(place, _AFTERNOON):
        return "aprem", stop
    word = tokens.texts[place]
    return (word, place + 1) if word in PARTS else (None, place)


def _says_when(tokens: Tokens, place: int, point: _Point, word: str, before: str) -> bool:
    """Whether an hour without minutes (``18h``, ``à 3 heures``, ``midi``) says when something is, and not how long."""
    name = tokens.texts[place]
    if name in ("noon", "midnight"):
        return True
    if before in _LENGTHS and word not in _AT:
        return False
    # "D'une heure", "2h" and the like are lengths more often; "du midi" tells no time.
    needs_word = point.hour < 7 or tokens.kinds[place] == WORD
    return not needs_word or bool(word and word not in ("de", "'"))


def _second(tokens: Tokens, first: _Point, word: str) -> _Point | None:
    """Return the end of the span that ``first`` begins, or None; ``word`` leads to it (``de``, ``entre``)."""
    after = tokens.any_of(first.stop, _BETWEEN)
    if not after and word in ("entre", "between") and tokens.texts[first.stop] in ("et", "and"):
        after = first.stop + 1
    if not after:
        return None
    after += tokens.texts[after] in ("a", "to")
    second = _point(tokens, after, follows=True)
    if second is None or second.unit:
        return second
    # "De 19h à 21"; "de 5 à 7" is hours only where nothing else stands.
    is_led = first.unit or (tokens.whole and word == "de")
    return second if word and is_led and tokens.texts[second.stop] not in MONTHS else None


def _both(first: _Point, second: _Point) -> tuple[int, int]:
    """Return both ends of a span; the half of the day that one end states holds for the other where that fits."""
    start, end = first.value, second.value
    if first.half is None and second.half is not None and first.hour <= 12:
        same = replace(first, half=second.half).value
        other = replace(first, half="am" if second.half == "pm" else "pm").value
        return (same if same < end else other), end
    if second.half is None and end <= start and second.hour < 12:
        begins_late = first.half == "pm" or (first.one_figure and first.hour > 12)
        # "11h30-1h30" is at noon, not through the night.
        around_noon = first.half is None and 8 * 60 <= start < 13 * 60 and second.hour < 8
        if begins_late or around_noon:
            return start, end + NOON_TIME
    return start, end


def _point(tokens: Tokens, place: int, *, follows: bool = False, with_date: bool = False) -> _Point | None:
    """Return the time at a place; ``follows`` when it ends a span whose sign (``-``) has been read."""
    word = tokens.texts[place]
    if tokens.kinds[place] == NUMBER:
        if not follows and tokens.glued(place) and not _may_be_glued(tokens, place):
            return None
        point = _figures(tokens, place, is_sure=follows or with_date)
    elif (word in NOON or word in MIDNIGHT) and not (word == "midi" and tokens.texts[place - 1] in ("-", "apres")):
        is_name = tokens.texts[place + 1] == "-" and tokens.glued(place + 1) and tokens.glued_word(place + 2)
        point = None if is_name else _added(tokens, _Point(12 if word in NOON else 0, 0, place + 1))  # Midi-Pyrénées
    else:
        point = _spelt(tokens, place)
    return _in_part(tokens, point) if point is not None else None


def _figures(tokens: Tokens, place: int, *, is_sure: bool) -> _Point | None:
    hour, after = tokens.number(place), place + 1
    if hour is None:
        return None
    half, stop = _half(tokens, after, is_sure=is_sure)
    if tokens.digits(place) > 2:  # "830am"
        return (
            _Point(hour // 100, hour % 100, stop, half, exact=True)
            if half and hour < 1260 and hour % 100 < 60
            else None
        )
    if hour > 24:
        return None
    if half:
        return _Point(hour, 0, stop, half, exact=True)
    sign, minute = tokens.texts[after], tokens.number(after + 1)
    if sign in _HOURS:
        return _french(tokens, hour, after + 1)
    if stop := tokens.follows(after, "o", "'", "clock"):
        half, stop = _half(tokens, stop)
        return _Point(hour, 0, stop, half)
    if sign in (":", ".", ";") and tokens.glued(after + 1) and tokens.digits(after + 1) == 2 and minute is not None:
        return _with_minutes(tokens, place, hour, minute, is_colon=sign == ":")
    if hour == 12 and (sign in NOON or sign in MIDNIGHT):
        return _Point(12, 0, after + 1, "pm" if sign in NOON else "am", exact=True)
    return None if tokens.glued_word(after) else _Point(hour, 0, after, unit=False)


def _with_minutes(tokens: Tokens, place: int, hour: int, minute: int, *, is_colon: bool) -> _Point | None:
    """Return the point of ``6:30``, with seconds too, or of ``6.30 pm``, which needs its half of the day."""
    after = place + 3
    if minute > 59:
        return None
    if is_colon and tokens.texts[after] == ":" and tokens.glued(after + 1) and tokens.digits(after + 1) == 2:
        after += 2
    half, stop = _half(tokens, after)
    if half is None and not is_colon:
        return None
    if half is None and (tokens.texts[after] in NOON or (tokens.texts[after] in _HOURS and tokens.texts[after] != "h")):
        stop = after + 1  # "12:00 noon", "19:00 heures"
    elif half is None and tokens.texts[after] == "h" and tokens.glued(after):
        stop = after + 1
    return _Point(hour, minute, stop, half, exact=True, one_figure=tokens.digits(place) == 1)


def _twelve_hours(tokens: Tokens, point: _Point) -> _Point:
    """Return an hour from one to six that English tells without a.m. or p.m. ("1:30") as one after noon."""
    if tokens.language == "en" and point.half is None and point.one_figure and 1 <= point.hour <= 6:
        return replace(point, hour=point.hour + 12)
    return point


def _may_be_glued(tokens: Tokens, place: int) -> bool:
    """Whether a number may be an hour that stands right after the token before it."""
    before = tokens.texts[place - 1]
    if tokens.kinds[place - 1] == MARK:
        # Not the minutes of "10:00", the offset of "-05:00", the cents of "12.50".
        return not (before in (":", ".", "+", "-", ",") and tokens.glued(place - 1) and tokens.digits(place - 2))
    return before in MONTHS or before in ("am", "pm")


def _french(tokens: Tokens, hour: int, after: int) -> _Point | None:
    """Return the point of an hour whose sign (``h``, ``heures``) has been read."""
    minute = tokens.number(after)
    if tokens.texts[after] == "/" and tokens.digits(after + 1):  # 24h/24
        if tokens.number(after + 1) in (24, 7):
            return None
    elif minute is not None and minute < 60 and tokens.digits(after) == 2 and tokens.texts[after + 1] not in MONTHS:
        after += 1
        if tokens.texts[after] in _MINUTES:
            after += 1
        elif tokens.glued_word(after):
            return None
        return _Point(hour, minute, after, exact=True)
    return None if tokens.glued_word(after) else _added(tokens, _Point(hour, 0, after))


def _added(tokens: Tokens, point: _Point) -> _Point:
    """Return the point with what is added to its hour in words: ``et quart``, ``moins cinq``, ``trente``."""
    for minutes, table in _MORE.items():
        if stop := tokens.any_of(point.stop, table):
            return _moved(point, minutes, stop)
    is_less = tokens.texts[point.stop] == "moins"
    start = point.stop + 1 if is_less else tokens.any_of(point.stop, _PAST) or point.stop
    value, stop = spelt_number(tokens, start)
    if value is None and start > point.stop:
        value, stop = tokens.number(start), start + 1
    if value is None or value > 59 or tokens.texts[stop] in MONTHS:
        return point
    if tokens.texts[stop] in _MINUTES:
        stop += 1
    elif start > point.stop and not is_less:
        return point  # "à 18h et deux…"
    return _moved(point, -value if is_less else value, stop)


def _moved(point: _Point, minutes: int, stop: int) -> _Point:
    total = (point.hour * 60 + minutes) % (24 * 60)
    return replace(point, hour=total // 60, minute=total % 60, stop=stop, exact=True)


def _spelt(tokens: Tokens, place: int) -> _Point | None:
    """``dix-huit heures``, ``seven o'clock``, ``eight p.m.``."""
    value, stop = spelt_number(tokens, place)
    if value is not None and value <= 24 and tokens.texts[stop] in _HOURS:
        return _french(tokens, value, stop + 1)
    value = NUMBERS_EN.get(tokens.texts[place])
    if value is None or not 1 <= value <= 12 or tokens.texts[place] in ("a", "an"):
        return None
    half, stop = _half(tokens, place + 1)
    if half:
        return _Point(value, 0, stop, half, exact=True)
    stop = tokens.follows(place + 1, "o", "'", "clock")
    return _Point(value, 0, stop) if stop else None


def _half(tokens: Tokens, place: int, *, is_sure: bool = False) -> tuple[str | None, int]:
    """Return "am" or "pm" where one stands at a place, and the place after it; ``is_sure`` that a time is told."""
    word, after = tokens.texts[place], place + 1
    if word in ("am", "pm"):
        return word, after
    if word not in ("a", "p"):
        return None, place
    after += tokens.texts[after] == "."
    if tokens.texts[after] == "m":
        after += 1
        return f"{word}m", after + (tokens.texts[after] == "." and tokens.glued(after))
    # "6:30p"; "10a" is a room or a house as well, but not after a day or in a span.
    has_minutes = tokens.digits(place - 1) == 2 and tokens.texts[place - 2] == ":"
    spans = tokens.texts[place + 1] == "-" and tokens.digits(place + 2)
    if tokens.glued(place) and (has_minutes or is_sure or spans):
        return f"{word}m", place + 1
    return None, place


def _in_part(tokens: Tokens, point: _Point) -> _Point:
    """Return the point in the half of the day that follows it in words: ``du soir``, ``in the morning``."""
    after = tokens.any_of(point.stop, _PART_OF)
    word, stop = part(tokens, after or point.stop)
    if point.half or word is None or not (after or word == "tonight"):
        return point
    if not (point.unit or tokens.texts[point.stop] in ("in", "at")):
        return point
    half = None
    if 0 < point.hour < 12:
        is_early = not PARTS[word] or (word in ("nuit", "night") and point.hour < 6)  # "3 heures de la nuit"
        half = "am" if is_early else "pm"
    return replace(point, half=half, stop=stop, unit=True)
