"""Lines that tell nothing by themselves are told from sentences, items and labelled values."""

from __future__ import annotations

import pytest

from assistant.close_reading import CloseReading, OpenWindow, WindowScore
from assistant.dense import Nearness
from assistant.fragments import is_fragment
from assistant.retrieval import FoundPassage
from index.document import Passage


@pytest.mark.parametrize(
    "text",
    [
        "尊敬的各位代表、女士们、先生们，朋友们：",
        "湄公河次区域合作反拐进程宣言(译文)",
        "China-Myanmar bilateral meeting minutes",
        "Speech by the Head of the Delegation (Extract)",
        "uniap@example.org",
        "Bài phát biểu của Bộ trưởng",
        "របាយការណ៍ប្រចាំឆ្នាំ",
        "နှစ်ချုပ်အစီရင်ခံစာ",
        "The main aims are:",
    ],
)
def test_titles_salutations_and_what_leads_to_a_list_are_fragments(text: str):
    assert is_fragment(text)


@pytest.mark.parametrize(
    "text",
    [
        "会议在北京召开。",
        "The meeting was held in Bangkok.",
        'He said: "We agree."',
        "(The meeting was held in Bangkok.)",
        "地点：柬埔寨 金边",
        "Place: Phnom Penh",
        "| Thailand | 12 |",
        "- Thailand",
        "(3) 泰国",
        "第三条 缔约方合作",
        "การประชุมจัดที่กรุงเทพฯ",
        "ກອງປະຊຸມຈັດຂຶ້ນທີ່ວຽງຈັນ",
        "កិច្ចប្រជុំបានធ្វើឡើងនៅភ្នំពេញ។",
        "အစည်းအဝေးကို ရန်ကုန်တွင် ကျင်းပသည်။",
        "Cuộc họp được tổ chức tại Hà Nội.",
        "word " * 40,
        "会议通报了第一期行动计划下的各国宣传活动的最新进展情况；通报了妇女和儿童的保护与康复工作，讨论了下一步合作的重点，并就今后的年度会议、培训与交流",
    ],
)
def test_sentences_items_labelled_values_and_scripts_without_stops_are_none(text: str):
    assert not is_fragment(text)


def test_a_sentence_comes_before_a_running_head_that_is_a_little_nearer():
    head, sentence = "Cooperation against trafficking", "The project set up an office in 1998."
    text = f"{head}\n\n{sentence}"
    units = ((0, len(head)), (len(head) + 2, len(text)))
    passage = Passage("a.txt", 0, len(text), text, "en", "", None, units, ((0, len(text)),))
    found = FoundPassage(passage, 1.0, Nearness(0.8, 1.0, 0, "en"), None)
    window = OpenWindow(found, 0, units, (head, sentence))
    reading = CloseReading((found,), ((window, WindowScore(2.0, 0.0, (1.0, 0.0))),), "reader")
    assert [one.text for one in reading.sentences()] == [sentence, head]
    much_nearer = CloseReading((found,), ((window, WindowScore(2.0, 0.0, (6.0, 0.0))),), "reader")
    assert [one.text for one in much_nearer.sentences()] == [head, sentence]
