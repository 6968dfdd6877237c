"""Other projects' formats, on fixtures of our own; their real files only where a path to them is given."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from assistant.settings import load_settings
from evals.importers import import_set
from evals.importers.corpus import ImportedSetError
from evals.opening import open_set
from evals.runner import run
from evals.stamp import Selection
from index.errors import WrongCallError

DATA = os.environ.get("COMMIT_ASSISTANT_TEST_DATA", "")
PARAGRAPHS = {
    "en": ("The mill stands in Arden. The mill was built in 1911.", "Where does the mill stand?", "Arden"),
    "vi": ("Cối xay nằm ở Arden. Cối xay được xây năm 1911.", "Cối xay nằm ở đâu?", "Arden"),
    "zh": ("磨坊位于阿登。磨坊建于1911年。", "磨坊位于哪里？", "阿登"),
}


def squad_file(folder, language, *, name="mill.{}.json", **changes):
    context, question, answer = PARAGRAPHS[language]
    asked = {"id": "m1", "question": question, "answers": [{"text": answer, "answer_start": context.index(answer)}]}
    data = {"data": [{"title": "t", "paragraphs": [{"context": context, "qas": [{**asked, **changes}]}]}]}
    path = folder / name.format(language)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def rgb_file(folder, *lines):
    path = folder / "rgb.json"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


TWO_PARTS = {
    "id": 0,
    "query": "纸伞展的开幕和闭幕时间？",
    "answer": [["3月1日", "三月一日"], "4月9日"],
    "positive": [["纸伞展于3月1日开幕。"], ["纸伞展4月9日闭幕。", "4月9日为纸伞展末日。"]],
    "negative": ["竹编展在秋天。"],
}
ONE_PART = {
    "id": 1,
    "query": "竹编展在哪里？",
    "answer": "龙泉",
    "positive": ["竹编展在龙泉。"],
    "negative": ["纸伞展4月9日闭幕。"],
}


@pytest.fixture
def settings(tmp_path):
    return load_settings(cache=tmp_path / "cache")


def test_parallel_files_are_one_corpus_and_any_paragraph_is_gold(tmp_path, settings):
    files = [squad_file(tmp_path, language) for language in PARAGRAPHS]
    opened = import_set("squad", files, settings)
    questions = opened.questions.questions
    assert [(q.id, q.language) for q in questions] == [("en-m1", "en"), ("vi-m1", "vi"), ("zh-m1", "zh")]
    for question in questions:
        (group,) = question.gold
        texts = [(opened.settings.sources / span.source_id).read_text("utf-8") for span in group]
        quoted = [text[span.start : span.end] for text, span in zip(texts, group, strict=True)]
        assert quoted == ["Arden", "Arden", "阿登"]
        assert [span.source_id[:3] for span in group] == ["en/", "vi/", "zh/"]
        assert question.answers == (("Arden", "阿登"),)
    assert opened.settings.sources.is_relative_to(settings.cache)
    before = opened.settings.sources.stat().st_mtime_ns
    assert import_set("squad", files, settings).settings.sources.stat().st_mtime_ns == before


def test_the_answers_place_is_the_one_the_file_means(tmp_path, settings):
    context = PARAGRAPHS["en"][0]
    second = {"text": "The mill", "answer_start": context.index("The mill", 5)}
    opened = import_set("squad", [squad_file(tmp_path, "en", answers=[second])], settings)
    assert opened.questions.questions[0].gold[0][0].start == second["answer_start"]
    lost = [{"text": "not there", "answer_start": 0}]
    opened = import_set("squad", [squad_file(tmp_path, "en", answers=lost)], settings)
    assert (opened.questions.questions[0].gold[0][0].start, opened.questions.questions[0].gold[0][0].end) == (
        0,
        len(context),
    )


def test_a_question_without_an_answer_must_be_refused(tmp_path, settings):
    opened = import_set("squad", [squad_file(tmp_path, "zh", answers=[], is_impossible=True)], settings)
    assert opened.questions.questions[0].unanswerable == "impossible"


def test_a_files_language_is_in_its_name_or_its_text(tmp_path, settings):
    named = import_set("squad", [squad_file(tmp_path, "zh", name="x_zh_hant.json")], settings)
    assert named.questions.questions[0].language == "zh-Hant"
    unnamed = import_set("squad", [squad_file(tmp_path, "zh", name="mills.json")], settings)
    assert unnamed.questions.questions[0].language == "zh"


def test_files_that_do_not_go_together_are_refused(tmp_path, settings):
    first = squad_file(tmp_path, "en")
    other = tmp_path / "other.zh.json"
    other.write_text('{"data": [{"paragraphs": []}]}', encoding="utf-8")
    with pytest.raises(WrongCallError, match="is not parallel to"):
        import_set("squad", [first, other], settings)
    with pytest.raises(WrongCallError, match="two of the files are in en"):
        import_set("squad", [first, first], settings)
    with pytest.raises(WrongCallError, match="cannot be read"):
        import_set("squad", [tmp_path / "none.json"], settings)
    other.write_text("{", encoding="utf-8")
    with pytest.raises(ImportedSetError, match="not JSON"):
        import_set("squad", [other], settings)
    other.write_text('{"data": [{}]}', encoding="utf-8")
    with pytest.raises(ImportedSetError, match=r"data\.0\.paragraphs: Field required"):
        import_set("squad", [other], settings)


def test_pairs_ask_two_questions_of_an_article_as_one_and_need_both_answers(tmp_path, settings):
    def article(name, start):
        paragraphs = [
            {
                "context": f"{name} {number} 号磨坊建于{1900 + number}年。",
                "qas": [
                    {"id": f"{name}{number}", "question": f"{name} {number} 号磨坊建于哪一年？", "answers": answers}
                ],
            }
            for number in range(start, start + 3)
            for answers in [[{"text": str(1900 + number), "answer_start": 0}]]
        ]
        return {"title": name, "paragraphs": paragraphs}

    path = tmp_path / "mills.zh.json"
    path.write_text(json.dumps({"data": [article("东", 10), article("西", 20)]}, ensure_ascii=False), encoding="utf-8")
    opened = open_set(f"pairs:{path}", settings)
    assert len(opened.questions.questions) == 2
    for pair in opened.questions.questions:
        first, second = pair.id.split("+")
        assert first[0] == second[0]
        assert first != second
        assert pair.question == f"{first[0]} {first[1:]} 号磨坊建于哪一年，{second[0]} {second[1:]} 号磨坊建于哪一年？"
        assert pair.answers == ((f"19{first[1:]}",), (f"19{second[1:]}",))
        texts = [(opened.settings.sources / span.source_id).read_text("utf-8") for (span,) in pair.gold]
        assert [text[span.start : span.end] for text, (span,) in zip(texts, pair.gold, strict=True)] == [
            answer for (answer,) in pair.answers
        ]


def test_rgb_pools_its_passages_and_needs_every_part(tmp_path, settings):
    opened = import_set("rgb", [rgb_file(tmp_path, TWO_PARTS, ONE_PART)], settings)
    two, one = opened.questions.questions
    assert two.answers == (("3月1日", "三月一日"), ("4月9日",))
    assert [len(group) for group in two.gold] == [1, 2]
    assert one.answers == (("龙泉",),)
    assert len(list(opened.settings.sources.iterdir())) == 5  # the passage that two questions share is one source
    (span,) = one.gold[0]
    assert (opened.settings.sources / span.source_id).read_text("utf-8") == "竹编展在龙泉。"


def test_rgb_without_positives_has_nothing_to_answer_from(tmp_path, settings):
    file = rgb_file(tmp_path, TWO_PARTS, ONE_PART)
    opened = open_set(f"rgb:{file}", settings, without_positives=True)
    assert {question.unanswerable for question in opened.questions.questions} == {"evidence_removed"}
    texts = [path.read_text("utf-8") for path in opened.settings.sources.iterdir()]
    assert texts == ["竹编展在秋天。"]  # a negative that is another question's positive goes too


def test_broken_rgb_files_are_refused_with_their_line(tmp_path, settings):
    path = rgb_file(tmp_path, TWO_PARTS, {"id": 1})
    with pytest.raises(ImportedSetError, match=r"rgb\.json:2: not a line of RGB"):
        import_set("rgb", [path], settings)
    with pytest.raises(ImportedSetError, match="has no questions"):
        import_set("rgb", [rgb_file(tmp_path)], settings)
    with pytest.raises(WrongCallError, match="one file"):
        import_set("rgb", [path, path], settings)


def test_an_imported_set_runs_in_every_language(tmp_path):
    files = [squad_file(tmp_path, language) for language in PARAGRAPHS]
    settings = load_settings()
    opened = import_set("squad", files, settings)
    opened = type(opened)(
        opened.questions, opened.settings.model_copy(update={"storage": tmp_path / "storage"}), own_corpus=True
    )
    report = run(opened, tmp_path / "run", Selection(search_only=True))
    assert {outcome.scores["coverage@10"] for outcome in report.outcomes} == {1.0}
    assert len(report.pairs) == 9


@pytest.mark.skipif(not DATA, reason="COMMIT_ASSISTANT_TEST_DATA names no folder of public question sets")
def test_the_real_files_are_read(settings):
    folder = Path(DATA)
    xquad = import_set("squad", [folder / f"xquad.{language}.json" for language in ("en", "zh")], settings)
    assert len(xquad.questions.questions) == 2 * 925
    for question in xquad.questions.questions[::50]:
        for span in question.gold[0]:
            text = (xquad.settings.sources / span.source_id).read_text("utf-8")
            assert text[span.start : span.end] in question.answers[0]
    rgb = import_set("rgb", [folder / "rgb_zh_fact.json"], settings)
    assert len(rgb.questions.questions) == 100
