"""One ranking of what is near and what has the words, in which every language has its places."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fusion import HEAD, LEXICAL_WEIGHT, balanced, fused_scores

NUMBERS = st.floats(-5, 15, allow_nan=False)
NAMES = [f"{language}{number}" for language in ("en", "th", "vi", "zh") for number in range(8)]
SCORES = st.dictionaries(st.sampled_from(NAMES), NUMBERS, max_size=len(NAMES))
ECHOES = st.dictionaries(st.sampled_from(NAMES), NUMBERS)


def groups(names):
    return {name: name[:2] for name in names}


def names(ranking):
    return [name for name, _ in ranking]


def test_the_words_of_the_question_are_worth_a_fixed_number_of_deviations():
    scores = fused_scores({"a": 1.0, "b": 2.0, "c": 3.2}, {"a": 12.0, "b": 6.0})
    assert scores == pytest.approx({"a": 1 + LEXICAL_WEIGHT, "b": 2 + LEXICAL_WEIGHT / 2, "c": 3.2})
    assert list(scores) == ["a", "b", "c"]


@given(st.dictionaries(st.sampled_from(NAMES), NUMBERS), st.floats(0.01, 100))
def test_neither_the_scale_of_bm25_nor_its_absence_moves_a_passage(standings, scale):
    lexical = {name: 1.0 + number for number, name in enumerate(sorted(standings)[:3])}
    scores = fused_scores(standings, lexical)
    assert fused_scores(standings, {name: scale * score for name, score in lexical.items()}) == pytest.approx(scores)
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert fused_scores(standings, {}) == standings


@given(SCORES, ECHOES, st.integers(0, 12))
def test_every_passage_comes_once_and_as_many_as_are_asked_for(scores, echoes, k):
    ranking = balanced(scores, echoes, groups(scores), k)
    assert len(set(names(ranking))) == len(ranking) == min(k, len(scores))
    assert set(names(ranking)) <= set(scores)


@given(SCORES, ECHOES, st.integers(1, 12))
def test_the_first_are_the_best_by_score_whatever_echoes(scores, echoes, k):
    ranking = balanced(scores, echoes, groups(scores), k)
    assert ranking[:HEAD] == sorted(scores.items(), key=lambda item: -item[1])[: min(HEAD, k)]


@given(SCORES, ECHOES, st.integers(0, 12))
def test_scores_never_rise_along_a_ranking(scores, echoes, k):
    shown = [score for _, score in balanced(scores, echoes, groups(scores), k)]
    assert shown == sorted(shown, reverse=True)


@given(SCORES, ECHOES, st.integers(7, 12))
def test_every_language_that_has_passages_has_its_places(scores, echoes, k):
    # With four languages and seven places or more the first three leave room for everyone's.
    language_of = groups(scores)
    places = k // (len(set(language_of.values())) + 1)
    found = Counter(name[:2] for name in names(balanced(scores, echoes, language_of, k)))
    for language, candidates in Counter(language_of.values()).items():
        assert found[language] >= min(places, candidates)


@given(SCORES, st.integers(0, 12))
def test_in_one_language_the_ranking_is_that_of_the_scores(scores, k):
    ranking = balanced(scores, {}, dict.fromkeys(scores, "zh"), k)
    assert [score for _, score in ranking] == sorted(scores.values(), reverse=True)[:k]


def test_what_echoes_the_best_passage_comes_before_what_is_a_little_nearer():
    scores = {"zh0": 9.0, "zh1": 8.0, "zh2": 7.0, "vi0": 3.0, "vi1": 2.0}
    assert names(balanced(scores, {}, groups(scores), 5))[3:] == ["vi0", "vi1"]
    assert names(balanced(scores, {"vi1": 5.0}, groups(scores), 5))[3:] == ["vi1", "vi0"]


def test_one_echo_counts_no_more_than_a_translations():
    scores = {"zh0": 9.0, "zh1": 8.0, "zh2": 7.0, "vi0": 6.0, "vi1": 3.0}
    assert names(balanced(scores, {"vi1": 1000.0}, groups(scores), 5))[3:] == ["vi0", "vi1"]
