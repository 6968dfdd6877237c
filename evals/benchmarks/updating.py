"""One changed file in a large index over the full build, and recall there."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING

from evals.benchmarks.measurement import Measurement, seconds
from evals.benchmarks.synthetic import build_synthetic, synthetic_sources
from index.build import build_index
from index.embedding import embedding_model
from index.generation import current_generation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.settings import Settings

_SAMPLE = 256
"""Windows by which the time of embedding all is estimated."""


def updating(settings: Settings, folder: Path, passages: int = 100_000) -> Iterator[Measurement]:
    """Build an index of many passages with made-up vectors, change one file, and index again with the real model.

    The time of a full build is that of the build with made-up vectors and, estimated from a sample, of embedding all.
    """
    real = current_generation(settings).get()
    own = settings.model_copy(update={"sources": folder / "sources", "storage": folder / "storage"})
    synthetic_sources(real, passages, own.sources)
    model = embedding_model(own.embedding_model, cache=own.cache, batch_size=own.embedding_batch)
    model.get_text_embedding("warm")
    made_up = seconds(lambda: build_synthetic(real, own))
    manifest = current_generation(own).glance().manifest
    sample = _window_texts(own, _SAMPLE)
    embedding = seconds(lambda: model.get_text_embedding_batch(sample)) * manifest.windows / len(sample)
    changed = sorted(own.sources.glob("*.txt"))[passages // 40]
    changed.write_text(changed.read_text(encoding="utf-8").replace("(", "(No. "), encoding="utf-8")
    laps: dict[str, float] = {}
    again = seconds(lambda: laps.update(embedded=build_index(own).embedded))
    details = {
        "again_s": round(again, 1),
        "build_without_embedding_s": round(made_up, 1),
        "embedding_s_estimated": round(embedding),
        "passages": manifest.passages,
        "windows": manifest.windows,
        "embedded_again": laps["embedded"],
        "peak_MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3),
    }
    name = f"one changed file of {passages:,} passages"
    yield Measurement(name, again / (made_up + embedding), "ratio", "the full build", details)
    nothing = seconds(lambda: build_index(own))
    yield Measurement(f"nothing changed, {passages:,} passages", nothing, "s")


def _window_texts(settings: Settings, count: int) -> list[str]:
    """Texts of windows from all over the index."""
    content = current_generation(settings).glance().content
    passages = list(content.numbered(range(0, 10 * count, 10)).values())
    return [passage.text[: passage.windows[0][1] - passage.start] for passage in passages[:count]]
