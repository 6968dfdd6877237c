"""The texts of an imported set as a sources folder of its own."""

from __future__ import annotations

import shutil
import tempfile
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import AssistantError, WrongCallError, storage_advice

if TYPE_CHECKING:
    from assistant.settings import Settings
    from evals.question_set import QuestionSet

CORPORA = "eval-corpora"


@dataclass(frozen=True)
class Imported:
    """Questions, and the canonical texts by source id in which their gold spans lie."""

    questions: QuestionSet
    texts: dict[str, str]


class ImportedSetError(AssistantError):
    """A file that is not of the format it was named as."""


def corpus_settings(imported: Imported, settings: Settings) -> Settings:
    """The settings with sources and storage of the set's own, below the cache; the texts are written once.

    Raises ImportedSetError when they cannot be written.
    """
    folder = settings.cache / CORPORA / f"{imported.questions.name}-{_fingerprint(imported.texts)[:12]}"
    try:
        if not (folder / "sources").is_dir():
            _write(folder, imported.texts)
    except OSError as error:
        raise ImportedSetError(f"the set's texts cannot be written: {storage_advice(error)}") from error
    return settings.model_copy(update={"sources": folder / "sources", "storage": folder / "storage"})


def canonical(text: str) -> str:
    r"""A text as reading its file will give it: NFC, `\n` line ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " "))


def read_text(path: Path) -> str:
    """A file in UTF-8. Raises WrongCallError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WrongCallError(f"{path} cannot be read ({error.strerror}): check the path of the set") from error
    except UnicodeDecodeError as error:
        raise WrongCallError(f"{path} is not UTF-8: save it as UTF-8") from error


def _write(folder: Path, texts: dict[str, str]) -> None:
    """Write all texts beside their place and move them there, so that half a corpus is never taken for one."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder, prefix=".sources-"))
    try:
        for source_id, text in texts.items():
            path = temporary / source_id
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        temporary.rename(folder / "sources")
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _fingerprint(texts: dict[str, str]) -> str:
    digest = sha256()
    for source_id, text in sorted(texts.items()):
        digest.update(f"{source_id}\0{text}\0".encode())
    return digest.hexdigest()
