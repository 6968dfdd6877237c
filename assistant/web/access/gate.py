"""What stands between everybody and the page: nothing goes on to a route without a visitor who may have it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, RedirectResponse, Response

from assistant.web.access.bodies import TooLargeError, read, replayed
from assistant.web.access.conversations import Conversations, named_in_address, named_in_body
from assistant.web.access.reach import accounts_of, for_this_machine_alone, from_elsewhere, host_is_loopback
from assistant.web.access.sessions import Sessions
from assistant.web.access.visitor import ANYBODY, Visitor, remember
from index.errors import AssistantError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from assistant.settings import Settings

OPEN = frozenset({"/health", "/login", "/page/colours.css", "/page/login.css", "/page/icon.svg"})
"""What needs no login: the health check, the login page and the three files that it is dressed with."""
_GRADIO = "/gradio_api/"
_LARGEST = 1 << 20
"""Bytes of a body that names a conversation; a question has a few thousand."""
_REFUSED = "log in, or send a token as `Authorization: Bearer TOKEN`"


class Gate:
    """ASGI middleware. With accounts, every route but a few needs a login or a token."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._accounts = accounts_of(settings)
        self._alone = for_this_machine_alone(settings)
        self._sessions = Sessions(self._accounts.file, settings.session_hours) if self._accounts else None
        self._conversations = Conversations()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "websocket":
            # Nothing of ours speaks over one; a library's that did would let everybody in.
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal, receive = await self._judged(scope, receive)
        await (refusal or self.app)(scope, receive, send)

    async def _judged(self, scope: Scope, receive: Receive) -> tuple[Response | None, Receive]:
        """What to answer instead of letting a request through, if anything, and what is left to read of it."""
        headers = Headers(scope=scope)
        if (refusal := self._strange(scope["method"], headers)) is not None:
            return refusal, receive
        if self._accounts is None:
            remember(scope, ANYBODY)
            return None, receive
        if scope["path"] in OPEN:
            return None, receive
        try:
            visitor = await run_in_threadpool(self._visitor, scope["scheme"], headers)
        except AssistantError as error:
            return _refusal(str(error), 503), receive
        if visitor is None:
            return _login(scope, headers), receive
        remember(scope, visitor)
        return await self._conversing(scope, receive, visitor)

    def _strange(self, method: str, headers: Headers) -> Response | None:
        """Refuses what a page of another site has a browser do, whoever the browser's user is."""
        if self._alone and not host_is_loopback(headers):
            return _refusal(
                "the page is open to this machine alone: add accounts with `commit-assistant users add NAME`", 403
            )
        if from_elsewhere(method, headers):
            return _refusal("this was sent by a page of another site", 403)
        return None

    def _visitor(self, scheme: str, headers: Headers) -> Visitor | None:
        """Whose login or token came along. A token goes first: a wrong one is not mended by a login."""
        if self._accounts is None or self._sessions is None:
            return None
        kind, _, token = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self._accounts.holder(token.strip())
        session_id = session_id_of(scheme, headers)
        return self._sessions.visitor(session_id) if session_id else None

    async def _conversing(self, scope: Scope, receive: Receive, visitor: Visitor) -> tuple[Response | None, Receive]:
        """Nobody goes on with, listens to or stops another's conversation."""
        if not scope["path"].startswith(_GRADIO):
            return None, receive
        names = named_in_address(scope)
        if scope["method"] == "POST":
            try:
                in_body, body = named_in_body(await read(receive, _LARGEST))
            except TooLargeError:
                return _refusal("this is too large", 413), receive
            except ValueError:
                return _refusal("this is no JSON object", 400), receive
            names |= in_body
            receive = replayed(scope, body, receive)
        if not self._conversations.allowed(names, visitor.key):
            return _refusal("this conversation is somebody else's", 403), receive
        return None, receive


def cookie_name(scheme: str) -> str:
    """The cookie of a login. Over https its name has browsers refuse it from neighbouring sites and over http."""
    return "__Host-commit_assistant" if scheme == "https" else "commit_assistant"


def session_id_of(scheme: str, headers: Headers) -> str:
    """The login that a browser names; empty when it names none."""
    return cookie_parser(headers.get("cookie", "")).get(cookie_name(scheme), "")


def _login(scope: Scope, headers: Headers) -> Response:
    """The way to the login page for whoever opens a page, a plain refusal for everything else."""
    opened = scope["method"] in {"GET", "HEAD"} and "text/html" in headers.get("accept", "")
    if not opened or scope["path"].startswith((_GRADIO, "/api/", "/mcp")):
        return _refusal(_REFUSED, 401, {"WWW-Authenticate": "Bearer"})
    query = scope["query_string"].decode("latin-1")
    wanted = quote(scope["path"], safe="/") + (f"?{query}" if query else "")
    address = "/login" if wanted == "/" else f"/login?{urlencode({'next': wanted})}"
    return RedirectResponse(address, status_code=303, headers={"Cache-Control": "no-store"})


def _refusal(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": message}, status, headers={"Cache-Control": "no-store", **(headers or {})})
