"""Which conversation of the page belongs to whom.

Gradio (6.31) knows a conversation by a short random text that the browser makes up, and gives state and answers to
whoever names it. Here each belongs to the login or token that named it first.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from starlette.types import Scope

_HEARTBEAT = "/gradio_api/heartbeat/"
_LONGEST = 100
_MANY, _OLD = 10_000, 24 * 3600.0
"""Conversations after which those unused for a day (in seconds) are forgotten; Gradio forgets them sooner."""


class Conversations:
    """Remembers whose each conversation is; used from the event loop alone."""

    def __init__(self) -> None:
        self._owners: dict[str, tuple[str, float]] = {}

    def allowed(self, names: set[str], visitor_key: str) -> bool:
        """Whether all these conversations are the visitor's; new ones become theirs."""
        now = time.monotonic()
        if any(len(name) > _LONGEST or self._owners.get(name, (visitor_key,))[0] != visitor_key for name in names):
            return False
        for name in names:
            self._owners[name] = (visitor_key, now)
        if len(self._owners) > _MANY:
            self._owners = {name: owner for name, owner in self._owners.items() if now - owner[1] < _OLD}
        return True


def named_in_address(scope: Scope) -> set[str]:
    """The conversations that an address names."""
    path: str = scope["path"]
    named = {path.removeprefix(_HEARTBEAT).rstrip("/")} if path.startswith(_HEARTBEAT) else set()
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return named.union(query.get("session_hash", []))


def named_in_body(body: bytes) -> tuple[set[str], bytes]:
    """The conversation that a JSON body names, and the body as it is to be read: with every key once.

    Raises ValueError for a body that is not a JSON object.
    """
    try:
        values: Any = json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(values, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - like any other body that is not one
    name = values.get("session_hash")
    return ({name} if isinstance(name, str) else set()), json.dumps(values).encode()
