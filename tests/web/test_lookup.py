"""Search and lookup in the browser: the same answers as on the command line, from the same index, with the same numbers."""

import json
import random
import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from graph.link import FILE, save
from output import facets, met, open_index, search
from output.diary import DiaryError, Entry, read
from output.exports import export
from output.periods import PeriodError, parse
from output.search import SearchError
from output.web.constants import constants
from output.web.wording import day
from tests.conftest import ROOT
from tests.web.made import graph, identity

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    NODE is None, reason="needs node, which runs the browser's modules: apt-get install nodejs"
)
TODAY = date(2026, 11, 25)
EPOCH = date(1970, 1, 1).toordinal()
CLUES = ("name", "at", "where", "when", "about")
FIRST = "Ada Alain Anne Benoît Camille Denis Élodie François Gaëlle Hervé Karine Loïc Marie Nolwenn Yann".split()
LAST = "Le Gall Kervella Sabatier Morvan Tanguy Guivarc'h Riou Quéré Bourhis Cadiou Œdipe".split()
TOWNS = {
    "Lorient": (47.7486, -3.3702),
    "Rennes": (48.1113, -1.68),
    "Quimper": (47.996, -4.098),
    "Nantes": (47.2186, -1.5541),
}
TOPICS = "référencement;QR codes;cartographie libre;hébergement;C++ pour tous;design in C#;jardins partagés".split(";")


def made(folder: Path) -> Path:
    """Export a graph of towns, series and people that was made at random, always the same."""
    dice = random.Random(8)
    nodes: list[dict[str, Any]] = []
    edges: list[tuple[str, str, str]] = []
    people = [identity("Person", n) for n in range(1, 61)]
    for person in people:
        node = {"id": person, "type": "Person", "name": f"{dice.choice(FIRST)} {dice.choice(LAST)}"}
        nodes.append({**node, "jobTitle": dice.choice(TOPICS)} if dice.random() < 0.3 else node)
    places = []
    for n, (town, (latitude, longitude)) in enumerate(TOWNS.items(), 1):
        places.append(identity("Place", n))
        point = {"latitude": latitude, "longitude": longitude} if n != 3 else {}
        nodes.append(
            {"id": places[-1], "type": "Place", "name": f"La Cantine de {town}", "addressLocality": town, **point}
        )
    series = [identity("EventSeries", n) for n in range(1, 4)]
    for one, name in zip(series, ("Open Coffee", "Breizh'péro", "Bar Camp"), strict=True):
        nodes.append({"id": one, "type": "EventSeries", "name": name})
    organisations = [identity("Organization", n) for n in range(1, 4)]
    for one, name in zip(organisations, ("La Mêlée", "Les Amis du Libre", "Co-Work Ouest"), strict=True):
        nodes.append({"id": one, "type": "Organization", "name": name})
        edges.append((one, "location", dice.choice(places)))
    for n in range(1, 121):
        event, when = identity("Event", n), dice.random()
        day = f"{dice.randint(2010, 2016)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        start = (
            day if when < 0.4 else f"{day}T18:30:00+01:00" if when < 0.8 else f"{day}T09:00" if when < 0.9 else day[:7]
        )
        node = {
            "id": event,
            "type": "Event",
            "name": f"{dice.choice(('Open Coffee', 'Atelier', 'Apéro', 'Conférence'))} {n}",
        }
        nodes.append({**node, "startDate": start, "about": [dice.choice(TOPICS)]})
        edges.append((event, "location", dice.choice(places)))
        if dice.random() < 0.6:
            edges.append((event, "superEvent", dice.choice(series)))
        elif n > 1:
            edges.append((event, "superEvent", identity("Event", dice.randint(1, n - 1))))
        edges += [
            (event, dice.choice(("performer", "performer", "organizer", "attendee")), person)
            for person in dice.sample(people, dice.randint(0, 6))
        ]
    edges += [
        (person, dice.choice(("worksFor", "memberOf")), dice.choice(organisations))
        for person in dice.sample(people, 20)
    ]
    edges.append((organisations[0], "founder", people[0]))
    folder.mkdir(parents=True)
    save(graph(nodes, list(dict.fromkeys(edges))), folder / FILE)
    export(folder, formats=["index", "lookup"])
    return folder


