"""Retrieval time over the time of embedding the question, and Chroma's recall against exact search, by index size."""

from __future__ import annotations

import statistics
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from assistant.question import understand
from assistant.retrieval import Retriever
from evals.benchmarks.measurement import Measurement, seconds
from evals.benchmarks.synthetic import build_synthetic, synthetic_sources
from index.embedding import embedding_model
from index.generation import current_generation
from index.glossary import Glossary
from index.windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from assistant.settings import Settings
    from index.generation import Generation

SIZES = (1_000, 10_000, 100_000)
QUESTIONS = (
    "第四次高官会在哪里举行？",
    "When and where was SOM4 held?",
    "Hội nghị quan chức cấp cao lần thứ tư được tổ chức ở đâu?",
    "การประชุม SOM4 จัดที่ไหน",
    "中越合作的七个合作要点是哪些？",
    "Who attended the second Inter-Ministerial Meeting?",
    "国家反拐行动计划从什么时候开始实施？",
    "What does the Joint Declaration say about ASEAN?",
)
_NEAREST = 10
_READ_AT_ONCE = 5000
_SAME = 1e-5
"""Cosines that differ by less are the same; Chroma computes them in another order."""


def retrieving(settings: Settings, folder: Path, sizes: Sequence[int] = SIZES) -> Iterator[Measurement]:
    """Retrieve for eight questions in four languages from synthetic indexes of growing size."""
    glossary = Glossary.load(settings.sources)
    model = embedding_model(settings.embedding_model, cache=settings.cache, batch_size=settings.embedding_batch)
    asked = [understand(question, glossary) for question in QUESTIONS]
    model.get_query_embedding("warm")
    embedding = statistics.median(seconds(partial(model.get_query_embedding, q.search_text)) for q in asked) * 1000
    yield Measurement("embedding a question", embedding, "ms")
    real = current_generation(settings).get()
    for size in sizes:
        began = time.perf_counter()
        own = settings.model_copy(
            update={"sources": folder / f"{size}" / "sources", "storage": folder / f"{size}" / "storage"}
        )
        synthetic_sources(real, size, own.sources)
        build_synthetic(real, own)
        generation = current_generation(own).get()
        built = time.perf_counter() - began
        retriever = Retriever(generation, glossary, model.get_query_embedding, settings.candidates)
        retriever.retrieve(asked[0], _NEAREST)
        laps = [retriever.retrieve(question, _NEAREST).timings for question in asked]
        total = statistics.median(sum(lap.values()) for lap in laps)
        details = {name: round(statistics.median(lap[name] for lap in laps), 2) for name in laps[0]}
        details |= {
            "passages": size,
            "windows": generation.manifest.windows,
            "built_s": round(built, 1),
            "disk_MB": _megabytes(own.storage),
        }
        yield Measurement(f"retrieval, {size:,} passages", total / embedding, "ratio", "embedding a question", details)
        questions = [model.get_query_embedding(question.search_text) for question in asked]
        yield Measurement(f"recall@10 against exact search, {size:,} passages", _recall(generation, questions), "share")


def _recall(generation: Generation, questions: list[list[float]]) -> float:
    """Share of the ten exactly nearest windows that Chroma finds, averaged over languages and questions."""
    ids = [window.window_id for passage in generation.content.all_passages() for window in windows(passage)]
    return float(np.mean([_recall_in(generation, group, ids, questions) for group in generation.vectors.groups]))


def _recall_in(generation: Generation, group: str, ids: list[str], questions: list[list[float]]) -> float:
    names: list[str] = []
    rows: list[Sequence[float]] = []
    for start in range(0, len(ids), _READ_AT_ONCE):
        stored = generation.vectors.vectors(ids[start : start + _READ_AT_ONCE], group)
        names += stored
        rows += stored.values()
    matrix, wanted = np.array(rows, dtype=np.float32), min(_NEAREST, len(names))
    shares = []
    for question in questions:
        cosines = matrix @ np.asarray(question, dtype=np.float32)
        least = np.sort(cosines)[-wanted] - _SAME
        found = generation.vectors.query(group, question, wanted)
        shares.append(sum(cosine >= least for _, cosine in found) / wanted)
    return float(np.mean(shares))


def _megabytes(folder: Path) -> float:
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6, 1)
