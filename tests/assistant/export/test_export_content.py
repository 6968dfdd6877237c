"""What stands in an export, looked at as plain text."""

from __future__ import annotations

import pytest

from assistant.answer import Notice, Place, Sentence, State, Support
from assistant.export import Wanted, exported
from assistant.export.file_names import file_name
from assistant.export.texts import export_texts
from assistant.filters import Filters
from assistant.language_model.failures import Trouble
from assistant.prompts import prompt
from index.errors import WrongCallError

from .conftest import NOW, STAMP, answer, citation, nothing_known

IMPRINT = "[Z]. [出版地不详]: [出版者不详], [出版年不详]."


def text(*answers, language="zh", style="gbt7714", entries=nothing_known):
    return exported(answers, Wanted("text", style, language), entries, NOW).content.decode("utf-8")


def test_an_answer_comes_with_question_filters_quotations_works_and_stamp():
    asked = answer(
        [citation(1, "第四次高官会", title="甲"), citation(2, "金边", source_id="b.txt", title="乙", page=2)],
        question="在哪里？",
        filters=Filters(since="2006", types=("meeting_note", "newsletter")),
    )
    made = text(asked)
    assert "在哪里？\n\n查找范围：起始日期：2006；类型：meeting_note 或 newsletter\n" in made
    assert "第四次高官会¹\n\n金边²\n" in made
    assert f"¹ “第四次高官会”\n   甲{IMPRINT}\n" in made
    assert "² “金边”\n   乙[Z]. [出版地不详]: [出版者不详], [出版年不详]: 2.\n" in made
    assert f"参考文献\n{'-' * 40}\n\n[1] 甲{IMPRINT}\n\n[2] 乙{IMPRINT}\n" in made
    for shown in ("2026-11-25 15:04:00+08:00", "g7", "c0ffee", "e5-small", "embedded", "refuse ab12", "9.9"):
        assert shown in made


def test_footnotes_are_numbered_as_they_come_whatever_the_answer_numbered_them():
    made = text(answer([citation(1, "one"), citation(2, "two")], "B [2], A [1][2]. Other [3] [x] [0]."))
    assert "B¹, A²,¹. Other [3] [x] [0]." in made
    assert made.index("¹ “two”") < made.index("² “one”")


def test_a_number_in_brackets_within_a_quotation_stays_the_quotations_own():
    made = text(answer([citation(1, "公约[1]规定[2]"), citation(2, "乙")]))
    assert "公约[1]规定[2]¹\n\n乙²\n" in made


def test_a_quotation_that_no_marker_names_is_exported_too():
    made = text(answer([citation(1, "one"), citation(2, "two")], "Only [1]."), language="en")
    assert "Only¹.\n\nFurther quotations²\n" in made
    assert "² “two”" in made


def test_a_refusal_is_exported_as_one_and_its_passages_as_no_answer():
    near = [citation(1, "近一", title="甲"), citation(2, "近二", title="乙")]
    refused = answer(near, prompt("refuse", "zh-Hans").render(nearest=near), refused=True, language="zh-Hans")
    made = text(refused)
    assert (
        "资料中没有答案\n\n资料中没有能回答这个问题的内容。\n\n最接近的段落（并未回答这个问题）\n\n- 甲¹\n- 乙²\n"
        in made
    )
    assert f"¹ “近一”\n   甲{IMPRINT}\n   此段并未回答上述问题。\n" in made
    assert "参考文献" not in made
    assert "\n回答\n" not in made


def test_a_conversation_numbers_its_questions_and_counts_notes_and_works_through():
    first = answer([citation(1, "one")], question="First?")
    second = answer([citation(1, "two"), citation(2, "three", source_id="b.txt", title="B")], question="Second?")
    other = answer([citation(1, "four")], question="Third?", stamp=STAMP.model_copy(update={"generation": "g8"}))
    made = text(first, second, other, language="en")
    assert [line for line in made.split("\n") if line.startswith("Question ")] == [
        "Question 1",
        "Question 2",
        "Question 3",
    ]
    assert "one¹" in made
    assert "two²" in made
    assert "three³" in made
    assert "four⁴" in made
    assert made.count("[1] 甲") == 1
    assert made.count("[2] B") == 1
    assert "How this was made (questions 1, 2)" in made
    assert "How this was made (questions 3)" in made


