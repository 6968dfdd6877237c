"""Training, to be broken off and taken up again at any time."""

from __future__ import annotations

import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from safetensors import safe_open

from evals.reader.adapters import RATES, trained_tensors
from evals.reader.batches import losses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tokenizers import Tokenizer

    from assistant.reader.network import Network
    from evals.reader.batches import Losses
    from evals.reader.groups import Group
    from evals.reader.length import Length

logger = logging.getLogger(__name__)

CHECKPOINT = "checkpoint.pt"
LOG = "log.jsonl"
WARM_UP = 0.04
"""Of the length, in which the learning rate rises; it falls evenly to zero in the rest."""
BATCH_GROUPS = 4
PART_GROUPS = 2
WORKERS = 2
"""A batch is worked off in parts by threads of one core each: on a machine that has other work to do as well, two
threads that share every matrix wait for each other most of the time."""
SAVE_SECONDS = 300.0
GROUPS_A_LINE = 120
"""Of the log."""


@dataclass
class Progress:
    """How far training has come: the next group's number, and the seconds trained in all its sittings."""

    group: int = 0
    seconds: float = 0.0


def train(  # noqa: PLR0913, PLR0917 - what learns, from what, where to and for how long
    network: Network,
    draw: Callable[[int], Group],
    tokenizer: Tokenizer,
    folder: Path,
    length: Length,
    held_out: Sequence[Group] = (),
    *,
    seen: int = 0,
    workers: int = WORKERS,
    rates: Mapping[str, float] = RATES,
) -> Progress:
    """Train what of a network learns to a length over all sittings; `draw` gives group after group, from `seen` on.

    A checkpoint in `folder` is taken up where it was left; one is written every five minutes and at the end. Two runs
    of one seed see the same groups in the same order; where the clock ends them, at rates that differ a little.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parameters, optimizer = _optimizer(network, rates)
    progress = _resumed(folder / CHECKPOINT, network, optimizer) or Progress(seen)
    line = _Line(folder / LOG)
    pool = ThreadPoolExecutor(workers, initializer=torch.set_num_threads, initargs=(1,))
    saved = last = time.monotonic()
    while (done := length.done(progress.seconds, progress.group - seen)) < 1:
        for options in optimizer.param_groups:
            options["lr"] = options["peak"] * _rate(done)
        groups = [draw(progress.group + at) for at in range(BATCH_GROUPS)]
        parts = [groups[at : at + PART_GROUPS] for at in range(0, BATCH_GROUPS, PART_GROUPS)]
        results = list(pool.map(lambda part: _gradients(network, part, tokenizer, parameters), parts))
        for at, parameter in enumerate(parameters):
            parameter.grad = torch.stack([gradients[at] for _, gradients in results]).sum(0)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        now = time.monotonic()
        progress.group += BATCH_GROUPS
        progress.seconds += now - last
        last = now
        for lost, _ in results:
            line.add(progress, lost)
        if now - saved > SAVE_SECONDS:
            save(folder / CHECKPOINT, network, optimizer, progress)
            line.held_out(progress, network, held_out, tokenizer)
            saved = last = time.monotonic()
    save(folder / CHECKPOINT, network, optimizer, progress)
    line.held_out(progress, network, held_out, tokenizer)
    return progress


def _optimizer(network: Network, rates: Mapping[str, float]) -> tuple[list[torch.nn.Parameter], torch.optim.Optimizer]:
    by_rate: dict[float, list[torch.nn.Parameter]] = {}
    for name, value in network.named_parameters():
        if value.requires_grad:
            rate = next((rate for part, rate in rates.items() if part and f".{name}".endswith(f".{part}")), rates[""])
            by_rate.setdefault(rate, []).append(value)
    options = [{"params": values, "lr": rate, "peak": rate} for rate, values in by_rate.items()]
    optimizer = torch.optim.AdamW(options, betas=(0.9, 0.98), weight_decay=0.01, foreach=True)
    return [value for values in by_rate.values() for value in values], optimizer


def _gradients(
    network: Network, groups: Sequence[Group], tokenizer: Tokenizer, parameters: list[torch.nn.Parameter]
) -> tuple[Losses, tuple[torch.Tensor, ...]]:
    """A part of a batch's losses, and its share of the gradient."""
    lost = losses(network, groups, tokenizer)
    return lost, torch.autograd.grad((lost.span + lost.relevance) / BATCH_GROUPS, parameters)


