"""The documents written for training: well formed, in many languages, apart from what measures."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from assistant.settings import load_settings
from evals.opening import open_set
from evals.reader.data import Corpus, Paragraph, Question
from evals.reader.near_misses import near_miss_figures
from evals.reader.written import written_corpus
from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.reader.reader import Reading

TRAINS, MEASURES = written_corpus(held_out=False), written_corpus(held_out=True)


def test_an_answer_that_its_passage_lacks_is_refused(tmp_path: Path):
    questions = [{"asked": {"vi": "Ai?", "en": "Who?"}, "answer": "蓝塔"}, {"asked": {"en": "Why?"}, "answer": None}]
    document = {"title": "boats", "language": "zh", "passages": [{"text": "船长是蓝塔。", "questions": questions}]}
    path = tmp_path / "boats.jsonl"
    path.write_text(json.dumps(document), encoding="utf-8")
    corpus = written_corpus(held_out=False, folder=tmp_path)
    found = {(question.language, tuple(question.answers.items())) for question in corpus.questions}
    assert found == {("vi", (("zh", (3, "蓝塔")),)), ("en", (("zh", (3, "蓝塔")),)), ("en", ())}
    assert not written_corpus(held_out=True, folder=tmp_path).questions
    path.write_text(json.dumps(document).replace("\\u84dd", "\\u7ea2", 1), encoding="utf-8")
    with pytest.raises(ValueError, match="substring not found"):
        written_corpus(held_out=False, folder=tmp_path)


@pytest.mark.parametrize("corpus", [TRAINS, MEASURES])
def test_no_language_gives_away_that_nothing_answers(corpus):
    asked = Counter(question.language for question in corpus.questions)
    unanswered = Counter(question.language for question in corpus.questions if not question.answers)
    assert {"en", "zh", "vi", "th", "km", "lo", "my"} <= set(asked)
    for language, count in asked.items():
        assert 0.25 < unanswered[language] / count < 0.6


def test_what_is_held_out_is_of_other_documents():
    assert not {key[1] for key, _ in TRAINS.paragraphs} & {key[1] for key, _ in MEASURES.paragraphs}
    assert not {question.text for question in TRAINS.questions} & {question.text for question in MEASURES.questions}


def test_nothing_is_taken_from_the_questions_that_measure_or_their_sources():
    opened = open_set("commit", load_settings())
    measured = {search_text(question.question) for question in opened.questions.questions}
    assert not measured & {search_text(question.text) for question in TRAINS.questions}
    texts = [search_text(path.read_text(encoding="utf-8")) for path in opened.settings.sources.glob("*.txt")]
    assert texts
    for paragraph in TRAINS.paragraphs.values():
        own = search_text(paragraph.text)
        pieces = {own[at : at + 40] for at in range(0, len(own) - 40, 20)}
        assert not any(piece in text for piece in pieces for text in texts)


def test_the_documents_that_measure_are_a_question_set_of_their_own(tmp_path: Path):
    opened = open_set("written", load_settings(cache=tmp_path))
    asked = {question.question: question for question in opened.questions.questions}
    assert len(opened.questions.questions) == len(MEASURES.questions)
    assert {question.language for question in asked.values()} >= {"en", "zh", "vi", "th", "km", "lo", "my"}
    for question in MEASURES.questions:
        own = asked[question.text]
        assert own.answerable is bool(question.answers)
        for _, answer in question.answers.values():
            ((gold,),) = own.gold
            text = (opened.settings.sources / gold.source_id).read_text(encoding="utf-8")
            passage = next(iter(MEASURES.paragraphs[question.key, language].text for language in question.answers))
            assert text[gold.start : gold.end] == answer
            assert text.index(passage) <= gold.start < text.index(passage) + len(passage)
    trains = {paragraph.text for paragraph in TRAINS.paragraphs.values()}
    for path in opened.settings.sources.rglob("*.txt"):
        assert not trains & set(path.read_text(encoding="utf-8").split("\n\n"))


class _Likes:
    """Reads what it is given as relevant as a word says, and the whole text as the answer."""

    def read(self, question: str, texts: Sequence[str], contexts: Sequence[str]) -> list[Reading]:
        from assistant.reader.reader import Reading

        assert contexts == ["boats"] * len(texts)
        liked = question.rsplit(maxsplit=1)[-1]
        return [Reading(float(liked in text), 0.5, (0, len(text)), 0.0, ()) for text in texts]


def test_the_right_passage_and_what_nothing_answers_are_told_apart(tmp_path: Path):
    corpus = Corpus({}, [])
    for number, name in enumerate(("Lanta", "Moru", "Sefi")):
        key = ("written", "file/boats", number)
        corpus.paragraphs[key, "en"] = Paragraph(key, "en", f"Boats of {name}")
        for at in range(4):
            asked = f"Which boats are number {at} of {name}"
            corpus.questions.append(Question(f"{name}{at}", key, "en", asked, {"en": (9, name)}))
            corpus.questions.append(Question(f"{name}{at} none", key, "en", f"Which boats of {name} are red", {}))
    figures = near_miss_figures(_Likes(), corpus, tmp_path, 100)
    assert figures["en"] == figures["all"]
    assert figures["all"]["reader"] == 1
    assert figures["all"]["auroc"] == 1
    assert figures["all"]["refused"] == 1
    assert 0 < figures["all"]["span F1"] < 1
    assert figures["all"]["questions"] == 24
