"""A generation of any size, made from the sentences and vectors of a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.catalog import CatalogEntry
from index.content import ContentWriter
from index.document import Document, Passage
from index.generation import CONTENT, LEXICAL, SPREADS, VECTORS, Generation, write_manifest
from index.language_statistics import ANY_LANGUAGE, LanguageStatistics
from index.lexical import LexicalIndex
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_NOISE = 0.35
"""Length of the noise added to a real passage's unit vector: cosines between variants are then those between
passages of one subject, 0.85 to 0.95."""
_SENTENCES = 4
_AT_ONCE = 2000


def synthetic_generation(real: Generation, count: int, folder: Path, seed: int = 7) -> Generation:
    """Make a generation of `count` passages in `folder`: sentences of the real one recombined, vectors of the real
    one with noise, unit length, reproducible by seed.
    """
    rng = np.random.default_rng(seed)
    originals = list(real.content.all_passages())
    stored = real.vectors.vectors([passage.passage_id for passage in originals])
    base = np.array([stored[passage.passage_id] for passage in originals], dtype=np.float32)
    passages = _passages(originals, count, rng)
    choice = rng.integers(0, len(base), count)
    folder.mkdir(parents=True)
    writer = ContentWriter(folder / CONTENT)
    text = "".join(f"{passage.text}\n" for passage in passages)
    writer.add_document(Document("synthetic.txt", text), CatalogEntry(file="synthetic.txt"))
    writer.add_passages(passages, (str(number) for number in range(count)))
    writer.close()
    vectors, statistics = VectorIndex(folder / VECTORS, create=True), LanguageStatistics()
    for start in range(0, count, _AT_ONCE):
        block = _noisy(base[choice[start : start + _AT_ONCE]], rng)
        vectors.add(passages[start : start + _AT_ONCE], block.tolist())
        statistics.add(ANY_LANGUAGE, block.tolist())
    statistics.save(folder / SPREADS)
    (folder / LEXICAL).mkdir()
    LexicalIndex.build((passage.text for passage in passages), folder / LEXICAL)
    write_manifest(folder, real.manifest.model_copy(update={"id": folder.name, "passages": count}))
    return Generation(folder)


def _passages(originals: list[Passage], count: int, rng: np.random.Generator) -> list[Passage]:
    sentences = [passage.text[a - passage.start : b - passage.start] for passage in originals for a, b in passage.units]
    picks = rng.integers(0, len(sentences), (count, _SENTENCES))
    languages = [passage.language for passage in originals]
    found, offset = [], 0
    for number, row in enumerate(picks):
        text = " ".join(sentences[pick] for pick in row)
        language = languages[number % len(languages)]
        found.append(Passage("synthetic.txt", offset, offset + len(text), text, language))
        offset += len(text) + 1
    return found


def _noisy(vectors: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    noise = rng.normal(size=vectors.shape).astype(np.float32)
    noise *= _NOISE / np.linalg.norm(noise, axis=1, keepdims=True)
    moved = vectors + noise
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)
