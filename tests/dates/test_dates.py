"""Dates as people write them: what is found, where, and what is left alone."""

from datetime import date

import pytest

from crawler.dates import Expression, combine, find, parse

REFERENCE = date(2013, 2, 12)  # a Tuesday


def test_a_date_and_a_time_in_two_cells_are_one() -> None:
    day = parse("Thursday, May 16, 2013", REFERENCE, "en", order="MDY")
    hours = parse("6:30 – 8 p.m.", REFERENCE, "en")
    assert day is not None and hours is not None and hours.start is None
    both = combine(day, hours)
    assert (both.start, both.finish, both.kind) == ("2013-05-16T18:30", "2013-05-16T20:00", "datetime")


@pytest.mark.parametrize("text", ["02 97 12 34 56", "74", "deux trois", "version 3.11.2", "Room 201A", "pages 3-5"])
def test_other_numbers_are_no_dates(text: str) -> None:
    assert find(text, REFERENCE) == []
    assert parse(text, REFERENCE) is None


def test_a_list_gives_each_day_with_its_place() -> None:
    text = "Ateliers les 3, 10 et 17 mai à 18h."
    found = find(text, REFERENCE)
    assert [one.start for one in found] == ["2013-05-03T18:00", "2013-05-10T18:00", "2013-05-17T18:00"]
    assert all(isinstance(one, Expression) and text[one.begin : one.end] == one.text for one in found)
