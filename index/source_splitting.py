"""One source → its Document and passages, with the terms and texts they are found by."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.catalog import CatalogEntry
from index.content_writer import SplitPassage
from index.embedded import embedded_text, indexed_text
from index.errors import UnreadableSourceError, one_line
from index.fingerprints import bytes_hash
from index.ledger import LedgerEntry
from index.plan import Step, reading_options
from index.reading import load, parse
from index.safe_names import refuse_unsafe
from index.splitting import passages
from index.tokens import terms
from index.unfinished import LEAST_SECONDS
from index.windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.catalog import Catalog
    from index.document import Document, Passage
    from index.plan import SourcePlan
    from index.workbench import Workbench


@dataclass(frozen=True)
class SplitSource:
    """What a source gave; without a Document, the ledger's entry has a problem."""

    ledger: LedgerEntry
    document: Document | None = None
    entry: CatalogEntry | None = None
    passages: tuple[Passage, ...] = ()


class SourceSplitter:
    """Reads and splits sources as a plan says."""

    def __init__(self, bench: Workbench) -> None:
        """Raises EmbeddingModelError: the model's tokenizer measures passages."""
        from index.embedding import tokenizer

        self._making = bench.making
        self._settings = bench.making.settings
        self._unfinished = bench.unfinished
        self._before = bench.before
        self._tokenizer = tokenizer(self._settings.embedding_model, self._settings.cache)

    def split(self, plan: SourcePlan) -> SplitSource:
        """Read, where it must be, and split one source. A source that cannot be read is a problem in the ledger."""
        began = time.perf_counter()
        try:
            document, file_hash = self._document(plan)
        except UnreadableSourceError as error:
            return SplitSource(
                LedgerEntry(plan.source_id, file_hash=plan.file_hash, reader=plan.reader, problem=one_line(error))
            )
        found = tuple(passages(document, self._tokenizer, self._settings.passage_tokens))
        ledger = replace(
            LedgerEntry.of(document, found, file_hash, time.perf_counter() - began),
            reader=plan.reader,
            splitter=self._making.splitter,
            duplicate_of=plan.duplicate_of,
        )
        return SplitSource(
            ledger, document, known_entry(self._making.catalog, document, tuple(ledger.languages)), found
        )

    def _document(self, plan: SourcePlan) -> tuple[Document, str]:
        """The Document, and the hash of the bytes it was read from: the file may have changed since it was planned."""
        refuse_unsafe(plan.source_id)
        if plan.step is Step.SPLIT and self._before is not None:
            return replace(self._before.content.document(plan.before), source_id=plan.source_id), plan.file_hash
        data = load(_inside(self._making.catalog.folder, plan.path))
        file_hash = bytes_hash(data)
        kept = self._unfinished.document(plan.source_id, file_hash, plan.reader)
        if kept is not None:
            return kept, file_hash
        began = time.perf_counter()
        document = parse(data, plan.path, plan.source_id, reading_options(self._settings.ocr))
        if time.perf_counter() - began >= LEAST_SECONDS:
            self._unfinished.keep_document(document, file_hash, plan.reader)
        return document, file_hash


def split_passages(found: tuple[Passage, ...], ocr_spellings: dict[str, str]) -> Iterator[SplitPassage]:
    """Passages with what they are found by."""
    for passage in found:
        embedded = [embedded_text(window.text, ocr_spellings) for window in windows(passage)]
        yield SplitPassage(passage, Counter(terms(indexed_text(passage, ocr_spellings))), embedded)


def known_entry(catalog: Catalog, document: Document, languages: tuple[str, ...] = ()) -> CatalogEntry:
    """What is known about a source: what the catalogue says or, without an entry, what the file says of itself."""
    if document.source_id in catalog:
        return catalog.entry(document.source_id)
    facts = document.facts
    return CatalogEntry(
        file=document.source_id,
        title=facts.title,
        publisher=facts.publisher,
        date=facts.date,
        languages=tuple(name for name in languages if name != "und"),
    )


def _inside(folder: Path, path: Path) -> Path:
    """The path itself, unless it leads out of the sources folder."""
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:  # RuntimeError until Python 3.12
        raise UnreadableSourceError("it is a link that leads in a circle: remove it") from error
    if not inside:
        raise UnreadableSourceError("it is a link out of the sources folder: copy the file itself there")
    return path
