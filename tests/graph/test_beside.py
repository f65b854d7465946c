"""What stands beside mentions: who and what a record names together, as lists of names and as pairs of numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import beside
from graph.atoms import atoms
from graph.mentions import mentions
from graph.rows import listed
from graph.surroundings import Surroundings
from tests.graph.test_linking import event


def test_where_very_many_are_named_to_be_named_beside_them_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [{"type": "Person", "name": f"Karine Sabatier{letter}"} for letter in "abc"]
    among = atoms(Surroundings(mentions([event(1, "Open Coffee", "2012-11-08", "Brest", performer=names)], {})))
    assert len(among.beside.of("Person")["companions"][0]) == 3 * 2
    monkeypatch.setattr(beside, "GATHERING", 2)
    among = atoms(among.around)
    assert len(among.beside.of("Person")["companions"][0]) == 0
    assert len(among.beside.of("Person")["events"][0]) == 3


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=30),
    st.lists(st.integers(-1, 3), min_size=8, max_size=8),
    st.lists(st.sampled_from([None, "", "a", "b", "é"]), min_size=8, max_size=8),
)
def test_lists_of_what_is_beside_are_sets_in_order(
    pairs: list[tuple[int, int]], rows: list[int], tokens: list[str | None]
) -> None:
    expected: list[set[str]] = [set() for _ in range(4)]
    for owner, other in pairs:
        if rows[owner] >= 0 and (token := tokens[other]):
            expected[rows[owner]].add(token)
    columns = np.array([list(column) for column in zip(*pairs, strict=True)] or [[], []], np.int64)
    found = listed(np.array(rows, np.int32), 4, (columns[0], columns[1]), tokens.__getitem__)
    assert found.to_pylist() == [sorted(each) or None for each in expected]
