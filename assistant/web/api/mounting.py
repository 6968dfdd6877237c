"""Puts what is for programs beside the page."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from assistant.web.api.answering import Answering
from assistant.web.api.routes import api
from assistant.web.api.tools import NoMcpError, mcp_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI

    from assistant.engine import Assistant


def add_programs(app: FastAPI, assistant: Assistant) -> None:
    """`/api/v1/…`, and `/mcp` where the extra for it is installed; `lifespan` is to be the application's."""
    answering = Answering(assistant)
    app.mount("/api/v1", api(answering))
    try:
        server = mcp_server(answering)
    except NoMcpError:
        return
    from mcp.server.transport_security import TransportSecuritySettings

    # Every call stands alone: none can be taken over, and several processes may share the work. Hosts and origins are
    # judged by the gate, for all addresses alike.
    mounted = server.streamable_http_app(
        json_response=True,
        stateless_http=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    app.router.routes.extend(mounted.routes)
    app.state.mcp = server.session_manager


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """What runs while the application does."""
    manager = getattr(app.state, "mcp", None)
    if manager is None:
        yield
        return
    async with manager.run():
        yield
