"""The API and what stands before it: pages, cursors, redirects, files, bounds, rates, conditional requests."""

import hashlib
import re
import socket
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import uvicorn
from starlette.testclient import TestClient

from output.web.app import create_app
from output.web.middleware import LONGEST, Buckets, Kept, client_of
from output.web.resources.feed_calendar import FeedCalendar
from output.web.server import Patient, config, run
from tests.conftest import Recroise
from tests.web import made
from tests.web.made import EVENT, ORG, PERSON, PLACE, SERIES

API = "/api/v1"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("api")
    made.site(folder, made.NODES, made.EDGES).close()
    return folder


@pytest.fixture(scope="module")
def client(data: Path) -> TestClient:
    return TestClient(create_app(data, rate=None), follow_redirects=False)


def pages(client: TestClient, path: str) -> list[list[Any]]:
    """Return the items of every page of an answer."""
    found, cursor = [], ""
    while True:
        answer = client.get(f"{path}{cursor}").json()
        found.append(answer.get("items", answer.get("users")))
        if answer["next"] is None:
            return found
        cursor = f"&cursor={answer['next']}"


def ids(several: list[list[Any]]) -> list[str]:
    return [each["id"] for page in several for each in page]


@pytest.mark.parametrize("path", ["search?q=open+coffee", "search?type=Event", "events?near=Lorient", "events?from=2012", f"nodes/{SERIES}/neighbours?relation=superEvent", "changes?since=2020"])  # fmt: skip
def test_pages_follow_one_another_without_gap_or_repetition(client: TestClient, path: str) -> None:
    whole = ids(pages(client, f"{API}/{path}&limit=100"))
    several = pages(client, f"{API}/{path}&limit=7")
    assert ids(several) == whole
    assert len(set(whole)) == len(whole) > 14
    assert {len(page) for page in several[:-1]} == {7}


def test_long_searches_have_pages_without_gap_or_repetition(tmp_path: Path) -> None:
    # More than are compared with what was typed where a few are asked for; how much each is connected orders them anew.
    talks = [
        {"id": made.identity("Event", n), "type": "Event", "name": f"Talk {n % 7} on data {n}"} for n in range(260)
    ]
    edges = [(talk["id"], "location", PLACE) for talk in talks[150:]]
    made.site(tmp_path, [*talks, made.NODES[1]], edges).close()
    client = TestClient(create_app(tmp_path, rate=None))
    for query in ("q=data", "type=Event", "q=talk+3", "q=data&near=Lorient"):
        several = [pages(client, f"{API}/search?{query}&limit={limit}") for limit in (100, 90)]
        whole, others = map(ids, several)
        assert len(whole) == len(set(whole)) > 30, query
        assert others == whole, query
    shown = [client.get(f"/en/search/?q=data&page={number}").text for number in range(1, 15)]
    found = [each for page in shown for each in re.findall(r'p-name" href="[./]*en/(event-[0-9a-f]+)/', page)]
    assert len(found) == len(set(found)) == 260


def test_a_cursor_belongs_to_its_question_and_to_nothing_else(client: TestClient) -> None:
    cursor = client.get(f"{API}/search?q=coffee&limit=2").json()["next"]
    assert client.get(f"{API}/search?q=coffee&limit=9&cursor={cursor}").status_code == 200  # another size of page
    flipped = cursor[:-1] + ("A" if cursor[-1] != "A" else "B")
    for path in (f"search?q=tea&cursor={cursor}", f"events?cursor={cursor}", f"search?q=coffee&cursor={flipped}", f"search?q=coffee&cursor={cursor}A", "search?cursor=AAAA"):  # fmt: skip
        answer = client.get(f"{API}/{path}")
        assert answer.status_code == 400, path
        assert answer.json()["detail"].startswith("cursor: not one that was given")


