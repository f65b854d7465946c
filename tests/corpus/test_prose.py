"""The prose reader on the shared corpus: the post that this project started from, and a community's announcements."""

import json
import re
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from crawler.catalogue import Source
from crawler.documents import Document
from crawler.intake import take
from crawler.privacy import Exclusions, fold
from crawler.readers.prose import Prose
from tests.conftest import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"
POSTS = CORPUS / "pages_fr" / "clermontech"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.exists(), reason="needs the shared corpus beside the checkout"),
]


def read(body: str, url: str, media_type: str, now: str) -> list[dict]:
    source = Source(id="corpus", name="corpus", url=url, community="agenda", region="FR")
    document = Document(url, body.encode(), f"{now}T09:00:00Z", source, media_type)
    intake = take(Prose().read(document), document, Exclusions())
    assert intake.refused == []
    return intake.records


# The post


@cache
def post() -> tuple[dict, list[dict]]:
    (path,) = (CORPUS / "prose").glob("*.txt")
    pages = json.loads((CORPUS / "facts" / "pages.json").read_text(encoding="utf-8"))
    slug = path.stem
    entry = next(page for page in pages if slug in page["url"])
    return entry, read(path.read_text(encoding="utf-8"), entry["url"], "text/plain", "2012-12-01")


def same(one: str | None, other: str | None) -> bool:
    """Whether two names are one, but for an article."""
    return bool(one and other) and re.sub(r"^(la|le|the) ", "", fold(one)) == re.sub(r"^(la|le|the) ", "", fold(other))


def test_everything_that_was_noted_of_the_post_is_read() -> None:
    entry, records = post()
    by_type = defaultdict(list)
    for record in records:
        by_type[record["type"]].append(record)
    for wanted in entry["people"]:
        assert any(
            (p["name"], p.get("jobTitle")) == (wanted["name"], wanted["role"])
            and same(p["worksFor"]["name"], wanted["organisation"])
            for p in by_type["Person"]
        )
    for wanted in entry["places"]:
        assert any(
            same(p["name"], wanted["name"])
            and p["address"]["addressLocality"] == wanted["city"]
            and p["additionalType"] == wanted["kind"]
            for p in by_type["Place"]
        )
    for wanted in entry["events"]:
        (event,) = by_type["Event"]
        assert event["name"] == wanted["name"]
        assert event["superEvent"]["name"] == wanted["series"]
        assert event["about"] == [wanted["theme"]]
        assert [p["name"] for p in event["performer"]] == wanted["speakers"]
        assert [o["name"] for o in event["organizer"]] == [wanted["organiser"]]
        assert event["location"]["name"] == wanted["place"]
        assert event["location"]["address"]["addressLocality"] == wanted["city"]
        assert "startDate" not in event  # "last week", and nobody says of which day
    assert {fold(s["name"]) for s in by_type["EventSeries"]} == {fold(name) for name in entry["series_named"]}
    resources = {fold(o["name"]) for o in by_type["Organization"]}
    assert resources == {fold(re.sub(r" \(.*", "", name)) for name in entry["resources_named"]}
    stated = [
        (figure["value"], figure.get("unitText")) for place in by_type["Place"] for figure in place.get("figure", [])
    ]
    for wanted in entry["figures"]:
        if wanted["value"] == "1/3":
            assert [value for value, unit in stated if unit == "share"] == [pytest.approx(1 / 3, abs=1e-3)] * 3
        else:
            assert (wanted["value"], wanted["unit"]) in stated


def test_the_post_says_nothing_that_was_not_noted() -> None:
    entry, records = post()
    names = [each["name"] for kind in ("people", "places", "events") for each in entry[kind]]
    names += entry["series_named"] + [re.sub(r" \(.*", "", name) for name in entry["resources_named"]]
    wrong = [record["name"] for record in records if not any(same(record["name"], name) for name in names)]
    values = {figure["value"] for figure in entry["figures"]}
    wrong += [
        f"{figure['name']}: {figure['value']}"
        for record in records
        for figure in record.get("figure", [])
        if figure["value"] not in values and figure.get("unitText") != "share"
    ]
    print("wrong facts of the post:", wrong)
    assert len(wrong) <= 3


def test_the_quotes_of_the_post_stand_in_it() -> None:
    (path,) = (CORPUS / "prose").glob("*.txt")
    text = " ".join(path.read_text(encoding="utf-8").split())
    for record in post()[1]:
        for quote in record["quote"]:
            assert quote["exact"].rstrip("…") in text


# The announcements

MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


def front_matter(path: Path) -> tuple[dict[str, str], str]:
    _, fields, body = path.read_text(encoding="utf-8").split("---", 2)
    return dict(re.findall(r"^(\w+):[ ]*(.*?)[ ]*$", fields, re.MULTILINE)), body


def names(author: str) -> list[str]:
    return [name for part in re.split(r",|&amp;|&|\+| et ", author) if (name := fold(part))]


