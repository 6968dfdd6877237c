"""Serves the page until it is told to stop."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import AssistantError, WrongCallError, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.engine import Assistant
    from assistant.settings import Settings

_log = logging.getLogger(__name__)
_GRACE = 2
"""Seconds that open connections get to end; every open page holds one."""


def serve(assistant: Assistant, settings: Settings, announce: Callable[[str], None] = _log.info) -> None:
    """Serve the page until Ctrl-C or SIGTERM; `announce` gets its address as soon as it can be opened.

    Raises WrongCallError, before anything slow, when the address cannot be had or would let strangers in.
    """
    listener = opened(settings)
    try:
        with _terminated_like_interrupted():
            _run(assistant, settings, listener, announce)
    except KeyboardInterrupt:
        _log.info("stopped")
    finally:
        listener.close()


def opened(settings: Settings) -> socket.socket:
    """A socket on the address of the settings. Raises WrongCallError that says what to do."""
    from assistant.web.access.reach import check_reach

    listener = bound(settings.host, settings.port)
    try:
        check_reach(settings, listener.getsockname()[0])
    except AssistantError:
        listener.close()
        raise
    return listener


def bound(host: str, port: int) -> socket.socket:
    """A socket that listens on an address. Raises WrongCallError that says what to do."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise WrongCallError(f"{host} is no address of this machine: name another with --host") from error
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "SO_REUSEADDR") and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            # Lets a server start again at once. On Windows the option would let two servers share a port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise WrongCallError(_advice(error, host, port)) from error
    return listener


def _advice(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use: stop the other program or name another with --port"
    if error.errno == errno.EACCES:
        return f"no permission for port {port}: name one above 1023 with --port"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine: name another with --host"
    return f"cannot listen on {host} port {port} ({one_line(error)}): name another with --host and --port"


def _run(assistant: Assistant, settings: Settings, listener: socket.socket, announce: Callable[[str], None]) -> None:
    import uvicorn

    from assistant.web.app import create_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                announce(address_of(settings.host, listener))
                threading.Thread(target=_warm, args=(assistant,), name="warm", daemon=True).start()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Every open page holds a connection that ends only now; that is no error to report.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            await super().shutdown(sockets)

    app = create_app(assistant, settings)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=_GRACE
    )
    Server(config).run(sockets=[listener])


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM ends like Ctrl-C: after its shutdown, uvicorn raises a signal once more for whoever handled it before."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def address_of(host: str, listener: socket.socket) -> str:
    """The address that a browser on this machine opens."""
    port: int = listener.getsockname()[1]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - shown
    return f"http://{shown}:{port}/"


def _warm(assistant: Assistant) -> None:
    """Load the model while the user reads the page; the first question waits for it."""
    try:
        assistant.warm()
    except AssistantError as error:
        _log.warning("%s", error)
    except Exception:  # noqa: BLE001 - in a thread of its own; the first question meets the same error and shows it
        _log.exception("the model could not be loaded")
