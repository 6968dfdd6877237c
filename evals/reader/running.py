"""A run of training: where its sets and its results lie, and what is done with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

import torch

from assistant.reader.halves import in_halves
from assistant.reader.network import encoder_network
from assistant.reader.reader import Reader
from assistant.reader.weights import load_network
from evals.importers.rgb import read_rgb
from evals.reader.ablation import IN_LANGUAGES, TRIALS, UNANSWERED, Trial, kind_figures, read_trial
from evals.reader.adapters import RATES, WHOLE_RATES, adapt, go_back, shipped_tensors, whole, with_new_heads
from evals.reader.crosslingual import crosslingual_figures
from evals.reader.data import load_corpora
from evals.reader.exporting import best_windows, export, reliability
from evals.reader.groups import Group, GroupMaker
from evals.reader.held_out import held_out_sentences
from evals.reader.mix import Mix
from evals.reader.near_misses import near_miss_figures
from evals.reader.neighbours import neighbours
from evals.reader.parallel import parallel
from evals.reader.rgb import rgb_figures
from evals.reader.scores import logistic
from evals.reader.speed import speed_figures
from evals.reader.training import CHECKPOINT, groups_of, is_whole, load_tensors, load_weights, train
from evals.reader.written import NAME as WRITTEN
from evals.reader.written import written_corpus
from index.embedding import PACKAGED_MODEL, model_folder, tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.reader.network import Network
    from evals.reader.data import Corpus
    from evals.reader.length import Length

HELD_OUT_GROUPS, CALIBRATION_GROUPS = 40, 400
FIRST_HELD_OUT = 1_000_000
"""Held-out groups are numbered from here."""
FILE = "weights.safetensors"


@dataclass(frozen=True)
class Sets:
    """The question sets below `data`, drawn from by `seed`; vectors of their texts are kept in `cache`."""

    data: Path
    cache: Path
    seed: int

    @cached_property
    def learned(self) -> dict[str, Corpus]:
        """The articles that train, by set."""
        return self._corpora(held_out=False)

    @cached_property
    def kept(self) -> dict[str, Corpus]:
        """The articles that are held out, by set."""
        return self._corpora(held_out=True)

    def maker(self, corpora: dict[str, Corpus], mix: Mix) -> GroupMaker:
        """What draws groups from some articles."""
        near = {name: neighbours(corpus, self.cache) for name, corpus in corpora.items()}
        return GroupMaker(corpora, near, tokenizer(PACKAGED_MODEL), self.seed, mix)

    def held_out(self, count: int) -> list[Group]:
        """Groups of articles that train nothing."""
        maker = self.maker(self.kept, Mix())
        return [maker.group(FIRST_HELD_OUT + number) for number in range(count)]

    def _corpora(self, *, held_out: bool) -> dict[str, Corpus]:
        corpora = {name: corpus.part(held_out=held_out) for name, corpus in load_corpora(self.data).items()}
        if {"squad2_en", "squad2_zh"} <= set(corpora):
            both = parallel("squad2_en_zh", corpora["squad2_en"], corpora["squad2_zh"], self.cache)
            if both.questions:
                corpora["squad2_en_zh"] = both
        return corpora | {WRITTEN: written_corpus(held_out=held_out)}


@dataclass(frozen=True)
class Plan:
    """How a network is trained: how long, from which weights, all of it or adapters, in bfloat16 or not, on what."""

    length: Length
    begin: Path | None = None
    workers: int = 2
    all_learns: bool = False
    halves: bool = False
    mix: Mix = field(default_factory=Mix)


def trained(sets: Sets, output: Path, plan: Plan) -> None:
    """Train, or go on where a run was broken off, into checkpoints in `output`."""
    torch.set_flush_denormal(True)
    torch.manual_seed(sets.seed)
    network, seen = _beginning(plan)
    if plan.halves:
        in_halves(network)
    train(
        network,
        sets.maker(sets.learned, plan.mix).group,
        tokenizer(PACKAGED_MODEL),
        output,
        plan.length,
        sets.held_out(HELD_OUT_GROUPS),
        seen=seen,
        workers=plan.workers,
        rates=WHOLE_RATES if plan.all_learns else RATES,
    )


def exported(
    sets: Sets, output: Path, blend: Path | None = None, share: float = 1.0, *, calibrated_on: int = CALIBRATION_GROUPS
) -> str:
    """Write the weights of the checkpoint in `output`, calibrated on held-out groups; returns what came of it.

    With `blend`, the weights that training began with, only `share` of the way from these is gone: where all of the
    encoder learns, half way there does better on what was not trained on than the end (Wortsman et al., 2022).
    """
    network = _untrained(all_learns=is_whole(output / CHECKPOINT))
    progress = load_tensors(output / CHECKPOINT, network)["progress"]
    notes = {"groups": str(progress["group"]), "seconds": str(round(progress["seconds"])), "seed": str(sets.seed)}
    if blend:
        go_back(network, load_network(blend)[0], share)
        notes["share"] = str(share)
    tensors = shipped_tensors(network, encoder_network(model_folder(PACKAGED_MODEL)))
    path = output / FILE
    export(tensors, path, (1.0, 0.0), notes)
    # What is shipped is calibrated: 4 bits are not quite what was trained.
    shipped = load_network(path)[0]
    scores, right = best_windows(shipped, sets.held_out(calibrated_on), tokenizer(PACKAGED_MODEL))
    calibration = logistic(scores, right)
    export(tensors, path, calibration, notes)
    return (
        f"{path}: {path.stat().st_size:,} bytes, {notes}, calibration {calibration}\n"
        f"fitted on one half, on the other (probability, groups, mean, share right): {reliability(scores, right)}"
    )


def trials(sets: Sets, weights: Path, count: int) -> dict[str, Trial]:
    """So many held-out groups of every kind, read with some weights."""
    network, pieces = load_network(weights)[0], tokenizer(PACKAGED_MODEL)
    found = {}
    for name, mix in TRIALS.items():
        kept = {key: corpus for key, corpus in sets.kept.items() if name not in IN_LANGUAGES or corpus.is_multilingual}
        maker, groups, number = sets.maker(kept, mix), list[Group](), FIRST_HELD_OUT
        while len(groups) < count:
            group = maker.group(number)
            number += 1
            # A set without unanswerable questions gives answerable ones instead.
            if (group.answer is None) == (name in UNANSWERED):
                groups.append(group)
        found[name] = read_trial(network, groups, pieces)
    return found


def parts(sets: Sets, weights: Path, questions: int) -> dict[str, Callable[[], object]]:
    """What can be measured of weights, by name, over at most so many questions of each set and language."""
    pieces, reader = tokenizer(PACKAGED_MODEL), Reader(weights=weights)
    return {
        "speed": partial(_speed, sets, weights),
        "sentences": lambda: held_out_sentences(
            reader,
            sets.kept,
            {name: neighbours(corpus, sets.cache) for name, corpus in sets.kept.items()},
            pieces,
            questions,
        ),
        "kinds": lambda: kind_figures(trials(sets, weights, questions)),
        "rgb": lambda: rgb_figures(reader, sets.data, sets.cache, pieces, questions),
        "xquad": lambda: crosslingual_figures(reader, sets.data, sets.cache, questions),
        "written": lambda: near_miss_figures(reader, sets.kept[WRITTEN], sets.cache, questions),
    }


def _speed(sets: Sets, weights: Path) -> dict[str, float]:
    snippets = read_rgb(sets.data / "rgb_zh_fact.json")
    texts = [snippets.texts[name] for name in sorted(snippets.texts)][:48]
    question = snippets.questions.questions[0].question
    single, halves = (Reader(weights=weights, halves=kept) for kept in (False, True))
    return speed_figures(single, halves, question, texts)


def _beginning(plan: Plan) -> tuple[Network, int]:
    """The network that a plan begins with, and how many groups it has seen."""
    if plan.begin and plan.all_learns:
        return whole(load_network(plan.begin)[0]), groups_of(plan.begin)
    network = _untrained(all_learns=plan.all_learns)
    return network, load_weights(plan.begin, network) if plan.begin else 0


def _untrained(*, all_learns: bool) -> Network:
    network = encoder_network(model_folder(PACKAGED_MODEL))
    return whole(with_new_heads(network)) if all_learns else adapt(network)
