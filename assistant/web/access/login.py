"""The login page, and logging out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import regex
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.web.access.accounts import folded
from assistant.web.access.attempts import Attempts
from assistant.web.access.bodies import TooLargeError, read
from assistant.web.access.gate import cookie_name, session_id_of
from assistant.web.access.passwords import nobodys
from assistant.web.access.sessions import Sessions
from assistant.web.access.visitor import visitor_of
from assistant.web.library_routes import spoken
from assistant.web.source_view import failure_page
from assistant.web.templating import document
from assistant.web.texts import texts
from index.errors import AssistantError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

    from assistant.settings import Settings
    from assistant.web.access.accounts import Accounts

_LARGEST = 20_000
"""Bytes of the form."""
_AT_ONCE = 2
"""Passwords compared at the same time: each takes 64 MiB and much of a core."""
_OURS = regex.compile(r"/(?:(?:source|picture|library|evaluations)[/?.][^\\\s]*|library|evaluations)?")
_UNKEPT = {"Cache-Control": "no-store"}


def add_login_routes(app: FastAPI, accounts: Accounts, settings: Settings) -> None:
    """`/login` and `/logout`, each a page and what its form does."""
    doors = _Doors(accounts, settings)
    app.add_route("/login", doors.login_page)
    app.add_route("/login", doors.log_in, methods=["POST"])
    app.add_route("/logout", doors.logout_page)
    app.add_route("/logout", doors.log_out, methods=["POST"])


class _Doors:
    """Where somebody comes in and goes out."""

    def __init__(self, accounts: Accounts, settings: Settings) -> None:
        self._accounts = accounts
        self._sessions = Sessions(accounts.file, settings.session_hours)
        self._attempts = Attempts()
        self._comparing = CapacityLimiter(_AT_ONCE)
        nobodys()

    async def login_page(self, request: Request) -> Response:
        return _page(request, wanted=_ours(request.query_params.get("next", "")))

    async def log_in(self, request: Request) -> Response:
        """Let somebody in whose name and password belong together; say nothing of which of them is wrong."""
        try:
            form = parse_qs((await read(request.receive, _LARGEST)).decode("utf-8", "replace"), max_num_fields=10)
        except (TooLargeError, ValueError):
            return _page(request, status=400)
        name, password, wanted = (form.get(field, [""])[0] for field in ("name", "password", "next"))
        wanted, address = _ours(wanted), request.client.host if request.client else ""
        wait = self._attempts.begin(folded(name[:200]), address)
        if wait:
            return _page(request, wanted=wanted, wait=math.ceil(wait), status=429)
        try:
            session_id = await to_thread.run_sync(self._begun, name, password, limiter=self._comparing)
        except AssistantError as error:
            return _failed(request, error)
        if not session_id:
            return _page(request, wanted=wanted, wrong=True, status=401)
        self._attempts.succeeded(folded(name), address)
        answer = RedirectResponse(wanted, status_code=303, headers=_UNKEPT)
        scheme = request.url.scheme
        answer.set_cookie(
            cookie_name(scheme),
            session_id,
            max_age=self._sessions.seconds,
            secure=scheme == "https",
            httponly=True,
            samesite="lax",
        )
        return answer

    async def logout_page(self, request: Request) -> Response:
        return HTMLResponse(_document(request, name=visitor_of(request.scope).name), headers=_UNKEPT)

    async def log_out(self, request: Request) -> Response:
        """End the login here and in the file, whatever else the browser may still know of it."""
        scheme = request.url.scheme
        session_id = session_id_of(scheme, Headers(scope=request.scope))
        try:
            await to_thread.run_sync(self._sessions.end, session_id)
        except AssistantError as error:
            return _failed(request, error)
        answer = RedirectResponse("/login", status_code=303, headers=_UNKEPT)
        if scheme == "https":  # where alone browsers heed it
            answer.headers["Clear-Site-Data"] = '"cache"'
        answer.delete_cookie(cookie_name(scheme), secure=scheme == "https", httponly=True, samesite="lax")
        return answer

    def _begun(self, name: str, password: str) -> str:
        """The id of a new login; empty when name and password do not belong together."""
        verified = self._accounts.verified(name, password)
        return self._sessions.begin(verified) if verified else ""


def _ours(address: str) -> str:
    """Where to go after logging in: only what a link of ours may lead to, never to another site."""
    return address if _OURS.fullmatch(address) and address else "/"


def _page(request: Request, *, wanted: str = "/", wrong: bool = False, wait: int = 0, status: int = 200) -> Response:
    headers = _UNKEPT | ({"Retry-After": str(wait)} if wait else {})
    return HTMLResponse(_document(request, wanted=wanted, wrong=wrong, wait=wait), status, headers=headers)


def _document(request: Request, *, name: str = "", wanted: str = "/", wrong: bool = False, wait: int = 0) -> str:
    language = spoken(request)
    shown = {"name": name, "wanted": wanted, "wrong": wrong, "wait": wait}
    return document("login.html", language=language, texts=texts(language), **shown)


def _failed(request: Request, error: AssistantError) -> Response:
    failure = failure_page(type(error).__name__, str(error), spoken(request))
    return HTMLResponse(failure, status_code=503, headers=_UNKEPT)
