"""The command line as people use it: what it prints, where, and with which exit status."""

import json
import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crawler.saved import load
from tests.conftest import Recroise, Sample

SAVED = Path(__file__).parent / "readers" / "saved"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "nope"), "nope: no node has this id"),
        (("why", "nope"), "nope: no node or record has this id"),
        (("met",), "give at least one clue"),
        (("met", "--when", "jadis"), "no period that can be read"),
        (("search", "x", "--near", "Atlantis"), "nothing in the graph is in that town"),
        (("search", "x", "--near", "Lorient", "--within", "loin"), "say a distance such as 30km"),
        (("export", "--format", "gexf"), "unknown format gexf"),
        (("judge", "maybe", "a", "b"), "say same, different or unsure"),
        (("crawl", "nope"), "no source is called nope"),
        (("crawl", "--catalogue", "/nowhere.toml"), "/nowhere.toml: No such file or directory"),
        (("read", "/nowhere.ics"), "/nowhere.ics: No such file or directory"),
        (("ingest", "/nowhere.jsonl"), "/nowhere.jsonl: No such file or directory"),
        (("forget", "Karine"), "is one word"),
        (("forget", "person-000000000000"), "no node has this id"),
        (("serch",), "No such command 'serch'"),
        (("detect", "ftp://x.example"), "not an http or https address"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_a_status(
    recroise: Recroise, crawled: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = recroise(*arguments, RECROISE_DATA=str(crawled))
    assert done.returncode not in (0, 3)
    assert done.stdout == ""
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["search", "met", "show", "export", "link", "why"])
def test_with_no_data_it_says_what_to_run(recroise: Recroise, tmp_path: Path, command: str) -> None:
    arguments = {"search": ["x"], "met": ["--name", "x"], "show": ["x"], "why": ["x"]}.get(command, [])
    done = recroise(command, *arguments, "--data", tmp_path / "none")
    assert done.returncode == 1
    assert "run: recroise" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "cantine"),
        ("search", "zzzz"),
        ("met", "--name", "karine"),
        ("met", "--name", "zzzz"),
        ("sources",),
    ],
)
def test_json_is_all_there_is_on_standard_output(recroise: Recroise, crawled: Path, arguments: tuple[str, ...]) -> None:
    done = recroise(*arguments, "--json", "--data", crawled)
    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)


def test_met_answers_in_words(recroise: Recroise, crawled: Path) -> None:
    done = recroise("met", "--name", "karine", "--where", "Lorient", "--when", "2012", "--data", crawled)
    assert "Karine Sabatier" in done.stdout
    assert "on *Dynamique des Cantines*" in done.stdout
    assert "source: http://open-coffee-lorient.localhost" in done.stdout


def test_read_prints_records_as_json_lines(recroise: Recroise) -> None:
    done = recroise("read", SAVED / "icalendar" / "odd.ics", "--url", "http://a.example/x.ics", "--now", "2012-11-20")
    assert done.returncode == 0
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["name"] for record in records] == ["Heure sans fuseau", "Un fuseau d'Outlook", "Toute la journée"]
    assert records[0]["source"]["url"] == "http://a.example/x.ics"
    assert "Une date" not in done.stdout
    assert "event casse" in done.stderr


def test_read_takes_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(pipe.write_bytes, b"BEGIN:VCALENDAR")
        assert load(pipe) == b"BEGIN:VCALENDAR"


