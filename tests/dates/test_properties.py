"""What holds for any text: nothing is raised, what is found stands where it says, and the work grows with the text."""

import re
import sys
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dates import KINDS, Expression, combine, find, parse
from crawler.dates.expressions import may_hold, scan
from crawler.dates.tokens import Tokens, fold
from crawler.dates.words import MONTHS_EN, MONTHS_FR, PARTS, PLURAL_WEEKDAYS, UNITS

MOMENT = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d)?)?)?")
TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
WORDS = sorted(
    {*MONTHS_FR, *MONTHS_EN, *PLURAL_WEEKDAYS, *UNITS, *PARTS}
    | set(
        "le la les du de d' l' au à et ou the of and to from between entre tous chaque every each premier first dernier last prochain "
        "next ce this il y a dans in ago jeudi mardi thu mon mer fin mi début semaine du mois jusqu'au until h heures am pm p.m. noon "
        "midi minuit 1er 2nd 3ème 1 2 3 5 12 16 18h30 20h 6:30 2013 2012-2013 16/05/2013 5/16 12.11.12 2013-05-16T18:30:00Z "
        "un deux trois vingt one two , . - – : ; / ( ) & @ | ' ’ \n \n\n … ... ** rue © € 99999 00 31 février".split(
            " "
        )
    )
)
SOUP = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.lists(st.sampled_from(WORDS), max_size=30).map(
    "".join
)
FIGURES = st.lists(
    st.sampled_from(
        "1 2 02 9 12 16 30 45 59 1999 2013 2013-14 h H hrs a p m am p. : . - / , ; ( ) le du de à at on et the & + ' T Z x".split()
    )
    | st.sampled_from(["", " ", " ", "\n"]),
    max_size=14,
).map("".join)
REFERENCES = st.dates(date(1800, 1, 1), date(2200, 12, 31))


def check(expression: Expression, text: str) -> None:
    assert 0 <= expression.begin < expression.end <= len(text)
    assert text[expression.begin : expression.end] == expression.text
    assert expression.kind in KINDS
    assert any((expression.start, expression.finish, expression.rule, expression.time, expression.time_end))
    for moment in (expression.start, expression.finish):
        if moment is not None:
            assert MOMENT.fullmatch(moment)
            date.fromisoformat((moment[:10] + "-01-01")[:10])
    if expression.start and expression.finish:
        shorter = min(len(expression.start), len(expression.finish))
        assert expression.start[:shorter] <= expression.finish[:shorter]
    for time in (expression.time, expression.time_end):
        assert time is None or TIME.fullmatch(time)
    assert expression.weekday is None or 0 <= expression.weekday <= 6
    assert isinstance(expression.weekday_is_wrong, bool)


@given(st.text() | SOUP, REFERENCES, st.sampled_from([None, "fr", "en", "de"]), st.sampled_from(["DMY", "MDY"]))
@settings(max_examples=400)
def test_any_text_is_searched(text: str, reference: date, language: str | None, order: str) -> None:
    found = find(text, reference, language, order=order)
    for expression in found:
        check(expression, text)
    assert all(one.end <= other.begin for one, other in pairwise(found))
    alone = parse(text, reference, language, order=order, year=2013)
    if alone is not None:
        check(alone, text)
        for other in found:
            check(combine(alone, other), text)


@given(FIGURES)
@settings(max_examples=400)
def test_what_is_passed_over_unread_holds_nothing(text: str) -> None:
    folded = fold(text)
    if not may_hold(folded, whole=False):
        assert list(scan(Tokens(text, folded, date(2013, 2, 12), None, "DMY", None, whole=False))) == []


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
@settings(max_examples=200)
def test_a_whole_date_is_that_date(day: date) -> None:
    french = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
    english = [f"{date(2000, month, 1):%B}" for month in range(1, 13)]
    iso = day.isoformat()
    spelt = (
        f"le {day.day} {french[day.month - 1]} {day.year}",
        f"{day.day}{'er' if day.day == 1 else ''} {french[day.month - 1].upper()} {day.year}",
        f"{english[day.month - 1]} {day.day}, {day.year}",
        f"{day:%d/%m/%Y}",
        iso,
    )
    for text in spelt:
        assert [one.start for one in find(text, date(2013, 2, 12))] == [iso], text
    assert [one.start for one in find(f"{day:%m/%d/%Y}", date(2013, 2, 12), "en", order="MDY")] == [iso]


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.integers(-41, 320))
@settings(max_examples=200)
def test_near_its_publication_a_date_needs_neither_year_nor_weekday(day: date, ahead: int) -> None:
    if (day.month, day.day) == (2, 29):
        return
    months = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
    weekdays = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
    reference = day - timedelta(days=ahead)
    told = f"{day.day} {months[day.month - 1]}"
    for text in (told, f"{weekdays[day.weekday()]} {told}"):
        found = parse(text, reference, "fr")
        assert found is not None
        assert found.start == day.isoformat()


@given(st.dates(date(1960, 1, 1), date(2090, 12, 31)), st.integers(-2, 2))
@settings(max_examples=200)
def test_the_weekday_decides_the_year(day: date, years: int) -> None:
    if (day.month, day.day) == (2, 29):
        return
    reference = day.replace(year=day.year + years)
    found = parse(f"{day:%A} {day.day} {day:%B}", reference, "en")
    assert found is not None
    assert not found.weekday_is_wrong
    # Of two years with that weekday the nearer one.
    assert abs((date.fromisoformat(found.start or "") - reference).days) <= abs((day - reference).days)


@pytest.mark.parametrize(
    "piece",
    [
        "1, ", "1 et ", "le ", "1/", "12-", "12.", ". ", "…", "\n", " \n ", "a a ", "jeudi ", "du 5 au ", "1 mai ", "mai ", "2013 ", "tous les ",
        "premier ", "le 5 et ", "à partir de ", "il y a 1 an ", "18h", "6-", "de ", "Monday - ", "1st and ", "every ", "in ", "\u0301", "é", "１", "'", "(",
    ],
)  # fmt: skip
def test_work_grows_with_the_text_and_no_faster(piece: str) -> None:
    """Function calls, not seconds: twice the text is at most a little more than twice the work."""

    def calls(text: str) -> int:
        count = 0

        def counted(frame: object, event: str, argument: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        sys.setprofile(counted)
        try:
            find(text, date(2013, 2, 12))
            parse(text, date(2013, 2, 12))
        finally:
            sys.setprofile(None)
        return count

    once, twice = calls(piece * 400), calls(piece * 800)
    assert twice <= 2.2 * once + 200
