"""LlamaIndex's starter pipeline beside ours: same texts, same model, same questions.

SimpleDirectoryReader, SentenceSplitter with its defaults, a Chroma collection, the nearest chunks by cosine.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

from assistant.engine import Assistant
from evals.benchmarks.measurement import Measurement
from evals.metrics.retrieval import CUTOFFS, DEPTH, group_recall
from evals.opening import open_set
from evals.question_set import Span
from index.embedding import embedding_model
from index.offline import stay_offline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from assistant.settings import Settings
    from evals.question_set import Question


def starter(settings: Settings, folder: Path, set_name: str = "commit") -> Iterator[Measurement]:
    """Recall of the gold passages of the test half, and time per question, for both pipelines."""
    questions = [question for question in open_set(set_name, settings).questions.questions if question.split == "test"]
    answerable = [question for question in questions if question.answerable]
    began = time.perf_counter()
    search_theirs = _their_search(settings, folder)
    yield Measurement("starter pipeline, indexing", time.perf_counter() - began, "s")
    yield from _measured("starter pipeline", answerable, search_theirs)
    assistant = Assistant(settings)
    assistant.warm()
    yield from _measured("commit-assistant", answerable, lambda question: _our_spans(assistant, question))


def _measured(
    name: str, questions: Sequence[Question], search: Callable[[Question], list[Span]]
) -> Iterator[Measurement]:
    laps, found = [], []
    for question in questions:
        began = time.perf_counter()
        found.append(search(question))
        laps.append(time.perf_counter() - began)
    for k in CUTOFFS:
        recall = statistics.mean(
            group_recall(spans, question.gold, k) for spans, question in zip(found, questions, strict=True)
        )
        yield Measurement(f"{name}, recall@{k}, test half", recall, "share", "", {"questions": len(questions)})
    lengths = [span.end - span.start for spans in found for span in spans]
    details = {"median_characters_of_a_passage": statistics.median(lengths)}
    yield Measurement(f"{name}, retrieval, median", statistics.median(laps) * 1000, "ms", "", details)


def _our_spans(assistant: Assistant, question: Question) -> list[Span]:
    found = assistant.search(question.question, DEPTH, history=question.history)
    return [Span(source_id=p.source_id, start=p.start, end=p.end) for p in found.passages]


def _their_search(settings: Settings, folder: Path) -> Callable[[Question], list[Span]]:
    stay_offline()
    import chromadb
    from chromadb.config import Settings as ChromaSettings
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.chroma import ChromaVectorStore

    model = embedding_model(settings.embedding_model, cache=settings.cache, batch_size=settings.embedding_batch)
    documents: Any = SimpleDirectoryReader(str(settings.sources), required_exts=[".txt"], encoding="utf-8").load_data()
    client = chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))
    store = ChromaVectorStore(chroma_collection=client.create_collection("starter", embedding_function=None))
    context = StorageContext.from_defaults(vector_store=store)
    index = VectorStoreIndex.from_documents(
        documents, storage_context=context, embed_model=model, transformations=[SentenceSplitter()]
    )
    retriever = index.as_retriever(similarity_top_k=DEPTH)

    def search(question: Question) -> list[Span]:
        nodes = [found.node for found in retriever.retrieve(question.question)]
        return [
            Span(source_id=node.metadata["file_name"], start=node.start_char_idx, end=node.end_char_idx)
            for node in nodes
        ]

    return search
