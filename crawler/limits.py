"""The crawler's limits: what each is called, what it is, and how it is set.

A limit is a constant in capitals at the top of the module that keeps it, with what it counts beside it; its name is
``module.CONSTANT``, without the room. ``RECROISE_LIMITS`` sets another: ``readers.feed.MAX_ENTRIES=500``; commas part
several. What keeps it counts how often it was reached (``crawler/reached.py``).
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

VARIABLE = "RECROISE_LIMITS"
PAGE = Path(__file__).parents[1] / "docs" / "limits.md"

_ROOM = Path(__file__).parent
_NAME = re.compile(r"_?(?:MAX_[A-Z_]+|[A-Z_]+_MAX|[A-Z_]*MAXSIZE|REDIRECT_MAX_TIMES|[A-Z]+_TIMEOUT|RETRY_TIMES)|KEPT")
# Not of a crawl: tools for making the package, and what is shown on a screen.
_APART = frozenset(("gazetteer_build", "show", "limits"))
# Part of the record's contract: another instance would not take what is longer.
_FIXED = frozenset(("records.MAX_DESCRIPTION", "records.MAX_THINGS", "strict.MAX_NAME", "strict.MAX_WORDS"))

# Lengths by which one thing is told from another: a longer line is no heading of a column. Beyond them nothing is left
# out that would else be kept, so there is nothing to count.
_TELLING = frozenset(
    """
    listing.bodies.MAX_LENGTH listing.tables.MAX_HEAD listing.tables.MAX_SPANNED privacy.MAX_NAME_WORDS
    prose.article.MAX_END prose.article.MAX_SENTENCE prose.facts.MAX_SENSITIVE prose.figures.MAX_LABEL
    prose.names.MAX_NAME prose.names.MAX_PARTS spacelists.MAX_NAME
    """.split()
)
# Counted by what keeps them, under another name.
_COUNTED = {
    "backup.KEPT": "the copies in `data/backup/`",
    "backup.MAX_LINES": "`recroise check` says how many more",
    "due.REVISIT_MAX": "`next_try` and `next_why` in `recroise sources --json` and `health.json`",
    "outcomes.MAX_PROBLEMS": "`more_problems`",
    "retention.YEARS_MAX": "`retired` in `recroise link --json`",
    "runs.KEPT": "the runs themselves: older ones go",
    "saved.MAX_BYTES": "an error of the command that opens the file",
}
_COUNTING = frozenset(("cut", "first", "note", "over"))  # functions of ``reached``


class LimitError(ValueError):
    """A limit that cannot be set: which, and what is known."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit: its name, its default as the module writes it, its value, and what it counts."""

    name: str
    default: str
    value: float
    meaning: str

    counted: str  # how it shows that it was reached; empty where it does not
    setting: str  # what sets it; empty where it cannot be set

    @property
    def fixed(self) -> bool:
        return self.name in _FIXED

    @property
    def telling(self) -> bool:
        """Whether it is a length by which one thing is told from another, beyond which nothing is left out."""
        return self.name in _TELLING


@cache
def limits() -> dict[str, Limit]:
    """Return every limit of this room, by its name, as the modules state them."""
    modules = {}
    for path in sorted(_ROOM.rglob("*.py")):
        module = ".".join(path.relative_to(_ROOM).with_suffix("").parts).removesuffix(".__init__")
        if module not in _APART and not module.startswith("sampleweb"):
            modules[module] = path.read_text(encoding="utf-8")
    trees = {module: ast.parse(text) for module, text in modules.items()}
    counters = {name for tree in trees.values() for name in _counters(tree)}
    found = {}
    for module, tree in trees.items():
        lines = modules[module].splitlines()
        for node in tree.body:
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                continue
            constant, value = node.targets[0].id, _number(node.value)
            if value is not None and _NAME.fullmatch(constant):
                meaning = lines[node.lineno - 1].partition("#")[2].strip()
                name = f"{module}.{constant}"
                counted = f"`limit/{name}`" if name in counters else _COUNTED.get(name, "")
                if name in _NETWORK:
                    meaning, counted = _NETWORK[name]
                setting = "" if name in _FIXED else f"{VARIABLE}={name}"
                words = meaning or _in_words(constant)
                found[name] = Limit(name, ast.unparse(node.value), value, words, counted, setting)
    if unknown := counters - found.keys():
        raise LimitError(f"counted, but no limit: {', '.join(sorted(unknown))}")
    return found


