"""The catalogue of sources: what is known about every file, and which files there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import regex
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from index.errors import AssistantError
from index.yaml_file import YamlFileError, load_yaml, location_of

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOG = "catalog.yaml"
GLOSSARY = "glossary.yaml"
_NOT_SOURCES = frozenset({CATALOG, GLOSSARY, "README.md"})

_Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else str(value))]
_Date = Annotated[_Text, Field(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")]


class CatalogError(AssistantError):
    """A catalogue that cannot be used as it stands; the message names file, line and what is allowed."""


class CatalogEntry(BaseModel):
    """What is known about one source; what nobody knows is empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(min_length=1)
    title: _Text = ""
    title_en: _Text = ""
    publisher: _Text = ""
    date: _Date = ""
    period: tuple[_Date, _Date] | None = None
    languages: tuple[str, ...] = ()
    type: _Text = ""
    origin: _Text = ""
    notes: _Text = ""

    @property
    def shown_title(self) -> str:
        """The title, or the file's name when there is none."""
        return self.title or Path(self.file).name


class _CatalogFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = 1
    sources: Annotated[tuple[CatalogEntry, ...], BeforeValidator(lambda value: () if value is None else value)] = ()


class Catalog:
    """The entries of a sources folder, by source id (the file's path below the folder, with `/`)."""

    def __init__(self, folder: Path, entries: dict[str, CatalogEntry]) -> None:
        self.folder = folder
        self._entries = entries

    @classmethod
    def load(cls, folder: Path) -> Catalog:
        """Read `catalog.yaml`; a folder without one has an empty catalogue.

        Raises CatalogError when the folder is missing or the file is not a catalogue.
        """
        if not folder.is_dir():
            raise CatalogError(
                f"no sources folder at {folder}: create it and put texts into it, or name another with --sources"
            )
        path = folder / CATALOG
        if not path.exists():
            return cls(folder, {})
        try:
            data = load_yaml(path)
            entries = _CatalogFile.model_validate(data or {}).sources
        except YamlFileError as error:
            raise CatalogError(str(error)) from error
        except ValidationError as error:
            raise CatalogError(_explanation(path, data, error)) from error
        by_file: dict[str, CatalogEntry] = {}
        for entry in entries:
            if entry.file in by_file:
                raise CatalogError(f"{path}: {entry.file} stands there twice: keep one of the two entries")
            by_file[entry.file] = entry
        return cls(folder, by_file)

    def entry(self, source_id: str) -> CatalogEntry:
        """The entry of a source; an uncatalogued one gets an empty entry."""
        return self._entries.get(source_id) or CatalogEntry(file=source_id)

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._entries

    def files(self) -> list[tuple[str, Path]]:
        """Source id and path of every file below the folder and every catalogued file, ordered by id.

        Hidden files and the folder's own catalogue, glossary and README are no sources. A catalogued file that is
        missing is in the list, so that the ledger can say so.
        """
        found = {_id(path.relative_to(self.folder)): path for path in _files_below(self.folder)}
        for source_id in self._entries:
            found.setdefault(source_id, self.folder / source_id)
        return sorted(found.items())


def _id(relative: Path) -> str:
    """A file's path with `/`; what is no UTF-8 in its name is shown as U+FFFD, since an id is stored and printed."""
    return relative.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if any(part.startswith(".") for part in relative.parts) or relative.as_posix() in _NOT_SOURCES:
            continue
        if path.is_file() or path.is_symlink():
            yield path


def _explanation(path: Path, data: Any, error: ValidationError) -> str:  # noqa: ANN401 - whatever YAML gave
    first = error.errors()[0]
    line = location_of(data, first["loc"])
    key = ".".join(str(part) for part in first["loc"] if not isinstance(part, int))
    if first["type"] == "extra_forbidden":
        model = CatalogEntry if "sources" in first["loc"][:-1] else _CatalogFile
        allowed = ", ".join(model.model_fields)
        return f"{path}:{line}: unknown key {key.split('.')[-1]!r}: allowed are {allowed}"
    message = regex.sub(r"\s+", " ", str(first["msg"]))
    return f"{path}:{line}: {key or 'the file'}: {message}"
