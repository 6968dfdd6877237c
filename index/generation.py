"""One immutable, complete index on disk, and the pointer to the one in use."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import tempfile
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from index.content import Content
from index.errors import AssistantError, DamagedIndexError

if TYPE_CHECKING:
    from index.language_statistics import Spread
    from index.lexical import LexicalIndex
    from index.vectors import VectorIndex

FORMAT = 2
"""Raised whenever an older index can no longer be read."""
CURRENT, MANIFEST, CONTENT, VECTORS, LEXICAL = "CURRENT", "manifest.json", "content.sqlite", "chroma", "lexical"
SPREADS = "languages.npz"
_log = logging.getLogger(__name__)


class NoIndexError(AssistantError):
    """There is no index yet."""


class Manifest(BaseModel):
    """What a generation was made of and how; written last, so that an index without one is unfinished."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    format: int = FORMAT
    created: str
    """Time of completion, ISO 8601, UTC."""
    corpus: str
    """Fingerprint of all sources, their catalogue entries and the glossary."""
    splitter: str
    embedding_model: str
    embedder: str
    """Fingerprint of the embedding model."""
    dimensions: int
    sources: int
    passages: int
    windows: int
    """Parts of passages, each with a vector."""
    ocr_spellings: dict[str, str] = {}
    version: str


class Generation:
    """An index that can be searched. Its parts are opened when they are first used."""

    def __init__(self, folder: Path) -> None:
        """Raises DamagedIndexError when the folder holds no finished index that this version can read."""
        self.folder = folder
        try:
            self.manifest = Manifest.model_validate_json((folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DamagedIndexError(folder) from error
        if self.manifest.format != FORMAT:
            raise DamagedIndexError(folder)

    @property
    def id(self) -> str:
        """Its name: the time of its making and the beginning of its corpus' fingerprint."""
        return self.manifest.id

    @cached_property
    def content(self) -> Content:
        """Documents, passages, ledger."""
        path = self.folder / CONTENT
        if not path.is_file():
            raise DamagedIndexError(self.folder)
        return Content(path)

    @cached_property
    def vectors(self) -> VectorIndex:
        """Dense index. Raises DamagedIndexError when Chroma cannot read it or vectors are missing."""
        from index.vectors import VectorIndex

        try:
            vectors = VectorIndex(self.folder / VECTORS)
            count = len(vectors)
        except Exception as error:
            raise DamagedIndexError(self.folder) from error
        if count != self.manifest.windows:
            raise DamagedIndexError(self.folder)
        return vectors

    @cached_property
    def spreads(self) -> dict[str, Spread]:
        """How the vectors of each language are spread. Raises DamagedIndexError when the file cannot be read."""
        from index.language_statistics import load_spreads

        try:
            return load_spreads(self.folder / SPREADS)
        except Exception as error:
            raise DamagedIndexError(self.folder) from error

    @cached_property
    def lexical(self) -> LexicalIndex:
        """Lexical index. Raises DamagedIndexError when its files cannot be read."""
        from index.lexical import LexicalIndex

        try:
            return LexicalIndex(self.folder / LEXICAL)
        except Exception as error:
            raise DamagedIndexError(self.folder) from error


class CurrentGeneration:
    """The generation in use; notices when the pointer moves, so that a long-lived reader never needs a restart."""

    def __init__(self, storage: Path) -> None:
        self.storage = storage
        self._lock = threading.Lock()
        self._generation: Generation | None = None

    def get(self) -> Generation:
        """The generation that `CURRENT` names now. Raises NoIndexError or DamagedIndexError."""
        name = current_id(self.storage)
        if name is None:
            raise NoIndexError("there is no index yet: run `commit-assistant index`")
        with self._lock:
            if self._generation is None or self._generation.folder.name != name:
                self._generation = Generation(generations_folder(self.storage) / name)
                _log.info("reading index %s", name)
            return self._generation


def current_id(storage: Path) -> str | None:
    """The id that `CURRENT` holds, None when there is no index."""
    try:
        name = (storage / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndexError(storage) from error
    # The name becomes part of a path: a damaged pointer must not lead out of the storage folder.
    if not re.fullmatch(r"[0-9A-Za-z-]{1,64}", name):
        raise DamagedIndexError(storage)
    return name


def make_current(storage: Path, name: str) -> None:
    """Move the pointer to a finished generation, in one step that a power cut cannot halve."""
    descriptor, temporary_name = tempfile.mkstemp(dir=storage, prefix=".current-")
    temporary = Path(temporary_name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files that their owner alone can read; the page may run as somebody else.
        temporary.chmod(0o644)
        temporary.replace(storage / CURRENT)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Finish a generation."""
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(manifest.model_dump(), file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())


def generations_folder(storage: Path) -> Path:
    """Where the generations of a storage folder lie."""
    return storage / "generations"


def prune(storage: Path, keep: int) -> None:
    """Remove unfinished generations and all but the newest `keep` finished ones; never the one in use."""
    in_use = current_id(storage)
    folders = [path for path in generations_folder(storage).iterdir() if path.is_dir()]
    finished = sorted((path for path in folders if (path / MANIFEST).is_file()), key=lambda path: path.name)
    kept = {path.name for path in finished[-keep:]} | {in_use}
    for path in folders:
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
