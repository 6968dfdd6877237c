"""An index of any size, built from texts that are made of a real index's sentences.

Reading, splitting, storing and indexing are the program's own; vectors alone are made up, since embedding 100,000
passages takes hours: those of the real index's windows in the same language with noise.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np

from index import placing
from index.build import build_index
from index.languages import detect_language
from index.windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from index.build import BuildResult
    from index.document import Passage
    from index.generation import Generation
    from index.settings import IndexSettings

_NOISE = 0.35
"""Length of the noise added to a real window's unit vector: cosines between variants are then those between
windows of one subject, 0.85 to 0.95."""
_SENTENCES = 4
_IN_A_FILE = 20
"""Passages of a file."""
_AT_ONCE = 512


def synthetic_sources(real: Generation, passages: int, folder: Path, seed: int = 7) -> None:
    """Write about as many passages as are wanted into text files of twenty, each of four of the real sentences in one
    language under a heading of its own; reproducible by seed.
    """
    rng = np.random.default_rng(seed)
    sentences = _sentences(list(real.content.all_passages()))
    languages = sorted(sentences)
    folder.mkdir(parents=True)
    for number in range(0, passages, _IN_A_FILE):
        language = languages[number // _IN_A_FILE % len(languages)]
        parts = []
        for part in range(number, min(passages, number + _IN_A_FILE)):
            picked = rng.integers(0, len(sentences[language]), _SENTENCES)
            # Numbered, so that no window stands twice: equals would make recall a matter of chance.
            words = " ".join(f"{sentences[language][pick]} ({part}.{at})" for at, pick in enumerate(picked))
            parts.append(f"# {part}\n\n{words}\n")
        (folder / f"{number:07}.{language}.txt").write_text("\n".join(parts), encoding="utf-8")


def build_synthetic(real: Generation, settings: IndexSettings) -> BuildResult:
    """Build the index of `settings` with made-up vectors."""
    made = _MadeUp(real)
    with mock.patch.object(placing, "made_vectors", made.vectors):
        return build_index(settings)


class _MadeUp:
    def __init__(self, real: Generation) -> None:
        self._base = _base_vectors(real)

    def vectors(self, texts: list[str], settings: IndexSettings) -> Iterator[list[list[float]]]:
        """A vector (d,) of unit length for every text, the same for the same text."""
        del settings
        for start in range(0, len(texts), _AT_ONCE):
            yield [self._vector(text) for text in texts[start : start + _AT_ONCE]]

    def _vector(self, text: str) -> list[float]:
        rng = np.random.default_rng(int.from_bytes(sha256(text.encode("utf-8")).digest()[:8], "big"))
        language = detect_language(text)
        rows = self._base.get(language, next(iter(self._base.values())))
        noise = rng.normal(size=rows.shape[1])
        moved = rows[rng.integers(0, len(rows))] + noise * (_NOISE / np.linalg.norm(noise))
        return [float(x) for x in moved / np.linalg.norm(moved)]


def _sentences(originals: list[Passage]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for passage in originals:
        for start, end in passage.units:
            words = " ".join(passage.text[start - passage.start : end - passage.start].split())
            found.setdefault(passage.language, []).append(words)
    return found


def _base_vectors(real: Generation) -> dict[str, NDArray[np.float32]]:
    """The vectors (n, d) of the real windows in each language."""
    names: dict[str, list[str]] = {}
    for passage in real.content.all_passages():
        names.setdefault(passage.language, []).extend(window.window_id for window in windows(passage))
    found = {}
    for language, ids in names.items():
        stored = real.vectors.vectors(ids)
        found[language] = np.array([stored[name] for name in ids], dtype=np.float32)
    return found
