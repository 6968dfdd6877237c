"""The lexical index: the texts that have the words, best first."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.lexical import LexicalIndex
from index.search_text import search_text
from index.similar_words import SimilarWords
from index.tokens import terms

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    "第五次高官会议在北京召开，中国主办",
    "第四次高官会在金边召开",
    "The ministers met in Beijing and signed the declaration",
    "การประชุมจัดขึ้นที่ประเทศจีน",
    "……",
    "The victims were rescued; the victims returned home",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("lexical")
    LexicalIndex.build([search_text(text) for text in TEXTS], folder)
    return LexicalIndex(folder)


@pytest.mark.parametrize(
    ("question", "row"), [("北京", 0), ("金邊", 1), ("signing a declaration", 2), ("จีน", 3), ("rescue of victims", 5)]
)
def test_the_text_with_the_words_comes_first(index: LexicalIndex, question: str, row: int) -> None:
    found = index.search(terms(search_text(question)), 3)
    assert found[0][0] == row


def test_scores_fall_and_texts_without_the_words_are_left_out(index: LexicalIndex) -> None:
    found = index.search(terms("高官会北京"), 10)
    assert {row for row, _ in found} == {0, 1}
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert all(score > 0 for _, score in found)


@pytest.mark.parametrize("question", [[], ["no", "such", "zebra"], ["\0zz"]])
def test_unknown_words_find_nothing(index: LexicalIndex, question: list[str]) -> None:
    assert index.search([term for term in question if not index.knows(term)], 5) == []


def test_more_is_asked_for_than_there_is(index: LexicalIndex) -> None:
    assert len(index.search(terms("高官会"), 1000)) == 2
    assert len(index.search(terms("高官会"), 1)) == 1


def test_it_knows_its_terms(index: LexicalIndex) -> None:
    assert index.knows("北京")
    assert not index.knows("河内")


def test_texts_without_a_single_word_can_be_indexed(tmp_path: Path) -> None:
    LexicalIndex.build(["……", "!!!"], tmp_path)
    assert LexicalIndex(tmp_path).search(["word"], 5) == []


def test_a_search_is_filled_from_the_rows_that_are_allowed(index: LexicalIndex) -> None:
    allowed = np.array([row != 0 for row in range(len(TEXTS))])
    assert [row for row, _ in index.search(terms("高官会"), 1, allowed)] == [1]
    assert index.search(terms("高官会"), 5, np.zeros(len(TEXTS), dtype=bool)) == []


def test_every_row_has_a_score_and_what_is_not_allowed_has_none(index: LexicalIndex) -> None:
    scores = index.scores(terms("高官会北京"))
    assert [row for row, score in enumerate(scores) if score > 0] == [0, 1]
    allowed = np.array([row != 0 for row in range(len(TEXTS))])
    assert index.scores(terms("高官会北京"), allowed).tolist() == [0.0, scores[1], 0.0, 0.0, 0.0, 0.0]
    assert index.scores(["zebra"]).tolist() == index.scores([]).tolist() == [0.0] * len(TEXTS)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.5, 4.0]), max_size=12), st.integers(0, 15))
def test_the_best_rows_are_those_with_the_highest_scores(index: LexicalIndex, scores: list[float], k: int) -> None:
    best = index.best(np.array(scores, dtype=np.float32), k)
    assert [scores[row] for row in best] == sorted((score for score in scores if score > 0), reverse=True)[:k]
    assert len(set(best)) == len(best)


@pytest.mark.parametrize(
    ("typo", "word"),
    [
        ("minsiters", "ministers"),
        ("victms", "victims"),
        ("declartion", "declaration"),
        ("bictims", "victims"),
    ],
)
def test_a_typo_finds_the_word_that_was_meant(index: LexicalIndex, typo: str, word: str) -> None:
    typed, meant = terms(typo)[0], terms(word)[0]
    assert not index.knows(typed)
    assert index.similar_terms(typed)[0] == meant
    assert index.search(index.with_similar([typed]), 1) == index.search([meant], 1)


@pytest.mark.parametrize("word", ["meat", "北京城", "zebra", "n:2007", "", "ministries2"])
def test_nothing_is_similar_to_a_short_word_or_another_script(index: LexicalIndex, word: str) -> None:
    assert index.similar_terms(word) == []


def test_known_words_and_those_that_come_along_are_not_changed(index: LexicalIndex) -> None:
    assert index.with_similar(["beij", "北京"], ["victm", "北京"]) == ["beij", "北京", "victm"]


def test_a_similar_word_is_found_among_many() -> None:
    letters = random.Random(7)
    words = ["".join(letters.choices("aeiounrtslmdhk", k=letters.randint(5, 12))) for _ in range(50_000)]
    similar = SimilarWords([*words, "trafficking"])
    assert similar.nearest("traficking", 3)[0] == "trafficking"


@given(
    st.lists(st.text(alphabet="abcdefg", min_size=5, max_size=11), max_size=40),
    st.text(alphabet="abcdefg", min_size=5, max_size=11),
)
@example(["aaaab", "aaabb"], "aaaaa")
def test_no_similar_word_is_passed_over(words: list[str], word: str) -> None:
    close = {each for each in words if each != word and OSA.normalized_similarity(word, each) >= 0.8 - 1e-9}
    assert set(SimilarWords(words).nearest(word, 100)) == close
