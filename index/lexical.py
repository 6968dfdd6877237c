"""The lexical index: BM25 over the terms of every passage."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

from index.lexical_library import bm25s
from index.similar_words import SimilarWords
from index.tokens import terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


class LexicalIndex:
    """BM25 (Robertson's, as Lucene computes it, k1 = 1.5, b = 0.75) by bm25s, rows in the order they were added."""

    def __init__(self, folder: Path) -> None:
        """Open a saved index; its arrays are mapped from the file, not read."""
        self._bm25 = bm25s().BM25.load(folder, mmap=True)
        self._rows = int(self._bm25.scores["num_docs"])

    @staticmethod
    def build(search_texts: Iterable[str], folder: Path) -> None:
        """Index texts, row by row, and save them into an empty folder."""
        from index.lexical_building import TermCounts, pack, save_lexical

        numbers: dict[str, int] = {}
        packed = []
        for text in search_texts:
            counted = Counter(terms(text))
            packed.append(pack([numbers.setdefault(term, len(numbers)) for term in counted], counted.values()))
        save_lexical(TermCounts.of(packed), {number: term for term, number in numbers.items()}, folder)

    def scores(self, query_terms: Sequence[str], allowed: NDArray[np.bool_] | None = None) -> NDArray[np.float32]:
        """The BM25 score of every row (n,), 0 for those without any of the terms.

        `allowed`, one value for every row, keeps the search to some of them: the others have 0.
        """
        import numpy as np

        known = [term for term in query_terms if term in self._bm25.vocab_dict]
        if not known or not self._rows:
            return np.zeros(self._rows, dtype=np.float32)
        weights = None if allowed is None else allowed.astype(self._bm25.dtype)
        scores: NDArray[np.float32] = self._bm25.get_scores(known, weight_mask=weights)
        return scores

    def best(self, scores: NDArray[np.float32], k: int) -> list[int]:
        """The rows with the `k` highest scores above 0, best first."""
        import numpy as np

        k = min(k, len(scores))
        highest: list[int] = np.argpartition(-scores, k - 1)[:k].tolist() if k else []
        return sorted((row for row in highest if scores[row] > 0), key=lambda row: (-scores[row], row))

    def search(
        self, query_terms: Sequence[str], k: int, allowed: NDArray[np.bool_] | None = None
    ) -> list[tuple[int, float]]:
        """The best `k` rows with their BM25 scores above 0, best first."""
        scores = self.scores(query_terms, allowed)
        return [(row, float(scores[row])) for row in self.best(scores, k)]

    def knows(self, term: str) -> bool:
        """Whether any passage has the term."""
        return term in self._bm25.vocab_dict

    def similar_terms(self, term: str, limit: int = 3) -> list[str]:
        """Known words in Latin letters spelt almost like a word of five letters and more, the nearest first."""
        return self._similar.nearest(term, limit)

    def with_similar(self, query_terms: Sequence[str], others: Sequence[str] = ()) -> list[str]:
        """All terms, and for the first ones that no passage has the words that may have been meant, each once."""
        unknown = [term for term in query_terms if not self.knows(term)]
        similar = (near for term in unknown for near in self.similar_terms(term))
        return list(dict.fromkeys([*query_terms, *others, *similar]))

    @cached_property
    def _similar(self) -> SimilarWords:
        return SimilarWords(self._bm25.vocab_dict)
