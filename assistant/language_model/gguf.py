"""A model file of the user's, served by this process to itself on the loopback address."""

from __future__ import annotations

import logging
import secrets
import threading
import weakref
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from assistant.language_model.address import Kind
from assistant.language_model.failures import ModelFailure, Trouble
from assistant.language_model.openai_like import OpenAILikeProvider
from assistant.language_model.provider import DEFAULT_CONTEXT
from index.errors import AssistantError, one_line

if TYPE_CHECKING:
    from assistant.language_model.address import ModelAddress
    from assistant.language_model.provider import Facts, Piece
    from assistant.settings import Settings

_log = logging.getLogger(__name__)


class GGUFProvider:
    """llama.cpp through xllamacpp, loaded with the first request; nobody else on the machine has its key."""

    def __init__(self, address: ModelAddress, settings: Settings) -> None:
        self.address = address
        self._settings = settings
        self._loading = threading.Lock()
        self._served: list[tuple[OpenAILikeProvider, Any]] = []
        # A server that still writes when Python has taken itself apart crashes the process (xllamacpp 2026.10).
        weakref.finalize(self, self._served.clear)

    async def facts(self) -> Facts:
        """The file's name and the context it was loaded with. Raises ModelFailure, AssistantError."""
        return replace(await self._provider.facts(), model=self.address.model)

    async def count(self, text: str, model: str) -> int | None:
        """Tokens by the model's own tokenizer."""
        return await self._provider.count(text, model)

    def llm(self, facts: Facts, longest: int) -> Any:  # noqa: ANN401 - LlamaIndex's types are skipped by the type check
        """LlamaIndex's OpenAILike on this process's own server. Raises ImportError."""
        return self._provider.llm(facts, longest)

    def piece(self, response: Any) -> Piece:  # noqa: ANN401
        """What one response of a stream says."""
        return self._provider.piece(response)

    @property
    def _provider(self) -> OpenAILikeProvider:
        with self._loading:
            if not self._served:
                key = secrets.token_urlsafe(32)
                server = _serve(self.address, self._settings, key)
                address = replace(self.address, kind=Kind.OPENAI_LIKE, url=f"{server.listening_address}/v1", model="")
                self._served.append((OpenAILikeProvider(replace(address, path=None), self._settings, key), server))
            return self._served[0][0]


def _serve(address: ModelAddress, settings: Settings, key: str) -> Any:  # noqa: ANN401 - xllamacpp's server
    try:
        import xllamacpp
    except ImportError as error:
        raise ModelFailure(Trouble.NOT_INSTALLED) from error
    parameters = xllamacpp.CommonParams()
    parameters.model.path, parameters.model_alias = str(address.path), {address.model}
    parameters.hostnames, parameters.port, parameters.api_keys = ["127.0.0.1"], 0, [key]
    parameters.n_ctx, parameters.n_parallel = settings.llm_context or DEFAULT_CONTEXT, 1
    parameters.warmup, parameters.verbosity = False, 0
    parameters.ui = parameters.endpoint_slots = False
    try:
        return xllamacpp.Server(parameters)
    except Exception as error:
        _log.info("%s", one_line(error))
        raise AssistantError(
            f"{address.host} cannot be loaded: give a GGUF file of a chat model that fits into memory"
        ) from error
