"""The pages: what they say, where they lead, what programs read in them, and that no text of a source is markup."""

import itertools
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from crawler.catalogue import Source
from crawler.documents import Document
from crawler.readers.jsonld import Jsonld
from crawler.readers.microformats import Microformats
from graph.link import FILE, save
from output.exports import export
from output.index import Node
from output.web import sitemaps
from output.web.addresses import page, relative
from output.web.app import create_app
from output.web.cards import Card, Read
from output.web.errors import preferred
from output.web.reasons import REASONS, doubt
from output.web.resource import Asked
from output.web.resources.node import Node as Page
from output.web.schedule import spoken
from output.web.schema_org import script
from output.web.site import Site
from output.web.templating import environment, printable
from output.web.wording import brief, country, day, role, territory
from tests.conftest import ROOT
from tests.web import made
from tests.web.made import EVENT, ORG, PERSON, PLACE, SERIES

URL = "https://recroise.example/sub/"
MANY = [
    {"id": made.identity("Event", number), "type": "Event", "name": f"Talk {number}", "startDate": f"20{number % 26:02}-03-{1 + number % 28:02}"}
    for number in range(100, 260)
]  # fmt: skip
BUSY = {"id": made.identity("Person", 7), "type": "Person", "name": "Busy Bee"}
UNSURE = {"id": made.identity("Person", 8), "type": "Person", "name": "Sam One", "lowConfidence": "name, town"}
TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    [
        '"><script>x</script>',
        "</script><script>x",
        "<!--",
        "&lt;b&gt;",
        "' onclick='x",
        "{{ 7 * 7 }}",
        "\x00\x1b[31m\u2028",
    ]
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    talks = [(each["id"], "performer", BUSY["id"]) for each in MANY]
    return made.site(tmp_path_factory.mktemp("pages"), [*made.NODES, *MANY, BUSY, UNSURE], [*made.EDGES, *talks])


@pytest.fixture(scope="module")
def client(site: Site) -> TestClient:
    return TestClient(create_app(site.data, URL, rate=None), follow_redirects=False)


def tree(markup: str) -> Any:
    return html5lib.parse(markup, treebuilder="lxml", namespaceHTMLElements=False)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("node", "name"), [(PERSON, "Ada Lovelace"), (PLACE, "La Cantine"), (SERIES, "Open Coffee"), (ORG, "Les Amis")])  # fmt: skip
def test_a_thing_has_its_name_its_facts_and_their_sources(
    client: TestClient, node: str, name: str, language: str
) -> None:
    answer = client.get(f"/{language}/{node}/")
    assert answer.status_code == 200
    read = tree(answer.text)
    assert [each.text for each in read.iter("h1")] == [name]
    text = " ".join(read.find(".//main").itertext())
    assert {"fr": "lu sur", "en": "read at"}[language] in text
    assert {"fr": "20 novembre 2026", "en": "20 November 2026"}[language] in text, "last confirmed"
    told = read.find(".//main//a[@href='https://made.example/page']")
    assert set(told.get("rel").split()) >= {"nofollow", "noopener", "external"}
    headings = [int(each.tag[1]) for each in read.iter("h1", "h2", "h3")]
    assert headings[0] == 1
    assert all(after - before < 2 for before, after in itertools.pairwise(headings))


def test_every_link_of_a_page_leads_to_one(client: TestClient) -> None:
    seen, todo = set(), ["/fr/"]
    while todo and len(seen) < 120:
        path = todo.pop(0)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        for each in tree(answer.text).iter("a"):
            to = urljoin(f"https://x{path}", each.get("href")).partition("#")[0]
            if to.startswith("https://x/") and (path_to := to[len("https://x") :]) not in seen:
                seen.add(path_to)
                todo.append(path_to)
    assert len(seen) > 60


