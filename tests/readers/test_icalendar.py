"""What a calendar gives: times, repeated events, states, places, people in a role; and what broken ones still give."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import vcalendar
from crawler.catalogue import Source
from crawler.documents import Document, ReaderError, Reading
from crawler.intake import take
from crawler.privacy import Exclusions
from crawler.readers.icalendar import MAX_PROBLEMS, Icalendar

SOURCE = Source(id="saved", name="x", url="http://saved.example/", community="agenda", region="FR")
FETCHED = "2012-11-20T09:00:00Z"
START = "DTSTART:20121122T083000"


def calendar(*events: str, head: str = "") -> str:
    """Return a calendar of events that are written as lines with ``|`` between them."""
    blocks = "".join(f"BEGIN:VEVENT\nSUMMARY:x\n{event.replace('|', chr(10))}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\n{head}{blocks}END:VCALENDAR\n"


def document(body: str | bytes, **source: Any) -> Document:
    data = body.encode() if isinstance(body, str) else body
    return Document("http://saved.example/a.ics", data, FETCHED, SOURCE.model_copy(update=source), "text/calendar")


def read(*events: str, head: str = "", **source: Any) -> Reading:
    return Icalendar().read(document(calendar(*events, head=head), **source))


def only(*events: str, head: str = "", **source: Any) -> dict[str, Any]:
    (record,) = read(*events, head=head, **source).records
    return record


def starts(reading: Reading) -> list[str]:
    return [record["startDate"] for record in reading.records if record["type"] == "Event"]


# Times


def test_an_all_day_event_keeps_its_days_and_ends_on_the_last() -> None:
    event = only("DTSTART;VALUE=DATE:20121124|DTEND;VALUE=DATE:20121126")
    assert (event["startDate"], event["endDate"]) == ("2012-11-24", "2012-11-25")
    assert "timeZone" not in event


def test_midnight_to_midnight_is_all_day_where_the_program_says_so() -> None:
    midnights = "DTSTART:20121124T000000|DTEND:20121125T000000"
    assert only(f"{midnights}|X-MICROSOFT-CDO-ALLDAYEVENT:TRUE")["startDate"] == "2012-11-24"
    assert only(midnights)["startDate"] == "2012-11-24T00:00:00+01:00"


def test_a_duration_gives_the_end() -> None:
    assert only(f"{START}|DURATION:PT1H30M")["endDate"] == "2012-11-22T10:00:00+01:00"


@pytest.mark.parametrize("end", ["DTEND:20121122T080000", "DURATION:-PT1H", "DTEND;VALUE=DATE:20121123", "DTEND:hier"])
def test_an_end_that_cannot_be_is_left_out(end: str) -> None:
    assert "endDate" not in only(f"{START}|{end}")


@pytest.mark.parametrize(
    ("start", "head", "zone", "where"),
    [
        ("DTSTART;TZID=Europe/London:20121122T083000", "", "Europe/London", "stated"),
        ("DTSTART;TZID=Romance Standard Time:20121122T083000", "", "Europe/Paris", "stated"),
        ('DTSTART;TZID="(UTC+01:00) Brussels, Paris":20121122T083000', "", "Europe/Paris", "stated"),
        ("DTSTART;TZID=/vendor/1/Europe/Paris:20121122T083000", "", "Europe/Paris", "stated"),
        (START, "X-WR-TIMEZONE:America/New_York\n", "America/New_York", "calendar"),
        ("DTSTART:20121122T083000Z", "X-WR-TIMEZONE:America/New_York\n", "America/New_York", "calendar"),
        ("DTSTART;TZID=Atlantis:20121122T083000", "", "Europe/Paris", "assumed"),
        (START, "", "Europe/Paris", "assumed"),
    ],
)
def test_the_zone_is_found_and_it_is_said_where(start: str, head: str, zone: str, where: str) -> None:
    event = only(start, head=head)
    assert (event["timeZone"], event["timeZoneSource"]) == (zone, where)
    weekly = read(f"{start}|UID:1|RRULE:FREQ=WEEKLY;COUNT=2", head=head).records[0]
    assert {key: weekly[key] for key in ("startDate", "timeZone", "timeZoneSource")} == {
        key: event[key] for key in ("startDate", "timeZone", "timeZoneSource")
    }


def test_a_zone_of_a_files_own_is_not_remembered_for_the_next_file() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Local\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:{0}\nTZOFFSETTO:{0}\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    event = "DTSTART;TZID=Local:20121122T083000"
    assert only(event, head=zone.format("+0300"))["startDate"] == "2012-11-22T08:30:00+03:00"
    assert only(event, head=zone.format("-0500"))["startDate"] == "2012-11-22T08:30:00-05:00"
    assert only(event)["timeZoneSource"] == "assumed"


# Series


def test_a_series_gives_occurrences_under_their_original_starts() -> None:
    reading = read(
        "UID:s|DTSTART;TZID=Europe/Paris:20121004T083000|RRULE:FREQ=MONTHLY;BYDAY=1TH;COUNT=4|"
        "EXDATE;TZID=Europe/Paris:20121101T083000",
        "UID:s|RECURRENCE-ID:20121206T073000Z|DTSTART;TZID=Europe/Paris:20121207T090000",
    )
    events = {each["id"]: each["startDate"] for each in reading.records if each["type"] == "Event"}
    assert events == {
        "s#20121004T083000": "2012-10-04T08:30:00+02:00",
        "s#20121206T083000": "2012-12-07T09:00:00+01:00",
        "s#20130103T083000": "2013-01-03T08:30:00+01:00",
    }
    above = reading.records[0]["superEvent"]
    assert above == {"type": "EventSeries", "id": "s", "name": "x", "eventSchedule": "FREQ=MONTHLY;COUNT=4;BYDAY=1TH"}
    assert [each for each in reading.records if each["type"] == "EventSeries"] == [above]


def test_an_override_without_its_series_keeps_the_same_key() -> None:
    alone = only("UID:s|RECURRENCE-ID;TZID=Europe/Paris:20121206T083000|DTSTART;TZID=Europe/Paris:20121207T090000")
    assert alone["id"] == "s#20121206T083000"


def test_a_rule_without_end_is_followed_around_the_day_of_reading() -> None:
    days = [date.fromisoformat(each[:10]) for each in starts(read("UID:s|DTSTART:20050101T100000|RRULE:FREQ=WEEKLY"))]
    today = date.fromisoformat(FETCHED[:10])
    assert today - vcalendar.PAST <= min(days) < today - vcalendar.PAST + timedelta(days=8)
    assert today + vcalendar.FUTURE - timedelta(days=8) < max(days) <= today + vcalendar.FUTURE


def test_a_rule_that_states_its_end_is_followed_further_back() -> None:
    assert len(starts(read("UID:s|DTSTART:20050106T100000|RRULE:FREQ=WEEKLY;UNTIL=20050203T235959Z"))) == 5
    assert read("UID:s|DTSTART:19900106T100000|RRULE:FREQ=WEEKLY;UNTIL=19900203T235959Z").records == []


def test_of_too_many_occurrences_the_latest_are_kept() -> None:
    reading = read("UID:s|DTSTART:20050101T100000|RRULE:FREQ=DAILY")
    found = starts(reading)
    assert len(found) == vcalendar.MAX_OCCURRENCES
    assert found[-1][:10] == "2013-11-19"
    assert "older occurrences" in reading.problems[0]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5,6;BYMINUTE=1,2,3,4,5",
        "FREQ=PARFOIS",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;UNTIL=demain",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=4,6;BYMONTHDAY=31,-31",
        "FREQ=DAILY;INTERVAL=14;BYDAY=MO,SU",
    ],
)
def test_a_rule_that_no_meeting_has_leaves_the_stated_date_and_is_told(rule: str) -> None:
    reading = read(f"UID:s|{START}|RRULE:{rule}")
    assert starts(reading) == ["2012-11-22T08:30:00+01:00"]
    assert reading.problems
    assert all("line 2" in problem for problem in reading.problems)


def test_rules_that_come_to_no_day_cost_a_bounded_time() -> None:
    never = [f"UID:{n}|{START}|RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6" for n in range(50)]
    reading = read(*never)
    assert len(starts(reading)) == 50
    assert "too long to follow" in reading.problems[0]


def test_short_series_do_not_use_up_what_rules_may_cost() -> None:
    short = [f"UID:{n}|DTSTART:20121122|RRULE:FREQ=MONTHLY;BYMONTHDAY=22;UNTIL=20121123" for n in range(100)]
    assert read(*short).problems == []


def test_an_empty_rule_is_no_rule() -> None:
    assert only(f"UID:s|{START}|RRULE:")["id"] == "s"


# Versions and keys


def test_the_latest_version_of_an_event_counts() -> None:
    assert (
        only(f"UID:s|{START}|SEQUENCE:1", "UID:s|DTSTART:20121123T083000|SEQUENCE:2")["startDate"][:10] == "2012-11-23"
    )


def test_events_that_share_a_uid_are_told_apart_by_their_start() -> None:
    assert [each["id"] for each in read(f"UID:s|{START}", "UID:s|DTSTART:20121123T083000").records] == [
        "s",
        "s#20121123T083000",
    ]


def test_a_key_without_uid_does_not_depend_on_the_place_in_the_file() -> None:
    other = "DTSTART:20121201T083000|LOCATION:ailleurs"
    assert read(START, other).records[1]["id"] == only(other)["id"]


# States


@pytest.mark.parametrize(
    ("title", "name", "status"),
    [
        ("ANNULÉ : Open Coffee", "Open Coffee", "EventCancelled"),
        ("Annulé - Open Coffee", "Open Coffee", "EventCancelled"),
        ("[ANNULÉE] Open Coffee", "Open Coffee", "EventCancelled"),
        ("ANNULE Open Coffee", "Open Coffee", "EventCancelled"),
        ("Open Coffee (annulé)", "Open Coffee", "EventCancelled"),
        ("CANCELLED: Open Coffee", "Open Coffee", "EventCancelled"),
        ("*Canceled* Open Coffee", "Open Coffee", "EventCancelled"),
        ("Annulé", "Annulé", "EventCancelled"),
        ("REPORTÉ : Open Coffee", "Open Coffee", "EventPostponed"),
        ("Open Coffee [reporté]", "Open Coffee", "EventPostponed"),
        ("Report: the state of coworking", "Report: the state of coworking", None),
        ("Cancelled flights and how to survive them", "Cancelled flights and how to survive them", None),
        ("Annuler son abonnement", "Annuler son abonnement", None),
    ],
)
def test_a_title_tells_the_state_of_an_event(title: str, name: str, status: str | None) -> None:
    (event,) = Icalendar().read(document(calendar(START).replace("SUMMARY:x", f"SUMMARY:{title}"))).records
    assert (event["name"], event.get("eventStatus")) == (name, status)


def test_status_and_method_tell_it_too() -> None:
    assert only(f"{START}|STATUS:CANCELLED")["eventStatus"] == "EventCancelled"
    assert only(f"{START}|STATUS:CONFIRMED")["eventStatus"] == "EventScheduled"
    assert "eventStatus" not in only(f"{START}|STATUS:TENTATIVE")
    assert only(START, head="METHOD:CANCEL\n")["eventStatus"] == "EventCancelled"


# Places


@pytest.mark.parametrize(
    ("location", "expected", "mode"),
    [
        ("Technopole", {"type": "Place", "name": "Technopole"}, None),
        (
            "La Colloc\\, 42 avenue de la Perrière\\, 56100 Lorient",
            {
                "type": "Place",
                "name": "La Colloc",
                "address": {
                    "streetAddress": "42 avenue de la Perrière",
                    "postalCode": "56100",
                    "addressLocality": "Lorient",
                },
            },
            None,
        ),
        (
            "Backspace\\, 115 NW 5th Ave\\, Portland\\, OR 97209\\, USA",
            {
                "type": "Place",
                "name": "Backspace",
                "address": {
                    "streetAddress": "115 NW 5th Ave",
                    "addressLocality": "Portland",
                    "addressRegion": "OR",
                    "postalCode": "97209",
                    "addressCountry": "USA",
                },
            },
            None,
        ),
        ("En ligne", {"type": "VirtualLocation", "name": "En ligne"}, "Online"),
        (
            "https://visio.example/a",
            {"type": "VirtualLocation", "name": "online", "url": "https://visio.example/a"},
            "Online",
        ),
        ("Quai 9 https://maps.example/x", {"type": "Place", "name": "Quai 9"}, None),
        ("https://www.openstreetmap.org/node/1", None, None),
        ("Technopole|CONFERENCE;VALUE=URI:https://visio.example/a", {"type": "Place", "name": "Technopole"}, "Mixed"),
        (
            "|X-GOOGLE-CONFERENCE:https://visio.example/a",
            {"type": "VirtualLocation", "name": "online", "url": "https://visio.example/a"},
            "Online",
        ),
    ],
)
def test_where_it_takes_place(location: str, expected: dict | None, mode: str | None) -> None:
    event = only(f"{START}|LOCATION:{location}")
    assert event.get("location") == expected
    assert event.get("eventAttendanceMode") == (mode and f"{mode}EventAttendanceMode")


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ("GEO:47.75;-3.36", True),
        ("X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=x:geo:47.75,-3.36", True),
        ("GEO:91;0", False),
        ("GEO:0;0", False),
        ("GEO:ici", False),
    ],
)
def test_a_point_is_kept_where_it_is_one(line: str, known: bool) -> None:
    place = only(f"{START}|LOCATION:Quai|{line}")["location"]
    assert place.get("geo") == ({"latitude": 47.75, "longitude": -3.36} if known else None)


# People


@pytest.mark.parametrize(
    ("organizer", "kind"),
    [
        (";CN=La Colloc:mailto:bonjour@a.localhost", "Organization"),
        (";CN=Silicon Kerné:mailto:contact@a.localhost", "Organization"),
        (";CN=Camille Berteau:mailto:camille.berteau@a.localhost", "Person"),
        (";CN=Camille Berteau;CUTYPE=INDIVIDUAL:mailto:a@a.localhost", "Person"),
        (";CN=La Cantine;CUTYPE=INDIVIDUAL:mailto:a@a.localhost", "Organization"),
        (":Technopole de Lorient", "Organization"),
        (";CN=accueil@a.localhost:mailto:accueil@a.localhost", None),
        (":mailto:accueil@a.localhost", None),
        (":invalid:nomail", None),
    ],
)
def test_who_holds_an_event_is_an_organisation_unless_it_is_plainly_a_person(organizer: str, kind: str | None) -> None:
    reading = read(f"{START}|ORGANIZER{organizer}")
    assert [each["type"] for each in reading.records[0].get("organizer", [])] == ([kind] if kind else [])
    assert "localhost" not in str(reading.records)
    assert reading.dropped["e-mail"] == organizer.count("mailto")


def test_attendees_stay_out_unless_switched_on() -> None:
    lines = (
        f"{START}|ATTENDEE;CN=Quelqu'un:mailto:a@a.localhost|ATTENDEE;CN=Absent;PARTSTAT=DECLINED:mailto:b@a.localhost|"
        "ATTENDEE;CN=Salle 1;CUTYPE=ROOM:mailto:c@a.localhost|ATTENDEE:mailto:d@a.localhost|CONTACT:02 97 00 00 00"
    )
    off = read(lines)
    assert "attendee" not in off.records[0]
    assert off.dropped == {"attendee": 4, "contact": 1}
    assert only(lines, attendees=True)["attendee"] == [{"type": "Person", "name": "Quelqu'un"}]


def test_what_is_dropped_is_counted_once_however_often_the_event_repeats() -> None:
    reading = read(f"UID:s|{START}|RRULE:FREQ=WEEKLY;COUNT=9|ATTENDEE:mailto:a@a.localhost|SHOE-SIZE:42")
    assert reading.dropped == {"attendee": 1}
    assert reading.surprises == {"VEVENT.SHOE-SIZE": 1}


@pytest.mark.parametrize("line", ["CLASS:PRIVATE", "CLASS:CONFIDENTIAL", "SUMMARY:Busy", "SUMMARY:Occupé"])
def test_what_is_marked_private_and_busy_times_are_left_out(line: str) -> None:
    text = calendar(START).replace("SUMMARY:x", line if line.startswith("SUMMARY") else f"SUMMARY:x\n{line}")
    reading = Icalendar().read(document(text))
    assert reading.records == []
    assert reading.dropped.total() == 1


# Other fields


def test_text_is_plain_and_words_stand_once() -> None:
    event = only(
        f"{START}|DESCRIPTION:<p>Caf&eacute;</p>\\n\\nCroissants|CATEGORIES:Réseau,Café|CATEGORIES:Café|"
        "URL:mailto:a@a.localhost|LAST-MODIFIED:20121101T100000Z"
    )
    assert event["description"] == "Café Croissants"
    assert event["keywords"] == ["Réseau", "Café"]
    assert "url" not in event
    assert event["dateModified"] == "2012-11-01T10:00:00Z"
    assert only(f"{START}|X-ALT-DESC;FMTTYPE=text/html:<b>gras</b>")["description"] == "gras"


# Broken files


def test_a_wrong_line_costs_that_line_alone_and_is_told_with_its_event() -> None:
    reading = read("UID:a|DTSTART:demain", f"UID:b|{START}|GEO:ici|N'IMPORTE QUOI", "UID:c|DTSTART:20121123")
    assert [each["id"] for each in reading.records] == ["b", "c"]
    lines = [int(found[1]) for problem in reading.problems if (found := re.search(r", line (\d+): ", problem))]
    assert lines == [2, 7, 7, 2]


def test_what_is_told_of_a_wrong_line_holds_nobodys_mailbox() -> None:
    reading = read(f"UID:quelquun@a.fr|{START}|ATTENDEE;CN=Quelqu'un;;:mailto:quelquun@a.fr|GEO:mailto:quelquun@a.fr")
    assert len(reading.problems) == 2
    assert "quelqu" not in str(reading.problems).lower()


def test_a_file_that_breaks_off_loses_the_event_that_it_breaks_off_in() -> None:
    text = calendar(f"UID:a|{START}", "UID:b|DTSTART:20121123T100000|DESCRIPTION:longue")
    reading = Icalendar().read(document(text[: text.index("longue")]))
    assert [each["id"] for each in reading.records] == ["a"]
    assert reading.problems == [
        "http://saved.example/a.ics, line 7: the file breaks off in this VEVENT, which is left out"
    ]


def test_an_event_that_is_not_closed_ends_where_the_next_begins() -> None:
    text = calendar(f"UID:a|{START}|BEGIN:VALARM", f"UID:b|{START}").replace("END:VEVENT\n", "", 1)
    assert [each["id"] for each in Icalendar().read(document(text)).records] == ["a", "b"]


@pytest.mark.parametrize(
    "head", ["X\n", "NAME;a b:c\n", "BEGIN:VTIMEZONE\nTZID:x\nEND:VTIMEZONE\n", "END:VEVENT\n\n \n"]
)
def test_a_broken_head_does_not_lose_the_events(head: str) -> None:
    reading = read(f"UID:a|{START}", f"UID:b|{START}", head=f"X-WR-TIMEZONE:Europe/London\n{head}")
    assert [each["timeZone"] for each in reading.records] == ["Europe/London"] * 2


def test_several_calendars_and_bare_events_are_read() -> None:
    text = calendar(f"UID:a|{START}") + calendar(f"UID:b|{START}").replace("BEGIN:VCALENDAR\n", "")
    assert [each["id"] for each in Icalendar().read(document(text)).records] == ["a", "b"]


def test_a_calendar_of_other_things_than_events_says_so() -> None:
    journal = "BEGIN:VCALENDAR\nBEGIN:VJOURNAL\nSUMMARY:x\nEND:VJOURNAL\nEND:VCALENDAR\n"
    assert "only VJOURNAL" in Icalendar().read(document(journal)).problems[0]
    assert Icalendar().read(document("BEGIN:VCALENDAR\nEND:VCALENDAR\n")).problems == []


def test_problems_are_told_up_to_a_limit() -> None:
    reading = read(*(f"UID:{n}|DTSTART:demain" for n in range(MAX_PROBLEMS)))
    assert len(reading.problems) == MAX_PROBLEMS + 1
    assert reading.problems[-1].endswith(f": {MAX_PROBLEMS} more problems")


@pytest.mark.parametrize("body", ["", "<html>", "BEGIN:VCARD\nEND:VCARD", "SUMMARY:x"])
def test_what_is_no_calendar_is_refused(body: str) -> None:
    with pytest.raises(ReaderError, match="not a calendar"):
        Icalendar().read(document(body))


LINES = st.sampled_from(
    [
        *("BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "BEGIN:VEVENT", "END:VEVENT", "END:VEVENT", "UID:a", "SUMMARY:x"),
        *("DTSTART:20121122T083000", "DTSTART;VALUE=DATE:20121122", "DTSTART;TZID=Local:20121122T083000", "DTSTART:99991231T235959Z"),
        *("DTEND:20121122", "DTEND:00010101T000000", "DURATION:P9999999D", "RRULE:FREQ=WEEKLY", "RRULE:FREQ=MONTHLY;COUNT=3"),
        *("RDATE:20121225", "RDATE;VALUE=PERIOD:20121225T100000Z/PT1H", "EXDATE:20121129T083000", "RECURRENCE-ID:20121129", "SEQUENCE:x"),
        *("RECURRENCE-ID;RANGE=THISANDFUTURE:20121129T083000", "GEO:1;x", "ORGANIZER;CN=\"", "ATTENDEE;CN=x:mailto:", "CATEGORIES:,"),
        *("BEGIN:VTIMEZONE", "TZID:Local", "BEGIN:STANDARD", "TZOFFSETFROM:+9900", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE"),
        *("STATUS:", "LOCATION:https://[", "CLASS:PUBLIC", "X-WR-TIMEZONE:Mars", "METHOD:CANCEL", " suite", "", "LAST-MODIFIED:x", ";;:"),
    ]
)  # fmt: skip


@settings(max_examples=250)
@given(st.lists(LINES | st.text(max_size=15), max_size=40), st.booleans())
def test_no_lines_raise_anything_but_the_readers_own_error(lines: list[str], attendees: bool) -> None:
    given = document("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n" + "\n".join(lines), attendees=attendees)
    reading = Icalendar().read(given)
    assert all("\n" not in problem for problem in reading.problems)
    assert take(reading, given, Exclusions()).refused == []


@settings(max_examples=100)
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_but_the_readers_own_error(body: bytes) -> None:
    given = document(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\n" + body + b"\r\nEND:VEVENT\r\n")
    assert take(Icalendar().read(given), given, Exclusions()).refused == []


@pytest.mark.parametrize("name", ["Europe/" + "P" * 300, "Europe/" + "\ufffd" * 120])
def test_a_zone_that_is_no_file_name_costs_its_event_or_zone_and_not_the_calendar(name: str) -> None:
    bad, good = f"UID:1|DTSTART;TZID={name}:20261126T183000", "UID:2|DTSTART;TZID=Europe/Paris:20261126T183000"
    assert "2" in [record.get("id") for record in read(bad, good).records]
