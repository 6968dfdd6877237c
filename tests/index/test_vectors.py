"""The dense index: the nearest windows of a language and of some sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index import vectors
from index.document import Passage
from index.vectors import VectorIndex
from index.windows import windows

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ["zh", "en", "vi", "km"]
GROUPS = {"zh": "zh", "en": "en", "vi": "any", "km": "any"}
PASSAGES = [
    Passage(f"{number % 3}.txt", number, number + 1, "x", LANGUAGES[number % 4], windows=((number, number + 1),))
    for number in range(24)
]
NEAREST = [1.0, 0.0]


def _vector(number: int) -> list[float]:
    length = (1 + (number / 100) ** 2) ** 0.5
    return [1 / length, number / 100 / length]


def _filled(folder: Path) -> VectorIndex:
    index = VectorIndex(folder, create=sorted(set(GROUPS.values())))
    for number, passage in enumerate(PASSAGES):
        index.add(GROUPS[passage.language], windows(passage), [_vector(number)])
    return index


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    return _filled(tmp_path_factory.mktemp("vectors"))


def _found(
    index: VectorIndex, group: str, k: int, sources: set[str] | None = None, languages: set[str] | None = None
) -> list[int]:
    number_of = {windows(passage)[0].window_id: passage.start for passage in PASSAGES}
    return [number_of[name] for name, _ in index.query(group, NEAREST, k, sources, languages)]


def test_the_nearest_of_a_group_and_of_sources_are_given(index: VectorIndex) -> None:
    assert _found(index, "zh", 3) == [0, 4, 8]
    assert _found(index, "en", 3) == [1, 5, 9]
    assert _found(index, "zh", 3, {"2.txt"}) == [8, 20]
    assert _found(index, "en", 3, {"1.txt", "2.txt"}) == [1, 5, 13]
    assert _found(index, "en", 99) == [1, 5, 9, 13, 17, 21]
    assert _found(index, "zh", 3, set()) == []


def test_rare_languages_are_searched_together_or_one_of_them(index: VectorIndex) -> None:
    assert _found(index, "any", 4) == [2, 3, 6, 7]
    assert _found(index, "any", 4, None, {"km"}) == [3, 7, 11, 15]
    assert _found(index, "any", 4, {"0.txt"}, {"km", "vi"}) == [3, 6, 15, 18]


def test_cosines_are_given_with_the_windows(index: VectorIndex) -> None:
    cosines = [cosine for _, cosine in index.query("any", NEAREST, 12)]
    assert cosines == pytest.approx([_vector(number)[0] for number in range(24) if number % 4 > 1], abs=1e-5)


def test_more_sources_than_a_statement_takes_are_searched_in_parts(
    index: VectorIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_SOURCES_AT_ONCE", 1)
    assert _found(index, "zh", 3, {"1.txt", "2.txt"}) == [4, 8, 16]


def test_vectors_come_back_from_any_group_or_one(index: VectorIndex) -> None:
    names = {number: windows(PASSAGES[number])[0].window_id for number in (0, 1, 2)}
    stored = index.vectors([*names.values(), "unknown-0"])
    assert {name: list(vector) for name, vector in stored.items()} == {
        name: pytest.approx(_vector(number)) for number, name in names.items()
    }
    assert set(index.vectors(list(names.values()), "en")) == {names[1]}
    assert index.vectors([]) == {}


def test_groups_and_windows_are_there_when_it_is_opened_again(tmp_path: Path) -> None:
    _filled(tmp_path)
    again = VectorIndex(tmp_path)
    assert again.groups == ("any", "en", "zh")
    assert len(again) == len(PASSAGES)
    assert _found(again, "zh", 2) == [0, 4]
