"""Which language model a setting names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import WrongCallError

if TYPE_CHECKING:
    from assistant.settings import Settings

NONE = "none"
_OLLAMA, _GGUF = "ollama:", "gguf:"
_LIKE = "`none`, an address like http://127.0.0.1:8080/v1, ollama:NAME, or gguf:/path/to/model.gguf"


class Kind(StrEnum):
    """How a model is spoken to; the value begins an answer's `engine`."""

    OPENAI_LIKE = "openai-like"
    OLLAMA = "ollama"
    GGUF = "gguf"


@dataclass(frozen=True)
class ModelAddress:
    """Where a model is; an empty `model` is whatever the server has, if it has only one."""

    kind: Kind
    url: str = ""
    model: str = ""
    path: Path | None = None

    @property
    def host(self) -> str:
        """Host and port, or the file's name: what may be shown."""
        return self.path.name if self.path is not None else urlsplit(self.url).netloc

    @property
    def loopback(self) -> bool:
        """Whether the model is on this machine."""
        host = urlsplit(self.url).hostname or ""
        try:
            return self.path is not None or host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False


def model_address(settings: Settings) -> ModelAddress | None:
    """The model that the settings name; None when none writes.

    Raises WrongCallError that never repeats the setting: an address may hold a secret.
    """
    given = settings.llm.strip()
    if given in {"", NONE}:
        return None
    if given.startswith(_OLLAMA):
        name = given.removeprefix(_OLLAMA).strip() or settings.llm_model
        if not name:
            raise WrongCallError("setting llm: name the model after ollama:, as in ollama:qwen3:8b")
        return ModelAddress(Kind.OLLAMA, _checked(settings.ollama_url, "ollama_url"), name)
    if given.startswith(_GGUF):
        path = Path(given.removeprefix(_GGUF)).expanduser()
        if not path.is_file():
            raise WrongCallError(f"setting llm: there is no file {path}: check the path after gguf:")
        return ModelAddress(Kind.GGUF, model=path.stem, path=path)
    return ModelAddress(Kind.OPENAI_LIKE, _checked(given, "llm"), settings.llm_model)


def _checked(url: str, setting: str) -> str:
    """An address without its last slash."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not url.isprintable() or any(one in url for one in " \\#"):
        like = _LIKE if setting == "llm" else "an address like http://127.0.0.1:11434"
        raise WrongCallError(f"setting {setting} names no language model: give {like}")
    if "@" in parts.netloc or parts.query:
        raise WrongCallError(f"setting {setting}: put the key into llm_key, not into the address")
    return url.rstrip("/")
