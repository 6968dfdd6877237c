"""The dense index: the nearest passages of a language and of some sources."""

from __future__ import annotations

import pytest

from index import vectors
from index.document import Passage
from index.vectors import VectorIndex

PASSAGES = [Passage(f"{number % 3}.txt", number, number + 1, "x", "en" if number % 2 else "zh") for number in range(12)]
VECTORS = [[1.0, number / 100] for number in range(12)]
NEAREST = [1.0, 0.0]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    index = VectorIndex(tmp_path_factory.mktemp("vectors"), create=True)
    index.add(PASSAGES, VECTORS)
    return index


def _found(index: VectorIndex, k: int, language: str | None = None, sources: set[str] | None = None) -> list[int]:
    number_of = {passage.passage_id: passage.start for passage in PASSAGES}
    return [number_of[name] for name, _ in index.query(NEAREST, k, language, sources)]


def test_the_nearest_of_a_language_and_of_sources_are_given(index: VectorIndex) -> None:
    assert _found(index, 3) == [0, 1, 2]
    assert _found(index, 3, "en") == [1, 3, 5]
    assert _found(index, 3, None, {"2.txt"}) == [2, 5, 8]
    assert _found(index, 3, "en", {"1.txt", "2.txt"}) == [1, 5, 7]
    assert _found(index, 9, "zh", {"0.txt"}) == [0, 6]
    assert _found(index, 3, None, set()) == []


def test_more_sources_than_a_statement_takes_are_searched_in_parts(
    index: VectorIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_SOURCES_AT_ONCE", 1)
    assert _found(index, 5, None, {"1.txt", "2.txt"}) == [1, 2, 4, 5, 7]
