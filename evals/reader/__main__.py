"""`python -m evals.reader`: train the reader on public question sets, and measure it."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Annotated

import typer

from assistant.reader.weights import WEIGHTS
from index.offline import stay_offline

SHOWN = {"window + 0.1 span": "window", "sentence + 0.2 span": "sentence"}
"""Rules whose figures an ablation keeps, and their names there."""

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
    whole: Annotated[bool, typer.Option("--whole", help="All of the encoder learns, not adapters beside it.")] = False,
    halves: Annotated[
        bool, typer.Option("--halves", help="With --whole: in bfloat16, for processors that multiply it.")
    ] = False,
) -> None:
    """Train a reader, or go on where a run was broken off, and write its weights."""
    _begin()
    from evals.reader.length import Length
    from evals.reader.running import Plan, Sets, exported, trained
    from evals.reader.training import holds_adapters

    if begin and not whole and not holds_adapters(begin):
        raise typer.BadParameter(f"{begin} holds no adapters: all of the encoder learned for it; add --whole")
    if halves and not whole:
        raise typer.BadParameter("--halves is for --whole: adapters are computed in single precision")
    sets = Sets(data, output, seed)
    trained(sets, output, Plan(Length(minutes), begin, workers, whole, halves))
    typer.echo(exported(sets, output))


@app.command()
def export(
    data: Data,
    output: Output,
    seed: Seed = 1,
    blend: Annotated[Path | None, typer.Option(help="Weights that a whole run began with, to go back towards.")] = None,
    share: Annotated[float, typer.Option(min=0, max=1, help="How much of the way from these is gone.")] = 0.5,
) -> None:
    """Calibrate a run's checkpoint on held-out articles and write its weights."""
    _begin()
    from evals.reader.running import Sets, exported

    typer.echo(exported(Sets(data, output, seed), output, blend, share))


@app.command()
def measure(
    data: Data,
    output: Output,
    weights: Annotated[Path, typer.Option(help="The weights to measure.")] = WEIGHTS,
    questions: Annotated[int, typer.Option(min=1, help="At most so many of each set and language.")] = 100,
    only: Annotated[str, typer.Option(help="One of speed, sentences, kinds, rgb, xquad, written.")] = "",
) -> None:
    """Measure weights: speed, sentences, kinds of groups, refusing, other languages; writes figures into the output."""
    _begin()
    from evals.reader.running import Sets, parts

    measured = parts(Sets(data, output, 1), weights, questions)
    figures: dict[str, object] = {}
    for name in [only] if only else measured:
        figures[name] = measured[name]()
        typer.echo(f"{name}: {json.dumps(figures[name], ensure_ascii=False, indent=1)}")
    _write(output / f"figures{only and '-'}{only}.json", figures)


@app.command()
def ablate(  # noqa: PLR0913, PLR0917 - a command's options
    data: Data,
    output: Output,
    groups: Annotated[int, typer.Option(min=4, help="To train each with.")] = 1000,
    questions: Annotated[int, typer.Option(min=2, help="Held-out groups of each kind, and of RGB.")] = 100,
    seed: Seed = 1,
    workers: Annotated[int, typer.Option(min=1, help="Threads, each on one core.")] = 2,
) -> None:
    """Train short runs from the start, with all kinds of data and without each, and measure them side by side.

    What is there already is not trained or measured again.
    """
    _begin()
    from dataclasses import fields

    from evals.reader.ablation import side_by_side
    from evals.reader.length import Length
    from evals.reader.mix import Mix
    from evals.reader.running import FILE, Plan, Sets, exported, parts, trained, trials

    sets, whole = Sets(data, output, seed), None
    for kind in ("", *(field.name for field in fields(Mix))):
        folder = output / f"without-{kind or 'nothing'}-{seed}"
        if not (folder / "figures.json").is_file():
            mix = Mix().without(kind) if kind else Mix()
            trained(sets, folder, Plan(Length(groups=groups), None, workers, mix=mix))
            exported(sets, folder, calibrated_on=questions)
            read = trials(sets, folder / FILE, questions)
            _write(folder / "figures.json", {"trials": read, "rgb": parts(sets, folder / FILE, questions)["rgb"]()})
        found = json.loads((folder / "figures.json").read_text("utf-8"))
        whole = whole or found["trials"]
        rgb = {name: found["rgb"]["reader"][rule] for rule, name in SHOWN.items()}
        typer.echo(json.dumps({"without": kind, **side_by_side(found["trials"], whole), "rgb": rgb}))


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


@app.command()
def sample(
    weights: Annotated[Path, typer.Option(help="The weights to measure.")] = WEIGHTS,
) -> None:
    """Measure weights on the questions that come with the program, as their card names them."""
    stay_offline()
    from assistant.reader.reader import Reader
    from evals.reader.sample import sample_figures

    typer.echo(json.dumps(sample_figures(Reader(weights=weights))))


def _begin() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    stay_offline()


def _write(path: Path, figures: object) -> None:
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    app()