def test_events_come_in_the_order_of_time_between_days(client: TestClient) -> None:
    answer = client.get(f"{API}/events?from=2026-12-03&to=2026-12-05").json()
    assert [each["startDate"] for each in answer["items"]] == ["2026-12-03", "2026-12-04", "2026-12-05"]
    assert answer["items"][0]["location"]["id"] == PLACE
    assert len(client.get(f"{API}/events?from=2012&to=2012").json()["items"]) == 1
    assert client.get(f"{API}/events?region=FR-BRE&to=2026-12-02").json()["items"][-1]["id"] == made.identity(
        "Event", 2
    )
    assert client.get(f"{API}/events?from=2026-02-31&to=2026-11-31").json()["items"] == []  # days that are not


def test_a_node_its_neighbours_and_members(client: TestClient) -> None:
    node = client.get(f"{API}/nodes/{PERSON}").json()
    assert (node["id"], node["name"]) == (PERSON, "Ada Lovelace")
    assert node["facts"]["name"] == [{"value": "Ada Lovelace", "sources": [0]}]
    near = client.get(f"{API}/nodes/{PERSON}/neighbours").json()["items"]
    assert [(each["outgoing"], each["id"]) for each in near] == [(False, EVENT), (True, ORG)]
    assert near[1]["edge"]["type"] == "worksFor"
    assert near[1]["edge"]["sources"][0]["url"] == "https://made.example/page"
    assert ids([client.get(f"{API}/nodes/{SERIES}/neighbours?type=Organization").json()["items"]]) == [ORG]
    members = client.get(f"{API}/nodes/{PLACE}/members").json()
    assert (members["usersCount"], members["users"][0]["name"]) == (1, "Ada Lovelace")


def test_merged_ids_lead_to_what_they_became(client: TestClient) -> None:
    for rest in ("", "/neighbours"):
        path = f"{API}/nodes/{made.identity('Event', 0xDEAD)}{rest}"
        answer = client.get(path)
        assert (answer.status_code, urljoin(path, answer.headers["Location"])) == (308, f"{API}/nodes/{EVENT}{rest}")


def test_search_engines_show_no_data_about_people(client: TestClient) -> None:
    for path in (
        f"{API}/nodes/{PERSON}",
        f"{API}/exports/graph.json",
        f"{API}/search?q=ada",
        "/data/map.json",
        "/feeds/all.ics",
    ):
        assert client.get(path).headers["X-Robots-Tag"] == "noindex", path


def test_met_takes_clues_and_no_diary(client: TestClient) -> None:
    answer = client.get(f"{API}/met?name=ada&where=Lorient").json()
    assert answer["answers"][0]["id"] == PERSON
    assert client.get(f"{API}/met").status_code == client.get(f"{API}/met?limit=3").status_code == 400
    assert client.get(f"{API}/met?name=ada&diary=x").status_code == 400
    assert client.get(f"{API}/met?when=some+day").json()["detail"].startswith("when: ")


