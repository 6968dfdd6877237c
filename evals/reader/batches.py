"""Groups as the network reads them, and what it loses on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional

from assistant.reader.encoding import NOTHING, QUESTION_TOKENS, Pair, chunks, context_side, pair, side
from assistant.reader.windows import WINDOW_TOKENS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

    from assistant.reader.network import Network
    from evals.reader.groups import Group


@dataclass(frozen=True)
class Row:
    """A pair for the network, its group, and the first and last token of the answer (0, 0: there is none)."""

    pair: Pair
    group: int
    answer: tuple[int, int]


@dataclass(frozen=True)
class Losses:
    """Sums over the groups of a batch; `right` counts the groups whose best choice, or none, was right."""

    span: Tensor
    relevance: Tensor
    right: int


def rows_of(groups: Sequence[Group], tokenizer: Tokenizer) -> list[Row]:
    """All rows of all groups, in order; a group's first row is the one that holds the answer, if any does."""
    rows = []
    for number, group in enumerate(groups):
        asked = side(tokenizer.encode(group.question, add_special_tokens=False), QUESTION_TOKENS)
        encodings = tokenizer.encode_batch(list(group.windows), add_special_tokens=False)
        above = [context_side(one) for one in tokenizer.encode_batch(list(group.contexts), add_special_tokens=False)]
        for at, encoding in enumerate(encodings):
            told = side(encoding, WINDOW_TOKENS)
            joined = pair(asked, told, above[at] if above else NOTHING)
            answer = (0, 0)
            if at == 0 and group.answer:
                start, end = group.answer
                held = [i for i, (a, b) in enumerate(told.offsets) if a < end and b > start]
                answer = (joined.window + held[0], joined.window + held[-1]) if held else (0, 0)
            rows.append(Row(joined, number, answer))
    return rows


def forward(network: Network, rows: Sequence[Row]) -> tuple[Tensor, list[Tensor]]:
    """Relevance logits (rows,) and, for each row, the span logits (its tokens, 2), in the order of the rows."""
    relevance: list[Tensor] = [torch.empty(0)] * len(rows)
    spans = list(relevance)
    for chunk in chunks([row.pair for row in rows]):
        logits, tokens = network([rows[at].pair for at in chunk])
        parts = tokens.split([len(rows[at].pair.ids) for at in chunk])
        for at, logit, part in zip(chunk, logits, parts, strict=True):
            relevance[at], spans[at] = logit, part
    return torch.stack(relevance), spans


def losses(network: Network, groups: Sequence[Group], tokenizer: Tokenizer) -> Losses:
    """Span cross-entropy over each row, its answer or its first token; cross-entropy of the rows' relevance in a group.

    In a group, "none of them" has the constant logit 0, which makes the others absolute. The answer's row weighs as
    much in the span loss as all others of its group.
    """
    rows = rows_of(groups, tokenizer)
    relevance, spans = forward(network, rows)
    span_loss = torch.stack([_span_loss(row, logits) for row, logits in zip(rows, spans, strict=True)])
    span_total, relevance_total, right = torch.zeros(()), torch.zeros(()), 0
    for number, group in enumerate(groups):
        own = [at for at, row in enumerate(rows) if row.group == number]
        listed = torch.cat([torch.zeros(1), relevance[own]])
        target = 1 if group.answer else 0
        relevance_total = relevance_total + functional.cross_entropy(listed[None], torch.tensor([target]))
        if group.answer:
            span_total = span_total + (span_loss[own[0]] + span_loss[own[1:]].mean()) / 2
        else:
            span_total = span_total + span_loss[own].mean() / 2
        right += int(listed.argmax()) == target
    return Losses(span_total, relevance_total, right)


def _span_loss(row: Row, logits: Tensor) -> Tensor:
    allowed = torch.cat([logits[:1], logits[row.pair.window : -1]])
    places = [place - row.pair.window + 1 if place else 0 for place in row.answer]
    return functional.cross_entropy(allowed.T, torch.tensor(places))
