"""The cards of an answer's citations."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, Citation, Stamp, State
from assistant.web.cards import ROOM, around, cards_page
from assistant.web.links import asked_by
from index.catalog import CatalogEntry
from index.document import Document

if TYPE_CHECKING:
    from assistant.web.texts import PageLanguage
    from index.content import Content

TEXT = (
    "# Minutes\n\nThe meeting began at nine. Six ministers signed the memorandum in Yangon. "
    "It has thirty-four commitments.\n\n## Donors\n\nNorway pays."
)
QUOTE = "Six ministers signed the memorandum in Yangon."
HOSTILE = '<script>window.hacked=1</script>"><img src=x onerror=alert(1)>'
TODAY = date(2026, 1, 2)


class _Content:
    def __init__(self, text: str = TEXT, title: str = "Minutes of Yangon") -> None:
        self._document = Document("minutes.txt", text)
        self.entries = {
            "minutes.txt": CatalogEntry(
                file="minutes.txt", title=title, publisher=title, date="2004-10", type="memorandum", languages=("en",)
            )
        }

    def document(self, _: str) -> Document:
        return self._document

    def entry(self, source_id: str) -> CatalogEntry:
        return self.entries[source_id]


def _answer(*, refused: bool = False, title: str = "Minutes of Yangon", **changed: object) -> Answer:
    start = TEXT.index(QUOTE)
    citation = Citation(
        source_id="minutes.txt", title=title, quote=QUOTE, start=start, end=start + len(QUOTE), number=1, language="en"
    ).model_copy(update={"publisher": title, "date": "2004-10", **changed})
    return Answer(
        id="0123456789abcdef",
        question="Who signed?",
        answer="",
        refused=refused,
        citations=(citation,),
        stamp=Stamp(generation="g", corpus="c", embedding_model="e"),
    )


def _page(answer: Answer, content: _Content | None = None, language: PageLanguage = "en") -> str:
    return cards_page(answer, cast("Content", content or _Content()), language, TODAY)


def test_a_card_shows_the_quotation_among_its_neighbours_and_what_is_known() -> None:
    html = _page(_answer())
    assert f"<mark>{QUOTE}</mark>" in html
    assert "The meeting began at nine. </span><mark>" in html
    assert "thirty-four commitments" in html
    for known in ("Minutes of Yangon", "2004-10", "Memorandum of understanding", "English", "Word for word"):
        assert known in html
    assert "# Minutes" not in html
    assert "Norway" not in html, "what stands below another heading is no context"
    assert f"“{QUOTE}”" in unescape(html), "a click copies quotation and reference"


def test_the_card_leads_into_the_source_and_the_source_back() -> None:
    html = _page(_answer())
    address = unescape(html[html.index('class="button" href="') :].split('"')[3])
    assert address.startswith("/source/minutes.txt?")
    query = dict(pair.split("=") for pair in address.partition("?")[2].partition("#")[0].split("&"))
    assert query["answer"] == "0123456789abcdef"


@pytest.mark.parametrize("named", ["x", "../../library", "a" * 65, "0123456789abcde<"])
def test_only_an_id_leads_back(named: str) -> None:
    from starlette.datastructures import QueryParams

    assert asked_by(QueryParams({"answer": named})).answer == ""


def test_words_that_no_longer_stand_there_are_not_called_exact() -> None:
    html = _page(_answer(), _Content(TEXT.replace("Six", "Five")))
    assert "Could not be verified" in html
    assert "Word for word" not in html
    assert "The meeting began" not in html


def test_words_that_stand_there_but_prove_nothing_are_told_apart() -> None:
    html = _page(_answer(state=State.UNSUPPORTED))
    assert "Does not bear out the sentence" in html
    assert "Could not be verified" not in html


def test_a_refusal_shows_nearest_passages_and_not_proofs() -> None:
    html = _page(_answer(refused=True))
    assert "Nearest passages" in html
    assert "they do not answer the question" in html
    assert "Word for word" not in html


def test_a_poor_scan_and_a_source_that_is_gone_say_so() -> None:
    content = _Content()
    content.entries.clear()
    content.document = lambda _: (_ for _ in ()).throw(KeyError())  # type: ignore[method-assign]
    html = _page(_answer(poor_scan=True), content)
    assert "hard to read" in html
    assert "Could not be verified" in html


def test_whatever_a_source_says_is_text() -> None:
    answer = _answer(title=HOSTILE).model_copy(update={"question": HOSTILE})
    html = _page(answer, _Content(title=HOSTILE), "zh")
    assert "<script>window" not in html
    assert "<img" not in html
    assert HOSTILE in unescape(html)


WORDS = ["Norway. ", "แม่น้ำโขง ", "ကိုးကားချက်။ ", "挪威政府。", "ប្រទេសកម្ពុជា។ ", "ລາວ ", "\n", "é", "34 "]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=150).map("".join), st.data())
def test_context_is_the_sources_own_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    before, after = around(Document("x.txt", text), (start, end))
    before, after = before.removeprefix("…"), after.removesuffix("…")
    assert text[:start].endswith(before)
    assert text[end:].startswith(after)
    assert max(len(before), len(after)) <= ROOM + 5
