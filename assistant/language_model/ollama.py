"""A model of an Ollama server, in Ollama's own protocol: through OpenAI's it cuts what is longer than 4,096 tokens."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.language_model.provider import DEFAULT_CONTEXT, Facts, Piece, client_options

if TYPE_CHECKING:
    import httpx

    from assistant.language_model.address import ModelAddress
    from assistant.settings import Settings


class OllamaProvider:
    """Talks to Ollama through LlamaIndex."""

    def __init__(self, address: ModelAddress, settings: Settings, key: str = "") -> None:
        self.address = address
        self._settings = settings
        self._key = key

    async def facts(self) -> Facts:
        """The context that is asked for: the setting, else what costs little memory, never more than the model has.

        Raises what Ollama's client raises.
        """
        shown = await self._client.show(self.address.model)
        # Not `….rope.scaling.original_context_length`.
        sizes = [int(value) for name, value in (shown.modelinfo or {}).items() if name.endswith(".context_length")]
        return Facts(self.address.model, min([self._settings.llm_context or DEFAULT_CONTEXT, *sizes]))

    async def count(self, text: str, model: str) -> int | None:
        """Ollama does not say how many tokens a text has."""
        del text, model
        return None

    def llm(self, facts: Facts, longest: int) -> Any:  # noqa: ANN401 - LlamaIndex's types are skipped by the type check
        """LlamaIndex's Ollama. Raises ImportError."""
        from llama_index.llms.ollama import Ollama

        return Ollama(
            model=facts.model,
            base_url=self.address.url,
            temperature=0.0,
            context_window=facts.context or DEFAULT_CONTEXT,
            request_timeout=self._settings.llm_timeout,
            additional_kwargs={"num_predict": longest},
            async_client=self._client,
        )

    def piece(self, response: Any) -> Piece:  # noqa: ANN401
        """The new words, and at the end why it ended and how many tokens there were."""
        raw = response.raw or {}
        end = (raw.get("done_reason") or "stop") if raw.get("done") else ""
        return Piece(response.delta or "", end, raw.get("prompt_eval_count"), raw.get("eval_count"))

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401
        from ollama import AsyncClient

        options = client_options(self.address, self._settings.llm_timeout)
        return AsyncClient(host=self.address.url, auth=self._signed, **options)

    def _signed(self, request: httpx.Request) -> httpx.Request:
        """Ollama's client would send the environment's OLLAMA_API_KEY, which is for ollama.com, to every server."""
        request.headers.pop("Authorization", None)
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request
