"""Lists of places of the shared corpus: columns found without configuration, and every place with what it states."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from crawler import readers
from crawler.catalogue import Source, read_file
from crawler.columns import inspect
from crawler.documents import Document, ReaderError
from crawler.intake import Intake, take
from crawler.privacy import Exclusions
from crawler.readers.table import _flat
from tests.conftest import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"
MEDNUM = CORPUS / "places" / "mednum"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="needs the shared corpus beside the checkout"),
]

SOURCE = Source(id="corpus", name="corpus", url="http://a.example/", community="directory", region="FR")
OURS = {
    "nom": "name",
    "adresse": "street",
    "code_postal": "postcode",
    "commune": "city",
    "latitude": "latitude",
    "longitude": "longitude",
    "site_web": "url",
    "horaires": "hours",
}


def read(path: Path, media_type: str = "application/json", url: str = "http://a.example/") -> Intake:
    document = Document(f"{url}{path.name}", path.read_bytes(), "2026-11-23T00:00:00Z", SOURCE, media_type)
    return take(readers.read(document), document, Exclusions())


def wanted(spec: Any) -> list[set[str]]:
    """Return the columns that a mapping names for a field, each alternative as a set; [] where it names none.

    ``joindre`` joins columns, ``dissocier`` takes a part of one, ``jours`` has one a day (or several), ``osm`` and
    ``semaine`` say in which manner the hours are written; a list of columns means the first that there is.
    """
    if not isinstance(spec, dict):
        return []
    if "joindre" in spec:
        return [set(spec["joindre"]["colonnes"])]
    if "dissocier" in spec:
        return [set(_list(spec["dissocier"]["colonne"]))]
    if "jours" in spec:
        return [{column for day in spec["jours"] for column in _list(day["colonne"])}]
    return [{column} for column in _list(spec.get("colonne") or spec.get("osm") or spec.get("semaine")) if column]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def named(value: Any) -> list[str]:
    """Return every column that a mapping names anywhere: the headers of a source of which there is no data."""
    found: list[str] = []
    for key, each in value.items() if isinstance(value, dict) else ():
        if key in ("colonne", "colonnes", "osm", "semaine") and not isinstance(each, dict):
            found += [column for column in _list(each) if (isinstance(column, str) and len(column) > 3) or key != "osm"]
        else:
            for inner in _list(each):
                found += named(inner)
    return list(dict.fromkeys(column for column in found if column))


def mappings(columns: dict[str, str] | None = None) -> tuple[dict[str, Counter[bool]], list[str]]:
    """Return right and wrong mappings of sources with data and of those with headers only, and the wrong ones.

    A mapping counts where the source's configuration names columns for one of the eight fields and they are there. It
    is right where we take exactly these columns for that field.
    """
    counts: dict[str, Counter[bool]] = {"data": Counter(), "headers": Counter()}
    wrong = []
    for path in sorted(MEDNUM.glob("*/*.config.json")):
        config = json.loads(path.read_text())
        data = path.with_name(path.name.replace(".config", ""))
        rows = [_flat(row) for row in json.loads(data.read_text())] if data.exists() else []
        headers = list(dict.fromkeys(key for row in rows for key in row)) or named(config)
        overrides = columns if columns and set(columns.values()) <= set(headers) else None
        found = inspect(headers, rows, overrides)
        for theirs, ours in OURS.items():
            right = [each for each in wanted(config.get(theirs)) if each <= set(headers)]
            if not right:
                continue
            ours = "point" if "dissocier" in config[theirs] else ours
            got = set(found.fields.get(ours, ()))
            if ours == "street":
                got |= set(found.fields.get("street_number", ()))
            if ours == "hours" and found.hours:
                got = {column for day in found.hours.values() for column in day}
            counts["data" if rows else "headers"][got in right] += 1
            if got not in right:
                wrong.append(f"{path.parent.name}.{theirs}")
    return counts, wrong


def share(counts: Counter[bool]) -> float:
    return counts[True] / counts.total()


def test_columns_are_found_without_configuration() -> None:
    counts, wrong = mappings()
    print({kind: f"{each[True]} of {each.total()}" for kind, each in counts.items()}, "not:", wrong)
    assert counts["data"].total() > 80
    assert counts["headers"].total() > 200
    assert share(counts["data"]) >= 0.8
    assert share(counts["headers"]) >= 0.8


def test_the_rest_is_three_lines_of_the_catalogue(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        'community = "directory"\nregion = "FR-BRE"\n[[source]]\nid = "hub"\nname = "Hub"\nurl = "http://a.example/hub.json"\n'
        'columns = {postcode = "code_insee", street = "adresse", url = "contact_web"}\n'
    )
    [source] = read_file(file)
    before, after = mappings()[1], mappings(source.columns)[1]
    assert len(after) < len(before) or not before


def test_every_place_of_the_tables_is_read() -> None:
    counts: Counter[str] = Counter()
    for path in sorted(MEDNUM.glob("*/*.json")):
        if not path.name.endswith(".config.json"):
            intake = read(path)
            assert intake.refused == []
            counts["rows"] += len(json.loads(path.read_text()))
            counts["places"] += len(intake.records)
            for record in intake.records:
                counts.update(record.keys() & {"address", "geo", "openingHours", "url"})
                assert not re.search(r"[\w.+-]+@[\w-]+\.[\w.]+", json.dumps(record))
    print(dict(counts))
    assert counts["places"] >= 0.99 * counts["rows"]


def test_the_places_of_brittany_have_kind_town_point_site_and_feed() -> None:
    path = CORPUS / "places" / "fr_bzh_fablab.geojson"
    intake = read(path, "application/geo+json")
    stated = [feature["properties"] for feature in json.loads(path.read_text())["features"]]
    counts = Counter(key for record in intake.records for key in record)
    feeds = {each["rss"] for each in stated if each["rss"]}
    found = {url for record in intake.records for url in record.get("sameAs", [])} & feeds
    print({"places": len(intake.records), **counts, "feeds": len(found)})
    assert len(intake.records) == counts["additionalType"] == counts["geo"] == 121
    assert sum("addressLocality" in record["address"] for record in intake.records) == 121
    assert counts["url"] == sum(bool(each["web"]) for each in stated)
    assert found == feeds
    text = json.dumps(intake.records, ensure_ascii=False)
    assert not [each for each in stated if each["email"] and each["email"] in text]
    assert not [each for each in stated if each["tel"] and each["tel"] in text]


def test_the_spaces_of_the_wikis_list_are_places() -> None:
    [path] = CORPUS.glob("wiki/*/list-of-hacker-spaces-live-snapshot.html")
    intake = read(path, "text/html", "https://wiki.hackerspaces.org/")
    counts = Counter(key for record in intake.records for key in [*record, *record.get("address", ())])
    print(dict(counts))
    assert (len(intake.records), intake.refused) == (852, [])
    assert len({record["id"] for record in intake.records}) == 852
    assert counts["dateModified"] == counts["additionalType"] == 852
    # As many as the page states: three spaces have no country there, seven no town, 35 no site.
    assert (counts["addressCountry"], counts["addressLocality"], counts["url"]) == (849, 845, 817)
    assert (counts["addressRegion"]) == 749


def test_every_space_of_the_directory_is_listed() -> None:
    path = CORPUS / "places" / "spaceapi_directory.json"
    document = Document("http://a.example/", path.read_bytes(), "2026-11-23T00:00:00Z", SOURCE, "application/json")
    links = [link.url for link in readers.read(document).links if link.kind == "listed"]
    assert set(links) == {url for url in json.loads(path.read_text()).values() if url.startswith("http")}
    assert len(links) > 240


def test_lists_of_meetings_in_json_are_events() -> None:
    """Of the listings' meetings, those that JSON answers of any shape hold: start (wall time) and title as the gold."""
    counts: Counter[str] = Counter()
    source = SOURCE.model_copy(update={"region": "US-IL", "time_zone": "America/Chicago"})
    for gold in json.loads((CORPUS / "listings" / "gold.json").read_text()):
        if ".json" not in gold["file"] or gold["tier"] != "A":
            continue
        body = gzip.decompress((CORPUS / "listings" / gold["file"]).read_bytes())
        document = Document("http://a.example/x", body, "2024-01-01T00:00:00Z", source, "application/json")
        try:
            intake = take(readers.read(document), document, Exclusions())
        except ReaderError:
            intake = Intake()
        assert intake.refused == []
        found = {(record.get("startDate", "")[:16], record["name"]) for record in intake.records}
        starts = {start for start, _ in found}
        counts["meetings"] += len(gold["items"])
        counts["start"] += sum((item["start"] or "")[:16] in starts for item in gold["items"])
        counts["start and title"] += sum(((item["start"] or "")[:16], item["title"]) in found for item in gold["items"])
    print(dict(counts))
    assert counts["start"] > 0.7 * counts["meetings"]