def _counters(tree: ast.Module) -> Iterator[str]:
    """Yield the names of the limits that a module counts."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "reached"
            and node.func.attr in _COUNTING
            and isinstance(name := getattr(node.args[-1], "value", None), str)
        ):
            yield name


def apply(stated: str | None = None) -> None:
    """Set the limits that the environment names, or ``stated``.

    Raises:
        LimitError: for a limit that is not known or cannot be set, and for a value that is no number above zero.
    """
    given = os.environ.get(VARIABLE, "") if stated is None else stated
    wanted = [each.strip() for each in given.split(",") if each.strip()]
    known = limits() if wanted else {}
    for each in wanted:
        name, _, text = (part.strip() for part in each.partition("="))
        if name not in known:
            raise LimitError(f"{VARIABLE}: {name!r} is no limit; docs/limits.md lists them")
        if known[name].fixed:
            raise LimitError(f"{VARIABLE}: {name} is part of the record's contract and cannot be set")
        if not text.isdecimal() or not int(text):
            raise LimitError(f"{VARIABLE}: {name}={text}: say a whole number above zero")
        _set(name, int(text))


def _set(name: str, value: int) -> None:
    owner, _, constant = name.rpartition(".")
    module = import_module(f"crawler.{owner}")
    before = getattr(module, constant)
    # Modules that imported it have a name of their own for it, unless theirs is another limit.
    others = [each for each in limits() if each.endswith(f".{constant}")]
    for path, each in list(sys.modules.items()):
        own = f"{path.removeprefix('crawler.')}.{constant}"
        if path.startswith("crawler.") and own not in others and getattr(each, constant, None) is before:
            setattr(each, constant, value)
    setattr(module, constant, value)


def _number(node: ast.expr) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            one, other = _number(left), _number(right)
            return one * other if one is not None and other is not None else None
        case _:
            return None


def _in_words(constant: str) -> str:
    return constant.strip("_").removeprefix("MAX_").replace("_", " ").lower()


_HEAD = """\
# Limits

<!-- Written by `python -m crawler.limits` from the modules themselves. -->

Nothing that a source sends may use more than its share. Each limit has a name and a default; reaching one never ends a
run: the rest is left out, the others go on.

## Of one source's run

| limit | default | set by | counted as |
| --- | --- | --- | --- |
| `max_pages` | 200 requests | the source's entry in the catalogue | `budget/max_pages`, a problem of the source |
| `max_bytes` | 200,000,000 bytes | the same | `budget/max_bytes`, a problem of the source |
| `max_seconds` | 3,600 | the same | `budget/max_seconds`, a problem of the source |
| `minimum` | 0 records | the same | suspicion `below minimum`: kept out of the export |
| `every` | a day, or longer | the same | `next_try` in `recroise sources` and `health.json` |

A source that fails is tried after its interval, doubled with every failure in a row, at most 30 days later. One that
states no interval and stays the same is read less often, at most `due.REVISIT_MAX` days later. Budgets and problems
are in `recroise crawl --json` and `recroise run --json`; `scrapy crawl` shows the counters at its end.

## Of the network

Set by the environment: `RECROISE_LIMITS="settings.DOWNLOAD_TIMEOUT=10"`, or as in any Scrapy project:
`scrapy crawl sources -s NAME=VALUE`.

| limit | default | what | counted as |
| --- | --- | --- | --- |
"""
_NETWORK = {
    "settings.DOWNLOAD_MAXSIZE": ("bytes of one body, unpacked", "class `too large`"),
    "settings.TDMREP_MAXSIZE": (
        "bytes of a host's `/.well-known/tdmrep.json`, unpacked; a larger one reserves nothing",
        "`tdmrep/failed`",
    ),
    "settings.DOWNLOAD_TIMEOUT": ("seconds for one answer", "class `timeout`"),
    "settings.DNS_TIMEOUT": ("seconds for a name", "class `no such host`"),
    "settings.REDIRECT_MAX_TIMES": ("redirects in a row", "class `redirects`"),
    "settings.RETRY_TIMES": ("times that an answer that broke off is asked for again", "`retry/count`"),
    "settings.RETRY_AFTER_MAX": (
        "seconds that a server may make us wait",
        "`politeness/retry_after`, `waited`; asked for more: `next_try`",
    ),
    "settings.CRAWL_DELAY_MAX": ("seconds between requests that a robots.txt may ask for", "`politeness/crawl_delay`"),
}
_MIDDLE = """
Documents at private addresses, or at names that resolve to them, are counted as `guard/refused`, class
`address refused`.

## Of documents and of what is kept

Set in the same way: `RECROISE_LIMITS="readers.feed.MAX_ENTRIES=500, rows.MAX_ROWS=9000"`. How often a source reached
which of them in a run stands in `reached` of `recroise crawl --json` and `recroise run --json`, in `limits` of
`recroise sources --json` and `health.json` (of the last run), and among the crawl's counters as `limit/NAME`. What is
beyond a limit on rows, entries, events, occurrences or records is told among the source's problems as well.

| limit | default | of what | counted as |
| --- | --- | --- | --- |
"""
_END = """
## By which things are told apart

A line beyond one of these is not what is looked for, and goes the way of all other lines: nothing is left out, so
nothing is counted. They are set in the same way.

| length | default | of what |
| --- | --- | --- |
"""


def page() -> str:
    """Return the documentation's page on limits."""
    known = limits()
    network = [f"| `{n.partition('.')[2]}` | {known[n].default} | {w} | {c} |" for n, (w, c) in _NETWORK.items()]
    others = [
        f"| `{each.name}` | {each.default} | {each.meaning}{' (fixed: the contract)' if each.fixed else ''} "
        f"| {each.counted} |"
        for each in known.values()
        if not each.name.startswith("settings.") and not each.telling
    ]
    telling = [f"| `{each.name}` | {each.default} | {each.meaning} |" for each in known.values() if each.telling]
    return "".join(
        part + "\n".join(rows) + "\n" for part, rows in ((_HEAD, network), (_MIDDLE, others), (_END, telling))
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
