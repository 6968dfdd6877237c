"""A question as it is understood: its language, its words, the names in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import regex

from assistant.follow_up import standalone
from assistant.function_words import FUNCTION_TERMS
from index.errors import WrongCallError
from index.languages import detect_language, is_traditional
from index.quantities import is_quantity_term, quantities
from index.search_text import search_text
from index.tokens import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.answer import Turn
    from index.glossary import Glossary, GlossaryEntry

_FEW_TERMS = 2
_LIST_QUESTION = regex.compile(
    r"""哪些|哪几|哪两|哪[三四五六七八九十]|列出|列举|分别|有什么|有哪|包括什么|[几多][个项点条种]
      | \b(?:list|name\ the|what\ are|what\ were|how\ many)\b
      | \bwhich\ (?:two|three|four|five|six|seven|eight|nine|ten|\p{Latin}+s)\b
      | \b(?:những|các|liệt\ kê|gồm|bao\ gồm|mấy)\b | บ้าง | กี่ | អ្វីខ្លះ | ខ្លះ | ແດ່ | ဘယ်.*တွေ""",
    regex.VERBOSE | regex.IGNORECASE,
)


@dataclass(frozen=True)
class Question:
    """What is asked, prepared for search."""

    text: str
    """As the user wrote it, without white space at its ends."""
    language: str
    """BCP 47: zh-Hans, zh-Hant, en, vi, th, …; `und` when it cannot be told."""
    search_text: str
    """Normalised, and standing alone: with what a follow-up takes from the questions before it."""
    terms: tuple[str, ...]
    """Lexical terms, function words left out."""
    names: tuple[tuple[str, tuple[GlossaryEntry, ...]], ...]
    """Names from the glossary that stand in it, with what they may mean."""
    expansions: tuple[str, ...]
    """Terms of the same names in other languages and writings."""

    @property
    def asks_for_list(self) -> bool:
        """Whether several things are asked for: "which seven", 哪些, những … nào, อะไรบ้าง."""
        return bool(_LIST_QUESTION.search(self.text))

    @property
    def quantities(self) -> tuple[str, ...]:
        """Its numbers and dates in one form for every script: `d:2007-12`, `n:200`; see `present_quantities`."""
        return tuple(dict.fromkeys(quantity.term for quantity in quantities(self.search_text)))


def understand(text: str, glossary: Glossary, history: Sequence[Turn] = (), longest: int = 2000) -> Question:
    """Prepare a question for search.

    Raises WrongCallError for an empty question, one without a letter or digit, and one of more than `longest`
    characters.
    """
    text = text.strip()
    if not text:
        raise WrongCallError("the question is empty: write what you want to know")
    if len(text) > longest:
        raise WrongCallError(f"the question has {len(text):,} characters: shorten it to {longest:,}")
    if not regex.search(r"[\p{L}\p{N}]", text):
        raise WrongCallError("the question has no words: write what you want to know")
    normal = standalone(text, history, glossary, too_short=_has_few_words)
    own = _content_terms(normal)
    names = tuple(glossary.named_in(normal))
    return Question(text, question_language(text), normal, tuple(own), names, tuple(_expansions(names, own)))


def about(question: Question, part: str, glossary: Glossary) -> Question:
    """A question about one of the things that it puts side by side, given as search text."""
    own, names = _content_terms(part), tuple(glossary.named_in(part))
    expansions = tuple(_expansions(names, own))
    return replace(question, search_text=part, terms=tuple(own), names=names, expansions=expansions)


def question_language(text: str) -> str:
    """Like `detect_language`, with Chinese told apart into zh-Hans and zh-Hant."""
    language = detect_language(text)
    if language != "zh":
        return language
    return "zh-Hant" if is_traditional(text) else "zh-Hans"


def _content_terms(text: str) -> list[str]:
    found = terms(text)
    content = [term for term in found if term not in FUNCTION_TERMS]
    return content or found


def _has_few_words(normal: str) -> bool:
    return len({term for term in _content_terms(normal) if not is_quantity_term(term)}) <= _FEW_TERMS


def _expansions(names: Sequence[tuple[str, tuple[GlossaryEntry, ...]]], own: Sequence[str]) -> list[str]:
    """Terms of the other forms of every name; a name that may mean many things says too little to be expanded."""
    found: dict[str, None] = {}
    for _, entries in names:
        for entry in entries if len(entries) <= 2 else ():
            for form in entry.forms():
                found.update(dict.fromkeys(terms(search_text(form))))
    return [term for term in found if term not in own and term not in FUNCTION_TERMS]
