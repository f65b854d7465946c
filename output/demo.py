"""The demo's story: a sample web on loopback, and what one can ask once it was crawled."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

PORT = 8765


@contextmanager
def serving(data: Path, port: int | None) -> Iterator[tuple[Path, str]]:
    """Serve the sample web; gives its catalogue file and its address in words. A taken port is an error when named."""
    from output.jobs import JobError
    from output.steps import step

    if port is None:
        port = PORT if _free(PORT) else 0
        if not port:
            typer.echo(f"Port {PORT} is taken: using a free one; addresses in the answers will differ.", err=True)
    elif not _free(port):
        raise JobError(f"port {port} is taken; choose another with --port, or leave it out")
    with step("sample_web")(data, port) as (catalogue, bound):
        yield catalogue, f"http://*.localhost:{bound}/"


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def tell(data: Path, catalogue: Path) -> None:
    """Ask the question that started it all, and say what to try next."""
    from output.commands import print_answers
    from output.index import open_index
    from output.met import met

    option = "" if data == Path("data") else f" --data {data}"
    typer.echo("\nWho was that person I met at the Open Coffee in Lorient?")
    typer.echo(f"$ recroise met --name karine --where Lorient --when 2012{option}\n")
    with open_index(data) as index:
        print_answers(met(index, "karine", where="Lorient", when="2012"))
    typer.echo("\nTry next (.venv/bin/recroise, if you came by 'make run'):")
    for command, what in (
        ("met --where Quimper --about référencement", "no name at all, only a town and a topic"),
        ('search "la cantine"', "places of one name, kept apart by their towns"),
        ("search coffee --type Event --from 2012 --to 2012", "what took place"),
        ("show ID", "everything known of one of them, each fact with its source"),
        (f"sources --catalogue {catalogue}", "how each source fares"),
        ("demo", "again: nothing changed, so nothing is downloaded"),
        ("add URL", "your own space's calendar, feed or page"),
    ):
        typer.echo(f"  recroise {command + option:<58} # {what}")


def wait(where: str) -> None:
    """Go on serving until Ctrl-C."""
    import signal

    typer.echo(f"\nServing {where} until Ctrl-C.", err=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        typer.echo("stopped", err=True)
