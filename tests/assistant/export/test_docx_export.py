"""The Word document: opened again, and looked at as the package of XML that it is."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import docx
import mammoth
import pytest
from docx.oxml.ns import qn
from lxml import etree

from assistant.export import Wanted, exported

from .conftest import NOW, answer, citation, nothing_known

QUOTES = [
    "第四次高官会\n在“金边”召开。\n\n  二、",
    "การประชุม\tครั้งที่ 4",
    "Hội nghị lần thứ tư <w:t>&amp;",
    "Minutes of *SOM4*",
    "កិច្ចប្រជុំ",
]
LANGUAGES = ["zh", "th", "vi", "en", "km"]


def package(*answers, style="gbt7714", entries=nothing_known):
    made = exported(answers, Wanted("docx", style, "zh"), entries, NOW)
    assert made.media_type.endswith("wordprocessingml.document")
    return made.content


def part(content, name):
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        for each in archive.namelist():
            if each.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(each))
        return etree.fromstring(archive.read(name))


def words(element) -> str:
    """The text of an element, with its own line breaks and tabs."""
    shown = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    return "".join(shown.get(each.tag, each.text or "") for each in element.iter(qn("w:t"), *shown))


def notes_of(content) -> dict[str, list[str]]:
    return {
        note.get(qn("w:id")): [words(paragraph) for paragraph in note.iter(qn("w:p"))]
        for note in part(content, "word/footnotes.xml")
        if note.get(qn("w:type")) is None
    }


@pytest.fixture(scope="module")
def made():
    cited = [citation(n, q, language=g) for n, (q, g) in enumerate(zip(QUOTES, LANGUAGES, strict=True), 1)]
    return package(answer(cited, " ".join(f"S{one.number} [{one.number}]" for one in cited) + " again [2] [1]."))


def test_every_footnote_is_referenced_once_and_holds_its_quotation_word_for_word(made):
    body = part(made, "word/document.xml")
    referenced = [each.get(qn("w:id")) for each in body.iter(qn("w:footnoteReference"))]
    notes = notes_of(made)
    assert referenced == list(notes) == ["1", "2", "3", "4", "5"]
    assert [note[0] for note in notes.values()] == [f" “{quote}”" for quote in QUOTES]
    assert all(note[1].startswith("甲[Z].") for note in notes.values())


def test_the_package_names_the_footnotes_part(made):
    types = etree.tostring(part(made, "[Content_Types].xml")).decode()
    assert 'PartName="/word/footnotes.xml"' in types
    assert "wordprocessingml.footnotes+xml" in types
    relations = etree.tostring(part(made, "word/_rels/document.xml.rels")).decode()
    assert relations.count("relationships/footnotes") == 1
    separators = part(made, "word/settings.xml").find(qn("w:footnotePr"))
    ids = {note.get(qn("w:id")) for note in part(made, "word/footnotes.xml")}
    assert {each.get(qn("w:id")) for each in separators} < ids


def test_every_style_that_is_used_is_there(made):
    styles = {each.get(qn("w:styleId")) for each in part(made, "word/styles.xml").iter(qn("w:style"))}
    for name in ("word/document.xml", "word/footnotes.xml"):
        used = {each.get(qn("w:val")) for each in part(made, name).iter(qn("w:pStyle"), qn("w:rStyle"))}
        assert used <= styles


def test_a_mark_that_comes_again_points_to_the_first(made):
    body = part(made, "word/document.xml")
    fields = [each.text for each in body.iter(qn("w:instrText"))]
    assert [field.split()[:2] for field in fields] == [["NOTEREF", "_RefNote2"], ["NOTEREF", "_RefNote1"]]
    bookmarks = {each.get(qn("w:name")) for each in body.iter(qn("w:bookmarkStart"))}
    assert {"_RefNote1", "_RefNote2"} <= bookmarks
    assert " again2,1." in words(body)


def test_fonts_and_languages_follow_the_scripts(made):
    runs = {}
    for run in part(made, "word/footnotes.xml").iter(qn("w:r")):
        runs[words(run)] = run.find(qn("w:rPr"))

    def language(quote):
        return {key.split("}")[1]: value for key, value in runs[f"“{quote}”"].find(qn("w:lang")).attrib.items()}

    chinese = runs[f"“{QUOTES[0]}”"].find(qn("w:rFonts"))
    assert (chinese.get(qn("w:eastAsia")), chinese.get(qn("w:hint"))) == ("SimSun", "eastAsia")
    assert language(QUOTES[0])["eastAsia"] == "zh-CN"
    assert language(QUOTES[1])["bidi"] == "th-TH"
    assert language(QUOTES[2])["val"] == "vi-VN"
    assert language(QUOTES[4])["bidi"] == "km-KH"
    assert runs[f"“{QUOTES[3]}”"].find(qn("w:rFonts")).get(qn("w:hint")) is None


def test_other_programs_read_question_notes_and_bibliography(made):
    document = docx.Document(BytesIO(made))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:4] == ["资料问答摘录", "问题", "问题？", "回答"]
    assert document.paragraphs[1].style.name == "Heading 1"
    assert "[1] 甲[Z]. [出版地不详]: [出版者不详], [出版年不详]." in texts
    html = mammoth.convert_to_html(BytesIO(made)).value
    assert "“Hội nghị lần thứ tư &lt;w:t&gt;&amp;amp;”" in html
    assert html.count('<li id="footnote-') == len(QUOTES)


def test_the_properties_speak_of_this_document(made):
    properties = docx.Document(BytesIO(made)).core_properties
    assert (properties.title, properties.author, properties.language) == ("资料问答摘录", "commit-assistant", "zh-CN")
    assert properties.created == datetime(2026, 11, 25, 7, 4, tzinfo=UTC)
    assert not properties.comments


def test_what_xml_cannot_hold_is_left_out_and_the_rest_stays():
    content = package(answer([citation(quote="a\x00b\x1b\ufffe\ud800c\u202e")], question="q\x0b\x08r"))
    assert notes_of(content)["1"][0] == " “ab\ufffdc\u202e”\u202c"
    assert docx.Document(BytesIO(content)).paragraphs[2].text == "q\nr"


def test_a_refusal_and_an_answer_without_quotations_are_documents_too():
    refused = answer([citation(quote="近")], "资料中没有能回答这个问题的内容。", refused=True, language="zh-Hans")
    content = package(refused, answer([], "Nothing."))
    assert notes_of(content)["1"][2] == "此段并未回答上述问题。"
    assert notes_of(package(answer([], "Nothing."))) == {}


def test_titles_of_reports_are_italic_in_chicago(entry):
    known = entry(title="The State of It", type="report", publisher="UN", date="2009")
    content = package(answer([citation()]), style="chicago", entries=lambda _: known)
    italic = [
        words(run)
        for run in part(content, "word/footnotes.xml").iter(qn("w:r"))
        if run.find(f".//{qn('w:i')}") is not None
    ]
    assert italic == ["The State of It"]
