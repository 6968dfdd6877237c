"""All sources of a catalogue → their documents, passages and ledger."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from index.content import ContentWriter
from index.embedded import embedded_text
from index.errors import one_line
from index.fingerprints import file_hash, text_fingerprint
from index.ledger import LedgerEntry
from index.reading import UnreadableSourceError, read_document
from index.splitting import passages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.catalog import Catalog
    from index.document import Passage
    from index.settings import IndexSettings


def split_sources(
    catalog: Catalog,
    settings: IndexSettings,
    ocr_spellings: dict[str, str],
    path: Path,
    progress: Callable[[int, int], None],
) -> tuple[list[tuple[Passage, str]], tuple[LedgerEntry, ...]]:
    """Read, split and store every source into the content file at `path`.

    Gives every passage with its embedded text, in the order of their numbers, and what every source gave; a source
    that cannot be read is a problem in the ledger. `progress` is told sources done and their number.
    """
    from index.embedding import tokenizer

    ruler = tokenizer(settings.embedding_model, settings.cache)
    writer = ContentWriter(path)
    items: list[tuple[Passage, str]] = []
    ledger = []
    files = catalog.files()
    for done, (source_id, file) in enumerate(files):
        progress(done, len(files))
        began = time.perf_counter()
        try:
            document = read_document(_inside(catalog.folder, file), source_id)
        except UnreadableSourceError as error:
            ledger.append(LedgerEntry(source_id, file_hash=file_hash(file), problem=one_line(error)))
            writer.add_ledger(ledger[-1])
            continue
        split = passages(document, ruler, settings.passage_tokens)
        texts = [embedded_text(passage, ocr_spellings) for passage in split]
        writer.add_document(document, catalog.entry(source_id))
        writer.add_passages(split, map(text_fingerprint, texts))
        ledger.append(LedgerEntry.of(document, split, file_hash(file), time.perf_counter() - began))
        writer.add_ledger(ledger[-1])
        items.extend(zip(split, texts, strict=True))
    writer.close()
    progress(len(files), len(files))
    return items, tuple(ledger)


def _inside(folder: Path, path: Path) -> Path:
    """The path itself, unless it leads out of the sources folder."""
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:  # RuntimeError until Python 3.12
        raise UnreadableSourceError("it is a link that leads in a circle: remove it") from error
    if not inside:
        raise UnreadableSourceError("it is a link out of the sources folder: copy the file itself there")
    return path
