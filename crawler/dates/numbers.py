"""Numbers and ordinals in figures and in words of both languages."""

from crawler.dates.tokens import Tokens
from crawler.dates.words import NUMBERS_EN, NUMBERS_FR, ORDINAL_ENDINGS, ORDINALS


def spelt_number(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Return the French number up to 59 that is spelt at a place, and the place after it."""
    number = NUMBERS_FR.get(tokens.texts[place])
    if number is None:
        return None, place
    after = place + 1
    if number in (10, 20, 30, 40, 50):
        further = after + 1 if tokens.texts[after] == "-" and tokens.glued(after) else after
        if tokens.follows(further, "et", "un") and number > 10:
            return number + 1, further + 2
        unit = NUMBERS_FR.get(tokens.texts[further])
        if unit is not None and unit < 10 and (number > 10 or unit >= 7):
            return number + unit, further + 1
    return number, after


def amount(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Return the number at a place, in figures or in words of either language, and the place after it."""
    if (value := tokens.number(place)) is not None:
        return value, place + 1
    value, after = spelt_number(tokens, place)
    if value is not None:
        return value, after
    value, after = NUMBERS_EN.get(tokens.texts[place]), place + 1
    if value == 1 and tokens.texts[after] == "couple":
        value, after = 2, after + 1
    return value, after + (value is not None and tokens.texts[after] == "of")


def ordinal(tokens: Tokens, place: int) -> tuple[int | None, int]:
    """Return the ordinal at a place (1 to 5, or -1 for the last), and the place after it."""
    word = tokens.texts[place]
    if word in ORDINALS:
        return ORDINALS[word], place + 1
    value = tokens.number(place)
    if value is not None and 1 <= value <= 5 and tokens.texts[place + 1] in ORDINAL_ENDINGS and tokens.glued(place + 1):
        return value, place + 2
    return None, place
