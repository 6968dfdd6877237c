"""A reply as it is shown: renumbered, each sentence with its state and its citations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex

from assistant.answer import Sentence, State, Support
from assistant.citing import citations
from assistant.quoting import Quotation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.answer import Citation
    from assistant.writing.checking import Checked, Span
    from assistant.writing.sentences import WrittenSentence
    from index.content import Content


@dataclass(frozen=True)
class Draft:
    """What there is of a written answer."""

    text: str = ""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    left_out: int = 0
    timings: dict[str, float] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)
    cut: bool = False
    """Whether the reply ended because it was at its longest."""
    declined: bool = False
    """Whether the model says that the passages do not answer."""

    @property
    def supported(self) -> bool:
        """Whether something in it is borne out, if weakly."""
        return any(sentence.support in {Support.SUPPORTED, Support.WEAK} for sentence in self.sentences)


def drafted(
    written: Sequence[tuple[WrittenSentence, Checked | None]], content: Content, *, leave_out: bool = False
) -> Draft:
    """A draft of sentences with what came of their checks, None for one that is being written.

    Citations are numbered in the order in which sentences need them. What holds a foreign address is left out, and so
    is what is unsupported if `leave_out`.
    """
    kept = [(sentence, checked) for sentence, checked in written if not _left_out(checked, leave_out=leave_out)]
    wanted: dict[Span, list[Checked]] = {}
    for _, checked in kept:
        if checked is not None:
            for span in checked.spans:
                wanted.setdefault(span, []).append(checked)
    cited = citations(content, [Quotation(*span, score=max(one.score for one in by)) for span, by in wanted.items()])
    numbers = {(one.source_id, one.start, one.end): one.number for one in cited}
    text, sentences = "", []
    for sentence, checked in kept:
        between = _between(sentence.before) if text else sentence.before.lstrip()
        marks = tuple(dict.fromkeys(numbers[span] for span in (checked.spans if checked else ()) if span in numbers))
        start = len(text) + len(between)
        said = sentence.text + (" " + "".join(f"[{number}]" for number in marks) if marks else "")
        text += between + said
        placed = Sentence(start=start, end=len(text))
        if checked is not None:
            said_of = {"support": checked.support, "score": checked.score, "missing": checked.missing}
            placed = placed.model_copy(update={**said_of, "citations": marks})
        sentences.append(placed)
    return Draft(
        text=text,
        sentences=tuple(sentences),
        citations=tuple(_with_state(one, wanted[one.source_id, one.start, one.end]) for one in cited),
        left_out=len(written) - len(kept),
    )


def _left_out(checked: Checked | None, *, leave_out: bool) -> bool:
    return checked is not None and (checked.foreign or (leave_out and checked.support is Support.UNSUPPORTED))


def _with_state(citation: Citation, by: Sequence[Checked]) -> Citation:
    """A quotation that no sentence is borne out by is marked, exact as its words are."""
    if all(checked.support is Support.UNSUPPORTED for checked in by):
        return citation.model_copy(update={"state": State.UNSUPPORTED})
    return citation


def _between(before: str) -> str:
    """White space, dashes and numbers between two sentences, no more than two line breaks at once."""
    return regex.sub(r"\n\s*\n", "\n\n", regex.sub(r"[ \t]+", " ", before))


def without_last_if_cut(written: list[WrittenSentence], *, cut: bool) -> list[WrittenSentence]:
    """The sentences without the last one where the reply was cut off in it."""
    if cut and len(written) > 1 and not regex.search(r"[.。!！?？။៕។…”\")）]\s*$", written[-1].text):
        return written[:-1]
    return written
