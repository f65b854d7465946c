"""The documentation says what the program says of itself."""

import sys
from importlib import import_module

import pytest

from crawler import handbook, limits, readers, rows
from crawler.limits import LimitError
from crawler.readers import feed, table


def test_the_page_of_sources_is_as_the_readers_have_it() -> None:
    assert handbook.PAGE.read_text(encoding="utf-8") == handbook.page(), "write it anew: python -m crawler.handbook"


def test_every_reader_says_what_it_is() -> None:
    for reader in readers.READERS.values():
        assert reader.title
        assert reader.marks
        assert reader.gives
        assert reader.specification.startswith("http"), reader.name


def test_the_page_of_limits_is_as_the_modules_have_it() -> None:
    assert limits.PAGE.read_text(encoding="utf-8") == limits.page(), "write it anew: python -m crawler.limits"
    assert all(limit.value > 0 and limit.meaning for limit in limits.limits().values())


def test_every_limit_can_be_set_and_is_counted() -> None:
    # Generic on purpose: a new limit that forgets its setting or its counter fails here.

    known = limits.limits()
    assert len(known) > 80
    unset = [each.name for each in known.values() if not each.setting and not each.fixed]
    uncounted = [each.name for each in known.values() if not each.counted and not each.telling]
    assert (unset, uncounted) == ([], [])
    assert not [each.name for each in known.values() if each.counted and each.telling], "one or the other"


@pytest.mark.parametrize("name", [name for name, each in limits.limits().items() if not each.fixed])
def test_every_limit_takes_what_its_setting_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    owner, _, constant = name.rpartition(".")
    import_module(f"crawler.{owner}")
    before = {path: vars(each)[constant] for path, each in list(sys.modules.items())
              if path.startswith("crawler.") and constant in vars(each)}  # fmt: skip
    try:
        limits.apply(f"{name}=7")
        assert getattr(sys.modules[f"crawler.{owner}"], constant) == 7
    finally:
        for path, value in before.items():
            setattr(sys.modules[path], constant, value)


def test_a_limit_is_set_by_its_name_wherever_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((feed, "MAX_ENTRIES"), (rows, "MAX_ROWS"), (table, "MAX_ROWS")):
        monkeypatch.setattr(module, name, getattr(module, name))
    limits.apply("readers.feed.MAX_ENTRIES = 7, rows.MAX_ROWS=9")
    assert (feed.MAX_ENTRIES, rows.MAX_ROWS, table.MAX_ROWS) == (7, 9, 9)
    assert limits.limits()["strict.MAX_ROWS"].value == 10_000


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("feed.MAX=7", "'feed.MAX' is no limit"),
        ("rows.MAX_ROWS=many", "say a whole number"),
        ("rows.MAX_ROWS=0", "say a whole number"),
        ("records.MAX_THINGS=7", "part of the record's contract"),
    ],
)
def test_a_limit_that_cannot_be_set_is_told(stated: str, told: str) -> None:
    with pytest.raises(LimitError, match=told):
        limits.apply(stated)
