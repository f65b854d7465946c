"""Commands that chain the rooms: run, demo, forget.

What the crawler does is reached through entry points (``recroise.steps``), not imports: the rooms stay in a row.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from output.steps import step

app = typer.Typer()

RUN_LOCK = ".run.lock"

Data = Annotated[
    Path, typer.Option("--data", envvar="RECROISE_DATA", help="Directory of the store, the graph and the export.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
DEFAULT_DATA = Path("data")


class JobError(RuntimeError):
    """A job cannot be done: why."""


@app.command()
def run(
    data: Data = DEFAULT_DATA,
    catalogue: Annotated[
        list[Path] | None, typer.Option("--catalogue", help="Catalogue file instead of the packaged ones; repeat.")
    ] = None,
    region: Annotated[str | None, typer.Option("--region", help="ISO 3166-2 region (FR-BRE) or country (FR).")] = None,
    community: Annotated[str | None, typer.Option("--community", help="open-coffee, cantine …")] = None,
    json: Json = False,
) -> None:
    """Crawl what is due, link, export: the scheduled job. Exit 0: all well, 3: some sources failed, 1: nothing done."""
    from filelock import FileLock, Timeout

    data.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(data / RUN_LOCK, timeout=0):
            summary = _run(data, due=True, catalogue=catalogue or [], region=region, community=community)
    except Timeout:
        raise JobError(f"a run on {data} is already under way; this one stops") from None
    _print_summary(summary, json)
    raise typer.Exit(summary["exit_code"])


def _run(data: Path, **options: Any) -> dict[str, Any]:
    """Crawl, link, export; return what each did, and the crawl's exit code."""
    from graph.state import unchanged
    from output.exports import export, note, renew

    resumed = step("resume_forget")(data)
    crawled = step("crawl")(data, **options)
    linked = None if resumed else unchanged(data)
    files = renew(data) if linked else None
    if linked is None:
        linked = _link(data, resumed)
    if files is None:
        files = export(data)
        note(data)
    if resumed:
        for line in _publish_anew(data, ())["again"]:
            typer.echo(line, err=True)
        step("finish_forget")(data)
    step("back_up")(data)
    return {
        "exit_code": crawled["exit_code"],
        "crawl": crawled,
        "link": linked,
        "export": [str(path) for path in files],
    }


def _link(data: Path, resumed: bool) -> dict[str, Any]:
    # What links is imported when there is something to link: on most days there is not.
    from graph.erase import relink
    from graph.link import link_data

    return (relink(data, step("redacted")(data)) if resumed else link_data(data)).to_json()