def save(path: Path, network: Network, optimizer: torch.optim.Optimizer, progress: Progress) -> None:
    """Write a checkpoint in one move: a killed run leaves the one before."""
    partial = path.with_suffix(".partial")
    content = {"tensors": trained_tensors(network), "optimizer": optimizer.state_dict(), "progress": vars(progress)}
    torch.save(content, partial)
    partial.replace(path)


def load_tensors(path: Path, network: Network) -> dict[str, Any]:
    """Put a checkpoint's tensors into an adapted network; returns the whole checkpoint."""
    content: dict[str, Any] = torch.load(path, weights_only=True)
    own = trained_tensors(network)
    for name, value in content["tensors"].items():
        own[name].copy_(value)
    return content


def is_whole(path: Path) -> bool:
    """Whether all of the encoder learned in a checkpoint, not adapters beside it."""
    return not any(name.endswith(".a") for name in torch.load(path, weights_only=True)["tensors"])


def holds_adapters(path: Path) -> bool:
    """Whether a weights file holds adapters, not the changes of all of the encoder."""
    with safe_open(path, "pt") as file:
        return any(name.endswith(".a") for name in file.keys())  # noqa: SIM118 - not a mapping


def load_weights(path: Path, network: Network) -> int:
    """Put the weights of a shipped file into an adapted network; returns how many groups they were trained on.

    Raises KeyError when all of the encoder learned for them: they are no adapters.
    """
    own = trained_tensors(network)
    with safe_open(path, "pt") as file:
        for name in file.keys():  # noqa: SIM118 - not a mapping
            own[name].copy_(file.get_tensor(name))
    return groups_of(path)


def groups_of(path: Path) -> int:
    """How many groups the weights of a file were trained on."""
    with safe_open(path, "pt") as file:
        return int((file.metadata() or {}).get("groups", 0))


def _resumed(path: Path, network: Network, optimizer: torch.optim.Optimizer) -> Progress | None:
    if not path.is_file():
        return None
    content = load_tensors(path, network)
    optimizer.load_state_dict(content["optimizer"])
    return Progress(**content["progress"])


def _rate(done: float) -> float:
    """The learning rate's factor when the share `done` is over."""
    return min(1.0, (done + 0.001) / WARM_UP, max(0.0, 1 - done) / (1 - WARM_UP))


class _Line:
    """Means over some groups, a line of JSON each, in the log and on the logger."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sums = [0.0, 0.0, 0.0]
        self._groups = 0

    def add(self, progress: Progress, lost: Losses) -> None:
        values = (lost.span.item(), lost.relevance.item(), lost.right)
        self._sums = [total + value for total, value in zip(self._sums, values, strict=True)]
        self._groups += PART_GROUPS
        if self._groups >= GROUPS_A_LINE:
            self._write(progress, "training", self._sums, self._groups)
            self._sums, self._groups = [0.0, 0.0, 0.0], 0

    def held_out(self, progress: Progress, network: Network, groups: Sequence[Group], tokenizer: Tokenizer) -> None:
        if groups:
            with torch.no_grad():
                lost = losses(network, groups, tokenizer)
            self._write(progress, "held out", [lost.span.item(), lost.relevance.item(), lost.right], len(groups))

    def _write(self, progress: Progress, part: str, sums: list[float], groups: int) -> None:
        span, relevance, right = (round(total / groups, 4) for total in sums)
        line = {"part": part, "group": progress.group, "seconds": round(progress.seconds)}
        text = json.dumps(line | {"span": span, "relevance": relevance, "right": right})
        logger.info("%s", text)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(text + "\n")
