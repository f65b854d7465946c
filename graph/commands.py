"""The commands of this room: link, why, judge."""

import getpass
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer()

Data = Annotated[
    Path, typer.Option("--data", envvar="RECROISE_DATA", help="Directory of the store, the graph and the export.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
DEFAULT_DATA = Path("data")


def _print_json(value: Any) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")


@app.command()
def link(data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Decide what is the same and build the graph."""
    from graph.link import link_data

    result = link_data(data)
    if json:
        _print_json(result.to_json())
        return
    typer.echo(f"Linked {result.records} records to {result.nodes} nodes and {result.edges} edges.")
    for conflict in result.conflicts:
        typer.echo(f"  not joined: {conflict}", err=True)


@app.command()
def why(
    left: Annotated[str, typer.Argument(metavar="ID", help="A node's id, or a record's key.")],
    right: Annotated[str | None, typer.Argument(metavar="[ID]", help="A second one: why are they (not) one?")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Tell what a node was made of, or why two records are (not) one."""
    from graph import explain

    if right is not None:
        pair = explain.explain_pair(data, left, right)
        if json:
            _print_json(pair.to_json())
            return
        typer.echo("They are one." if pair.one else "They are two.")
        for reason in pair.reasons:
            typer.echo(f"  {reason}")
        return
    node = explain.explain_node(data, left)
    if json:
        _print_json(node.to_json())
        return
    typer.echo(f"{node.node} was made of {len(node.parts)} mention{'s' if len(node.parts) > 1 else ''}:")
    for part in node.parts:
        rule = f" — joined by {part.rule}" if part.rule else ""
        typer.echo(f"  {part.mention}  {part.name!r} read at {part.url}, {part.fetched[:10]}{rule}")
    if node.weakest:
        typer.echo(f"Weakest link: {node.weakest}")


@app.command()
def judge(
    verdict: Annotated[str, typer.Argument(help="same, different, or unsure (takes a judgement back).")],
    left: Annotated[str, typer.Argument(metavar="A", help="A node's id, or a record's key as 'why' shows it.")],
    right: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    why: Annotated[str, typer.Option("--why", help="The reason, for those who read the log.")] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who judges; your user name by default.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Decide that two are the same or different. The next link follows."""
    from dataclasses import asdict

    from crawler.datadir import write_lock
    from crawler.records import now
    from graph import judgements
    from graph.explain import mention_of

    if verdict not in judgements.VERDICTS:
        raise judgements.JudgementError(f"{verdict!r}: say same, different or unsure")
    pair = (mention_of(data, left), mention_of(data, right))
    if pair[0] == pair[1]:
        raise judgements.JudgementError(
            f"{left} and {right} are one record: 'recroise why ID' shows the keys of its parts"
        )
    judgement = judgements.Judgement(*pair, verdict, by if by is not None else getpass.getuser(), now(), why)
    with write_lock(data):
        judgements.append(data / judgements.FILE, judgement)
    if json:
        _print_json(asdict(judgement))
        return
    typer.echo(f"Noted: {verdict}. Next: recroise link")
