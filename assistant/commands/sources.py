"""`commit-assistant sources`: the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.context import console, printed, settings_of
from index.errors import WrongCallError

if TYPE_CHECKING:
    from assistant.settings import Settings
    from index.ledger import LedgerEntry

app = typer.Typer(help="Show and keep the catalogue of sources.", invoke_without_command=True, rich_markup_mode=None)
_Id = Annotated[str, typer.Argument(metavar="ID", help="The source's path below the sources folder.")]


@app.callback()
def sources(context: typer.Context) -> None:
    """Show and keep the catalogue of sources."""
    if context.invoked_subcommand is None:
        list_sources(context)


@app.command("list")
def list_sources(context: typer.Context) -> None:
    """List the sources with what the index has of them."""
    from rich.table import Table

    from index.catalog import Catalog

    settings = settings_of(context)
    catalog = Catalog.load(settings.sources)
    ledger = _ledger(settings)
    table = Table("source", "date", "type", "passages", "title", box=None, pad_edge=False)
    table.columns[0].overflow = "fold"
    for source_id, path in catalog.files():
        entry, made = catalog.entry(source_id), ledger.get(source_id)
        state = (
            "file missing"
            if not path.exists()
            else "not indexed"
            if made is None
            else made.problem or str(made.passages)
        )
        table.add_row(printed(source_id), entry.date, entry.type, state, printed(entry.shown_title))
    console().print(table)


@app.command("show")
def show_source(context: typer.Context, source_id: _Id) -> None:
    """Show what is known about one source."""
    from index.catalog import Catalog

    settings = settings_of(context)
    catalog = Catalog.load(settings.sources)
    if source_id not in dict(catalog.files()):
        raise WrongCallError(f"no source {source_id!r}: `commit-assistant sources list` shows their ids")
    out = console()
    for name, value in catalog.entry(source_id).model_dump(mode="json").items():
        shown = ", ".join(value) if isinstance(value, list) else str(value or "")
        out.print(printed(f"{name:10} {' '.join(shown.split())}".rstrip()))
    made = _ledger(settings).get(source_id)
    if made is None:
        out.print("index      not in it: run `commit-assistant index`")
    elif made.problem:
        out.print(printed(f"index      nothing: {made.problem}"))
    else:
        languages = ", ".join(f"{name} {share:.0%}" for name, share in made.languages.items())
        counts = f"{made.passages} passages, {made.characters:,} characters, {made.pages} pages"
        out.print(printed(f"index      {counts}, {languages}, {made.encoding}"))
        for warning in made.warnings:
            out.print(printed(f"warning    {warning}"))


@app.command("add")
def add_sources(context: typer.Context, files: Annotated[list[Path], typer.Argument(metavar="FILE…")]) -> None:
    """Copy texts into the sources folder and add them to the catalogue."""
    from index.catalog_upkeep import add_source

    folder = settings_of(context).sources
    for file in files:
        console().print(printed(f"added {add_source(folder, file)}: complete its entry in {folder / 'catalog.yaml'}"))
    console().print("Run `commit-assistant index` to make them answer.")


@app.command("remove")
def remove_source_(context: typer.Context, source_id: _Id) -> None:
    """Take a source out of the catalogue; its file is kept in the hidden folder .removed."""
    from index.catalog_upkeep import remove_source

    kept = remove_source(settings_of(context).sources, source_id)
    console().print(printed(f"removed {source_id}{f', its file is kept as {kept}' if kept else ''}"))
    console().print("Run `commit-assistant index` to make the index forget it.")


def _ledger(settings: Settings) -> dict[str, LedgerEntry]:
    from index.errors import DamagedIndexError
    from index.generation import CurrentGeneration, NoIndexError

    try:
        return {entry.source_id: entry for entry in CurrentGeneration(settings.storage).get().content.ledger()}
    except (NoIndexError, DamagedIndexError):
        return {}
