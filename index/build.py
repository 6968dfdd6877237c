"""Bring the index up to date with the sources: a new generation, then the pointer."""

from __future__ import annotations

import logging
import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout

from index.catalog import GLOSSARY, Catalog
from index.content import ContentWriter
from index.errors import AssistantError, DamagedIndexError, one_line, storage_advice
from index.generation import (
    CONTENT,
    LEXICAL,
    SPREADS,
    VECTORS,
    Generation,
    Manifest,
    current_id,
    generations_folder,
    make_current,
    prune,
    write_manifest,
)
from index.glossary import Glossary
from index.ledger import LedgerEntry
from index.reading import UnreadableSourceError, read_document
from index.search_text import SEARCH_TEXT_VERSION, search_text
from index.splitting import SPLITTER_VERSION, passages
from index.tokens import TOKENS_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.document import Passage
    from index.settings import IndexSettings

_log = logging.getLogger(__name__)
_AT_ONCE = 256
"""Passages taken together, sorted by length and embedded in batches: enough to sort well, little to lose."""


class BuildError(AssistantError):
    """The build stopped; the index that was in use before still is."""


class Progress(Protocol):
    """Told how far a build is."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`stage` is `reading` (sources) or `embedding` (passages)."""


@dataclass(frozen=True)
class BuildResult:
    """The generation in use after a build, and what every source gave."""

    generation_id: str
    ledger: tuple[LedgerEntry, ...]
    changed: bool
    embedded: int
    """Passages embedded anew."""
    reused: int
    """Passages whose vectors came from the generation before."""
    seconds: float

    @property
    def problems(self) -> tuple[LedgerEntry, ...]:
        """Sources of which nothing is in the index."""
        return tuple(entry for entry in self.ledger if entry.problem)


def build_index(settings: IndexSettings, *, rebuild: bool = False, progress: Progress | None = None) -> BuildResult:
    """Build a new generation from the sources unless the one in use is of the same sources and settings.

    Raises BuildError when another build is running, when no source gives a passage, and when the disk does not take
    the index; whatever was in use before is then in use still.
    """
    try:
        settings.storage.mkdir(parents=True, exist_ok=True)
        with FileLock(settings.storage / "build.lock", blocking=False):
            return _Build(settings, progress or (lambda *_: None)).run(rebuild=rebuild)
    except Timeout as error:
        raise BuildError("another build is running in this storage folder: wait until it is finished") from error
    except OSError as error:
        raise BuildError(f"the index could not be written: {storage_advice(error)}") from error
    except sqlite3.Error as error:
        raise BuildError(f"the index could not be written ({one_line(error)}): see that the disk has space and may be written") from error


def corpus_fingerprint(catalog: Catalog) -> str:
    """SHA-256 over the names, bytes and catalogue entries of all sources and the glossary."""
    digest = sha256()
    for source_id, path in catalog.files():
        digest.update(f"{source_id}\0{catalog.entry(source_id).model_dump_json()}\0".encode())
        digest.update(_file_hash(path))
    digest.update(_file_hash(catalog.folder / GLOSSARY))
    return digest.hexdigest()


def splitter_fingerprint(settings: IndexSettings) -> str:
    """What decides how a text becomes passages and terms."""
    return f"splitter {SPLITTER_VERSION}, search text {SEARCH_TEXT_VERSION}, terms {TOKENS_VERSION}, {settings.passage_tokens} tokens"


def embedded_text(passage: Passage, ocr_spellings: dict[str, str]) -> str:
    """What is embedded for a passage: its headings, unless it begins with them, and its search text."""
    text = search_text(passage.text, ocr_spellings)
    heading = search_text(passage.heading, ocr_spellings)
    inner = heading.split(" › ")[-1]
    return text if not heading or text.startswith(inner[:30]) else f"{heading}\n{text}"


