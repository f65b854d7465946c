"""What the shared corpus knows of who is who: records to link, and what ought to come of them."""

import csv
import gzip
import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Pairs = set[tuple[str, str]]

DEFAULT_CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
FETCHED = "2026-01-01T00:00:00Z"


def lines(path: Path) -> Iterator[Json]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def stamped(source: str, page: str, record: Json) -> Json:
    """Return a record as the intake makes it: without empty fields, with its source."""
    kept = {key: value for key, value in record.items() if value not in (None, "", [], {})}
    return {**kept, "source": {"id": source, "url": f"https://{source}.example/{page}", "fetched": FETCHED}}


# People: talks with speakers as billed


def talks(corpus: Path, name: str) -> Iterator[Json]:
    """Yield one Event record a talk of ``rubyevents`` or ``pyvideo``, its speakers as they were billed."""
    for event in lines(corpus / "linking" / f"{name}_events.jsonl.gz"):
        place = (event.get("location") or "").split(",")
        for number, talk in enumerate(event["talks"]):
            if not talk["speakers"]:
                continue
            above = {"type": "Event", "id": event["id"], "name": event["title"], "startDate": event["start_date"]}
            yield stamped(
                name,
                f"{event['id']}/{number}",
                {
                    "type": "Event",
                    "id": f"{event['id']}/{number}",
                    "name": talk["title"][:500],
                    "startDate": talk.get("date") or talk.get("recorded") or event["start_date"],
                    "location": address(place),
                    "performer": [
                        {"type": "Person", "name": speaker} for speaker in talk["speakers"] if speaker.strip()
                    ],
                    "superEvent": {key: value for key, value in above.items() if value},
                },
            )


def address(parts: list[str]) -> Json | None:
    """Return the place of "Orlando, FL, United States"; None for what is online or unknown."""
    words = [part.strip() for part in parts if part.strip()]
    if len(words) < 2:
        return None
    where = {"addressLocality": words[0], "addressCountry": words[-1]}
    return {"type": "Place", "name": words[0], "address": where}


@dataclass(frozen=True)
class People:
    """Who is behind each billed name, and the pairs of billed spellings of one person."""

    slug: dict[str, str]
    labelled: Pairs


def people(corpus: Path, billed: Iterable[str]) -> People:
    """Return the people of RubyEvents by billed name, and the pairs of spellings that its editors labelled."""
    slug: dict[str, str] = {}
    labelled: Pairs = set()
    names = set(billed)
    for person in lines(corpus / "linking" / "rubyevents_people.jsonl.gz"):
        spellings = [person["name"], *person.get("aliases", [])]
        slug |= dict.fromkeys(spellings, person["slug"])
        labelled |= set(itertools.combinations(sorted(set(spellings) & names), 2))
    return People(slug, labelled)


def pairs_of(groups: Iterable[Iterable[str]]) -> Pairs:
    """Return the pairs of different spellings within each group."""
    return {pair for group in groups for pair in itertools.combinations(sorted(set(group)), 2)}


def kind_of(one: str, other: str) -> str:
    """Return in which way two spellings of a person's name differ."""
    from rapidfuzz.distance import Levenshtein

    from graph.personal_names import personal_name

    first, second = personal_name(one), personal_name(other)
    words = [{word for word in (name.first, *name.middle.split(), name.last) if word} for name in (first, second)]
    given = set(first.given) & set(second.given)
    initial = first.first[0] == second.first[0] and 1 in (len(first.first), len(second.first))
    if words[0] == words[1] or first.squashed == second.squashed:
        return "equal after folding"
    if min(map(len, words)) > 1 and (words[0] < words[1] or words[1] < words[0]):
        return "a name within the other"
    if Levenshtein.distance(first.squashed, second.squashed) <= 2:
        return "two edits"
    if first.last_sound == second.last_sound:
        return "nickname or initial" if given or initial else "another given name"
    return "a handle" if first.single or second.single else "another surname" if given else "other"


# Events


def conferences(corpus: Path) -> tuple[list[Json], dict[str, str], list[Json], list[Json]]:
    """Return records of RubyEvents and of confs.tech, without addresses on the web; keys by mark; same; look-alikes."""
    records = []
    marks = {}
    for event in lines(corpus / "linking" / "rubyevents_events.jsonl.gz"):
        if event["start_date"]:
            records.append(
                _conference(
                    "rubyevents", event["id"], event["title"], event, address((event["location"] or "").split(","))
                )
            )
            marks[event["id"]] = event["id"]
    for number, event in enumerate(lines(corpus / "linking" / "confs_tech_events.jsonl.gz")):
        where = address([event.get("city") or "", event.get("country") or ""])
        dates = {"start_date": event["startDate"], "end_date": event.get("endDate")}
        records.append(_conference("confs-tech", str(number), event["name"], dates, where))
        marks[f"{event['name']}\0{event['startDate']}\0{event.get('url')}"] = str(number)
    pairs = json.loads((corpus / "linking" / "conference_pairs.json").read_text())
    return records, marks, pairs["same"], pairs["look_alikes_far_apart_in_time"]


def _conference(source: str, key: str, name: str, dates: Json, where: Json | None) -> Json:
    return stamped(source, key, {"type": "Event", "id": key, "name": name, "startDate": dates["start_date"],
                                 "endDate": dates["end_date"], "location": where})  # fmt: skip


# Names alone


def name_pairs(corpus: Path) -> list[tuple[str, str, bool]]:
    """Return pairs of people's names, and whether they are held to be one person's."""
    with (corpus / "linking" / "name_pairs" / "name_bench" / "cases.csv").open(encoding="utf-8") as file:
        return [
            (row["name1"], row["name2"], row["is_match"] == "true")
            for row in csv.DictReader(file)
            if row["schema"] == "Person"
        ]


# The Breton scene


def facts(corpus: Path) -> list[Json]:
    """Return the records that the pages of the Breton scene state, a source a page."""
    records = []
    for number, page in enumerate(json.loads((corpus / "facts" / "pages.json").read_text())):
        source = f"page-{number}"
        stated: list[Json] = [
            {
                "type": "Person",
                "name": each["name"],
                "jobTitle": each["role"],
                "worksFor": _organization(each["organisation"]),
            }
            for each in page["people"]
        ]
        stated += [_place(each["name"], each["city"], each["kind"]) for each in page["places"]]
        for each in page["events"]:
            series = {"type": "EventSeries", "name": each["series"]} if each["series"] else None
            host = [_organization(each["organiser"])] if each["organiser"] else None
            speakers = [{"type": "Person", "name": name} for name in each["speakers"]]
            where = each["place"] or each["city"]
            stated.append(
                {
                    "type": "Event",
                    "name": each["name"],
                    "startDate": each["start_date"],
                    "endDate": each.get("end_date"),
                    "location": _place(where, each["city"]) if where else None,
                    "organizer": host,
                    "performer": speakers,
                    "superEvent": series,
                }
            )
        stated += [{"type": "EventSeries", "name": name} for name in page.get("series_named", [])]
        stated += [{"type": "Organization", "name": name} for name in page.get("organisations_named", [])]
        records += [stamped(source, str(serial), record) for serial, record in enumerate(stated)]
    return records


def _organization(name: str | None) -> Json | None:
    return {"type": "Organization", "name": name} if name else None


def _place(name: str, city: str | None, kind: str | None = None) -> Json:
    where = {"addressLocality": city} if city else None
    place = {"type": "Place", "name": name, "address": where, "additionalType": kind}
    return {key: value for key, value in place.items() if value}
