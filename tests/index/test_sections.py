"""Headings over the text, also where an article goes on elsewhere."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from index.blocks import Kind
from index.reading import read_document
from index.sections import heading_text, plain_heading, sections
from index.structure import blocks

SOURCES = Path(__file__).resolve().parents[2] / "sources"
NEWSLETTER = "uniap-china-newsletter-2007-12-som5-imm2.zh.txt"
LINES = [
    "# A",
    "## B",
    "一、甲",
    "Text of a paragraph that is long enough.",
    "unfinished",
    "(UNIAP 整理)",
    "(下转第3页)",
    "(上接第2页)",
]


def headings_over(text: str, *words: str) -> list[str]:
    """The headings over the sections that hold the words, each section's own heading blocks left out."""
    found = {}
    for section in sections(text, blocks(text)):
        for block in section.blocks:
            for word in words:
                if block.kind is not Kind.HEADING and word in text[block.start : block.end]:
                    found[word] = heading_text(text, section.headings)
    return [found[word] for word in words]


def newsletter_headings(*words: str) -> list[str]:
    return headings_over(read_document(SOURCES / NEWSLETTER, NEWSLETTER).text, *words)


@given(st.lists(st.sampled_from(LINES), max_size=30).map("\n\n".join))
def test_every_block_with_text_is_in_one_section(text: str) -> None:
    found = blocks(text)
    texts = {Kind.HEADING, Kind.PARAGRAPH, Kind.ITEM, Kind.CREDIT}
    placed = [block for section in sections(text, found) for block in section.blocks if block.kind in texts]
    assert placed == [block for block in found if block.kind in texts]


def test_headings_nest_and_end() -> None:
    text = "# Report\n\nThe first text.\n\n## Aims\n\nThe second text.\n\n## Means\n\nThe third text.\n\n"
    text += "# Annex\n\nThe last."
    assert headings_over(text, "first", "second", "third", "last") == [
        "Report",
        "Report › Aims",
        "Report › Means",
        "Annex",
    ]


def test_headings_of_two_languages_stand_together() -> None:
    heading = newsletter_headings("周永康指出")[0]
    assert "周永康会见出席" in heading
    assert "Mr Zhou Yongkang Met" in heading


def test_the_declaration_goes_on_after_its_page_note() -> None:
    begun, continued = newsletter_headings("1、我们，柬埔寨王国", "17、保证执行一个真正")
    assert "进程宣言(译文)" in begun
    assert continued == begun


def test_du_hangweis_speech_goes_on_after_its_page_note() -> None:
    assert "杜航伟" in newsletter_headings("在此，我还想就继续加强")[0]


def test_the_leading_article_goes_on_after_its_page_note() -> None:
    begun, continued = newsletter_headings("中国公安部张新枫副局长", "14日下午由公安部主持了新闻发布会")
    assert "第五次高官会" in begun
    assert continued == begun


def test_words_after_another_speech_return_to_the_unfinished_one() -> None:
    meng, un, meng_again = newsletter_headings(
        "尊敬的各位代表", "拐卖人口是一个跨部门的挑战", "重点地区开展专项打击行动"
    )
    assert "孟建柱" in meng
    assert "马和励" in un
    assert "马和励" not in meng_again
    assert meng_again == meng


def test_page_notes_in_english_are_followed() -> None:
    text = (
        "# First\n\nThe first article begins here and\n\n(continued on page 2)\n\n"
        "# Second\n\nThe second article is complete.\n\n(continued from page 1)\n\ncomes to its end here."
    )
    assert headings_over(text, "begins", "complete", "its end") == ["First", "Second", "First"]


def test_page_notes_that_answer_nothing_give_no_heading() -> None:
    text = "# First\n\nThe first article is complete.\n\n(上接第9页)\n\nNobody knows whose words these are."
    assert headings_over(text, "complete", "Nobody") == ["First", ""]


def test_a_heading_is_shown_without_its_marks() -> None:
    assert plain_heading("#### **联合国全球打击人口\n贩运活动举措**") == "联合国全球打击人口 贩运活动举措"
