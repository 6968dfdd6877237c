"""The command `commit-assistant`.

Nothing slow is imported before a command runs: `--help` and a wrong argument answer at once.
"""

from __future__ import annotations

import logging
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer
from typer import TyperException

from assistant.commands import ask, chat, doctor, index, mcp, search, sources, users
from assistant.commands.context import Options
from index.errors import AssistantError, one_line
from index.offline import stay_offline

_HOISTED = ("--sources", "--storage", "--config")
app = typer.Typer(
    name="commit-assistant",
    help="Ask a body of policy documents; get answers in the sources' exact words, each with its citation.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("chat")(chat.chat)
app.command("index")(index.index)
app.command("ask")(ask.ask)
app.command("search")(search.search)
app.add_typer(sources.app, name="sources")
app.command("doctor")(doctor.doctor)
app.add_typer(users.app, name="users")
app.command("mcp")(mcp.mcp)
# What builds on the assistant, as the evaluation does, brings its commands as entry points: the assistant knows none.
for entry in entry_points(group="commit_assistant.commands"):
    app.add_typer(entry.load(), name=entry.name)


@app.callback()
def options(
    context: typer.Context,
    sources_folder: Annotated[
        Path | None, typer.Option("--sources", metavar="DIR", help="Folder of the texts.")
    ] = None,
    storage: Annotated[Path | None, typer.Option("--storage", metavar="DIR", help="Folder of the index.")] = None,
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Settings in TOML.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say what is done.")] = False,
) -> None:
    """Every setting is also a variable COMMIT_ASSISTANT_<NAME>; the options above may stand anywhere."""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.ERROR, format="%(name)s: %(message)s", stream=sys.stderr
    )
    context.obj = Options(sources=sources_folder, storage=storage, config=config)


def main() -> None:
    """Run the command line; every error is one line on stderr, exit 2 for a wrong call and 1 for a failure."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and give its exit status."""
    stay_offline()
    try:
        # Without typer's own handling, errors come here and usage is not printed around them.
        result = app(_hoisted(arguments) or ["--help"], standalone_mode=False, prog_name="commit-assistant")
    except AssistantError as error:
        _complain(one_line(error))
        return error.exit_code
    except typer.Exit as error:
        return error.exit_code
    except TyperException as error:
        said = getattr(error, "format_message", error.__str__)()
        _complain(f"{one_line(Exception(said))} (see commit-assistant --help)")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        _complain("stopped")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:
        logging.getLogger(__name__).info("unexpected", exc_info=True)
        _complain(f"{type(error).__name__}: {one_line(error)} (run again with --verbose for details)")
        return 1
    return result if isinstance(result, int) else 0


def _complain(message: str) -> None:
    typer.echo(f"commit-assistant: {message}", err=True)


def _hoisted(arguments: list[str]) -> list[str]:
    """The arguments with the global options first, wherever they stood."""
    first: list[str] = []
    rest: list[str] = []
    position = 0
    while position < len(arguments):
        argument = arguments[position]
        if argument == "--":
            rest.extend(arguments[position:])
            break
        if argument in _HOISTED and position + 1 < len(arguments):
            first.extend(arguments[position : position + 2])
            position += 1
        elif argument.startswith(tuple(f"{name}=" for name in _HOISTED)) or argument == "--verbose":
            first.append(argument)
        else:
            rest.append(argument)
        position += 1
    return [*first, *rest]