def test_people_are_kept_out_of_search_engines(client: TestClient) -> None:
    person, place = client.get(f"/fr/{PERSON}/"), client.get(f"/fr/{PLACE}/")
    assert person.headers["x-robots-tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in person.text
    assert "x-robots-tag" not in place.headers
    maps = client.get("/sitemap.xml").text + client.get("/sitemap/1.xml").text
    for path in ("", "met/", "town/lorient/", "region/FR-BRE/", "source/made/"):
        assert maps.count(f"<loc>{URL}fr/{path}</loc>") == 1, path
    assert f"{URL}fr/{PLACE}/" in maps
    assert "person-" not in maps
    robots = client.get("/robots.txt").text
    assert f"Sitemap: {URL}sitemap.xml" in robots
    rules = RobotFileParser()
    rules.parse(robots.splitlines())
    for path in ("data/lookup/names.json", "api/v1/exports/graph.json", "fr/met/?name=ada", "feeds/search.ics?q=x"):
        assert not rules.can_fetch("any", URL + path), path
    for path in ("fr/", f"fr/{PLACE}/", "en/search/", "feeds/all.ics", "static/site.css", "data/map.json"):
        assert rules.can_fetch("any", URL + path), path


def test_several_site_maps_have_each_page_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(sitemaps.pages(site.index, 1))
    monkeypatch.setattr(sitemaps, "PAGES", 5)
    parts = [list(sitemaps.pages(site.index, number)) for number in range(1, sitemaps.count(site.index) + 1)]
    assert [each for part in parts for each in part] == whole
    assert {len(part) for part in parts[:-1]} == {5}


def test_a_doubtful_merge_says_so(client: TestClient) -> None:
    assert "likely, not certain" in client.get(f"/en/{UNSURE['id']}/").text
    assert "likely, not certain" not in client.get(f"/en/{PERSON}/").text


def test_what_speaks_for_a_doubtful_merge_is_said_in_the_words_of_the_reader(tmp_path: Path) -> None:
    rule = "the same surname, and a short form or initial of the given name, people named beside them: one in common, by our own model"
    doubtful = UNSURE | {"lowConfidence": f"{rule} (5.8 bits)"}
    read = TestClient(create_app(made.site(tmp_path, [doubtful], []).data, rate=None))
    french, english = (tree(read.get(f"/{language}/{UNSURE['id']}/").text) for language in ("fr", "en"))
    assert french.xpath("//*[@class='notice']//li/text()") == [
        "le même nom de famille, et un diminutif ou une initiale du prénom", "une personne nommée à côté des deux", "by our own model",
    ]  # fmt: skip
    assert french.xpath("//*[@class='notice']//li/@lang") == ["en"]
    assert ", ".join(english.xpath("//*[@class='notice']//li/text()")) == rule
    for shown, odds in ((french, "environ 56 contre une"), (english, "about 56 to one")):
        said = shown.xpath("string(//*[@class='notice'])")
        assert odds in said
        assert "bits" not in said


def test_every_reason_that_linking_gives_has_words() -> None:
    stated = set()
    for path in (ROOT / "graph" / "models").glob("*.json"):
        stated |= set(re.findall(r'"label_for_charts": "((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8")))
    speaking = {json.loads(f'"{each}"') for each in stated if not re.search(r"none in common|not known", each)}
    against = re.compile(r"no |not |another |other |more than|neither|two countries|two towns|middle names that")
    assert {each for each in speaking if not against.match(each)} <= set(REASONS)


@given(st.lists(st.sampled_from(REASONS), max_size=6), st.sampled_from(["", "x", "the same", "the same days", "a, b"]))
def test_any_mix_of_reasons_is_taken_apart(reasons: list[str], other: str) -> None:
    stated = ", ".join([*reasons, other] if other else reasons)
    assert ", ".join(each.text for each in doubt(f"{stated} (2.5 bits)", "en").reasons) == stated
    assert sum(each.language == "fr" for each in doubt(stated, "fr").reasons) >= min(1, len(reasons))


def test_what_a_page_only_begins_is_whole_on_others(client: TestClient) -> None:
    own = client.get(f"/en/{BUSY['id']}/").text
    assert "/all/1/" in own
    assert own.count(">Talk ") == 40
    assert len(own) < 150_000
    found = [client.get(f"/en/{BUSY['id']}/all/{number}/") for number in (1, 2, 3)]
    assert [each.status_code for each in found] == [200, 200, 404]
    names = {name for each in found[:2] for name in re.findall(r">(Talk \d+)<", each.text)}
    assert names == {each["name"] for each in MANY}
    for wrong in ("0", "01", "x", "-1", "99999"):
        assert client.get(f"/en/{BUSY['id']}/all/{wrong}/").status_code == 404


@pytest.mark.parametrize(("language", "said"), [("en", "9 more connections are not listed"), ("fr", "9 autres liens ne sont pas listés")])  # fmt: skip
def test_connections_beyond_those_that_are_looked_at_are_counted_and_the_oldest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setattr("output.web.cards.MOST", 20)
    read = TestClient(create_app(made.site(tmp_path, made.NODES, made.EDGES).data, rate=None))
    own, listed = (read.get(f"/{language}/{PLACE}/{more}").text for more in ("", "all/1/"))
    assert said in own  # 28 events and an organisation lead here: nine are too many
    assert said in listed
    assert re.findall(r">(?:Open Coffee (\d+)|Les Amis)<", listed) == [*map(str, range(10, 29)), ""]
    assert said[2:] not in read.get(f"/{language}/{made.ORG}/").text


def test_merged_ids_lead_on_also_under_a_path(client: TestClient) -> None:
    answer = client.get(f"/fr/{made.identity('Event', 0xDEAD)}/")
    assert answer.status_code == 308
    assert urljoin(f"{URL}fr/{made.identity('Event', 0xDEAD)}/", answer.headers["location"]) == f"{URL}fr/{EVENT}/"
    asked = f"/api/v1/nodes/{made.identity('Event', 0xDEAD)}/neighbours?relation=location&limit=3"
    led = client.get(asked).headers["location"]
    assert urljoin(asked, led) == f"/api/v1/nodes/{EVENT}/neighbours?relation=location&limit=3"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr", "fr"), ("en-GB,en;q=0.9", "en"), ("de, en;q=0.5, fr;q=0.4", "en"), ("", "fr"), ("de", "fr"), ("en;q=0", "fr"), ("fr;q=x,en;q=0.1", "en")],
)  # fmt: skip
def test_the_root_leads_to_the_language_that_is_asked_for(client: TestClient, accepted: str, language: str) -> None:
    answer = client.get("/", headers={"Accept-Language": accepted})
    assert (answer.status_code, answer.headers["location"]) == (307, f"./{language}/")
    assert "Accept-Language" in answer.headers["vary"]


@given(st.text(max_size=100))
def test_any_list_of_languages_chooses_one(accepted: str) -> None:
    assert preferred(accepted) in ("fr", "en")


@pytest.mark.parametrize(("path", "status"), [("/fr/nothing/", 404), ("/xx/", 404), ("/fr/a/b/c/d/", 404), ("/nope.html", 404), ("/en/town/none/", 404), ("/fr/?" + "q" * 9_000, 414)])  # fmt: skip
def test_an_error_is_a_page_with_a_way_on(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "Traceback" not in answer.text
    read = tree(answer.text)
    assert read.getroot().get("lang") == ("en" if path.startswith("/en") else "fr")
    assert len(list(read.iter("h1"))) == 1
    home = next(each.get("href") for each in read.find(".//main").iter("a"))
    assert client.get(urljoin(f"https://x{path}", home)[len("https://x") :]).status_code == 200


def test_what_breaks_is_told_without_saying_how(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr("output.web.resources.node.Around", broken)
    answer = TestClient(create_app(site.data), raise_server_exceptions=False).get(f"/en/{PLACE}/")
    assert answer.status_code == 500
    assert "our side" in answer.text
    assert "secret" not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("path", ["/fr/", f"/fr/{PLACE}/", "/fr/search/?q=x", "/fr/sources/", "/fr/notice/", "/nope/", "/robots.txt", "/"])  # fmt: skip
def test_every_answer_has_the_headers_that_keep_it_safe(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    if path != "/":
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in headers


def test_programs_read_the_pages_back(client: TestClient) -> None:
    source = Source(id="us", url=URL, name="us", community="agenda", region="FR-BRE", licence="CC0-1.0")

    def records(reader: type[Any], node: str) -> list[dict[str, Any]]:
        answer = client.get(f"/fr/{node}/")
        address = f"{URL}fr/{node}/"
        reading = reader().read(Document(address, answer.content, made.READ, source, "text/html; charset=utf-8"))
        assert reading.problems == []
        return list(reading.records)

    event = next(each for each in records(Jsonld, EVENT) if each["type"] == "Event")
    assert event["name"] == "Open Coffee 1"
    assert event["startDate"] == "2026-12-01"
    assert event["location"]["name"] == "La Cantine"
    assert event["location"]["address"] == {"addressLocality": "Lorient"}
    assert event["superEvent"]["name"] == "Open Coffee"
    assert [each["name"] for each in event["performer"]] == ["Ada Lovelace"]
    seen = next(each for each in records(Microformats, EVENT) if each["type"] == "Event")
    assert (seen["name"], seen["startDate"], seen["location"]["name"]) == ("Open Coffee 1", "2026-12-01", "La Cantine")
    assert [(each["type"], each["name"]) for each in seen["performer"]] == [("Person", "Ada Lovelace")]
    person = next(each for each in records(Jsonld, PERSON) if each["type"] == "Person")
    assert (person["name"], person["jobTitle"], person["worksFor"]["name"]) == ("Ada Lovelace", "developer", "Les Amis")
    place = next(each for each in records(Jsonld, PLACE) if each["type"] == "Place")
    assert place["geo"] == {"latitude": 47.7486, "longitude": -3.3702}
    parts = {each["id"]: each for each in records(Jsonld, SERIES) if each["type"] == "Event"}
    assert parts[f"{URL}fr/{EVENT}/"]["startDate"] == "2026-12-01"
    assert {each["id"] for each in records(Jsonld, EVENT) if each["type"] == "Event"} == {f"{URL}fr/{EVENT}/"}
    kinds = {(each["type"], each["name"]) for each in records(Microformats, PERSON)}
    assert ("Person", "Les Amis") not in kinds


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("status", ["EventCancelled", "EventPostponed", "EventRescheduled", None])
def test_lists_of_events_say_what_became_of_them_to_programs(tmp_path: Path, language: str, status: str | None) -> None:
    """Our own reader takes it from the lists of a town, where no JSON-LD is."""
    off = {**made.NODES[4], **({"eventStatus": status} if status else {})}
    read = TestClient(create_app(made.site(tmp_path, [made.NODES[1], off], [(off["id"], "location", PLACE)]).data, rate=None))  # fmt: skip
    source = Source(id="saved", name="x", url=URL, community="agenda", region="FR")
    for path in ("town/lorient/", f"{off['id']}/", "search/?q=coffee", ""):
        body = read.get(f"/{language}/{path}").content
        reading = Microformats().read(Document(f"{URL}{language}/{path}", body, made.READ, source, "text/html"))
        (event,) = [each for each in reading.records if each["type"] == "Event"]
        assert event.get("eventStatus") == status, path


def test_what_is_called_off_is_so_for_programs_wherever_it_is_listed(tmp_path: Path) -> None:
    off = {**made.NODES[4], "eventStatus": "EventCancelled"}
    opened = made.site(tmp_path, [made.NODES[1], off], [(off["id"], "location", PLACE)])
    text = Page().answer(opened, Asked(f"/en/{PLACE}/", {"lang": "en", "id": PLACE})).body.decode()
    opened.close()
    (told,) = re.findall('<script type="application/ld.json">(.*?)</script>', text)
    event = json.loads(told)["event"]
    assert event["eventStatus"] == "https://schema.org/EventCancelled"
    assert urljoin(f"https://x/under/a/path/en/{PLACE}/", event["@id"]) == f"https://x/under/a/path/en/{off['id']}/"


def test_codes_are_said_in_the_words_of_the_reader(tmp_path: Path) -> None:
    writer = {"id": PERSON, "type": "Person", "name": "Ada Lovelace", "jobTitle": "author"}
    made.site(tmp_path, [writer, made.NODES[3]], [(PERSON, "worksFor", ORG)]).close()
    health = {"made": {"state": "healthy", "coverage": {"Event.startDate": 1.0, "Person.worksFor": 0.5, "x.y": 0.1}}}
    (tmp_path / "export" / "health.json").write_text(json.dumps(health))
    read = TestClient(create_app(tmp_path, rate=None))
    assert re.findall("<dt>(.*?)</dt><dd>[0-9]", read.get("/fr/source/made/").text)[-3:] == ["Événement · Début", "Personne · Travaille pour, membre de", "x.y"]  # fmt: skip
    for language, word in (("fr", "rédaction"), ("en", "author")):
        assert f"<bdi>{word}</bdi>" in read.get(f"/{language}/{PERSON}/").text
        assert f'p-role">{word}<' in read.get(f"/{language}/search/?q=ada").text
    graph = made.graph([writer, made.NODES[3]], [(PERSON, "worksFor", ORG)])
    for *_, edge in graph.edges(data=True):
        edge["jobTitle"] = "author"
    save(graph, tmp_path / FILE)
    export(tmp_path, formats=["index", "lookup"])
    for language, said in (("fr", "rédaction, Les Amis"), ("en", "author of Les Amis")):
        assert f"<li>{said}</li>" in read.get(f"/{language}/met/?name=ada").text
        assert role("author", language) in read.get(f"/{language}/embed/{ORG}/").text
    titles = json.loads(tree(read.get("/fr/met/").text).xpath("string(//script[@type='application/json' and contains(., 'titles')])"))["titles"]  # fmt: skip
    assert titles["author"] == "rédaction"  # what a browser says by itself
    assert "– Recroise ·" not in read.get("/fr/api/").text + read.get(f"/fr/embed/{ORG}/code/").text


def test_a_page_says_when_what_it_tells_was_last_confirmed(tmp_path: Path) -> None:
    made.site(tmp_path, made.NODES[:1], []).close()
    sources, pages = tmp_path / "export" / "health.json", TestClient(create_app(tmp_path, rate=None))

    def said(good: str | None) -> str:
        sources.write_text(json.dumps({"made": {"state": "healthy", "last_good": good, "last_run": good}}))
        return TestClient(create_app(tmp_path, rate=None)).get(f"/en/{PERSON}/").text

    assert "Last confirmed on 24 November 2026." in said("2026-11-24T08:00:00Z")
    assert "so since 20 Nov 2026" in said("2026-11-24T08:00:00Z")
    assert "Last confirmed on 20 November 2026." in said(None)
    gone = made.graph(made.NODES[:1], [])
    gone.nodes[PERSON]["sources"] = [{**gone.nodes[PERSON]["sources"][0], "until": "2026-11-22T08:00:00Z"}]
    save(gone, tmp_path / FILE)
    export(tmp_path, formats=["index", "graph"])
    assert "Last confirmed on 22 November 2026." in said("2026-11-24T08:00:00Z")
    assert "last seen on 22 Nov 2026" in pages.get(f"/en/{PERSON}/").text


def test_a_site_of_nothing_says_so(tmp_path: Path) -> None:
    empty = made.graph([], [])
    empty.graph["sources"] = []
    save(empty, tmp_path / FILE)
    export(tmp_path, formats=["index", "graph", "changes", "sources", "notice", "erasures"])
    read = TestClient(create_app(tmp_path, rate=None))
    for path, said in (("", "No event is known yet."), ("?near=Lorient", "No event is known yet."), ("sources/", "No source is read yet."), ("map/", "No place is known yet."), ("search/", "Nothing found.")):  # fmt: skip
        assert said in read.get(f"/en/{path}").text, path
    assert "What was last" not in read.get("/en/").text
    assert "Here is what is next" not in read.get("/en/?near=Lorient").text
    assert "Une source est lue" not in read.get("/fr/sources/").text


def test_the_card_of_an_event_says_its_day_as_people_do_and_that_it_is_off(tmp_path: Path) -> None:
    off = {**made.NODES[4], "eventStatus": "EventCancelled", "startDate": "2012-11-08T18:30:00+01:00"}
    read = TestClient(create_app(made.site(tmp_path, [off], []).data, URL, rate=None))
    shown = read.get(f"/fr/{EVENT}/").text
    told = "Événement · annulé · jeudi 8 novembre 2012, 18 h 30"
    assert [text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") for text in re.findall(r'property="og:description" content="([^"]*)"', shown)] == [told]  # fmt: skip


def test_near_a_town_with_nothing_to_come_it_says_what_was_last_there(tmp_path: Path) -> None:
    rennes = {"id": made.identity("Place", 2), "type": "Place", "name": "Les Champs", "addressLocality": "Rennes", "latitude": 48.11, "longitude": -1.68}  # fmt: skip
    old = [{"id": made.identity("Event", each), "type": "Event", "name": f"Evening {each}", "startDate": f"20{each}-03-01"} for each in (11, 12, 13)]  # fmt: skip
    edges = [(old[0]["id"], "location", PLACE), (old[1]["id"], "location", PLACE), (old[2]["id"], "location", rennes["id"])]  # fmt: skip
    read = TestClient(create_app(made.site(tmp_path, [made.NODES[1], rennes, *old], edges).data, rate=None))
    shown = read.get("/en/?near=Lorient").text
    assert "This was last there:" in shown
    assert re.findall("Evening [0-9]+", shown.partition('id="new"')[0]) == ["Evening 12", "Evening 11"]
    assert "Evening 13" in read.get("/en/").text


def test_a_search_says_what_each_of_its_results_is(client: TestClient) -> None:
    """A place and the organisation that keeps it have one name: they stood beside each other without a word."""
    for node, word in ((PERSON, "Person"), (PLACE, "Place"), (ORG, "Organisation"), (SERIES, "Series")):
        shown = client.get(f"/en/search/?q={node}").text
        assert f"<span>{word}</span>" in shown
    assert "<span>Place</span> · <span" in client.get(f"/en/search/?q={PLACE}").text
    assert "<span>Person</span>" not in client.get("/en/search/?type=Person").text  # where it is asked for alone


def test_answers_about_people_are_kept_out_of_search_engines(client: TestClient) -> None:
    assert client.get("/en/met/?name=ada").headers["x-robots-tag"] == "noindex"
    assert "x-robots-tag" not in client.get("/en/met/").headers


def test_a_time_is_that_of_the_clock_there(tmp_path: Path) -> None:
    early = {"id": EVENT, "type": "Event", "name": "Asa-kai", "startDate": "2026-12-11T08:30:00+09:00", "endDate": "2026-12-11T10:00:00+09:00"}  # fmt: skip
    made.site(tmp_path, [early, made.NODES[1]], [(EVENT, "location", PLACE)]).close()
    read = TestClient(create_app(tmp_path, rate=None))
    for path in ("", f"{EVENT}/", f"{PLACE}/", f"embed/{PLACE}/"):
        assert "Friday 11 December 2026, 08:30 – 10:00" in read.get(f"/en/{path}").text, path
    assert "Friday 11 December 2026, 08:30 – 10:00 (UTC+09:00)" in read.get("/feeds/en/all.atom").text
    assert "DTSTART:20261210T233000Z\r\nDTEND:20261211T010000Z" in read.get("/feeds/all.ics").text


def test_the_calendar_of_a_search_is_as_narrow_as_the_search(client: TestClient) -> None:
    page = client.get("/en/search/?q=coffee&town=Nantes&region=FR-BRE")
    (link,) = tree(page.text).xpath(
        "//*[@class='subscribe']//a[contains(@href, '.ics') and not(contains(@href, 'webcal'))]/@href"
    )
    assert "region=FR-BRE" in link
    assert "SUMMARY" not in client.get(urljoin("/en/search/", link)).text
    narrow = client.get("/en/search/?q=coffee&town=Lorient").text
    assert (
        "SUMMARY"
        in client.get(urljoin("/en/search/", re.findall(r'href="(../../feeds/en/search.ics[^"]*)"', narrow)[0])).text
    )


@pytest.mark.parametrize("typed", ["Lorient", "LORIENT", "lorient%20"])
def test_a_town_has_one_address_however_it_is_typed(client: TestClient, typed: str) -> None:
    for path, leads in (
        (f"/fr/town/{typed}/", "/fr/town/lorient/"),
        (f"/feeds/town-{typed}.ics", "/feeds/town-lorient.ics"),
    ):
        answer = client.get(path)
        assert (answer.status_code, urljoin(path, answer.headers.get("location", ""))) == (308, leads)
    assert client.get("/fr/town/Atlantis/").status_code == 404


def test_cards_and_addresses_are_absolute_where_the_site_is_known(client: TestClient, site: Site) -> None:
    read = tree(client.get(f"/en/{PLACE}/").text)
    head = {each.get("property"): each.get("content") for each in read.iter("meta") if each.get("property")}
    assert head["og:url"] == f"{URL}en/{PLACE}/"
    assert head["og:title"] == "La Cantine"
    image = client.get(head["og:image"].removeprefix(URL.rstrip("/")))
    assert image.headers["content-type"] == "image/png"
    links = [(each.get("rel"), each.get("hreflang"), each.get("href")) for each in read.iter("link")]
    assert ("canonical", None, f"{URL}en/{PLACE}/") in links
    assert ("alternate", "fr", f"{URL}fr/{PLACE}/") in links


PATHS = st.lists(st.text(alphabet="ab-9", min_size=1, max_size=3), max_size=4)


@given(PATHS, st.booleans(), PATHS, st.booleans(), st.sampled_from(["", "?q=a%20b&c=/d", "#x", "?q=/#/y"]))
def test_a_relative_link_leads_where_it_should(
    here: list[str], folder: bool, there: list[str], slash: bool, rest: str
) -> None:
    start = "/" + "/".join(here) + ("/" if folder and here else "")
    end = "/" + "/".join(there) + ("/" if slash and there else "")
    for prefix in ("https://x", "https://x/town/site"):
        assert urljoin(prefix + start, relative(start, end + rest)) == prefix + end + rest


@given(st.data())
def test_no_text_of_a_source_is_ever_markup_in_a_line(data: st.DataObject) -> None:
    def text() -> str:
        return data.draw(TEXT)

    card = Card(
        id="event-000000000001", type=data.draw(st.sampled_from(["Event", "Person", "Place", "EventSeries", "Organization"])),
        name=text(), start=text() or None, end=text() or None, zone=text() or None, status=text() or None, mode=text() or None, town=text() or None,
        role=text() or None, roles=(text(),), reads=(Read(text(), text(), text()),), place=Card("place-000000000001", "Place", text()),
    )  # fmt: skip
    made_ = environment("fr").get_template("parts/things.html").make_module({"link": lambda *parts: page("fr", *parts)})
    for each in tree(printable(made_.things([card]))).iter():
        assert each.tag in ("html", "head", "body", "ul", "li", "div", "p", "a", "bdi", "span", "small", "strong", "time", "data"), each.tag  # fmt: skip
        assert not [name for name in each.attrib if name not in ("class", "href", "rel", "datetime", "value")]
        assert each.get("href", "/").startswith(("/", "http://", "https://"))


@given(TEXT, TEXT, TEXT)
@example("</script><script>", "<!--<script>", "]]>")
def test_what_is_told_to_programs_cannot_end_its_element(name: str, about: str, url: str) -> None:
    node = Node("place-000000000001", "Place", {"name": name, "alternateName": [about], "description": about, "url": url, "addressLocality": about})  # fmt: skip
    text = script(node, [], "https://x/")
    assert not set("<>&") & set(text)
    assert json.loads(text)["@type"] == "Place"


@given(st.text(max_size=40) | st.from_regex(r"FREQ=[A-Z]+(;(INTERVAL|BYDAY|UNTIL|BYMONTHDAY|COUNT)=[A-Z0-9,+-]+)*", fullmatch=True))  # fmt: skip
@example("FREQ=MONTHLY;BYDAY=0MO")
def test_any_schedule_is_said_or_stands_as_it_is(rule: str) -> None:
    assert bool(spoken(rule, "fr")) == bool(spoken(rule, "en")) == bool(rule)


def test_a_schedule_in_words() -> None:
    rule = "FREQ=MONTHLY;UNTIL=20130704T235959Z;BYDAY=1TH"
    assert spoken(rule, "en") == "every month, the first Thursday, until 4 July 2013"
    assert spoken(rule, "fr") == "chaque mois, le premier jeudi, jusqu’au 4 juillet 2013"
    assert spoken("FREQ=WEEKLY;COUNT=3;BYDAY=MO", "fr") == "FREQ=WEEKLY;COUNT=3;BYDAY=MO"


def test_today_moves_events_from_coming_to_past(site: Site, tmp_path: Path) -> None:
    from datetime import date

    later = Site(site.data, today=date(2027, 1, 1))
    asked = Asked(f"/en/{SERIES}/", {"lang": "en", "id": SERIES})
    assert "Coming events" in Page().answer(site, asked).body.decode()
    assert "Coming events" not in Page().answer(later, asked).body.decode()
    later.close()


def test_a_page_without_its_slash_leads_to_it(client: TestClient) -> None:
    answer = client.get(f"/fr/{PLACE}?x=1")
    assert (answer.status_code, answer.headers["location"]) == (308, f"./{PLACE}/?x=1")
    found = client.get("/fr/search?q=op%C3%A9n+coffee&near=Lorient")
    assert (found.status_code, found.headers["location"]) == (308, "./search/?q=op%C3%A9n+coffee&near=Lorient")
    assert client.get("/nope.html").status_code == 404


def test_the_first_of_a_month_and_no_other_day_is_counted_in_french() -> None:
    assert [day(f"2026-11-{number:02}", "fr") for number in (1, 2, 11)] == [
        "1er novembre 2026", "2 novembre 2026", "11 novembre 2026",
    ]  # fmt: skip
    assert (brief("2026-11-01", "fr"), day("2026-11-01", "en")) == ("1er nov. 2026", "1 November 2026")
    assert (day("2026-11", "fr"), brief("2026-11", "fr")) == ("novembre 2026", "nov. 2026")


def test_countries_in_the_words_of_sources_are_said_in_those_of_the_reader(tmp_path: Path) -> None:
    hall = {**made.NODES[1], "name": "Berlin", "addressLocality": "Berlin", "addressCountry": "Germany"}
    read = TestClient(create_app(made.site(tmp_path, [hall], []).data, rate=None))
    for language, said in (("fr", "Allemagne"), ("en", "Germany")):
        page = read.get(f"/{language}/{PLACE}/").text
        assert f"<bdi>{said}</bdi>" in page
        assert 'class="moment' not in page  # a place that is called like its town says it once
    assert [country(each, "fr") for each in ("GB", "U.K.", "Atlantis", "")] == [
        "Royaume-Uni",
        "Royaume-Uni",
        "Atlantis",
        "",
    ]


def test_spellings_of_a_town_are_one_town_in_lists(tmp_path: Path) -> None:
    halls = [
        {"id": made.identity("Place", number), "type": "Place", "name": f"Hall {number}", "addressLocality": town, "addressRegion": "FR-BRE"}
        for number, town in enumerate(("Saint-Malo", "SAINT-MALO", "Saint Malo", "Saint-Malo", "Brest", "!"), 1)
    ]  # fmt: skip
    read = TestClient(create_app(made.site(tmp_path, halls, []).data, rate=None))
    for path in ("", "region/FR-BRE/"):
        listed = tree(read.get(f"/fr/{path}").text).xpath("//section[@aria-labelledby='towns']//li/a")
        assert [" ".join("".join(each.itertext()).split()) for each in listed] == ["Saint-Malo 4", "Brest 1"], path


def test_a_licence_that_nobody_knows_is_said_in_the_words_of_the_reader(tmp_path: Path) -> None:
    held = made.graph(made.NODES[:1], [])
    held.graph["sources"] = [{"id": "made", "licence": "unknown"}]
    save(held, tmp_path / FILE)
    export(tmp_path, formats=["index", "graph", "changes", "sources", "notice", "erasures"])
    read = TestClient(create_app(tmp_path, rate=None))
    for path in ("sources/", "source/made/"):
        assert "<bdi>inconnue</bdi>" in read.get(f"/fr/{path}").text
    # What no source has is no column.
    assert tree(read.get("/en/sources/").text).xpath("//th[@scope='col']/text()") == ["Source", "Licence"]


@pytest.mark.parametrize(
    ("code", "french", "english"),
    [
        ("GB", "Royaume-Uni", "United Kingdom"), ("FR", "France", "France"), ("world", "Monde", "World"),
        ("FR-BRE", "Bretagne", "Bretagne"), ("GB-SCT", "Scotland", "Scotland"), ("ES-CT", "ES-CT", "ES-CT"), ("XQ", "XQ", "XQ"), ("U.K.", "U.K.", "U.K."),
    ],
)  # fmt: skip
def test_countries_and_regions_have_names(code: str, french: str, english: str) -> None:
    assert (territory(code, "fr"), territory(code, "en")) == (french, english)


@pytest.mark.parametrize(
    ("language", "country", "everywhere"), [("fr", "Royaume-Uni", "Monde"), ("en", "United Kingdom", "World")]
)
def test_they_are_shown_wherever_a_code_is_stated(tmp_path: Path, language: str, country: str, everywhere: str) -> None:
    hub = {"id": PLACE, "type": "Place", "name": "The Hub", "addressCountry": "GB", "addressRegion": "FR-BRE"}
    abroad = {"id": made.identity("Place", 2), "type": "Place", "name": "The Loft", "addressRegion": "GB-SCT"}
    linked = made.graph([hub, abroad], [])
    linked.graph["sources"] = [
        {"id": "made", "licence": "CC0-1.0", "region": "GB"},
        {"id": "more", "licence": "CC0-1.0", "region": "world"},
    ]
    save(linked, tmp_path / FILE)
    export(tmp_path, formats=["index", "graph", "changes", "sources", "notice", "erasures"])
    asked = TestClient(create_app(tmp_path, URL))

    def said(path: str) -> list[str]:
        page = tree(asked.get(f"/{language}/{path}").text)
        return [
            " ".join(each.itertext()).strip()
            for each in page.xpath("//main//*[self::dd or self::td or self::li or self::h1]")
        ]

    assert any(each.startswith(country) for each in said(f"{PLACE}/"))
    assert any(each.startswith("Bretagne") for each in said(f"{PLACE}/"))
    assert country in said("source/made/")
    assert everywhere in said("source/more/")
    assert {country, everywhere} <= set(said("sources/"))
    assert country in said("region/GB/")
    assert any(each.startswith(country) for each in said("search/?q=the"))
    assert any(each.startswith("Bretagne") for each in said(""))
