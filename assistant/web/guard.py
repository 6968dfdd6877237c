"""What stands between the browser and the page: which addresses exist, and what a page may load and run."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OURS = (
    "/health",
    "/source/",
    "/page/",
    "/picture/",
    "/find/",
    "/file/",
    "/library",
    "/export",
    "/citations/",
    "/simplified",
    "/api/v1/",
    "/feedback",
    "/evaluations",
    "/conversations",
)
_MCP = "/mcp"
_ACCOUNTS = frozenset({"/login", "/logout"})
_VIEWED = ("/source/", "/citations/", "/picture/", "/find/", "/file/", "/library", "/evaluations")
_GRADIO = frozenset({"/", "/config", "/theme.css", "/favicon.ico", "/manifest.json", "/robots.txt"})
_GRADIO_BELOW = ("/assets/", "/static/", "/gradio_api/heartbeat/")
_EVENTS = ("queue/join", "queue/data", "run/predict", "cancel", "reset", "startup-events", "info", "app_id")
_GRADIO_API = frozenset(f"/gradio_api/{name}" for name in _EVENTS)
_FOREIGN = regex.compile(rb"""<meta\s[^>]*content="(?:https?:|\{url\})[^>]*>""")
_SCRIPT = regex.compile(rb"<script(?=[\s>])")
_HEAD = b"</head>"
_OWN_FILES = (
    b'<link rel="icon" href="/page/icon.svg" type="image/svg+xml">'
    b'<link rel="stylesheet" href="/page/colours.css"><link rel="stylesheet" href="/page/page.css">'
    b'<link rel="stylesheet" href="/page/answer.css"><link rel="stylesheet" href="/page/feedback.css">'
    b'<script src="/page/page.js" type="module"></script><script src="/page/feedback.js" type="module"></script>'
)
_ACCOUNT_FILE = b'<link rel="stylesheet" href="/page/account.css">'


class Guard:
    """ASGI middleware: 404 for what the page does not need of Gradio, security headers for the rest.

    Gradio serves uploads, a proxy, file downloads and a monitoring page besides what its components use; none is needed
    here. Its index page carries inline scripts: they get a nonce, so that no other inline script can ever run.
    """

    def __init__(self, app: ASGIApp, *, accounts: bool = False) -> None:
        """`accounts`: whether there are pages to log in and out."""
        self.app = app
        self._more = {_MCP} | (_ACCOUNTS if accounts else set())
        self._files = _OWN_FILES + (_ACCOUNT_FILE if accounts else b"")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http" or not (_exists(scope["path"]) or scope["path"] in self._more):
            await _refuse(scope, receive, send)
        elif scope["path"] == "/":
            await self._index(scope, receive, send)
        else:
            policy = _viewer_policy() if scope["path"].startswith(_VIEWED) else _page_policy()
            await self.app(scope, receive, _with_headers(send, policy))

    async def _index(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gradio's index page, with our files and without what points elsewhere."""
        nonce = secrets.token_urlsafe(16)
        start: Message = {}
        body = bytearray()
        # The page is rewritten, so it must not come compressed.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            if message["type"] != "http.response.body":
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                html = _own(bytes(body), nonce, self._files)
                kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
                start["headers"] = [*kept, (b"content-length", str(len(html)).encode())]
                out = _with_headers(send, _page_policy(nonce))
                await out(start)
                await out({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else html})

        await self.app({**scope, "headers": plain}, receive, collect)


def _exists(path: str) -> bool:
    trimmed = path.rstrip("/") or "/"
    return trimmed in _GRADIO or trimmed in _GRADIO_API or path.startswith(_OURS) or path.startswith(_GRADIO_BELOW)


def _own(html: bytes, nonce: str, files: bytes) -> bytes:
    html = _FOREIGN.sub(b"", html)
    html = html.replace(_HEAD, files + _HEAD, 1)
    return _SCRIPT.sub(b'<script nonce="' + nonce.encode() + b'"', html)


def _page_policy(nonce: str | None = None) -> str:
    script = f" 'nonce-{nonce}'" if nonce else ""
    return (
        f"default-src 'self'; script-src 'self'{script}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; object-src 'none'; "
        "base-uri 'self'; form-action 'self'"
    )


def _viewer_policy() -> str:
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    )


def _with_headers(send: Send, policy: str) -> Send:
    own_policy = b"content-security-policy"
    added = [
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-frame-options", b"SAMEORIGIN"),
    ]

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), *added]
            # A page that frames or holds what a model wrote brings a policy of its own.
            if all(name.lower() != own_policy for name, _ in headers):
                headers.append((own_policy, policy.encode()))
            message = {**message, "headers": headers}
        await send(message)

    return sending


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    from starlette.responses import PlainTextResponse

    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse("Not found", status_code=404)(scope, receive, _with_headers(send, _page_policy()))
