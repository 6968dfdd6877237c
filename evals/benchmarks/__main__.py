"""`python -m evals.benchmarks`: run the benchmarks and write what they measured."""

from __future__ import annotations

import json
import platform
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from assistant.commands.context import console
from assistant.settings import Settings, load_settings
from evals.benchmarks.measurement import Measurement
from index.errors import WrongCallError
from index.offline import stay_offline

Benchmark = Callable[[Settings, Path], Iterator[Measurement]]


def main(
    output: Annotated[Path, typer.Option(help="Folder for figures and plots.")] = Path("bench-results"),
    only: Annotated[
        str, typer.Option(help="One of indexing, updating, enduring, retrieving, starting, starter, writing, browsing.")
    ] = "",
    largest: Annotated[int, typer.Option(min=1000, help="Largest synthetic index, in passages.")] = 100_000,
) -> None:
    """Run the benchmarks on the index of the settings; nothing in it is changed."""
    stay_offline()
    benchmarks = _benchmarks(largest)
    if only and only not in benchmarks:
        raise typer.BadParameter(f"there is no benchmark {only!r}: there are {', '.join(benchmarks)}")
    settings = load_settings()
    out, measured = console(), []
    for name, benchmark in benchmarks.items():
        if only and name != only:
            continue
        with tempfile.TemporaryDirectory(prefix="commit-assistant-bench-") as folder:
            for measurement in benchmark(settings, Path(folder) / name):
                measured.append(measurement)
                over = f" × {measurement.baseline}" if measurement.baseline else ""
                details = ", ".join(f"{key} {value}" for key, value in measurement.details.items())
                out.print(f"{measurement.name}: {measurement.value:.3g} {measurement.unit}{over}  {details}".rstrip())
    _write(output, measured)


def _benchmarks(largest: int) -> dict[str, Benchmark]:
    from evals.benchmarks.browsing import browsing
    from evals.benchmarks.enduring import enduring
    from evals.benchmarks.indexing import indexing
    from evals.benchmarks.retrieving import SIZES, retrieving
    from evals.benchmarks.starter import starter
    from evals.benchmarks.starting import starting
    from evals.benchmarks.updating import updating
    from evals.benchmarks.writing import writing

    sizes = [size for size in SIZES if size <= largest]
    return {
        "indexing": indexing,
        "updating": lambda settings, folder: updating(settings, folder, largest),
        "enduring": enduring,
        "retrieving": lambda settings, folder: retrieving(settings, folder, sizes),
        "starting": lambda settings, _: starting(settings),
        "starter": starter,
        "writing": writing,
        "browsing": browsing,
    }


def _write(output: Path, measured: list[Measurement]) -> None:
    from evals.benchmarks.plotting import plots

    if not measured:
        raise WrongCallError("nothing was measured")
    output.mkdir(parents=True, exist_ok=True)
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    record = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
        "measurements": [measurement.as_json() for measurement in measured],
    }
    path = output / "benchmarks.json"
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2), encoding="utf-8")
    plots(measured, output)


if __name__ == "__main__":
    typer.run(main)
