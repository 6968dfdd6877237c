"""`commit-assistant chat`: serve the page."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.commands.context import settings_of


def chat(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(metavar="H", help="Address to serve on.")] = None,
    port: Annotated[int | None, typer.Option(metavar="P", min=1, max=65535, help="Port to serve on.")] = None,
    open_to_all: Annotated[
        bool, typer.Option("--open-to-all", help="Serve beyond this machine without accounts, to everybody.")
    ] = False,
) -> None:
    """Serve the chat page, after building the index if there is none."""
    settings = settings_of(context, host=host, port=port, open_to_all=open_to_all or None)
    from assistant.engine import Assistant
    from assistant.web.serving import opened, serve
    from index.storage import current_id

    # A port in use, or open to strangers, is told at once, not after a build.
    opened(settings).close()
    if current_id(settings.storage) is None:
        from assistant.commands.index import build_with_progress, show_ledger

        typer.echo("There is no index yet: building it, once.", err=True)
        show_ledger(build_with_progress(settings).ledger)
    serve(
        Assistant(settings),
        settings,
        announce=lambda address: typer.echo(f"The page is at {address} (Ctrl-C ends it)."),
    )
