"""What people decided about merges: an append-only log in JSON lines, which can live in git.

A later line on the same pair replaces an earlier one; ``unsure`` takes a judgement back. Nothing is ever lost.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

import orjson
from boltons.fileutils import atomic_save

Verdict = Literal["same", "different", "unsure"]
VERDICTS: tuple[str, ...] = get_args(Verdict)

FILE = "judgements.jsonl"
_UNMERGED = (b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")  # what git writes into a file that it cannot merge


class JudgementError(ValueError):
    """A judgement that cannot be read or made: where, and why."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One line: two mention keys, the verdict, by whom, when (ISO 8601, UTC) and why."""

    left: str
    right: str
    verdict: str
    by: str = ""
    when: str = ""
    why: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        return (self.left, self.right) if self.left <= self.right else (self.right, self.left)


def load(path: Path) -> list[Judgement]:
    """Return the log's lines in order, none where there is no file.

    A line that a crash cut off is left out; any other broken one is a JudgementError: decisions are not guessed.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if line.startswith(_UNMERGED):
            raise JudgementError(f"{path}, line {number}: git left a merge unfinished: keep the lines of both sides")
        try:
            found.append(_judgement(orjson.loads(line)))
        except ValueError as error:
            # Where the writing broke off, the next line was put on a line of its own.
            torn = line.startswith(b"{") and not line.rstrip().endswith(b"}")
            if not (isinstance(error, orjson.JSONDecodeError) and torn):
                raise JudgementError(f"{path}, line {number}: not a judgement: {error}") from None
    return found


def _judgement(stated: Any) -> Judgement:
    """Return the judgement of a line; ValueError for what is none."""
    if not isinstance(stated, dict):
        raise ValueError("no object")
    known = [field.name for field in fields(Judgement)]
    for name in ("left", "right", "verdict"):
        if name not in stated:
            raise ValueError(f"{name} is missing")
    for name, value in stated.items():
        if name not in known:
            raise ValueError(f"unknown key {name!r}")
        if not isinstance(value, str):
            raise ValueError(f"{name} is no text: {value!r}")
    if stated["verdict"] not in VERDICTS:
        raise ValueError(f"verdict {stated['verdict']!r}")
    return Judgement(**stated)


def append(path: Path, judgement: Judgement) -> None:
    """Add a line to the log."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        file.seek(0)
        torn = (content := file.read()) and not content.endswith(b"\n")
        file.write((b"\n" if torn else b"") + orjson.dumps(asdict(judgement), option=orjson.OPT_APPEND_NEWLINE))


def redact(path: Path, redacted: Callable[[str], str]) -> bool:
    """Take names out of the log's reasons: for erasure. Whether there were any; the decisions stay."""
    log = load(path)
    kept = [replace(each, why=redacted(each.why), by=redacted(each.by)) for each in log]
    if kept == log:
        return False
    with atomic_save(str(path), overwrite_part=True) as file:
        file.write(b"".join(orjson.dumps(asdict(each), option=orjson.OPT_APPEND_NEWLINE) for each in kept))
    return True


def standing(judgements: Iterable[Judgement]) -> dict[tuple[str, str], Judgement]:
    """Return the judgement that stands for each pair: the last one, where it is not ``unsure``."""
    last = {judgement.pair: judgement for judgement in judgements}
    return {pair: judgement for pair, judgement in last.items() if judgement.verdict != "unsure"}
