"""Where towns, départements and regions are."""

import functools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler import gazetteer
from crawler.gazetteer import find, near, region, region_name, regions


@pytest.mark.parametrize(
    ("name", "town", "department"),
    [
        ("Lorient", "Lorient", "FR-56"),
        ("LORIENT", "Lorient", "FR-56"),
        ("st malo", "Saint-Malo", "FR-35"),
        ("Saint Malo", "Saint-Malo", "FR-35"),
        ("l'Hay les Roses", "L'Haÿ-les-Roses", "FR-94"),
        ("Villeneuve d’Ascq", "Villeneuve-d'Ascq", "FR-59"),
        ("Villeneuve s/ Lot", "Villeneuve-sur-Lot", "FR-47"),
        ("Rennes Cedex 7", "Rennes", "FR-35"),
        ("Lyon 3e", "Lyon", "FR-69"),
        ("Paris 11ème arrondissement", "Paris", "FR-75"),
        ("Kemper", "Quimper", "FR-29"),
        ("Bourgoin-Jallieu", "Bourgoin-Jallieu", "FR-38"),
        ("Ajaccio", "Ajaccio", "FR-2A"),
        ("Cayenne", "Cayenne", "FR-973"),
    ],
)
def test_a_french_town_is_found_as_people_write_it(name, town, department):
    first = find(name, country="FR")[0]
    assert (first.name, first.department) == (town, department)


@pytest.mark.parametrize(
    ("name", "country", "region"),
    [
        ("Londres", "GB", "GB-ENG"),
        ("Bruxelles", "BE", "BE-BRU"),
        ("Genève", "CH", "CH-GE"),
        ("San Francisco", "US", "US-CA"),
    ],
)
def test_a_town_abroad_is_found_under_its_french_name(name, country, region):
    assert (find(name)[0].country, find(name)[0].region) == (country, region)


def test_towns_of_one_name_come_most_populous_first_and_are_told_apart_by_country_and_region():
    towns = find("Saint-Denis")
    assert [town.population for town in towns] == sorted((town.population for town in towns), reverse=True)
    assert find("Saint-Denis", region="FR-IDF")[0].department == "FR-93"
    assert [town.region for town in find("Saint-Denis", region="FR-974")] == ["FR-974"]
    assert {town.country for town in find("Paris", country="FR")} == {"FR"}
    assert find("Quimper", region="FR-29") == find("Quimper", region="FR-BRE") != []
    assert find("Quimper", country="DE") == []


def test_no_town_is_made_up():
    assert find("Trifouillis-les-Oies") == find("") == []


def test_a_village_that_has_no_point_of_its_own_says_how_uncertain_it_is():
    village = find("Guidel", country="FR")[0]
    assert village.department == "FR-56"
    assert village.uncertainty_km > 0
    assert find("Lorient", country="FR")[0].uncertainty_km == 0


def test_near_gives_what_is_around_any_of_the_points_and_nothing_farther():
    lorient, brest = (find(name, country="FR")[0] for name in ("Lorient", "Brest"))
    towns = near([(lorient.latitude, lorient.longitude), (brest.latitude, brest.longitude)], 12)
    assert {lorient, brest} <= towns
    assert {"Lanester", "Ploemeur", "Guipavas"} <= {town.name for town in towns}
    assert all(min(_apart(each, lorient), _apart(each, brest)) <= 12 for each in towns)


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(1, 1_000))
@example(-17.0, 179.9, 300.0)  # Fiji, on both sides of the date line
@example(69.7, 19.0, 2_500.0)  # around the pole
@settings(max_examples=20)
def test_near_misses_no_town(latitude, longitude, km):
    found = {
        each for each in _all_towns() if gazetteer.distance(latitude, longitude, each.latitude, each.longitude) <= km
    }
    assert near([(latitude, longitude)], km) == found


@functools.cache
def _all_towns():
    return frozenset(town for _, several in gazetteer.names() for town in several)


def _apart(town, other):
    return gazetteer.distance(town.latitude, town.longitude, other.latitude, other.longitude)


def test_regions_and_departments_by_name_number_and_code():
    assert region("Bretagne").code == region("FR-BRE").code == "FR-BRE"
    assert region("finistere") == region("29") == region("FR-29") == region("Finistère")
    assert region("Finistère").parent == "FR-BRE"
    assert region("2a").name == region_name("FR-2A") == "Corse-du-Sud"
    assert region("Nulle-Part") is region_name("FR-ZZZ") is None
    assert len([each for each in regions() if each.parent is None]) == 18
    assert len([each for each in regions() if each.parent]) == 96  # the overseas ones are regions


def test_a_departments_centre_lies_among_its_towns():
    centre = region("Finistère")
    assert any(town.department == "FR-29" for town in near([(centre.latitude, centre.longitude)], 20))


@given(st.text(max_size=40))
def test_any_text_may_be_asked_for(text):
    assert all(isinstance(town, gazetteer.Town) for town in find(text))
    region(text)


@given(st.sampled_from(["Lorient", "Saint-Brieuc", "Clermont-Ferrand", "Aix-en-Provence"]), st.data())
def test_case_and_hyphens_do_not_matter(name, data):
    spelled = "".join(
        data.draw(st.sampled_from([char, char.upper(), char.lower()]))
        if char != "-"
        else data.draw(st.sampled_from("- ’"))
        for char in name
    )
    assert find(spelled) == find(name)
