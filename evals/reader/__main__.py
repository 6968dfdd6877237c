"""`python -m evals.reader`: train the reader on public question sets, and measure it."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.reader.weights import WEIGHTS
from index.embedding import PACKAGED_MODEL, model_folder, tokenizer
from index.offline import stay_offline

if TYPE_CHECKING:
    from collections.abc import Callable

    from evals.reader.groups import Group

HELD_OUT_GROUPS, CALIBRATION_GROUPS = 40, 400
FIRST_HELD_OUT = 1_000_000
"""Held-out groups are numbered from here."""
FILE = "weights.safetensors"

app = typer.Typer(help=__doc__, no_args_is_help=True)
Data = Annotated[
    Path, typer.Option(help="Folder with the question sets: xquad.*.json, train/*.json, rgb_zh_fact.json.")
]
Output = Annotated[Path, typer.Option(help="Folder of the run: checkpoints, log, weights, vectors.")]
Seed = Annotated[int, typer.Option(help="Of the groups' order and the adapters' beginning.")]


@app.command()
def train(  # noqa: PLR0913, PLR0917 - a command's options
    data: Data,
    output: Output,
    minutes: Annotated[float, typer.Option(min=0.01, help="How long to train, over all sittings.")] = 60,
    seed: Seed = 1,
    begin: Annotated[Path | None, typer.Option(help="Weights to begin with; its groups are not seen again.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Threads, each on one core.")] = 2,
) -> None:
    """Train a reader, or go on where a run was broken off, and write its weights."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    stay_offline()
    import torch

    from assistant.reader.network import encoder_network
    from evals.reader.adapters import adapt
    from evals.reader.data import load_corpora
    from evals.reader.groups import GroupMaker
    from evals.reader.neighbours import neighbours
    from evals.reader.training import load_weights
    from evals.reader.training import train as train_network

    torch.set_flush_denormal(True)
    torch.manual_seed(seed)
    pieces = tokenizer(PACKAGED_MODEL)
    learned = {name: corpus.part(held_out=False) for name, corpus in load_corpora(data).items()}
    maker = GroupMaker(learned, {name: neighbours(corpus, output) for name, corpus in learned.items()}, pieces, seed)
    network = adapt(encoder_network(model_folder(PACKAGED_MODEL)))
    seen = load_weights(begin, network) if begin else 0
    kept = _held_out(data, output, seed, HELD_OUT_GROUPS)
    train_network(network, maker.group, pieces, output, minutes, kept, seen=seen, workers=workers)
    export(data, output, seed)


@app.command()
def export(data: Data, output: Output, seed: Seed = 1) -> None:
    """Calibrate a run's checkpoint on held-out articles and write its weights."""
    stay_offline()
    from assistant.reader.network import encoder_network
    from evals.reader.adapters import adapt
    from evals.reader.exporting import best_windows, reliability
    from evals.reader.exporting import export as write
    from evals.reader.scores import logistic
    from evals.reader.training import CHECKPOINT, load_tensors

    network = adapt(encoder_network(model_folder(PACKAGED_MODEL)))
    progress = load_tensors(output / CHECKPOINT, network)["progress"]
    groups = _held_out(data, output, seed, CALIBRATION_GROUPS)
    scores, right = best_windows(network, groups, tokenizer(PACKAGED_MODEL))
    calibration = logistic(scores, right)
    notes = {"groups": str(progress["group"]), "seconds": str(round(progress["seconds"])), "seed": str(seed)}
    write(network, output / FILE, calibration, notes)
    typer.echo(f"{output / FILE}: {(output / FILE).stat().st_size:,} bytes, {notes}, calibration {calibration}")
    typer.echo(
        f"fitted on one half, on the other (probability, groups, mean, share right): {reliability(scores, right)}"
    )


@app.command()
def measure(
    data: Data,
    output: Output,
    weights: Annotated[Path, typer.Option(help="The weights to measure.")] = WEIGHTS,
    questions: Annotated[int, typer.Option(min=1, help="At most so many of each set and language.")] = 100,
    only: Annotated[str, typer.Option(help="One of speed, sentences, rgb, xquad.")] = "",
) -> None:
    """Measure weights: speed, sentences, refusing, other languages. Writes figures into the output folder."""
    stay_offline()
    from assistant.reader.reader import Reader
    from evals.importers.rgb import read_rgb
    from evals.reader.crosslingual import crosslingual_figures
    from evals.reader.data import load_corpora
    from evals.reader.held_out import held_out_sentences
    from evals.reader.neighbours import neighbours
    from evals.reader.rgb import rgb_figures
    from evals.reader.speed import speed_figures

    pieces, reader = tokenizer(PACKAGED_MODEL), Reader(weights=weights)
    kept = {name: corpus.part(held_out=True) for name, corpus in load_corpora(data).items()}
    near = {name: neighbours(corpus, output) for name, corpus in kept.items()}
    snippets = read_rgb(data / "rgb_zh_fact.json")
    texts = [snippets.texts[name] for name in sorted(snippets.texts)][:48]
    parts: dict[str, Callable[[], object]] = {
        "speed": lambda: speed_figures(
            reader, Reader(weights=weights, quantised=True), snippets.questions.questions[0].question, texts
        ),
        "sentences": lambda: held_out_sentences(reader, kept, near, pieces, questions),
        "rgb": lambda: rgb_figures(reader, data, output, pieces, questions),
        "xquad": lambda: crosslingual_figures(reader, data, output, questions),
    }
    figures: dict[str, object] = {}
    for name in [only] if only else parts:
        figures[name] = parts[name]()
        typer.echo(f"{name}: {json.dumps(figures[name], ensure_ascii=False, indent=1)}")
    (output / f"figures{only and '-'}{only}.json").write_text(
        json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


@app.command()
def marking(
    question_set: Annotated[
        str, typer.Argument(help="Question set, as `commit-assistant eval run` takes it.")
    ] = "commit",
    split: Annotated[str, typer.Option(help="dev or test.")] = "dev",
) -> None:
    """Measure the words that the page marks as the answer, by how sure the reader must be of them."""
    stay_offline()
    from evals.reader.marking import marking_figures

    typer.echo(json.dumps(marking_figures(question_set, split), ensure_ascii=False, indent=1))


def _held_out(data: Path, output: Path, seed: int, count: int) -> list[Group]:
    from evals.reader.data import load_corpora
    from evals.reader.groups import GroupMaker
    from evals.reader.neighbours import neighbours

    kept = {name: corpus.part(held_out=True) for name, corpus in load_corpora(data).items()}
    near = {name: neighbours(corpus, output) for name, corpus in kept.items()}
    maker = GroupMaker(kept, near, tokenizer(PACKAGED_MODEL), seed)
    return [maker.group(FIRST_HELD_OUT + number) for number in range(count)]


if __name__ == "__main__":
    app()
