"""What the reader is trained on: sets matched over languages, groups, noise, and the scores it is judged by."""

from __future__ import annotations

import json
import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from evals.reader import neighbours
from evals.reader.ablation import PLAIN, TRIALS, UNANSWERED
from evals.reader.data import Corpus, Paragraph, Question, load_corpora
from evals.reader.groups import Group, GroupMaker
from evals.reader.mix import Mix
from evals.reader.neighbours import by_turns, embedded
from evals.reader.noise import false_premise, scanned
from evals.reader.parallel import parallel
from evals.reader.scores import auroc, logistic, refused_at
from index.embedding import PACKAGED_MODEL, tokenizer

if TYPE_CHECKING:
    from pathlib import Path


def test_a_translation_is_matched_to_its_original(tmp_path: Path):
    english = ["The boats land at Ban Mai.", "Nets are dried in the sun.", "The survey counted 48 gauges."]
    chinese = ["渔网在太阳下晒干。", "调查共统计了48个水位计。", "今晚的足球赛取消了。"]
    corpora = [
        Corpus(
            {
                ((name, "article", at), language): Paragraph((name, "article", at), language, text)
                for at, text in enumerate(texts)
            },
            [
                Question(
                    f"{name}-{at}-{q}", (name, "article", at), language, asked, {language: answer} if answer else {}
                )
                for at, q, asked, answer in questions
            ],
        )
        for name, language, texts, questions in (
            (
                "original",
                "en",
                english,
                [
                    (1, 0, "Where are nets dried?", (18, "in the sun")),
                    (2, 0, "How many gauges were counted?", (19, "48")),
                    (2, 1, "When was the survey made?", None),
                ],
            ),
            (
                "translation",
                "zh",
                chinese,
                [
                    (1, 0, "调查是什么时候进行的？", None),
                    (1, 1, "统计了多少个水位计？", (6, "48")),
                    (0, 0, "渔网在哪里晒干？", None),
                ],
            ),
        )
    ]
    both = parallel("both", *corpora, tmp_path)
    assert {at[1] for at in both.paragraphs} == {"en", "zh"}
    assert both.paragraphs[("both", "article", 2), "zh"].text == chinese[1]
    counted = [one for one in both.questions if one.answers]
    assert {(one.language, one.text) for one in counted} == {
        ("en", "How many gauges were counted?"),
        ("zh", "统计了多少个水位计？"),
    }
    assert all(one.answers == {"en": (19, "48"), "zh": (6, "48")} for one in counted)
    assert {one.text for one in both.questions if not one.answers} == {
        "When was the survey made?",
        "调查是什么时候进行的？",
    }
    assert not any("晒干" in one.text or "dried" in one.text for one in both.questions)


def test_two_rankings_are_taken_by_turns():
    assert by_turns([1, 2, 3], [3, 4, 1]) == [1, 3, 2, 4]


