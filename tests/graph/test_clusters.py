"""The laws of clusters, on any mentions and matches: what must stay apart does, through whatever chain."""

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from graph.clusters import JUDGED, Clusters, cluster, decided
from graph.judgements import Judgement, standing
from graph.linking import Match
from graph.matches import Matches
from graph.mentions import Mention, Reference
from graph.surroundings import Surroundings

KEYS = "abcdefg"


def mention(key: str, kind: str = "Person", source: str | None = None, town: str | None = None) -> Mention:
    """Return a mention with a key of its own in its source, which is one of its own unless given."""
    return Mention(key, kind, key, Reference(source or key, "", ""), "", "", {}, city=town, own_key=key)


def match(pair: str, weight: float, *, strong: bool = False) -> Match:
    return Match(*sorted(pair), weight, "a rule", strong=strong)


def clustered(mentions: list[Mention], matches: list[Match], log: dict) -> Clusters:
    around = Surroundings(mentions)
    return cluster(around, Matches.of(around.keys, matches), log)


def groups(mentions: list[Mention], matches: list[Match], *different: str) -> list[str]:
    log = {tuple(sorted(pair)): Judgement(*pair, "different") for pair in different}
    return ["".join(group) for group in clustered(mentions, matches, log).groups]


def test_two_judged_different_stay_apart_through_a_chain_and_the_stronger_match_is_followed() -> None:
    found = [mention(key) for key in "abcd"]
    assert groups(found, [match("ab", 5), match("bc", 9)], "ac") == ["a", "bc", "d"]
    assert groups(found, [match("ab", 9), match("bc", 5)], "ac") == ["ab", "c", "d"]
    assert groups(found, [match("ab", 9), match("cd", 8), match("bc", 5)], "ad") == ["ab", "cd"]
    assert groups(found, [match("ab", 9), match("bd", 8), match("cd", 7)], "ac") == ["abd", "c"]


def test_what_one_source_keeps_apart_is_joined_by_a_strong_match_alone() -> None:
    found = [mention("a", source="s"), mention("b", source="t"), mention("c", source="s")]
    assert groups(found, [match("ab", 5), match("bc", 9)]) == ["a", "bc"]
    assert groups(found, [match("ab", 5), match("bc", 9), match("ac", 30, strong=True)]) == ["abc"]


def test_a_place_without_a_town_ties_no_two_towns_together() -> None:
    found = [mention("a", "Place", town="brest"), mention("b", "Place"), mention("c", "Place", town="lorient")]
    assert groups(found, [match("ab", 5), match("bc", 9)]) == ["a", "bc"]


PAIRS = st.lists(st.sampled_from(KEYS), min_size=2, max_size=2, unique=True).map(sorted)
MENTIONS = st.tuples(
    *(
        st.builds(
            mention,
            st.just(key),
            st.sampled_from(["Place", "Place", "Organization"]),
            st.sampled_from(["s", "t", None]),
            st.sampled_from(["brest", "lorient", None]),
        )
        for key in KEYS
    )
).map(list)
# As models have it, what is strong follows from the weight.
MATCHES = st.lists(
    st.builds(lambda pair, weight: Match(*pair, weight, "r", strong=weight > 7), PAIRS, st.integers(1, 9)), max_size=10
)
LOG = st.lists(st.builds(lambda pair, verdict: Judgement(*pair, verdict), PAIRS, st.sampled_from(["same", "different", "unsure"])), max_size=5)  # fmt: skip


def clusters(found: list[Mention], matches: list[Match], log: list[Judgement]) -> Clusters:
    stands = standing(log)
    return clustered(found, [*matches, *decided(stands)], stands)


@given(MENTIONS, MATCHES, LOG, st.randoms(use_true_random=False))
def test_nothing_joins_what_must_stay_apart_and_nothing_is_refused_in_silence(
    found: list[Mention], matches: list[Match], log: list[Judgement], shuffler: random.Random
) -> None:
    kinds = {each.key: each.type for each in found}
    matches = [each for each in matches if kinds[each.left] == kinds[each.right]]  # as models compare one type's
    result = clusters(found, matches, log)
    group_of = {key: number for number, group in enumerate(result.groups) for key in group}
    stands = standing(log)
    for judgement in stands.values():
        if judgement.verdict == "different":
            assert group_of[judgement.left] != group_of[judgement.right]
    for group in result.groups:
        inside = [each for each in found if each.key in group]
        followed = [each for each in (*matches, *decided(stands)) if {each.left, each.right} <= set(group)]
        assert len({each.type for each in inside}) == 1
        if not any(each.weight >= JUDGED for each in followed):
            assert len({each.city for each in inside} - {None}) <= 1
        if not any(each.strong for each in followed):
            assert all(one.source.id != other.source.id for one, other in itertools.combinations(inside, 2))
    refused = {(conflict.match.left, conflict.match.right) for conflict in result.conflicts}
    for each in (*matches, *decided(stands)):
        assert group_of[each.left] == group_of[each.right] or (each.left, each.right) in refused
    shuffler.shuffle(found)
    shuffler.shuffle(matches)
    assert clusters(found, matches, log) == result
