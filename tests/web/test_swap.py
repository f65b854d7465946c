"""A new export takes the place of the old one while pages are being asked for: nobody notices but by what is new."""

import threading
from pathlib import Path

import httpx
import pytest

from graph.link import FILE, save
from output.exports import export
from output.index import IndexFileError
from output.web.app import create_app
from tests.conftest import Recroise
from tests.web import made
from tests.web.conftest import serving
from tests.web.made import PLACE

FORMATS = ["index", "graph", "changes", "sources", "notice", "erasures"]
EXPORTS = 4


def renamed(data: Path, name: str) -> None:
    nodes = [{**node, "name": name} if node["id"] == PLACE else node for node in made.NODES]
    save(made.graph(nodes, made.EDGES), data / FILE)
    export(data, formats=FORMATS)


def test_an_export_is_replaced_under_load(tmp_path: Path) -> None:
    data = tmp_path / "data"
    made.site(data, made.NODES, made.EDGES).close()
    paths = [f"/fr/{node['id']}/" for node in made.NODES] + [
        "/fr/",
        "/en/search/?q=open",
        "/fr/sources/",
        "/fr/town/lorient/",
    ]
    stop, statuses = threading.Event(), []

    def ask(address: str, first: int) -> None:
        with httpx.Client(base_url=address) as client:
            number = first
            while not stop.is_set():
                statuses.append((paths[number % len(paths)], client.get(paths[number % len(paths)]).status_code))
                number += 1

    with serving(data) as address:
        askers = [threading.Thread(target=ask, args=(address, 7 * number)) for number in range(4)]
        for asker in askers:
            asker.start()
        try:
            for number in range(EXPORTS):
                renamed(data, f"La Cantine {number}")
                assert f"La Cantine {number}" in httpx.get(f"{address}fr/{PLACE}/").text, "the new one, at once"
        finally:
            stop.set()
            for asker in askers:
                asker.join(30)
    assert len(statuses) > 4 * EXPORTS
    assert [each for each in statuses if each[1] != 200] == []


def test_without_an_index_one_line_says_what_to_do(tmp_path: Path, recroise: Recroise) -> None:
    with pytest.raises(IndexFileError, match="recroise export"):
        create_app(tmp_path)
    done = recroise("serve", "--data", tmp_path, "--port", "0")
    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1
    assert "recroise export" in done.stderr
