"""Reading what a request sends, up to a limit, and giving it to be read once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class TooLargeError(Exception):
    """More was sent than is read."""


async def read(receive: Receive, largest: int) -> bytes:
    """The whole body. Raises TooLargeError as soon as it has more bytes than `largest`."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        # Whoever leaves while sending (http.disconnect) has sent all they will.
        more = message.get("more_body", False)
        if len(body) > largest:
            raise TooLargeError
    return bytes(body)


def replayed(scope: Scope, body: bytes, receive: Receive) -> Receive:
    """Have a request read as if it had sent `body`; what comes after it is received as before."""
    others = [
        (name, value) for name, value in scope["headers"] if name not in {b"content-length", b"transfer-encoding"}
    ]
    scope["headers"] = [*others, (b"content-length", str(len(body)).encode())]
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return first.pop() if first else await receive()

    return receiving


class Bounded:
    """ASGI middleware: refuses bodies of more than `largest` bytes, in the form of every other error."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self.app, self._largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        from starlette.responses import JSONResponse

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            body = await read(receive, self._largest)
        except TooLargeError:
            error = {"error": f"this is more than {self._largest:,} bytes: send less at once"}
            await JSONResponse(error, 413)(scope, receive, send)
            return
        await self.app(scope, replayed(scope, body, receive), send)
