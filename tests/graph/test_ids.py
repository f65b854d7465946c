"""Ids that stay, redirects that lead on, judgements that are kept."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import judgements
from graph.ids import assign
from graph.judgements import Judgement, JudgementError

AGE = {key: f"2026-01-0{number}" for number, key in enumerate("abcdefgh", 1)}


def assigned(groups: list[list[str]], known: dict | None = None, redirects: dict | None = None):
    return assign(groups, ["Person"] * len(groups), known or {}, redirects or {}, AGE)


def remembered(groups: list[list[str]], ids: list[str]) -> dict[str, str]:
    return {key: node for group, node in zip(groups, ids, strict=True) for key in group}


def test_the_same_clusters_get_the_same_ids_on_every_machine() -> None:
    groups = [["a", "b"], ["c"]]
    assert assigned(groups).ids == assigned(groups).ids
    assert all(node.startswith("person-") for node in assigned(groups).ids)


def test_a_cluster_that_grows_keeps_its_id() -> None:
    before = assigned([["b"]])
    after = assigned([["a", "b"]], remembered([["b"]], before.ids))
    assert after.ids == before.ids


def test_a_merged_id_leads_to_the_survivor_for_ever() -> None:
    groups = [["a", "b"], ["c"]]
    before = assigned(groups)
    merged = assigned([["a", "b", "c"]], remembered(groups, before.ids))
    assert merged.ids == before.ids[:1]
    assert merged.redirects == {before.ids[1]: before.ids[0]}
    again = assigned([["a", "b", "c", "d"], ["e"]], remembered([["a", "b", "c"]], merged.ids), merged.redirects)
    assert again.redirects == merged.redirects


def test_redirects_lead_in_one_step() -> None:
    first = assigned([["a", "b", "c"], ["d", "e"]])
    known = remembered([["a", "b", "c"], ["d", "e"]], first.ids)
    second = assigned([["a", "b", "c", "d", "e"]], known, {"person-old": first.ids[1]})
    assert second.redirects["person-old"] == first.ids[0]


def test_a_split_leaves_the_id_with_the_larger_part() -> None:
    before = assigned([["a", "b", "c"]])
    split = assigned([["a"], ["b", "c"]], remembered([["a", "b", "c"]], before.ids))
    assert split.ids[1] == before.ids[0]
    assert split.ids[0] not in before.ids


def followed(history: list[list[list[str]]]) -> list[dict[str, str]]:
    """Return for each step which id each mention's first id leads to."""
    known: dict[str, str] = {}
    redirects: dict[str, str] = {}
    told = []
    first: dict[str, str] = {}
    for groups in history:
        result = assigned(groups, known, redirects)
        known |= remembered(groups, result.ids)
        redirects = result.redirects
        first = first or dict(known)
        told.append({key: redirects.get(node, node) for key, node in first.items()})
    return told


@pytest.mark.parametrize(
    "groups",
    [[["a", "b"], ["c"]], [["a", "b"], ["c", "d"]], [["a"], ["b"], ["c"]], [["a"], ["b", "c", "d"], ["e", "f", "g"]]],
)
def test_an_undone_merge_restores_the_ids(groups: list[list[str]]) -> None:
    whole = [sorted(key for group in groups for key in group)]
    pairs = [sorted((*groups[0], *groups[1])), *groups[2:]]
    for history in ([groups, whole, groups], [groups, pairs, whole, pairs, groups], [groups, whole, pairs, groups]):
        told = followed(history)
        assert told[-1] == told[0]


def test_an_id_leads_to_the_part_with_what_it_was_named_after() -> None:
    told = followed([[["a", "b"], ["c"], ["d", "e", "f"]], [["a", "b", "c", "d", "e", "f"]], [["a", "b", "c"], ["d", "e", "f"]]])  # fmt: skip
    assert told[-1]["c"] == told[-1]["a"]
    assert told[-1]["d"] == told[0]["d"]


GROUPS = st.lists(st.sampled_from("abcdefgh"), unique=True).flatmap(
    lambda keys: st.lists(st.integers(0, 3), min_size=len(keys), max_size=len(keys)).map(
        lambda marks: sorted(
            sorted(key for key, mark in zip(keys, marks, strict=True) if mark == m) for m in sorted(set(marks))
        )
    )
)


@given(st.lists(GROUPS, min_size=1, max_size=5))
def test_ids_are_unique_and_redirects_never_circle_whatever_happens(history: list[list[list[str]]]) -> None:
    known: dict[str, str] = {}
    redirects: dict[str, str] = {}
    for groups in history:
        result = assigned(groups, known, redirects)
        assert len(set(result.ids)) == len(groups)
        for old, new in result.redirects.items():
            assert old not in result.ids
            assert new not in result.redirects
        assert assigned(groups, {**known, **remembered(groups, result.ids)}, result.redirects).ids == result.ids
        known |= remembered(groups, result.ids)
        redirects = result.redirects


def test_the_log_is_appended_to_and_the_last_line_on_a_pair_stands(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    lines = [Judgement("a", "b", "different"), Judgement("b", "a", "same"), Judgement("c", "d", "different"), Judgement("c", "d", "unsure")]  # fmt: skip
    for line in lines:
        judgements.append(path, line)
    assert judgements.load(path) == lines
    assert {pair: each.verdict for pair, each in judgements.standing(lines).items()} == {("a", "b"): "same"}


def test_a_torn_last_line_is_left_out_and_written_after(tmp_path: Path) -> None:
    path = tmp_path / "judgements.jsonl"
    judgements.append(path, Judgement("a", "b", "different"))
    with path.open("ab") as file:
        file.write(b'{"left": "c", "rig')
    assert len(judgements.load(path)) == 1
    judgements.append(path, Judgement("e", "f", "same"))
    assert [each.left for each in judgements.load(path)] == ["a", "e"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"left": "a", "right": "b", "verdict": "perhaps"}', "perhaps"),
        ('{"left": 1, "right": "b", "verdict": "same"}', "left is no text"),
        ('{"left": "a", "verdict": "same"}', "right is missing"),
        ('{"left": "a", "right": "b", "verdict": "same", "sure": "yes"}', "unknown key 'sure'"),
        ("a and b are one", "not a judgement"),
        ("<<<<<<< HEAD", "git left a merge unfinished"),
        ("[]", "no object"),
    ],
)
def test_a_broken_log_is_not_guessed_at(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "judgements.jsonl"
    judgements.append(path, Judgement("a", "b", "different"))
    with path.open("a") as file:
        file.write(f"{line}\n")
    judgements.append(path, Judgement("c", "d", "different"))
    with pytest.raises(JudgementError, match=f"line 2: .*{said}"):
        judgements.load(path)
