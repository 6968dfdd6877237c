"""What all tests share: settings of their own, the COMMIT index built once, the program as a command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Set before anything of the program is imported: a user's own settings and index must not reach the tests. The
# unpacked model is kept between runs, beside pytest's own cache; it repairs itself.
for name in [name for name in os.environ if name.startswith("COMMIT_ASSISTANT_") and not name.endswith("_TEST_DATA")]:
    del os.environ[name]
os.environ["COMMIT_ASSISTANT_CACHE"] = str(ROOT / ".pytest_cache" / "commit-assistant")
os.environ["COMMIT_ASSISTANT_STORAGE"] = "/nonexistent/storage-of-no-test"

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.engine import Assistant
    from assistant.settings import Settings


@pytest.fixture(scope="session")
def commit_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an index of the COMMIT texts, built once for all tests; not to be built upon."""
    from assistant.settings import load_settings
    from index.build import build_index

    settings = load_settings(storage=tmp_path_factory.mktemp("commit-storage"))
    build_index(settings)
    return settings


@pytest.fixture(scope="session")
def assistant(commit_settings: Settings) -> Assistant:
    """The assistant on the COMMIT index."""
    from assistant.engine import Assistant

    return Assistant(commit_settings)


@pytest.fixture(scope="session")
def with_model(assistant: Assistant) -> Callable[..., Assistant]:
    """The assistant on the COMMIT index with a language model, and what is loaded already: `with_model(llm=url)`."""
    from copy import copy

    from assistant.engine import _writer

    def make(**settings: object) -> Assistant:
        changed = copy(assistant)
        changed.settings = assistant.settings.model_copy(update=settings)
        changed._writer = _writer(changed.settings, assistant._models)
        return changed

    return make


@pytest.fixture
def make_settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings of a small corpus of a test's own: `make_settings({"a.txt": "text"})`."""
    from assistant.settings import load_settings

    def make(files: dict[str, str | bytes], **options: object) -> Settings:
        folder = tmp_path / "sources"
        folder.mkdir(exist_ok=True)
        for file, content in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return load_settings(sources=folder, storage=tmp_path / "storage", **options)

    return make


@pytest.fixture
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `commit-assistant` as a process and gives its result; `env` adds variables."""

    def run(
        *arguments: str | Path, env: dict[str, str] | None = None, timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "assistant", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
        )

    return run
