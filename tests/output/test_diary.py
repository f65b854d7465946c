"""The asker's diary: read, matched to events, joined with clues, and found nowhere afterwards."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output import DiaryError, Entry, Index, met, open_index
from output.diary import read
from tests.conftest import Recroise

TODAY = date(2026, 11, 23)
CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//test//diary//FR\r
BEGIN:VEVENT\r
UID:1\r
DTSTART:20121108T180000Z\r
DTEND:20121108T200000Z\r
SUMMARY:Open Coffee zibeline\r
LOCATION:Technopole\\, Lorient\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2\r
DTSTART;VALUE=DATE:20121210\r
DTEND;VALUE=DATE:20121212\r
RRULE:FREQ=YEARLY;COUNT=2\r
SUMMARY:Vacances zibeline\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:3\r
DTSTART:20121115T180000Z\r
STATUS:CANCELLED\r
SUMMARY:Annulé zibeline\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture(scope="module")
def index(crawled: Path) -> Iterator[Index]:
    with open_index(crawled) as opened:
        yield opened


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_a_calendar_is_read_with_its_recurrences_and_without_what_was_cancelled(tmp_path: Path) -> None:
    first, *others = sorted(read(written(tmp_path, "mine.ics", CALENDAR)), key=lambda entry: entry.first)
    assert (first.start, first.end) == (
        datetime(2012, 11, 8, 18, tzinfo=UTC),
        datetime(2012, 11, 8, 20, tzinfo=UTC),
    )
    assert (first.title, first.place) == ("Open Coffee zibeline", "Technopole, Lorient")
    assert [(entry.first, entry.last) for entry in others] == [
        (date(2012, 12, 10), date(2012, 12, 11)),
        (date(2013, 12, 10), date(2013, 12, 11)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2012-11-08,Lorient\n",
        "2012-11-08,Lorient\r",
        "jour;lieu\n08/11/2012;Lorient\n",
        "\ufeffDate,Ville,Quoi\n8 novembre 2012,Lorient,\n",
        "# mes jours\n\ntown\tday\nLorient\t2012-11-08\n",
        'when,where,what\n2012-11-08T18:30:00+01:00,"Lorient",""\n',
    ],
)
def test_a_table_is_read_with_and_without_a_header(tmp_path: Path, text: str) -> None:
    (entry,) = read(written(tmp_path, "days.csv", text))
    assert (entry.first, entry.last, entry.place, entry.title) == (
        date(2012, 11, 8),
        date(2012, 11, 8),
        "Lorient",
        "",
    )


OUTLOOK = "Subject,Start Date,Start Time,End Date,End Time,Location\n"


@pytest.mark.parametrize(
    ("text", "day", "hours"),
    [
        (OUTLOOK + "Coffee,11/08/2012,6:30 PM,11/08/2012,8:30 PM,Lorient\nx,11/28/2012,,,,\n", 8, (18.5, 20.5)),
        (OUTLOOK + "Coffee,11/08/2012,6:30 PM,,,Lorient\nx,28/11/2012,,,,\n", 11, (18.5, 18.5)),
        ("date,début,fin,lieu,titre\n2012-11-08,18h30,20h,Lorient,Coffee\n", 8, (18.5, 20)),
        ("date;lieu;titre\n08/11/2012 18:30;Lorient;Coffee\n", 8, (18.5, 18.5)),
    ],
)
def test_calendars_exported_as_tables_are_read_with_their_hours(
    tmp_path: Path, text: str, day: int, hours: tuple[float, float]
) -> None:
    entry = read(written(tmp_path, "days.csv", text))[0]
    assert entry.start
    assert entry.end
    assert tuple(each.hour + each.minute / 60 for each in (entry.start, entry.end)) == hours
    assert (entry.first.year, entry.first.day, entry.place, entry.title) == (2012, day, "Lorient", "Coffee")


def test_a_diary_that_cannot_be_opened_is_named_and_what_to_give_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.ics", tmp_path):
        with pytest.raises(DiaryError, match=r"cannot be read \(.*\); give an .ics or a CSV file"):
            read(path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "2012-11-08,Lorient\nzibeline,Brest\n", "a.csv, line 2: the day cannot be read"),
        ("a.csv", "day,end,place\n2012-11-08,2012-11-01,zibeline\n", "a.csv, line 2: ends before it begins"),
        ("a.ics", "zibeline", "a.ics: not a calendar"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line_and_not_repeated(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(DiaryError) as caught:
        read(written(tmp_path, name, text))
    assert message in str(caught.value)
    assert "zibeline" not in str(caught.value)


@settings(max_examples=60)
@given(st.text(max_size=60), st.sampled_from(["x.csv", "x.ics"]))
def test_no_diary_whatsoever_ends_in_anything_but_a_diary_error(text: str, name: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), name, text.encode("utf-8", "replace").decode())
        try:
            entries = read(path)
        except DiaryError as error:
            assert "\n" not in str(error)
            return
    assert all(entry.first <= entry.last for entry in entries)


@pytest.mark.parametrize(
    "entry",
    [
        Entry(date(2012, 11, 8), date(2012, 11, 8), place="Lorient"),
        Entry(date(2012, 11, 8), date(2012, 11, 8), title="Open Coffee de Lorient"),
        Entry(date(2012, 11, 8), date(2012, 11, 8), title="open cofee lorient avec Paul", place="technopole"),
        Entry(date(2012, 11, 8), date(2012, 11, 8), place="12 rue du Port, 56100 Lorient"),
    ],
)
def test_a_diary_alone_tells_whom_one_met(index: Index, entry: Entry) -> None:
    first = met(index, diary=[entry], today=TODAY).people[0]
    assert first.name == "Karine Sabatier"
    assert "you were there, by your diary" in first.reasons[0]
    assert first.meetings[0].diary


@pytest.mark.parametrize("title", ["Breizh pero Quimper 2011", "quimper"])
def test_a_title_may_say_the_town_and_the_year(index: Index, title: str) -> None:
    day = date(2011, 11, 10)
    found = met(index, diary=[Entry(day, day, title=title)])
    assert found.people[0].name == "Ronan Chardonneau"
    assert found.people[0].meetings[0].diary


def test_events_that_fit_and_where_nobody_is_on_record_are_said(index: Index) -> None:
    day = date(2012, 9, 14)
    found = met(index, diary=[Entry(day, day, title="Startup Weekend Nantes")])
    assert (found.people, found.events) == ((), ("Startup-Weekend Nantes, 14 September 2012",))
    assert met(index, at="startup weekend", when="2012").events == found.events
    assert met(index, about="zeppelins").events == ()


def test_a_day_elsewhere_tells_nothing(index: Index) -> None:
    for entry in (
        Entry(date(2012, 11, 8), date(2012, 11, 8), place="Marseille"),
        Entry(date(2012, 11, 9), date(2012, 11, 9), place="Lorient"),
        Entry(date(2012, 11, 8), date(2012, 11, 8), title="dentiste"),
    ):
        assert met(index, diary=[entry], today=TODAY).people == ()


def test_a_diary_and_a_clue_say_more_than_either(index: Index) -> None:
    entry = Entry(date(2012, 11, 8), date(2012, 11, 8), place="Lorient")

    def score(**given: object) -> float:
        first = met(index, **given, today=TODAY).people[0]
        assert first.name == "Karine Sabatier"
        return first.score

    together = score(diary=[entry], name="karine", about="dynamique des cantines")
    assert together > score(diary=[entry])
    assert together > score(name="karine", about="dynamique des cantines")


def test_a_wrong_diary_lowers_and_does_not_exclude(index: Index) -> None:
    elsewhere = Entry(date(2010, 1, 20), date(2010, 1, 20), place="Marseille")
    answers = met(index, "karine sabatier", diary=[elsewhere], today=TODAY)
    assert answers.people[0].name == "Karine Sabatier"
    assert answers.people[0].score < met(index, "karine sabatier", today=TODAY).people[0].score
    assert "your diary has none of their events" in answers.people[0].against


def test_nothing_of_a_diary_is_found_in_the_data_directory(recroise: Recroise, crawled: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in crawled.rglob("*") if path.is_file()}
    diary = written(tmp_path, "privé-zibeline.ics", CALENDAR)
    days = written(tmp_path, "days.csv", "day,place,title\n2012-11-08,Lorient,rendez-vous zibeline\n")
    cache = tmp_path / "tmp"
    cache.mkdir()
    arguments = ("met", "--name", "karine", "--diary", diary, "--diary", days, "--data", crawled)
    done = recroise(*arguments, "--json", TMPDIR=str(cache))
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)["answers"]
    assert answers[0]["name"] == "Karine Sabatier"
    assert answers[0]["meetings"][0]["diary"]
    after = {path: path.read_bytes() for path in crawled.rglob("*") if path.is_file()}
    assert after == before
    for kept in (done.stdout, done.stderr, *(str(path) for path in cache.rglob("*"))):
        assert "zibeline" not in kept
    assert all(b"zibeline" not in body for body in after.values())
    assert list(cache.iterdir()) == []


def test_the_command_says_what_is_wrong_with_a_diary(recroise: Recroise, crawled: Path, tmp_path: Path) -> None:
    broken = written(tmp_path, "days.csv", "zibeline,Lorient\n")
    done = recroise("met", "--diary", broken, "--data", crawled)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "days.csv, line 1" in done.stderr
    assert "zibeline" not in done.stderr
    missing = recroise("met", "--diary", tmp_path / "none.ics", "--data", crawled)
    assert "No such file or directory" in missing.stderr


def test_an_event_that_states_its_start_twice_and_a_header_without_days_lose_no_diary(tmp_path: Path) -> None:
    calendar = tmp_path / "diary.ics"
    calendar.write_text(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20121108T183000Z\nDTSTART:20121109T183000Z\nSUMMARY:x\n"
        "END:VEVENT\nEND:VCALENDAR\n"
    )
    assert [entry.title for entry in read(calendar)] == ["x"]
    table = tmp_path / "diary.csv"
    table.write_text("place,day\nLorient\n")
    with pytest.raises(DiaryError, match="line 2: the day cannot be read"):
        read(table)
