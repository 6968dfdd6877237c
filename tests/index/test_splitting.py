"""Passages: exact, ordered, within the limit, and whole where it matters."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.document import Document
from index.embedding import PACKAGED_MODEL, tokenizer
from index.reading import read_document
from index.settings import IndexSettings
from index.splitting import passages

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.document import Passage

SOURCES = Path(__file__).resolve().parents[2] / "sources"
NEWSLETTER = "uniap-china-newsletter-2007-12-som5-imm2.zh.txt"
MINUTES = "china-myanmar-2006-11-bilateral-minutes.zh.txt"
PRESS = "press-report-2007-12-14-imm2-som5-beijing.en.txt"
NAMES = sorted(path.name for path in SOURCES.glob("*.txt"))
PIECES = [
    "第五次高官会议于2007年12月在北京召开，六国代表出席了会议。",
    "各国进一步加强了合作；",
    "The Fifth Senior Officials Meeting was held in Beijing. ",
    "internationalization",
    "การประชุมเจ้าหน้าที่อาวุโสจัดขึ้นที่กรุงปักกิ่ง ",
    "កិច្ចប្រជុំបានធ្វើឡើង។",
    "အစည်းအဝေး ကျင်းပသည်။",
    "\n",
    "\n\n",
    "\f",
    "# Heading\n",
    "一、会议概况\n",
    "(1) 举行经常性会晤；\n",
    "- one more item\n",
    "(下转第3页)\n",
    "(UNIAP 整理)\n",
    "“”",
    "🙂",
    "\u200b",
    "e\u0301",
]


@pytest.fixture(scope="module")
def ruler() -> Tokenizer:
    return tokenizer(PACKAGED_MODEL, IndexSettings().cache)


@pytest.fixture(scope="module")
def commit(ruler: Tokenizer) -> dict[str, tuple[Document, list[Passage]]]:
    documents = {name: read_document(SOURCES / name, name) for name in NAMES}
    return {name: (document, passages(document, ruler)) for name, document in documents.items()}


def assert_well_made(document: Document, found: list[Passage], ruler: Tokenizer, limit: int) -> None:
    for passage in found:
        assert passage.text == document.text[passage.start : passage.end]
        assert passage.text.strip() == passage.text != ""
        assert len(ruler.encode(passage.text, add_special_tokens=False).ids) <= limit
        assert all(passage.start <= start < end <= passage.end for start, end in passage.units)
        assert all(a[1] <= b[0] for a, b in pairwise(passage.units))
        units = "".join("".join(document.text[start:end].split()) for start, end in passage.units)
        assert units == "".join(passage.text.split())
        assert all(start < passage.end and passage.start < end for start, end in passage.lists)
    assert all(before.end <= after.start for before, after in pairwise(found))


@given(
    text=st.one_of(st.text(max_size=400), st.lists(st.sampled_from(PIECES), max_size=80).map("".join)),
    limit=st.sampled_from([32, 64, 256]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_passages_are_exact_ordered_and_within_the_limit(ruler: Tokenizer, text: str, limit: int) -> None:
    document = Document("a.txt", text)
    assert_well_made(document, passages(document, ruler, limit), ruler, limit)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("limit", [64, 256])
def test_passages_of_the_real_texts(ruler: Tokenizer, name: str, limit: int) -> None:
    document = read_document(SOURCES / name, name)
    assert_well_made(document, passages(document, ruler, limit), ruler, limit)


def test_menus_and_contents_are_in_no_passage(commit: dict[str, tuple[Document, list[Passage]]]) -> None:
    texts = "\n".join(passage.text for _, found in commit.values() for passage in found)
    for words in (
        "关于我们",
        "邮箱地址",
        "当前位置",
        "相关链接",
        "寻亲解难网",
        "重要讲话\t4-6",
        "参考资料\t11",
        "下转第",
        "上接第",
    ):
        assert words not in texts


def test_the_text_itself_is_in_a_passage(commit: dict[str, tuple[Document, list[Passage]]]) -> None:
    for name, words in {
        NEWSLETTER: [
            "19、决不容忍任何政府部门",
            "六国部长、副部长和联合国常驻中国协调员",
            "第三次部长级磋商会(及第 6 次和第 7 次高官会)",
        ],
        MINUTES: ["(7) 推动两国签署跨境反拐谅解备忘录", "[2] 系亚洲区域反拐项目前身"],
        PRESS: ["In October, 2004, the first IMM"],
    }.items():
        for word in words:
            assert any(word in passage.text for passage in commit[name][1]), word


def test_a_sentence_across_a_column_break_can_be_quoted_whole(
    commit: dict[str, tuple[Document, list[Passage]]],
) -> None:
    document, found = commit[NEWSLETTER]
    units = {document.text[start:end] for passage in found for start, end in passage.units}
    assert any(unit.endswith("期望各位在会议期间生\n\n活愉快，会议富有成效。") for unit in units)


def test_the_seven_points_stay_together(commit: dict[str, tuple[Document, list[Passage]]]) -> None:
    found = next(passage for passage in commit[MINUTES][1] if "(1) 举行经常性会晤" in passage.text)
    assert "七个合作要点" in found.text
    assert "(7) 推动两国签署跨境反拐谅解备忘录" in found.text


def test_a_list_stays_with_the_line_that_introduces_it(ruler: Tokenizer) -> None:
    before = "The ministers met in Beijing and discussed what they had achieved in the years before. " * 9
    items = "\n".join(
        f"({number}) a measure to protect and to assist victims of trafficking;" for number in range(1, 8)
    )
    document = Document("a.txt", f"# Plan\n\n{before}\n\nThe measures are:\n{items}\n\nThe end came soon after.")
    found = next(passage for passage in passages(document, ruler) if "(1)" in passage.text)
    assert found.text.startswith("The measures are:")
    assert "(7)" in found.text
    listed = [document.text[start:end] for start, end in found.lists]
    assert any(span.startswith("The measures are:") and "(7)" in span for span in listed)


def test_every_passage_knows_its_heading(commit: dict[str, tuple[Document, list[Passage]]]) -> None:
    for name, word, heading in (
        (NEWSLETTER, "17、保证执行一个真正", "进程宣言(译文)"),
        (NEWSLETTER, "在此，我还想就继续加强", "杜航伟"),
        (NEWSLETTER, "14日下午由公安部主持了新闻发布会", "第五次高官会"),
        (NEWSLETTER, "重点地区开展专项打击行动", "孟建柱"),
        (NEWSLETTER, "建立定期监测和后续访谈", "六、重新融入社会"),
        (MINUTES, "拐卖的对象以缅甸籍妇女为主", "(二)中缅之间跨国拐卖现状与趋势"),
        (PRESS, "set up UNIAP in 1998", "Relevant background"),
        ("som4-phnom-penh-2006-meeting-note.zh.txt", "2006 年 5 月 12 日下午", "6. 新闻发布会"),
        (
            "un-secretary-general-report-2009-trafficking-coordination.zh.txt",
            "(c) 协助缔约方会议",
            "贩运人口问题工作组",
        ),
    ):
        passage = next(passage for passage in commit[name][1] if word in passage.text)
        assert heading in passage.heading, word
    nameless = {passage.text[:12] for _, found in commit.values() for passage in found if not passage.heading}
    assert len(nameless) < 16, "only the texts before a first heading, and stray lines, have none"


def test_wrapped_english_paragraphs_are_whole(commit: dict[str, tuple[Document, list[Passage]]]) -> None:
    document, found = commit[PRESS]
    units = [document.text[start:end] for passage in found for start, end in passage.units]
    assert all(unit[0].isupper() or unit[0] == "(" for unit in units), "no sentence begins at a wrapped line"


def test_languages_and_pages(ruler: Tokenizer) -> None:
    first, second = "# One\n\nThe first page is in English.\n\f\n", "# 第二页\n\n第二页是中文，内容也不多。\n"
    document = Document("a.txt", first + second, page_starts=(0, len(first) - 1))
    found = passages(document, ruler)
    assert [(passage.language, passage.page) for passage in found] == [("en", 1), ("zh", 2)]


@pytest.mark.parametrize("text", ["", " \n\n\t", "\f\n\f", "\u3000\n"])
def test_white_space_has_no_passages(ruler: Tokenizer, text: str) -> None:
    assert passages(Document("a.txt", text), ruler) == []


@pytest.mark.parametrize("text", ["# Only a heading", "一、会议概况\n", "## One\n\n### Two\n"])
def test_a_heading_alone_can_still_be_found(ruler: Tokenizer, text: str) -> None:
    found = passages(Document("a.txt", text), ruler)
    assert "".join(found[0].text.split()) == "".join(text.split())


@pytest.mark.parametrize("piece", ["拐卖人口犯罪", "trafficking", "การค้ามนุษย์", "trafficking in persons, "])
def test_a_sentence_longer_than_the_limit_is_cut(ruler: Tokenizer, piece: str) -> None:
    document = Document("a.txt", piece * 500)
    found = passages(document, ruler)
    assert len(found) > 1
    assert_well_made(document, found, ruler, 256)
    assert "".join("".join(passage.text.split()) for passage in found) == "".join(document.text.split())


@pytest.mark.parametrize("piece", ["word. ", "拐", "第五次高官会议。", "x "])
def test_one_line_of_200000_characters(ruler: Tokenizer, piece: str) -> None:
    document = Document("a.txt", piece * (200_000 // len(piece)))
    began = time.perf_counter()
    found = passages(document, ruler)
    assert time.perf_counter() - began < 20
    assert sum(len("".join(passage.text.split())) for passage in found) == len("".join(document.text.split()))
