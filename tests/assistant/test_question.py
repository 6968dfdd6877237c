"""A question is understood in any language, and an unusable one is refused with what to do."""

from __future__ import annotations

import pytest

from assistant.answer import Turn
from assistant.question import understand
from index.errors import WrongCallError
from index.glossary import Glossary, GlossaryEntry

SOM = GlossaryEntry(
    id="som4",
    kind="meeting",
    names={"en": ("fourth Senior Officials Meeting",), "zh": ("第四次高官会",)},
    abbreviations=("SOM4",),
)
GLOSSARY = Glossary((SOM,), {"渭公河": "湄公河"})


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("第四次高官会在哪里举行？", "zh-Hans"),
        ("第四屆高官會在哪裡舉行？", "zh-Hant"),
        ("Where was SOM4 held?", "en"),
        ("Hội nghị quan chức cấp cao lần thứ tư ở đâu?", "vi"),
        ("การประชุมเจ้าหน้าที่อาวุโสจัดที่ไหน", "th"),
        ("តើកិច្ចប្រជុំធ្វើនៅទីណា?", "km"),
        ("ກອງປະຊຸມຈັດຢູ່ໃສ?", "lo"),
        ("အစည်းအဝေးကို ဘယ်မှာ ကျင်းပသလဲ", "my"),
    ],
)
def test_the_language_of_a_question_is_told(text, language):
    assert understand(text, GLOSSARY).language == language


@pytest.mark.parametrize("text", ["", "   \n", "？？！", "🤷", "x" * 20_000])
def test_an_unusable_question_is_answered_with_one_line_that_says_what_to_do(text):
    with pytest.raises(WrongCallError) as raised:
        understand(text, GLOSSARY)
    assert "\n" not in str(raised.value)
    assert "write" in str(raised.value) or "shorten" in str(raised.value)


def test_a_question_in_a_script_without_texts_is_still_a_question():
    assert understand("ሰላም እንዴት ነህ", GLOSSARY).terms


def test_a_name_brings_the_terms_of_its_names_in_other_languages():
    question = understand("Where was SOM4 held?", GLOSSARY)
    assert "高官" in question.expansions
    assert "where" not in (*question.terms, *question.expansions)


def test_scanned_spellings_and_traditional_characters_find_what_stands_on_the_page():
    assert "湄公河" in understand("渭公河次區域", GLOSSARY).search_text
    assert "次区域" in understand("渭公河次區域", GLOSSARY).search_text


def test_a_short_question_takes_its_subject_from_the_question_before():
    history = (Turn(role="user", content="When was SOM4 held?"), Turn(role="assistant", content="2006"))
    assert "SOM4" in understand("And where?", GLOSSARY, history).search_text
    assert "SOM4" not in understand("And where?", GLOSSARY).search_text


@pytest.mark.parametrize(
    "text", ["有哪些国家参加？", "Which seven points?", "What are the goals?", "Gồm những nước nào?", "มีประเทศใดบ้าง"]
)
def test_a_question_for_several_things_is_recognised(text):
    assert understand(text, GLOSSARY).asks_for_list


@pytest.mark.parametrize("text", ["在哪里举行？", "Where was it signed?", "Ở đâu?", "ที่ไหน"])
def test_a_question_for_one_thing_is_not_taken_for_a_list(text):
    assert not understand(text, GLOSSARY).asks_for_list


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("2007年12月北京的会来了200人？", ("d:2007-12", "n:200")),
        ("What happened on 14 December 2007?", ("d:2007-12-14",)),
        ("Hội nghị lần thứ tư năm 2006 ở đâu?", ("n:4", "d:2006")),
        ("การประชุมครั้งที่ ๔ พ.ศ. 2549", ("n:4", "d:2006")),
        ("SOM4和第四次高官会", ("n:4",)),
        ("在哪里举行？", ()),
    ],
)
def test_its_numbers_and_dates_have_one_form_in_every_script(text, quantities):
    assert understand(text, GLOSSARY).quantities == quantities


def test_a_date_does_not_make_a_question_long_enough_to_stand_alone():
    history = (Turn(role="user", content="When was SOM4 held?"),)
    assert "SOM4" in understand("Beijing 2007?", GLOSSARY, history).search_text


def test_a_name_with_a_typo_brings_the_terms_of_its_other_names():
    question = understand("fourth Senoir Officials Meeting", GLOSSARY)
    assert "高官" in question.expansions
    assert question.text == "fourth Senoir Officials Meeting"