@pytest.fixture(scope="module", params=["crawled", "made"])
def data(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "made":
        return made(tmp_path_factory.mktemp("made") / "data")
    return request.getfixturevalue("crawled")  # type: ignore[no-any-return]


def in_browser(scripts: Path, data: Path, tmp_path: Path, **asked: Any) -> dict[str, list[Any]]:
    """Return what the browser's modules answer."""
    question = {
        "js": str(scripts),
        "data": str(data / "export" / "lookup"),
        "constants": constants(),
        "now": date.today().toordinal() - EPOCH,
        "today": TODAY.toordinal() - EPOCH,
        "to": str(tmp_path / "answers.json"),
        "search": [],
        "met": [],
        "periods": [],
        "diaries": [],
        **asked,
    }
    path = tmp_path / "question.json"
    path.write_text(json.dumps(question), encoding="utf-8")
    done = subprocess.run(
        [NODE or "", str(ROOT / "tests" / "web" / "lookup.mjs"), str(path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def names_of(data: Path) -> list[str]:
    with open_index(data) as index:
        return [row[0] for row in index.rows("SELECT names FROM node ORDER BY id")]


def slips(name: str, dice: random.Random) -> str:
    """Return a name as somebody may type it: with a slip, its parts swapped, or an initial."""
    where, letter = dice.randrange(len(name)), dice.choice("abcdefghijklmnopqrstuvwxyz ")
    words = name.split()
    return dice.choice(
        (
            name[:where] + name[where + 1 :],
            name[:where] + letter + name[where:],
            name[:where] + letter + name[where + 1 :],
            " ".join(reversed(words)),
            " ".join([*words[:-1], words[-1][0]]),
            name[: max(2, where)],
        )
    )


def test_search_in_the_browser_finds_what_search_finds(scripts: Path, data: Path, tmp_path: Path) -> None:
    dice = random.Random(3)
    names = names_of(data)
    queries = [slips(dice.choice(names).split("\n")[0], dice) for _ in range(150)]
    queries += [
        "cheval cantine",
        "open cofee lorient",
        "town:lorient coffee",
        "-rennes open",
        "ville:rennes",
        "x",
        "zzz qqq",
    ]
    queries += [
        "karinne lorient",
        "sabattier rennes 2012",
        "ateliers janvier 2013",
        "qrcode",
        "cartografie lorient",
        "2012",
    ]
    queries += ["type:personne", "type:lieu nantes", "zzz 2012", "zzz lorient", identity("Person", 3)]
    queries += [
        "type:Person",
        "référencements",
        "atelier 2012",
        "",
        "C++",
        "c#",
        "c",
        "source:made",
        "karine OR",
        '"open coffee',
    ]
    found = in_browser(scripts, data, tmp_path, search=[{"query": query, "limit": 10} for query in queries])["search"]
    with open_index(data) as index:
        for query, answer in zip(queries, found, strict=True):
            expected = search(index, query, limit=10)
            if '"' in query:  # the browser knows the order of words in names alone, so it scores phrases otherwise
                assert {each["id"] for each in answer["results"]} == {each.id for each in expected}
                continue
            assert [each["id"] for each in answer["results"]] == [each.id for each in expected], query
            for one, other in zip(answer["results"], expected, strict=True):
                assert one["score"] == pytest.approx(other.score, abs=2e-6), query


@pytest.mark.parametrize(
    ("stated", "language", "said"),
    [
        ("2012-11-01", "fr", "1er novembre 2012"), ("2012-11-21T18:30", "fr", "21 novembre 2012"), ("2012-11", "fr", "novembre 2012"),
        ("2012-11-01", "en", "1 November 2012"), ("2012", "fr", "2012"),
    ],
)  # fmt: skip
def test_days_in_the_browser_are_written_as_on_pages(scripts: Path, stated: str, language: str, said: str) -> None:
    program = f"import('{scripts}/saying.js').then((m) => console.log(m.spokenDay('{stated}', '{language}')))"
    done = subprocess.run([NODE or "", "-e", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == said == day(stated, language)


FILTERED = {
    "near": (
        "Lorient", "Ploemeur", "rennes", "47.75,-3.37", "Saint-Brieuc", "Vannes, FR", "Quimper, FR-BRE", "Paris", "Nowhere",
        "47.9,-3.9", "91,0", "Nantes, DE", "Rennes, Bretagne", "Lorient, France, FR-56", "Quimper, Allemagne",
    ),
    "within": (1, 5.5, 60, 150, 400),
    "from": ("2011", "novembre 2012", "spring 2013", "2014-05-03", "soon"),
    "to": ("2013", "2012-11", "8 novembre 2014", "last year", "jadis"),
    "series": ("open coffee", "Breizh", "bar camp", "coffee open", "péro", "!", "opencoffee", "brezh", "camp barr", "zzz"),
    "region": ("FR-BRE", "FR", "fr", "XX"),
    "type": ("Event", "Person", "Place", "EventSeries"),
}  # fmt: skip


def test_filters_in_the_browser_leave_what_filters_leave(scripts: Path, data: Path, tmp_path: Path) -> None:
    dice = random.Random(9)
    asked: list[dict[str, Any]] = []
    with open_index(data) as index:
        values: dict[str, Any] = FILTERED | {"source": [*(each["id"] for each in index.sources), "nobody"]}
    for number in range(220):
        names = list(values)[number % 8 :][:1] + dice.sample(list(values), dice.randint(0, 2))
        options = {name: dice.choice(values[name]) for name in names}
        if "near" not in options:
            options.pop("within", None)
        if options.get("near") == "Paris":  # the browser knows no towns further than 200 km from all that there is
            options.pop("within", None)
        words = dice.choice(("", "", "coffee", "karinne", "atelier 2012", "cantine", "zzz"))
        asked.append({"query": words, "limit": dice.choice((5, 10, 40)), **options})
    found = in_browser(scripts, data, tmp_path, search=asked)["search"]
    answered = dict.fromkeys(values, 0)
    with open_index(data) as index:
        for question, answer in zip(asked, found, strict=True):
            filters, unread = expected_filters(question)
            try:
                expected = search(index, question["query"], limit=question["limit"], **filters)
            except SearchError:
                unread.append("near")
                filters |= {"near": None, "within": None}
                expected = search(index, question["query"], limit=question["limit"], **filters)
            assert answer["unread"] == unread, question
            assert [each["id"] for each in answer["results"]] == [each.id for each in expected], question
            counted = facets(index, question["query"], **filters)
            for name in ("type", "year", "region", "place", "source"):
                said = dict(answer["facets"][name])
                # Of several with one count either may be the last that is told.
                assert sorted(said.values()) == sorted(counted[name].values()), (name, question)
                least = min(said.values(), default=0)
                assert {k: n for k, n in said.items() if n > least} == {
                    k: n for k, n in counted[name].items() if n > least
                }
            for name in question.keys() & answered.keys() - set(unread):
                answered[name] += bool(expected)
    assert min(answered.values()) > 3, answered


def expected_filters(question: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the filters of a question as ``search`` takes them, and what of it cannot be read."""
    filters = {name: question[name] for name in ("near", "within", "region", "series", "source") if name in question}
    filters["types"] = [question["type"]] if "type" in question else []
    unread = []
    for name in ("from", "to"):
        if name in question:
            try:
                filters["from_" if name == "from" else "to"] = parse(question[name], date.today())
            except PeriodError:
                unread.append(name)
    return filters, unread


def entry(each: Entry) -> dict[str, Any]:
    """Return an entry as the browser has it."""

    def instant(moment: datetime | None) -> dict[str, Any] | None:
        if moment is None:
            return None
        return {
            "at": int(moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() * 1000),
            "zoned": moment.tzinfo is not None,
        }

    return {
        "first": each.first.toordinal() - EPOCH,
        "last": each.last.toordinal() - EPOCH,
        "start": instant(each.start),
        "end": instant(each.end),
        "place": each.place,
        "title": each.title,
        "point": list(each.point) if each.point else None,
    }


def questions(data: Path) -> list[tuple[dict[str, str], list[Entry]]]:
    """Return questions with every mix of clues, true and wrong, with and without a diary."""
    dice = random.Random(5)
    people, events = [], []
    with open_index(data) as index:
        for names, start, city, kind in index.rows("SELECT names, start, city, type FROM node ORDER BY id"):
            if kind == "Person":
                people.append(names.split("\n")[0])
            elif kind == "Event" and start and len(start) >= 10:
                events.append((names.split("\n")[0], start, city or ""))
    asked = []
    for number in range(70):
        name, start, city = dice.choice(events)
        clues = {
            "name": dice.choice((dice.choice(people).split()[0], slips(dice.choice(people), dice), "karine", "zzz")),
            "at": dice.choice((name, "open cofee", "la mêlée", "breizh pero", "nowhere")),
            "where": dice.choice(
                (city or "Lorient", "Ploemeur", "47.75,-3.37", "La Cantine", "Rennes Cedex 7", "Brest, FR")
            ),
            "when": dice.choice(
                (start[:4], start[:7], "printemps 2012", "il y a 14 ans", "2011-2013", "3 novembre 2012")
            ),
            "about": dice.choice((*TOPICS, "dynamique des cantines", "directrice", "refferencement", "qrcodes", "zzz")),
        }
        kept = dice.sample(CLUES, dice.randint(0 if number % 3 == 0 else 1, 4))
        entries = []
        for _ in range(0 if number % 3 else dice.randint(1, 5)):
            title, begun, town = dice.choice(events)
            day = date.fromisoformat(begun[:10])
            hours = dice.random() < 0.5
            entries.append(
                Entry(
                    day,
                    day,
                    datetime(day.year, day.month, day.day, 17, tzinfo=UTC) if hours else None,
                    datetime(day.year, day.month, day.day, 19, tzinfo=UTC) if hours else None,
                    dice.choice((town.title(), f"La Cantine, 5 rue du Port, 56100 {town.title()}", "")),
                    dice.choice((title, f"avec Marie : {title}", f"{title} {town} {day.year}", town, "Dentiste", "")),
                    dice.choice((None, (47.75, -3.37))),
                )
            )
        asked.append(({key: clues[key] for key in kept}, entries))
    return asked


def test_met_in_the_browser_answers_as_met_does(scripts: Path, data: Path, tmp_path: Path) -> None:
    asked = questions(data)
    listed = [{"clues": clues, "diary": [entry(e) for e in diary], "limit": 8} for clues, diary in asked]
    found = in_browser(scripts, data, tmp_path, met=listed)["met"]
    answered = 0
    with open_index(data) as index:
        for (clues, diary), answer in zip(asked, found, strict=True):
            if not clues and not diary:
                assert answer is None
                continue
            expected = met(index, **clues, diary=diary, limit=8, today=TODAY)
            what = (clues, [(e.first, e.place, e.title) for e in diary])
            assert [each["id"] for each in answer["people"]] == [each.id for each in expected.people], what
            for one, other in zip(answer["people"], expected.people, strict=True):
                assert one["score"] == pytest.approx(other.score, abs=1e-3), what
                assert [(m["event"], m["role"], m["city"], m["diary"]) for m in one["meetings"]] == [
                    (m.event, m.role, m.city, m.diary) for m in other.meetings
                ], what
                assert set(one["sources"]) == set(other.sources), what
                assert len(one["against"]) == len(other.against), what
            assert (answer["ask"] is None) == (expected.ask is None), what
            answered += bool(expected.people)
    assert answered > 30


PERIODS = (
    "2012;2012-11;2012-11-08;novembre 2012;november 2012;nov 2012;8 novembre 2012;spring 2012;printemps 2012;hiver 2012;"
    "été;début 2013;fin 2012;mi 2012;rentrée 2014;2011-2013;de 2011 à 2013;entre mars et mai 2012;november to february 2012;"
    "last year;l'an dernier;l'année dernière;le mois dernier;last week;cette année;this month;cette semaine;il y a deux ans;"
    "il y a 3 mois;two years ago;a year ago;10 days ago;il y a une semaine;hier;yesterday;aujourd'hui;today;mars;last summer;"
    "avant-hier;08/11/2012;11/28/2012;31/02/2012;11/2012;1er février 2012;February 3rd, 2012;fin novembre 2012;late summer 2012;"
    "début du printemps 2012;fin de l'année dernière;hiver 2011-2012;2012 ou 2013;novembre 2011 à mars 2013;avant 2010;avant;"
    "before spring 2012;après 2013;depuis 2014;since 2014-05;avant jadis;les années 2010;the 2010s;Q4 2012;Q4;2nd half of 2012;"
    "premier trimestre 2013;il y a treize ans;il y a une dizaine d'années;il y a vingt-cinq ans;il y a quelques années;"
    "a few months ago;a couple of years ago;il y a des années;last autumn;early;mid july;"
    "l'été dernier;31 février 2012;0000;9999;2012-13;hello;;12;il y a 99999999 ans;1 mai;99 mai 2012;mars 2012 avril 2013"
).split(";")


def test_periods_are_read_alike(scripts: Path, data: Path, tmp_path: Path) -> None:
    found = in_browser(scripts, data, tmp_path, periods=PERIODS)["periods"]
    for text, answer in zip(PERIODS, found, strict=True):
        try:
            period = parse(text, TODAY)
        except PeriodError:
            assert answer is None, text
            continue
        assert answer == {"start": period.start.toordinal() - EPOCH, "end": period.end.toordinal() - EPOCH}, text


def calendar(*events: str) -> str:
    body = "\r\n".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}\r\nEND:VEVENT" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}\r\nEND:VCALENDAR\r\n"


DIARIES = {
    "bare.csv": "2012-11-08,Lorient\n",
    "french.csv": "jour;lieu;titre\n08/11/2012;Lorient;Open Coffee\n8 novembre 2012;;\nnovembre 2012;Rennes;\n",
    "quoted.csv": 'when,where,what\n2012-11-08T18:30:00+01:00,"Lorient, rue ""X""","a\nb"\n2012-11-08 18:30,Rennes,\n',
    "tabs.csv": "# mine\n\ntown\tday\tend\nLorient\t2012-11-08\t2012-11-10\n",
    "bad.csv": "day,place\n2012-11-08,Lorient\nsoon,Lorient\n",
    "backwards.csv": "day,end\n2012-11-08,2012-11-01\n",
    "outlook.csv": "Subject,Start Date,Start Time,End Date,End Time,Location\nCoffee,11/08/2012,6:30 PM,11/08/2012,8:30 PM,Lorient\nx,11/28/2012,,,,\n",
    "hours.csv": "date,début,fin,lieu,titre\n2012-11-08,18h30,20h,Lorient,Coffee\n2012-11-09,25:00,,,\n2012-11-10,20:00,18:00,,\n",
    "at.csv": "date;lieu;titre\n08/11/2012 18:30;Lorient;Coffee\n28/11/2012;Lorient;\n",
    "empty.csv": "",
    "zones.ics": calendar(
        "DTSTART;TZID=Europe/Paris:20121108T183000\r\nDTEND;TZID=Europe/Paris:20121108T200000\r\nSUMMARY:Open\\, Coffee\r\nLOCATION:Lorient\r\nGEO:47.75;-3.37",
        "DTSTART:20120708T183000Z\r\nDURATION:PT2H\r\nSUMMARY:UTC",
        "DTSTART:20120708T183000\r\nSUMMARY:floating",
        "DTSTART;VALUE=DATE:20121210\r\nDTEND;VALUE=DATE:20121212\r\nRRULE:FREQ=YEARLY;COUNT=2\r\nSUMMARY:Noël",
        "DTSTART;TZID=America/New_York:20121103T200000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE;TZID=America/New_York:20121110T200000\r\nSUMMARY:weekly",
        "DTSTART:20121115T180000Z\r\nSTATUS:CANCELLED\r\nSUMMARY:off",
    ),
}


@pytest.mark.parametrize("name", DIARIES)
def test_a_diary_is_read_alike(scripts: Path, crawled: Path, tmp_path: Path, name: str) -> None:
    text = DIARIES[name]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    (found,) = in_browser(scripts, crawled, tmp_path, diaries=[{"name": name, "text": text}])["diaries"]
    try:
        expected = [entry(each) for each in read(path)]
    except DiaryError as error:
        assert found["reason"] in {"day", "backwards"}
        assert f"line {found['line']}:" in str(error)
        return

    def ordered(entries: list[dict[str, Any]]) -> list[str]:
        return sorted(json.dumps(each, sort_keys=True) for each in entries)

    assert ordered(found) == ordered(expected)


def test_a_rule_without_an_end_is_bounded(scripts: Path, crawled: Path, tmp_path: Path) -> None:
    bombs = calendar(
        "DTSTART:19000101T000000Z\r\nRRULE:FREQ=SECONDLY\r\nSUMMARY:bomb",
        "DTSTART:20100101T000000Z\r\nRRULE:FREQ=MINUTELY\r\nSUMMARY:bomb",
        "DTSTART:20121108T183000Z\r\nSUMMARY:Open Coffee",
    )
    (found,) = in_browser(scripts, crawled, tmp_path, diaries=[{"name": "x.ics", "text": bombs}])["diaries"]
    assert len(found) <= constants()["diary"]["MANY"]
