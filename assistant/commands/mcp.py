"""`commit-assistant mcp`: the same answers as tools for other programs."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import typer

from assistant.commands.context import settings_of
from index.errors import AssistantError

if TYPE_CHECKING:
    from assistant.engine import Assistant

_log = logging.getLogger(__name__)


def mcp(context: typer.Context) -> None:
    """Serve the tools ask, search, list_sources and read_source on stdin and stdout (Model Context Protocol)."""
    settings = settings_of(context)
    from assistant.engine import Assistant
    from assistant.web.api.answering import Answering
    from assistant.web.api.tools import mcp_server

    assistant = Assistant(settings)
    server = mcp_server(Answering(assistant))
    # The model is loaded while the other program looks at the tools.
    threading.Thread(target=_warm, args=(assistant,), name="warm", daemon=True).start()
    # The SDK lets nothing but the protocol out: while it serves, what else is printed goes to stderr.
    server.run("stdio")


def _warm(assistant: Assistant) -> None:
    try:
        assistant.warm()
    except AssistantError as error:
        _log.warning("%s", error)
    except Exception:  # noqa: BLE001 - in a thread of its own; the first call meets the same error and tells it
        _log.exception("the model could not be loaded")
