"""`commit-assistant sources`: the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.context import console, printed, settings_of
from index.errors import AssistantError, WrongCallError, storage_advice

if TYPE_CHECKING:
    from assistant.settings import Settings
    from index.catalog import CatalogEntry
    from index.ledger import LedgerEntry

app = typer.Typer(help="Show and keep the catalogue of sources.", invoke_without_command=True, rich_markup_mode=None)
_Id = Annotated[str, typer.Argument(metavar="ID", help="The source's path below the sources folder.")]


@app.callback()
def sources(context: typer.Context) -> None:
    """Show and keep the catalogue of sources."""
    if context.invoked_subcommand is None:
        list_sources(context)


@app.command("list")
def list_sources(
    context: typer.Context,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the ledger, page by page, into a file.")
    ] = None,
) -> None:
    """List the sources with what the index has of them."""
    from rich.table import Table

    from index.catalog import Catalog

    settings = settings_of(context)
    ledger = _ledger(settings)
    if csv is not None:
        _write_csv(csv, list(ledger.values()))
        return
    catalog = Catalog.load(settings.sources)
    table = Table("source", "date", "type", "passages", "read as", "ocr", "title", box=None, pad_edge=False)
    table.columns[0].overflow = "fold"
    for source_id, path in catalog.files():
        entry, made = catalog.entry(source_id), ledger.get(source_id)
        if source_id not in catalog:
            entry = _found_entry(settings, source_id) or entry
        state = _state(made, missing=not path.exists())
        read = "" if made is None or made.confidence is None else f"{made.confidence:.2f}"
        kind = made.format if made else ""
        table.add_row(printed(source_id), entry.date, entry.type, state, kind, read, printed(entry.shown_title))
    console().print(table)


def _state(made: LedgerEntry | None, *, missing: bool) -> str:
    if missing:
        return "file missing"
    if made is None:
        return "not indexed"
    warned = f" ({len(made.warnings)} warnings)" if made.warnings else ""
    return printed(made.problem) or f"{made.passages}{warned}"


def _write_csv(path: Path, ledger: list[LedgerEntry]) -> None:
    from index.ledger_csv import ledger_csv

    if not ledger:
        raise AssistantError("there is no index yet: run `commit-assistant index`")
    try:
        # Spreadsheets take a file without the mark for one in the machine's old encoding.
        path.write_text(ledger_csv(ledger), encoding="utf-8-sig", newline="")
    except OSError as error:
        raise AssistantError(f"{path} cannot be written: {storage_advice(error)}") from error
    console().print(printed(f"The ledger of {len(ledger)} sources is in {path}."))


@app.command("show")
def show_source(context: typer.Context, source_id: _Id) -> None:
    """Show what is known about one source."""
    from index.catalog import Catalog

    settings = settings_of(context)
    catalog = Catalog.load(settings.sources)
    if source_id not in dict(catalog.files()):
        raise WrongCallError(f"no source {source_id!r}: `commit-assistant sources list` shows their ids")
    out = console()
    entry = catalog.entry(source_id) if source_id in catalog else _found_entry(settings, source_id)
    for name, value in (entry or catalog.entry(source_id)).model_dump(mode="json").items():
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
        out.print(printed(f"index      {counts}, {languages}, {', '.join(filter(None, (made.format, made.encoding)))}"))
        if made.confidence is not None:
            out.print(f"ocr        read with a mean confidence of {made.confidence:.2f}")
        if made.duplicate_of:
            out.print(printed(f"duplicate  the same file as {made.duplicate_of}"))
        for warning in made.warnings:
            out.print(printed(f"warning    {warning}"))
        for page in made.page_entries:
            for warning in page.warnings:
                out.print(printed(f"page {page.page:5} {warning}"))


@app.command("add")
def add_sources(context: typer.Context, files: Annotated[list[Path], typer.Argument(metavar="FILE…")]) -> None:
    """Copy files into the sources folder and add what they say of themselves to the catalogue."""
    from index.catalog_upkeep import add_source
    from index.plan import reading_options

    settings = settings_of(context)
    out = console()
    for file in files:
        entry = add_source(settings.sources, file, reading_options(settings.ocr))
        out.print(printed(f"added {entry.file}"))
        for name in ("title", "publisher", "date", "languages", "type"):
            value = getattr(entry, name)
            shown = ", ".join(value) if isinstance(value, tuple) else value
            out.print(printed(f"  {name:10} {shown or '(not told: fill it in if you know)'}"))
    out.print(
        printed(f"Complete what is missing in {settings.sources / 'catalog.yaml'}, and run `commit-assistant index`.")
    )


@app.command("remove")
def remove_source_(context: typer.Context, source_id: _Id) -> None:
    """Take a source out of the catalogue; its file is kept in the hidden folder .removed."""
    from index.catalog_upkeep import remove_source

    kept = remove_source(settings_of(context).sources, source_id)
    console().print(printed(f"removed {source_id}{f', its file is kept as {kept}' if kept else ''}"))
    console().print("Run `commit-assistant index` to make the index forget it.")


def _found_entry(settings: Settings, source_id: str) -> CatalogEntry | None:
    """What the index found out about a source that the catalogue does not have."""
    from index.errors import DamagedIndexError
    from index.generation import NoIndexError, current_generation

    try:
        return current_generation(settings).glance().content.entries.get(source_id)
    except (NoIndexError, DamagedIndexError):
        return None


def _ledger(settings: Settings) -> dict[str, LedgerEntry]:
    from index.errors import DamagedIndexError
    from index.generation import NoIndexError, current_generation

    try:
        return {entry.source_id: entry for entry in current_generation(settings).glance().content.ledger()}
    except (NoIndexError, DamagedIndexError):
        return {}
