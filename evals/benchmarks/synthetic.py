"""A generation of any size, made from the sentences and vectors of a real one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from index.catalog import CatalogEntry
from index.content_writer import ContentWriter
from index.document import Document, Passage
from index.generation import CONTENT, LEXICAL, SPREADS, VECTORS, Generation, write_manifest
from index.language_statistics import LanguageStatistics, language_groups
from index.lexical import LexicalIndex
from index.vectors import VectorIndex
from index.windows import windows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.windows import Window

_NOISE = 0.35
"""Length of the noise added to a real window's unit vector: cosines between variants are then those between
windows of one subject, 0.85 to 0.95."""
_SENTENCES = 4
_AT_ONCE = 2000


def synthetic_generation(real: Generation, count: int, folder: Path, seed: int = 7) -> Generation:
    """Make a generation of `count` passages with two windows each in `folder`: sentences of the real one recombined,
    vectors of the real one's windows in the same language with noise, unit length, reproducible by seed.
    """
    rng = np.random.default_rng(seed)
    originals = list(real.content.all_passages())
    passages = _passages(originals, count, rng)
    parts = [window for passage in passages for window in windows(passage)]
    folder.mkdir(parents=True)
    writer = ContentWriter(folder / CONTENT)
    text = "".join(f"{passage.text}\n" for passage in passages)
    writer.add_document(Document("synthetic.txt", text), CatalogEntry(file="synthetic.txt"))
    writer.add_passages(passages, ([window.window_id for window in windows(passage)] for passage in passages))
    writer.close()
    _store_vectors(folder, parts, _base_vectors(real, originals), rng)
    (folder / LEXICAL).mkdir()
    LexicalIndex.build((passage.text for passage in passages), folder / LEXICAL)
    counts = {"passages": count, "windows": len(parts)}
    write_manifest(folder, real.manifest.model_copy(update={"id": folder.name, **counts}))
    return Generation(folder)


def _passages(originals: list[Passage], count: int, rng: np.random.Generator) -> list[Passage]:
    sentences = [passage.text[a - passage.start : b - passage.start] for passage in originals for a, b in passage.units]
    picks = rng.integers(0, len(sentences), (count, _SENTENCES))
    languages = [passage.language for passage in originals]
    found, offset = [], 0
    for number, row in enumerate(picks):
        text, units = "", []
        for pick in row:
            units.append((offset + len(text), offset + len(text) + len(sentences[pick])))
            text += f"{sentences[pick]} "
        spans = tuple((units[at][0], units[at + 1][1]) for at in range(0, _SENTENCES, 2))
        text, language = text[:-1], languages[number % len(languages)]
        end = offset + len(text)
        found.append(Passage("synthetic.txt", offset, end, text, language, units=tuple(units), windows=spans))
        offset = end + 1
    return found


def _base_vectors(real: Generation, originals: Sequence[Passage]) -> dict[str, NDArray[np.float32]]:
    """The vectors (n, d) of the real windows in each language."""
    found = {}
    for language in sorted({passage.language for passage in originals}):
        ids = [part.window_id for passage in originals if passage.language == language for part in windows(passage)]
        stored = real.vectors.vectors(ids)
        found[language] = np.array([stored[name] for name in ids], dtype=np.float32)
    return found


def _store_vectors(
    folder: Path, parts: Sequence[Window], base: dict[str, NDArray[np.float32]], rng: np.random.Generator
) -> None:
    groups = language_groups(Counter(window.passage.language for window in parts))
    vectors, statistics = VectorIndex(folder / VECTORS, create=sorted(set(groups.values()))), LanguageStatistics()
    for group in vectors.groups:
        members = [window for window in parts if groups[window.passage.language] == group]
        for start in range(0, len(members), _AT_ONCE):
            chunk = members[start : start + _AT_ONCE]
            picked = [base[window.passage.language] for window in chunk]
            block = _noisy(np.array([rows[rng.integers(0, len(rows))] for rows in picked]), rng).tolist()
            vectors.add(group, chunk, block)
            statistics.add(group, block)
    statistics.save(folder / SPREADS)


def _noisy(vectors: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    noise = rng.normal(size=vectors.shape).astype(np.float32)
    noise *= _NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
    moved = vectors + noise
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)
