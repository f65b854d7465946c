"""Search and lookup on the crawled sample web."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from output import Index, MetError, SearchError, UnknownIdError, members, met, open_index, search, show
from output.periods import Period, PeriodError, parse
from tests.conftest import Recroise

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def index(crawled: Path) -> Iterator[Index]:
    with open_index(crawled) as opened:
        yield opened


def names(results: list) -> list[str]:
    return [result.name for result in results]


# The question that started it all


def test_who_was_that_karine_at_the_open_coffee_in_lorient(index: Index) -> None:
    answers = met(index, "karine", where="Lorient", when="2012", today=TODAY)
    first = answers.people[0]
    assert first.name == "Karine Sabatier"
    assert first.score > 0.8
    assert first.reasons[0] == (
        "spoke at Open Coffee de Lorient, 8 November 2012 (Lorient), on *Dynamique des Cantines*"
    )
    assert "directrice of La Cantine numérique rennaise" in first.reasons
    assert any("open-coffee-lorient" in url for url in first.sources)
    assert first.against == ()


@pytest.mark.parametrize(
    ("clues", "expected"),
    [
        ({"where": "Quimper", "about": "référencement"}, "Ronan Chardonneau"),
        ({"about": "referencement"}, "Ronan Chardonneau"),
        ({"name": "sabatier"}, "Karine Sabatier"),
        ({"name": "Sabatier Karine"}, "Karine Sabatier"),
        ({"name": "kairne"}, "Karine Sabatier"),
        ({"name": "jeremie", "where": "Rennes"}, "Jérémie Zimmerman"),
        ({"at": "Open Coffee"}, "Karine Sabatier"),
        ({"at": "Breizh'péro", "when": "novembre 2011"}, "Ronan Chardonneau"),
        ({"about": "QR codes", "name": "sophie"}, "Sophie Le Douarin-Deniel"),
        ({"at": "La Mêlée"}, "Édouard Forzy"),
        ({"name": "karine", "where": "Brest", "when": "1999"}, "Karine Sabatier"),
    ],
)
def test_any_mix_of_clues_finds_the_person(index: Index, clues: dict[str, str], expected: str) -> None:
    assert met(index, **clues, today=TODAY).people[0].name == expected


def test_a_wrong_clue_lowers_and_is_said(index: Index) -> None:
    right = met(index, "karine", where="Lorient", today=TODAY).people[0]
    wrong = met(index, "karine", where="Brest", today=TODAY).people[0]
    assert wrong.id == right.id
    assert wrong.score < right.score
    assert wrong.against == ("no event of theirs is known in Brest",)


def test_nobody_fits_is_an_answer(index: Index) -> None:
    assert met(index, "Zzyzx").people == ()


def test_two_who_are_equally_likely_are_asked_about(index: Index) -> None:
    answers = met(index, when="janvier 2012", where="Quimper", today=TODAY)
    assert {answer.name for answer in answers.people[:2]} == {"David Le Meur", "Sophie Le Douarin-Deniel"}
    assert answers.ask is not None
    assert "about equally likely" in answers.ask


def test_without_a_clue_there_is_no_list_of_everybody(index: Index) -> None:
    for nothing in ({}, {"name": " "}, {"name": "?!"}):
        with pytest.raises(MetError, match="at least one clue"):
            met(index, **nothing)


@pytest.mark.parametrize(
    ("query", "filters", "expected"),
    [
        ("sabatier", {}, "Karine Sabatier"),
        ("Sabat", {}, "Karine Sabatier"),
        ("EDOUARD forzy", {}, "Édouard Forzy"),
        ("open coffee", {"types": ["Event"], "from_": "2012", "to": "2012"}, "Open Coffee de Lorient"),
        ("cantine", {"types": ["Place"], "near": "Toulouse"}, "La Cantine"),
        ("", {"types": ["Place"], "near": "48.39,-4.48", "within": 5.0}, "An Daol Vras"),
        ("breizh'péro", {"types": ["EventSeries"]}, "Breizh'péro"),
        ("référencement", {"types": ["Person"]}, "Ronan Chardonneau"),
    ],
)
def test_search_finds(index: Index, query: str, filters: dict, expected: str) -> None:
    dates = {key: parse(filters.pop(key), TODAY) for key in ("from_", "to") if key in filters}
    assert names(search(index, query, **filters, **dates))[0] == expected


def test_filters_leave_out_what_does_not_fit(index: Index) -> None:
    assert set(names(search(index, "cantine", types=["Place"], region="FR-PDL"))) == {"La Cantine"}
    assert search(index, "coffee", types=["Event"], to=parse("2006", TODAY)) == []
    people = search(index, "", types=["Person"], from_=parse("2011", TODAY), to=parse("2011", TODAY))
    assert names(people) == ["Ronan Chardonneau"]


def test_bad_filters_say_what_to_do(index: Index) -> None:
    with pytest.raises(SearchError, match="unknown type Robot; known: Person"):
        search(index, "x", types=["Robot"])
    with pytest.raises(SearchError, match="nothing in the graph is in that town"):
        search(index, "x", near="Atlantis")
    with pytest.raises(SearchError, match="give both"):
        search(index, "x", within=5)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_that_a_person_types_breaks_a_query(index: Index, one: str, other: str) -> None:
    search(index, one)
    try:
        answers = met(index, one, about=other, where=one, today=TODAY)
    except MetError:
        return
    assert sum(answer.score for answer in answers.people) <= 1.001


def test_show_gives_every_fact_with_its_sources(index: Index) -> None:
    person = search(index, "karine sabatier", types=["Person"])[0]
    shown = show(index, person.id)
    assert all(fact.sources for fact in shown.facts)
    assert {(each.relation, each.role) for each in shown.neighbours} >= {
        ("worksFor", "directrice"),
        ("performer", "directrice"),
    }
    with pytest.raises(UnknownIdError, match="no node has this id"):
        show(index, "person-000000000000")


def test_members_of_a_place_are_listed_as_json(index: Index) -> None:
    (colloc,) = search(index, "La Colloc", types=["Organization"], limit=1)
    listed = members(index, colloc.id)
    assert "Sabrina Millien" in [user["name"] for user in listed["users"]]
    assert listed["usersCount"] == len(listed["users"])


def days(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--region", "Bretagne", "--type", "personne", "karine"], "Karine Sabatier"),
        (["--near", "Lorient", "--within", "30 kilomètres", "--type", "lieu"], "La Colloc"),
        (["--near", "Lorient", "--within", "20 miles", "--type", "place"], "La Colloc"),
        (["--region", "Narnia"], "Nothing here is in that --region"),
        (["--source", "nowhere"], "Nothing here is from that --source"),
        (["--series", "nothing such"], "Nothing here is part of a --series"),
        (["--series", "open coffee brest"], "The nearest series: Open Coffee"),
        (["--near", "Lorient, Belarus"], "known: Lorient, Bretagne"),
        (["--from", "2013", "--to", "2012"], "--from 2013 is after --to 2012: turn them round"),
        (["--near", "Lorient", "--within", "5 lieues"], "say a distance such as 30km"),
    ],
)
def test_the_command_takes_filters_as_people_say_them_and_says_which_fits_nothing(
    recroise: Recroise, crawled: Path, options: list[str], said: str
) -> None:
    done = recroise("search", *options, "--data", crawled)
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2012", days("2012-01-01", "2012-12-31")),
        ("2012-11", days("2012-11-01", "2012-11-30")),
        ("2012-11-08", days("2012-11-08", "2012-11-08")),
        ("novembre 2012", days("2012-11-01", "2012-11-30")),
        ("8 novembre 2012", days("2012-11-08", "2012-11-08")),
        ("november", days("2026-11-01", "2026-11-30")),
        ("décembre", days("2025-12-01", "2025-12-31")),
        ("spring 2012", days("2012-03-01", "2012-05-31")),
        ("printemps 2012", days("2012-03-01", "2012-05-31")),
        ("hiver 2012", days("2012-12-01", "2013-02-28")),
        ("début 2013", days("2013-01-01", "2013-04-30")),
        ("fin 2012", days("2012-09-01", "2012-12-31")),
        ("2011-2013", days("2011-01-01", "2013-12-31")),
        ("de 2011 à 2013", days("2011-01-01", "2013-12-31")),
        ("entre mars et mai 2012", days("2012-03-01", "2012-05-31")),
        ("il y a deux ans", days("2024-01-01", "2024-12-31")),
        ("two years ago", days("2024-01-01", "2024-12-31")),
        ("last year", days("2025-01-01", "2025-12-31")),
        ("l'année dernière", days("2025-01-01", "2025-12-31")),
        ("le mois dernier", days("2026-10-01", "2026-10-31")),
        ("la semaine dernière", days("2026-11-16", "2026-11-22")),
        ("hier", days("2026-11-22", "2026-11-22")),
        ("cette année", days("2026-01-01", "2026-12-31")),
        ("avant-hier", days("2026-11-21", "2026-11-21")),
        ("08/11/2012", days("2012-11-08", "2012-11-08")),
        ("11/28/2012", days("2012-11-28", "2012-11-28")),
        ("11/2012", days("2012-11-01", "2012-11-30")),
        ("1er février 2012", days("2012-02-01", "2012-02-01")),
        ("February 3rd, 2012", days("2012-02-03", "2012-02-03")),
        ("fin novembre 2012", days("2012-11-21", "2012-11-30")),
        ("début du printemps 2012", days("2012-03-01", "2012-03-31")),
        ("late summer 2012", days("2012-08-01", "2012-08-31")),
        ("fin de l'année dernière", days("2025-09-01", "2025-12-31")),
        ("hiver 2011-2012", days("2011-12-01", "2012-02-29")),
        ("2012 ou 2013", days("2012-01-01", "2013-12-31")),
        ("novembre 2011 à mars 2013", days("2011-11-01", "2013-03-31")),
        ("avant 2010", days("1900-01-01", "2009-12-31")),
        ("before spring 2012", days("1900-01-01", "2012-02-29")),
        ("après 2013", days("2014-01-01", "2026-11-23")),
        ("depuis 2014", days("2014-01-01", "2026-11-23")),
        ("since 2014-05", days("2014-05-01", "2026-11-23")),
        ("les années 2010", days("2010-01-01", "2019-12-31")),
        ("the 2010s", days("2010-01-01", "2019-12-31")),
        ("Q4 2012", days("2012-10-01", "2012-12-31")),
        ("premier trimestre 2013", days("2013-01-01", "2013-03-31")),
        ("second semestre 2012", days("2012-07-01", "2012-12-31")),
        ("first half of 2012", days("2012-01-01", "2012-06-30")),
        ("il y a treize ans", days("2013-01-01", "2013-12-31")),
        ("il y a une dizaine d'années", days("2016-01-01", "2016-12-31")),
        ("il y a vingt-cinq ans", days("2001-01-01", "2001-12-31")),
        ("il y a quelques années", days("2020-01-01", "2024-12-31")),
        ("a few years ago", days("2020-01-01", "2024-12-31")),
        ("a couple of years ago", days("2024-01-01", "2024-12-31")),
        ("l'été dernier", days("2026-06-01", "2026-08-31")),
        ("last autumn", days("2025-09-01", "2025-11-30")),
    ],
)
def test_periods_as_people_say_them(text: str, period: Period) -> None:
    assert parse(text, TODAY) == period


@pytest.mark.parametrize(
    "text",
    ["jadis", "2012-13", "2012-02-30", "", "0000", "le 45", "31/02/2012", "il y a des années", "avant", "avant jadis"],
)
def test_what_is_no_period_is_said(text: str) -> None:
    with pytest.raises(PeriodError, match="no period that can be read"):
        parse(text, TODAY)


@given(
    st.text(max_size=20) | st.from_regex(r"(il y a \d{1,6} (ans|mois)|\d{1,2} mai \d{4}|\d{4}-\d{1,2})", fullmatch=True)
)
def test_no_period_whatsoever_breaks(text: str) -> None:
    try:
        period = parse(text, TODAY)
    except PeriodError:
        return
    assert period.start <= period.end
    assert period.closeness(period.start) == 1.0
