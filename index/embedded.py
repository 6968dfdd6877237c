"""What the indexes read of passages and windows, and the vectors that the model makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.document import Passage
    from index.settings import IndexSettings


def indexed_text(passage: Passage, ocr_spellings: dict[str, str]) -> str:
    """What the lexical index reads of a passage: its headings, unless it begins with them, and its search text."""
    text = search_text(passage.text, ocr_spellings)
    heading = search_text(passage.heading, ocr_spellings)
    inner = heading.split(" › ")[-1]
    return text if not heading or text.startswith(inner[:30]) else f"{heading}\n{text}"


def embedded_text(window: str, ocr_spellings: dict[str, str]) -> str:
    """What is embedded for a window's words: their search text, without headings, which would make all of a section
    alike.
    """
    return search_text(window, ocr_spellings)


def made_vectors(texts: list[str], settings: IndexSettings) -> Iterator[list[list[float]]]:
    """Vectors (d,) of unit length for texts, in their order, batch by batch. Raises EmbeddingModelError."""
    if not texts:
        return
    from index.embedding import embedding_model

    model = embedding_model(settings.embedding_model, cache=settings.cache, batch_size=settings.embedding_batch)
    for start in range(0, len(texts), settings.embedding_batch):
        yield model.get_text_embedding_batch(texts[start : start + settings.embedding_batch])
