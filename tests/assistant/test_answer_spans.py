"""The words that answer, led back from the search text to the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Citation
from assistant.answer_spans import AnswerPlace, original_span, with_answers
from assistant.web.quote_lines import pieces
from index.search_text import search_text

CASES = [
    ("第四次高官會於２００６年５月在金邊舉行。", "2006年5月", "２００６年５月"),
    ("The meet-\ning was  held in\nPhnom Penh.", "Phnom Penh", "Phnom Penh"),
    ("The meet-\ning was held.", "The meeting", "The meet-\ning"),
    ("การประชุมจัดขึ้นที่กรุงเทพฯ ในปี 2548", "กรุงเทพฯ", "กรุงเทพฯ"),
    ("Hội nghị được tổ chức tại Hà Nội.", "Hà Nội", "Hà Nội"),
    ("主要 捐\n赠 机构是 **挪威**政府。", "捐赠机构", "捐\n赠 机构"),
]


@pytest.mark.parametrize(("original", "words", "found"), CASES)
def test_words_are_found_where_they_stand_in_the_source(original: str, words: str, found: str) -> None:
    searched = search_text(original)
    start = searched.index(words)
    span = original_span(original, searched, (start, start + len(words)))
    assert span is not None
    assert original[slice(*span)] == found


@given(st.sampled_from([case[0] for case in CASES]), st.data())
def test_whatever_is_found_says_the_same(original: str, data: st.DataObject) -> None:
    searched = search_text(original)
    start = data.draw(st.integers(0, len(searched) - 1))
    end = data.draw(st.integers(start + 1, len(searched)))
    span = original_span(original, searched, (start, end))
    if span is not None:
        wanted = "".join(searched[start:end].split())
        assert "".join(search_text(original[slice(*span)]).split()) == wanted


def test_a_citation_names_the_likeliest_words_within_it() -> None:
    cited = Citation(source_id="a", title="A", quote="It was in Yangon in 2004.", start=10, end=35, number=1)
    places = [
        AnswerPlace("b", 20, 26, 9.0),
        AnswerPlace("a", 5, 12, 8.0),
        AnswerPlace("a", 20, 26, 7.0),
        AnswerPlace("a", 30, 34, 6.0),
    ]
    (named,) = with_answers([cited], places)
    assert named.answer is not None
    assert named.quote[slice(*named.answer)] == "Yangon"
    assert with_answers([cited], places[:2])[0].answer is None


@given(st.text(alphabet="ab 。\n中文", min_size=1, max_size=60), st.data())
def test_words_that_answer_stand_out_and_nothing_is_lost(quote: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(quote) - 1))
    end = data.draw(st.integers(start + 1, len(quote)))
    cut = pieces(quote, (start, end))
    assert "".join(piece.text for piece in cut) == quote
    assert "".join(piece.text for piece in cut if piece.strong) == quote[start:end]
