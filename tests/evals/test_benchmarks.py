"""Synthetic indexes are whole ones: every passage has windows with vectors in its language, and is found."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.question import understand
from assistant.retrieval import Retriever
from evals.benchmarks.retrieving import _recall
from evals.benchmarks.synthetic import build_synthetic, synthetic_sources
from index.generation import CurrentGeneration
from index.glossary import Glossary
from index.windows import windows

QUESTION = "How many gauges did the delta survey of 2011 count?"


@pytest.fixture(scope="module")
def real(small_opened):
    return CurrentGeneration(small_opened.settings.storage).get()


def made(real, settings, folder):
    own = settings.model_copy(update={"sources": folder / "sources", "storage": folder / "storage"})
    synthetic_sources(real, 60, own.sources)
    build_synthetic(real, own)
    return CurrentGeneration(own.storage).get()


@pytest.fixture(scope="module")
def synthetic(real, small_opened, tmp_path_factory):
    return made(real, small_opened.settings, tmp_path_factory.mktemp("synthetic"))


def test_every_window_has_a_vector_in_its_language(synthetic):
    passages = list(synthetic.content.all_passages())
    assert len(passages) == synthetic.manifest.passages >= 60
    assert set(synthetic.vectors.groups) == set(synthetic.spreads) == {"zh", "en"}
    for passage in passages:
        names = [window.window_id for window in windows(passage)]
        stored = synthetic.vectors.vectors(names, passage.language)
        assert [float(np.linalg.norm(stored[name])) for name in names] == pytest.approx([1] * len(names), abs=1e-5)


def test_it_can_be_searched_like_a_real_one(synthetic, real, small_opened):
    glossary = Glossary.load(small_opened.settings.sources)
    passage = next(each for each in real.content.all_passages() if each.language == "en")
    vector = real.vectors.vectors([f"{passage.passage_id}-0"])[f"{passage.passage_id}-0"]
    retriever = Retriever(synthetic, glossary, lambda _: vector)
    found = retriever.retrieve(understand(QUESTION, glossary), 10).passages
    assert len(found) == 10
    assert {one.passage.language for one in found} == {"zh", "en"}
    assert _recall(synthetic, [list(vector)]) == 1


def test_the_same_seed_gives_the_same_index(synthetic, real, small_opened, tmp_path):
    again = made(real, small_opened.settings, tmp_path)
    texts = [passage.text for passage in synthetic.content.all_passages()]
    assert [passage.text for passage in again.content.all_passages()] == texts
    first = next(again.content.all_passages()).passage_id + "-0"
    assert list(again.vectors.vectors([first])[first]) == list(synthetic.vectors.vectors([first])[first])