def _print_summary(summary: dict[str, Any], json: bool) -> None:
    if json:
        import orjson

        sys.stdout.write(orjson.dumps(summary, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    for line in told(summary):
        typer.echo(line)


def told(summary: dict[str, Any]) -> list[str]:
    """Return what a person is told of a run, line by line."""
    sources = summary["crawl"]["sources"]
    held = [source for source in sources if source["suspicions"]]
    failed = [source for source in sources if source["reason"] and not source["suspicions"]]
    total = {key: sum(source[key] for source in sources) for key in ("read", "unchanged", "bytes", "new", "changed")}
    linked = summary["link"]
    kept = ", as before" if linked["unchanged"] else ""
    return [
        f"Read {len(sources) - len(failed)} of {len(sources)} sources: {total['read']} documents new or changed, "
        f"{total['unchanged']} unchanged, {total['bytes']:,} bytes; records: {total['new']} new, "
        f"{total['changed']} changed.",
        *(f"  {source['id']} ({source['state']}): {' '.join(source['reason'].split())}" for source in failed),
        *(
            f"  {source['id']} ({', '.join(source['suspicions'])}): what it says now is kept out of the export until "
            f"the next run says the same, or until: recroise sources --accept {source['id']}"
            for source in held
        ),
        f"Linked {linked['records']} records to {linked['nodes']} nodes and {linked['edges']} edges{kept}.",
        f"Exported to {Path(summary['export'][0]).parent}." if summary["export"] else "Nothing exported.",
    ]


@app.command()
def check(
    repair: Annotated[
        bool, typer.Option("--repair", help="Take the last sound copy of a broken store; make the rest anew.")
    ] = False,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Hold store, graph, export and index against each other. Exit status 1 when anything is wrong."""
    from output import check as checking

    if not data.is_dir():
        raise JobError(f"{data}: there is no such directory; say which with --data")
    found = checking.repair(data) if repair else checking.check(data)
    if json:
        import orjson

        sys.stdout.write(orjson.dumps(found.to_json(), option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        for line in found.repaired:
            typer.echo(f"Repaired: {line}.")
        for note in found.notes:
            typer.echo(f"{note[0].upper()}{note[1:]}.")
        for each in found.wrong:
            typer.echo(f"{each.where}: {each.what}; run: {each.todo}", err=True)
        looked = f"{found.records} records and {found.files} exported files"
        typer.echo(f"Looked at {looked}: " + (f"{len(found.wrong)} things are wrong." if found.wrong else "all sound."))
    raise typer.Exit(1 if found.wrong else 0)


@app.command()
def demo(
    data: Data = DEFAULT_DATA,
    port: Annotated[int | None, typer.Option("--port", help="Port of the sample web; 8765, or a free one.")] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Go on serving the sample web until Ctrl-C.")] = False,
) -> None:
    """Serve the sample web on loopback, crawl, link and export it, look somebody up, and say what to try next."""
    from output import demo as story

    with story.serving(data, port) as (catalogue, where):
        typer.echo(f"A dozen small sites stand at {where}; crawling them …", err=True)
        summary = _run(data, catalogue=[catalogue])
        _print_summary(summary, json=False)
        story.tell(data, catalogue)
        if serve:
            story.wait(where)


@app.command()
def forget(
    who: Annotated[
        str, typer.Argument(metavar="NAME|ID|URL", help="The person's full name, node id or profile address.")
    ],
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Erase a person from the store and everything made of it, and keep them from coming back at the next crawl."""
    from graph.erase import relink
    from output.exports import export
    from output.index import is_of_another_version
    from output.show import sought

    if is_of_another_version(data):  # after an update; who asks to be erased does not wait for the next run
        export(data)
    person = sought(data, who)
    erased = step("forget")(data, person.names, person.known)
    linked = relink(data, step("redacted")(data))
    files = export(data)
    elsewhere = _publish_anew(data, person.names)
    step("finish_forget")(data)
    replaced = [str(path) for path in (*files, *elsewhere["written"])]
    left = [str(path) for path in step("traces")(data, person.names)] + elsewhere["left"]
    if json:
        import orjson

        sys.stdout.write(
            orjson.dumps(
                {**erased, "link": linked.to_json(), "replace": replaced, "left": left, "again": elsewhere["again"]}
            ).decode()
            + "\n"
        )
        return
    typer.echo(f"Erased: {erased['removed']} records removed, {erased['changed']} without the mention.")
    typer.echo("The name stays out of every later crawl. Replace these files wherever you published them:")
    for path in replaced:
        typer.echo(f"  {path}")
    for line in elsewhere["again"]:
        typer.echo(line, err=True)
    for path in left:
        typer.echo(f"{path} still has the name: it is yours, so it was not touched; take the name out.", err=True)
    if any(len(name.split()) == 1 for name in person.names):
        typer.echo(
            "A name of one word stays out where this person was known by it; elsewhere it may be somebody else's."
        )


def _publish_anew(data: Path, names: Sequence[str]) -> dict[str, list[str]]:
    """Write the exports outside the data directory anew.

    Returns:
        ``written``, the files; ``again``, in a line each, what somebody has to publish again by hand; ``left``, files
        in those folders that still have the name and that publishing again does not mend.
    """
    from output.exports import export_again
    from output.published import load

    told: dict[str, list[str]] = {"written": [], "again": [], "left": []}
    for each in load(data):
        folder = Path(each.folder)
        if not folder.is_dir():
            told["again"].append(f"{folder}: an earlier {each.kind} was written there and is gone; replace its copies.")
            continue
        if each.kind == "export":
            try:
                told["written"] += map(str, export_again(data, folder))
            except OSError as error:
                told["again"].append(
                    f"{folder}: cannot be written ({error.strerror}); run: recroise export --to {folder}"
                )
        else:
            told["again"].append(f"{folder}: the site there was made before; run: {each.command(data)}")
        ours = _ours(folder) if each.kind == "site" else frozenset()  # publishing again takes the name out of these
        left = step("traces")(folder, names)
        told["left"] += [str(path) for path in left if path.relative_to(folder).as_posix() not in ours]
    return told


def _ours(folder: Path) -> frozenset[str]:
    from output.web.folder import LIST, FolderError, listed

    try:
        return frozenset(listed(folder / LIST))
    except FolderError:
        return frozenset()
