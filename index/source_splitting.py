"""All sources of a catalogue → their documents, passages and ledger."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.content_writer import ContentWriter
from index.embedded import embedded_text, indexed_text
from index.errors import one_line
from index.fingerprints import file_hash, text_fingerprint
from index.ledger import LedgerEntry
from index.errors import UnreadableSourceError
from index.reading import read_document
from index.splitting import passages
from index.windows import Window, windows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.catalog import Catalog
    from index.settings import IndexSettings


@dataclass(frozen=True)
class SplitSources:
    """What is to be searched: both kinds of text in the order of the passages' numbers, and what every source gave."""

    indexed: tuple[str, ...]
    """The text of every passage for the lexical index."""
    embedded: tuple[tuple[Window, str], ...]
    """Every window with the text to be embedded for it."""
    ledger: tuple[LedgerEntry, ...]


def split_sources(
    catalog: Catalog,
    settings: IndexSettings,
    ocr_spellings: dict[str, str],
    path: Path,
    progress: Callable[[int, int], None],
) -> SplitSources:
    """Read, split and store every source into the content file at `path`.

    A source that cannot be read is a problem in the ledger. `progress` is told sources done and their number.
    """
    from index.embedding import tokenizer

    ruler = tokenizer(settings.embedding_model, settings.cache)
    writer = ContentWriter(path)
    indexed: list[str] = []
    embedded: list[tuple[Window, str]] = []
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
        parts = [[(window, embedded_text(window, ocr_spellings)) for window in windows(passage)] for passage in split]
        writer.add_document(document, catalog.entry(source_id))
        writer.add_passages(split, ([text_fingerprint(text) for _, text in part] for part in parts))
        ledger.append(LedgerEntry.of(document, split, file_hash(file), time.perf_counter() - began))
        writer.add_ledger(ledger[-1])
        indexed.extend(indexed_text(passage, ocr_spellings) for passage in split)
        embedded.extend(item for part in parts for item in part)
    writer.close()
    progress(len(files), len(files))
    return SplitSources(tuple(indexed), tuple(embedded), tuple(ledger))


def _inside(folder: Path, path: Path) -> Path:
    """The path itself, unless it leads out of the sources folder."""
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError) as error:  # RuntimeError until Python 3.12
        raise UnreadableSourceError("it is a link that leads in a circle: remove it") from error
    if not inside:
        raise UnreadableSourceError("it is a link out of the sources folder: copy the file itself there")
    return path
