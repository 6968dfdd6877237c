"""Vectors for windows: taken over from the generation before where the text is the same, else made by the model."""

from __future__ import annotations

from collections import Counter, defaultdict
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
    from index.windows import Window

_AT_ONCE = 512
"""Windows taken together, sorted by length and embedded in batches: enough to sort well, little to lose."""


def indexed_text(passage: Passage, ocr_spellings: dict[str, str]) -> str:
    """What the lexical index reads of a passage: its headings, unless it begins with them, and its search text."""
    text = search_text(passage.text, ocr_spellings)
    heading = search_text(passage.heading, ocr_spellings)
    inner = heading.split(" › ")[-1]
    return text if not heading or text.startswith(inner[:30]) else f"{heading}\n{text}"


def embedded_text(window: Window, ocr_spellings: dict[str, str]) -> str:
    """What is embedded for a window: its search text, without headings, which would make all of a section alike."""
    return search_text(window.text, ocr_spellings)


def store_vectors(
    folder: Path,
    items: Sequence[tuple[Window, str]],
    settings: IndexSettings,
    before: Generation | None,
    progress: Callable[[int], None],
) -> tuple[set[str], int]:
    """Store a vector for every window, given with its embedded text, and how the languages' vectors are spread.

    `progress` is told how many windows are done. Gives the ids of the passages with a window that was embedded anew,
    and the vectors' dimension.
    """
    from index.language_statistics import LanguageStatistics, language_groups
    from index.vectors import VectorIndex

    groups = language_groups(Counter(window.passage.language for window, _ in items if window.number == 0))
    vectors = VectorIndex(folder / VECTORS, create=sorted(set(groups.values())))
    statistics = LanguageStatistics()
    anew: set[str] = set()
    dimensions = 0
    for start in range(0, len(items), _AT_ONCE):
        chunk = items[start : start + _AT_ONCE]
        known = _known_vectors(before, [text for _, text in chunk])
        anew.update(window.passage.passage_id for window, text in chunk if text not in known)
        new = sorted({text for _, text in chunk if text not in known}, key=len)
        for done, (text, vector) in enumerate(zip(new, _made(new, settings), strict=True), start=1):
            known[text] = vector
            progress(start + len(chunk) * done // len(new))
        by_group: defaultdict[str, list[tuple[Window, Sequence[float]]]] = defaultdict(list)
        for window, text in chunk:
            by_group[groups[window.passage.language]].append((window, known[text]))
        for group, rows in by_group.items():
            vectors.add(group, [window for window, _ in rows], [vector for _, vector in rows])
            statistics.add(group, [vector for _, vector in rows])
            dimensions = len(rows[0][1])
        progress(start + len(chunk))
    statistics.save(folder / SPREADS)
    return anew, dimensions


def _made(texts: list[str], settings: IndexSettings) -> Iterator[list[float]]:
    if not texts:
        return
    from index.embedding import embedding_model

    model = embedding_model(settings.embedding_model, cache=settings.cache, batch_size=settings.embedding_batch)
    for start in range(0, len(texts), settings.embedding_batch):
        yield from model.get_text_embedding_batch(texts[start : start + settings.embedding_batch])


def _known_vectors(before: Generation | None, texts: Sequence[str]) -> dict[str, Sequence[float]]:
    if before is None:
        return {}
    fingerprints = {text_fingerprint(text): text for text in texts}
    ids = before.content.embedded_ids(list(fingerprints))
    vectors = before.vectors.vectors(list(ids.values())) if ids else {}
    return {fingerprints[key]: vectors[name] for key, name in ids.items() if name in vectors}
