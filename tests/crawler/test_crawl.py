"""The crawl of the sample web: what is asked for, what is stored, what happens the second time."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crawler.datadir import write_lock
from crawler.store import Store
from tests.conftest import ROOT, Recroise, Sample


def crawl(recroise: Recroise, sample: Sample, *arguments: str) -> dict:
    done = recroise("crawl", "--data", sample.data, "--catalogue", sample.catalogue, "--json", *arguments)
    assert done.returncode in (0, 3), done.stderr
    return {source["id"]: source for source in json.loads(done.stdout)["sources"]}


def test_a_crawl_says_nothing_beside_its_report(recroise: Recroise, sample: Sample) -> None:
    done = recroise("crawl", "--data", sample.data, "--catalogue", sample.catalogue, "--json")
    assert done.stderr == ""
    assert json.loads(done.stdout)["sources"]


def test_the_second_crawl_downloads_no_page_and_stores_nothing_new(recroise: Recroise, sample: Sample) -> None:
    first = crawl(recroise, sample)
    pages = sample.web.traffic.pages()
    second = crawl(recroise, sample)
    assert pages == sum(source["read"] for source in first.values()) > 30
    assert sample.web.traffic.pages() == pages
    for source in second.values():
        assert (source["read"], source["new"], source["changed"]) == (0, 0, 0), source
    assert sum(source["unchanged"] for source in second.values()) == pages
    with Store(sample.data / "store.sqlite") as store:
        assert all(store.history(record.key) == [] for record in store.records())


def test_one_bad_source_never_stops_the_others(recroise: Recroise, sample: Sample) -> None:
    sources = crawl(recroise, sample)
    states = {name: source["state"] for name, source in sources.items()}
    assert states.pop("sample-dead-site") == "failing"
    assert states.pop("sample-robots") == "refused"
    assert states.pop("sample-broken-feed") == "empty"
    assert set(states.values()) == {"healthy"}
    assert "503" in sources["sample-dead-site"]["reason"]
    assert "robots.txt" in sources["sample-robots"]["reason"]
    assert any("broken feed" in line for line in sources["sample-broken-feed"]["problems"])


def test_the_crawl_says_who_it_is_and_obeys_robots(recroise: Recroise, sample: Sample) -> None:
    crawl(recroise, sample)
    seen = sample.web.traffic.headers
    assert all(each["User-Agent"].startswith("Recroise/") and "+http" in each["User-Agent"] for each in seen)
    assert {each["path"] for each in seen if each["host"] == "interdit"} == {"/robots.txt"}
    first_of_host: dict[str, str] = {}
    for each in seen:
        first_of_host.setdefault(each["host"], each["path"])
    assert set(first_of_host.values()) == {"/robots.txt"}


def test_no_contact_detail_is_stored(recroise: Recroise, sample: Sample) -> None:
    crawl(recroise, sample)
    with Store(sample.data / "store.sqlite") as store:
        text = json.dumps([record.body for record in store.records()], ensure_ascii=False)
    assert "accueil@" not in text
    assert "eric@" not in text
    assert "02 9" not in text
    assert "hello@" not in text


def test_a_run_can_be_narrowed(recroise: Recroise, sample: Sample) -> None:
    assert set(crawl(recroise, sample, "sample-la-colloc")) == {"sample-la-colloc"}
    region = crawl(recroise, sample, "--region", "FR-BRE", "--community", "cantine")
    assert set(region) == {"sample-cantine-rennes", "sample-cantine-brest"}
    assert crawl(recroise, sample, "--due", "sample-la-colloc") == {}


def test_private_addresses_are_refused_unless_the_catalogue_names_them(recroise: Recroise, sample: Sample) -> None:
    text = sample.catalogue.read_text().replace("private_network = true", "private_network = false")
    sample.catalogue.write_text(text)
    sources = crawl_failing(recroise, sample, "sample-la-colloc")
    assert sources["sample-la-colloc"]["state"] == "refused"
    assert "private_network = true" in sources["sample-la-colloc"]["reason"]
    assert sample.web.traffic.requests.total() == 0


def crawl_failing(recroise: Recroise, sample: Sample, *arguments: str) -> dict:
    done = recroise("crawl", "--data", sample.data, "--catalogue", sample.catalogue, "--json", *arguments)
    assert done.returncode == 1, done.stderr
    return {source["id"]: source for source in json.loads(done.stdout)["sources"]}


def test_a_changed_catalogue_entry_reads_the_source_again(recroise: Recroise, sample: Sample) -> None:
    crawl(recroise, sample, "sample-cantine-brest")
    text = sample.catalogue.read_text().replace('city = "Brest"', 'city = "Brest"\nattendees = true')
    sample.catalogue.write_text(text)
    assert crawl(recroise, sample, "sample-cantine-brest")["sample-cantine-brest"]["read"] == 4
    assert sample.web.traffic.not_modified.total() == 0


def test_two_writers_at_once_one_stops(recroise: Recroise, sample: Sample) -> None:
    with write_lock(sample.data):
        done = recroise("crawl", "--data", sample.data, "--catalogue", sample.catalogue)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("try again when it has ended")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("spider", ["cantine", "open_coffee"])
def test_scrapys_own_command_works(sample: Sample, spider: str, tmp_path: Path) -> None:
    output = tmp_path / "items.jsonl"
    arguments = ["-a", "region=FR-BRE", "-a", f"catalogue={sample.catalogue}"]
    scrapy = [sys.executable, "-m", "scrapy", "crawl", spider, *arguments]
    done = subprocess.run(
        [*scrapy, "-O", output, "-L", "ERROR"],
        cwd=ROOT,
        env={**os.environ, "RECROISE_DATA": str(sample.data)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    items = [json.loads(line) for line in output.read_text().splitlines()]
    assert items
    assert all(item["source"]["licence"] == "CC0-1.0" and item["source"]["sha256"] for item in items)


def test_scrapy_lists_the_spiders() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["cantine", "coworking_wiki", "open_coffee", "sources"]


def killed_at(moment: float, *arguments: str | Path) -> None:
    """Run ``recroise`` and kill it after ``moment`` seconds, wherever it is: the moment is the test's input."""
    command = [sys.executable, "-c", "from output.cli import main; main()", *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()


def files(folder: Path) -> dict[str, bytes]:
    """Return what is published: the files of a folder, hidden ones aside."""
    found = (path for top in folder.glob("[!.]*") for path in (top, *top.rglob("*")))
    return {str(path): path.read_bytes() for path in found if path.is_file()}


def test_a_killed_run_leaves_the_last_export_whole(recroise: Recroise, sample: Sample) -> None:
    arguments = ("run", "--data", sample.data, "--catalogue", sample.catalogue)
    assert recroise(*arguments).returncode == 3
    before = files(sample.data / "export")
    for moment in range(6):
        killed_at(0.6 + moment * 0.25, *arguments)
        assert files(sample.data / "export") == before
    assert recroise(*arguments).returncode == 0  # nothing is due
    assert files(sample.data / "export") == before


def test_a_crawl_that_is_killed_again_and_again_ends_where_it_would_have(
    recroise: Recroise, sample: Sample, crawled: Path
) -> None:
    arguments = ("run", "--data", sample.data, "--catalogue", sample.catalogue)
    for moment in range(6):
        killed_at(0.9 + moment * 0.2, *arguments)
    done = recroise(*arguments)
    assert done.returncode in (0, 1, 3), done.stderr  # 1: only the dead site and the refusing one were left

    def names(data: Path) -> list[tuple[str, str]]:
        graph = json.loads((data / "export" / "graph.json").read_bytes())
        return sorted((node["type"], node["name"]) for node in graph["nodes"])

    assert names(sample.data) == names(crawled)
