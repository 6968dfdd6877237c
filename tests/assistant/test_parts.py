"""A question that puts things side by side is asked about each of them; one about a span of time is not."""

from __future__ import annotations

import pytest

from assistant.parts import parts
from index.glossary import Glossary, GlossaryEntry

GLOSSARY = Glossary(
    (
        GlossaryEntry(id="som4", kind="meeting", names={"zh": ("第四次高官会",)}, abbreviations=("SOM4",)),
        GlossaryEntry(id="som5", kind="meeting", names={"zh": ("第五次高官会",)}, abbreviations=("SOM5",)),
        GlossaryEntry(id="la", kind="place", names={"en": ("Laos",), "zh": ("老挝",)}),
        GlossaryEntry(id="th", kind="place", names={"en": ("Thailand",), "zh": ("泰国",)}),
    )
)


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        ("Where were SOM4 and SOM5 held?", ("Where were SOM4 held?", "Where were SOM5 held?")),
        ("SOM4和SOM5分别在哪里举行?", ("SOM4分别在哪里举行?", "SOM5分别在哪里举行?")),
        ("第三、第四次高官会在哪里举行?", ("第三次高官会在哪里举行?", "第四次高官会在哪里举行?")),
        ("Hội nghị SOM4 và SOM5 ở đâu?", ("Hội nghị SOM4 ở đâu?", "Hội nghị SOM5 ở đâu?")),
        ("การประชุมปี 2005 และปี 2006 จัดที่ไหน", ("การประชุมปี 2005 จัดที่ไหน", "การประชุมปี 2006 จัดที่ไหน")),
        (
            "Which laws did Laos and Thailand each pass?",
            ("Which laws did Laos each pass?", "Which laws did Thailand each pass?"),
        ),
    ],
)
def test_things_side_by_side_are_asked_about_one_by_one(asked, about):
    assert parts(asked, GLOSSARY) == about


@pytest.mark.parametrize(
    "asked",
    [
        "Where was SOM4 held?",
        "When and where was SOM4 held?",
        "What happened between 2005 and 2007?",
        "从2005年到2007年发生了什么?",
        "What did Laos and Thailand sign?",
        "SOM4 was held before SOM5; where?",
        "2001、2002、2003、2004、2005年各有多少?",
        "",
    ],
)
def test_one_thing_a_span_of_time_what_is_done_together_and_too_many_things_stay_one_question(asked):
    assert parts(asked, GLOSSARY) == ()
