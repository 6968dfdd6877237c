"""The dense index: the nearest windows of a language and of some sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from chromadb.errors import InternalError

from index import vectors
from index.document import Passage
from index.vector_index import VectorIndex
from index.vector_store import LocalVectors
from index.vectors import StoredWindow
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


def _stored(passage: Passage) -> list[StoredWindow]:
    return [StoredWindow.of(window) for window in windows(passage)]


def _filled(folder: Path, segments: int = 1) -> VectorIndex:
    store = LocalVectors(folder)
    made = [store.create(f"segment-{number}", sorted(set(GROUPS.values()))) for number in range(segments)]
    for number, passage in enumerate(PASSAGES):
        made[number * segments // len(PASSAGES)].add(GROUPS[passage.language], _stored(passage), [_vector(number)])
    return VectorIndex(made)


@pytest.fixture(scope="module", params=[1, 3], ids=["one segment", "three segments"])
def index(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> VectorIndex:
    return _filled(tmp_path_factory.mktemp("vectors"), request.param)


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
    _filled(tmp_path, 2)
    store = LocalVectors(tmp_path)
    assert store.segment_ids() == {"segment-0", "segment-1"}
    again = VectorIndex([store.open(name) for name in sorted(store.segment_ids())])
    assert again.groups == ("any", "en", "zh")
    assert len(again) == len(PASSAGES)
    assert _found(again, "zh", 2) == [0, 4]


def test_a_segment_is_open_once_for_all(tmp_path: Path) -> None:
    _filled(tmp_path)
    store = LocalVectors(tmp_path)
    assert store.open("segment-0") is store.open("segment-0")


def test_a_segment_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        LocalVectors(tmp_path).open("nothing")
    assert LocalVectors(tmp_path).segment_ids() == set()


def test_a_removed_segment_goes_on_for_those_who_have_it_open(tmp_path: Path) -> None:
    index = _filled(tmp_path)
    index.warm(2)
    LocalVectors(tmp_path).remove("segment-0")
    assert LocalVectors(tmp_path).segment_ids() == set()
    assert _found(index, "zh", 2) == [0, 4]


def test_a_read_that_fails_inside_chroma_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = _filled(tmp_path)
    (segment,) = index._segments
    collection = segment._collections["zh"]
    count, failed = type(collection).count, []

    def fails_at_first(self: object) -> int:
        if len(failed) < 2:
            failed.append(1)
            raise InternalError("unable to open database file")
        return int(count(self))

    monkeypatch.setattr(type(collection), "count", fails_at_first)
    assert segment.count("zh") == 6
    assert len(failed) == 2


@pytest.mark.parametrize("dead", [{0}, {0, 4, 8}, {0, 4, 8, 12, 16}, set(range(24))])
def test_windows_that_the_generation_has_no_more_are_never_given(tmp_path: Path, dead: set[int]) -> None:
    segment = _filled(tmp_path)._segments[0]
    gone = {windows(PASSAGES[number])[0].window_id for number in dead}
    index = VectorIndex([segment], lambda _, names: set(names) - gone, {segment.segment_id: len(dead)})
    assert _found(index, "zh", 3) == [number for number in range(0, 24, 4) if number not in dead][:3]
    assert len(index) == 24 - len(dead)


def test_a_window_that_was_embedded_again_has_its_later_vector(tmp_path: Path) -> None:
    store = LocalVectors(tmp_path)
    older, newer = store.create("1", ["zh"]), store.create("2", ["zh"])
    older.add("zh", _stored(PASSAGES[0]), [[0.0, 1.0]])
    newer.add("zh", _stored(PASSAGES[0]), [[1.0, 0.0]])
    name = windows(PASSAGES[0])[0].window_id
    index = VectorIndex([older, newer], lambda segment, names: set(names) if segment == "2" else set(), {"1": 1})
    assert list(index.vectors([name])[name]) == [1.0, 0.0]
    assert index.query("zh", [1.0, 0.0], 5) == [(name, pytest.approx(1.0))]
