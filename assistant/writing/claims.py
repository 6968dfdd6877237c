"""What a written sentence claims, as far as it can be looked for: numbers, dates, names, addresses, denial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from assistant.writing.plain import addresses
from assistant.writing.polarity import denials
from index.quantities import QuantityKind, quantities
from index.search_text import search_text

if TYPE_CHECKING:
    from index.glossary import Glossary
    from index.quantities import Quantity

_NAMED_KINDS = frozenset({"document", "meeting", "organisation", "person", "place"})
_SMALL = 2.0
"""Numbers up to this, when written in words, are often grammar: "the two sides", 双方."""
_CAPITALISED = regex.compile(
    r"(?:\p{Lu}[\p{L}\p{M}\p{N}’'.-]*\p{L}|\p{Lu}{2,}\d*)"
    r"(?:(?:\s+(?:of|the|de)\b)*\s+\p{Lu}[\p{L}\p{M}\p{N}’'.-]*)*(?!\p{Sc})"
)
_QUOTED = regex.compile(r"《([^》]{2,60})》|“([^”]{2,60})”|「([^」]{2,60})」|『([^』]{2,60})』|\"([^\"]{2,60})\"")
_FIRST_WORD = regex.compile(r"[^\s:,]+")
_BEFORE_FIRST_WORD = regex.compile(r"(?:^|[:\"“‘])[^\p{L}\p{N}]*\Z")
_OPENING = """
after all although also among as at because before between both but by despite due during each earlier finally five
for four from furthermore given he her his however if in it its later many meanwhile moreover most no nor on once
one only other our over several she since six so some such that the their then there these they third this those
three through thus to two under unlike until upon we when where whereas which while who with within yet according bà
các cả có còn do hai khi một năm ngày những nhưng ông sau tại theo trong trước từ và với
"""
_OPENERS = frozenset(_OPENING.split())
"""Words that begin sentences and no names."""
_DIGIT = regex.compile(r"\p{N}")
_TITLES = frozenset({"mr", "mrs", "ms", "dr", "prof", "no", "st"})
"""Words with a point behind which a name begins."""


@dataclass(frozen=True)
class Claim:
    """A sentence with what must stand in its sources."""

    text: str
    """Search text, with the line that introduces its list in front."""
    quantities: tuple[str, ...]
    """Numbers and dates that must be found, as terms."""
    names: tuple[tuple[str, tuple[str, ...]], ...]
    """Names that the glossary knows: as written, and every way to write any of what they may mean, folded."""
    loose_names: tuple[str, ...]
    """Other names: capitalised words and quoted titles, as search text."""
    addresses: tuple[str, ...]
    denials: int


def claim_of(sentence: str, glossary: Glossary, introduction: str = "") -> Claim:
    """What a sentence claims; of its introduction, only the words count."""
    own = search_text(sentence, glossary.ocr_spellings)
    found = quantities(own)
    names = []
    for form, entries in glossary.named_in(own):
        if any(entry.kind in _NAMED_KINDS for entry in entries):
            forms = {search_text(one).casefold() for entry in entries for one in entry.forms()}
            names.append((form, tuple(sorted(forms | {form}))))
    return Claim(
        text=search_text(f"{introduction} {sentence}".strip(), glossary.ocr_spellings),
        quantities=tuple(dict.fromkeys(one.term for one in found if _must_be_found(one, own))),
        names=tuple(names),
        loose_names=tuple(_loose_names(own, [(a, b) for a, b, _ in glossary.places(own)], found)),
        addresses=tuple(addresses(sentence)),
        denials=denials(own),
    )


def _must_be_found(quantity: Quantity, text: str) -> bool:
    if quantity.kind is QuantityKind.DATE or _DIGIT.search(text, quantity.start, quantity.end):
        return True
    if text[quantity.start : quantity.end].casefold() == "năm":
        # Vietnamese for "five" and for "year".
        return False
    value = quantity.key.rstrip("%")
    return not value.replace(".", "", 1).isdigit() or float(value) > _SMALL


def _loose_names(text: str, known: list[tuple[int, int]], found: list[Quantity]) -> list[str]:
    """Capitalised words beyond the first word, and what stands in quotation marks, where no known name or date is."""
    # A known name does not vouch for the words around it: "Bangkok Charter of the Sea".
    unknown = list(text)
    for start, end in [*known, *((one.start, one.end) for one in found)]:
        unknown[start:end] = "\0" * (end - start)
    rest = "".join(unknown)
    names: dict[str, None] = {}
    for match in _CAPITALISED.finditer(rest):
        name = match[0]
        if _BEFORE_FIRST_WORD.search(text[: match.start()]):
            # The first word of a sentence is capitalised whatever it is.
            first = _FIRST_WORD.match(name)
            alone = first is not None and first.end() == len(name)
            if first and (first[0].casefold() in _OPENERS or (alone and not _is_abbreviation(name))):
                name = regex.sub(r"^[^\p{Lu}]+", "", name[first.end() :])
        names[regex.sub(r"['’]s$", "", name.strip(" .-'’"))] = None
    for match in _QUOTED.finditer(text):
        names[next(group for group in match.groups() if group).strip()] = None
    return [name for name in names if len(name) > 1 and name.casefold() not in _TITLES]


def _is_abbreviation(word: str) -> bool:
    return word.isupper() and len(word) > 1
