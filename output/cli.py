"""The front door: one command, ``recroise``, made of the commands that each room brings.

The rooms do not import each other against the row; they meet here through the entry points that the package declares
(``recroise.commands``: Typer applications, ``recroise.steps``: functions that ``run``, ``demo`` and ``forget`` chain).
"""

import errno
import gc
import sys
from importlib.metadata import entry_points
from typing import Annotated

import typer
from typer.exceptions import TyperException
from typer.main import get_command

ROOMS = ("crawler", "graph", "output")

# New objects after which Python looks for garbage. What a command imports stays: at Python's own 700, walking through
# it again and again takes a tenth of a run in which nothing changed.
COLLECT_AFTER = 50_000

# As a person meets them: first look, then gather, link, hand out, decide.
ORDER = (
    "demo",
    "detect",
    "add",
    "sources",
    "crawl",
    "read",
    "ingest",
    "link",
    "export",
    "run",
    "check",
    "search",
    "met",
    "show",
    "serve",
    "publish",
    "why",
    "judge",
    "review",
    "train",
    "forget",
)


def application() -> typer.Typer:
    """Return the whole command line."""
    app = typer.Typer(
        name="recroise",
        help="The open directory of who meets where: crawl, link, export, search, and find who you met.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def options(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
        if version:
            from importlib.metadata import version as version_of

            typer.echo(version_of("recroise"))
            raise typer.Exit

    commands = [
        command for point in entry_points(group="recroise.commands") for command in point.load().registered_commands
    ]
    by_name = {command.name or command.callback.__name__.replace("_", "-"): command for command in commands}
    app.registered_commands = [
        *(by_name[name] for name in ORDER if name in by_name),
        *(command for name, command in by_name.items() if name not in ORDER),
    ]
    return app


def main() -> None:
    """Run the command line. What a person did or met ends in one line and a non-zero status, never in a traceback."""
    gc.set_threshold(COLLECT_AFTER)
    command = get_command(application())
    try:
        sys.exit(command.main(prog_name="recroise", standalone_mode=False) or 0)
    except (typer.Abort, KeyboardInterrupt):
        _fail("stopped", 130)
    except TyperException as error:
        context = getattr(error, "ctx", None)
        hint = f"; try '{context.command_path} --help'" if context else ""
        _fail(error.format_message().rstrip(".") + hint, error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (``recroise search … | head``): nothing to say, and nowhere to say it.
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if not _is_message(error):
            raise
        _fail(_told(error), 1)


# What a person can do about what the system says of a file.
_TODO = {
    errno.ENOSPC: "make room and give the command again; what was there before is whole",
    errno.EDQUOT: "make room and give the command again; what was there before is whole",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f) and give the command again",
    errno.EROFS: "nothing was changed; say a directory that can be written to",
}


def _told(error: Exception) -> str:
    """Return what a person is told: of a file which one, what the system says of it, and what to do."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    where = f"{error.filename}: " if error.filename else ""
    todo = _TODO.get(error.errno or 0)
    return f"{where}{error.strerror}" + (f"; {todo}" if todo else "")


def _is_message(error: Exception) -> bool:
    """Whether an error is one of our own classes, whose text is written for people, or the system's about a file."""
    ours = type(error).__module__.partition(".")[0] in ROOMS
    return ours or (isinstance(error, OSError) and bool(error.strerror))


def _fail(message: str, status: int) -> None:
    typer.echo(f"recroise: {' '.join(message.split())}", err=True)
    sys.exit(status)
