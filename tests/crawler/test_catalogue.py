"""The packaged catalogue, a user's own, and what is said of a broken one."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue import PACKAGED, CatalogueError, Source, load, parse_interval, read_file
from crawler.probe import append, unused_id
from tests.conftest import ROOT

SHARED = ROOT.parent / "shared"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


SOURCE = '[[source]]\nid = "mine"\nname = "Mine"\nurl = "https://a.example/"\ncommunity = "blog"\nregion = "FR"\n'


def test_the_packaged_catalogue_loads_and_says_that_nothing_was_verified() -> None:
    sources = load()
    assert len(sources) > 80
    assert {source.verified for source in sources.values()} == {"never"}
    assert all(source.note for source in sources.values())
    assert len({source.url.rstrip("/") for source in sources.values()}) == len(sources)
    assert not any(source.private_network or source.attendees for source in sources.values())


@pytest.mark.parametrize("community", ["open-coffee", "cantine", "coworking-wiki"])
def test_every_spider_has_sources(community: str) -> None:
    assert [source for source in load().values() if source.matches(community=community)]


def test_no_contact_detail_stands_in_it() -> None:
    for path in PACKAGED.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[\w.]+@[\w-]+\.\w+|\b0\d([ .]?\d\d){4}\b", text), path.name


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared corpus beside the checkout")
def test_every_feed_of_the_map_of_brittany_is_in_it() -> None:
    places = json.loads((SHARED / "corpus" / "places" / "fr_bzh_fablab.geojson").read_bytes())["features"]
    feeds = {place["properties"]["rss"] for place in places} - {""}
    known = {source.url.replace("%5B", "[").replace("%5D", "]") for source in load().values()}
    assert feeds - known == set()


def test_a_region_holds_those_below_it() -> None:
    source = next(iter(load().values()))
    assert source.region == "FR-BRE"
    assert source.matches(region="FR")
    assert source.matches(region="FR-BRE")
    assert not source.matches(region="FR-PDL")
    assert not source.matches(region="F")


def test_a_users_own_file_adds_to_the_packaged_ones(tmp_path: Path) -> None:
    write(tmp_path / "catalogue" / "mine.toml", SOURCE)
    assert set(load(data=tmp_path)) == {*load(), "mine"}
    assert set(load([tmp_path / "catalogue" / "mine.toml"])) == {"mine"}


def test_what_stands_at_the_top_holds_for_all(tmp_path: Path) -> None:
    path = write(
        tmp_path / "c.toml",
        'licence = "CC0-1.0"\nevery = "7d"\n' + SOURCE + SOURCE.replace("mine", "other") + 'every = "6h"\n',
    )
    mine, other = read_file(path)
    assert (mine.licence, mine.every, other.licence, other.every) == ("CC0-1.0", "7d", "CC0-1.0", "6h")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SOURCE + "colour = 1\n", "source mine: colour: unknown key"),
        (SOURCE + 'every = "daily"\n', "source mine: every: not an interval"),
        (SOURCE + 'time_zone = "Europe/Lorient"\n', "source mine: time_zone: not an IANA time zone"),
        (SOURCE + 'follow = "("\n', "source mine: follow: not a regular expression"),
        (SOURCE.replace('"https://a.example/"', '"a.example"'), "source mine: url: not an http or https address"),
        (SOURCE.replace('"FR"', '"Bretagne"'), "source mine: region: not a region such as FR-BRE (ISO 3166-2), FR or"),
        (SOURCE.replace('"mine"', '"Open Café"', 1), "id: not an id: 2 to 64 of a to z, 0 to 9 and hyphens, a hyphen"),
        (SOURCE.replace('"mine"', "7", 1), "id: not a text in quotation marks"),
        (SOURCE.replace('"blog"', '"pub"'), "source mine: community: not one of open-coffee, cantine, "),
        (SOURCE + 'language = "french"\n', "source mine: language: not a language code of two letters, such as fr"),
        (SOURCE + 'verified = "yesterday"\n', "source mine: verified: not a day such as 2026-11-25, or never"),
        (SOURCE + "max_pages = 0\n", "source mine: max_pages: has to be at least 1"),
        (SOURCE + "max_pages = 1_000_000\n", "source mine: max_pages: has to be at most 100000"),
        (SOURCE + 'minimum = "many"\n', "source mine: minimum: not a whole number"),
        (SOURCE + 'attendees = "perhaps"\n', "source mine: attendees: neither true nor false"),
        (SOURCE + 'note = ""\n', "source mine: note: is empty"),
        (SOURCE + f'note = "{"x" * 501}"\n', "source mine: note: is longer than 500 characters"),
        (SOURCE + 'columns = "name"\n', "source mine: columns: not a table"),
        (SOURCE.replace('id = "mine"\n', ""), "source 1: id: is missing"),
        (SOURCE + SOURCE, "source mine: this id is already taken"),
        ("[[source]\n", "not TOML"),
        ("source = 1\n", "source must be tables"),
    ],
)
def test_a_broken_file_is_said_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path / "c.toml", text)
    with pytest.raises(CatalogueError) as error:
        load([path])
    assert message in str(error.value)
    assert str(error.value).startswith(str(path))
    assert "\n" not in str(error.value)


def test_adding_keeps_what_a_person_wrote(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.toml", "# by hand\n" + SOURCE)
    source = read_file(path)[0].model_copy(update={"id": "new", "url": "https://b.example/"})
    append(source, path)
    assert path.read_text().startswith("# by hand\n" + SOURCE)
    assert [each.id for each in read_file(path)] == ["mine", "new"]


def test_an_id_is_made_from_the_host(tmp_path: Path) -> None:
    assert unused_id("https://www.la-colloc.com/agenda", {}) == "la-colloc-com"
    taken = {
        "la-colloc-com": Source(id="la-colloc-com", name="x", url="http://x.example", community="blog", region="FR")
    }
    assert unused_id("https://la-colloc.com/", taken) == "la-colloc-com-2"


def test_the_page_about_it_names_every_key() -> None:
    text = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
    assert [key for key in Source.model_fields if f"| `{key}` |" not in text] == []


@given(st.text())
def test_no_interval_whatsoever_breaks(text: str) -> None:
    try:
        assert parse_interval(text).total_seconds() > 0
    except ValueError:
        assert not re.fullmatch(r"[1-9]\d{0,3}[mhdw]", text, re.ASCII)
