"""Vectors for passages: taken over from the generation before where the text is the same, else made by the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.fingerprints import text_fingerprint
from index.generation import SPREADS, VECTORS
from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from index.document import Passage
    from index.generation import Generation
    from index.settings import IndexSettings

_AT_ONCE = 256
"""Passages taken together, sorted by length and embedded in batches: enough to sort well, little to lose."""


def embedded_text(passage: Passage, ocr_spellings: dict[str, str]) -> str:
    """What is embedded for a passage: its headings, unless it begins with them, and its search text."""
    text = search_text(passage.text, ocr_spellings)
    heading = search_text(passage.heading, ocr_spellings)
    inner = heading.split(" › ")[-1]
    return text if not heading or text.startswith(inner[:30]) else f"{heading}\n{text}"


def store_vectors(
    folder: Path,
    items: Sequence[tuple[Passage, str]],
    settings: IndexSettings,
    before: Generation | None,
    progress: Callable[[int], None],
) -> tuple[int, int]:
    """Store a vector for every passage, given with its embedded text, and how the languages' vectors are spread.

    `progress` is told how many passages are done. Gives the number of vectors taken over from the generation before,
    and the vectors' dimension.
    """
    from index.language_statistics import ANY_LANGUAGE, LanguageStatistics
    from index.vectors import VectorIndex

    vectors, statistics = VectorIndex(folder / VECTORS, create=True), LanguageStatistics()
    reused = dimensions = 0
    for start in range(0, len(items), _AT_ONCE):
        chunk = [passage for passage, _ in items[start : start + _AT_ONCE]]
        chunk_texts = [text for _, text in items[start : start + _AT_ONCE]]
        known = _known_vectors(before, chunk_texts)
        reused += sum(text in known for text in chunk_texts)
        new = sorted({text for text in chunk_texts if text not in known}, key=len)
        for done, (text, vector) in enumerate(zip(new, _made(new, settings), strict=True), start=1):
            known[text] = vector
            progress(start + len(chunk) * done // len(new))
        chunk_vectors = [known[text] for text in chunk_texts]
        vectors.add(chunk, chunk_vectors)
        for passage, vector in zip(chunk, chunk_vectors, strict=True):
            statistics.add(passage.language, [vector])
            statistics.add(ANY_LANGUAGE, [vector])
        dimensions = len(chunk_vectors[0])
        progress(start + len(chunk))
    statistics.save(folder / SPREADS)
    return reused, dimensions


def _made(texts: list[str], settings: IndexSettings) -> Iterator[list[float]]:
    if not texts:
        return
    from index.embedding import embedding_model

    model = embedding_model(settings.embedding_model, cache=settings.cache, batch_size=settings.embedding_batch)
    for start in range(0, len(texts), settings.embedding_batch):
        yield from model.get_text_embedding_batch(texts[start : start + settings.embedding_batch])


def _known_vectors(before: Generation | None, texts: Sequence[str]) -> dict[str, list[float]]:
    if before is None:
        return {}
    fingerprints = {text_fingerprint(text): text for text in texts}
    ids = before.content.embedded_ids(list(fingerprints))
    vectors = before.vectors.vectors(list(ids.values())) if ids else {}
    return {fingerprints[key]: vectors[name] for key, name in ids.items() if name in vectors}