def squad(folder: Path) -> Path:
    def asked(name: str, question: str, context: str, answer: str) -> dict[str, object]:
        answers = [{"text": answer, "answer_start": context.index(answer)}] if answer else []
        return {"id": name, "question": question, "answers": answers, "is_impossible": not answer}

    contexts = [
        f"Gauge {n} stands at Ban {n}. It was built in {1900 + n}. Its keeper is Somchai {n}." for n in range(9)
    ]
    paragraphs = [
        {
            "context": context,
            "qas": [
                asked(f"built-{n}", f"In which year was gauge {n} built?", context, str(1900 + n)),
                asked(f"painted-{n}", f"Who painted gauge {n}?", context, ""),
            ],
        }
        for n, context in enumerate(contexts)
    ]
    (folder / "train").mkdir()
    content = {"data": [{"title": f"gauges {at}", "paragraphs": paragraphs[at : at + 3]} for at in (0, 3, 6)]}
    (folder / "train" / "squad2_en.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_groups_are_the_same_for_a_seed_and_only_the_first_window_answers(tmp_path: Path):
    corpora = load_corpora(squad(tmp_path))
    makers = [GroupMaker(corpora, {}, tokenizer(PACKAGED_MODEL), 1) for _ in range(2)]
    groups = [makers[0].group(number) for number in range(60)]
    assert groups == [makers[1].group(number) for number in range(60)]
    answered = [group for group in groups if group.answer]
    assert 10 < len(answered) < 60
    for group in answered:
        answer = group.windows[0][slice(*group.answer)]
        assert answer.startswith("190")
        assert not any(answer in window for window in group.windows[1:])


def test_a_text_is_embedded_once_whatever_list_it_comes_in(tmp_path: Path, monkeypatch):
    asked: list[list[str]] = []

    def encoded(texts, *, query, tokens):
        asked.append(texts)
        return np.array([[len(text), tokens, query] for text in texts], dtype=np.float32)

    monkeypatch.setattr(neighbours, "_encoded", encoded)
    embedded(["a", "bb", "a"], query=True, cache=tmp_path)
    found = embedded(["ccc", "bb", "a"], query=True, cache=tmp_path)
    assert found[:, 0].tolist() == [3, 2, 1]
    assert asked == [["a", "bb"], ["ccc"]]
    embedded(["a"], query=False, cache=tmp_path)
    embedded(["a"], query=True, cache=tmp_path, tokens=9)
    assert asked[2:] == [["a"], ["a"]]
    assert embedded([], query=True, cache=tmp_path).shape[0] == 0


def test_titles_stand_above_the_windows_of_some_groups(tmp_path: Path):
    corpora = load_corpora(squad(tmp_path))
    titles = {
        paragraph.text: paragraph.title for corpus in corpora.values() for paragraph in corpus.paragraphs.values()
    }
    mix = replace(Mix(), scanned=0.0)
    groups = [GroupMaker(corpora, {}, tokenizer(PACKAGED_MODEL), 1, mix).group(number) for number in range(60)]
    titled = [group for group in groups if group.contexts]
    assert 15 < len(titled) < 45
    mixed = GroupMaker(corpora, {}, tokenizer(PACKAGED_MODEL), 1, replace(mix, hard=0.0))
    several = [group for group in map(mixed.group, range(60)) if len(set(group.contexts)) > 1]
    assert several
    for group in (*titled, *several):
        for window, title in zip(group.windows, group.contexts, strict=True):
            assert title in {known for text, known in titles.items() if window in text}
    untitled = GroupMaker(corpora, {}, tokenizer(PACKAGED_MODEL), 1, mix.without("in_context"))
    assert not any(untitled.group(number).contexts for number in range(60))
    series = {
        name: replace(corpus, paragraphs={at: replace(one, needs_title=True) for at, one in corpus.paragraphs.items()})
        for name, corpus in corpora.items()
    }
    maker = GroupMaker(series, {}, tokenizer(PACKAGED_MODEL), 1, mix)
    assert all(maker.group(number).contexts for number in range(60))


def test_a_kind_of_data_can_be_left_out(tmp_path: Path):
    corpora = load_corpora(squad(tmp_path))
    texts = {paragraph.text for corpus in corpora.values() for paragraph in corpus.paragraphs.values()}

    def groups(kind: str) -> list[Group]:
        maker = GroupMaker(corpora, {}, tokenizer(PACKAGED_MODEL), 1, Mix().without(kind))
        return [maker.group(number) for number in range(60)]

    def is_clean(group: Group) -> bool:
        return all(any(window in text for text in texts) for window in group.windows)

    assert all(map(is_clean, groups("scanned")))
    assert not all(map(is_clean, groups("unanswerable")))
    assert not any("painted" in group.question for group in groups("unanswerable"))
    assert any("painted" in group.question for group in groups("false_premise"))
    asked = {question.text for corpus in corpora.values() for question in corpus.questions}
    assert all(group.question in asked for group in groups("false_premise"))
    for group in groups("hard"):
        number = re.findall(r"\d+", group.question)[0]
        assert group.answer is None or not any(f"Ban {number}." in window for window in group.windows[1:])
    with pytest.raises(TypeError):
        Mix().without("everything")


def test_every_kind_of_data_is_tried_by_itself(tmp_path: Path):
    assert {field.name for field in fields(Mix)} | {PLAIN} == set(TRIALS)
    corpora = load_corpora(squad(tmp_path))
    for name, mix in TRIALS.items():
        maker = GroupMaker(corpora, {}, tokenizer(PACKAGED_MODEL), 1, mix)
        assert all((maker.group(number).answer is None) == (name in UNANSWERED) for number in range(30))


def test_parts_share_no_article():
    paragraphs = {((("set", str(n), 0)), "en"): Paragraph(("set", str(n), 0), "en", "text") for n in range(200)}
    questions = [Question(str(n), ("set", str(n), 0), "en", "question", {}) for n in range(200)]
    corpus = Corpus(paragraphs, questions)
    held, learned = corpus.part(held_out=True), corpus.part(held_out=False)
    assert 0 < len(held.questions) < 30
    assert not {q.key[1] for q in held.questions} & {q.key[1] for q in learned.questions}


def test_noise_changes_a_premise_and_little_of_a_text():
    import random

    rng = random.Random(0)
    swapped = false_premise("Who chaired the third meeting in 2007?", [], rng)
    assert swapped is not None
    assert swapped != "Who chaired the third meeting in 2007?"
    assert false_premise("who is it?", [], rng) is None
    text = "湄公河次区域各国打击人口贩运合作进程" * 10
    assert 0.9 * len(text) < len(scanned(text, rng)) < 1.1 * len(text)


def test_scores_part_and_calibrate():
    assert auroc([3, 4], [1, 2]) == 1.0
    assert auroc([1, 2], [1, 2]) == 0.5
    assert refused_at([float(n) for n in range(100)], [-1.0, 200.0]) == 0.5
    slope, shift = logistic([-2.0, -1.0, 1.0, 2.0] * 20, [False, False, True, True] * 20)
    assert slope > 1
    assert shift == pytest.approx(0, abs=0.01)


def test_a_set_is_of_several_languages_where_its_paragraphs_are():
    first, second = ("set", "article", 0), ("set", "article", 1)

    def corpus(*places: tuple[tuple[str, str, int], str]) -> Corpus:
        return Corpus({(key, language): Paragraph(key, language, "text") for key, language in places}, [])

    assert corpus((first, "en"), (first, "zh")).is_multilingual
    assert not corpus((first, "en"), (second, "zh")).is_multilingual
    assert not corpus((first, "zh"), (first, "zh-Hant")).is_multilingual
