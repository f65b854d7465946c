"""How this room's commands show what they did: tables and progress for people, JSON for programs."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from crawler.text import clean

if TYPE_CHECKING:
    from crawler.catalogue import Source
    from crawler.detection import Detection
    from crawler.probe import Added
    from crawler.run import Report
    from crawler.saved import IngestResult

MAX_LINES = 5  # problems of one document that are shown to people; --json has them all

STYLES = {
    "healthy": "green", "empty": "yellow", "shrinking": "yellow", "stale": "yellow", "never seen": "dim",
    "failing": "red", "refused": "red", "gone": "red",
}  # fmt: skip


def print_json(value: Any) -> None:
    """Print one JSON document on standard output."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on standard error while in the context, on a terminal only; gives the function that moves it."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def crawl_report(report: "Report", json: bool, err: bool = False) -> None:
    """Print how each source fared, on standard error when ``err``."""
    if json:
        print_json(report.to_json())
        return
    if not report.sources:
        typer.echo("Nothing to read: no source was chosen, or none is due.", err=err)
        return
    rows: list[tuple[str | Text, ...]] = []
    for source in report.sources:
        outcome = source.outcome
        why = source.run.why or _problems(len(outcome.problems) + outcome.more_problems)
        numbers = (outcome.read, outcome.unchanged, outcome.records, source.counts.new, source.counts.changed)
        rows.append((source.id, _state(source.state), *(str(number) for number in numbers), Text(clean(why))))
    table("source", "state", "read", "unchanged", "records", "new", "changed", "why", rows=rows, err=err)
    failed = sum(source.failed for source in report.sources)
    well = len(report.sources) - failed
    typer.echo(f"{well} sources read" + (f", {failed} failed" if failed else "") + f"; {_politeness(report)}", err=err)
    if report.interrupted:
        typer.echo("Stopped before the end; the next crawl goes on from here.", err=err)


def _politeness(report: "Report") -> str:
    outcomes = [source.outcome for source in report.sources]
    requests, brought = sum(each.requests for each in outcomes), sum(each.bytes for each in outcomes)
    waited = sum(each.waited for each in outcomes)
    asked = f", {waited:.0f} seconds waited as asked" if waited else ""
    return f"{requests} requests, {brought:,} bytes{asked}"


def _problems(count: int) -> str:
    return f"{count} problem{'s' if count > 1 else ''} (--json tells)" if count else ""


def sources(chosen: Iterable["Source"], known: Mapping[str, Mapping[str, Any]], json: bool) -> None:
    """Print the catalogue with what is known of each source."""
    never: dict[str, Any] = {"state": "never seen"}
    rows = [(source, known.get(source.id, never)) for source in chosen]
    if json:
        keys = dict.fromkeys(("state", "reason", "last_run", "last_good", "documents", "records"))
        print_json([{**source.model_dump(), **keys, **row} for source, row in rows])
        return
    table(
        "source", "community", "region", "state", "last good", "records", "trend", "next try", "why",
        rows=[
            (
                source.id,
                source.community,
                source.region,
                _state(row["state"] + (", held" if row.get("held_since") else "")),
                (row.get("last_good") or "")[:10],
                str(row.get("records", "")),
                row.get("trend", ""),
                _next(row),
                Text(clean(row.get("reason") or "")),
            )
            for source, row in rows
        ],
    )  # fmt: skip
    typer.echo(f"{len(rows)} sources")


def _next(row: Mapping[str, Any]) -> str:
    return f"{row['next_try'][:10]}: {row['next_why']}" if row.get("next_try") else ""


def ingest_result(result: "IngestResult", json: bool) -> None:
    """Print what was taken and, on standard error, each line that was refused."""
    for line in result.refused:
        typer.echo(clean(line), err=True)
    counts = result.counts
    if json:
        numbers = {"new": counts.new, "changed": counts.changed, "same": counts.same}
        print_json({**numbers, "refused": result.refused, "dropped": result.dropped})
        return
    typer.echo(
        f"{counts.new} records new, {counts.changed} changed, {counts.same} as before, {len(result.refused)} refused"
    )


def detection(found: "Detection", json: bool) -> None:
    """Print what can be read at an address and behind it, the richest first."""
    if json:
        print_json(found.to_json())
        return
    best = found.best
    typer.echo(f"{found.url}: " + (f"best read as {best.format}" if best else "nothing that can be read"))
    for number, each in enumerate(found.found, 1):
        what = ", ".join(f"{count} {kind}" for kind, count in sorted(each.types.items())) or "no records"
        pages = f", {each.entries} further pages" if each.entries else ""
        typer.echo(f"{number}. {clean(each.url)}: {each.format}: {what}{pages} ({clean(each.why)})")
        for name, why in each.formats:
            typer.echo(f"   {name}: {clean(why)}")
        for record in each.samples if each is best else ():
            parts = (record["type"], record["name"], record.get("startDate"))
            typer.echo("   e.g. " + clean(" · ".join(filter(None, parts))))
        for line in each.problems[:MAX_LINES]:
            typer.echo(f"   {clean(line)}")
    for link in found.named:
        typer.echo(f"also named, not looked at: {clean(link.url)}")
    for line in found.problems:
        typer.echo(f"  {clean(line)}")


def added(result: "Added", json: bool) -> None:
    """Print what was added, and where."""
    best = result.detection.best
    if json:
        what = {"url": best.url, "format": best.format} if best else {}
        print_json({"id": result.id, "file": str(result.file), **what})
        return
    detection(result.detection, json=False)
    typer.echo(f"Added as {result.id} to {result.file}. Next: recroise crawl {result.id}")


def table(*headers: str, rows: Iterable[tuple[str | Text, ...]], err: bool = False) -> None:
    """Print a table that fits the screen; whole lines where the output is not a terminal."""
    stream = sys.stderr if err else sys.stdout
    console = Console(file=stream, width=None if stream.isatty() else 200, highlight=False)
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers:
        grid.add_column(header, overflow="fold")
    for row in rows:
        # Text from sources is never markup.
        grid.add_row(*(cell if isinstance(cell, Text) else Text(clean(cell)) for cell in row))
    console.print(grid)


def _state(state: str) -> Text:
    return Text(state, style=STYLES.get(state.partition(",")[0], ""))
