"""What the two searches read of a passage: the words of its headings once, and windows without them."""

from __future__ import annotations

from index.document import Passage
from index.embedded import embedded_text, indexed_text
from index.windows import windows

TEXT = "第五次高官會在北京召開。 The ministers signed."
SPANS = ((0, 12), (13, 33))


def _passage(text: str, heading: str) -> Passage:
    return Passage("a.txt", 0, len(text), text, "zh", heading, windows=SPANS)


def test_words_of_the_headings_find_a_passage() -> None:
    text = indexed_text(_passage(TEXT, "联合宣言 › 会议概况"), {})
    assert text.splitlines()[0] == "联合宣言 › 会议概况"
    assert "高官会在北京召开" in text, "traditional characters are searched as simplified ones"


def test_a_heading_that_a_passage_begins_with_is_read_once() -> None:
    assert indexed_text(_passage(f"会议概况\n{TEXT}", "联合宣言 › 会议概况"), {}).count("会议概况") == 1


def test_windows_are_embedded_without_headings_and_with_misreadings_set_right() -> None:
    texts = [embedded_text(window.text, {"北京召开": "南京召开"}) for window in windows(_passage(TEXT, "联合宣言"))]
    assert "南京召开" in texts[0]
    assert not any("联合宣言" in text for text in texts)
    assert [("signed" in text) for text in texts] == [False, True]
