"""A follow-up stands alone: what it leaves out comes from the questions before it."""

from __future__ import annotations

import pytest

from assistant.answer import Turn
from assistant.question import understand
from index.glossary import Glossary, GlossaryEntry

GLOSSARY = Glossary(
    (
        GlossaryEntry(id="som4", kind="meeting", names={"zh": ("第四次高官会",)}, abbreviations=("SOM4",)),
        GlossaryEntry(id="som5", kind="meeting", names={"zh": ("第五次高官会",)}, abbreviations=("SOM5",)),
        GlossaryEntry(id="la", kind="place", names={"en": ("Lao PDR", "Laos"), "zh": ("老挝",)}),
        GlossaryEntry(id="th", kind="place", names={"en": ("Thailand",), "zh": ("泰国",), "th": ("ไทย",)}),
        GlossaryEntry(id="uniap", kind="organisation", names={}, abbreviations=("UNIAP",)),
    )
)


def _understood(*questions: str) -> str:
    *earlier, last = questions
    turns = [
        turn for text in earlier for turn in (Turn(role="user", content=text), Turn(role="assistant", content="…"))
    ]
    return understand(last, GLOSSARY, turns).search_text


@pytest.mark.parametrize(
    ("earlier", "asked", "understood"),
    [
        ("第四次高官会在哪里举行？", "那第二次呢？", "第二次高官会在哪里举行?"),
        ("第四次高官會在哪裡舉行？", "那第五次高官會呢？", "第五次高官会在哪里举行?"),
        ("When was SOM4 held?", "And SOM5?", "When was SOM5 held?"),
        ("What laws did Laos pass?", "what about Thailand?", "What laws did Thailand pass?"),
        ("泰国通过了哪些法律？", "那老挝呢？", "老挝通过了哪些法律?"),
        ("SOM4 được tổ chức ở đâu?", "Còn SOM5 thì sao?", "SOM5 được tổ chức ở đâu?"),
        ("การประชุม SOM4 จัดที่ไหน", "แล้ว SOM5 ล่ะ", "การประชุม SOM5 จัดที่ไหน"),
        ("What happened in 2006?", "What about 2007?", "What happened in 2007 ?"),
    ],
)
def test_another_thing_takes_the_place_of_the_one_that_was_asked_about(earlier, asked, understood):
    assert _understood(earlier, asked) == understood


def test_a_question_that_only_asks_something_else_keeps_what_it_is_about():
    assert _understood("When was SOM4 held?", "and where?") == "When was SOM4 held? and where?"
    assert "高官会" in _understood("第四次高官会在哪里举行？", "那什么时候呢？")


def test_a_chain_of_follow_ups_is_followed():
    assert (
        _understood("第四次高官会在哪里举行？", "那第五次呢？", "那谁参加了？") == "第五次高官会在哪里举行? 那谁参加了?"
    )


def test_a_follow_up_asked_twice_is_the_same_question_both_times():
    once = _understood("When was SOM4 held?", "and where?")
    assert _understood("When was SOM4 held?", "and where?", "and where?") == once


def test_a_question_of_its_own_takes_nothing_from_before():
    assert (
        _understood("第四次高官会在哪里举行？", "联合国秘书长的报告建议了什么措施？")
        == "联合国秘书长的报告建议了什么措施?"
    )
    assert _understood("When was SOM4 held?", "What is UNIAP?") == "What is UNIAP?"


def test_a_thing_of_another_kind_replaces_nothing():
    assert _understood("What laws did Laos pass?", "what about SOM5?") == "What laws did Laos pass? what about SOM5?"
