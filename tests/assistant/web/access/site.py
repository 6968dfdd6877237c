"""A page with accounts, served for real."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from assistant.web.serving import address_of, bound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

ADMIN, READER = "anna", "bob"
PASSWORDS = {ADMIN: "correct horse battery", READER: "staple of the reader"}


@contextmanager
def served(app: FastAPI, host: str = "127.0.0.1") -> Iterator[str]:
    """The address at which an application answers, without a slash at its end."""
    with bound(host, 0) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        try:
            yield address_of(host, listener).rstrip("/")
        finally:
            server.should_exit = True
            thread.join(timeout=20)
