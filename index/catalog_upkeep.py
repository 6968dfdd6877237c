"""Adding files to the sources folder and its catalogue, and taking them out again."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.catalog import CATALOG, Catalog
from index.errors import AssistantError, UnreadableSourceError, WrongCallError, storage_advice
from index.reading import read_document
from index.safe_names import refuse_unsafe
from index.suggestions import suggested_entry

if TYPE_CHECKING:
    from ruamel.yaml import YAML

    from index.catalog import CatalogEntry
    from index.readers.options import ReadingOptions

REMOVED = ".removed"
"""Folder, hidden from the index, that keeps files which were taken out of the sources."""
_HEADER = "# The catalogue: one entry for every text in this folder.\n"


class UpkeepError(AssistantError):
    """A file that could not be added or removed."""


def add_source(folder: Path, file: Path, options: ReadingOptions | None = None) -> CatalogEntry:
    """Copy a file into the sources folder and catalogue what it says of itself; give its entry.

    What it does not say stays empty. The catalogue's comments stay. Raises UpkeepError when the file cannot be read or
    a source of that name is there already.
    """
    if not file.is_file():
        raise UpkeepError(f"no file at {file}: check the path")
    target = folder / file.name
    if target.exists():
        raise UpkeepError(f"{file.name} is in {folder} already: rename the file, or remove the source first")
    try:
        refuse_unsafe(file.name)
        document = read_document(file, file.name, options)
    except UnreadableSourceError as error:
        raise UpkeepError(f"{file.name}: {error}") from error
    catalog = Catalog.load(folder)
    # Hidden until it is whole: a killed copy is no source.
    partial = folder / f".{file.name}.partial"
    try:
        shutil.copyfile(file, partial)
        partial.replace(target)
        if file.name not in catalog:
            _edit(folder, lambda entries: entries.append(_values(suggested_entry(document))))
    except OSError as error:
        partial.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        raise UpkeepError(f"{file.name} could not be added: {storage_advice(error)}") from error
    return Catalog.load(folder).entry(file.name)


def remove_source(folder: Path, source_id: str) -> Path | None:
    """Take a source out of the catalogue and move its file to `.removed`; give its new place, or None.

    A file outside the folder, which an entry may name, stays where it is.

    Raises WrongCallError for an id that is neither in the catalogue nor a file of the folder.
    """
    catalog = Catalog.load(folder)
    files = dict(catalog.files())
    if source_id not in files:
        raise WrongCallError(f"no source {source_id!r}: `commit-assistant sources list` shows their ids")
    kept: Path | None = None
    try:
        if files[source_id].exists() and files[source_id].parent.resolve().is_relative_to(folder.resolve()):
            kept = _free_name(folder / REMOVED / source_id)
            kept.parent.mkdir(parents=True, exist_ok=True)
            files[source_id].rename(kept)
        if source_id in catalog:
            _edit(folder, lambda entries: _take_out(entries, source_id))
    except OSError as error:
        raise UpkeepError(f"{source_id} could not be removed: {storage_advice(error)}") from error
    return kept


def _values(entry: CatalogEntry) -> dict[str, Any]:
    """An entry as it is written: every field that people fill in, those that nothing is known of empty."""
    values = entry.model_dump(mode="json", exclude={"period", "title_en"})
    return {key: values[key] for key in ("file", "title", "publisher", "date", "languages", "type", "origin", "notes")}


def _take_out(entries: list[Any], source_id: str) -> None:
    for position, entry in enumerate(entries):
        if entry.get("file") == source_id:
            del entries[position]
            return


def _edit(folder: Path, change: Any) -> None:  # noqa: ANN401 - a function of the file's entries
    """Change the catalogue's entries and write it back, comments kept, in one step."""
    path = folder / CATALOG
    yaml = _yaml()
    before = path.read_text(encoding="utf-8-sig") if path.exists() else _HEADER
    data = yaml.load(before)
    if data is None:
        data = yaml.load(f"{before.rstrip()}\nversion: 1\nsources:\n")
    if data.get("sources") is None:
        data["sources"] = []
    change(data["sources"])
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".catalog-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yaml.dump(data, file)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _yaml() -> YAML:
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt")
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.allow_unicode = True
    return yaml


def _free_name(path: Path) -> Path:
    candidate, count = path, 1
    while candidate.exists():
        candidate = path.with_name(f"{path.stem}-{count}{path.suffix}")
        count += 1
    return candidate
