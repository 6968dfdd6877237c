"""Builds the lexical index from the terms that are stored with the passages: no text is read again.

bm25s itself counts and scores passage by passage in Python, which takes minutes for 100,000 passages. Here the matrix
is made by NumPy and SciPy and saved by bm25s; the scores are the same (`tests/index/test_lexical.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from index.lexical_library import bm25s

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

K1, B = 1.5, 0.75


@dataclass(frozen=True)
class TermCounts:
    """How often each term stands in each passage, passage by passage."""

    ends: NDArray[np.int64]
    """(passages + 1,): passage i has the entries `ends[i]` to `ends[i + 1]`."""
    terms: NDArray[np.int32]
    """(entries,) numbers of terms, each once in a passage."""
    counts: NDArray[np.int32]
    """(entries,)"""

    @classmethod
    def of(cls, packed: Iterable[bytes]) -> TermCounts:
        """From the passages' `pack`ed terms, in the order of their numbers (`ContentWriter`)."""
        parts = [np.frombuffer(blob, dtype="<i4").reshape(2, -1) for blob in packed]
        sizes = np.array([part.shape[1] for part in parts], dtype=np.int64)
        joined = np.concatenate(parts, axis=1) if parts else np.zeros((2, 0), dtype="<i4")
        return cls(np.concatenate([[0], np.cumsum(sizes)]), joined[0].astype(np.int32), joined[1].astype(np.int32))


def pack(terms: Sequence[int], counts: Iterable[int]) -> bytes:
    """One passage's terms, by number, and how often each stands in it, as they are stored."""
    return np.array([terms, list(counts)], dtype="<i4").tobytes()


def save_lexical(counts: TermCounts, vocabulary: dict[int, str], folder: Path) -> None:
    """Write the index of some passages into an empty folder; `vocabulary` has the term of every number in `counts`."""
    used, columns = np.unique(counts.terms, return_inverse=True)
    library = bm25s()
    index = library.BM25(method="lucene", k1=K1, b=B)
    index.scores = _scores(counts, columns.astype(np.int32), len(used))
    index.vocab_dict = {vocabulary[int(number)]: column for column, number in enumerate(used)}
    index.nonoccurrence_array = None
    index.save(folder, show_progress=False)


def _scores(counts: TermCounts, columns: NDArray[np.int32], terms: int) -> dict[str, Any]:
    """BM25 as Lucene computes it, term by term: log(1 + (N - n + ½) / (n + ½)) · f / (f + k1 · (1 - b + b · l / l̄))."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    passages = len(counts.ends) - 1
    rows = csr_matrix((counts.counts.astype(np.float32), columns, counts.ends), shape=(passages, terms))
    lengths = np.asarray(rows.sum(axis=1)).ravel()
    matrix = rows.tocsc()
    found = np.diff(matrix.indptr)
    idf = np.log(1 + (passages - found + 0.5) / (found + 0.5))
    norm = K1 * (1 - B + B * lengths / max(lengths.mean(), 1e-9)) if passages else lengths
    frequency = matrix.data
    data = np.repeat(idf, found) * frequency / (frequency + norm[matrix.indices])
    return {
        "data": data.astype(np.float32),
        "indices": matrix.indices.astype(np.int32),
        "indptr": matrix.indptr.astype(np.int64),
        "num_docs": passages,
    }
