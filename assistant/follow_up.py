"""A question that needs the ones before it → one that stands alone, without a language model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from index.languages import detect_language
from index.quantities import QuantityKind, quantities
from index.search_text import search_text, simplified

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.answer import Turn
    from index.glossary import Glossary

_CONTINUES = regex.compile(
    r"""^(?:and|but|then|so|what\ about|how\ about|why\??$|when\??$|where\??$|who\??$)\b
      | \b(?:it|its|they|them|their|that|this|those|these|there|he|she|his|her)\b
      | ^(?:那|那么|还有|后来|其中|它|他|她|这|该|上述|为什么|什么时候|在哪里|谁)[^。]{0,12}$ | 呢[?？]?$
      | 它|他们|她们|这次|这个|那次|那个|该次|此次|上述
      | ^(?:còn|thế|vậy|và)\b | \b(?:đó|này|ấy|họ|nó)\b | ^แล้ว | ล่ะ | นั้น | เขา | มัน""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""It begins like a continuation, ends like one, or points back."""
_ONLY_NAMES = regex.compile(
    r"""^(?:(?:and\ )?(?:what|how)\ about|and|then)\ (?P<other>[^?]{1,60}?)\s*\?*$
      | ^(?:那么?|还有|然后)?(?P<other>[^?？，,]{1,20}?)呢\s*[?？]?$
      | ^(?:còn|thế\ còn|vậy\ còn)\ (?P<other>[^?]{1,60}?)(?:\ thì\ sao)?\s*\?*$
      | ^แล้ว(?P<other>.{1,40}?)ล่ะ\s*\?*$ | ^ចុះ(?P<other>.{1,40}?)វិញ\s*\?*$ | ^ແລ້ວ(?P<other>.{1,40}?)ເດ\s*\?*$""",
    regex.VERBOSE | regex.IGNORECASE,
)
"""It says no more than what else the same is asked of: "what about Laos?", 那第二次呢？"""
_ASKS = regex.compile(
    r"""\b(?:who|what|when|where|why|how|which|whose|next|last)\b | 谁|什么|何时|哪|几|多少|为何|怎么|时候|时间|地点
      | \b(?:ai|gì|khi\ nào|ở\ đâu|tại\ sao|bao\ nhiêu|mấy|nào)\b | ใคร|อะไร|เมื่อ|ที่ไหน|ทำไม|อย่างไร|เท่าไ""",
    regex.VERBOSE | regex.IGNORECASE,
)
_NAMED_KINDS = frozenset({"document", "meeting", "organisation", "person", "place"})
LONGEST = 120
"""Characters; a longer question says what it is about."""
_TURNS = 4


def standalone(text: str, history: Sequence[Turn], glossary: Glossary, *, too_short: Callable[[str], bool]) -> str:
    """The search text of a question with what it takes from the user's questions before it.

    When it only names another number, date or name ("what about SOM5?"), that takes the place of the one in the
    question before; otherwise, when it points back or, naming nothing, has `too_short` a text to search by,
    the question before is put in front of it. At most the last four questions count.
    """
    subject = ""
    earlier = [turn.content for turn in history if turn.role == "user"]
    for asked in (*earlier[-_TURNS:], text):
        resolved = normal = search_text(asked, glossary.ocr_spellings)
        if subject and (other := _only_names(normal)):
            subject = resolved = _replaced(subject, other, glossary) or f"{subject} {normal}"
        elif subject and (follows_up(asked) or (too_short(normal) and not glossary.places(normal))):
            # What else was asked about the subject is no part of it.
            resolved = f"{subject} {normal}"
        else:
            subject = normal
    return resolved


def follows_up(text: str) -> bool:
    """Whether a question begins like a continuation or points back with a pronoun."""
    return len(text) <= LONGEST and bool(_CONTINUES.search(simplified(text)))


def _only_names(normal: str) -> str:
    match = _ONLY_NAMES.match(normal) if len(normal) <= LONGEST else None
    other = next((group for group in match.captures("other") if group), "").strip() if match else ""
    return "" if _ASKS.search(other) else other


def _replaced(earlier: str, other: str, glossary: Glossary) -> str:
    """The earlier question about the other thing; empty when it has nothing of that kind."""
    names = glossary.places(other)
    if names and (places := _alike(earlier, names[0][2], glossary)):
        start, end, _ = places[0]
        return _joined(earlier[:start], other, earlier[end:])
    for kind in QuantityKind:
        new = [one for one in quantities(other) if one.kind is kind]
        old = [one for one in quantities(earlier) if one.kind is kind]
        if new and old:
            return _joined(earlier[: old[0].start], other[new[0].start : new[0].end], earlier[old[0].end :])
    return ""


def _alike(earlier: str, form: str, glossary: Glossary) -> list[tuple[int, int, str]]:
    """Names in a text of the same kind as a name: a country for a country, a meeting for a meeting."""
    kinds = glossary.kinds(form) & _NAMED_KINDS
    return [place for place in glossary.places(earlier) if kinds & glossary.kinds(place[2])]


def _joined(before: str, other: str, after: str) -> str:
    space = "" if detect_language(before + after) in {"zh", "ja", "th", "lo", "km", "my"} else " "
    return " ".join(f"{before}{space}{other}{space}{after}".split())
