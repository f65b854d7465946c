"""The exports of the crawled sample web: valid, sourced, whole, and the same twice."""

import json
import re
import shutil
import sqlite3
import threading
from pathlib import Path

import jsonschema
import lxml.etree
import lxml.html
import networkx as nx
import pytest
from markdown_it import MarkdownIt

import graph as graph_package
from crawler.records import json_schema
from graph.link import load
from output import exports, published
from output.exports import ExportError, export, notice
from tests.conftest import Recroise


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in files(folder)}


@pytest.fixture(scope="module")
def content(crawled: Path) -> dict:
    return json.loads((crawled / "export" / "graph.json").read_bytes())


def test_the_graph_is_valid_by_its_published_schema(content: dict) -> None:
    schema = json.loads((Path(graph_package.__file__).parent / "graph.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    errors = [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(content)]
    assert errors == []


def test_the_graph_loads_in_networkx_and_everything_has_a_source(content: dict) -> None:
    graph = nx.node_link_graph(content, edges="edges")
    assert isinstance(graph, nx.MultiDiGraph)
    assert graph.number_of_nodes() > 80
    assert all(data["sources"] for _, data in graph.nodes(data=True))
    assert all(data["sources"] for _, _, data in graph.edges(data=True))
    for _, data in graph.nodes(data=True):
        for values in data["facts"].values():
            assert all(0 <= number < len(data["sources"]) for each in values for number in each["sources"])


def test_what_several_sources_tell_of_is_one_node_with_all_of_them(content: dict) -> None:
    (evening,) = (
        node
        for node in content["nodes"]
        if node["type"] == "Event" and "Dynamique des Cantines" in node.get("about", [])
    )
    assert len({source["id"] for source in evening["sources"]}) == 3
    assert evening["startDate"] == "2012-11-08T18:30:00+01:00"
    cantines = [node for node in content["nodes"] if node["type"] == "Place" and node["name"] == "La Cantine"]
    assert sorted(node["addressLocality"] for node in cantines) == ["Nantes", "Paris", "Toulouse"]


def test_no_contact_detail_stands_in_any_export(crawled: Path) -> None:
    for path in files(crawled / "export"):
        text = path.read_bytes()
        for trace in (b"accueil@", b"eric@", b"hello@", b"equipe@", b"02 97", b"02 99 00"):
            assert trace not in text, (path.name, trace)


def test_the_records_are_valid_by_their_published_schema(crawled: Path) -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    lines = (crawled / "export" / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 60
    for line in lines:
        validator.validate(json.loads(line))


def test_graphml_opens_with_every_node_and_edge(crawled: Path, content: dict) -> None:
    graph = nx.read_graphml(crawled / "export" / "graph.graphml")
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (len(content["nodes"]), len(content["edges"]))
    labels = {data["label"] for _, data in graph.nodes(data=True)}
    assert "Karine Sabatier" in labels


def test_geojson_has_longitude_first(crawled: Path) -> None:
    features = json.loads((crawled / "export" / "places.geojson").read_bytes())["features"]
    points = {each["properties"]["name"]: each["geometry"]["coordinates"] for each in features}
    assert points["An Daol Vras"] == [-4.486, 48.3905]


def test_the_notice_names_every_source_and_how_to_object(crawled: Path, content: dict) -> None:
    told = (crawled / "export" / "NOTICE.md").read_text(encoding="utf-8")
    assert all(source["url"] in told for source in content["graph"]["sources"])
    assert "or to object" in told
    assert "S’opposer" in told
    assert "erasures.json" in told
    assert "CNIL" in told
    english, french = told.split("\n---\n")
    assert all(source["url"] in french for source in content["graph"]["sources"])  # each is read by itself
    assert re.search(
        r"as of \d{1,2} \w+ \d{4}\. It holds \d+ people, \d+ places, \d+ events, .* and \d+ organisations\.", english
    )
    assert re.search(r"au \d{1,2} \w+ \d{4}\. Il contient \d+ personnes, \d+ lieux, .* et \d+ organisations\.", french)


@pytest.mark.parametrize(
    ("contact", "link"),
    [("privacy@example.org", "mailto:privacy@example.org"), ("https://example.org/a_b", "https://example.org/a_b"), ("Ada *King*, 1 rue X", None)],
)  # fmt: skip
def test_whom_to_write_to_can_be_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contact: str, link: str | None
) -> None:
    graph = nx.MultiDiGraph(when="", sources=[])
    monkeypatch.delenv("RECROISE_CONTACT", raising=False)
    notice.write(graph, tmp_path, tmp_path / "NOTICE.md")
    assert notice.names_nobody(tmp_path / "NOTICE.md")
    assert "never" not in (tmp_path / "NOTICE.md").read_text(encoding="utf-8")
    monkeypatch.setenv("RECROISE_CONTACT", contact)
    notice.write(graph, tmp_path, tmp_path / "NOTICE.md")
    assert not notice.names_nobody(tmp_path / "NOTICE.md")
    shown = lxml.html.fromstring(MarkdownIt("commonmark").render((tmp_path / "NOTICE.md").read_text(encoding="utf-8")))
    assert shown.xpath("//a/@href") == ([link, link] if link else [])
    assert shown.text_content().count(contact) == 2


def test_the_same_input_gives_the_same_bytes(crawled: Path, tmp_path: Path, recroise: Recroise) -> None:
    for name in ("one", "other"):
        done = recroise("export", "--data", crawled, "--to", tmp_path / name)
        assert done.returncode == 0, done.stderr
    one, other = (contents(tmp_path / name) for name in ("one", "other"))
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
    (folder,) = (tmp_path / "one").glob("index-*")
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == sorted(
        [*(each.file for each in exports.FORMATS.values()), folder.name]
    )


def test_a_format_that_fails_leaves_the_last_export_whole(
    crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(crawled, tmp_path)
    before = contents(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    broken = exports.Format("notice", "NOTICE.md", full)
    monkeypatch.setitem(exports.FORMATS, "notice", broken)
    with pytest.raises(OSError, match="No space left"):
        export(crawled, tmp_path)
    assert contents(tmp_path) == before


def test_what_a_killed_export_left_is_swept(crawled: Path, tmp_path: Path) -> None:
    left = tmp_path / ".writing-abc"
    left.mkdir()
    (left / "graph.json").write_text("{")
    export(crawled, tmp_path, ["graph"])
    assert [path.name for path in tmp_path.iterdir()] == ["graph.json"]


def test_an_unknown_format_is_named(crawled: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="unknown format gexf; known: graph"):
        export(crawled, tmp_path, ["gexf"])


def test_the_index_is_a_whole_database(crawled: Path) -> None:
    with sqlite3.connect(crawled / "export" / "index.sqlite") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_health_and_badges_tell_how_every_source_fares(crawled: Path) -> None:
    health = json.loads((crawled / "export" / "health.json").read_bytes())
    assert health["sample-dead-site"]["state"] == "failing"
    assert health["sample-dead-site"]["next_try"] > health["sample-dead-site"]["last_run"]
    assert health["sample-dead-site"]["next_why"] == "failed"
    well = next(name for name, row in health.items() if row["state"] == "healthy" and row["coverage"])
    for name, state in (("sample-dead-site", "failing · 0"), (well, f"healthy · {health[well]['records']}")):
        badge = (crawled / "export" / "badges" / f"{name}.svg").read_text(encoding="utf-8")
        lxml.etree.fromstring(badge)
        assert f"<title>{name}: {state}</title>" in badge


def test_an_export_that_was_killed_while_it_was_moved_to_its_place_is_gone_on_with(
    crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(crawled, tmp_path)
    whole = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    (tmp_path / "NOTICE.md").write_text("of the export before")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            export(crawled, tmp_path)
    assert (tmp_path / "NOTICE.md").read_text() == "of the export before"
    export(crawled, tmp_path, ["graph"])
    assert {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == whole


def test_an_export_that_began_before_an_erasure_does_not_land_after_it(
    crawled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    shutil.copytree(crawled, data)
    has_read, go_on = threading.Event(), threading.Event()

    def slow(path: Path) -> nx.MultiDiGraph:
        graph = load(path)
        if not has_read.is_set():  # the first export, which has read the graph that still has everybody
            has_read.set()
            go_on.wait()
        return graph

    monkeypatch.setattr("graph.link.load", slow)
    older = threading.Thread(target=export, args=(data, None, ["graph"]))
    older.start()
    has_read.wait()
    whole = json.loads((data / "graph.json").read_bytes())
    (data / "graph.json").write_text(json.dumps({**whole, "nodes": [], "edges": []}))
    newer = threading.Thread(target=export, args=(data, None, ["graph"]))
    newer.start()
    newer.join(1)  # without waiting for the other it is there by now
    go_on.set()
    older.join()
    newer.join()
    assert json.loads((data / "export" / "graph.json").read_bytes())["nodes"] == []


def test_two_that_publish_at_once_are_both_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    has_read, go_on = threading.Event(), threading.Event()
    load_list = published.load

    def slow(data: Path) -> list[published.Published]:
        known = load_list(data)
        if not has_read.is_set():
            has_read.set()
            go_on.wait()
        return known

    monkeypatch.setattr("output.published.load", slow)
    one, other = (
        threading.Thread(target=published.remember, args=(tmp_path, tmp_path.parent / name, "site")) for name in "ab"
    )
    one.start()
    has_read.wait()
    other.start()
    other.join(1)
    go_on.set()
    one.join()
    other.join()
    assert [Path(each.folder).name for each in load_list(tmp_path)] == ["a", "b"]
