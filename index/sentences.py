"""Where sentences end, in the languages of the Mekong and in English.

Own code because a quotation must keep its exact offsets, and because no kept library covers Chinese, Thai, Lao, Khmer,
Burmese, Vietnamese and English together.
"""

from __future__ import annotations

import regex

Span = tuple[int, int]

_CLOSERS = r"""["'”’」』）)\]】》〉]*"""
_END = regex.compile(
    rf"""
    (?P<always> [。！？!?…｡]+ | [។៕៘] | ။ | [๚๛] ) {_CLOSERS}
  | (?P<stop> \.+ ) {_CLOSERS} (?= \s | \p{{Script=Han}} | $ )
    """,
    regex.VERBOSE,
)
_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "mme",
        "dr",
        "prof",
        "st",
        "pp",
        "paras",
        "fig",
        "cf",
        "vs",
        "al",
        "e.g",
        "i.e",
        "gen",
        "col",
        "lt",
        "rep",
        "sen",
        "gov",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "inc",
        "ltd",
        "co",
        "corp",
        "dept",
        "approx",
        "ed",
        "eds",
        "rev",
        "hon",
        "mt",
        "ft",
        "u.s",
        "u.n",
        "u.k",
        "a.m",
        "p.m",
        "ths",
        "ts",
        "gs",
        "pgs",
        "tp",
    ]
)
_BEFORE_A_NUMBER = frozenset(["no", "nos", "art", "arts", "vol", "p", "para", "ch", "sec", "q", "tr"])
_ITEM_NUMBER = regex.compile(r"(?:^|[。！？]|[.!?]\s)\s*[(（]?\d{1,2}$")
_WORD_BEFORE = regex.compile(r"[\p{L}\p{M}.]*$")
_NEXT_CHARACTER = regex.compile(r"\s*(\S)")
_LOOK_BACK = 40
"""Characters before a full stop that tell what it is: longer than any abbreviation, and few enough for long lines."""
_SPACE_SCRIPT = regex.compile(r"[\p{Script=Thai}\p{Script=Lao}]")
_CLAUSE_END = regex.compile(r"[；;]")
_LONGEST_CLAUSE = 160
_SHORTEST_PHRASE = 60
"""Thai and Lao have no full stop; a space ends a phrase. Phrases are joined until they have this many characters."""


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences in `text[start:end]`, without the white space around them, as offsets into `text`.

    A line break ends no sentence: that is for the structure to decide, before this is called. A sentence of more
    than 160 characters is cut at its semicolons.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    for sentence in _cut(text, start, end, _ends(text, start, end)):
        for phrase in _phrases(text, sentence):
            spans.extend(_clauses(text, phrase))
    return spans


def _ends(text: str, start: int, end: int) -> list[int]:
    return [
        match.end()
        for match in _END.finditer(text, start, end)
        if match["always"] or _is_full_stop(text, start, match.start("stop"), match.end(), end)
    ]


def _is_full_stop(text: str, start: int, stop: int, after: int, end: int) -> bool:
    """Not the point of an abbreviation, of an initial, of `1.` before an item, or before a small letter."""
    following = _NEXT_CHARACTER.match(text, after, end)
    next_character = following[1] if following else ""
    before = text[max(start, stop - _LOOK_BACK) : stop]
    found = _WORD_BEFORE.search(before)
    word = found[0].lower() if found else ""
    if word in _ABBREVIATIONS or (len(word) == 1 and word.islower()):
        return False
    if word in _BEFORE_A_NUMBER and next_character.isdigit():
        return False
    if _ITEM_NUMBER.search(before):
        return False
    return not next_character.islower()


def _phrases(text: str, span: Span) -> list[Span]:
    start, end = span
    if not _SPACE_SCRIPT.search(text, start, end) or end - start <= 2 * _SHORTEST_PHRASE:
        return [span]
    ends, last = [], start
    for match in regex.finditer(
        r"(?<=[\p{Script=Thai}\p{Script=Lao}])\s+(?=[\p{Script=Thai}\p{Script=Lao}])", text, pos=start, endpos=end
    ):
        if match.start() - last >= _SHORTEST_PHRASE and end - match.end() >= _SHORTEST_PHRASE // 2:
            ends.append(match.end())
            last = match.end()
    return _cut(text, start, end, ends)


def _clauses(text: str, span: Span) -> list[Span]:
    start, end = span
    if end - start <= _LONGEST_CLAUSE:
        return [span]
    return _cut(text, start, end, [match.end() for match in _CLAUSE_END.finditer(text, start, end)])


def _cut(text: str, start: int, end: int, ends: list[int]) -> list[Span]:
    spans, last = [], start
    for cut in [*ends, end]:
        span = stripped(text, last, cut)
        if span[0] < span[1]:
            spans.append(span)
        last = cut
    return spans


def stripped(text: str, start: int, end: int) -> Span:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
