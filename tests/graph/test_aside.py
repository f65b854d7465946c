"""Work aside: whatever is done in another process comes out the same, and a process that is gone says what to do."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from crawler.stored import StoredRecord
from graph import ahead, aside, probabilistic
from graph.aside import AsideError
from graph.foretold import foretold
from graph.link import Linked, decide
from graph.mentions import mentions
from graph.personal_names import personal_name
from graph.scoring import Candidates
from tests.graph.test_linking import COLLOC, event, person, place


def told_by_many() -> list[StoredRecord]:
    """Return an evening that three sources tell of, with who spoke there under several spellings, and some homonyms."""
    speakers = [{"type": "Person", "name": name} for name in ("Karine Sabatier", "Édouard Forzy", "Yann Le Goff")]
    evening = {"performer": speakers, "organizer": [COLLOC]}
    names = ("Karine Sabatier", "SABATIER Karine", "Edouard Forzy", "Yann Legoff", "Paul Martin", "Paul Martin")
    return [
        *(event(n, "Open Coffee #4", "2012-11-08T18:30", "Brest", **evening) for n in range(3)),
        *(event(10 + n, "OpenCoffee", "2012-11-15", "Lorient") for n in range(2)),
        *(person(20 + n, name, worksFor=COLLOC) for n, name in enumerate(names)),
        *(place(30 + n, "La Cantine", city) for n, city in enumerate(("Brest", "Brest", "Rennes"))),
    ]


def said(linked: Linked) -> tuple[Any, ...]:
    return linked.clusters.groups, list(linked.matches), list(linked.undecided), linked.clusters.conflicts


def test_what_another_process_does_comes_out_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    here = said(decide(told_by_many(), {}))
    monkeypatch.setattr(aside, "MANY", 1)
    monkeypatch.setattr(probabilistic, "MANY", 1)
    monkeypatch.setattr(ahead, "CHUNK", 5)
    assert said(decide(told_by_many(), {})) == here


def _killed(*_: object) -> Candidates:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def test_a_process_that_was_killed_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "MANY", 1)
    monkeypatch.setattr(probabilistic, "_compared", _killed)
    with pytest.raises(AsideError, match="for want of memory; nothing was changed"):
        decide(told_by_many(), {})


def test_names_that_nobody_looked_at_ahead_are_looked_at_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here = said(decide(told_by_many(), {}))
    monkeypatch.setattr(ahead, "CHUNK", 5)
    monkeypatch.setattr(ahead, "_answers", _killed)
    assert said(decide(told_by_many(), {})) == here


def test_what_was_told_ahead_is_not_found_out_again() -> None:
    asked = []

    @foretold(10)
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    double.told.update({(1,): 2, (3,): 6})
    assert [double(number) for number in (1, 2, 3, 1, 2, 3)] == [2, 4, 6, 2, 4, 6]
    assert asked == [2]


def test_when_this_process_is_killed_the_other_goes_and_takes_its_folder_along() -> None:
    code = """
import os, tempfile
import pyarrow as pa
from graph import aside
aside.MANY = 1
with aside.aside(2) as beside:
    assert beside.do(len, rows=pa.table({"name": ["Karine Sabatier"]})).result() == 1
    print(beside.do(tempfile.mkdtemp, rows=None).result(), flush=True)
    os.kill(os.getpid(), 9)
"""
    # Both processes write into one pipe: it ends when both are gone.
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told.returncode == -signal.SIGKILL
    folder = Path(told.stdout.strip()).parent
    assert folder.name
    assert not folder.exists()


def test_rows_that_nobody_holds_any_more_are_still_the_ones_that_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "MANY", 1)
    with aside.aside(2) as beside:
        found = [beside.do(pa.Table.to_pylist, rows=pa.table({"n": [number]})) for number in range(30)]
        assert [each.result() for each in found] == [[{"n": number}] for number in range(30)]


def _none(*_: object) -> Any:
    raise OSError(38, "Function not implemented")


def test_where_no_process_can_be_started_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here = said(decide(told_by_many(), {}))
    monkeypatch.setattr(aside, "MANY", 1)
    monkeypatch.setattr(ahead, "CHUNK", 5)
    monkeypatch.setattr(aside, "process", _none)
    monkeypatch.setattr(ahead, "process", _none)
    assert said(decide(told_by_many(), {})) == here


def test_nothing_of_what_was_found_out_ahead_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "CHUNK", 5)
    turn = sys.getswitchinterval()
    with pytest.raises(LookupError), ahead.ahead() as names, ahead.ahead():
        assert len(list(names.reading(mentions(told_by_many(), {})))) > 5
        names.wait()
        assert personal_name.told
        raise LookupError
    assert not personal_name.told
    assert sys.getswitchinterval() == turn
