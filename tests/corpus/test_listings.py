"""The listing reader on the shared corpus: what it promises beside hand-written code for each site."""

from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest

from tests.conftest import ROOT

CORPUS = ROOT.parent / "shared" / "corpus" / "listings"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="needs the shared corpus beside the checkout"),
]


def benchmark() -> ModuleType:
    spec = spec_from_file_location("listings", ROOT / "benchmarks" / "listings.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    module = benchmark()
    return [module.measure(row, CORPUS) for row in module.pages(CORPUS)]


def summary(rows: list[dict]) -> dict:
    return benchmark().summary(rows)


def test_where_the_page_tells_all_four_events_of_five_are_right_and_three_of_four_called_so(rows: list) -> None:
    figures = summary([row for row in rows if row["tier"] == "A"])
    assert figures["recall"] >= 0.80
    assert figures["precision"] >= 0.80
    assert figures["titles"] >= 0.75


def test_where_a_page_tells_less_its_days_are_found(rows: list) -> None:
    assert summary([row for row in rows if row["tier"] == "B"])["days"] >= 0.75


def test_lists_of_objects_are_read_whole(rows: list) -> None:
    figures = summary([row for row in rows if row["form"] != "html"])
    assert figures["recall"] >= 0.95
    assert figures["precision"] >= 0.90  # one answer is filtered by date in the hand-written code
    assert figures["cancelled"] >= 0.95
