"""The embedding model: one factory for LlamaIndex, its tokenizer and its fingerprint.

Every model is used from a folder on this machine and no hub is asked for one. Nothing slow is imported before a model
is asked for; the tokenizer and the fingerprint need neither torch nor transformers.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import threading
from functools import cache as remember
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import packaged_model
from index.errors import AssistantError, one_line
from index.offline import stay_offline

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from tokenizers import Tokenizer

PACKAGED_MODEL = "multilingual-e5-small"
"""The name of the model that comes with the program."""
QUIET_LOGGERS = ("sentence_transformers", "transformers", "huggingface_hub", "llama_index.embeddings.huggingface")
E5_NAME = re.compile(r"(^|[-_])e5[-_](small|base|large)(?!.*instruct)", re.IGNORECASE)
"""The E5 models that were trained with `query: ` and `passage: `; the instruct ones take whole sentences."""
NO_INFLUENCE = frozenset({".md", ".lock", ".onnx"})
"""Files of a model folder that do not change its vectors."""

_loading = threading.Lock()


class EmbeddingModelError(AssistantError, RuntimeError):
    """The embedding model cannot be used; the message is one line that says what to do."""


@lru_cache(maxsize=2)
def embedding_model(name: str, *, cache: Path | None = None, batch_size: int = 16) -> BaseEmbedding:
    """Load the model `name`: the packaged one, a folder, or a model that the machine's Hugging Face cache holds.

    A model is loaded once in a process and shared by all that ask for it. Its vectors have length 1. Texts beyond
    the model's `max_length` tokens, instruction included, are cut off. `cache` is where the packaged model is
    unpacked. Raises EmbeddingModelError.
    """
    folder = model_folder(name, cache)
    query, text = instructions(folder)
    embedding_class = _huggingface_embedding()
    try:
        model = embedding_class(
            str(folder),
            query_instruction=query,
            text_instruction=text,
            embed_batch_size=batch_size,
            cache_folder=str(folder),
            local_files_only=True,
        )
        # A model that loads but cannot embed is to fail here, not at the first question.
        model.get_query_embedding("")
    except Exception as error:  # safetensors and tokenizers raise classes of their own, derived from Exception alone
        msg = f"the embedding model in {folder} cannot be loaded ({one_line(error)}): {_advice(name)}"
        raise EmbeddingModelError(msg) from error
    model.model_name = name
    return model


def tokenizer(name: str, cache: Path | None = None) -> Tokenizer:
    """The tokenizer of the model `name`, neither cutting nor padding; one for all threads, not to be changed.

    Raises EmbeddingModelError, also for a model without a `tokenizer.json`.
    """
    folder = model_folder(name, cache)
    with _loading:
        return _tokenizer(folder)


def embedding_fingerprint(name: str, cache: Path | None = None) -> str:
    """The identity of the model's vectors: two models of one fingerprint give the same vectors for the same text.

    For a folder every file that matters is read, once for each state of the folder in a process.
    Raises EmbeddingModelError.
    """
    if name == PACKAGED_MODEL:
        return f"{PACKAGED_MODEL}-{packaged_model.FINGERPRINT}"
    folder = model_folder(name, cache)
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in NO_INFLUENCE)
    names = [(path.relative_to(folder).as_posix(), path.stat()) for path in paths]
    state = tuple((file, stat.st_size, stat.st_mtime_ns) for file, stat in names if not file.startswith("."))
    return _folder_hash(folder, state, instructions(folder))


def model_folder(name: str, cache: Path | None = None) -> Path:
    """The sentence-transformers folder of the model `name` on this machine; raises EmbeddingModelError."""
    if name == PACKAGED_MODEL:
        try:
            return packaged_model.packaged_model_folder(cache)
        except packaged_model.PackagedModelError as error:
            raise EmbeddingModelError(str(error)) from error
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not any((folder / file).is_file() for file in ("modules.json", "config.json")):
            msg = f"{folder} holds no embedding model (no modules.json, no config.json): {_advice(name)}"
            raise EmbeddingModelError(msg)
        return folder.resolve()
    return _downloaded(name)


def instructions(folder: Path) -> tuple[str, str]:
    """What the model wants in front of a question and of a passage, as it says itself or as its name tells."""
    try:
        content = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
        prompts = content.get("prompts") or {}
        query = prompts.get("query") or ""
        text = prompts.get("passage") or prompts.get("document") or ""
    except (OSError, ValueError, AttributeError):
        query = text = ""
    # The Hugging Face cache keeps a model under models--OWNER--NAME/snapshots/REVISION.
    name = folder.parts[-3] if folder.parent.name == "snapshots" else folder.name
    if not (query or text) and E5_NAME.search(name):
        return "query: ", "passage: "
    return query, text


def _downloaded(name: str) -> Path:
    """The snapshot of a model in the machine's Hugging Face cache."""
    stay_offline()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError, OSError) as error:
        msg = f"there is no embedding model {name!r} on this machine: {_advice(name)}"
        raise EmbeddingModelError(msg) from error


def _advice(name: str) -> str:
    if name in {PACKAGED_MODEL, packaged_model.FINGERPRINT}:
        return f"delete {packaged_model.FINGERPRINT} in the cache folder; it is unpacked again when next needed"
    return f"name a folder with a sentence-transformers model, or {PACKAGED_MODEL}, which comes with the program"


def _huggingface_embedding() -> type[HuggingFaceEmbedding]:
    stay_offline()
    try:
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding
        from transformers.utils.logging import disable_progress_bar
    except ImportError as error:
        packages = "llama-index-embeddings-huggingface sentence-transformers"
        msg = f"a package for embedding is missing ({one_line(error)}): run `pip install {packages}`"
        raise EmbeddingModelError(msg) from error
    disable_progress_bar()  # type: ignore[no-untyped-call]
    for logger in QUIET_LOGGERS:
        logging.getLogger(logger).setLevel(logging.ERROR)
    embedding_class: type[Any] = HuggingFaceEmbedding
    return embedding_class


@remember
def _tokenizer(folder: Path) -> Tokenizer:
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    if not path.is_file():
        msg = f"the embedding model in {folder} has no tokenizer.json: save it again with a fast tokenizer"
        raise EmbeddingModelError(msg)
    try:
        loaded = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers 0.23 raises Exception itself
        msg = f"{path} cannot be read ({one_line(error)}): {_advice(folder.name)}"
        raise EmbeddingModelError(msg) from error
    loaded.no_truncation()
    loaded.no_padding()
    loaded.encode_special_tokens = _splits_special_tokens(folder)
    return loaded


def _splits_special_tokens(folder: Path) -> bool:
    """Whether special tokens written out in a text are ordinary text, which tokenizer.json itself cannot say."""
    try:
        return bool(json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))["split_special_tokens"])
    except (OSError, ValueError, KeyError):
        return False


@remember
def _folder_hash(folder: Path, state: tuple[tuple[str, int, int], ...], prompts: tuple[str, str]) -> str:
    digest = hashlib.sha256(repr(prompts).encode("utf-8"))
    for name, size, _modified in state:
        with (folder / name).open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{name}\0{size}\0{content}\n".encode())
    return digest.hexdigest()