class _Build:
    def __init__(self, settings: IndexSettings, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self._storage = settings.storage

    def run(self, *, rebuild: bool) -> BuildResult:
        from index.embedding import embedding_fingerprint

        began = time.perf_counter()
        catalog = Catalog.load(self._settings.sources)
        glossary = Glossary.load(self._settings.sources)
        self._ocr_spellings = glossary.ocr_spellings
        self._embedder = embedding_fingerprint(self._settings.embedding_model, self._settings.cache)
        self._corpus = corpus_fingerprint(catalog)
        before = self._in_use()
        if before is not None and not rebuild and self._same(before):
            ledger = tuple(before.content.ledger())
            return BuildResult(before.id, ledger, changed=False, embedded=0, reused=0, seconds=time.perf_counter() - began)
        folder = self._new_folder()
        reusable = before if before is not None and before.manifest.embedder == self._embedder and not rebuild else None
        found, texts, ledger = self._read(catalog, folder / CONTENT)
        reused = self._embed(folder, found, texts, reusable)
        self._index_terms(folder, texts)
        self._finish(folder, ledger, len(found))
        seconds = time.perf_counter() - began
        return BuildResult(folder.name, ledger, changed=True, embedded=len(found) - reused, reused=reused, seconds=seconds)

    def _in_use(self) -> Generation | None:
        try:
            name = current_id(self._storage)
            generation = Generation(generations_folder(self._storage) / name) if name else None
            if generation is not None:
                generation.content.ledger()
                generation.vectors  # noqa: B018 - opened here so that a damaged one is not built upon
        except DamagedIndexError as error:
            _log.warning("%s; building it anew", error)
            return None
        return generation

    def _same(self, before: Generation) -> bool:
        manifest = before.manifest
        return (manifest.corpus, manifest.splitter, manifest.embedder) == (
            self._corpus,
            splitter_fingerprint(self._settings),
            self._embedder,
        )

    def _new_folder(self) -> Path:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")[:-3]
        folder = generations_folder(self._storage) / f"{stamp}-{self._corpus[:8]}"
        folder.mkdir(parents=True)
        return folder

    def _read(self, catalog: Catalog, path: Path) -> tuple[list[Passage], list[str], tuple[LedgerEntry, ...]]:
        """Read, split and store every source; give the passages, their embedded texts and the ledger."""
        from index.embedding import tokenizer

        ruler = tokenizer(self._settings.embedding_model, self._settings.cache)
        writer = ContentWriter(path)
        found: list[Passage] = []
        texts: list[str] = []
        ledger = []
        files = catalog.files()
        for done, (source_id, file) in enumerate(files):
            self._progress("reading", done, len(files))
            began = time.perf_counter()
            try:
                document = read_document(_inside(catalog.folder, file), source_id)
            except UnreadableSourceError as error:
                ledger.append(LedgerEntry(source_id, problem=one_line(error)))
                writer.add_ledger(ledger[-1])
                continue
            split = passages(document, ruler, self._settings.passage_tokens)
            new = [embedded_text(passage, self._ocr_spellings) for passage in split]
            writer.add_document(document, catalog.entry(source_id))
            writer.add_passages(split, map(_fingerprint, new))
            ledger.append(LedgerEntry.of(document, split, time.perf_counter() - began))
            writer.add_ledger(ledger[-1])
            found.extend(split)
            texts.extend(new)
        writer.close()
        self._progress("reading", len(files), len(files))
        if not found:
            raise BuildError(_nothing_found(catalog.folder, ledger))
        return found, texts, tuple(ledger)

    def _embed(self, folder: Path, found: list[Passage], texts: list[str], before: Generation | None) -> int:
        """Store a vector for every passage, those of unchanged texts from the generation before; give their number."""
        from index.language_statistics import ANY_LANGUAGE, LanguageStatistics
        from index.vectors import VectorIndex

        vectors = VectorIndex(folder / VECTORS, create=True)
        statistics = LanguageStatistics()
        reused = 0
        for start in range(0, len(found), _AT_ONCE):
            self._progress("embedding", start, len(found))
            chunk, chunk_texts = found[start : start + _AT_ONCE], texts[start : start + _AT_ONCE]
            known = _known_vectors(before, chunk_texts)
            new = sorted({text for text in chunk_texts if text not in known}, key=len)
            reused += sum(text in known for text in chunk_texts)
            known.update(zip(new, self._vectors_of(new, start, len(found)), strict=True))
            vectors.add(chunk, [known[text] for text in chunk_texts])
            for passage, text in zip(chunk, chunk_texts, strict=True):
                statistics.add(passage.language, [known[text]])
                statistics.add(ANY_LANGUAGE, [known[text]])
            self._dimensions = len(known[chunk_texts[0]])
        statistics.save(folder / SPREADS)
        self._progress("embedding", len(found), len(found))
        return reused

    def _vectors_of(self, texts: list[str], done: int, total: int) -> Iterator[list[float]]:
        if not texts:
            return
        from index.embedding import embedding_model

        model = embedding_model(
            self._settings.embedding_model, cache=self._settings.cache, batch_size=self._settings.embedding_batch
        )
        for start in range(0, len(texts), self._settings.embedding_batch):
            yield from model.get_text_embedding_batch(texts[start : start + self._settings.embedding_batch])
            self._progress("embedding", min(total, done + start + self._settings.embedding_batch), total)

    def _index_terms(self, folder: Path, texts: list[str]) -> None:
        from index.lexical import LexicalIndex

        (folder / LEXICAL).mkdir()
        LexicalIndex.build(texts, folder / LEXICAL)

    def _finish(self, folder: Path, ledger: tuple[LedgerEntry, ...], count: int) -> None:
        manifest = Manifest(
            id=folder.name,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            corpus=self._corpus,
            splitter=splitter_fingerprint(self._settings),
            embedding_model=self._settings.embedding_model,
            embedder=self._embedder,
            dimensions=self._dimensions,
            sources=sum(not entry.problem for entry in ledger),
            passages=count,
            ocr_spellings=self._ocr_spellings,
            version=package_version(),
        )
        write_manifest(folder, manifest)
        make_current(self._storage, folder.name)
        prune(self._storage, self._settings.keep_generations)


def package_version() -> str:
    """The installed version of this program."""
    try:
        return version("commit-assistant")
    except PackageNotFoundError:
        return "unknown"


def _inside(folder: Path, path: Path) -> Path:
    """The path itself, unless it leads out of the sources folder."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise UnreadableSourceError("it is a link out of the sources folder: copy the file itself there")
    return path


def _known_vectors(before: Generation | None, texts: list[str]) -> dict[str, list[float]]:
    if before is None:
        return {}
    fingerprints = {_fingerprint(text): text for text in texts}
    ids = before.content.embedded_ids(list(fingerprints))
    vectors = before.vectors.vectors(list(ids.values())) if ids else {}
    return {fingerprints[key]: vectors[name] for key, name in ids.items() if name in vectors}


def _fingerprint(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()


def _file_hash(path: Path) -> bytes:
    try:
        return sha256(path.read_bytes()).digest()
    except OSError:
        return b"unreadable"


def _nothing_found(folder: Path, ledger: list[LedgerEntry]) -> str:
    if not ledger:
        return f"no texts in {folder}: put .txt or .md files there, or name another folder with --sources"
    first = ledger[0]
    more = f" (and {len(ledger) - 1} more like it)" if len(ledger) > 1 else ""
    return f"no source could be indexed: {first.source_id}: {first.problem}{more}"
