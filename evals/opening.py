"""The name of a question set → the set and the corpus it asks about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evals.documents import Documents
from evals.loading import load_question_set
from evals.reader.written import NAME as WRITTEN
from evals.runner import OpenedSet
from index.errors import WrongCallError

if TYPE_CHECKING:
    from assistant.settings import Settings

FOLDER = Path(__file__).resolve().parent / "question_sets"
"""The sets that come with the program."""


def open_set(name: str, settings: Settings, *, without_positives: bool = False) -> OpenedSet:
    """The set of a name: one of the program's, a YAML file, or `squad:PATH[,PATH…]`, `pairs:…` or `rgb:PATH` to import.

    `written` are the held-out documents of `evals.reader.written`. Raises AssistantError.
    """
    kind, _, paths = name.partition(":")
    if kind in {"squad", "pairs", "rgb"} and paths:
        from evals.importers import import_set

        files = [Path(path).expanduser() for path in paths.split(",")]
        return import_set(kind, files, settings, without_positives=without_positives)
    if without_positives:
        raise WrongCallError("--without-positives is for rgb:PATH: leave it out")
    if name == WRITTEN:
        from evals.importers import written_set

        return written_set(settings)
    return OpenedSet(load_question_set(set_path(name), Documents(settings.sources)), settings)


def set_path(name: str) -> Path:
    """The YAML file of a set. Raises WrongCallError when there is none."""
    own = FOLDER / f"{name}.yaml"
    path = own if own.is_file() and own.parent == FOLDER else Path(name).expanduser()
    if path.is_file():
        return path
    known = ", ".join(sorted([*(file.stem for file in FOLDER.glob("*.yaml")), WRITTEN]))
    raise WrongCallError(f"no question set {name!r}: name {known}, a YAML file, squad:PATH, pairs:PATH or rgb:PATH")
