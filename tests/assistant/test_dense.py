"""Dense search: the nearest windows of every language, compared by how they stand out in their own."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from assistant.dense import DenseSearch
from assistant.scope import Scope
from index.document import Passage
from index.language_statistics import ANY_LANGUAGE, LanguageStatistics, load_spreads
from index.vector_index import VectorIndex
from index.vector_store import LocalVectors
from index.vectors import StoredWindow
from index.windows import windows

GROUPS = {"zh": "zh", "en": "en", "vi": ANY_LANGUAGE, "km": ANY_LANGUAGE}
# A question stands at 0°; every passage has two windows, given by their angles. English is near to everything.
ANGLES = {
    ("zh", 0): (20, 80),
    ("zh", 1): (85, 60),
    ("zh", 2): (90, 80),
    ("en", 0): (24, 22),
    ("en", 1): (25, 23),
    ("en", 2): (21, 26),
    ("vi", 0): (70, 40),
    ("km", 0): (75, 50),
}
QUESTION = [1.0, 0.0]


def unit(angle):
    return [float(np.cos(np.radians(angle))), float(np.sin(np.radians(angle)))]


def passage(language, number):
    return Passage(f"{language}.txt", number * 10, number * 10 + 2, "ab", language, windows=((0, 1), (1, 2)))


PASSAGES = {key: passage(*key) for key in ANGLES}
KEYS = {passage.passage_id: key for key, passage in PASSAGES.items()}
WINDOWS = {key: [window.window_id for window in windows(passage)] for key, passage in PASSAGES.items()}


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dense")
    vectors = LocalVectors(folder).create("segment", sorted(set(GROUPS.values())))
    statistics = LanguageStatistics()
    for (language, number), angles in ANGLES.items():
        rows = [unit(angle) for angle in angles]
        parts = [StoredWindow.of(window) for window in windows(PASSAGES[language, number])]
        vectors.add(GROUPS[language], parts, rows)
        statistics.add(GROUPS[language], rows)
    statistics.save(folder / "languages.npz")
    return DenseSearch(SimpleNamespace(vectors=VectorIndex([vectors]), spreads=load_spreads(folder / "languages.npz")))


def nearest(search, k, within=None):
    found = search.nearest(dict.fromkeys(search.searched(within), QUESTION), k, within)
    return {KEYS[name]: near for name, near in found.items()}


def test_a_passage_is_as_near_as_its_nearest_window(search):
    found = nearest(search, 10)
    assert set(found) == set(ANGLES)
    for key, near in found.items():
        best = min(ANGLES[key])
        assert near.similarity == pytest.approx(np.cos(np.radians(best)), abs=1e-5)
        assert (near.window, near.group) == (ANGLES[key].index(best), GROUPS[key[0]])


def test_a_language_that_is_near_to_everything_crowds_out_no_other(search):
    found = nearest(search, 10)
    assert found["zh", 0].standing > max(found["en", number].standing for number in range(3))
    assert found["en", 2].similarity > found["zh", 1].similarity
    assert {key[0] for key in nearest(search, 1)} == {"zh", "en", "vi"}


def test_a_search_within_a_language_and_sources_keeps_to_them(search):
    assert set(nearest(search, 10, Scope(languages=frozenset({"km"})))) == {("km", 0)}
    assert {key[0] for key in nearest(search, 10, Scope(languages=frozenset({"zh", "vi"})))} == {"zh", "vi"}
    assert {key[0] for key in nearest(search, 10, Scope(sources=frozenset({"en.txt"})))} == {"en"}
    assert nearest(search, 10, Scope(sources=frozenset())) == {}


def test_what_only_the_words_have_found_is_measured_alike(search):
    found = nearest(search, 10)
    keys = [key for key in ANGLES if key[0] == "en"]
    measured = search.measured({PASSAGES[key].passage_id: WINDOWS[key] for key in keys}, "en", QUESTION)
    for name, near in measured.items():
        same = found[KEYS[name]]
        assert (near.window, near.group) == (same.window, same.group)
        assert near.similarity == pytest.approx(same.similarity, abs=1e-5)
        assert near.standing == pytest.approx(same.standing, abs=1e-2)


def test_an_echo_comes_from_other_languages_only_and_is_strongest_next_to_the_passage(search):
    echoes = {KEYS[name]: echo for name, echo in search.echoes(WINDOWS["zh", 0], "zh", 10).items()}
    assert {key[0] for key in echoes} == {"en", "vi", "km"}
    assert echoes["km", 0] > echoes["vi", 0], "the passage's middle is at 50°"
    within = Scope(languages=frozenset({"zh", "en"}))
    assert {KEYS[name][0] for name in search.echoes(WINDOWS["zh", 0], "zh", 10, within)} == {"en"}
