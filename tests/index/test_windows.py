"""The parts of a passage that are embedded: together the whole passage, none of them long."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.document import Document, Passage
from index.embedding import PACKAGED_MODEL, tokenizer
from index.settings import IndexSettings
from index.splitting import passages
from index.windows import LIMIT, passage_and_number, window_spans, windows

LENGTHS = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 150)), max_size=30)


def characters(start: int, end: int) -> int:
    return end - start


def units_of(lengths: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found, offset = [], 10
    for gap, length in lengths:
        found.append((offset + gap, offset + gap + length))
        offset += gap + length
    return found


@given(LENGTHS, st.integers(1, 120))
def test_windows_are_whole_units_in_order_and_keep_to_the_limit(lengths: list[tuple[int, int]], limit: int) -> None:
    units = units_of(lengths)
    spans = window_spans(units, characters, limit)
    inside = [[unit for unit in units if start <= unit[0] and unit[1] <= end] for start, end in spans]
    assert [unit for part in inside for unit in part] == units
    for (start, end), part in zip(spans, inside, strict=True):
        assert (start, end) == (part[0][0], part[-1][1])
        assert end - start <= limit or len(part) == 1


@given(LENGTHS, st.integers(1, 120))
def test_no_window_is_cut_before_it_is_full(lengths: list[tuple[int, int]], limit: int) -> None:
    units = units_of(lengths)
    spans = window_spans(units, characters, limit)
    for (start, _), (following, _) in pairwise(spans):
        first = next(end for begin, end in units if begin == following)
        assert first - start > limit


def test_a_long_unit_stands_alone() -> None:
    assert window_spans([(0, 5), (5, 205), (205, 210), (210, 215)], characters, 20) == ((0, 5), (5, 205), (205, 215))


def test_a_window_has_its_words_and_a_name_that_leads_back() -> None:
    text = "第一句。 Second one. ประโยค"
    passage = Passage("a.txt", 10, 10 + len(text), text, "zh", "Heading", windows=((10, 14), (15, 26), (27, 33)))
    found = windows(passage)
    assert [window.text for window in found] == ["第一句。", "Second one.", "ประโยค"]
    names = [window.window_id for window in found]
    assert [passage_and_number(name) for name in names] == [(passage.passage_id, number) for number in range(3)]
    assert windows(Passage("a.txt", 0, 1, "x", "en")) == []


def test_a_split_text_has_windows_of_few_tokens() -> None:
    ruler = tokenizer(PACKAGED_MODEL, IndexSettings().cache)
    sentences = [
        f"The officials met in Beijing on day {day} and agreed to report on it. 会议于北京召开。" for day in range(30)
    ]
    text = "# Minutes\n\n" + " ".join(sentences)
    found = passages(Document("a.txt", text), ruler)
    assert len(found) > 1
    for passage in found:
        parts = windows(passage)
        assert len(parts) > 1
        assert "".join("".join(part.text for part in parts).split()) == "".join(passage.text.split())
        # A window is measured inside its line, where its first token may be one that began before it.
        assert all(len(ruler.encode(part.text, add_special_tokens=False).ids) <= LIMIT + 1 for part in parts)
