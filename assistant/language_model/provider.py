"""What every kind of language model gives: its facts, its count of tokens, its replies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from assistant.language_model.address import ModelAddress

DEFAULT_CONTEXT = 8192
"""Tokens that a model is taken to accept when neither its server nor the settings say."""


_CONNECTING = 10.0
"""Seconds."""


@dataclass(frozen=True)
class Message:
    """One message of a request."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Facts:
    """What a model's server says of it; `context` is in tokens, None when it does not say."""

    model: str
    context: int | None = None


@dataclass(frozen=True)
class Piece:
    """A bit of a reply; the numbers of tokens and the reason of the end come with the last ones."""

    text: str = ""
    end: str = ""
    """`stop`, `length` or `content_filter` once the reply has ended."""
    prompt_tokens: int | None = None
    reply_tokens: int | None = None


def client_options(address: ModelAddress, patience: float) -> dict[str, Any]:
    """How every httpx client is made that talks to a model; `patience` in seconds. Raises ImportError."""
    import httpx

    return {
        # A proxy of the environment is for the world outside.
        "trust_env": not address.loopback,
        # It would lead where nobody configured.
        "follow_redirects": False,
        "timeout": httpx.Timeout(patience, connect=min(_CONNECTING, patience)),
        # Servers close what they keep open at times of their own, at worst while the next request is on its way.
        "limits": httpx.Limits(max_keepalive_connections=0),
    }


class Provider(Protocol):
    """One kind of language model; its methods that wait run in the thread of `Requests`."""

    address: ModelAddress

    async def facts(self) -> Facts:
        """Ask the server. Raises whatever the connection raises, or ModelFailure."""

    async def count(self, text: str, model: str) -> int | None:
        """Tokens of a text by the model's own tokenizer; None when the server cannot tell."""

    def llm(self, facts: Facts, longest: int) -> Any:  # noqa: ANN401 - LlamaIndex's LLM, imported late
        """The model as LlamaIndex knows it, with replies of at most `longest` tokens."""

    def piece(self, response: Any) -> Piece:  # noqa: ANN401 - LlamaIndex's ChatResponse
        """What one response of a stream says."""