def test_exports_are_listed_with_their_digests_and_handed_out(client: TestClient, data: Path) -> None:
    listed = client.get(f"{API}/exports").json()["files"]
    assert {each["name"] for each in listed} >= {"graph.json", "changes.jsonl", "NOTICE.md"}
    assert not [each for each in listed if "sqlite" in each["name"]]
    for each in listed:
        answer = client.get(f"{API}/{each['href']}")
        assert len(answer.content) == each["bytes"]
        assert hashlib.sha256(answer.content).hexdigest() == each["sha256"]
    part = client.get(f"{API}/exports/graph.json", headers={"Range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)
    for name in ("index.sqlite", "../graph.json", "..%2fgraph.json", "", "badges"):
        assert client.get(f"{API}/exports/{name}").status_code == 404


def test_changes_go_on_where_one_left_off(tmp_path: Path) -> None:
    made.site(tmp_path, made.NODES, made.EDGES).close()
    client = TestClient(create_app(tmp_path, rate=None))
    first = client.get(f"{API}/changes?limit=100").json()
    assert len(first["items"]) == len(made.NODES)
    assert first["next"] is None
    assert client.get(f"{API}/changes?cursor={first['resume']}").json()["items"] == []
    renamed = [{**node, "name": "Ada King"} if node["id"] == PERSON else node for node in made.NODES]
    made.site(tmp_path, renamed[:-1], made.EDGES).close()  # and one is gone
    news = client.get(f"{API}/changes?cursor={first['resume']}").json()["items"]
    assert {(each["node"], each["change"], each["name"]) for each in news} == {
        (PERSON, "changed", "Ada King"), (made.NODES[-1]["id"], "removed", None),
    }  # fmt: skip


def test_what_is_wrong_is_said_as_a_problem_and_shows_nothing_of_the_inside(client: TestClient) -> None:
    for path, status in (
        ("search?limit=0", 400), ("search?limit=1e2", 400), ("search?limit=1&limit=2", 400), ("search?nope=1", 400),
        ("search?type=Cat", 400), ("search?within=3", 400), ("search?from=soon", 400), ("nodes/cat-1", 400),
        ("search?near=Atlantis", 404), ("nodes/person-000000000999", 404), ("nothing", 404), (f"search?q={'x' * LONGEST}", 414),
    ):  # fmt: skip
        answer = client.get(f"{API}/{path}")
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert (told["status"], told["type"]) == (status, "about:blank")
        assert told["detail"]
        assert "Traceback" not in answer.text
        assert answer.headers["access-control-allow-origin"] == "*"


def test_what_breaks_inside_is_not_shown(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr("output.web.resources.api_search.search", broken)
    client = TestClient(create_app(data, rate=None), raise_server_exceptions=False)
    answer = client.get(f"{API}/search?q=x")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", [f"{API}/search?q=coffee", "/feeds/all.ics", "/feeds/all.atom", f"{API}/exports/graph.json", f"{API}/openapi.json"])  # fmt: skip
def test_what_one_has_already_is_not_sent_again(client: TestClient, path: str) -> None:
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert plain.headers["etag"] != packed.headers["etag"]
    assert plain.content == packed.content
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.headers["cache-control"] == "public, max-age=60, must-revalidate"
    for answer, packing in ((plain, "identity"), (packed, "gzip")):
        headers = {"Accept-Encoding": packing, "If-None-Match": f'"other", {answer.headers["etag"]}'}
        again = client.get(path, headers=headers)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["vary"] == answer.headers["vary"] == "Accept-Encoding"
    assert client.head(path).headers["etag"] == client.get(path).headers["etag"]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["/fr/", f"{API}/search?q=coffee", f"{API}/exports/graph.json", "/static/site.css", "/feeds/all.ics"])  # fmt: skip
def test_whoever_has_anything_of_it_is_sent_nothing(client: TestClient, path: str) -> None:
    for _ in range(2):  # made, and kept
        answer = client.get(path, headers={"If-None-Match": "*"})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == client.get(path).headers["etag"]
    for missing in ("/fr/nothing/", f"{API}/nodes/x", "/static/nothing.css"):
        assert client.get(missing, headers={"If-None-Match": "*"}).status_code in (400, 404)


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True), ("br, GZIP;q=0.5", True), ("*", True), ("x-gzip", True), ("gzip;q=1.0, *;q=0", True), ("gzip ; q=0.001", True),
        ("gzip;q=0", False), ("gzip; q=0.000, br", False), ("*;q=0", False), ("identity", False), ("", False), ("br", False),
        ("gzip;q=0, *", False), ("gzipped", False), ("gzip;q=x", False),
    ],
)  # fmt: skip
def test_what_is_packed_is_taken(client: TestClient, accepted: str, packed: bool) -> None:
    for path in ("/fr/", "/static/site.css"):
        answer = client.get(path, headers={"Accept-Encoding": accepted})
        assert answer.headers.get("content-encoding") == ("gzip" if packed else None), path
        assert "accept-encoding" in answer.headers["vary"].lower()


