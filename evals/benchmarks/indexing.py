"""Indexing time over bare encoding of the same passages, and re-indexing after one change over a full build."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, cast

from evals.benchmarks.measurement import Measurement, seconds
from evals.benchmarks.synthetic import synthetic_sources
from index.build import build_index
from index.embedded import embedded_text
from index.embedding import embedding_model
from index.generation import current_generation
from index.windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.settings import Settings


_PASSAGES = 1_000
"""Of a corpus in which what every build costs once no longer shows."""


def indexing(settings: Settings, folder: Path) -> Iterator[Measurement]:
    """Build the sources' index in `folder` from nothing, encode the same texts bare, change one file and build again;
    then the first two for a larger corpus made of the sources' sentences.

    The model is loaded before, so that neither side pays for it.
    """
    sources = folder / "sources"
    shutil.copytree(settings.sources, sources)
    own = settings.model_copy(update={"sources": sources, "storage": folder / "storage"})
    model = cast("Any", embedding_model(own.embedding_model, cache=own.cache, batch_size=own.embedding_batch))
    model.get_text_embedding("warm")
    full, measured = _over_bare(own, model, "indexing")
    yield from measured
    _change_one(sources)
    again = seconds(lambda: build_index(own))
    changed = {"again_s": round(again, 2), "build_s": round(full, 2)}
    yield Measurement("re-indexing after one change", again / full, "ratio", "the full build", changed)
    nothing = seconds(lambda: build_index(own))
    yield Measurement("indexing when nothing has changed", nothing / full, "ratio", "the full build")
    larger = own.model_copy(update={"sources": folder / "larger", "storage": folder / "larger-storage"})
    synthetic_sources(current_generation(own).get(), _PASSAGES, larger.sources)
    yield from _over_bare(larger, model, f"indexing, {_PASSAGES:,} passages")[1]


def _over_bare(own: Settings, model: Any, name: str) -> tuple[float, list[Measurement]]:  # noqa: ANN401 - LlamaIndex's
    """Seconds of a build from nothing, and how it compares with encoding the same texts bare."""
    full = seconds(lambda: build_index(own))
    generation = current_generation(own).get()
    spellings = generation.manifest.ocr_spellings
    found = (window for passage in generation.content.all_passages() for window in windows(passage))
    texts = [embedded_text(window.text, spellings) for window in found]
    encoder = model._model  # noqa: SLF001 - the bare SentenceTransformer inside LlamaIndex's binding
    bare = seconds(lambda: encoder.encode(texts, batch_size=own.embedding_batch, prompt_name="passage"))
    shared = {"windows": len(texts), "build_s": round(full, 2), "encode_s": round(bare, 2)}
    over = Measurement(name, full / bare, "ratio", "SentenceTransformer.encode of the same texts", shared)
    return full, [over, Measurement(f"{name}: embedding", len(texts) / bare, "1/s", "", {"windows": len(texts)})]


def _change_one(sources: Path) -> None:
    smallest = min(sources.glob("*.txt"), key=lambda path: path.stat().st_size)
    text = smallest.read_text(encoding="utf-8")
    smallest.write_text(f"{text}\n\nOne sentence was added at the end.\n", encoding="utf-8")
