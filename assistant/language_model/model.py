"""The language model as the rest of the program uses it."""

from __future__ import annotations

import asyncio
import logging
import random
from typing import TYPE_CHECKING, Any

from assistant.language_model.address import Kind, model_address
from assistant.language_model.failures import ModelFailure, StoppedError, Trouble, failure_of
from assistant.language_model.provider import DEFAULT_CONTEXT, Facts, Piece
from assistant.language_model.requests import Requests, Stop
from assistant.language_model.tokens import TokenEstimate
from index.errors import AssistantError, WrongCallError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from assistant.language_model.provider import Message, Provider
    from assistant.settings import Settings

_log = logging.getLogger(__name__)
_ATTEMPTS = 3
_LONGEST_WAIT = 30.0
"""Seconds between two attempts; a server that asks for more is not waited for."""
_FACTS_PATIENCE = 300.0
"""Seconds for what is asked of a server first; a model file of many gigabytes is loaded in that time."""
_COUNT_PATIENCE = 10.0


class LanguageModel:
    """Writes replies; safe for several threads. Whatever goes wrong is a ModelFailure, one line that can be shown."""

    def __init__(self, provider: Provider, settings: Settings) -> None:
        self._provider = provider
        self._settings = settings
        self._requests = Requests()
        self._asking = asyncio.Lock()
        self._facts: Facts | None = None
        self._estimate = TokenEstimate()

    @property
    def host(self) -> str:
        """Where it is, without anything secret."""
        return self._provider.address.host

    @property
    def name(self) -> str:
        """`kind:model`, as an answer's stamp names it."""
        known = self._facts.model if self._facts else self._provider.address.model
        return f"{self._provider.address.kind}:{known or self.host}"

    def facts(self, stop: Stop | None = None) -> Facts:
        """What its server says of it, asked once. Raises ModelFailure, StoppedError, WrongCallError."""
        if self._facts is not None:
            return self._facts
        try:
            return self._requests.result(self._asked_facts, _FACTS_PATIENCE, stop)
        except AssistantError:
            raise
        except Exception as error:
            raise self._told(error) from error

    async def _asked_facts(self) -> Facts:
        # Several answers may begin at once; each of them can be stopped while it waits.
        async with self._asking:
            if self._facts is None:
                self._facts = await self._provider.facts()
            return self._facts

    @property
    def context(self) -> int:
        """Tokens of prompt and reply together that it takes. Raises what `facts` raises."""
        said = self.facts().context
        wanted = self._settings.llm_context
        return min(filter(None, (said, wanted)), default=DEFAULT_CONTEXT)

    def warm(self) -> None:
        """Import what requests need. Raises ModelFailure."""
        try:
            self._provider.llm(self.facts(), self._settings.llm_reply)
        except ImportError as error:
            raise self._told(error) from error

    def count(self, text: str) -> int:
        """Tokens of a text: by its own tokenizer where its server has one for others, else estimated."""
        try:
            name = self.facts().model
            counted = self._requests.result(lambda: self._provider.count(text, name), _COUNT_PATIENCE)
        except AssistantError:
            raise
        except Exception as error:  # noqa: BLE001 - an estimate does as well
            _log.info("no count of tokens: %s", type(error).__name__)
            counted = None
        return self._estimate.of(text) if counted is None else counted

    def reply(self, messages: Sequence[Message], longest: int, stop: Stop | None = None) -> str:
        """A whole reply. Raises what `stream` raises."""
        return "".join(piece.text for piece in self.stream(messages, longest, stop))

    def stream(self, messages: Sequence[Message], longest: int, stop: Stop | None = None) -> Iterator[Piece]:
        """A reply of at most `longest` tokens as it comes; the last piece says how it ended.

        What passes is tried again while no word has come. Raises ModelFailure, StoppedError, WrongCallError.
        """
        stop = stop or Stop()
        if stop.stopped:
            raise StoppedError("stopped")
        facts = self.facts(stop)
        begun = ended = withheld = False
        try:
            llm = self._provider.llm(facts, longest)
            for piece in self._requests.stream(lambda: self._pieces(llm, messages), self._settings.llm_timeout, stop):
                begun = begun or bool(piece.text)
                ended = ended or bool(piece.end)
                if piece.prompt_tokens:
                    self._estimate.learn("\n".join(message.content for message in messages), piece.prompt_tokens)
                withheld = withheld or piece.end == "content_filter"
                yield piece
        except AssistantError:
            raise
        except Exception as error:
            raise self._told(error, begun=begun) from error
        if withheld:
            raise ModelFailure(Trouble.WITHHELD)
        if not ended:
            raise ModelFailure(Trouble.BROKEN_OFF if begun else Trouble.EMPTY, self.host)

    async def _pieces(self, llm: Any, messages: Sequence[Message]) -> AsyncIterator[Piece]:  # noqa: ANN401
        from llama_index.core.llms import ChatMessage
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        said = [ChatMessage(role=message.role, content=message.content) for message in messages]
        tried = AsyncRetrying(
            stop=stop_after_attempt(_ATTEMPTS), retry=retry_if_exception(self._passes), wait=self._wait, reraise=True
        )
        async for attempt in tried:
            with attempt:
                replies = await llm.astream_chat(said)
                first = await anext(replies, None)
        if first is None:
            return
        yield self._provider.piece(first)
        async for response in replies:
            yield self._provider.piece(response)

    def _passes(self, error: BaseException) -> bool:
        # tenacity asks for what ends a request too, as a stop does.
        if not isinstance(error, Exception):
            return False
        failure = self._failure(error)
        return failure.passing and (failure.wait or 0.0) <= min(_LONGEST_WAIT, self._settings.llm_timeout)

    def _wait(self, state: Any) -> float:  # noqa: ANN401 - tenacity's state of a call
        """Seconds: what the server asks for, else about half a second, then one; random, so as not to come at once."""
        asked = self._failure(state.outcome.exception()).wait
        longer = 0.5 * 2 ** (state.attempt_number - 1) * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
        return longer if asked is None else asked

    def _failure(self, error: BaseException, *, begun: bool = False) -> ModelFailure:
        model = self._facts.model if self._facts else self._provider.address.model
        return failure_of(error, self.host, model, begun=begun)

    def _told(self, error: BaseException, *, begun: bool = False) -> ModelFailure:
        failure = self._failure(error, begun=begun)
        _log.info("language model: %s (%s)", failure.trouble, type(error).__name__)
        return failure


def language_model(settings: Settings) -> LanguageModel | None:
    """The model that the settings name, None when none writes; nothing is loaded yet. Raises WrongCallError."""
    address = model_address(settings)
    if address is None:
        return None
    key = settings.llm_key.get_secret_value().strip() if settings.llm_key else ""
    if not key.isascii() or not key.isprintable():
        # The library for HTTP would repeat such a key in its error.
        raise WrongCallError("setting llm_key: a key has no such characters: copy it once more")
    if address.kind is Kind.GGUF:
        from assistant.language_model.gguf import GGUFProvider

        return LanguageModel(GGUFProvider(address, settings), settings)
    if address.kind is Kind.OLLAMA:
        from assistant.language_model.ollama import OllamaProvider

        return LanguageModel(OllamaProvider(address, settings, key), settings)
    from assistant.language_model.openai_like import OpenAILikeProvider

    return LanguageModel(OpenAILikeProvider(address, settings, key), settings)
