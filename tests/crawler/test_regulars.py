"""A social series without a rule is recognised as one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from crawler.regulars import with_series


def event(name: str, day: str, town: str = "Lorient", **more: Any) -> dict[str, Any]:
    place = {"type": "Place", "name": "La Passerelle", "address": {"addressLocality": town}}
    return {"type": "Event", "name": name, "startDate": f"{day}T18:30:00+01:00", "location": place, **more}


MONTHLY = [
    event("Open Coffee Lorient #12 : les réseaux", "2012-10-11"),
    event("Open Coffee Lorient #13 : le financement", "2012-11-08"),
    event("Open Coffee Lorient #14", "2012-12-13"),
]


def test_a_monthly_meeting_is_a_series() -> None:
    records = with_series(MONTHLY)
    assert [record["superEvent"]["name"] for record in records[:3]] == ["Open Coffee Lorient"] * 3
    series = records[3]
    assert (series["type"], series["name"]) == ("EventSeries", "Open Coffee Lorient")
    assert series["id"].startswith("inferred:")
    assert series["location"]["name"] == "La Passerelle"


def test_two_towns_are_two_meetings() -> None:
    elsewhere = [
        event("Open Coffee", f"2012-{month}-08", town)
        for month, town in (("10", "Brest"), ("11", "Vannes"), ("12", "Brest"))
    ]
    assert with_series(elsewhere) == elsewhere


def test_twice_or_on_any_day_is_no_series() -> None:
    assert with_series(MONTHLY[:2]) == MONTHLY[:2]
    anyhow = [event("Atelier cuisine", day) for day in ("2012-10-01", "2012-10-03", "2012-11-09", "2012-12-22")]
    assert with_series(anyhow) == anyhow


def test_a_series_that_the_source_states_stays() -> None:
    stated = [{**each, "superEvent": {"type": "EventSeries", "name": "OCC"}} for each in MONTHLY]
    assert with_series(stated) == stated


@given(st.permutations(MONTHLY), st.integers(0, 27))
def test_the_order_does_not_matter(events: list[dict[str, Any]], day: int) -> None:
    one, other = with_series([*events, event("Barcamp", f"2012-10-{day + 1:02}")]), with_series(MONTHLY)
    assert one[-1] == other[-1]
