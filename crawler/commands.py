"""The commands of this room: crawl, read, ingest, detect, add, sources."""

import logging
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer()

Data = Annotated[
    Path, typer.Option("--data", envvar="RECROISE_DATA", help="Directory of the store, the graph and the export.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Catalogue = Annotated[
    list[Path] | None, typer.Option("--catalogue", help="Catalogue file to use instead of the packaged ones; repeat.")
]
Region = Annotated[str | None, typer.Option("--region", help="ISO 3166-2 region (FR-BRE) or country (FR).")]
Community = Annotated[str | None, typer.Option("--community", help="open-coffee, cantine, coworking-wiki …")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Log each step to standard error.")]

DEFAULT_DATA = Path("data")


class CommandError(ValueError):
    """What the command was given cannot be used."""


@app.command()
def crawl(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Sources to read; all when none.")] = None,
    data: Data = DEFAULT_DATA,
    catalogue: Catalogue = None,
    region: Region = None,
    community: Community = None,
    due: Annotated[bool, typer.Option("--due", help="Only sources whose interval has gone by.")] = False,
    json: Json = False,
    verbose: Verbose = False,
) -> None:
    """Fetch sources and store what they say. Exit status 0: all well, 3: some sources failed, 1: all did."""
    from crawler import run, show

    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, stream=sys.stderr, format="%(message)s")
    with show.progress("reading") as step:
        report = run.crawl(
            data, ids or [], catalogue=catalogue or [], region=region, community=community, due=due, progress=step
        )
    show.crawl_report(report, json)
    raise typer.Exit(report.exit_code)


@app.command()
def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Saved documents; .gz is unpacked.")],
    url: Annotated[str | None, typer.Option("--url", help="Address that the document was saved from.")] = None,
    format: Annotated[str | None, typer.Option("--format", help="Reader to use instead of finding out.")] = None,  # noqa: A002
    now: Annotated[str | None, typer.Option("--now", help="Day or instant of the reading, ISO 8601.")] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON lines: always so, whether asked or not.")] = True,  # noqa: ARG001
) -> None:
    """Run the readers on saved documents, without network; print the records as JSON lines."""
    from crawler import saved

    raise typer.Exit(saved.read_files(files, url, format, now))


@app.command()
def ingest(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Records as JSON lines; .gz is unpacked.")],
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Take records as JSON lines: another instance's export, a benchmark's data."""
    from crawler import saved, show

    result = saved.ingest_files(files, data)
    show.ingest_result(result, json)
    raise typer.Exit(1 if result.refused else 0)


@app.command()
def detect(
    url: Annotated[str, typer.Argument(help="Address to look at.")],
    json: Json = False,
    private: Annotated[bool, typer.Option("--private", help="The address may lie on a private network.")] = False,
) -> None:
    """Look at one address: every format found, the best one, and a few sample records."""
    from crawler import probe, show

    show.detection(probe.detect(url, private), json)


@app.command()
def add(
    url: Annotated[str, typer.Argument(help="Address of the source.")],
    id: Annotated[str | None, typer.Option("--id", help="Short stable id; made from the host when absent.")] = None,  # noqa: A002
    region: Annotated[str, typer.Option("--region", help="ISO 3166-2 region, such as FR-BRE.")] = "world",
    community: Annotated[str, typer.Option("--community", help="open-coffee, cantine, blog …")] = "agenda",
    licence: Annotated[str, typer.Option("--licence", help="Licence of the source's data.")] = "unknown",
    data: Data = DEFAULT_DATA,
    private: Annotated[bool, typer.Option("--private", help="The address may lie on a private network.")] = False,
    json: Json = False,
) -> None:
    """Look at an address, then append it to your own catalogue (catalogue/mine.toml in the data directory)."""
    from crawler import probe, show

    added = probe.add(url, data, id=id, region=region, community=community, licence=licence, private=private)
    show.added(added, json)


@app.command()
def sources(
    data: Data = DEFAULT_DATA,
    catalogue: Catalogue = None,
    region: Region = None,
    community: Community = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="ID", help="Believe what is held back of a source; repeat.")
    ] = None,
    json: Json = False,
) -> None:
    """List the catalogue with each source's state, last good run, trend, next try and reason of failure."""
    from crawler import limits, runs, show
    from crawler.catalogue import load
    from crawler.datadir import has_store, open_store, write_lock

    limits.apply()
    rows: dict[str, dict[str, Any]] = {}
    if accept and not has_store(data):
        raise CommandError(f"{data}: nothing was read here yet, so nothing is held back; say another one with --data")
    if has_store(data):
        if accept:
            with write_lock(data), open_store(data) as store:
                if refused := [each for each in accept if not runs.accept(store, each)]:
                    raise CommandError(f"{', '.join(refused)}: nothing is held back of it; 'recroise sources' tells")
        with open_store(data) as store:
            rows = runs.table(store)
    chosen = [each for each in load(catalogue or [], data).values() if each.matches(region, community)]
    show.sources(chosen, rows, json)
