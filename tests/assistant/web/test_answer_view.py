"""Answers as HTML: escaped, complete, character for character."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Notice, Place, RankedPassage, Sentence, Stamp, State, Support
from assistant.language_model.failures import Trouble
from assistant.web.answer_view import answer_html, failure_html, question_html
from assistant.web.narrowing import Within
from assistant.web.quote_lines import Shown, pieces
from assistant.web.texts import PageLanguage, texts

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))\"'$$\\LaTeX$$"
    "{{7*7}}{% raw %}\t\n\n# h\u202e"
)
STAMP = Stamp(generation="g", corpus="c", embedding_model="m")


class _Reader(HTMLParser):
    """The text of the elements of one name, and every element and attribute there is."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name, self.depth, self.texts = name, 0, list[str]()
        self.elements, self.attributes = set[str](), list[tuple[str, str]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag == self.name:
            self.depth += 1
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == self.name

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.texts[-1] += data


def read(html: str, name: str) -> _Reader:
    reader = _Reader(name)
    reader.feed(html)
    reader.close()
    return reader


def citation(quote: str, **values: object) -> Citation:
    given = {"number": 1, "source_id": "a/b c.txt", "title": "Title", "quote": quote, "start": 3, "end": 3 + len(quote)}
    return Citation.model_validate({**given, **values})


def answer(*citations: Citation, text: str | None = None, refused: bool = False, **values: object) -> Answer:
    said = "\n\n".join(f"{c.quote} [{c.number}]" for c in citations) if text is None else text
    given = {"id": "1", "question": "?", "answer": said, "refused": refused, "citations": citations, "stamp": STAMP}
    return Answer.model_validate({**given, "language": "en", **values})


def test_whatever_a_source_says_is_text() -> None:
    place = Place(source_id=HOSTILE, title=HOSTILE, quote="q", start=0, end=1)
    cited = citation(
        HOSTILE, source_id=HOSTILE, title=HOSTILE, publisher=HOSTILE, date=HOSTILE, language=HOSTILE, also=(place,)
    )
    found = RankedPassage(
        rank=1, source_id=HOSTILE, start=0, end=9, text=HOSTILE, score=1.0, title=HOSTILE, language=HOSTILE
    )
    html = answer_html(answer(cited, passages=(found,), timings={HOSTILE: 1.0}), "en")
    reader = read(html, "blockquote")
    assert reader.texts == [HOSTILE]
    assert not reader.elements & {"script", "img", "iframe", "style", "form"}
    assert not [name for name, _ in reader.attributes if name.startswith("on") or name == "style"]
    assert all(value.startswith("/source/") for name, value in reader.attributes if name == "href")


@pytest.mark.parametrize("text", [HOSTILE, "</div><b>x</b>", "a\n\n\nb", "* one\n* two", "half a pair \ud83d"])
def test_a_question_is_text_on_one_line(text: str) -> None:
    html = question_html(text, Within(), "en")
    assert [said for said in read(html, "div").texts if said] == [text.replace("\ud83d", "?")]
    assert html.startswith("<div")
    assert "\n" not in html.strip()
    assert "\t" not in html


@given(st.text(alphabet=st.sampled_from("ab 。\n\t：1.(（一)月-#，"), max_size=60))
def test_the_pieces_of_a_quotation_are_the_quotation(quote: str) -> None:
    assert "".join(piece.text for piece in pieces(quote)) == quote


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("由\n中国公安部主\n办", [Shown.NOTHING, Shown.NOTHING]),
        ("successfully\nconcluded in Beijing,\nwhich", []),
        ("包括：\n1. 一\n2. 二", [Shown.LINE_END, Shown.LINE_END]),
        ("日期：5 月 12 日\n\n地点：柬埔寨 金边", [Shown.LINE_END]),
        ("拐\n\n卖人口", [Shown.NOTHING]),
    ],
)
def test_hard_wraps_are_not_shown_and_lines_of_a_list_are(quote: str, shown: list[Shown]) -> None:
    assert [piece.shown for piece in pieces(quote) if piece.shown is not Shown.TEXT] == shown


def test_a_citation_leads_to_its_place_and_says_what_is_known() -> None:
    html = answer_html(answer(citation("Words.", publisher="P", date="2006-05", page=4)), "en")
    reader = read(html, "div")
    assert (
        "href",
        "/source/a/b%20c.txt?q=3-9&lang=en&check=" + _checksum("Words.") + "&answer=1#q",
    ) in reader.attributes
    assert "P · 2006-05 · page 4" in html


def test_states_are_told_apart() -> None:
    near = answer_html(answer(citation("Words.", state=State.NEAR)), "en")
    assert "Differs from the source only in spacing" in near
    assert 'class="warning"' not in answer_html(answer(citation("Words.")), "en")


def test_a_refusal_is_labelled_and_its_passages_are_what_they_are() -> None:
    html = answer_html(answer(citation("Near."), text="Nothing: \n\nNear. [1]", refused=True), "en")
    assert "Not in the materials" in html
    assert "Nearest passages" in html
    assert read(html, "blockquote").texts == ["Near."]


def test_prose_keeps_its_markers_where_they_stand() -> None:
    html = answer_html(answer(citation("Words."), text="It says so [1] and [2] no more."), "en")
    said = html[html.index('class="said"') : html.index('class="quotation"')]
    assert said.index("It says so") < said.index('class="citation"') < said.index("and [2] no more.")


def test_a_known_error_speaks_the_language_of_the_page_and_others_speak_for_themselves() -> None:
    assert "还没有索引" in failure_html("NoIndexError", "there is no index yet", "zh")
    assert "&lt;b&gt;" in failure_html("OtherError", "<b>", "zh")


def _checksum(words: str) -> str:
    from assistant.web.links import checksum

    return checksum(words)


def test_written_sentences_show_how_far_they_are_borne_out() -> None:
    text = "It met in 2006. [1] It cost 5 dollars. [1] It ended <b>well</b>."
    ends = [text.index(" It cost"), text.index(" It ended"), len(text)]
    starts = [0, *(end + 1 for end in ends[:2])]
    states = [Support.SUPPORTED, Support.UNSUPPORTED, Support.WEAK]
    numbers: list[tuple[int, ...]] = [(1,), (1,), ()]
    sentences = tuple(
        Sentence(start=start, end=end, support=state, citations=cited, missing=("5",) if state is states[1] else ())
        for start, end, state, cited in zip(starts, ends, states, numbers, strict=True)
    )
    said = answer(
        citation("met in 2006"), text=text, sentences=sentences, left_out=2, understood="Where did <i>it</i> meet?"
    )
    html = answer_html(said, "en")
    assert (
        '<span class="unsupported" title="Not supported by what it cites. Not found there: 5">It cost 5 dollars.</span>'
        in html
    )
    assert '<span class="weak"' in html
    assert "It ended &lt;b&gt;well&lt;/b&gt;." in html
    assert "It met in 2006.<a class=" in html
    assert "The model wrote more (2)" in html
    assert "Where did &lt;i&gt;it&lt;/i&gt; meet?" in html


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_failure_of_a_language_model_has_a_line(language: PageLanguage) -> None:
    assert set(texts(language).notices) == {trouble.value for trouble in Trouble}
    for trouble in Trouble:
        notice = Notice(kind=trouble.value, message="x")
        html = answer_html(answer(citation("a"), notice=notice), language)
        assert texts(language).notices[trouble.value].split("：")[0].split("'")[0][:12] in html
