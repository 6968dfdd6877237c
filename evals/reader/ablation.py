"""What each kind of training data is good for: held-out groups of every kind, read by runs with and without it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

import numpy as np
import torch
from torch.nn import functional

from evals.reader.batches import forward, rows_of
from evals.reader.mix import Mix
from evals.reader.scores import auroc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tokenizers import Tokenizer

    from assistant.reader.network import Network
    from evals.reader.groups import Group

PLAIN = "plain"
_CLEAN = Mix(unanswerable=0, false_premise=0, nothing_found=0, scanned=0, other_language=0, in_context=0, crossed=0)
TRIALS = {
    PLAIN: _CLEAN,
    "unanswerable": replace(_CLEAN, unanswerable=1.0),
    "false_premise": replace(_CLEAN, false_premise=1.0),
    "nothing_found": replace(_CLEAN, nothing_found=1.0),
    "scanned": replace(_CLEAN, scanned=1.0),
    "hard": replace(_CLEAN, hard=1.0),
    "other_language": replace(_CLEAN, other_language=1.0),
    "in_context": replace(_CLEAN, in_context=1.0),
    "crossed": replace(_CLEAN, crossed=1.0),
}
"""Held-out groups of one kind each, and plain ones: answered, clean, question and windows in one language."""
UNANSWERED = frozenset({"unanswerable", "false_premise", "nothing_found"})
IN_LANGUAGES = frozenset({"crossed", "other_language"})
"""Trials that need sets in several languages."""


class Trial(TypedDict):
    """What was read of a trial's groups, in their order."""

    loss: list[float]
    """Cross-entropy of relevance, "none of them" being one choice."""
    best: list[float]
    """The best window's relevance."""
    right: list[bool]
    """Whether the window with the answer leads the others; False where there is none."""


def read_trial(network: Network, groups: Sequence[Group], tokenizer: Tokenizer) -> Trial:
    """Read groups and keep of each what is compared."""
    rows = rows_of(groups, tokenizer)
    with torch.no_grad():
        relevance, _ = forward(network, rows)
    trial = Trial(loss=[], best=[], right=[])
    for number, group in enumerate(groups):
        own = relevance[[at for at, row in enumerate(rows) if row.group == number]]
        listed, target = torch.cat([torch.zeros(1), own])[None], torch.tensor([1 if group.answer else 0])
        trial["loss"].append(float(functional.cross_entropy(listed, target)))
        trial["best"].append(float(own.max()))
        trial["right"].append(group.answer is not None and int(own.argmax()) == 0)
    return trial


def kind_figures(found: Mapping[str, Trial]) -> dict[str, dict[str, float]]:
    """Of each trial the mean loss; where there is an answer the share `first` in which its window leads the others,
    where there is none the AUROC against plain groups.
    """
    figures = {}
    for name, trial in found.items():
        figure = {"loss": float(np.mean(trial["loss"]))}
        if name in UNANSWERED:
            figure["auroc"] = auroc(found[PLAIN]["best"], trial["best"])
        else:
            figure["first"] = float(np.mean(trial["right"]))
        figures[name] = {key: round(value, 3) for key, value in figure.items()}
    return figures


def side_by_side(found: Mapping[str, Trial], whole: Mapping[str, Trial]) -> dict[str, dict[str, float]]:
    """A run's figures, and how much more its loss is than that of the run that had all kinds of data.

    `more` is the mean over the same groups, `error` its standard error.
    """
    figures = kind_figures(found)
    for name, trial in found.items():
        more = np.asarray(trial["loss"]) - np.asarray(whole[name]["loss"])
        figures[name]["more"] = round(float(more.mean()), 3)
        figures[name]["error"] = round(float(more.std(ddof=1) / np.sqrt(len(more))), 3)
    return figures
