"""Reading closely: which windows are read, how passages are put in a new order, and what may read them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from assistant.close_reading import PASSAGES, WINDOWS, OpenWindow, WindowScore, open_windows, read_closely
from assistant.dense import Nearness
from assistant.question import understand
from assistant.reader.reader import Reader
from assistant.retrieval import FoundPassage, Retrieved
from assistant.scorers import CosineScorer, ReaderScorer, ScorerError, scorer_name, window_scorer
from index.document import Document, Passage
from index.embedding import PACKAGED_MODEL, model_folder
from index.glossary import Glossary

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "".join(f"Sentence {number} of them. " for number in range(60))
DOCUMENT = Document("a.txt", TEXT)
QUESTION = understand("Which sentence?", Glossary())


def _found(number: int, score: float, windows: int = 3, nearest: int = 1) -> FoundPassage:
    """Passage `number` of five sentences, in windows of one sentence each."""
    starts = [TEXT.index(f"Sentence {number * 5 + at} of") for at in range(windows)]
    units = tuple((start, TEXT.index(".", start) + 1) for start in starts)
    start, end = units[0][0], units[-1][1]
    passage = Passage("a.txt", start, end, TEXT[start:end], "en", "", None, units, units)
    return FoundPassage(passage, score, Nearness(0.8, score, nearest, "en"), None)


FOUND = tuple(_found(number, 10.0 - number) for number in range(11))
RETRIEVED = Retrieved(FOUND, {"en": [1.0, 0.0]}, {})


def _untitled(_source_id: str) -> str:
    return ""


class _Liking:
    """Finds relevant what says a given number."""

    name = "liking"
    reorders = True

    def __init__(self, number: int) -> None:
        self._words = f"Sentence {number} of"

    def score(self, question, vectors, windows, *, sentences=True):
        liked = [self._words in window.text for window in windows]
        return [
            WindowScore(9.0 * like, 0.0, tuple(0.0 for _ in window.texts))
            for like, window in zip(liked, windows, strict=True)
        ]


def test_every_nearest_window_is_opened_before_the_others_of_much_later_passages():
    opened = open_windows(FOUND, lambda _: DOCUMENT, {}, _untitled)
    assert len(opened) == WINDOWS
    assert [window.number for window in opened[:3]] == [1, 1, 0]
    assert opened[0].found is FOUND[0]
    assert opened[0].texts == ("Sentence 1 of them.",)


def test_a_window_knows_its_documents_title_and_its_heading_each_once():
    def context(title: str, heading: str) -> str:
        headed = replace(FOUND[0], passage=replace(FOUND[0].passage, heading=heading))
        return open_windows([headed], lambda _: DOCUMENT, {}, lambda _: title)[0].context

    assert context("第四次高官会紀要", "3. 日期和地点") == "第四次高官会纪要: 3. 日期和地点"
    assert context("Minutes", "") == "Minutes"
    assert context("", "Opening") == context("Opening", "Opening") == "Opening"
    assert context("", "") == ""


def test_what_answers_best_comes_first_and_what_was_not_read_stays_behind():
    opened = open_windows(FOUND, lambda _: DOCUMENT, {}, _untitled)
    reading = read_closely(QUESTION, RETRIEVED, opened, _Liking(11))
    assert reading.passages[0].passage == FOUND[2].passage
    assert [one.passage for one in reading.passages[PASSAGES:]] == [one.passage for one in FOUND[PASSAGES:]]
    scores = [one.score for one in reading.passages]
    assert scores == sorted(scores, reverse=True)
    assert reading.sentences()[0].text == "Sentence 11 of them."


class _Counting(Reader):
    """The reader that comes with the program; remembers what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[list[str]] = []
        self.above: dict[str, str] = {}

    def read(self, question, texts, contexts=()):
        self.given.append(list(texts))
        self.above |= dict(zip(texts, contexts, strict=True))
        return super().read(question, texts, contexts)


