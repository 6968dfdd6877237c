"""Which paragraphs retrieval ranks high for a question: what a reader must tell from the right one.

By embedding, and where question and paragraph share a language also by BM25 over the lexical index's terms: by turns,
as the fusion of both shows them.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import numpy as np

from assistant.reader.network import WIDTH
from index.embedding import PACKAGED_MODEL, embedding_fingerprint, instructions, model_folder
from index.search_text import search_text
from index.tokens import terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from evals.reader.data import Corpus, Key, Question

Vector = np.ndarray[tuple[int], np.dtype[np.float32]]
Vectors = np.ndarray[tuple[int, int], np.dtype[np.float32]]
Ranking = np.ndarray[tuple[int, int], np.dtype[np.int64]]

PARAGRAPH_TOKENS = 64
"""A paragraph is known by its beginning here."""
KEPT = 12
"""Paragraphs kept for each question, best first."""


def embedded(texts: Sequence[str], *, query: bool, cache: Path, tokens: int = PARAGRAPH_TOKENS) -> Vectors:
    """Unit vectors (len(texts), 384) of the packaged embedding model, computed once for each text."""
    fingerprint = embedding_fingerprint(PACKAGED_MODEL)[:12]
    kind = cache / f"{'queries' if query else 'passages'}-{tokens}-{fingerprint}"
    names = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) for text in texts]
    known: dict[int, Vector] = {}
    for path in sorted(kind.glob("*.npz")):
        with np.load(path) as kept:
            known.update(zip(kept["names"].tolist(), kept["vectors"], strict=True))
    new = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    if new:
        vectors = _encoded(list(new.values()), query=query, tokens=tokens)
        kind.mkdir(parents=True, exist_ok=True)
        partial = kind / f"{min(new):016x}-{len(new)}-{os.getpid()}.partial"
        with partial.open("wb") as file:
            np.savez(file, names=np.array(list(new), dtype=np.uint64), vectors=vectors)
        partial.replace(partial.with_suffix(".npz"))
        known.update(zip(new, vectors, strict=True))
    return np.stack([known[name] for name in names]) if names else np.empty((0, WIDTH), dtype=np.float32)


def _encoded(texts: list[str], *, query: bool, tokens: int) -> Vectors:
    from sentence_transformers import SentenceTransformer

    folder = model_folder(PACKAGED_MODEL)
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    model.max_seq_length = tokens
    prompt = instructions(folder)[0 if query else 1]
    vectors = model.encode(
        [prompt + text for text in texts], batch_size=16, normalize_embeddings=True, show_progress_bar=False
    )
    return np.asarray(vectors, dtype=np.float32)


def neighbours(corpus: Corpus, cache: Path) -> dict[tuple[str, str], list[Key]]:
    """For (question name, passage language): paragraphs near the question, best first, its own left out.

    Traditional paragraphs have the neighbours of the simplified ones, if there are such.
    """
    languages = {language for _, language in corpus.paragraphs}
    left_out = "zh-Hant" if {"zh", "zh-Hant"} <= languages else ""
    languages.discard(left_out)
    asked = {(q.name, q.language): q for q in corpus.questions if q.answers and q.language != left_out}
    found: dict[tuple[str, str], list[Key]] = {}
    for language in sorted(languages):
        keys = [key for key, other in corpus.paragraphs if other == language]
        texts = [corpus.paragraphs[key, language].text for key in keys]
        # Each question once for a language; in which of its own is by turns.
        by_name: dict[str, list[Question]] = {}
        for question in asked.values():
            by_name.setdefault(question.name, []).append(question)
        chosen = [versions[at % len(versions)] for at, versions in enumerate(by_name.values())]
        order = _by_meaning(chosen, texts, cache).tolist()
        if len(languages) == 1:
            order = [by_turns(*both) for both in zip(order, _by_words(chosen, texts).tolist(), strict=True)]
        for question, row in zip(chosen, order, strict=True):
            found[question.name, language] = [keys[at] for at in row if keys[at] != question.key][:KEPT]
    return found


def by_turns(first: Sequence[int], second: Sequence[int]) -> list[int]:
    """The members of two rankings in turn, each once."""
    return list(dict.fromkeys(at for pair in zip(first, second, strict=True) for at in pair))


def _by_meaning(questions: list[Question], texts: list[str], cache: Path) -> Ranking:
    asked = embedded([question.text for question in questions], query=True, cache=cache)
    return np.argsort(-(asked @ embedded(texts, query=False, cache=cache).T), axis=1)[:, : KEPT + 1]


def _by_words(questions: list[Question], texts: list[str]) -> Ranking:
    import bm25s

    index = bm25s.BM25()
    index.index([terms(search_text(text)) for text in texts], show_progress=False)
    asked = [terms(search_text(question.text)) for question in questions]
    order, _ = index.retrieve(asked, k=min(KEPT + 1, len(texts)), show_progress=False)
    return np.asarray(order)
