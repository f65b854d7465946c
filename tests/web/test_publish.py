"""A published site: what is written, what is left alone, and what a run that was killed leaves to the next."""

import errno
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import lxml.html
import pytest
from starlette.testclient import TestClient

from graph.link import FILE, save
from output import published
from output.check import check
from output.exports import export
from output.web import publish as publishing
from output.web.app import create_app
from output.web.folder import LIST, SCRATCH, FolderError, file_of
from output.web.publish import PublishError, publish
from output.web.tiles import Tiles, TilesError
from tests.conftest import ROOT, Once, Recroise
from tests.web.made import graph, identity

PERSON, EVENT, PLACE = identity("Person", 1), identity("Event", 1), identity("Place", 1)
NODES = [
    {"id": PERSON, "type": "Person", "name": "Erwan Le Goff"},
    {"id": EVENT, "type": "Event", "name": "Open Coffee", "startDate": "2026-12-03T18:30:00+01:00"},
    {
        "id": PLACE,
        "type": "Place",
        "name": "La Colloc",
        "addressLocality": "Lorient",
        "latitude": 47.75,
        "longitude": -3.37,
    },
]
EDGES = [(EVENT, "performer", PERSON), (EVENT, "location", PLACE)]


def exported(folder: Path, nodes: list[dict[str, object]]) -> Path:
    folder.mkdir(exist_ok=True)
    known = {node["id"] for node in nodes}
    save(graph(nodes, [each for each in EDGES if known >= {each[0], each[2]}]), folder / FILE)
    export(folder, formats=["index", "graph", "changes", "sources", "notice", "erasures"])
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return exported(tmp_path / "data", NODES)


