"""Pairs that are not compared again: whatever changed, what is found is what comparing everything finds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.datadir import open_store
from crawler.stored import StoredRecord
from graph import reuse, scoring
from graph.alike import alike
from graph.atoms import atoms
from graph.blocking import with_keys
from graph.erase import relink
from graph.link import Linked, decide, link_data
from graph.mentions import mentions
from graph.model_files import Model, load_models
from graph.probabilistic import ProbabilisticLinker
from graph.surroundings import Surroundings
from tests.graph.test_linking import event, person, place

MODELS = load_models()
NAMES = ["Karine Sabatier", "SABATIER Karine", "K. Sabatier", "Karine Sabatié", "Margot Le Goff", "Marguerite Le Goff", "Alex", "Alexandre Le Goff", "joker1007"]  # fmt: skip
TITLES = ["Open Coffee", "OpenCoffee #3", "La Cantine", "Cantine de Brest", "Apéro 4 : le droit"]
TOWNS = st.sampled_from([None, "Brest", "Lorient"])
WORK = st.sampled_from([{}, {}, {"worksFor": {"type": "Organization", "name": "La Colloc"}}])
PEOPLE = st.builds(lambda name, work: ("person", name, work), st.sampled_from(NAMES), WORK)
PLACES = st.builds(lambda name, town: ("place", name, town), st.sampled_from(TITLES), TOWNS)
EVENTS = st.builds(
    lambda name, day, town, who: ("event", name, f"2012-11-{day:02}", town, who),
    st.sampled_from(TITLES), st.integers(7, 10), TOWNS, st.sampled_from(NAMES),
)  # fmt: skip
# What stands at a number from now on; None: nothing any more.
STEP = st.dictionaries(st.integers(0, 30), st.one_of(st.none(), PEOPLE, PEOPLE, PLACES, EVENTS), max_size=25)


def record(number: int, stated: tuple) -> StoredRecord:
    kind, name, *more = stated
    if kind == "person":
        return person(number, name, **more[0])
    if kind == "place":
        return place(number, name, more[0])
    day, town, who = more
    return event(number, name, day, town, performer=[{"type": "Person", "name": who}])


@contextmanager
def from_the_first_row_on(few: int) -> Iterator[None]:
    """Keep pairs of however few rows, however many are new; up to ``few`` new pairs are compared in a loop."""
    scored = scoring.by_splink if few < 0 else in_a_loop
    with (
        mock.patch.multiple(reuse, FEW=few, MOST_NEW=1.0),
        mock.patch.multiple(scoring, FEW=0, by_splink=scored),
    ):
        yield


def in_a_loop(model: Model, rows: Any) -> scoring.Candidates:
    return scoring.by_hand(model, rows.to_pylist())


def told(linked: Linked) -> tuple:
    return list(linked.matches), list(linked.undecided), linked.clusters


def assert_that_nothing_differs(steps: Sequence[dict]) -> None:
    now: dict[int, tuple] = {}
    with TemporaryDirectory() as folder:
        for step in steps:
            now |= step
            records = [record(number, stated) for number, stated in sorted(now.items()) if stated]
            again = decide(records, {}, (), ProbabilisticLinker(MODELS, Path(folder)))
            assert told(again) == told(decide(records, {}, (), ProbabilisticLinker(MODELS)))


@settings(max_examples=15)
@given(st.lists(STEP, min_size=2, max_size=4))
def test_whatever_changes_linking_finds_what_it_finds_from_scratch(steps: list) -> None:
    with from_the_first_row_on(1_000_000):
        assert_that_nothing_differs(steps)


@settings(max_examples=3)
@given(st.lists(STEP, min_size=2, max_size=2))
def test_so_it_does_where_a_database_compares(steps: list) -> None:
    with from_the_first_row_on(-1):
        assert_that_nothing_differs(steps)


def test_who_changes_sides_with_another_is_compared_again(tmp_path: Path) -> None:
    # The longer of the two second words tells whether they are one: of the left row, whichever that is.
    names = ["Cantine Kerou", "Cantine Kerbau"]
    found = []
    with from_the_first_row_on(1_000):
        for several in (names, names[::-1], names):
            made = rows("Place", [place(number, name, "Brest") for number, name in enumerate(several)])
            again = reuse.candidates(MODELS["Place"], made, tmp_path)
            assert again.levels.tolist() == scoring.candidates(MODELS["Place"], made).levels.tolist()
            found.append(again.levels.tolist())
    assert found[0] == found[2] != found[1]


def test_only_what_is_new_is_compared(tmp_path: Path) -> None:
    before = [person(number, name) for number, name in enumerate(NAMES)]
    after = [*before[1:], person(100, "Karine Sabatier", worksFor={"type": "Organization", "name": "La Colloc"})]
    with from_the_first_row_on(1_000), mock.patch.object(reuse, "_new", wraps=reuse._new) as compared:
        for records in (before, before, after):
            reuse.candidates(MODELS["Person"], rows("Person", records), tmp_path)
    assert [int(call.args[2].sum()) for call in compared.call_args_list] == [0, 1]


def test_where_much_is_new_all_is_compared(tmp_path: Path) -> None:
    few, many = ([person(number, name) for number, name in enumerate(names)] for names in (NAMES[:5], NAMES))
    with from_the_first_row_on(1_000), mock.patch.object(reuse, "MOST_NEW", 0.1):
        reuse.candidates(MODELS["Person"], rows("Person", few), tmp_path)
        with mock.patch.object(reuse, "_new") as compared:
            found = reuse.candidates(MODELS["Person"], rows("Person", many), tmp_path)
        assert not compared.called
        assert found.left.tolist() == scoring.candidates(MODELS["Person"], rows("Person", many)).left.tolist()


def rows(kind: str, records: Sequence[StoredRecord]) -> Any:
    among = atoms(Surroundings(mentions(records, {})))
    return with_keys(kind, alike(kind, among, MODELS[kind]).rows)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """A data directory that has been linked, and what is kept of its people."""
    store_people(tmp_path, NAMES)
    with from_the_first_row_on(1_000):
        link_data(tmp_path)
        yield tmp_path / reuse.FOLDER / "person.pairs"


def store_people(data: Path, names: Sequence[str]) -> None:
    with open_store(data) as store:
        store.save_records([person(number, name).body for number, name in enumerate(names)])


@pytest.mark.parametrize(
    "harm", [lambda c: c[:-1], lambda c: b"", lambda c: c[:900] + b"?" + c[901:], lambda c: b"PK" * 900]
)
def test_a_damaged_file_is_made_anew(kept: Path, harm: object) -> None:
    whole = kept.read_bytes()
    kept.write_bytes(harm(whole))  # type: ignore[operator]
    assert again_from(kept) == 0
    assert again_from(kept) == 1


def again_from(kept: Path) -> int:
    """Link, and return how often what was kept was made use of."""
    (kept.parents[1] / "linked.json").unlink(missing_ok=True)
    with mock.patch.object(reuse, "_again", wraps=reuse._again) as again:
        link_data(kept.parents[1])
    return again.call_count


def test_what_another_model_or_other_rules_found_is_not_taken_over(kept: Path) -> None:
    for changed in (mock.patch.object(scoring, "REACH", 11.0), mock.patch.object(reuse, "RULES", 0)):
        with changed:
            assert again_from(kept) == 0


def test_no_name_can_be_read_there_and_an_erasure_takes_it_away(kept: Path) -> None:
    data = kept.parents[1]
    content = kept.read_bytes().lower()
    assert not any(word.encode() in content for word in ("karine", "sabatier", "goff"))
    kept.with_name("event.pairs.part").write_bytes(content)  # of a run that was killed
    relink(data, lambda text: text)
    assert not kept.parent.exists()


def test_of_types_that_are_no_more_nothing_is_kept(kept: Path) -> None:
    data = kept.parents[1]
    with open_store(data) as store:
        for number in range(len(NAMES)):
            store.drop_source(f"s{number}")
        store.save_records([place(100, "La Cantine", "Brest").body])
    link_data(data)
    assert sorted(path.name for path in kept.parent.iterdir()) == ["place.pairs"]


@given(st.lists(st.integers(-1, 12), max_size=12))
def test_as_many_rows_as_possible_stay_in_their_order(places: list[int]) -> None:
    known = [place for place in dict.fromkeys(places) if place >= 0]
    kept = [place for place in reuse._in_order(np.array(known, np.int64)).tolist() if place >= 0]
    assert kept == sorted(kept)
    longest = 0
    for chosen in range(1 << len(known)):
        part = [value for bit, value in enumerate(known) if chosen >> bit & 1]
        longest = max(longest, len(part) if part == sorted(part) else 0)
    assert len(kept) == longest
