"""What can go wrong with a language model, each as one line that says what to do."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from index.errors import AssistantError

if TYPE_CHECKING:
    from collections.abc import Iterator

_OVERFLOW = ("context", "too long", "too large", "exceed", "maximum", "overflow")
"""Words of which servers use at least two when a request does not fit."""


class Trouble(StrEnum):
    """Kinds of failure; the page and an export have a text for each."""

    UNREACHABLE = "unreachable"
    KEY = "key"
    NO_MODEL = "no_model"
    BUSY = "busy"
    SLOW = "slow"
    BROKEN_OFF = "broken_off"
    MALFORMED = "malformed"
    EMPTY = "empty"
    REPEATING = "repeating"
    TOO_LONG = "too_long"
    OTHER_LANGUAGE = "other_language"
    MARKUP = "markup"
    WITHHELD = "withheld"
    SERVER = "server"
    NOT_INSTALLED = "not_installed"
    UNSUPPORTED = "unsupported"
    CUT = "cut"


_TOLD = frozenset({"APIError", "ResponseError"})
"""Names of exceptions that repeat what a server said in the middle of a stream, without a status."""
_WITHHELD = ("content_filter", "content management policy")
_BROKEN = frozenset({"RemoteProtocolError", "ReadError", "WriteError"})
_UNREACHABLE = frozenset(
    {"ConnectError", "ConnectionError", "APIConnectionError", "ConnectionRefusedError", "gaierror"}
)
"""Names of exceptions of the libraries through which models are asked, which need not be installed."""
_OF_STATUS = {
    401: Trouble.KEY,
    403: Trouble.KEY,
    404: Trouble.NO_MODEL,
    405: Trouble.NO_MODEL,
    408: Trouble.SLOW,
    429: Trouble.BUSY,
    504: Trouble.SLOW,
}
_NO_LIST = "{host} does not list its models: check the address (often …/v1), or set llm_model"
_SAID = {
    Trouble.UNREACHABLE: "there is no language model at {host}: start its server, or check the setting llm",
    Trouble.KEY: "the language model at {host} refuses the key: check llm_key",
    Trouble.NO_MODEL: "{host} has no model {model!r}: check its name (Ollama: `ollama pull`), "
    "and the address (often …/v1)",
    Trouble.BUSY: "the language model at {host} has too many requests: ask again in a while",
    Trouble.SLOW: "the language model at {host} did not go on in time: ask again, or raise llm_timeout",
    Trouble.BROKEN_OFF: "the language model at {host} broke off: ask again",
    Trouble.MALFORMED: "{host} does not answer like a language model: check the setting llm",
    Trouble.EMPTY: "the language model wrote nothing: ask again, or use another model",
    Trouble.REPEATING: "the language model repeated itself without end: ask again, or use another model",
    Trouble.TOO_LONG: "the passages do not fit the language model: lower llm_context to what the model takes",
    Trouble.OTHER_LANGUAGE: "the language model wrote in another language than the question's: use another model",
    Trouble.MARKUP: "the language model wrote code instead of text: ask again, or use another model",
    Trouble.WITHHELD: "the provider of the language model withheld its reply: put the question differently",
    Trouble.SERVER: "the language model at {host} failed: its server's log says why",
    Trouble.NOT_INSTALLED: "a package for language models is missing: pip install 'commit-assistant[llm]'",
    Trouble.UNSUPPORTED: "nothing of what the language model wrote is supported by the materials",
    Trouble.CUT: "the language model's reply was cut off at its longest: raise llm_reply for longer ones",
}


class ModelFailure(AssistantError):  # noqa: N818 - what happened, which need not end in an error for the user
    """The language model gave nothing that can be used."""

    def __init__(self, trouble: Trouble, host: str = "", model: str = "") -> None:
        said = _NO_LIST if trouble is Trouble.NO_MODEL and not model else _SAID[trouble]
        super().__init__(said.format(host=host, model=model))
        self.trouble = trouble
        self.passing = trouble in {Trouble.BUSY, Trouble.SERVER, Trouble.UNREACHABLE, Trouble.BROKEN_OFF}
        """Whether trying again at once may help."""
        self.wait: float | None = None
        """Seconds that the server asks to wait."""


class StoppedError(AssistantError):
    """The user stopped the answer."""


def failure_of(error: BaseException, host: str, model: str, *, begun: bool = False) -> ModelFailure:
    """What an exception of a model's library means; `begun` when words had already come."""
    for cause in _causes(error):
        if isinstance(cause, ModelFailure):
            return cause
    failure = ModelFailure(_trouble(error, begun=begun), host, model)
    failure.wait = _retry_after(error)
    return failure


def _trouble(error: BaseException, *, begun: bool) -> Trouble:
    status = _status(error)
    if status is not None:
        return _trouble_of_status(status, str(error))
    names = {type(cause).__name__ for cause in _causes(error)}
    errors_of_reading = (ValueError, TypeError, LookupError, AttributeError)
    not_understood = any(isinstance(cause, errors_of_reading) for cause in _causes(error))
    signs = (
        (isinstance(error, ImportError), Trouble.NOT_INSTALLED),
        ("ConnectTimeout" in names, Trouble.UNREACHABLE),
        (not begun and type(error).__name__ in _TOLD and _overflows(str(error)), Trouble.TOO_LONG),
        (any("Timeout" in name for name in names), Trouble.SLOW),
        (begun or bool(names & _BROKEN), Trouble.BROKEN_OFF),
        (bool(names & _UNREACHABLE), Trouble.UNREACHABLE),
        (not_understood, Trouble.MALFORMED),
    )
    return next((trouble for seen, trouble in signs if seen), Trouble.SERVER)


def _trouble_of_status(status: int, said: str) -> Trouble:
    if status in _OF_STATUS:
        return _OF_STATUS[status]
    if status == 413 or (status < 500 and _overflows(said)):
        return Trouble.TOO_LONG
    if status == 400 and any(sign in said for sign in _WITHHELD):
        return Trouble.WITHHELD
    return Trouble.SERVER if status >= 500 else Trouble.MALFORMED


def _overflows(said: str) -> bool:
    return sum(word in said.casefold() for word in _OVERFLOW) > 1


def _status(error: BaseException) -> int | None:
    for cause in _causes(error):
        # openai and ollama give the status itself, httpx the response.
        status = getattr(cause, "status_code", None) or getattr(getattr(cause, "response", None), "status_code", None)
        if isinstance(status, int) and status >= 300:
            return status
    return None


def _retry_after(error: BaseException) -> float | None:
    """Seconds of a header `Retry-After`, which is a number or a date (RFC 9110, 10.2.3)."""
    from email.utils import parsedate_to_datetime
    from time import time

    for cause in _causes(error):
        headers = getattr(getattr(cause, "response", None), "headers", None)
        given = headers.get("retry-after") if headers is not None else None
        if not given:
            continue
        try:
            return max(0.0, float(given))
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(given).timestamp() - time())
        except ValueError:
            return None
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__
