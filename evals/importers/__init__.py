"""Question sets of other projects, measured where they lie: none of their text becomes part of this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evals.importers.corpus import corpus_settings
from evals.importers.pairs import pairs
from evals.importers.rgb import read_rgb
from evals.importers.squad import read_squad
from evals.importers.written import read_written
from evals.runner import OpenedSet
from index.errors import WrongCallError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.settings import Settings


def import_set(kind: str, files: Sequence[Path], settings: Settings, *, without_positives: bool = False) -> OpenedSet:
    """Read files of a kind, `squad`, `pairs` (of SQuAD's questions) or `rgb`, and lay their texts out as a corpus.

    The corpus and its index lie below `settings.cache`, in a folder named by their content, and are used again.
    Raises AssistantError.
    """
    if kind == "rgb":
        if len(files) != 1:
            raise WrongCallError("rgb:PATH takes one file")
        imported = read_rgb(files[0], without_positives=without_positives)
    elif without_positives:
        raise WrongCallError("--without-positives is for rgb:PATH: leave it out")
    else:
        imported = read_squad(files)
    questions = pairs(imported.questions) if kind == "pairs" else imported.questions
    return OpenedSet(questions, corpus_settings(imported, settings), own_corpus=True)


def written_set(settings: Settings) -> OpenedSet:
    """The documents that were written to measure near misses, laid out as a corpus like an imported set's."""
    imported = read_written()
    return OpenedSet(imported.questions, corpus_settings(imported, settings), own_corpus=True)
