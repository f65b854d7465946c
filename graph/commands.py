"""The commands of this room: link, why, judge, review, train."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from graph.review import Pair

app = typer.Typer()

Data = Annotated[
    Path, typer.Option("--data", envvar="RECROISE_DATA", help="Directory of the store, the graph and the export.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
DEFAULT_DATA = Path("data")
MOST_SHOWN = 20  # conflicts told of on the terminal


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
    how = "Nothing changed: still" if result.unchanged else "Linked"
    typer.echo(f"{how} {result.records} records to {result.nodes} nodes and {result.edges} edges.")
    if result.idle:
        typer.echo(f"  judgements on what no record says (any more): {len(result.idle)}; --json tells which", err=True)
    for split in result.splits:
        typer.echo(f"  {split}", err=True)
    for conflict in result.conflicts[:MOST_SHOWN]:
        typer.echo(f"  not joined: {conflict}", err=True)
    if len(result.conflicts) > MOST_SHOWN:
        typer.echo(f"  and {len(result.conflicts) - MOST_SHOWN} more; --json tells them all", err=True)


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
        for label, bits in pair.levels:
            typer.echo(f"  {bits:+7.2f}  {label}")
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
    from graph.ids import current_id

    if verdict not in judgements.VERDICTS:
        raise judgements.JudgementError(f"{verdict!r}: say same, different or unsure")
    pair = (mention_of(data, left), mention_of(data, right))
    if pair[0] == pair[1]:
        raise judgements.JudgementError(
            f"{left} and {right} are one record: 'recroise why ID' shows the keys of its parts"
        )
    kinds = [node.partition("-")[0] for key in pair if (node := current_id(data, key))]
    if verdict == "same" and len(set(kinds)) > 1:
        raise judgements.JudgementError(f"one is a node of type {kinds[0]}, the other of {kinds[1]}: never one")
    judgement = judgements.Judgement(*pair, verdict, by if by is not None else getpass.getuser(), now(), why)
    with write_lock(data):
        judgements.append(data / judgements.FILE, judgement)
    if json:
        _print_json(asdict(judgement))
        return
    typer.echo(f"Noted: {verdict}. Next: recroise link")


@app.command()
def review(
    data: Data = DEFAULT_DATA,
    by: Annotated[str | None, typer.Option("--by", help="Who judges; your user name by default.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="Pairs to go through.")] = 50,
    json: Json = False,
) -> None:
    """Decide side by side what is one: s same, d different, u unsure, q ends. The most valuable pairs come first."""
    from graph import review as screens

    found = screens.waiting(data)
    if json:
        _print_json([pair.to_json() for pair in found[:limit]])
        return
    if not found:
        typer.echo("Nothing to review: no pair is in doubt.")
        return
    judged = _go_through(found[:limit], data, by if by is not None else getpass.getuser())
    left = len(found) - judged
    typer.echo(f"Judged {judged}; {left} left." + (" Next: recroise link" if judged else ""))


def _go_through(found: "list[Pair]", data: Path, by: str) -> int:
    """Show pair after pair and note each answer at once; return how many were judged."""
    from rich.console import Console

    from crawler.datadir import write_lock
    from crawler.records import now
    from graph import judgements
    from graph import review as screens

    console = Console()
    judged = 0
    for number, pair in enumerate(found, 1):
        console.print(screens.screen(pair, number, len(found)))
        console.print("[s]ame, [d]ifferent, [u]nsure, any other key: later, [q]uit", markup=False)
        key = screens.ask()
        if key == "q":
            break
        if verdict := screens.KEYS.get(key):
            judgement = judgements.Judgement(pair.left.key, pair.right.key, verdict, by, now(), "review")
            with write_lock(data):
                judgements.append(data / judgements.FILE, judgement)
            judged += 1
    return judged


@app.command()
def train(data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Train the models again on your own records and judgements; they are written to the data directory."""
    from graph import training

    results = training.train(data)
    if json:
        _print_json([result.to_json() for result in results])
        return
    for result in results:
        if result.file is None:
            typer.echo(f"{result.type}: {result.rows} are too few to learn from ({training.LEAST_ROWS} needed)")
        else:
            typer.echo(f"{result.type}: learnt from {result.rows}, {result.labels} of them judged; {result.file}")
    typer.echo("Next: recroise link. To go back to the shipped models, delete the files.")