def states(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def bodies(folder: Path) -> dict[str, bytes]:
    return {file: body for file, (_, body) in states(folder).items()}


def test_the_second_run_writes_nothing(data: Path, tmp_path: Path, recroise: Recroise) -> None:
    site = tmp_path / "site"
    # In processes of their own, whose sets and hashes have other orders.
    first = json.loads(recroise("publish", site, "--data", data, "--json", PYTHONHASHSEED="1").stdout)
    before = states(site)
    second = json.loads(recroise("publish", site, "--data", data, "--json", PYTHONHASHSEED="2").stdout)
    assert (first["unchanged"], first["removed"]) == (0, 0)
    assert (second["written"], second["removed"]) == (0, 0)
    assert second["unchanged"] == first["written"] > 10
    assert states(site) == before
    assert not (site / SCRATCH).exists()


def test_several_processes_write_what_one_does(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(data, tmp_path / "one", jobs=1)
    monkeypatch.setattr("output.web.publish.WORTH", 1)
    publish(data, tmp_path / "two", jobs=2)
    assert bodies(tmp_path / "two") == bodies(tmp_path / "one")


def test_what_was_merged_stays_where_programs_and_people_look_for_it(data: Path, tmp_path: Path) -> None:
    old, gone = identity("Place", 0xDEAD), identity("Place", 0xBEEF)
    many = [
        {"id": identity("Event", 100 + n), "type": "Event", "name": f"Talk {n}", "startDate": "2012"} for n in range(50)
    ]
    merged = graph([*NODES, *many], [*EDGES, *((str(each["id"]), "location", PLACE) for each in many)])
    merged.graph["redirects"] = {old: PLACE, gone: identity("Place", 99)}
    save(merged, data / FILE)
    export(data, formats=["index", "graph", "changes", "sources", "notice", "erasures"])
    site = tmp_path / "site"
    publish(data, site, "https://meet.example.org/")
    for file in (f"feeds/{old}.ics", f"feeds/{old}.atom", f"data/embed/{old}.json"):
        assert (site / file).read_bytes() == (site / file.replace(old, PLACE)).read_bytes()
    for page in (f"fr/{old}", f"fr/{old}/around", f"en/{old}/all/1", f"en/embed/{old}", f"en/embed/{old}/code"):
        (link,) = lxml.html.fromstring((site / page / "index.html").read_text()).xpath("//a/@href")
        assert (site / page / link / "index.html").resolve() == site / page.replace(old, PLACE) / "index.html"
    assert [file for file in bodies(site) if gone in file] == []  # it leads to nothing
    served = TestClient(create_app(data, rate=None), follow_redirects=False)
    for more in ("", "around/", "all/1/"):
        answer = served.get(f"/fr/{old}/{more}")
        assert urljoin(f"/fr/{old}/{more}", answer.headers["location"]) == f"/fr/{PLACE}/{more}"


def test_who_was_forgotten_goes_and_nothing_else(data: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(data, site)
    (site / "CNAME").write_text("meet.example.org")
    (site / "fr" / "own.html").write_text("mine")
    assert [file for file, body in bodies(site).items() if b"Erwan" in body]
    exported(data, [each for each in NODES if each["id"] != PERSON])
    summary = publish(data, site)
    assert summary.removed > 0
    assert not (site / "fr" / PERSON).exists()
    # The log of changes says that an id went, not whose it was.
    assert [file for file, body in bodies(site).items() if b"Erwan" in body] == []
    assert (site / "CNAME").read_text() == "meet.example.org"
    assert (site / "fr" / "own.html").read_text() == "mine"


KILLED = """
import os, signal, sys
from pathlib import Path
import output.web.publish as publishing
from output.web import folder

calls = 0
place = publishing.place

def placed(*arguments):
    global calls
    calls += 1
    if calls > int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    return place(*arguments)

publishing.place = placed
publishing.publish(Path(sys.argv[1]), Path(sys.argv[2]), jobs=1)
"""


@pytest.mark.parametrize("after", [0, 7, 60])
def test_killed_in_the_middle_the_next_run_completes_it(data: Path, tmp_path: Path, after: int) -> None:
    site, whole = tmp_path / "site", tmp_path / "whole"
    done = subprocess.run([sys.executable, "-c", KILLED, data, site, str(after)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    exported(data, [each for each in NODES if each["id"] != PERSON])
    publish(data, site)
    publish(data, whole)
    assert bodies(site) == bodies(whole)


def told_by_check(data: Path, site: Path) -> list[str]:
    return [each.what for each in check(data).wrong if each.todo.startswith(f"recroise publish {site} --data {data}")]


@pytest.mark.parametrize("after", [7, 60])
def test_a_site_that_is_not_whole_is_told_by_check(data: Path, tmp_path: Path, after: int) -> None:
    site = tmp_path / "site"
    subprocess.run([sys.executable, "-c", KILLED, data, site, str(after)], cwd=ROOT, check=False)
    (what,) = told_by_check(data, site)
    assert "not whole" in what
    publish(data, site)
    assert told_by_check(data, site) == []
    (site / "index.html").unlink()
    (what,) = told_by_check(data, site)
    assert what.startswith("index.html")


def test_a_site_that_there_was_no_room_for_is_not_taken_for_whole(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> bool:
        raise OSError(errno.ENOSPC, "No space left on device")

    publish(data, tmp_path / "site")
    assert told_by_check(data, tmp_path / "site") == []
    monkeypatch.setattr(publishing, "place", full)
    with pytest.raises(OSError, match="No space"):
        publish(data, tmp_path / "site")
    (what,) = told_by_check(data, tmp_path / "site")
    assert "not whole" in what


@pytest.mark.parametrize("left", ["index.html", "mine.txt"])
def test_a_folder_with_other_things_is_refused(data: Path, tmp_path: Path, recroise: Recroise, left: str) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / left).write_text("mine")
    done = recroise("publish", site, "--data", data)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert str(site) in done.stderr
    assert left in done.stderr
    assert bodies(site) == {left: b"mine"}


def test_a_branch_made_for_the_site_counts_as_empty(data: Path, tmp_path: Path) -> None:
    (tmp_path / "site" / ".git").mkdir(parents=True)
    (tmp_path / "site" / ".git" / "HEAD").write_text("ref: refs/heads/pages")
    publish(data, tmp_path / "site")
    assert (tmp_path / "site" / ".git" / "HEAD").exists()


def test_where_somebody_elses_file_stands_it_stays(data: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    publish(data, site)
    (site / LIST).write_text("".join(line for line in (site / LIST).open() if "en/index.html" not in line))
    (site / "en" / "index.html").write_text("mine")
    summary = publish(data, site)
    assert summary.theirs == ["en/index.html"]
    assert "en/index.html" in " ".join(summary.left_out)
    assert (site / "en" / "index.html").read_text() == "mine"


def test_the_data_directory_is_no_place_for_a_site(data: Path) -> None:
    for folder in (data, data.parent):
        with pytest.raises(FolderError, match="data directory"):
            publish(data, folder)


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org/", "https://example.org/?x"])
def test_an_address_has_to_be_whole(data: Path, tmp_path: Path, url: str) -> None:
    with pytest.raises(PublishError, match="--url"):
        publish(data, tmp_path / "site", url=url)


@pytest.mark.parametrize(
    "url",
    ["tiles.example.org/{z}/{x}/{y}", "https://a.example/{z}/{x}.png", "https://a.example;script-src *;/{z}/{x}/{y}"],
)
def test_tiles_that_are_none_are_refused(url: str) -> None:
    with pytest.raises(TilesError, match="--tiles"):
        Tiles(url)


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/fr/", "fr/index.html"),
        ("/", "index.html"),
        ("/feeds/all.ics", "feeds/all.ics"),
        ("/fr/../../x", None),
        ("/fr//", None),
        (f"/fr/town/{'a' * 300}/", None),
        (f"/{LIST}", None),
    ],
)
def test_the_file_of_an_address(path: str, file: str | None) -> None:
    assert file_of(path) == file


def test_what_is_published_is_noted_beside_the_data(data: Path, tmp_path: Path) -> None:
    for _ in range(2):
        publish(data, tmp_path / "one", url="https://example.org")
    publish(data, tmp_path / "two")
    assert [each.folder for each in published.load(data)] == [str(tmp_path / "one"), str(tmp_path / "two")]


def test_who_is_forgotten_is_told_where_to_publish_again(recroise: Recroise, crawled: Path, tmp_path: Path) -> None:
    own, site = tmp_path / "own", tmp_path / "site"
    shutil.copytree(crawled, own, ignore=shutil.ignore_patterns("published.json"))
    url = "https://meet.example.org/"
    assert recroise("publish", site, "--data", own, "--url", url).returncode == 0
    (site / "notes.txt").write_text("Karine Sabatier")
    assert recroise("export", "--to", tmp_path / "public", "--format", "graph", "--data", own).returncode == 0
    done = recroise("forget", "Karine Sabatier", "--json", "--data", own)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    again = ["publish", str(site), "--data", str(own), "--url", url]
    assert told["again"] == [f"{site}: the site there was made before; run: recroise {shlex.join(again)}"]
    assert told["left"] == [str(site / "notes.txt")]  # in none of the site's own, which go with the next run
    assert recroise(*again).returncode == 0
    assert [file for file, body in bodies(site).items() if b"Sabatier" in body] == ["notes.txt"]
    assert f"{url}feeds/all.ics" in (site / "feeds" / "all.ics").read_text()
    assert str(tmp_path / "public" / "graph.json") in told["replace"]


def test_who_publishes_is_told_to_say_whom_to_write_to(
    data: Path, tmp_path: Path, recroise: Recroise, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = recroise("publish", tmp_path / "site", "--data", data)
    assert (told.returncode, "set RECROISE_CONTACT" in told.stderr) == (0, True)
    monkeypatch.setenv("RECROISE_CONTACT", "privacy@example.org")
    exported(data, NODES)
    assert recroise("publish", tmp_path / "site", "--data", data).stderr == ""
    (link,) = lxml.html.fromstring((tmp_path / "site/fr/notice/index.html").read_text()).xpath("//a[contains(., '@')]")
    assert link.get("href") == "mailto:privacy@example.org"
    for wrong in ("example.org", "https://example.org/?x"):
        refused = recroise("serve", "--data", data, "--url", wrong)
        assert (refused.returncode, "say the whole address" in refused.stderr) == (1, True)


def test_every_page_says_its_policy_itself(data: Path, tmp_path: Path) -> None:
    publish(data, tmp_path / "site")
    pages = [path for path in (tmp_path / "site").rglob("*.html") if b'http-equiv="refresh"' not in path.read_bytes()]
    assert pages
    for path in pages:
        found = lxml.html.fromstring(path.read_bytes())
        (policy,) = found.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert "default-src 'none'" in policy
        assert "frame-ancestors" not in policy


@pytest.fixture(scope="module")
def demo(crawled: Path, once: Once) -> Path:
    def made(folder: Path) -> None:
        publish(shutil.copytree(crawled, folder / "data"), folder / "site", url="https://example.org/town/site/")

    return once("demo", made) / "site"


def test_every_link_leads_to_a_file_that_is_there(demo: Path) -> None:
    there = {path.relative_to(demo).as_posix() for path in demo.rglob("*")}
    broken, looked = set(), 0
    for path in demo.rglob("*.html"):
        here = path.relative_to(demo)
        page = lxml.html.fromstring(path.read_bytes())
        for link in page.xpath("//@href | //@src | //form/@action | //@data-src | //@data-index"):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or link.startswith("#"):
                continue
            # What is shown at any address says where the site stands; all else leads from where it is.
            assert parts.path.startswith("/town/site/") if here.name == "404.html" else parts.path[:1] != "/", link
            path = unquote(parts.path).removeprefix("/town/site/")
            target = os.path.normpath(here.parent / path) if path else here.as_posix()
            file = target if not parts.path.endswith("/") else f"{target}/index.html".removeprefix("./")
            looked += 1
            if not target.startswith("..") and file in there and not (demo / file).is_dir():
                continue
            broken.add((here.as_posix(), link))
    assert looked > 100
    assert sorted(broken)[:20] == []
