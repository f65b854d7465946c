"""Linking on the shared corpus: what must stay apart does, and what is one mostly comes together."""

import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT))  # the benchmarks are no part of what is installed
from benchmarks import linking

CORPUS = ROOT.parent / "shared" / "corpus"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="needs the shared corpus beside the checkout"),
]


@pytest.fixture(scope="module")
def corpus() -> Path:
    return CORPUS


def test_the_breton_scene_keeps_its_look_alikes_apart_and_its_spellings_together(corpus: Path) -> None:
    found = linking.identities(corpus, None)  # type: ignore[arg-type]
    for each in found.values():
        assert not each["merged though they must stay apart"]
        assert each["share"] >= 0.9, each["not merged"]


def test_conferences_of_two_directories_meet_without_a_wrong_merge(corpus: Path) -> None:
    found = linking.events(corpus, None)  # type: ignore[arg-type]
    assert found["look-alikes merged"] == 0
    assert found["precision"] >= 0.98
    assert found["recall"] >= 0.93


def test_names_are_told_apart_better_than_by_their_letters(corpus: Path) -> None:
    found = linking.names(corpus, None)  # type: ignore[arg-type]
    assert found["recroise"]["f1"] > max(found["rapidfuzz ratio"]["f1"], found["jaro-winkler"]["f1"])
