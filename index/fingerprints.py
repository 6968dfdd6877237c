"""What an index depends on, as fingerprints that change when it does."""

from __future__ import annotations

import json
from hashlib import file_digest, sha256
from typing import TYPE_CHECKING

from index.catalog import GLOSSARY
from index.search_text import SEARCH_TEXT_VERSION
from index.splitting import SPLITTER_VERSION
from index.tokens import TOKENS_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from index.catalog import Catalog
    from index.settings import IndexSettings

UNREADABLE = "unreadable"


def corpus_fingerprint(catalog: Catalog, hashes: Mapping[str, str]) -> str:
    """SHA-256 over the names, bytes (by `hashes`, source id → file hash) and catalogue entries of all sources and the
    glossary.
    """
    digest = sha256()
    for source_id in sorted(hashes):
        entry = catalog.entry(source_id).model_dump_json()
        digest.update(f"{source_id}\0{entry}\0{hashes[source_id]}\0".encode("utf-8", "surrogateescape"))
    digest.update(file_hash(catalog.folder / GLOSSARY).encode())
    return digest.hexdigest()


def splitter_fingerprint(settings: IndexSettings, ocr_spellings: Mapping[str, str], embedder: str) -> str:
    """What decides how a Document becomes passages, search texts and terms; the embedding model's tokenizer counts."""
    versions = f"splitter {SPLITTER_VERSION}, search text {SEARCH_TEXT_VERSION}, terms {TOKENS_VERSION}"
    spellings = text_fingerprint(json.dumps(dict(ocr_spellings), sort_keys=True))[:16]
    return f"{versions}, {settings.passage_tokens} tokens of {embedder}, spellings {spellings}"


def text_fingerprint(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return sha256(text.encode("utf-8")).hexdigest()


def bytes_hash(data: bytes) -> str:
    """SHA-256 of bytes, in hexadecimal."""
    return sha256(data).hexdigest()


def file_hashes(catalog: Catalog) -> dict[str, str]:
    """`file_hash` of every source, by source id."""
    return {source_id: file_hash(path) for source_id, path in catalog.files()}


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal; `unreadable` for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return UNREADABLE
