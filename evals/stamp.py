"""What a run was made with: two results belong together only when this is the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from assistant.evidence import evidence_floor
from assistant.prompts import PROMPTS
from assistant.scorers import ReaderScorer, scorer_name
from index.build import package_version
from index.settings import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.settings import Settings
    from evals.question_set import QuestionSet
    from index.generation import Manifest

_CODE = frozenset({".py", ".json", ".safetensors"})
NO_INFLUENCE = frozenset(
    {
        *("sources", "storage", "cache", "vector_store", "vector_store_token", "keep_generations"),
        *("llm_key", "llm_timeout", "ollama_url", "prompts"),
        *("host", "port", "page_language", "index_button", "uploads", "upload_limit"),
        *("accounts", "session_hours", "open_to_all"),
    }
)
"""Settings that change no answer; the texts and the index are known by their fingerprints, not by where they lie."""
_NO_ANSWERS = frozenset({"web", "commands", "export", "feedback", "conversations"})
_NAMES = {
    "set": "the question set",
    "generation": "the index",
    "corpus": "the sources",
    "embedding_model": "the embedding model",
    "embedder": "the embedding model's files",
    "settings": "the settings",
    "prompts": "the prompts",
    "version": "the program's version",
    "commit": "the program's commit",
    "code": "the program's code",
    "arithmetic": "the processor's arithmetic",
}


class Selection(BaseModel):
    """Which questions of a set are run, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: int | None = None
    only: str = ""
    split: Literal["dev", "test", "all"] = "all"
    search_only: bool = False


class RunStamp(BaseModel):
    """Fingerprints of everything that results depend on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    set: str
    generation: str
    corpus: str
    embedding_model: str
    embedder: str
    settings: str
    prompts: dict[str, str]
    """Version of each template, `purpose/language`."""
    version: str
    commit: str
    """Git's name of the commit, with `-dirty` when files differ from it; empty without git."""
    code: str
    """SHA-256 over the modules of `assistant` (page and commands excepted) and `index`."""
    arithmetic: str = ""
    """What the small reader multiplies: `bfloat16` or `single`; empty without it, or where it was not written down."""
    selection: Selection

    def differences(self, other: RunStamp) -> list[str]:
        """What differs, in words."""
        found = [name for field, name in _NAMES.items() if getattr(self, field) != getattr(other, field)]
        return [*found, *self._selected_otherwise(other)]

    def _selected_otherwise(self, other: RunStamp) -> Iterator[str]:
        for field in Selection.model_fields:
            if getattr(self.selection, field) != getattr(other.selection, field):
                yield f"--{field.replace('_', '-')}"


def run_stamp(questions: QuestionSet, settings: Settings, manifest: Manifest, selection: Selection) -> RunStamp:
    """The stamp of a run over an index with some settings."""
    return RunStamp(
        set=questions.fingerprint,
        generation=manifest.id,
        corpus=manifest.corpus,
        embedding_model=manifest.embedding_model,
        embedder=manifest.embedder,
        settings=_hash(json.dumps(answering_settings(settings), sort_keys=True).encode("utf-8")),
        prompts=_prompt_versions(PROMPTS) | (_prompt_versions(settings.prompts) if settings.prompts else {}),
        version=package_version(),
        commit=git_commit(PROJECT),
        code=code_fingerprint(PROJECT),
        arithmetic=_arithmetic(settings),
        selection=selection,
    )


def answering_settings(settings: Settings) -> dict[str, Any]:
    """The settings that may change an answer, as plain values; secrets stay hidden."""
    return settings.model_dump(mode="json", exclude=set(NO_INFLUENCE)) | {"evidence_floor": evidence_floor(settings)}


def _arithmetic(settings: Settings) -> str:
    if scorer_name(settings.reader) != ReaderScorer.name:
        return ""
    from assistant.reader.halves import multiplies_halves

    return "bfloat16" if multiplies_halves() else "single"


def code_fingerprint(folder: Path) -> str:
    """SHA-256 over the program's modules and fitted files, so that an edit that is not committed shows too."""
    digest = sha256()
    for package in ("assistant", "index"):
        for path in sorted(path for path in (folder / package).rglob("*") if path.suffix in _CODE):
            name = path.relative_to(folder)
            if not _NO_ANSWERS.intersection(name.parts):
                digest.update(f"{name.as_posix()}\0{_hash(path.read_bytes())}\0".encode())
    return digest.hexdigest()


def git_commit(folder: Path) -> str:
    """The commit checked out in a folder, with `-dirty` when files differ from it; empty without git."""
    program = shutil.which("git")
    if program is None or not (folder / ".git").exists():
        return ""
    call = [program, "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(call, capture_output=True, encoding="utf-8", timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _prompt_versions(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _hash(path.read_bytes())[:12] for path in paths}


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()
