"""Reciprocal rank fusion, by its formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.fusion import reciprocal_rank_fusion


def test_scores_are_those_of_the_formula():
    fused = dict(reciprocal_rank_fusion([(1.0, ["a", "b"]), (0.5, ["b"])]))
    assert fused["a"] == pytest.approx(1 / 61)
    assert fused["b"] == pytest.approx(1 / 62 + 0.5 / 61)


def test_what_both_rankings_have_comes_before_what_one_has():
    assert next(iter(reciprocal_rank_fusion([(1.0, ["a", "c"]), (1.0, ["b", "c"])])))[0] == "c"


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), unique=True), max_size=4))
def test_every_id_comes_once_best_first(rankings):
    fused = reciprocal_rank_fusion([(1.0, ranking) for ranking in rankings])
    assert sorted(name for name, _ in fused) == sorted({name for ranking in rankings for name in ranking})
    assert [score for _, score in fused] == sorted((score for _, score in fused), reverse=True)