def test_a_new_export_is_another_answer(tmp_path: Path) -> None:
    made.site(tmp_path, made.NODES, made.EDGES).close()
    client = TestClient(create_app(tmp_path, rate=None))
    before = client.get(f"{API}/nodes/{PERSON}")
    renamed = [{**node, "name": "Ada King"} if node["id"] == PERSON else node for node in made.NODES]
    made.site(tmp_path, renamed, made.EDGES).close()
    after = client.get(f"{API}/nodes/{PERSON}", headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.json()["name"]) == (200, "Ada King")


def test_scripts_of_other_sites_may_read_and_nothing_may_be_written(client: TestClient) -> None:
    asked = {
        "Origin": "https://a.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    allowed = client.options(f"{API}/search", headers=asked)
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == "*"
    assert allowed.headers["access-control-allow-headers"] == "if-none-match"
    assert "access-control-allow-credentials" not in allowed.headers
    assert client.get(f"{API}/health").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/fr/").headers
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO"):
        answer = client.request(method, f"{API}/search")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    large = client.request("GET", f"{API}/search", content=b"x" * 100_000)
    assert large.status_code == 413
    assert client.head(f"{API}/search").content == b""


def test_health_is_of_now(client: TestClient) -> None:
    answer = client.get(f"{API}/health")
    assert answer.json()["status"] == "ok"
    assert answer.json()["when"] == made.READ
    assert answer.headers["cache-control"] == "no-store"


def test_a_bucket_fills_again_with_time() -> None:
    now = [0.0]
    buckets = Buckets(rate=2, burst=3, clock=lambda: now[0])
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") == 0.5
    assert buckets.take("b") == 0  # another one's
    now[0] = 0.25
    assert buckets.take("a") == 0.25
    now[0] = 0.5
    assert buckets.take("a") == 0
    now[0] = 1_000
    assert [buckets.take("a") for _ in range(4)][-1] > 0  # no more than it holds


def test_programs_are_held_to_a_rate_and_pages_are_not(data: Path) -> None:
    client = TestClient(create_app(data, rate=0.001))
    answers = [client.get(f"{API}/health") for _ in range(101)]
    assert {each.status_code for each in answers[:100]} == {200}
    assert answers[100].status_code == 429
    assert int(answers[100].headers["retry-after"]) > 0
    assert answers[100].json()["status"] == 429
    assert client.get("/feeds/all.ics").status_code == client.get("/fr/search/?q=coffee").status_code == 200


@pytest.mark.parametrize("path", ["/fr/search/?q=", "/en/met/?name=", "/feeds/search.ics?q=", "/fr/?near=Lorient", "/feeds/search.atom?near=Lorient&q="])  # fmt: skip
def test_questions_are_held_to_a_rate(data: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("output.web.middleware.BURST", 4.0)
    client = TestClient(create_app(data, rate=0.001), headers={"Accept-Language": "fr"})
    bucket = [client.get(f"{path}{number}") for number in range(5)]
    assert {each.status_code for each in bucket[:4]} <= {200, 400}
    assert bucket[4].status_code == 429
    assert int(bucket[4].headers["retry-after"]) > 0
    if not path.startswith("/feeds/"):
        assert "text/html" in bucket[4].headers["content-type"]
    # What needs no question, and what the asker has already.
    assert client.get("/fr/search/").status_code == client.get("/feeds/all.ics").status_code == 200
    again = client.get(f"{path}1", headers={"If-None-Match": bucket[1].headers.get("etag", "")})
    assert again.status_code == 304 or bucket[1].status_code == 400


def test_calendars_are_held_to_a_rate_that_no_program_of_many_people_meets(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One address may ask for those of a whole town hall; and what many follow is made once."""
    client = TestClient(create_app(data, rate=0.001))
    assert {client.get("/feeds/all.ics").status_code for _ in range(300)} == {200}
    assert {client.get(f"/feeds/{event}.ics").status_code for event in [made.EVENT] * 200} == {200}
    monkeypatch.setattr("output.web.middleware.FEEDS", 3.0)
    client = TestClient(create_app(data, rate=0.001))
    names = ["all", made.PLACE, made.SERIES, made.ORG, "town-lorient"]
    assert [client.get(f"/feeds/{name}.ics").status_code for name in names] == [200, 200, 200, 429, 429]
    assert client.get("/feeds/all.ics").status_code == 200  # it is made
    assert client.get("/fr/").status_code == client.get("/fr/search/?q=x").status_code == 200


def test_one_network_is_one_client() -> None:
    def of(host: str) -> str:
        return client_of({"client": (host, 1)})

    assert of("2001:db8::1") == of("2001:db8::ffff") != of("2001:db8:0:1::1")
    assert of("::ffff:192.0.2.1") == of("192.0.2.1") != of("192.0.2.2")


def test_who_does_not_say_what_they_want_is_hung_up_on(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Patient, "within", 0.2)
    server = uvicorn.Server(config(create_app(data), "127.0.0.1", 0))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        with socket.create_connection(listening.getsockname(), timeout=20) as slow:
            slow.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX-Never-Ends: ")
            assert slow.recv(100) == b""
        with socket.create_connection(listening.getsockname(), timeout=20) as quick:
            quick.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
            assert quick.recv(100).startswith(b"HTTP/1.1 200 OK")
    finally:
        server.should_exit = True
        thread.join(10)


def test_what_many_ask_for_is_made_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_of = []
    calendar = FeedCalendar.answer
    monkeypatch.setattr(FeedCalendar, "answer", lambda *of: made_of.append(of) or calendar(*of))
    client = TestClient(create_app(data, rate=None))
    answers = [client.get("/feeds/all.ics") for _ in range(3)]
    assert len(made_of) == 1
    assert len({each.content for each in answers}) == len({str(each.headers) for each in answers}) == 1
    client.get("/feeds/all.ics", headers={"Host": "other.example"})  # which the calendar names
    client.get("/feeds/all.ics", headers={"Accept-Encoding": "identity"})
    assert len(made_of) == 3
    for _ in range(2):
        client.get("/feeds/search.ics?q=coffee")
    assert len(made_of) == 5


def test_files_of_the_site_are_asked_for_again_after_a_minute(client: TestClient) -> None:
    answer = client.get("/static/site.css")
    assert answer.headers["cache-control"] == "public, max-age=60, must-revalidate"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert client.get("/static/site.css", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.get("/static/%2e%2e/app.py").status_code == client.get("/static/nothing.css").status_code == 404


def test_only_so_much_is_kept() -> None:
    kept = Kept(most=100, largest=60)
    for tag, size in (("a", 50), ("b", 40), ("large", 61)):
        kept.put(tag, {"headers": []}, {"body": b"x" * size})
    assert kept.get("a")
    kept.put("c", {"headers": []}, {"body": b"x" * 30})
    assert [tag for tag in ("a", "b", "c", "large") if kept.get(tag)] == ["a", "c"]


def test_a_taken_port_is_told_in_one_line(data: Path, recroise: Recroise) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = recroise("serve", "--data", data, "--port", str(port))
    assert done.returncode == 1
    assert done.stderr.startswith(f"recroise: 127.0.0.1, port {port}: cannot be listened at")
    assert len(done.stderr.splitlines()) == 1


def test_without_an_index_there_is_nothing_to_serve(tmp_path: Path, recroise: Recroise) -> None:
    done = recroise("serve", "--data", tmp_path)
    assert done.returncode == 1
    assert "there is no index yet; run: recroise export" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_answers_do_not_wait_for_more_to_send(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    kinds: list[tuple[int, int]] = []
    monkeypatch.setattr(
        uvicorn.Server, "run", lambda _, sockets: kinds.extend((each.proto, each.type) for each in sockets)
    )
    run(create_app(data), "127.0.0.1", 0, ready=told.append)
    assert kinds == [(socket.IPPROTO_TCP, socket.SOCK_STREAM)]  # by which asyncio knows to set TCP_NODELAY
    assert told[0].startswith("http://127.0.0.1:")