@cache
def editions() -> dict[int, list[tuple[Path, str]]]:
    """The talks' files of each edition, with their authors."""
    found = defaultdict(list)
    for path in sorted(POSTS.glob("*.md")):
        fields, _ = front_matter(path)
        number = re.search(r"api-hour-(\d+)", fields.get("categories", "") + fields.get("session_url", ""))
        if number and fields.get("author"):
            found[int(number[1])].append((path, fields["author"].strip("\"'")))
    return found


@cache
def announcements() -> list[tuple[Path, str, int, list[dict]]]:
    found = []
    for path in sorted(POSTS.glob("*-api-hour-*.md")):
        fields, body = front_matter(path)
        if fields.get("category") == "api-hours":
            number = int(re.search(r"api-hour-(\d+)", path.name)[1])
            records = read(body, "http://saved.invalid/post.md", "text/markdown", path.name[:10])
            found.append((path, body, number, records))
    return found


def day_of(path: Path, body: str, number: int) -> str:
    """The day in the names of the talks' files where they are numbered by it, else the one in bold type."""
    days = {talk.name[:10] for talk, _ in editions()[number] if re.match(r"\d{4}-\d\d-\d\d-\d-", talk.name)}
    if len(days) == 1:
        return days.pop()
    stated = re.search(r"aura lieu (.{0,60}?) à \*\*19h", body.replace("\n", " "))[1].lower()
    if numeric := re.search(r"(\d\d)/(\d\d)/(\d{4})", stated):
        return f"{numeric[3]}-{numeric[2]}-{numeric[1]}"
    day, month, year = re.search(r"(\d{1,2})(?:er)? (\w+)(?: (\d{4}))?", stated).groups()
    found = date(int(year or path.name[:4]), MONTHS.index(month) + 1, int(day))
    # One was written in January with the old year: the post itself is of the year after.
    return (found.replace(year=found.year + 1) if found.isoformat() < path.name[:10] else found).isoformat()


def venue_and_town(body: str) -> tuple[str, str | None]:
    """What the source's own marks (bold type, links) and the postcode say of the place."""
    after = body[body.index("aura lieu") :][:900]
    plain = re.sub(r"\]\([^)]*\)", "]", after)
    hour = re.search(r"\*\*19h\*\*", plain)
    rest = re.sub(r"\s+", " ", plain[hour.end() :])
    marked = [re.sub(r"[\[\]*]", "", m[0]) for m in re.finditer(r"\*\*\[?[^*]+\]?\*\*|\[\*?\*?[^\]]+\]", rest)]
    named = [text for text in marked if not re.match(r"\d+[ ,]|\d+ ?(bis|ter)", text) and "Pôle Commun, 6" not in text]
    post = re.search(
        r"\b\d{5}\s+([A-Za-zÀ-ÿ]+(?:-[A-Za-zÀ-ÿ]+)*)", re.sub(r"[\[\]*]", "", re.sub(r"%2C\+", " ", after))
    )
    town = fold(post[1]).replace("clermont fd", "clermont ferrand") if post else None
    place = named[0] if named else rest
    return place, town


def test_announcements_tell_day_hour_venue_and_town() -> None:
    right, wrong = 0, []
    for path, body, number, records in announcements():
        event = next((record for record in records if record["type"] == "Event"), {})
        place = event.get("location", {})
        venue, town = venue_and_town(body)
        said = set(fold(place.get("name", "")).split()) - {"de", "du", "la", "le", "l", "d", "salle", "des"}
        checks = {
            "day": event.get("startDate", "")[:10] == day_of(path, body, number),
            "hour": event.get("startDate", "")[11:16] == "19:00",
            "venue": bool(said) and len(said & set(fold(venue).split())) >= len(said) / 2,
            "town": fold(place.get("address", {}).get("addressLocality", "")) == (town or ""),
        }
        right += all(checks.values())
        if not all(checks.values()):
            wrong.append(
                (path.name, [name for name, holds in checks.items() if not holds], place.get("name"), venue[:40], town)
            )
    total = len(announcements())
    print(f"announcements all four right: {right} of {total}; wrong: {wrong}")
    assert right / total >= 0.90


def test_programmes_tell_speakers_and_titles() -> None:
    found = right = wanted = missed = titled = 0
    wrong = []
    for path, body, number, records in announcements():
        event = next((record for record in records if record["type"] == "Event"), {})
        programme = fold(body[body.index("## Programme") :])
        speakers = {fold(person["name"]) for person in event.get("performer", [])}
        truth = {name for _, author in editions()[number] for name in names(author)}
        shown = {name for name in truth if name in programme}  # who has a talk's file and stands on the page
        everybody = {name for talks in editions().values() for _, author in talks for name in names(author)}
        found += len(speakers)
        right += len(speakers & (truth | everybody))
        wrong += sorted(speakers - everybody)
        wanted += len(shown)
        missed += len(shown - speakers)
        talks = [record for record in records if record.get("additionalType") == "talk"]
        titled += sum(fold(talk["name"]) in programme for talk in talks)
        assert all(fold(talk["name"]) in programme for talk in talks), path.name
    print(
        f"speakers: precision {right}/{found}, recall {wanted - missed}/{wanted}, titles {titled}; not among the talks': {wrong}"
    )
    assert right / found >= 0.97
    assert (wanted - missed) / wanted >= 0.90
