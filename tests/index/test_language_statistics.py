"""Cosines of several languages compare by how they stand out in their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.language_statistics import ANY_LANGUAGE, LanguageStatistics, Spread, load_spreads
from index.language_statistics import language_groups as groups

if TYPE_CHECKING:
    from pathlib import Path


def test_a_standing_is_the_standard_score_among_the_languages_vectors(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    statistics, blocks = LanguageStatistics(), rng.normal(size=(3, 50, 4))
    for block in blocks:
        statistics.add("zh", block.tolist())
    statistics.add("en", [[1.0, 0.0, 0.0, 0.0]])
    statistics.save(tmp_path / "languages.npz")
    spreads = load_spreads(tmp_path / "languages.npz")
    assert list(spreads) == ["en", "zh"]
    question = [0.5, 0.5, 0.5, 0.5]
    cosines = blocks.reshape(-1, 4) @ question
    expected = (0.7 - cosines.mean()) / cosines.std()
    assert spreads["zh"].standard_score(question, 0.7) == pytest.approx(expected, abs=1e-4)


def test_one_vector_alone_in_its_language_stands_out_by_no_more_than_it_is_nearer(tmp_path: Path) -> None:
    statistics = LanguageStatistics()
    statistics.add("km", [[1.0, 0.0]])
    statistics.save(tmp_path / "languages.npz")
    spread = load_spreads(tmp_path / "languages.npz")["km"]
    assert spread.standard_score([1.0, 0.0], 1.0) == pytest.approx(0)
    assert 0 < spread.standard_score([1.0, 0.0], 1.05) < 10


def test_passages_that_are_all_alike_have_a_standing_too() -> None:
    covariance = np.array([[-1e-10, 0.0], [0.0, 0.0]], dtype=np.float32)
    spread = Spread(np.array([1.0, 0.0], dtype=np.float32), covariance)
    assert spread.standard_score([1.0, 0.0], 1.006) == pytest.approx(0.5, abs=1e-3)


def test_rare_languages_are_searched_together() -> None:
    assert groups({"zh": 990, "en": 10, "km": 9, "vi": 1}) == {
        "zh": "zh",
        "en": ANY_LANGUAGE,
        "km": ANY_LANGUAGE,
        "vi": ANY_LANGUAGE,
    }
    assert groups({"zh": 5, "en": 1}) == {"zh": "zh", "en": "en"}
    assert groups({}) == {}
