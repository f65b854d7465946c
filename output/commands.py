"""The commands of this room: export, search, met, show, serve, publish."""

import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from output.access import Held
    from output.index import Index
    from output.met import Answers
    from output.periods import Period
    from output.show import Shown
    from output.web.tiles import Tiles as MapTiles

app = typer.Typer()

Data = Annotated[
    Path, typer.Option("--data", envvar="RECROISE_DATA", help="Directory of the store, the graph and the export.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
DEFAULT_DATA = Path("data")
MOST_WORKERS = 4  # that serve where nobody says how many: each has an export open, and answers that it keeps
Tiles = Annotated[
    str | None,
    typer.Option(
        "--tiles", help="Map tiles of a server of yours: https://tiles.example.org/{z}/{x}/{y}.png. None: outlines."
    ),
]
Attribution = Annotated[str, typer.Option("--attribution", help="Whom the tiles are of, written on the map.")]


class OptionError(ValueError):
    """An option that cannot be used: which, and what to say instead."""


def print_json(value: Any) -> None:
    """Print one JSON document on standard output."""
    import orjson

    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


@app.command()
def export(
    to: Annotated[
        Path | None, typer.Option("--to", help="Directory to write to; export/ in the data directory.")
    ] = None,
    format: Annotated[  # noqa: A002
        list[str] | None, typer.Option("--format", help="graph, records, graphml …; repeat. All.")
    ] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Write the graph out, in all formats that need no extra. Every file is written whole or not at all."""
    from output import exports

    files = exports.export(data, to, format or [])
    if json:
        print_json([str(path) for path in files])
        return
    for path in files:
        size = sum(file.stat().st_size for file in (path.iterdir() if path.is_dir() else [path]))
        typer.echo(f"{path}  {size:,} bytes")


@app.command()
def search(
    query: Annotated[
        str, typer.Argument(help='Words of a name, title, theme, role; "a phrase", town:lorient, -not.')
    ] = "",
    type: Annotated[  # noqa: A002
        list[str] | None, typer.Option("--type", help="Person, Place, Event, EventSeries, Organization; repeat.")
    ] = None,
    near: Annotated[str | None, typer.Option("--near", help="A town, or latitude,longitude.")] = None,
    within: Annotated[str | None, typer.Option("--within", help="How far from --near: 30km (20km by default).")] = None,
    from_: Annotated[str | None, typer.Option("--from", help="Not before: 2012, 2012-11, novembre 2012 …")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Not after.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="A region (FR-BRE, Bretagne) or country (FR).")] = None,
    series: Annotated[str | None, typer.Option("--series", help="Words of the name of the series.")] = None,
    source: Annotated[
        str | None, typer.Option("--source", help="A source's id, as 'recroise sources' shows it.")
    ] = None,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count by type, year, region, town and source instead.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at the most.")] = 20,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Search people, places, events, series and organisations."""
    from output.index import open_index
    from output.search import facets as count
    from output.search import search as find
    from output.search import series_like

    filters: dict[str, Any] = {
        "types": type or [],
        "near": near,
        "within": _kilometres(within),
        "region": _region(region),
        "series": series,
        "source": source,
        "from_": _period(from_),
        "to": _period(to),
    }
    if filters["from_"] and filters["to"] and filters["from_"].start > filters["to"].end:
        raise OptionError(f"--from {from_} is after --to {to}: turn them round")
    with open_index(data) as index:
        if facets:
            _print_facets(count(index, query, **filters), json)
            return
        found = find(index, query, **filters, limit=limit)
        hints = [] if found else [hint for name, hint in _HINTS.items() if _empty(index, name, filters[name])]
        if series and _HINTS["series"] in hints and (near_ones := series_like(index, series)):
            hints.append(f"The nearest series: {'; '.join(map(_safe, near_ones))}.")
    if json:
        print_json([result.to_json() for result in found])
        return
    if not found:
        typer.echo("Nothing found.")
        for hint in hints:
            typer.echo(hint)
        return
    rows = [(each.id, each.type, each.name, (each.date or "")[:10], each.city or "", each.summary) for each in found]
    _table(("id", "type", "name", "date", "town", "about"), rows)


@app.command()
def met(
    name: Annotated[str | None, typer.Option("--name", help="A first name, or any part of the name.")] = None,
    at: Annotated[str | None, typer.Option("--at", help="The event, the series, or who held it.")] = None,
    where: Annotated[str | None, typer.Option("--where", help="The town or the place.")] = None,
    when: Annotated[str | None, typer.Option("--when", help="2012, spring 2012, début 2013, il y a deux ans …")] = None,
    about: Annotated[str | None, typer.Option("--about", help="The topic, a role, a skill.")] = None,
    diary: Annotated[
        list[Path] | None,
        typer.Option(
            "--diary", help="Your calendar (.ics), or a CSV of days and places; repeat. Read here, kept nowhere."
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at the most.")] = 5,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Find coworkers you met, from what you remember. Every clue is optional; a wrong one does not exclude."""
    from output.index import open_index
    from output.met import met as find

    with open_index(data) as index:
        answers = find(index, name, at=at, where=where, when=when, about=about, diary=diary or [], limit=limit)
    if json:
        print_json(answers.to_json())
        return
    print_answers(answers)


@app.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="A node's id, as 'search' shows it.")],  # noqa: A002
    members: Annotated[bool, typer.Option("--members", help="The people of a place or organisation, as JSON.")] = False,
    all: Annotated[  # noqa: A002
        bool, typer.Option("--all", help="All that is held on a person (id, full name, address): an access request.")
    ] = False,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Show everything known of one node, every fact with its source."""
    if all:
        from output.access import everything

        held = everything(data, id)
        if json:
            print_json(held.to_json())
            return
        print_held(held)
        return
    from output.index import open_index
    from output.show import members as members_of
    from output.show import show as shown

    with open_index(data) as index:
        if members:
            print_json(members_of(index, id))
            return
        node = shown(index, id)
    if json:
        print_json(node.to_json())
        return
    _print_node(node)


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="The port to listen at.")] = 8_000,
    url: Annotated[
        str | None, typer.Option("--url", help="The site's public address, for feeds and cards; else the request's.")
    ] = None,
    proxy: Annotated[
        list[str] | None, typer.Option("--proxy", help="The address of a proxy that says who asks; repeat. None.")
    ] = None,
    rate: Annotated[
        float,
        typer.Option(
            "--rate", min=0, help="Requests a second of one client: to the API, questions, calendars; 0: any."
        ),
    ] = 10,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Processes that answer; as many as there are processors, four at most."),
    ] = None,
    tiles: Tiles = None,
    attribution: Attribution = "",
    data: Data = DEFAULT_DATA,
) -> None:
    """Serve the export as pages, calendars, feeds and an API."""
    from output.web.addresses import is_public
    from output.web.app import create_app, load
    from output.web.processors import processors
    from output.web.server import ServeError, run

    if url is not None and not is_public(url):
        raise ServeError(f"--url {url}: say the whole address, such as https://example.org/site/")
    served = create_app(data, url, rate or None, _tiles(tiles, attribution))
    load()

    def ready(address: str) -> None:
        typer.echo(f"Serving {address}")
        _tell_of_notice(data)

    run(
        served,
        host,
        port,
        proxy or [],
        workers or min(processors(), MOST_WORKERS),
        ready,
        lambda said: typer.echo(said, err=True),
    )


@app.command()
def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A directory of its own, empty at first.")],
    url: Annotated[str | None, typer.Option("--url", help="The site's public address, for feeds and cards.")] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Processes that write; as many as there are processors.")
    ] = None,
    tiles: Tiles = None,
    attribution: Attribution = "",
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Write the whole site as files for any host, without a server. What did not change is not written again."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    from output.web.publish import publish as written

    # On standard error, and only where somebody looks at it.
    console = Console(stderr=True)
    with Progress(
        *Progress.get_default_columns()[:2],
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task("Publishing", total=None)
        summary = written(
            data,
            folder,
            url,
            _tiles(tiles, attribution),
            jobs,
            tell=lambda done, total: progress.update(task, completed=done, total=total),
        )
    if json:
        print_json(summary.to_json())
        return
    typer.echo(summary.line)
    for line in summary.left_out:
        typer.echo(line, err=True)
    _tell_of_notice(data)


def _tell_of_notice(data: Path) -> None:
    from output.exports.notice import names_nobody
    from output.index import FILE

    if names_nobody((data / FILE).parent / "NOTICE.md"):
        typer.echo(
            "The notice says that one may object, and not to whom: set RECROISE_CONTACT to an address, and run: "
            "recroise export",
            err=True,
        )


def print_answers(answers: "Answers") -> None:
    """Print who fits, and why."""
    if not answers.people:
        typer.echo("Nobody fits. Try fewer clues, or only part of the name.")
        if answers.events:
            typer.echo(f"These fit, but nobody is on record there: {_safe('; '.join(answers.events))}.")
        return
    for number, answer in enumerate(answers.people, 1):
        typer.secho(f"{number}. {_safe(answer.name)}", bold=True, nl=False)
        typer.echo(f"  {answer.score:.0%}  {answer.id}")
        for reason in answer.reasons:
            typer.echo(f"   {_safe(reason)}")
        for reason in answer.against:
            typer.echo(f"   but {_safe(reason)}")
        if answer.url:
            typer.echo(f"   now: {_safe(answer.url)}")
        for url in answer.sources[:5]:
            typer.echo(f"   source: {_safe(url)}")
    if answers.ask:
        typer.echo(_safe(answers.ask))


def _stated(value: object) -> str:
    """Return a fact's value as text; a figure as "coworkers réguliers: 35 people"."""
    if not isinstance(value, dict):
        return str(value)
    amount = [f"{value[key]:g}" for key in ("value", "minValue", "maxValue") if key in value]
    return f"{value['name']}: {'–'.join(amount)} {value.get('unitText', '')}".rstrip()


def _print_facets(found: dict[str, dict[str, int]], json: bool) -> None:
    if json:
        print_json(found)
        return
    for facet, counts in found.items():
        typer.echo(f"{facet}: " + (", ".join(f"{_safe(value)} {count:,}" for value, count in counts.items()) or "none"))


def print_held(held: "Held") -> None:
    """Print everything that is held on a person."""
    for node in held.nodes:
        _print_node(node)
    typer.echo(f"\nLooked for: {_safe('; '.join(held.names))}. Records that name them: {len(held.records)}")
    for each in held.records:
        record, source = each["record"], each["record"]["source"]
        typer.echo(f"  {record['type']} {_safe(record['name'])}  ({each['key']})")
        typer.echo(f"      read at {_safe(source['url'])}; seen from {each['first_seen']} to {each['last_seen']}")
        if each["history"]:
            typer.echo(f"      {len(each['history'])} earlier states (--json shows them, and each record in full)")
    if held.judgements:
        typer.echo(f"Judgements of their records, or that name them: {len(held.judgements)}")
    for judgement in held.judgements:
        by, when, why = (_safe(judgement[key]) for key in ("by", "when", "why"))
        typer.echo(f"  {judgement['verdict']}: {_safe(judgement['left'])} and {_safe(judgement['right'])}")
        typer.echo(f"      by {by or 'nobody named'}{f', {when}' if when else ''}{f': {why}' if why else ''}")


def _print_node(node: "Shown") -> None:
    typer.secho(f"{_safe(node.name)}", bold=True, nl=False)
    typer.echo(f"  {node.type}  {node.id}")
    if node.alternate_names:
        typer.echo(f"also written: {_safe('; '.join(node.alternate_names))}")
    quotes = [fact.value for fact in node.facts if fact.property == "quote"]
    for fact in node.facts:
        if fact.property == "quote":
            continue  # each stands below what it says
        typer.echo(f"  {fact.property}: {_safe(_stated(fact.value))}")
        for url, fetched, until in fact.sources:
            ended = f", last seen there on {until[:10]}" if until else ""
            typer.echo(f"      read at {_safe(url)}, {fetched[:10]}{ended}")
        own = fact.value.get("quote", []) if isinstance(fact.value, dict) else []
        for quote in own or [each for each in quotes if fact.property in each.get("property", [])]:
            typer.echo(f"      “{_safe(quote['exact'])}” (characters {quote['start']}–{quote['end']})")
    for each in node.neighbours:
        arrow = "→" if each.outgoing else "←"
        details = ", ".join(filter(None, (each.role, (each.date or "")[:10])))
        typer.echo(
            f"  {arrow} {each.relation} {_safe(each.name)}"
            + (f" ({_safe(details)})" if details else "")
            + f"  {each.id}"
        )
        for url in each.sources:
            typer.echo(f"      read at {_safe(url)}")


def _table(headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False)
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for header in headers:
        grid.add_column(header, overflow="fold", no_wrap=header == "id")
    for row in rows:
        grid.add_row(*(Text(_safe(cell)) for cell in row))  # text from sources is never markup
    console.print(grid)


def _safe(text: str) -> str:
    """Return text without control codes for a terminal."""
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


# What to say of a filter that nothing at all fits.
_HINTS = {
    "near": "Nothing here is that --near: a greater --within takes in more.",
    "region": "Nothing here is in that --region: 'recroise search --facets' counts those that there are.",
    "series": "Nothing here is part of a --series called so: 'recroise search --type series' lists them.",
    "source": "Nothing here is from that --source: 'recroise search --facets' counts those that there are.",
}


def _empty(index: "Index", name: str, value: Any) -> bool:
    from output.search import search as find

    return bool(value) and not find(index, **{name: value}, limit=1)


def _kilometres(text: str | None) -> float | None:
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*([a-zè]*)", text.strip().lower())
    unit = match and _DISTANCES.get(match[2].removesuffix("s"))
    if not match or not unit:
        raise OptionError(f"--within {text}: say a distance such as 30km")
    return float(match[1].replace(",", ".")) * unit


# Kilometres of each unit, without the plural's s.
_DISTANCES = {
    **dict.fromkeys(("", "km", "kilometre", "kilomètre", "kilometer"), 1.0),
    **dict.fromkeys(("m", "metre", "mètre", "meter"), 0.001),
    **dict.fromkeys(("mi", "mile"), 1.609344),
}


def _region(text: str | None) -> str | None:
    """Return the code of a French region or département that was named; anything else as it stands."""
    if text is None or re.fullmatch(r"[A-Za-z]{2}(-\w{1,3})?", text):
        return text
    from graph import gazetteer

    found = gazetteer.region(text)
    return found.code if found else text


def _tiles(url: str | None, attribution: str) -> "MapTiles | None":
    from output.web.tiles import Tiles

    if attribution and not url:
        raise OptionError("--attribution says whom the tiles are of: give --tiles with it")
    return Tiles(url, attribution) if url else None


def _period(text: str | None) -> "Period | None":
    from output.periods import parse

    return parse(text, date.today()) if text else None
