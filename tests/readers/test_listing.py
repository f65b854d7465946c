"""Lists of events without markup: what is read, what is left alone, and that nothing makes the reader fail."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import readers
from crawler.catalogue import Source
from crawler.documents import Document, ReaderError
from crawler.intake import take
from crawler.listing import events_in
from crawler.privacy import Exclusions
from crawler.readers.listing import Listing

SOURCE = Source(id="listing", name="x", url="http://listing.example/", community="agenda", region="FR")


def document(body: str | bytes, media_type: str = "text/html", **source: object) -> Document:
    data = body.encode() if isinstance(body, str) else body
    given = SOURCE.model_copy(update=source)
    return Document("http://listing.example/agenda", data, "2014-02-15T09:00:00Z", given, media_type)


def read(body: str, **source: object) -> list[tuple[str, str]]:
    """Return start (local, to the minute) and title of the events of a page."""
    return [(record["startDate"][:16], record["name"]) for record in Listing().read(document(body, **source)).records]


def page(body: str, lang: str = "en") -> str:
    return f"<!DOCTYPE html><html lang={lang}><head><title>x</title></head><body>{body}</body></html>"


def items(*texts: str) -> str:
    return "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"


def test_a_year_above_and_the_weekday_decide_where_none_is_written() -> None:
    rows = items("Wednesday 5 March: Go evening", "Wednesday 2 April: Maps evening", "Wednesday 7 May: Test evening")
    assert [day for day, _ in read(page(f"<h2>Meetings 2014</h2>{rows}"))] == ["2014-03-05", "2014-04-02", "2014-05-07"]
    # The heading names a season: the second half of it lies in the second year.
    season = items("8 October", "5 November", "14 January", "4 March")
    found = [day for day, _ in read(page(f"<h1>Chess club meetings</h1><h2>Season 2012-2013</h2>{season}"))]
    assert found == ["2012-10-08", "2012-11-05", "2013-01-14", "2013-03-04"]


@pytest.mark.parametrize(
    ("rows", "source", "first"),
    [
        (("03/04/2014 Quiz night", "25/04/2014 Chess night"), {}, "2014-04-03"),  # a 25th month there is not
        (("03/04/2014 Quiz night", "04/25/2014 Chess night"), {}, "2014-03-04"),
        (("03/04/2014 Quiz night", "05/04/2014 Chess night"), {"region": "US"}, "2014-03-04"),
        (("03/04/2014 Quiz night", "05/04/2014 Chess night"), {"region": "GB"}, "2014-04-03"),
    ],
)
def test_figures_alone_have_the_day_first_or_the_month_as_the_page_then_the_country_has_it(
    rows: tuple[str, ...], source: dict[str, str], first: str
) -> None:
    assert read(page(f"<h1>Club evenings</h1>{items(*rows)}"), **source)[0][0] == first


def test_the_hour_stated_once_holds_for_the_list_and_its_own_hour_for_a_row() -> None:
    above = "<h1>Board</h1><p>All meetings are held at 7:30 p.m. in the hall.</p><p>Office hours: 9 am to 5 pm.</p>"
    rows = items("March 4, 2014", "April 1, 2014 at 9 a.m.", "May 6, 2014")
    assert [start for start, _ in read(page(above + rows))] == [
        "2014-03-04T19:30",
        "2014-04-01T09:00",
        "2014-05-06T19:30",
    ]


@pytest.mark.parametrize(
    "noise",
    [
        "<p>Last updated: 3 March 2014</p>",
        "<footer>© 2014, 5 March 2014</footer>",
        "<nav><a href=/a>Archive of 6 March 2014</a></nav>",
        "<h2>News</h2>"
        + items("7 March 2014: We have moved", "8 March 2014: The roof is mended", "9 March 2014: Hello"),
        "<table><tr><th>Member</th><th>Member since</th></tr>"
        + "".join(f"<tr><td>Seat {n}</td><td>{n} May 2011</td></tr>" for n in range(1, 6))
        + "</table>",
        "<p>Applications are due by 10 March 2014. Posted on 11 March 2014 12 March 2014 by the office.</p>",
        "<select><option>13 March 2014</option><option>14 March 2014</option></select>",
    ],
)
def test_days_on_which_nothing_takes_place_are_no_events(noise: str) -> None:
    rows = items("1 April 2014: Board meeting", "6 May 2014: Board meeting", "3 June 2014: Board meeting")
    found = read(page(f"<h1>Meetings</h1>{rows}{noise}"))
    assert [start for start, _ in found] == ["2014-04-01", "2014-05-06", "2014-06-03"]


def test_what_is_doubtful_is_told_with_its_reasons_and_not_kept() -> None:
    body = page("<h1>Holidays</h1>" + items("14 July 2014: office closed", "15 August 2014: office closed"))
    reading = Listing().read(document(body))
    assert reading.records == []
    assert any("doubtful" in line and "nothing is" in line for line in reading.problems)
    assert all(each.doubtful and each.grounds for each in events_in(document(body)))


def test_an_event_of_several_lists_of_a_page_is_one_event() -> None:
    upcoming = "<h2>Upcoming</h2>" + items("4 March 2014, 18:30 – Board meeting")
    papers = "<h2>Agendas</h2>" + items("Agenda 4 March 2014", "Minutes 4 February 2014", "Agenda 7 January 2014")
    found = read(page(f"<h1>Board meetings</h1>{upcoming}{papers}"))
    assert sorted(start[:10] for start, _ in found) == ["2014-01-07", "2014-02-04", "2014-03-04"]


def test_two_events_of_one_day_in_one_list_are_two() -> None:
    rows = "".join(
        f"<tr><td>4 March 2014</td><td>{name}</td><td>{hour}</td></tr>"
        for name, hour in (("Finance committee", "17:00"), ("Board meeting", "18:30"))
    )
    heads = "<tr><th>Date</th><th>Meeting</th><th>Time</th></tr>"
    assert read(page(f"<table>{heads}{rows}<tr><td>1 April 2014</td><td>Assembly</td><td>18:00</td></tr></table>")) == [
        ("2014-03-04T17:00", "Finance committee"),
        ("2014-03-04T18:30", "Board meeting"),
        ("2014-04-01T18:00", "Assembly"),
    ]


def test_a_page_with_one_day_in_prose_is_left_to_who_reads_prose() -> None:
    text = "Jeudi 8 novembre 2012, la technopole recevait une vingtaine de personnes autour du thème des cantines, et "
    body = page(f"<article><h1>Retour</h1><p>{text}l'on s'est quitté tard.</p></article>", "fr")
    assert Listing().read(document(body)).records == []


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        # Through summer and winter the meeting keeps its hour as written: Z or not, it is the clock on the wall.
        (["2014-01-14T18:30:00Z", "2014-07-08T18:30:00Z"], ["2014-01-14T18:30", "2014-07-08T18:30"]),
        (["2014-01-14T17:30:00Z", "2014-07-08T16:30:00Z"], ["2014-01-14T18:30", "2014-07-08T18:30"]),
        (["1/14/2014 6:30 PM", "7/28/2014 6:30 PM"], ["2014-01-14T18:30", "2014-07-28T18:30"]),
        (["2014-01-14T00:00:00", "2014-07-08T00:00:00"], ["2014-01-14", "2014-07-08"]),
    ],
)
def test_times_in_data_are_read_as_their_writer_meant_them(text: list[str], starts: list[str]) -> None:
    rows = ",".join(f'{{"name": "Council meeting", "startsAt": "{each}"}}' for each in text)
    reading = Listing().read(document(f'{{"list": [{rows}]}}', "application/json"))
    assert [record["startDate"][:16] for record in reading.records] == starts


@pytest.mark.parametrize("told", ["1389720600", "1389720600000", '"/Date(1389720600000)/"'])
def test_seconds_since_1970_are_an_instant(told: str) -> None:
    body = f'[{{"title": "Council meeting", "start": {told}, "id": 1389720600}}]'
    (record,) = Listing().read(document(body, "application/json")).records
    assert record["startDate"] == "2014-01-14T18:30:00+01:00"


def test_hours_in_bold_belong_to_the_day_above_them() -> None:
    rows = "".join(
        f"<p><b>{day} 2014</b></p><p><b>{hour}</b></p>"
        for day, hour in (("4 March", "12:00pm - 1:00pm"), ("1 April", "6pm - 7pm"), ("6 May", "9am - 10am"))
    )
    found = read(page(f"<h1>Board meetings</h1>{rows}"))
    assert [start for start, _ in found] == ["2014-03-04T12:00", "2014-04-01T18:00", "2014-05-06T09:00"]


def test_things_below_the_numbers_of_a_calendar_are_of_those_days_and_opening_hours_of_none() -> None:
    week = "<tr>" + "".join(f"<th>{day}</th>" for day in "Mon Tue Wed Thu Fri Sat Sun".split()) + "</tr>"
    numbers = "<tr>" + "".join(f"<td>{day}</td>" for day in range(3, 10)) + "</tr>"
    cells = ["", "<div><p>9 am</p><p>Code club</p></div><div><p>5 pm</p><p>Board meeting</p></div>", *[""] * 4, "Fair"]
    things = "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    hours = items("Monday: 8:30 am-4:30 pm", "Tuesday: 8:30 am-4:30 pm", "Wednesday: 9 am-1 pm")
    first = "<tr>" + "<td></td>" * 5 + "<td>1</td><td>2</td></tr>"
    body = page(f"<h2>March 2014</h2><table>{week}{first}{numbers}{things}</table><h2>Hours</h2>{hours}")
    assert read(body) == [
        ("2014-03-04T09:00", "Code club"),
        ("2014-03-04T17:00", "Board meeting"),
        ("2014-03-09", "Fair"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        '[{"name": "A file", "createdAt": "2014-03-04"}, {"name": "Another", "createdAt": "2014-03-05"}]',
        '[{"price": 3, "date": "2014-03-04"}, {"price": 4, "date": "2014-03-05"}]',
        '[{"nom": "Médiathèque", "date_maj": "2014-03-04"}, {"nom": "Mairie", "date_maj": "2014-03-05"}]',
        '{"error": "gone", "start": "2014-03-04"}',
    ],
)
def test_objects_that_are_no_events_are_refused(body: str) -> None:
    with pytest.raises(ReaderError, match="a date and a name"):
        Listing().read(document(body, "application/json"))


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        '{"events": []}',
        '[{"name": "Library", "date": "2014-03-04"}, {"name": "Town hall", "date": "2014-03-05"}]',
    ],
)
def test_nothing_and_what_is_only_doubtful_are_answers_without_records(body: str) -> None:
    assert Listing().read(document(body, "application/json")).records == []


@pytest.mark.parametrize("body", ["[" * 5_000, '{"a": ', "<?xml version='1.0'?>"])
def test_broken_data_is_refused_in_one_line(body: str) -> None:
    with pytest.raises(ReaderError) as error:
        Listing().read(document(body, "application/json"))
    assert "\n" not in str(error.value)


def test_a_list_too_long_and_a_tree_too_deep_are_read_in_part() -> None:
    rows = "".join(f"<tr><td>{day % 28 + 1} May {2000 + day % 20}</td><td>Board</td></tr>" for day in range(20_000))
    assert len(Listing().read(document(f"<html><table>{rows}</table>")).records) > 100
    assert Listing().read(document("<html><body>" + "<div>" * 20_000 + "4 May 2014: meeting")).records == []


MARKS = st.sampled_from(
    "<table> <tr> <td rowspan=3> <th> </tr> </table> <ul> <li> <p> <br> <h2> </h2> <dl> <dt> <dd> <div class=card> </div> <s> "
    "<b> </b> <time datetime=2014-03-04T18:30> <a href=/x> </a> <caption> <nav> <script>".split()
)
WORDS = st.sampled_from(
    "4 March 2014|Tuesday 8|8, 22 and 29|March|2014|2013-2014|18:30|noon|from 6 to 8 pm|03/04/2014|Board meeting|cancelled|Date|"
    "Location: Hall|every Tuesday|31 February|Agenda|12 rue du Port|(|—".split("|")
)


@settings(max_examples=150)
@given(st.lists(MARKS | WORDS, max_size=60))
def test_no_page_makes_it_fail_and_what_it_reads_is_let_in(parts: list[str]) -> None:
    given = document("<html><body>" + " ".join(parts))
    reading = Listing().read(given)
    assert take(reading, given, Exclusions()).refused == []


@settings(max_examples=80)
@given(st.binary(max_size=200), st.sampled_from([b"", b"{", b"[", b"<?xml version='1.0'?>", b"<html><p>4 March 2014 "]))
def test_no_bytes_raise_anything_but_the_readers_own_error(body: bytes, head: bytes) -> None:
    try:
        Listing().read(document(head + body, ""))
    except ReaderError as error:
        assert "\n" not in str(error)


@settings(max_examples=40)
@given(
    st.lists(st.dates(date(2010, 1, 1), date(2020, 12, 31)), min_size=3, max_size=12, unique=True),
    st.sampled_from(["<ul>{}</ul>", "<table>{}</table>", "<div>{}</div>", "<p>{}</p>"]),
)
def test_every_day_of_a_plain_list_is_read_whatever_holds_it(days: list[date], frame: str) -> None:
    row = {"<ul>{}</ul>": "<li>{}</li>", "<table>{}</table>": "<tr><td>{}</td></tr>", "<div>{}</div>": "<div>{}</div>"}
    texts = [f"{day:%A} {day.day} {day:%B} {day.year}, 18:30 – Club meeting" for day in days]
    body = "".join(row.get(frame, "{}<br>").format(text) for text in texts)
    found = read(page(f"<h1>Club meetings</h1>{frame.format(body)}"))
    assert sorted(start for start, _ in found) == sorted(f"{day}T18:30" for day in days)


def test_a_day_in_words_is_the_day_whatever_stands_around_it() -> None:
    start = date(2014, 3, 4)
    for step in range(0, 60, 7):
        day = start + timedelta(days=step)
        rows = items(*(f"{(day + timedelta(days=7 * n)):%d/%m/%Y} Réunion {n}" for n in range(3)))
        assert read(page(f"<h1>Réunions</h1>{rows}", "fr"))[0][0] == day.isoformat()


def test_a_place_stated_once_holds_for_the_list_and_a_telephone_is_no_place() -> None:
    rows = items("4 March 2014", "1 April 2014", "6 May 2014")

    def places(above: str, below: str = "") -> set[str | None]:
        records = Listing().read(document(page(f"<h1>Board</h1>{above}{rows}{below}"))).records
        return {record.get("location", {}).get("name") for record in records}

    assert places("<p>The Board meets monthly at the James R. Thompson Center, unless noted.</p>") == {
        "James R. Thompson Center"
    }
    assert places("", "<p>Location: Old Fire Station</p>") == {"Old Fire Station"}
    assert places("<p>All meetings begin at 6 pm at the</p><p>Port Office</p><p>12 Dock Street</p>") == {"Port Office"}
    assert places("<p>Location: 1-872-239-6270</p>") == {None}


DAYS = items("4 March 2014", "1 April 2014", "6 May 2014")


def names(body: str, title: str = "x") -> set[str]:
    """Return what the events of a page are called."""
    html = page(body).replace("<title>x<", f"<title>{title}<")
    return {record["name"] for record in Listing().read(document(html)).records}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        # Letters of the agency, its town, its state and county, what follows the name.
        ("<h1>HDB Board Meetings 2014</h1><p>The Harbour Dredging Board meets at 6 pm.</p>", "Harbour Dredging Board"),
        ("<h1>TID #7 Finance Committee Meetings</h1>", "Finance Committee"),
        ("<h1>ADA Advisory Committee Meetings</h1>", "ADA Advisory Committee"),
        ("<h1>Ohio Canal Heritage Board</h1>", "Canal Heritage Board"),
        ("<h1>Lake County Public Records Commission Meetings</h1>", "Public Records Commission"),
        ("<h1>Millbrook Board of Education</h1><p>12 Oak Street, Millbrook, OH 44001</p>", "Board of Education"),
        ("<h1>Canal Heritage Board Old Lock House</h1><p>The Canal Heritage Board has nine members.</p>", "Canal Heritage Board"),
        # A bare noun takes the name that the page gives it, told with its article.
        ("<h1>Board Meetings</h1><p>Speak to the clerk. The Pension Board hears all.</p>", "Pension Board"),
        ("<h1>Board</h1>", "Board Meeting"),
        ("<h1>Board Meetings</h1><p>Dana Reed once sat on a Cycling Board.</p>", "Board Meeting"),
        # Letters and a number are no name of who meets; what the text calls them is.
        ("<h1>TID #7</h1><p>The Mayor names the TID #7 Commission.</p>", "Commission"),
        ("<h1>TID #7</h1><p>The Old Mill Town Improvement District Levy Commission is seated.</p>", "Levy Commission"),
        ("<h1>TID #7 Commissioners' Meetings</h1>", "Commission"),
        ("<h1>TID #7</h1>", "TID #7"),
        ("<h1>Hearing Dates</h1><p>A public hearing is open.</p><p>Public hearings last an hour.</p>", "Public Hearing"),
    ],
)  # fmt: skip
def test_a_list_is_called_after_who_meets_in_short(body: str, name: str) -> None:
    assert names(body + DAYS) == {name}


def test_rows_that_say_no_more_than_board_take_the_name_of_the_board() -> None:
    rows = items("March 2014 Board Mtg: 4 March 2014", "Full Board 1 April 2014", "Regular Board Meeting 6 May 2014")
    told = names(f"<h1>Agendas</h1><p>The Pension Board meets here. The Pension Board welcomes all.</p>{rows}")
    assert told == {"Pension Board", "Regular Board Meeting"}


def test_what_all_titles_of_a_list_have_in_brackets_is_no_part_of_them() -> None:
    rows = items(
        "Arts Committee (TID #7) 4 March 2014", "Parks Committee (TID #7) 5 March 2014", "Quilts (TID #7) 6 March 2014"
    )
    assert names(f"<h1>Events</h1>{rows}") == {"Arts Committee", "Parks Committee", "Quilts"}


def test_papers_remarks_and_places_to_come_are_no_names() -> None:
    papers = '<a href="/n">Notice</a> <a href="/m">Minutes</a>'
    rows = "".join(
        f'<tr><td>{day} 2014</td><td><a href="/m">Minutes</a></td><td><a href="/f">Tax figures</a></td></tr>'
        for day in ("4 March", "1 April", "6 May")
    )
    assert names(f"<h1>Pension Board</h1><table>{rows}</table>") == {"Pension Board"}
    rows = items(
        f"4 March 2014 {papers}<br>Presentation: Roads and bridges",
        "1 April 2014 at 3:oo pm",
        "6 May 2014<br>Location TBD",
        "3 June 2014<br>Rescheduled",
        "1 July 2014<br>meeting is on the 2nd floor",
    )
    assert names(f"<h1>Pension Board</h1><h2>The dates are listed below:</h2>{rows}") == {"Pension Board"}


def test_a_title_tells_no_month_of_its_own_and_keeps_the_kind_of_meeting() -> None:
    rows = items(
        "March 2014 Special Meeting (4 March 2014)",
        "Budget Hearing, April 2014: 1 April 2014",
        "Regular: 6 May 2014",
        "Virtual Regular Board Meeting, 3 June 2014",
    )
    assert names(f"<h1>Finance Committee</h1>{rows}") == {
        "Special Meeting",
        "Budget Hearing",
        "Finance Committee",
        "Virtual Regular Board Meeting",
    }


def test_what_was_guessed_says_how_sure_it_is_and_why() -> None:
    rows = "".join(f"<tr><td>March {day}, 2026</td><td>6:30 pm</td><td>Board Meeting</td></tr>" for day in (3, 10, 17))
    source = Source(id="saved", name="x", url="http://saved.example/", community="agenda", region="US", language="en")
    body = f"<html lang=en><body><table>{rows}</table></body></html>".encode()
    document = Document("http://saved.example/", body, "2026-01-01T00:00:00Z", source, "text/html")
    taken = take(readers.read(document), document, Exclusions()).records
    records = [record for record in taken if record["type"] == "Event"]
    assert len(records) == 3
    for record in records:
        assert "confidence" not in record
        assert 0.5 <= record["source"]["confidence"] < 1
        assert any("alike" in ground for ground in record["source"]["grounds"])
