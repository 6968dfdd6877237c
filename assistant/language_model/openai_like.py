"""A server that speaks OpenAI's protocol: llama.cpp, vLLM, LM Studio, a company's gateway, OpenAI itself."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.language_model.failures import ModelFailure, Trouble
from assistant.language_model.provider import Facts, Piece, client_options
from index.errors import WrongCallError

if TYPE_CHECKING:
    import httpx

    from assistant.language_model.address import ModelAddress
    from assistant.settings import Settings

_LISTED = 5


class OpenAILikeProvider:
    """Talks to the server through LlamaIndex; what that has no words for, it asks itself."""

    def __init__(self, address: ModelAddress, settings: Settings, key: str = "") -> None:
        self.address = address
        self._settings = settings
        self._key = key
        self._counts = True

    async def facts(self) -> Facts:
        """The model's name and context as the server lists them.

        Raises ModelFailure, WrongCallError when the server has several models and the settings name none.
        """
        response = await self._client.get(f"{self.address.url}/models", headers=self._headers)
        if response.status_code in {404, 405, 501} and self.address.model:
            return Facts(self.address.model, await self._context_of_server())
        response.raise_for_status()
        models = _listed(response)
        if models is None:
            raise ModelFailure(Trouble.MALFORMED, self.address.host)
        name = self.address.model or self._only(list(models))
        # Gateways accept names that they do not list: the first request will tell.
        listed = models.get(name, {})
        allowed = _tokens(listed, "max_model_len") or await self._context_of_server()
        sizes = (allowed, _tokens(listed.get("meta"), "n_ctx_train"))
        return Facts(name, min(filter(None, sizes), default=None))

    async def count(self, text: str, model: str) -> int | None:
        """Tokens by `/tokenize`, which llama.cpp and vLLM have; asked for no more once a server has none."""
        if not self._counts:
            return None
        body = {"model": model, "prompt": text, "content": text, "add_special_tokens": False}
        try:
            response = await self._client.post(f"{self._root}/tokenize", json=body, headers=self._headers)
            counted = response.json() if response.status_code == 200 and _is_json(response) else {}
        except BaseException:
            # Every text would be waited for as long.
            self._counts = False
            raise
        tokens = counted.get("tokens") if isinstance(counted, dict) else None
        self._counts = isinstance(tokens, list)
        return len(tokens) if isinstance(tokens, list) else None

    def llm(self, facts: Facts, longest: int) -> Any:  # noqa: ANN401 - LlamaIndex's types are skipped by the type check
        """LlamaIndex's OpenAILike; tried once, as `LanguageModel` tries again itself. Raises ImportError."""
        from llama_index.llms.openai_like import OpenAILike

        return OpenAILike(
            model=facts.model,
            api_base=self.address.url,
            api_key=self._key or "none",
            is_chat_model=True,
            temperature=0.0,
            max_tokens=longest,
            context_window=facts.context or 0,
            timeout=self._settings.llm_timeout,
            max_retries=0,
            async_http_client=self._client,
            additional_kwargs={"stream_options": {"include_usage": True}},
        )

    def piece(self, response: Any) -> Piece:  # noqa: ANN401
        """The new words, and at the end why it ended and how many tokens there were."""
        raw = response.raw
        choices = getattr(raw, "choices", None) or []
        usage = getattr(raw, "usage", None)
        return Piece(
            text=response.delta or "",
            end=(choices[0].finish_reason or "") if choices else "",
            prompt_tokens=getattr(usage, "prompt_tokens", None),
            reply_tokens=getattr(usage, "completion_tokens", None),
        )

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        import httpx

        options = client_options(self.address, self._settings.llm_timeout)
        return httpx.AsyncClient(**options, event_hooks={"response": [self._refuse_page]})

    async def _refuse_page(self, response: httpx.Response) -> None:
        """LlamaIndex takes a page for a reply without words."""
        asked, kind = response.request.url.path, response.headers.get("content-type", "")
        if response.status_code == 200 and asked.endswith("/chat/completions") and "html" in kind:
            raise ModelFailure(Trouble.MALFORMED, self.address.host)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    @property
    def _root(self) -> str:
        return self.address.url.removesuffix("/v1")

    def _only(self, names: list[str]) -> str:
        if len(names) == 1:
            return names[0]
        shown = ", ".join(sorted(names)[:_LISTED]) + (", …" if len(names) > _LISTED else "")
        raise WrongCallError(f"set llm_model to one of the models of {self.address.host}: {shown or 'it lists none'}")

    async def _context_of_server(self) -> int | None:
        """Tokens by `/props`, which llama.cpp has."""
        response = await self._client.get(f"{self._root}/props", headers=self._headers)
        found = response.json() if response.status_code == 200 and _is_json(response) else {}
        return _tokens(found.get("default_generation_settings") if isinstance(found, dict) else None, "n_ctx")


def _listed(response: httpx.Response) -> dict[str, dict[str, Any]] | None:
    """The models by name; None when the reply is no list of models."""
    found = response.json() if _is_json(response) else None
    data = found.get("data") if isinstance(found, dict) else None
    if not isinstance(data, list):
        return None
    # A name is shown, and given in a setting: one line.
    return {str(one["id"]): one for one in data if isinstance(one, dict) and str(one.get("id") or "\n").isprintable()}


def _tokens(found: object, name: str) -> int | None:
    number = found.get(name) if isinstance(found, dict) else None
    return number if isinstance(number, int) and number > 0 else None


def _is_json(response: httpx.Response) -> bool:
    return "json" in response.headers.get("content-type", "")
