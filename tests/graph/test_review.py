"""People decide: why, review, judge, undo; ids that redirect and split; nothing linked twice; series inferred."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.datadir import open_store
from graph import judgements
from graph.commands import app
from graph.explain import mention_of
from graph.joining import joining, weakest_links
from graph.judgements import Judgement
from graph.link import decide_data, link_data, load
from graph.linking import Match
from graph.review import waiting
from tests.graph.test_linking import COLLOC, SERIES, event, person, stored

run = CliRunner()


def put(data: Path, *records: object) -> None:
    with open_store(data) as store:
        store.save_records([record.body for record in records])  # type: ignore[attr-defined]


def names(data: Path) -> list[str]:
    graph = load(data / "graph.json")
    return sorted(values["name"] for _, values in graph.nodes(data=True) if values["type"] == "Person")


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """Two short forms that nothing but the surname ties, and two that an organisation ties, just so."""
    put(
        tmp_path,
        person(1, "Margot Lecointre"),
        person(2, "Marguerite Lecointre"),
        person(3, "Nico Kervella", worksFor=COLLOC),
        person(4, "Nicolas Kervella", worksFor=COLLOC),
    )
    link_data(tmp_path)
    return tmp_path


def test_a_doubtful_merge_is_marked_in_the_graph(doubtful: Path) -> None:
    nodes = {values["name"]: values for _, values in load(doubtful / "graph.json").nodes(data=True)}
    assert names(doubtful) == ["Margot Lecointre", "Marguerite Lecointre", "Nicolas Kervella"]
    assert "short form" in nodes["Nicolas Kervella"]["lowConfidence"]
    assert "lowConfidence" not in nodes["Margot Lecointre"]


def test_review_goes_through_pairs_by_key_and_the_next_link_follows(doubtful: Path) -> None:
    pairs = waiting(doubtful)
    assert [pair.left.name.split()[1] for pair in pairs][:2] == ["Kervella", "Lecointre"]
    shown = run.invoke(app, ["review", "--data", str(doubtful), "--by", "me"], input="d\ns\nq\n")
    assert shown.exit_code == 0, shown.output
    assert "Judged 2" in shown.output
    assert "short form" in shown.output
    assert waiting(doubtful) == []
    link_data(doubtful)
    assert names(doubtful) == ["Marguerite Lecointre", "Nico Kervella", "Nicolas Kervella"]
    assert [line.verdict for line in judgements.load(doubtful / judgements.FILE)] == ["different", "same"]


def test_unsure_takes_a_judgement_back_and_restores(doubtful: Path) -> None:
    before = names(doubtful)
    left, right = (pair for pair in (waiting(doubtful)[0].left.key, waiting(doubtful)[0].right.key))
    judgements.append(doubtful / judgements.FILE, Judgement(left, right, "different"))
    assert link_data(doubtful).splits
    assert len(names(doubtful)) == len(before) + 1
    judgements.append(doubtful / judgements.FILE, Judgement(right, left, "unsure"))
    link_data(doubtful)
    assert names(doubtful) == before


def test_a_split_says_so_and_a_merge_redirects(doubtful: Path) -> None:
    graph = load(doubtful / "graph.json")
    ids = {values["name"]: node for node, values in graph.nodes(data=True)}
    pair = next(pair for pair in waiting(doubtful) if "Lecointre" in pair.left.name)
    judgements.append(doubtful / judgements.FILE, Judgement(pair.left.key, pair.right.key, "same"))
    link_data(doubtful)
    redirects = load(doubtful / "graph.json").graph["redirects"]
    gone, stays = sorted((ids["Margot Lecointre"], ids["Marguerite Lecointre"]), key=lambda node: node in redirects)[
        ::-1
    ]
    assert redirects == {gone: stays}
    judgements.append(doubtful / judgements.FILE, Judgement(pair.left.key, pair.right.key, "different"))
    (split,) = link_data(doubtful).splits
    assert split.startswith(f"{stays} was split")


def test_what_did_not_change_is_not_linked_again(doubtful: Path) -> None:
    first = link_data(doubtful)
    assert first.unchanged
    written = (doubtful / "graph.json").stat().st_mtime_ns
    again = link_data(doubtful)
    assert again == first
    assert (doubtful / "graph.json").stat().st_mtime_ns == written
    put(doubtful, person(5, "Ada Lovelace"))
    assert not link_data(doubtful).unchanged
    (doubtful / "graph.json").write_text("{}")
    assert not link_data(doubtful).unchanged


def test_why_tells_levels_weights_and_the_weakest_link(doubtful: Path) -> None:
    graph = load(doubtful / "graph.json")
    ids = {values["name"]: node for node, values in graph.nodes(data=True)}
    one = run.invoke(app, ["why", ids["Nicolas Kervella"], "--data", str(doubtful)])
    assert "2 mentions" in one.output
    assert "Weakest link: they agree in: the same surname, and a short form" in one.output
    two = json.loads(run.invoke(app, ["why", ids["Margot Lecointre"], ids["Marguerite Lecointre"], "--data", str(doubtful), "--json"]).output)  # fmt: skip
    assert two["one"] is False
    assert two["total"] < two["threshold"]
    assert round(sum(bits for _, bits in two["levels"]), 1) == round(two["total"], 1)
    parts = json.loads(run.invoke(app, ["why", ids["Nicolas Kervella"], "--data", str(doubtful), "--json"]).output)["parts"]  # fmt: skip
    pair = json.loads(run.invoke(app, ["why", parts[0]["mention"], parts[1]["mention"], "--data", str(doubtful), "--json"]).output)  # fmt: skip
    assert pair["one"] is True
    assert pair["total"] >= pair["threshold"]


def test_why_says_that_two_types_are_two(tmp_path: Path) -> None:
    put(tmp_path, person(1, "La Cantine"), stored(2, type="Organization", name="La Cantine"))
    link_data(tmp_path)
    ids = list(load(tmp_path / "graph.json").nodes)
    told = run.invoke(app, ["why", *ids, "--data", str(tmp_path)])
    assert "one is a" in told.output


def test_the_weakest_link_is_the_last_that_a_tree_needs() -> None:
    matches = [Match("a", "b", 9, "x"), Match("b", "c", 5, "y"), Match("a", "c", 7, "z"), Match("d", "e", 1, "w")]
    assert [match.rule for match in joining(matches, ["a", "b", "c"])] == ["x", "z"]
    assert {key: match.rule for key, match in weakest_links(matches, [["a", "b", "c"], ["d", "e"]]).items()} == {
        "a": "z",
        "d": "w",
    }


def series_of(data: Path) -> list[dict]:
    graph = load(data / "graph.json")
    return [values for _, values in graph.nodes(data=True) if values["type"] == "EventSeries"]


EVENINGS = [("Open Coffee Lorient #1 : la banque", "2012-09-06"), ("Open Coffee de Lorient", "2012-10-04"), ("OpenCoffee Lorient – les cantines", "2012-11-08")]  # fmt: skip


def test_evenings_under_one_name_in_one_town_are_a_series_that_says_it_is_inferred(tmp_path: Path) -> None:
    put(tmp_path, *(event(n, title, day, "Lorient") for n, (title, day) in enumerate(EVENINGS)))
    link_data(tmp_path)
    (series,) = series_of(tmp_path)
    assert series["name"] in ("Open Coffee Lorient", "Open Coffee de Lorient", "OpenCoffee Lorient")
    assert [fact["value"] for fact in series["facts"]["rule"]] == ["inferred"]
    graph = load(tmp_path / "graph.json")
    edges = [(source, edge) for source, _, edge in graph.edges(data=True) if edge["type"] == "superEvent"]
    assert len({source for source, _ in edges}) == len(EVENINGS)
    assert all(edge["sources"] for _, edge in edges)


@pytest.mark.parametrize(
    "change",
    [
        lambda n, title, day: event(n, title, day, ("Lorient", "Brest", "Rennes")[n]),
        lambda n, title, day: event(n, "Apéro", day, "Lorient"),
        lambda n, title, day: event(n, title, EVENINGS[n % 2][1], "Lorient"),
        lambda n, title, day: event(n, "Inauguration", day, ("Lorient", "Brest", "Brest")[n]),
    ],
    ids=["three towns", "a common word without a host", "two days", "two of three elsewhere"],
)
def test_these_are_no_series(tmp_path: Path, change: Callable) -> None:
    put(tmp_path, *(change(n, title, day) for n, (title, day) in enumerate(EVENINGS)))
    link_data(tmp_path)
    assert series_of(tmp_path) == []


def test_a_stated_series_takes_the_inferred_one_in(tmp_path: Path) -> None:
    put(tmp_path, *(event(n, title, day, "Lorient") for n, (title, day) in enumerate(EVENINGS)))
    put(tmp_path, event(9, "Dynamique", "2013-01-10", "Lorient", superEvent=SERIES))
    link_data(tmp_path)
    assert len(series_of(tmp_path)) == 1


def test_linking_small_data_starts_no_database(tmp_path: Path) -> None:
    put(tmp_path, person(1, "Ada Lovelace"), person(2, "Ada Lovelace"))
    code = "import sys; from pathlib import Path; from graph.link import link_data; link_data(Path(sys.argv[1])); print('duckdb' in sys.modules or 'splink' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "False"


def talk(number: int, **speaker: object) -> object:
    return event(number, "Soirée Arduino", "2012-11-08", "Brest", performer=[{"type": "Person", **speaker}])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"name": "Karine Le Bihan"}, {"name": "KARINE LE BIHAN", "url": "https://k.example/"}),
        ({"name": "Karine Le Bihan", "id": "k"}, {"name": "Karine Morvan", "id": "k", "url": "https://k.example/"}),
    ],
)
def test_what_a_source_learns_of_a_speaker_changes_neither_id_nor_judgement(
    tmp_path: Path, before: dict, after: dict
) -> None:
    put(tmp_path, talk(1, **before), talk(2, name="Karine Le Bihan"))
    link_data(tmp_path)
    found = load(tmp_path / "graph.json")
    (speaker,) = (node for node, values in found.nodes(data=True) if values["type"] == "Person")
    parts = json.loads(run.invoke(app, ["why", speaker, "--data", str(tmp_path), "--json"]).output)["parts"]
    judgements.append(tmp_path / judgements.FILE, Judgement(*(part["mention"] for part in parts), "different"))
    link_data(tmp_path)
    ids = {node for node in load(tmp_path / "graph.json").nodes if node.startswith("person")}
    assert len(ids) == 2
    put(tmp_path, talk(1, **after))
    link_data(tmp_path)
    assert {node for node in load(tmp_path / "graph.json").nodes if node.startswith("person")} == ids


def test_two_of_one_name_that_one_page_tells_apart_by_address_are_two_mentions(tmp_path: Path) -> None:
    pair = [{"type": "Person", "name": "Anne Martin", "url": f"https://{n}.example/"} for n in (1, 2)]
    put(tmp_path, event(1, "Soirée Arduino", "2012-11-08", "Brest", performer=pair))
    assert link_data(tmp_path).mentions == 4


def test_one_answer_settles_all_between_two(doubtful: Path) -> None:
    put(doubtful, person(5, "Nicolas Kervella"))
    link_data(doubtful)
    ids = {key: mention for pair in waiting(doubtful) for key, mention in ((pair.left.key, pair.left), (pair.right.key, pair.right))}  # fmt: skip
    short, long, other = person(3, "Nico Kervella").key, person(4, "Nicolas Kervella").key, person(5, "").key
    assert {short, long} <= ids.keys()
    judgements.append(doubtful / judgements.FILE, Judgement(short, other, "different"))
    assert {short, long} not in ({pair.left.key, pair.right.key} for pair in waiting(doubtful))


def test_a_node_is_judged_by_what_a_record_still_says(tmp_path: Path) -> None:
    put(tmp_path, talk(1, name="Karine Le Biham"), talk(2, name="Karine Le Bihan"), talk(3, name="Anne Martin"))
    link_data(tmp_path)
    gone = [key for key in decide_data(tmp_path).mentions if decide_data(tmp_path).mentions[key].type == "Person"]
    put(tmp_path, talk(1, name="Karine Le Bihan"))
    link_data(tmp_path)
    said = {key for key, mention in decide_data(tmp_path).mentions.items() if mention.type == "Person"}
    assert not said.issuperset(gone)
    nodes = [node for node in load(tmp_path / "graph.json").nodes if node.startswith("person")]
    for node in nodes:
        assert mention_of(tmp_path, node) in said


def test_a_judgement_on_what_no_record_says_is_told_of(doubtful: Path) -> None:
    judgements.append(doubtful / judgements.FILE, Judgement("gone", person(1, "").key, "different"))
    told = run.invoke(app, ["link", "--data", str(doubtful)])
    assert "no record says (any more): 1" in told.output
    (idle,) = link_data(doubtful).idle
    assert "not said: gone" in idle


def test_two_types_cannot_be_judged_one(tmp_path: Path) -> None:
    put(tmp_path, person(1, "La Cantine"), stored(2, type="Organization", name="La Cantine"))
    link_data(tmp_path)
    told = run.invoke(app, ["judge", "same", *load(tmp_path / "graph.json").nodes, "--data", str(tmp_path)])
    assert told.exit_code
    assert "never one" in str(told.exception)
    assert not (tmp_path / judgements.FILE).exists()
