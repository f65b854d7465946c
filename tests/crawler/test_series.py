"""What is left of a meeting's title when number, date and theme are taken away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.series import series_title
from crawler.text import clean

TITLES = [
    ("Open Coffee Lorient #12 : le crowdfunding", "Open Coffee Lorient"),
    ("Open Coffee de Lorient", "Open Coffee de Lorient"),
    ("Open Coffee – jeudi 8 novembre 2012", "Open Coffee"),
    ("Open Coffee de novembre", "Open Coffee"),
    ("8 novembre 2012 : Open Coffee", "Open Coffee"),
    ("BarCamp Vannes, 4e édition", "BarCamp Vannes"),
    ("BarCamp v0.1", "BarCamp"),
    ("[ANNULÉ] Apéro Web n°7", "Apéro Web"),
    ("12e Rencontres du logiciel libre", "Rencontres du logiciel libre"),
    ("Adelaide Meetup May 2025", "Adelaide Meetup"),
    ("Agile Tour 2019 Rennes", "Agile Tour Rennes"),
    ("Café numérique « vie privée »", "Café numérique"),
    ("Rentrée du 5 au 7 septembre 2013", "Rentrée"),
]
KEPT = ["24h Startup", "Web2Rennes", "Planète Mars", "Nuit de l'info", "Le jeudi de l'emploi", "40 ans du club", "C++ meetup"]  # fmt: skip


@pytest.mark.parametrize(("title", "series"), TITLES, ids=[title for title, _ in TITLES])
def test_number_date_and_theme_go(title: str, series: str) -> None:
    assert series_title(title) == series


@pytest.mark.parametrize("title", KEPT)
def test_numbers_and_days_that_are_part_of_the_name_stay(title: str) -> None:
    assert series_title(title) == title


def test_a_title_that_is_nothing_but_a_date_comes_back_whole() -> None:
    assert series_title("12 novembre 2012") == "12 novembre 2012"


@given(st.text(max_size=80))
def test_any_text_gives_a_title_that_is_part_of_it(text: str) -> None:
    title = series_title(text)
    assert title == title.strip()
    assert title in clean(text) or len(title) < len(clean(text))
    assert bool(title) == bool(clean(text))