def test_what_a_reader_must_know_before_quoting_is_in_the_footnote():
    also = (
        Place(source_id="b.txt", title="乙", quote="x", start=0, end=1, page=4),
        Place(source_id="a.txt", title="甲", quote="x", start=9, end=10),
    )
    made = text(answer([citation(1, "one", state=State.NEAR, poor_scan=True, also=also)]), language="en")
    assert f"Also in: 乙{IMPRINT[:-1]}: 4.\n" in made
    assert "Differs from the source" in made
    assert "poor scan" in made
    assert "[2] 乙" in made
    assert "Could not be verified" in text(answer([citation(1, "one", state=State.UNSUPPORTED)]), language="en")


@pytest.mark.parametrize(("language", "of_ours"), [("en", "Please note: The language"), ("zh", "说明：语言模型")])
def test_a_notice_is_told_in_the_exports_language_and_left_out_sentences_too(language, of_ours):
    def told(kind: str) -> str:
        noticed = Notice(kind=kind, message="the model was slow")
        return text(answer([citation()], notice=noticed, left_out=2), language=language)

    assert of_ours in told("slow")
    assert "the model was slow" not in told("slow")
    assert "the model was slow" in told("of a later version")
    assert set(export_texts(language).notices) == set(Trouble)
    assert {"en": "Sentences left out", "zh": "另有 2 句"}[language] in told("slow")


def test_what_a_model_wrote_keeps_its_doubts():
    said = "Six signed [1]. Seven signed [1]. Eight did."
    ends = [said.index(part) + len(part) for part in ("Six signed [1].", "Seven signed [1].", "Eight did.")]
    states = (Support.SUPPORTED, Support.WEAK, Support.UNSUPPORTED)
    starts = [0, *(end + 1 for end in ends)]
    sentences = tuple(
        Sentence(start=start, end=end, support=state) for start, end, state in zip(starts, ends, states, strict=False)
    )
    made = text(answer([citation(1, "six")], said, sentences=sentences), language="en")
    assert "Six signed¹. Seven signed¹. [weakly supported] Eight did. [not supported by the documents]" in made
    markdown = exported(
        [answer([citation(1, "six")], said, sentences=sentences)], Wanted("markdown"), nothing_known, NOW
    )
    assert "未获资料支持" in markdown.content.decode()


def test_the_catalogue_in_use_gives_the_references(catalog):
    source = "som4-phnom-penh-2006-meeting-note.zh.txt"
    made = text(answer([citation(source_id=source)]), style="chicago", entries=catalog.entry)
    assert "   湄公河次区域合作反拐进程（COMMIT）第四次高官会, May 2006.\n" in made


def test_controls_are_shown_and_turns_of_direction_end_where_their_text_ends():
    made = text(answer([citation(quote="a\x1b[31m\u202eb\x7f\ud800")], question="q\x00\u2066"))
    assert "“a␛[31m\u202eb␡\ufffd”\u202c" in made
    assert "q␀\u2066\u2069" in made


def test_nothing_to_export_is_an_error_that_says_what_to_do():
    with pytest.raises(WrongCallError, match="ask a question first"):
        exported([], Wanted(), nothing_known, NOW)


@pytest.mark.parametrize("form", ["markdown", "text", "docx"])
@pytest.mark.parametrize("style", ["gbt7714", "chicago"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_style_and_language_holds_every_quotation(catalog, form, style, language):
    cited = [citation(n, f"quotation number {n}", source_id=name) for n, (name, _) in enumerate(catalog.files(), 1)]
    made = exported([answer(cited)], Wanted(form, style, language), catalog.entry, NOW)
    assert made.name == f"2026-11-25-问题.{ {'markdown': 'md', 'text': 'txt', 'docx': 'docx'}[form] }"
    if form != "docx":
        content = made.content.decode("utf-8")
        assert all(one.quote in content for one in cited)
        assert export_texts(language).bibliography in content


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("../../etc/passwd", "2026-11-25-etc-passwd.md"),
        ('a\\b:c*?"<>|\x00\n\u202ed', "2026-11-25-a-b-c-d.md"),
        ("?!", "2026-11-25.md"),
        ("ใครเป็นประธาน?", "2026-11-25-ใครเป็นประธาน.md"),
        ("Ai chu\u0309 trì?", "2026-11-25-Ai-chủ-trì.md"),
    ],
)
def test_a_file_name_is_one_everywhere(question, name):
    assert file_name(question, NOW, "md") == name


def test_a_long_question_gives_a_name_that_fits_and_breaks_no_character():
    name = file_name("กี่" * 200, NOW, "docx")
    assert len(name.encode("utf-8")) < 255
    assert name.removesuffix(".docx").endswith("กี่")
