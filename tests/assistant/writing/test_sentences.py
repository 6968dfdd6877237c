"""A reply becomes sentences with what they cite, the same whether it comes at once or token by token."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.writing.plain import plain
from assistant.writing.sentences import written_sentences

REPLIES = {
    "simplified": "第五次高官会于2007年12月14日在北京举行。[1] 六国签署了《联合宣言》【2】。会议还决定：\n- 成立工作组[1][3]；\n- 每年开会一次。[2]\n\n泰国没有参加［3］。",
    "traditional": "第五次高官會於2007年12月14日在北京舉行。【1】雙方簽署了《諒解備忘錄》。【2†source】詳見[報告](http://x.org/a_(b))。[3]",
    "english": "**The meeting** was held in Beijing on 14 December 2007. [1] Six countries attended, e.g. Laos and No. 5 of the list [2, 3]. It said:\n1. Dr. Li spoke. [1]\n2. 3.5 million people were reached [2].\n\nSee [the report](http://x.org).\n\n[1]: http://x.org",
    "vietnamese": "Hội nghị được tổ chức tại Hà Nội [1]. Sáu nước đã ký bản ghi nhớ. [2][3] Các biện pháp gồm:\n* bảo vệ nạn nhân [1]\n* truy tố tội phạm [2]",
    "thai": "การประชุมเจ้าหน้าที่อาวุโสครั้งที่ห้าจัดขึ้นที่กรุงปักกิ่ง [1] ประเทศสมาชิกหกประเทศลงนามในบันทึกความเข้าใจร่วมกัน [2] ที่ประชุมเห็นชอบแผนปฏิบัติการฉบับที่สองซึ่งครอบคลุมถึงปี ๒๕๕๓ [๓]",
    "khmer": "កិច្ចប្រជុំបានប្រព្រឹត្តទៅនៅទីក្រុងប៉េកាំង។ [1] ប្រទេសទាំងប្រាំមួយបានចុះហត្ថលេខា [២]។",
    "lao": "ກອງປະຊຸມໄດ້ຈັດຂຶ້ນທີ່ນະຄອນປັກກິ່ງໃນເດືອນທັນວາ [1] ຫົກປະເທດໄດ້ລົງນາມໃນບົດບັນທຶກຄວາມເຂົ້າໃຈ [2]",
    "burmese": "အစည်းအဝေးကို ပေကျင်းမြို့၌ ကျင်းပခဲ့သည်။ [1] နိုင်ငံခြောက်နိုင်ငံ လက်မှတ်ရေးထိုးခဲ့သည် [၂]။",
    "japanese brackets": "会議は『北京』で開かれた。〔1〕六か国が「共同宣言」に署名した【2】。［3］以上。",
    "thoughts": "<think>\nPassage [1] says so. <b>Yes</b>.\n</think>\n\nIt was held in Beijing. [1]<|im_end|>",
    "hostile": "<scr<!-- x -->ipt>alert(1)</script>Held. ![x](http://e.org/?q=[1]) [2] Click [here](javascript:alert(1)) &lt;b&gt;now&lt;/b&gt;. [1](http://e.org) <a href='x>y'>z</a> a < b. End [3-1]",
    "markup": "# Result\n\n> Held in *Beijing*. [1]\n\n---\n\n```text\nIt had `six` members [2]\n```\n~~~\n| a | b |\n|---|---|\n| c [1] | d |",
}
FRAGMENTS = [
    *(
        "The meeting was held. ",
        "举行。",
        "會議於北京舉行",
        "ประชุมที่กรุงปักกิ่งเมื่อปี 2550 ",
        "ປະເທດ ",
        "ការប្រជុំ។",
        "အစည်းအဝေး။",
        "Hội nghị. ",
    ),
    *(
        "[1]",
        "[2]",
        "［1］",
        "【2】",
        "[1, 2]",
        "[1",
        "]",
        "[^1]",
        "【1†source】",
        "[0]",
        "[sic]",
        "†",
        "[1](",
        "\\[1\\]",
        "[1]: ",
    ),
    *(
        "(",
        ")",
        "http://x.org/a",
        "[a](http://x)",
        "![a](b.png)",
        "[x]: http://y.z\n",
        "[[1]](#a)",
        '"t"',
        "(a)",
        "[x][]",
    ),
    *(
        "<",
        ">",
        "<b>",
        "</b>",
        "<a href='x'>",
        "<br>",
        "<li>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<think>",
        "<|im_end|>",
        "x<y ",
    ),
    *(
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "- ",
        "* ",
        "1. ",
        "2",
        "一、",
        "（一）",
        "# ",
        "> ",
        "---\n",
        "```",
        "```mermaid\n",
        "~~~",
        "|",
    ),
    *(
        "**",
        "*",
        "_",
        "__",
        "`",
        "\\",
        "&lt;",
        "&amp;",
        "&",
        "&#",
        "D ",
        " ",
        "。",
        "：",
        ":",
        "；",
        ";",
        "“",
        "”",
        "!",
        "?",
        "…",
    ),
    *("3.5 million", "e.g. ", "No. ", "5", "a", "B", "\u200b", "\u200d", "\ufe0f", "😀"),
]


def _told(reply: str, *, whole: bool, passages: int = 3) -> list[tuple[str, str, tuple[int, ...], str]]:
    found = written_sentences(reply, passages, whole=whole)
    return [(one.before, one.text, one.cites, one.introduction) for one in found]


def _cites(reply: str, passages: int = 3) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.text, one.cites) for one in written_sentences(reply, passages, whole=True)]


def _check_growth(reply: str) -> None:
    complete, text = _told(reply, whole=True), plain(reply, whole=True)
    for length in range(len(reply) + 1):
        shown = _told(reply[:length], whole=False)
        kept = shown[:-1]
        assert kept == complete[: len(kept)], reply[:length]
        assert text.startswith(plain(reply[:length], whole=False).rstrip()), reply[:length]


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_a_sentence_never_changes_once_another_follows(reply):
    _check_growth(reply)


@settings(deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join))
def test_no_reply_changes_what_was_shown_of_it(reply):
    _check_growth(reply)


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_no_piece_of_a_marker_tag_or_link_is_shown_while_a_reply_comes(reply):
    for length in range(len(reply) + 1):
        for sentence in written_sentences(reply[:length], 3, whole=False):
            shown = sentence.before + sentence.text
            assert not set("[［【〔<†`*") & set(shown.replace("a < b", "")), reply[:length]
            assert "http" not in shown
            assert "think" not in shown


def test_sentences_of_every_language_keep_the_markers_they_end_with():
    assert [cites for _, cites in _cites(REPLIES["simplified"])] == [(1,), (2,), (), (1, 3), (2,), (3,)]
    assert [cites for _, cites in _cites(REPLIES["traditional"])] == [(1,), (2,), (3,)]
    assert [cites for _, cites in _cites(REPLIES["english"])] == [(1,), (2, 3), (), (1,), (2,), ()]
    assert [cites for _, cites in _cites(REPLIES["vietnamese"])] == [(1,), (2, 3), (), (1,), (2,)]
    assert [cites for _, cites in _cites(REPLIES["thai"])] == [(1,), (2,), (3,)]
    assert [cites for _, cites in _cites(REPLIES["khmer"])] == [(1,), (2,)]
    assert [cites for _, cites in _cites(REPLIES["lao"])] == [(1,), (2,)]
    assert [cites for _, cites in _cites(REPLIES["burmese"])] == [(1,), (2,)]
    assert [cites for _, cites in _cites(REPLIES["japanese brackets"])] == [(1,), (2, 3), ()]


def test_a_marker_behind_the_full_stop_belongs_to_the_sentence_before_it():
    assert _cites("It was held. [1] Laos came.[2] China too [3].") == [
        ("It was held.", (1,)),
        ("Laos came.", (2,)),
        ("China too.", (3,)),
    ]


def test_a_marker_at_the_head_of_a_line_belongs_to_what_follows():
    assert _cites("[1] It was held.\n[2][3] Laos came.\n- [1] China too.\n3) [2] End.") == [
        ("It was held.", (1,)),
        ("Laos came.", (2, 3)),
        ("China too.", (1,)),
        ("End.", (2,)),
    ]


def test_a_marker_on_a_line_of_its_own_belongs_to_what_stands_before():
    assert _cites("It was held.\n[1]\nLaos came.\n[2]") == [("It was held.", (1,)), ("Laos came.", (2,))]


def test_a_year_at_the_head_of_a_line_is_no_list_number():
    assert _cites("2007 [1] was the year. Next.") == [("2007 was the year.", (1,)), ("Next.", ())]


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        ("3.5 million people were reached.", "3.5 million people were reached."),
        ("12. December it was.", "December it was."),
        ("1) Laos came.", "Laos came."),
        ("（二）老挝参加。", "老挝参加。"),
        ("二、老挝参加。", "老挝参加。"),
        ("2、老挝参加。", "老挝参加。"),
        ("๑. ลาวมา", "ลาวมา"),
        ("-项目", "项目"),
    ],
)
def test_the_number_of_an_item_is_not_part_of_its_sentence(reply, text):
    assert [one.text for one in written_sentences(reply, 3, whole=True)] == [text]


def test_a_list_of_references_is_read_without_its_colons():
    assert _cites("[1]: It was held.\n[2]：老挝参加。") == [("It was held.", (1,)), ("老挝参加。", (2,))]


def test_items_know_the_line_that_introduces_them_and_later_text_does_not():
    found = written_sentences("It decided:\n- to meet. And soon. [1]\n- to write. [2]\n\nThe end.", 3, whole=True)
    assert [(one.text, one.introduction, one.introduces) for one in found] == [
        ("It decided:", "", True),
        ("to meet.", "It decided:", False),
        ("And soon.", "It decided:", False),
        ("to write.", "It decided:", False),
        ("The end.", "", False),
    ]


@pytest.mark.parametrize("reply", ["", " \n ", "[1]", "[1] [2]\n", "…", "---", "<think>It was held. [1]", "- ", "1."])
def test_a_reply_that_says_nothing_has_no_sentences(reply):
    assert written_sentences(reply, 3, whole=True) == []
    assert written_sentences(reply, 3, whole=False) == []


@settings(deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join), st.integers(0, 4))
def test_sentences_together_are_the_text_without_markers(reply, passages):
    found = written_sentences(reply, passages, whole=True)
    assert all(one.text and one.text == one.text.strip() for one in found)
    assert all(1 <= number <= passages for one in found for number in one.cites)


@pytest.mark.parametrize("piece", ["[1] ", "A. ", "ก [1] ", "。[1]", "\n[1]", "- ", "[", "ไทย "])
def test_a_hostile_reply_is_cut_to_its_end(piece):
    assert isinstance(written_sentences(piece * (20_000 // len(piece)), 3, whole=True), list)
