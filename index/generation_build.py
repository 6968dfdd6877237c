"""One build: the content, the vectors, the terms, and the pointer last."""

from __future__ import annotations

import logging
import shutil
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.build import BuildError, BuildResult, Making, package_version
from index.changes import changes_of
from index.content_writer import ContentWriter
from index.errors import AssistantError, DamagedIndexError
from index.fingerprints import corpus_fingerprint
from index.generation import CONTENT, LEXICAL, SPREADS, Generation, Manifest, write_manifest
from index.plan import make_plan, reading_options
from index.pruning import prune
from index.source_stage import read_and_split
from index.storage import current_id, generations_folder, make_current, sync, sync_tree
from index.unfinished import UnfinishedWork
from index.vector_stage import store_vectors
from index.vector_store import LOCAL, LocalVectors, vector_store
from index.workbench import Workbench

if TYPE_CHECKING:
    from pathlib import Path

    from index.build import Progress
    from index.ledger import LedgerEntry
    from index.plan import Plan
    from index.vector_stage import VectorStage

_log = logging.getLogger(__name__)


class GenerationBuild:
    """Builds one generation; the storage folder's lock is held by the caller."""

    def __init__(self, making: Making, progress: Progress) -> None:
        self._making = making
        self._progress = progress
        self._storage = making.settings.storage
        self._store = vector_store(making.settings)
        self._began = time.perf_counter()
        self._before: Generation | None = None

    def run(self, *, rebuild: bool) -> BuildResult:
        """Build, unless everything is as it was."""
        making = self._making
        before = self._before = self._in_use()
        ledger = tuple(before.content.ledger()) if before else ()
        known = {entry.source_id: entry for entry in ledger}
        plan = make_plan(making.catalog, known, reading_options(making.settings.ocr), making.splitter, anew=rebuild)
        corpus = corpus_fingerprint(making.catalog, plan.hashes)
        if before is not None and not rebuild and self._same(before, plan, corpus):
            return self._result(before.id, ledger, plan)
        folder = self._new_folder(corpus)
        unfinished = UnfinishedWork(self._storage)
        bench = Workbench(making, self._store, None if rebuild else before, unfinished, self._progress)
        try:
            result = self._build(bench, folder, corpus, plan)
        except BaseException:
            unfinished.close(finished=False)
            # An interruption may come after the pointer has moved.
            if not _is_current(self._storage, folder.name):
                shutil.rmtree(folder, ignore_errors=True)
                self._forget_segment(folder.name)
            raise
        unfinished.close(finished=True)
        return result

    def _forget_segment(self, segment_id: str) -> None:
        try:
            self._store.remove(segment_id)
        except AssistantError as error:
            _log.info("segment %s stays until the next build (%s)", segment_id, error)

    def _build(self, bench: Workbench, folder: Path, corpus: str, plan: Plan) -> BuildResult:
        before = bench.before
        writer = ContentWriter(folder / CONTENT, before.folder / CONTENT if before else None)
        try:
            ledger = read_and_split(bench, writer, plan)
            if not writer.count("windows"):
                raise BuildError(_nothing_found(bench.making.catalog.folder, ledger))
            stage = store_vectors(bench, writer.connection, folder.name)
            self._index_terms(folder, writer)
            manifest = self._manifest(folder.name, corpus, ledger, writer, stage)
        finally:
            writer.close()
        stage.statistics.save(folder / SPREADS)
        self._finish(folder, manifest)
        return self._result(folder.name, ledger, plan, len(stage.placed.embedded), changed=True)

    def _index_terms(self, folder: Path, writer: ContentWriter) -> None:
        from index.lexical_building import TermCounts, save_lexical

        writer.number()
        counts = TermCounts.of(writer.packed_terms())
        (folder / LEXICAL).mkdir()
        save_lexical(counts, writer.vocabulary(), folder / LEXICAL)

    def _manifest(
        self,
        name: str,
        corpus: str,
        ledger: tuple[LedgerEntry, ...],
        writer: ContentWriter,
        stage: VectorStage,
    ) -> Manifest:
        making = self._making
        return Manifest(
            id=name,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            corpus=corpus,
            splitter=making.splitter,
            embedding_model=making.settings.embedding_model,
            embedder=making.embedder,
            dimensions=stage.placed.dimensions or (self._before.manifest.dimensions if self._before else 0),
            sources=sum(not entry.problem for entry in ledger),
            passages=writer.count("passages"),
            windows=writer.count("windows"),
            vector_store=self._store.name,
            segments=stage.segments,
            ocr_spellings=making.ocr_spellings,
            version=package_version(),
        )

    def _finish(self, folder: Path, manifest: Manifest) -> None:
        """Everything is on the disk before the manifest is, and the manifest before the pointer names it."""
        sync_tree(folder)
        if isinstance(self._store, LocalVectors):
            sync_tree(self._store.folder / folder.name)
        write_manifest(folder, manifest)
        sync(folder)
        make_current(self._storage, folder.name)
        prune(self._storage, self._making.settings.keep_generations, self._store)

    def _in_use(self) -> Generation | None:
        """The index in use, opened so that a damaged one is not built upon; None where there is none of use."""
        try:
            name = current_id(self._storage)
            if name is None:
                return None
            generation = Generation(generations_folder(self._storage) / name)
            kept_in = generation.manifest.vector_store
            if kept_in == self._store.name:
                generation = Generation(generation.folder, self._store)
            elif kept_in != LOCAL:
                return None
            generation.content.ledger()
            _ = generation.lexical, generation.spreads, generation.vectors
        except DamagedIndexError as error:
            _log.warning("%s; building it anew", error)
            return None
        return generation

    def _same(self, before: Generation, plan: Plan, corpus: str) -> bool:
        manifest = before.manifest
        made = (manifest.corpus, manifest.splitter, manifest.embedder, manifest.vector_store)
        return not plan.work and made == (corpus, self._making.splitter, self._making.embedder, self._store.name)

    def _new_folder(self, corpus: str) -> Path:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")[:-3]
        folder = generations_folder(self._storage) / f"{stamp}-{corpus[:8]}"
        folder.mkdir(parents=True)
        return folder

    def _result(
        self,
        name: str,
        ledger: tuple[LedgerEntry, ...],
        plan: Plan,
        embedded: int = 0,
        *,
        changed: bool = False,
    ) -> BuildResult:
        passages = sum(entry.passages for entry in ledger)
        return BuildResult(
            generation_id=name,
            ledger=ledger,
            changed=changed,
            embedded=embedded,
            reused=passages - embedded if changed else 0,
            seconds=time.perf_counter() - self._began,
            changes=changes_of(plan, self._before.manifest if self._before else None, self._making),
        )


def _is_current(storage: Path, name: str) -> bool:
    try:
        return current_id(storage) == name
    except DamagedIndexError:
        return False


def _nothing_found(folder: Path, ledger: tuple[LedgerEntry, ...]) -> str:
    if not ledger:
        return f"no texts in {folder}: put documents there, or name another folder with --sources"
    first = ledger[0]
    more = f" (and {len(ledger) - 1} more like it)" if len(ledger) > 1 else ""
    return f"no source could be indexed: {first.source_id}: {first.problem}{more}"
