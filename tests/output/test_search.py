"""Search: slips of the pen, languages, filters and facets, on the sample web and on graphs made for the purpose."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from output import Index, IndexFileError, SearchError, facets, met, open_index, search
from output.exports import index as index_export
from output.query import Clause, parse
from output.search import series_like
from output.similarity import likeness
from tests.conftest import Recroise

SOURCE = [{"id": "s", "url": "https://s.example/", "fetched": "2026-01-01T00:00:00Z"}]

PEOPLE = (
    "Karine Sabatier", "Marguerite Yourcenar", "Anne-Sophie L'Hénoret", "Jean Le Goff", "Jeanne Le Goff", "Ælfric Œuf",
    "Bartholomäus Weißenbruch", "Yukihiro Matsumoto", "John Smith", "Joan Smythe", "Éric D'Hervé",
)  # fmt: skip
TALKS = (
    ("Les chevaux et les cantines numériques", {"startDate": "2012-11-08", "inLanguage": "fr"}),
    ("Testing asynchronous servers", {"startDate": "2014-03-01", "about": ["python"]}),
    ("L'open data à Lorient", {"startDate": "2013", "description": "Des données ouvertes par la ville."}),
)


def made(folder: Path, nodes: list[tuple[str, str, dict[str, Any]]], edges: list[tuple[str, str, str]] = ()) -> Path:
    """Return a data directory with the index of a graph of these nodes (id, name, more)."""
    graph: Any = nx.MultiDiGraph(
        schema="", version=1, when=None, sources=[{"id": "s", "licence": "x", "region": "FR-BRE"}], redirects={}
    )
    types = {
        "person": "Person",
        "event": "Event",
        "place": "Place",
        "eventseries": "EventSeries",
        "org": "Organization",
    }
    for node, name, more in nodes:
        facts = {"name": [{"value": name, "sources": [0]}]}
        kind = types[node.partition("-")[0]]
        graph.add_node(node, type=kind, name=name, sources=SOURCE, facts=facts, **{"alternateName": [], **more})
    for source, target, kind in edges:
        graph.add_edge(source, target, key=kind, type=kind, sources=SOURCE)
    (folder / "export").mkdir(parents=True)
    index_export.write(graph, folder, folder / "export" / "index.sqlite")
    return folder


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    nodes: list[tuple[str, str, dict[str, Any]]] = [(f"person-{n}", name, {}) for n, name in enumerate(PEOPLE)]
    nodes += [(f"event-{n}", name, more) for n, (name, more) in enumerate(TALKS)]
    nodes += [
        ("place-0", "La Colloc", {"addressLocality": "Lorient", "latitude": 47.748, "longitude": -3.366}),
        ("place-1", "Le Vauban", {"addressLocality": "Brest", "latitude": 48.39, "longitude": -4.486}),
        ("eventseries-0", "Open Coffee", {}),
    ]
    edges = [
        ("event-0", "person-0", "performer"),
        ("event-1", "person-7", "performer"),
        ("event-0", "place-0", "location"),
        ("event-1", "place-1", "location"),
        ("event-0", "eventseries-0", "superEvent"),
    ]
    with open_index(made(tmp_path_factory.mktemp("made"), nodes, edges)) as opened:
        yield opened


def first(index: Index, query: str, **filters: Any) -> str | None:
    found = search(index, query, **filters)
    return found[0].name if found else None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("karine sabatier", "Karine Sabatier"),
        ("Sabatier, Karine", "Karine Sabatier"),
        ("larine sabatier", "Karine Sabatier"),  # the first letter
        ("akrine sabatier", "Karine Sabatier"),  # two swapped
        ("karinesabatier", "Karine Sabatier"),
        ("kar ine sabatier", "Karine Sabatier"),
        ("karinexsabatier", "Karine Sabatier"),
        ("karin esabatier", "Karine Sabatier"),
        ("k sabatier", "Karine Sabatier"),
        ("K. Sabatier", "Karine Sabatier"),
        ("karine s", "Karine Sabatier"),
        ("sabati", "Karine Sabatier"),
        ("karine marie sabatier", "Karine Sabatier"),
        ("margerite yourcenarr", "Marguerite Yourcenar"),
        ("margueryte yourcenra", "Marguerite Yourcenar"),
        ("yourcenar", "Marguerite Yourcenar"),
        ("anne sophie l henoret", "Anne-Sophie L'Hénoret"),
        ("ANNE-SOPHIE L’HENORET", "Anne-Sophie L'Hénoret"),
        ("henoret", "Anne-Sophie L'Hénoret"),
        ("jean le goff", "Jean Le Goff"),
        ("jeanne le goff", "Jeanne Le Goff"),
        ("aelfric oeuf", "Ælfric Œuf"),
        ("bartholomaus weissenbruch", "Bartholomäus Weißenbruch"),
        ("d'herve", "Éric D'Hervé"),
        ("yukihiro matzumoto", "Yukihiro Matsumoto"),
        ("jhon smith", "John Smith"),
    ],
)
def test_a_name_is_found_however_it_is_typed(index: Index, typed: str, name: str) -> None:
    assert first(index, typed) == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("cheval cantine", "Les chevaux et les cantines numériques"),  # plural and stem, in French
        ("test server", "Testing asynchronous servers"),  # and in English
        ("données ouvertes", "L'open data à Lorient"),
        ("l'open data", "L'open data à Lorient"),
        ('"cantines numériques"', "Les chevaux et les cantines numériques"),
        ("theme:python", "Testing asynchronous servers"),
        ("titre:chevaux", "Les chevaux et les cantines numériques"),
        ("servers -python -open", None),
        ("series:coffee type:event", "Les chevaux et les cantines numériques"),
        ("ville:lorient -type:person type:event", "Les chevaux et les cantines numériques"),
    ],
)
def test_texts_are_found_by_their_stems_and_syntax_means_what_one_expects(
    index: Index, typed: str, name: str | None
) -> None:
    assert first(index, typed) == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("sabattier lorient", "Karine Sabatier"),  # a slip in a name, beside a word that says something else
        ("colocc lorient", "La Colloc"),
        ("server asynchronos", "Testing asynchronous servers"),  # a slip in a text
        ("opendata lorient", "L'open data à Lorient"),  # a blank that is missing in a text
        ("servers zzzzz", "Testing asynchronous servers"),  # a word that nothing is like is left out
        ("chevaux 2012", "Les chevaux et les cantines numériques"),  # a year that no text states
        ("type:lieu brest", "Le Vauban"),
        ("type:évènement servers", "Testing asynchronous servers"),
        ("person-3", "Jean Le Goff"),  # an id
    ],
)
def test_what_a_person_types_means_what_it_may_mean(index: Index, typed: str, name: str) -> None:
    assert first(index, typed) == name


def test_a_year_is_when_something_took_place(index: Index) -> None:
    found = {each.name for each in search(index, "2012")}
    assert found == {TALKS[0][0], "Karine Sabatier", "La Colloc", "Open Coffee"}
    assert first(index, "yukihiro 2014") == "Yukihiro Matsumoto"


def test_a_type_may_be_said_in_either_language_and_any_case(index: Index) -> None:
    for types in (["place"], ["Lieu"], ["PLACES"]):
        assert {each.name for each in search(index, types=types)} == {"La Colloc", "Le Vauban"}


def test_a_person_called_so_comes_before_a_text_that_names_them(tmp_path: Path) -> None:
    spellings = {"alternateName": ["Yukihiro Matsumoto", "Matsumoto Yukihiro"]}
    nodes = [
        ("event-0", "Interview with Matz", {"startDate": "2024-01-01"}),
        ("person-0", 'Yukihiro "Matz" Matsumoto', spellings),
        *((f"event-{n}", "Keynote", {}) for n in (1, 2, 3)),
    ]
    edges = [(f"event-{n}", "person-0", "performer") for n in range(4)]
    with open_index(made(tmp_path, nodes, edges)) as index:
        assert search(index, "matz")[0].type == "Person"


def test_without_words_the_newest_come_first(index: Index) -> None:
    found = search(index, types=["Event"])
    assert [each.date for each in found] == ["2014-03-01", "2013", "2012-11-08"]


def test_names_are_never_stemmed(index: Index) -> None:
    assert [each.name for each in search(index, "smiths", types=["Person"])][:1] == ["John Smith"]  # a slip
    assert search(index, "name:smiths") == []


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"types": ["Place"], "near": "Lorient", "within": 30.0}, {"La Colloc"}),
        ({"types": ["Place"], "near": "47.75,-3.37", "within": 130.0}, {"La Colloc", "Le Vauban"}),
        ({"types": ["Person"], "near": "Brest"}, {"Yukihiro Matsumoto"}),
        ({"types": ["Event"], "series": "open coffee"}, {TALKS[0][0]}),
        ({"types": ["Person"], "series": "Open Coffee"}, {"Karine Sabatier"}),
        ({"types": ["Place"], "source": "s"}, {"La Colloc", "Le Vauban"}),
        ({"source": "nope"}, set()),
        ({"types": ["Place"], "region": "FR-BRE"}, {"La Colloc", "Le Vauban"}),
        ({"region": "FR-IDF"}, set()),
    ],
)
def test_filters_hold(index: Index, filters: dict, names: set) -> None:
    assert {each.name for each in search(index, "", **filters)} == names


def test_a_town_without_anything_of_the_graph_is_said_to_be_so(index: Index) -> None:
    for town in ("Atlantis", "Honolulu", "Nulleparville"):
        with pytest.raises(SearchError, match="nothing in the graph is in that town"):
            search(index, "", near=town)
    with pytest.raises(SearchError, match="latitude comes first"):
        search(index, "", near="147.0,3.0")


def test_an_event_is_shown_with_the_town_of_its_place(index: Index) -> None:
    assert search(index, "chevaux", types=["Event"])[0].city == "Lorient"


def test_facets_count_what_is_found(index: Index) -> None:
    found = facets(index)
    assert found["type"] == {"Person": 11, "Event": 3, "Place": 2, "EventSeries": 1}
    assert found["place"]["Lorient"] >= 2
    assert facets(index, "chevaux")["type"] == {"Event": 1, "Person": 1}
    assert facets(index, types=["Event"])["year"] == {"2012": 1, "2013": 1, "2014": 1}
    assert facets(index, "zzzzzz")["type"] == {}


def test_of_equals_the_better_known_comes_first(tmp_path: Path) -> None:
    nodes = [("person-0", "Ann Lee", {}), ("person-1", "Ann Lee", {}), ("event-0", "Talk", {"startDate": "2024-01-01"})]
    with open_index(made(tmp_path, nodes, [("event-0", "person-1", "performer")])) as index:
        assert [each.id for each in search(index, "ann lee", types=["Person"])] == ["person-1", "person-0"]


PIECES = st.sampled_from(
    ['"', "'", "-", ":", "name:", "type:", "town:", "zz:", "*", "(", ")", "AND", "OR", "NOT", "~2", "[a TO b]", "^3",
     "\\", "/x/", "«", "“", "karine", "l'", "é", "\x00", "\ud7ff", " "]
)  # fmt: skip


@settings(max_examples=120)
@given(st.lists(PIECES | st.text(max_size=6), max_size=8).map("".join))
def test_no_syntax_whatsoever_is_an_error(index: Index, typed: str) -> None:
    search(index, typed, limit=3)
    facets(index, typed)
    asked = parse(typed)
    assert all(word == word.casefold() for word in asked.words)


def test_a_query_is_taken_apart() -> None:
    asked = parse('karine "open coffee" ville:lorient -rennes -"la cantine" truc:chose "sans fin')
    assert asked.must == [
        Clause(None, "open coffee", True),
        Clause("town", "lorient"),
        Clause(None, "sans fin", True),
    ]
    assert asked.must_not == [Clause(None, "rennes"), Clause(None, "la cantine", True)]
    assert asked.words == ["karine", "truc", "chose"]
    assert parse("porte-à-porte").must_not == []


WORDS = st.text(alphabet="abcdefghij ", max_size=12)


@given(WORDS, WORDS)
def test_likeness_is_a_share_and_whole_for_the_same(one: str, other: str) -> None:
    one, other = " ".join(one.split()), " ".join(other.split())
    assert 0.0 <= likeness(one, other) <= 1.0
    assert (likeness(one, other) == 1.0) == (one == other)


@given(st.text(alphabet="abcdefgh", min_size=5, max_size=9), st.integers(0, 3))
def test_a_slip_is_nearer_than_another_name(name: str, place: int) -> None:
    slipped = name[:place] + "z" + name[place + 1 :]
    assert likeness(slipped, name) > likeness("xyzzyx", name)


def test_an_index_is_replaced_with_its_folder_or_not_at_all(tmp_path: Path, crawled: Path) -> None:
    from output.exports import export

    export(crawled, tmp_path)
    (before,) = tmp_path.glob("index-*")
    with open_index(tmp_path / "index.sqlite") as opened:
        opened.words  # noqa: B018 - opens it
        (tmp_path / "index-0123456789abcdef").mkdir()  # a killed export's
        export(crawled, tmp_path)
        assert list(tmp_path.glob("index-*")) == [before]
        assert search(opened, "karine")[0].name == "Karine Sabatier"
    for file in before.iterdir():
        file.unlink()
    before.rmdir()
    with open_index(tmp_path / "index.sqlite") as opened, pytest.raises(IndexFileError, match="run: recroise export"):
        search(opened, "karine")


def test_a_lookup_reads_where_nothing_can_be_written(crawled: Path, tmp_path: Path) -> None:
    before = sorted(path for path in crawled.rglob("*"))
    with open_index(crawled) as opened:
        search(opened, "karine")
        met(opened, "karine")
    assert sorted(path for path in crawled.rglob("*")) == before


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    nodes: list[tuple[str, str, dict[str, Any]]] = [
        ("person-0", "Ada Roux", {"jobTitle": "C++"}),
        ("person-1", "Bob Roy", {"jobTitle": "développeur C#"}),
        ("person-2", "Cyd Rio", {"jobTitle": "C"}),
        ("event-0", "Atelier C++20 moderne", {"startDate": "2020-01-01", "inLanguage": "fr", "about": ["C++"]}),
    ]
    with open_index(made(tmp_path_factory.mktemp("signed") / "data", nodes)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("C++", {"Ada Roux", "Atelier C++20 moderne"}),
        ("c#", {"Bob Roy"}),
        ("role:C++", {"Ada Roux"}),
        ("role:c", {"Cyd Rio"}),
        ('"développeur C#"', {"Bob Roy"}),
        ("theme:c++", {"Atelier C++20 moderne"}),
        ("atelier c++20", {"Atelier C++20 moderne"}),
        ("type:person -c++", {"Bob Roy", "Cyd Rio"}),
    ],
)
def test_the_signs_of_a_language_belong_to_its_name(signed: Index, query: str, names: set[str]) -> None:
    assert {each.name for each in search(signed, query)} == names


def test_a_letter_alone_is_not_one_with_signs(signed: Index) -> None:
    assert search(signed, "c")[0].name == "Cyd Rio"
    assert not {"Ada Roux", "Bob Roy"} & {each.name for each in search(signed, "text:c")}


@pytest.fixture(scope="module")
def portland(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    oregon, maine = {"latitude": 45.52, "longitude": -122.68}, {"latitude": 43.66, "longitude": -70.26}
    nodes: list[tuple[str, str, dict[str, Any]]] = [
        ("place-0", "West Hall", {"addressLocality": "Portland", **oregon}),
        ("place-1", "East Hall", {"addressLocality": "Portland", **maine}),
        ("place-2", "Other Hall", {"addressLocality": "Portland", **oregon, "latitude": 45.53}),
        ("place-3", "Le Bourg", {"addressLocality": "Kerzouzoud", "addressCountry": "FR"}),
    ]
    with open_index(made(tmp_path_factory.mktemp("portland") / "data", nodes)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("near", "names"),
    [
        ("Portland", {"West Hall", "Other Hall"}),
        ("Portland, Maine", {"East Hall"}),
        ("portland, ME", {"East Hall"}),
        ("Portland, US-ME", {"East Hall"}),
        ("Portland, Maine, U.S.A.", {"East Hall"}),
        ("Portland, oregon, États-Unis", {"West Hall", "Other Hall"}),
        ("Portland,", {"West Hall", "Other Hall"}),
        ("Kerzouzoud, France", {"Le Bourg"}),
    ],
)
def test_what_stands_after_a_towns_name_says_which_town(portland: Index, near: str, names: set[str]) -> None:
    assert {each.name for each in search(portland, "", types=["Place"], near=near)} == names


@pytest.mark.parametrize("near", ["Portland, Bretagne", "Portland, Nowhere", "Portland, Maine, Canada"])
def test_a_town_that_is_not_there_is_answered_with_those_that_are(portland: Index, near: str) -> None:
    with pytest.raises(SearchError, match="known: Portland, Oregon; Portland, Maine"):
        search(portland, "", near=near)


def test_a_town_that_only_others_of_its_name_are_known_of_is_said_to_have_nothing(
    recroise: Recroise, tmp_path: Path
) -> None:
    hall = {"addressLocality": "Portland", "latitude": 45.52, "longitude": -122.68}
    done = recroise(
        "search", "--near", "Portland, Maine", "--data", made(tmp_path / "data", [("place-0", "Hall", hall)])
    )
    assert "Nothing here is that --near" in done.stdout + done.stderr


@pytest.mark.parametrize(
    "series",
    ["Open Coffee", "coffee open", "OPEN CÔFFEE", "open cof", "opne coffee", "open coffe", "opencoffee", "cofffee"],
)
def test_a_series_is_found_as_it_is_typed(index: Index, series: str) -> None:
    assert {each.name for each in search(index, types=["EventSeries"], series=series)} == {"Open Coffee"}
    assert {each.name for each in search(index, types=["Event"], series=series)} == {TALKS[0][0]}


def test_a_series_that_is_not_there_is_none(index: Index) -> None:
    assert not search(index, series="barcamp")
    assert not search(index, series="!")
    assert series_like(index, "open barcamp") == ["Open Coffee"]
    assert series_like(index, "zzz") == []


def test_who_works_at_a_venue_is_met_there(tmp_path: Path) -> None:
    nodes: list[tuple[str, str, dict[str, Any]]] = [
        ("person-0", "Ada Roux", {}),
        ("person-1", "Bob Roy", {}),
        ("org-0", "Les Amis du Libre", {}),
        ("place-0", "Le Vauban", {"addressLocality": "Brest"}),
    ]
    edges = [("person-0", "org-0", "worksFor"), ("org-0", "place-0", "location")]
    with open_index(made(tmp_path / "data", nodes, edges)) as opened:
        assert [each.name for each in met(opened, at="Le Vauban")] == ["Ada Roux"]
        assert [each.name for each in met(opened, at="Les Amis du Libre")] == ["Ada Roux"]
