"""Times as sources state them, as the record states them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue import Source
from crawler.records import parse
from crawler.times import END_BEFORE_START, from_iso, from_values, published, span, zone

BRITTANY = Source(id="bzh", name="x", url="http://a.example/", community="agenda", region="FR-BRE")
LONDON = BRITTANY.model_copy(update={"region": "GB", "time_zone": "Europe/London"})
WORLD = BRITTANY.model_copy(update={"region": "world"})
ASSUMED = {"timeZone": "Europe/Paris", "timeZoneSource": "assumed"}
STAMP = {"id": "x", "url": "http://a.example/", "fetched": "2026-11-23T10:00:00Z"}


def accepted(times: dict[str, Any]) -> bool:
    return bool(parse({"type": "Event", "name": "x", "source": STAMP, **times}))


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2012", "2012"),
        ("2012-11", "2012-11"),
        ("2012-11-08", "2012-11-08"),
        ("20121108", "2012-11-08"),
        (" 2012-11-08 ", "2012-11-08"),
        ("2012-313", "2012-11-08"),
    ],
)
def test_a_date_stays_a_date_and_has_no_zone(text: str, stated: str) -> None:
    assert from_iso(text, None, BRITTANY) == {"startDate": stated}


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2012-11-08T18:30", "2012-11-08T18:30:00+01:00"),
        ("2012-07-08 18:30:15", "2012-07-08T18:30:15+02:00"),
        ("20121108T183000", "2012-11-08T18:30:00+01:00"),
        ("2012-11-08T18", "2012-11-08T18:00:00+01:00"),
        ("2012-11-08T24:00", "2012-11-09T00:00:00+01:00"),
        ("2012-11-08T18:30:00.123", "2012-11-08T18:30:00+01:00"),
        ("Thu, 08 Nov 2012 18:30:00 -0000", "2012-11-08T18:30:00+01:00"),
    ],
)
def test_a_time_without_a_zone_is_taken_for_french_in_france_and_says_so(text: str, stated: str) -> None:
    assert from_iso(text, None, BRITTANY) == {"startDate": stated, **ASSUMED}


def test_a_time_without_a_zone_takes_the_documents_zone_else_the_sources_else_none() -> None:
    summer = "2012-07-08T18:30"
    assert from_iso(summer, None, LONDON, "America/New_York") == {
        "startDate": "2012-07-08T18:30:00-04:00",
        "timeZone": "America/New_York",
        "timeZoneSource": "stated",
    }
    assert from_iso(summer, None, LONDON) == {
        "startDate": "2012-07-08T18:30:00+01:00",
        "timeZone": "Europe/London",
        "timeZoneSource": "place",
    }
    assert from_iso(summer, None, WORLD) == {"startDate": "2012-07-08T18:30:00"}


@pytest.mark.parametrize(
    ("region", "zone_name"),
    [
        ("FR", "Europe/Paris"),
        ("FR-BRE", "Europe/Paris"),
        ("FR-974", "Indian/Reunion"),
        ("FR-NC", "Pacific/Noumea"),
        ("BE", "Europe/Brussels"),
        ("GB-LND", "Europe/London"),
        ("DE", "Europe/Berlin"),  # two zones, but one clock
        ("PT", None),
        ("CA-QC", None),
        ("world", None),
        ("XX", None),
    ],
)
def test_a_country_of_one_clock_tells_the_zone_which_is_said_to_be_assumed(region: str, zone_name: str | None) -> None:
    times = from_iso("2012-07-08T18:30", None, BRITTANY.model_copy(update={"region": region}))
    assert times.get("timeZone") == zone_name
    assert times.get("timeZoneSource") == ("assumed" if zone_name else None)
    assert (len(times["startDate"]) > 19) == bool(zone_name)


def test_an_offset_stays_as_written() -> None:
    assert from_iso("2012-11-08T18:30-05:00", None, BRITTANY) == {"startDate": "2012-11-08T18:30:00-05:00"}


def test_utc_is_told_by_the_clock_of_the_place() -> None:
    late = from_iso("2012-11-08T23:30:00Z", None, BRITTANY)
    assert late == {"startDate": "2012-11-09T00:30:00+01:00", **ASSUMED}
    assert from_iso("2012-11-08T23:30:00Z", None, WORLD) == {"startDate": "2012-11-08T23:30:00+00:00"}


def test_an_end_takes_the_clock_of_its_start() -> None:
    assert from_iso("2012-11-08T18:30-05:00", "2012-11-08T20:30", BRITTANY)["endDate"] == "2012-11-08T20:30:00-05:00"
    assert from_iso("2012-11-08", "2012-11-09T20:30", BRITTANY) == {"startDate": "2012-11-08", "endDate": "2012-11-09"}


@pytest.mark.parametrize(
    "text",
    [
        *("", None, 12, "demain", "2012-13-01", "2012-11-31", "2012-11-08T25:00", "0001-01-01T00:00Z", "9999-12-31"),
        *("12/11/2012", "2012-11-08T18:30+99:99", "x" * 1_000),
    ],
)
def test_what_is_no_date_gives_nothing(text: Any) -> None:
    assert from_iso(text, "2012-11-09", BRITTANY) == {}


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        ("2012-11-08", "2012-11-07", False),
        ("2012-11-08", "2012-11-08", True),
        ("2012-11-08T18:30:00+01:00", "2012-11-08T17:00:00Z", False),
        ("2012-11-08T18:30:00+01:00", "2012-11-08T18:00:00Z", True),
        ("2012-11-08T18:30:00+01:00", "2012-11-08", True),
        ("2012-11", "2012-11-01", True),
    ],
)
def test_an_end_before_the_start_is_left_out_and_told(start: str, end: str, kept: bool) -> None:
    fields, surprise = span(start, end)
    assert ("endDate" in fields, surprise is None) == (kept, kept)
    assert accepted(fields)
    surprises: Counter[str] = Counter()
    from_iso(start, end, WORLD, surprises=surprises)
    assert surprises[END_BEFORE_START] == (not kept)


def test_an_all_day_end_of_a_calendar_is_exclusive() -> None:
    day = date(2012, 11, 24)
    assert from_values(day, None, BRITTANY) == {"startDate": "2012-11-24"}
    assert from_values(day, day, BRITTANY) == {"startDate": "2012-11-24"}
    assert from_values(day, day + timedelta(days=1), BRITTANY) == {"startDate": "2012-11-24"}
    assert from_values(day, day + timedelta(days=2), BRITTANY)["endDate"] == "2012-11-25"
    assert from_values(day, day - timedelta(days=2), BRITTANY) == {"startDate": "2012-11-24"}


def test_a_floating_time_of_a_calendar_takes_the_calendars_zone_first() -> None:
    evening = datetime(2012, 11, 8, 18, 30)
    there = from_values(evening, evening + timedelta(hours=2), LONDON, "Romance Standard Time")
    assert there == {
        "startDate": "2012-11-08T18:30:00+01:00",
        "endDate": "2012-11-08T20:30:00+01:00",
        "timeZone": "Europe/Paris",
        "timeZoneSource": "calendar",
    }
    assert from_values(evening, None, LONDON)["timeZoneSource"] == "place"
    assert from_values(evening, None, BRITTANY)["timeZoneSource"] == "assumed"
    assert from_values(evening, None, WORLD) == {"startDate": "2012-11-08T18:30:00"}


def test_a_stated_zone_of_a_calendar_wins() -> None:
    evening = datetime(2012, 11, 8, 18, 30, tzinfo=ZoneInfo("Europe/Paris"))
    assert from_values(evening, None, LONDON, "America/New_York") == {
        "startDate": "2012-11-08T18:30:00+01:00",
        "timeZone": "Europe/Paris",
        "timeZoneSource": "stated",
    }
    unknown = evening.replace(tzinfo=timezone(timedelta(hours=3)))
    assert from_values(unknown, None, LONDON) == {"startDate": "2012-11-08T18:30:00+03:00"}


def test_utc_of_a_calendar_is_told_by_the_calendars_clock() -> None:
    late = datetime(2012, 11, 8, 23, 30, tzinfo=UTC)
    assert from_values(late, None, WORLD, "Europe/Paris")["startDate"] == "2012-11-09T00:30:00+01:00"
    assert from_values(late, None, WORLD, "UTC") == {
        "startDate": "2012-11-08T23:30:00+00:00",
        "timeZone": "UTC",
        "timeZoneSource": "stated",
    }


@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("Europe/Paris", "Europe/Paris"),
        ("europe/paris", "Europe/Paris"),
        ('"Europe/Paris"', "Europe/Paris"),
        ("Romance Standard Time", "Europe/Paris"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("(UTC+01:00) Brussels, Copenhagen, Madrid, Paris", "Europe/Paris"),
        ("(GMT+01.00) Paris", "Europe/Paris"),
        ("/mozilla.org/20050126_1/Europe/Paris", "Europe/Paris"),
        ("/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("GMT", "UTC"),
        ("Etc/UTC", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
        *(
            (wrong, None)
            for wrong in ("", None, "Customized Time Zone", "Europe", "../../etc/passwd", "a/\0", "x" * 999)
        ),
    ],
)
def test_zones_are_known_by_the_names_that_programs_give_them(name: str | None, iana: str | None) -> None:
    assert zone(name) == iana


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Thu, 15 Nov 2012 09:00:00 GMT", "2012-11-15T10:00:00+01:00"),
        ("Thu, 15 Nov 2012 09:00:00 +0100", "2012-11-15T09:00:00+01:00"),
        ("jeu., 15 nov. 2012 09:00:00 +0100", "2012-11-15T09:00:00+01:00"),
        ("jeudi 15 novembre 2012", "2012-11-15"),
        ("12/11/2012", "2012-11-12"),
        ("2012-11-15", "2012-11-15"),
        *((wrong, None) for wrong in (None, "", "hier", "bientôt", "novembre", "x" * 500)),
    ],
)
def test_dates_of_publication_are_read_in_french_too(text: str | None, stated: str | None) -> None:
    assert published(text, BRITTANY) == stated


TEXTS = st.text(max_size=40) | st.from_regex(r"\A[0-9]{4}-?[0-9]{2}-?[0-9]{2}[T ][0-9:]{2,8}(Z|[+-][0-9:]{2,5})?\Z")


@given(TEXTS, TEXTS, st.sampled_from([BRITTANY, LONDON, WORLD]), st.none() | st.text(max_size=20))
def test_whatever_stands_there_the_contract_accepts_what_comes_out(a: str, b: str, source: Source, name: str) -> None:
    assert accepted(from_iso(a, b, source, name))


MOMENTS = st.dates() | st.datetimes() | st.datetimes(timezones=st.timezones())


@given(MOMENTS, st.none() | MOMENTS, st.sampled_from([BRITTANY, LONDON, WORLD]))
def test_whatever_the_calendar_says_the_contract_accepts_what_comes_out(
    a: date, b: date | None, source: Source
) -> None:
    assert accepted(from_values(a, b, source, "Europe/Paris"))


def test_an_end_beyond_the_records_years_is_left_out() -> None:
    assert from_values(date(2000, 1, 1), date(2201, 1, 2), BRITTANY) == {"startDate": "2000-01-01"}
    assert from_iso("2200-12-31T23:30:00Z", None, BRITTANY) == {}  # in Paris it is 2201


@given(st.datetimes(datetime(1975, 1, 1), datetime(2100, 1, 1), timezones=st.timezones()))
def test_the_moment_never_moves(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    told = from_values(moment, None, BRITTANY)["startDate"]
    assert datetime.fromisoformat(told).astimezone(UTC) == moment.astimezone(UTC)


@given(st.dates(date(1800, 1, 1), date(2200, 1, 1)), st.sampled_from([BRITTANY, LONDON, WORLD]))
def test_an_all_day_date_never_moves(day: date, source: Source) -> None:
    assert from_values(day, None, source, "Pacific/Auckland") == {"startDate": day.isoformat()}
