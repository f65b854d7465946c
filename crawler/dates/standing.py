"""Whether days are told well enough to be dates where they stand: months and years have other uses in a sentence."""

from crawler.dates import clock, days
from crawler.dates.groups import Group
from crawler.dates.tokens import MARK, NUMBER, WORD, Tokens
from crawler.dates.words import MONTHS, ORDINAL_ENDINGS, ORDINALS

_ARTICLES = frozenset(("le", "the", "du", "au", "on"))
_SPANNING = frozenset(("de", "d", "entre", "from", "between"))
_BEFORE_MONTH = frozenset("en de d depuis in since by until fin debut mois early late of during courant des".split())
_OTHER_WORDS = frozenset(("mar", "sept", "jan", "dec"))
_STREETS = frozenset(
    "rue place avenue av boulevard bd blvd quai square cours allee salle esplanade pont stade college lycee ecole parc "
    "station impasse".split()
)
# What four figures count, and what they number.
_COUNTED = frozenset(
    "€ $ £ % h euros euro personnes people habitants membres members m m2 km participants points px visiteurs places "
    "rue avenue av bd boulevard st street ave road rd n s e w north south east west".split()
)
_NUMBERED = frozenset(
    "# $ £ € n no nos numero num room salle suite page pages p section article act resolution ordinance ref id cs bp "
    "cedex".split()
)
_YEARLY = frozenset("en in depuis since annee year an fin debut edition saison season".split())
_ANY = frozenset(("un", "une", "a", "one", "any", "quel", "which"))  # "un jeudi": none in particular
_OPENING = frozenset(("(", "'", "[", '"', "/", "-", "|", ">", "•", "·"))


def stands(tokens: Tokens, place: int, group: Group) -> bool:
    """Whether the days read at a place are dates there."""
    first = group.days[0]
    if first.fixed is not None:
        return True
    if len(group.days) > 1:
        if first.day is not None or first.weekday is not None:
            return tokens.whole or all(day.month is not None or day.weekday is not None for day in group.days)
        if first.month is not None:
            has_year = any(day.year is not None for day in group.days)
            return has_year or tokens.texts[place] in _SPANNING or tokens.whole
        return _year_stands(tokens, place, group.stop)
    if first.day is not None and first.month is not None:
        return True
    if first.weekday is not None:
        before = tokens.texts[place - 1]
        is_ordinal = before in ORDINALS or (before in ORDINAL_ENDINGS and tokens.digits(place - 2) > 0)
        return first.day is not None or not (is_ordinal or before in _ANY)
    if first.day is not None:  # "le 16": with its hour, or where nothing else stands
        if tokens.whole:
            return tokens.texts[place] in _ARTICLES or tokens.texts[place - 1] in _ARTICLES
        has_hour = clock.read(tokens, group.stop, with_date=True) is not None
        return has_hour and tokens.texts[place] in ("le", "the")
    if first.month is not None:
        is_told = first.year is not None or first.shift is not None or first.vague
        return is_told or _month_stands(tokens, place, group.stop)
    return first.vague or _year_stands(tokens, place, group.stop)


def names_a_street(tokens: Tokens, place: int) -> bool:
    """Whether a day at a place is part of a street's name: ``rue du 8 mai``."""
    return tokens.texts[place] == "du" and tokens.texts[place - 1] in _STREETS and not tokens.new_line(place)


def _month_stands(tokens: Tokens, place: int, stop: int) -> bool:
    if tokens.whole or (place == 0 and stop == tokens.size):
        return True
    at = place if tokens.texts[place] in MONTHS else place + 1
    before = tokens.texts[at - 2] if tokens.texts[at - 1] == "'" else tokens.texts[at - 1]
    return before in _BEFORE_MONTH and tokens.texts[at] not in _OTHER_WORDS and days.month_like(tokens, at)


def _year_stands(tokens: Tokens, place: int, stop: int) -> bool:
    """Whether four figures are a year: no sum, no number of a house, no part of a longer number."""
    at = next((one for one in range(place, stop) if tokens.kinds[one] == NUMBER), place)
    told, before, after = tokens.number(at), tokens.texts[at - 1], tokens.texts[stop]
    if told is None or not 1900 <= told <= 2099 or tokens.digits(at - 1) or tokens.digits(stop):
        return False
    if before in ("©", "copyright", "annees") or tokens.follows(at - 3, "(", "c", ")"):
        return False
    numbered = tokens.texts[at - 2] if before in (".", "°", "º") else before
    if after in _COUNTED or numbered in _NUMBERED:
        return False
    if tokens.glued(at):
        in_number = before in ("/", "-") and tokens.glued(at - 1) and tokens.kinds[at - 2] != MARK
        if before not in _OPENING or in_number:
            return False
    if tokens.glued(stop) and tokens.glued(stop + 1) and tokens.kinds[stop + 1] != MARK:
        return False
    # "2000 pages": what is counted follows. English puts a year there as well: "2026 meetings".
    counts = tokens.kinds[stop] == WORD and not tokens.new_line(stop) and tokens.source[tokens.begins[stop]].islower()
    is_round = tokens.language != "en" or told % 100 == 0
    return not (counts and is_round and stop - at == 1 and before not in _YEARLY)
