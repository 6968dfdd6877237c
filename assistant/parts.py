"""A question about several things at once → one question for each: "where were SOM4 and SOM5 held?"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from index.quantities import quantities

if TYPE_CHECKING:
    from index.glossary import Glossary

_AND = regex.compile(
    r"\s*(?:、|,|和|与|及|以及|跟|/|&|\band\b|\bor\b|\bversus\b|\bvs\.?|\bvà\b|\bhoặc\b|กับ|และ|និង|ແລະ|နှင့်)"
    r"\s*(?:\b(?:and|of|in|the|for|with|năm|của)\b\s*)*(?:第|在|于|于|年|ปี|ของ|ฉบับ)?\s*"
)
"""What may stand between two things that are asked about alike."""
_RANGE = regex.compile(r"(?:\b(?:between|from|từ|giữa)|从|自|由|ระหว่าง|ตั้งแต่)\s*$", regex.IGNORECASE)
_MEASURE = regex.compile(r"[次届屆个個条條项項]$")
_EACH = regex.compile(
    r"分别|各自|各[^国地]|\b(?:each|respectively|compare|both|difference)\b|\b(?:lần\ lượt|so\ sánh)\b"
    r"|ตามลำดับ|ตามลําดับ|เปรียบเทียบ",
    regex.IGNORECASE,
)
_ALONE, _TOGETHER = ("meeting", "document"), ("place", "organisation", "person")
"""Kinds of which each has its own answer, and kinds that act together unless the question says "each"."""
MOST = 3
"""Things that are asked about one by one; a question about more is searched as it is."""
Item = tuple[int, int]


def parts(text: str, glossary: Glossary) -> tuple[str, ...]:
    """A search text for each of the meetings, documents, places, numbers or dates that a question puts side by side,
    in their order; empty when it asks about one thing, or about a span of time.
    """
    items = _side_by_side(text, glossary)
    if not 2 <= len(items) <= MOST:
        return ()
    written = [text[start:end] for start, end in items]
    measure = _MEASURE.search(written[-1])
    if measure:
        # 第三、第四次 says 次 once for both.
        written = [item if _MEASURE.search(item) else item + measure[0] for item in written]
    before, after = text[: items[0][0]], text[items[-1][1] :]
    return tuple(f"{before}{item}{after}" for item in written)


def _side_by_side(text: str, glossary: Glossary) -> list[Item]:
    """The first run of two things and more of one kind with nothing but "and" between them."""
    kinds: list[list[Item]] = [
        [(start, end) for start, end, form in glossary.places(text) if kind in glossary.kinds(form)]
        for kind in (*_ALONE, *(_TOGETHER if _EACH.search(text) else ()))
    ]
    found = quantities(text)
    kinds += [[(one.start, one.end) for one in found if one.kind is kind] for kind in {one.kind for one in found}]
    for items in kinds:
        for run in _runs(text, sorted(items)):
            if not _RANGE.search(text[: run[0][0]]):
                return run
    return []


def _runs(text: str, items: list[Item]) -> list[list[Item]]:
    runs: list[list[Item]] = []
    for item in items:
        if runs and _AND.fullmatch(text[runs[-1][-1][1] : item[0]]):
            runs[-1].append(item)
        else:
            runs.append([item])
    return [run for run in runs if len(run) > 1]