def test_an_export_of_records_can_be_taken_in_elsewhere(recroise: Recroise, crawled: Path, tmp_path: Path) -> None:
    records = crawled / "export" / "records.jsonl"
    done = recroise("ingest", records, "--data", tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    taken = json.loads(done.stdout)
    assert taken["new"] == len(records.read_text().splitlines())
    assert recroise("link", "--data", tmp_path).returncode == 0
    assert recroise("export", "--data", tmp_path).returncode == 0
    done = recroise("met", "--name", "karine", "--json", "--data", tmp_path)
    assert json.loads(done.stdout)["answers"][0]["name"] == "Karine Sabatier"
    again = json.loads(recroise("ingest", records, "--data", tmp_path, "--json").stdout)
    assert (again["new"], again["changed"]) == (0, 0)


def test_a_broken_line_is_named_and_the_others_are_taken(recroise: Recroise, tmp_path: Path) -> None:
    source = {"id": "s", "url": "http://a.example/", "fetched": "2026-01-01T00:00:00Z"}
    good = json.dumps({"type": "Place", "name": "La Colloc", "source": source})
    bad = json.dumps({"type": "Place", "name": "La Colloc", "geo": {"latitude": 91, "longitude": 0}, "source": source})
    path = tmp_path / "records.jsonl"
    path.write_text(f"{good}\nnot json\n{bad}\n[]\n")
    done = recroise("ingest", path, "--data", tmp_path / "data")
    assert done.returncode == 1
    assert "1 records new" in done.stdout
    lines = done.stderr.splitlines()
    assert [line.split(": ")[0].rpartition(", ")[2] for line in lines] == ["line 2", "line 3", "line 4"]
    assert "geo.latitude" in lines[1]


def test_detect_and_add_lead_to_a_crawl(recroise: Recroise, sample: Sample) -> None:
    url = sample.web.url("technopole-lorient", "/agenda/technopole.ics")
    found = json.loads(recroise("detect", url, "--private", "--json").stdout)
    assert found["best"] == "icalendar"
    assert found["types"]["Event"] >= 7
    assert recroise("detect", url).stderr.count("private_network = true") == 1
    added = recroise("add", url, "--private", "--id", "occ", "--region", "FR-BRE", "--data", sample.data)
    assert added.returncode == 0, added.stderr
    again = recroise("add", url, "--private", "--id", "occ", "--data", sample.data)
    assert "already taken" in again.stderr
    crawled = json.loads(recroise("crawl", "occ", "--data", sample.data, "--json").stdout)
    assert crawled["sources"][0]["state"] == "healthy"
    listed = json.loads(recroise("sources", "--region", "FR-BRE", "--data", sample.data, "--json").stdout)
    assert next(each for each in listed if each["id"] == "occ")["state"] == "healthy"


def test_run_is_one_at_a_time(recroise: Recroise, tmp_path: Path) -> None:
    from filelock import FileLock

    with FileLock(tmp_path / ".run.lock"):
        done = recroise("run", "--data", tmp_path)
    assert done.returncode == 1
    assert "already under way" in done.stderr


def test_run_with_every_source_failing_says_1(recroise: Recroise, sample: Sample) -> None:
    text = sample.catalogue.read_text()
    dead = text[text.index('[[source]]\nid = "sample-dead-site"') : text.index('[[source]]\nid = "sample-robots"')]
    sample.catalogue.write_text(text.partition("[[source]]")[0] + dead)
    done = recroise("run", "--data", sample.data, "--catalogue", sample.catalogue)
    assert done.returncode == 1, done.stderr
    assert "sample-dead-site (failing)" in done.stdout


def test_forget_erases_and_keeps_from_coming_back(recroise: Recroise, sample: Sample) -> None:
    arguments = ("run", "--data", sample.data, "--catalogue", sample.catalogue)
    recroise(*arguments)
    assert traces(sample.data, "sabatier")
    with sqlite3.connect(sample.data / "export" / "index.sqlite") as index:  # as after an update of the program
        index.execute("UPDATE meta SET value = '1' WHERE key = 'version'")
    done = recroise("forget", "karine SABATIER", "--data", sample.data)
    assert done.returncode == 0, done.stderr
    assert "graph.json" in done.stdout
    assert traces(sample.data, "sabatier") == []
    crawled = recroise("crawl", "--data", sample.data, "--catalogue", sample.catalogue, "--json")
    assert any(source["dropped"].get("excluded person") for source in json.loads(crawled.stdout)["sources"])
    recroise("link", "--data", sample.data)
    recroise("export", "--data", sample.data)
    assert traces(sample.data, "sabatier") == []
    met = json.loads(recroise("met", "--name", "karine", "--json", "--data", sample.data).stdout)
    assert met["answers"] == []


def traces(data: Path, word: str) -> list[str]:
    """Return the files of a data directory in which a word stands, folded or not."""
    return [
        str(path)
        for path in data.rglob("*")
        if path.is_file() and word in path.read_bytes().decode("utf-8", "replace").casefold()
    ]


def test_people_decide_what_is_one(recroise: Recroise, crawled: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(crawled, data)

    def found(name: str) -> dict:
        listed = recroise("search", name, "--type", "Person", "--json", "--data", data)
        return json.loads(listed.stdout)[0]

    adrien, julien = found("Adrien Poggetti"), found("Julien Hervouët")
    names = (adrien["id"], julien["id"])
    why = recroise("why", *names, "--data", data)
    assert "They are two." in why.stdout
    assert "their names differ" in why.stdout
    judged = recroise("judge", "same", *names, "--why", "one person", "--by", "x", "--json", "--data", data)
    line = json.loads(judged.stdout)
    assert (line["verdict"], line["by"], line["why"]) == ("same", "x", "one person")
    recroise("link", "--data", data)
    recroise("export", "--data", data)
    one = found("Adrien Poggetti")
    assert one["id"] == found("Julien Hervouët")["id"]
    assert {one["name"], *one["other_names"]} == {"Adrien Poggetti", "Julien Hervouët"}
    old = (set(names) - {one["id"]}).pop()
    shown = json.loads(recroise("show", old, "--json", "--data", data).stdout)
    assert shown["id"] == one["id"]
    made = json.loads(recroise("why", one["id"], "--json", "--data", data).stdout)
    assert {line["left"], line["right"]} <= {part["mention"] for part in made["parts"]}
    assert "judged the same by x" in recroise("why", line["left"], line["right"], "--data", data).stdout
    recroise("judge", "unsure", line["left"], line["right"], "--data", data)
    recroise("link", "--data", data)
    recroise("export", "--data", data)
    assert found("Adrien Poggetti")["id"] != found("Julien Hervouët")["id"]


def test_every_command_has_help_and_stands_in_the_readme_or_docs(recroise: Recroise) -> None:
    from output.cli import ORDER

    root = Path(__file__).parents[1]
    text = "".join(path.read_text(encoding="utf-8") for path in [root / "README.md", *(root / "docs").glob("*.md")])
    listed = recroise("--help").stdout
    for command in ORDER:
        assert f"  {command} " in listed
        assert f"recroise {command}" in text, command


def test_the_demo_tells_its_story(recroise: Recroise, tmp_path: Path) -> None:
    done = recroise("demo", "--data", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Karine Sabatier" in done.stdout
    assert "Try next" in done.stdout