def test_the_likeliest_sentences_are_read_once_more_by_themselves():
    sentences = (
        "The forum has eleven members.",
        "The second forum was held in Savannakhet in May 2011.",
        "Its budget for 2012 was approved by the members in writing.",
    )
    found = _found(0, 1.0)
    windows = [
        OpenWindow(found, 0, ((0, 5), (6, 9), (10, 12)), sentences, "The forum"),
        OpenWindow(found, 1, ((20, 30),), ("The forum has a newsletter.",), "Contents"),
        OpenWindow(found, 2, tuple((at, at + 1) for at in range(40, 60)), tuple(f"Page {at}." for at in range(20)), ""),
    ]
    reader = _Counting()
    scores = ReaderScorer(reader).score(understand("Where was the second forum held?", Glossary()), {}, windows)
    first, alone = reader.given
    assert first == [window.text for window in windows]
    assert set(sentences[1:2]) <= set(alone) <= {*sentences, *windows[2].texts}
    assert len(alone) <= 6
    owners = {text: window.context for window in windows for text in (window.text, *window.texts)}
    assert reader.above == {text: owners[text] for text in (*first, *alone)}
    assert max(scores[0].sentences) == scores[0].sentences[1]
    assert scores[0].relevance + scores[0].sentences[1] > scores[1].relevance + scores[1].sentences[0]
    # Of sentences that were read so, the best is evidence.
    assert scores[0].alone is not None
    assert scores[0].alone > (scores[1].alone or -9)

    # For the order of passages they are not needed.
    passages_only = ReaderScorer(reader).score(
        understand("Where was the second forum held?", Glossary()), {}, windows, sentences=False
    )
    assert len(reader.given) == 3
    assert [one.relevance for one in passages_only] == pytest.approx([one.relevance for one in scores])


def test_nothing_found_is_nothing_read():
    reading = read_closely(QUESTION, Retrieved((), {}, {}), [], _Liking(1))
    assert reading.passages == ()
    assert reading.sentences() == []


def test_without_a_reader_the_sentence_nearest_to_the_question_is_best():
    opened = open_windows(FOUND[:1], lambda _: DOCUMENT, {}, _untitled)
    near = CosineScorer(lambda texts: [[1.0, 0.0] if "Sentence 2 " in text else [0.8, 0.6] for text in texts])
    assert read_closely(QUESTION, RETRIEVED, opened, near).sentences()[0].text == "Sentence 2 of them."


def test_a_cross_encoder_from_a_folder_reads(tmp_path: Path):
    transformers = pytest.importorskip("transformers")
    source = model_folder(PACKAGED_MODEL)
    config = transformers.AutoConfig.from_pretrained(source, num_labels=1, num_hidden_layers=1)
    transformers.BertForSequenceClassification(config).save_pretrained(tmp_path)
    transformers.AutoTokenizer.from_pretrained(source).save_pretrained(tmp_path)
    opened = open_windows(FOUND, lambda _: DOCUMENT, {}, _untitled)
    scores = window_scorer(str(tmp_path), None, lambda _: []).score(QUESTION, {}, opened)
    assert len(scores) == len(opened)
    assert all(np.isfinite([score.relevance, *score.sentences]).all() for score in scores)


def test_a_question_answering_model_from_a_folder_reads_and_marks_what_answers(tmp_path: Path):
    transformers = pytest.importorskip("transformers")
    source = model_folder(PACKAGED_MODEL)
    config = transformers.AutoConfig.from_pretrained(source, num_hidden_layers=1, initializer_range=0.5)
    transformers.BertForQuestionAnswering(config).save_pretrained(tmp_path)
    transformers.AutoTokenizer.from_pretrained(source).save_pretrained(tmp_path)
    opened = open_windows(FOUND, lambda _: DOCUMENT, {}, _untitled)
    scores = window_scorer(str(tmp_path), None, lambda _: []).score(QUESTION, {}, opened)
    assert len(scores) == len(opened)
    for window, score in zip(opened, scores, strict=True):
        assert len(score.sentences) == len(window.texts)
        assert max(score.sentences) <= 0
        assert score.best is not None
        assert window.text[slice(*score.best)].strip()


def test_a_folder_without_a_model_is_named_in_one_line(tmp_path: Path):
    opened = open_windows(FOUND, lambda _: DOCUMENT, {}, _untitled)
    with pytest.raises(ScorerError) as raised:
        window_scorer(str(tmp_path), None, lambda _: []).score(QUESTION, {}, opened)
    assert "\n" not in str(raised.value)
    assert str(tmp_path) in str(raised.value)


def test_every_reader_has_a_name():
    assert [scorer_name(reader) for reader in ("packaged", "none", "some/model")] == [
        "reader",
        "cosine",
        "cross-encoder",
    ]
