"""Sessions of the chat page as its own script in a browser holds them: over Gradio's protocol, without the drawing."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 300.0
"""Seconds."""


@dataclass(frozen=True)
class Waited:
    """Seconds until the whole answer stood there, and whether it did."""

    seconds: float
    answered: bool


class Visitors:
    """Asks as many pages do at once."""

    def __init__(self, address: str) -> None:
        """`address` is the page's, with a slash at its end."""
        self._address = address
        config = httpx.get(f"{address}config").raise_for_status().json()
        self._components = {one["id"]: one["props"] for one in config["components"]}
        send = next(key for key, props in self._components.items() if props.get("elem_id") == "send")
        self._begin = next(one for one in config["dependencies"] if [send, "click"] in one["targets"])
        self._answer = next(one for one in config["dependencies"] if one.get("trigger_after") == self._begin["id"])

    def ask(self, questions: Sequence[str]) -> list[Waited]:
        """Ask each question in a session of its own, all at the same moment."""
        with ThreadPoolExecutor(len(questions)) as pool:
            return list(pool.map(self._ask, questions))

    def _ask(self, question: str) -> Waited:
        session = uuid4().hex[:11]
        given = {"question": question, "language": "en"}
        values = [
            given.get(props.get("elem_id"), props.get("value"))
            for props in (self._components[one] for one in self._begin["inputs"])
        ]
        began = time.perf_counter()
        with httpx.Client(timeout=_LONGEST) as client:
            begun = self._called(client, session, self._begin["id"], values)
            answered = begun and self._called(client, session, self._answer["id"], [None, "en"])
        return Waited(time.perf_counter() - began, answered)

    def _called(self, client: httpx.Client, session: str, function: int, values: list[Any]) -> bool:
        """Whether an event of the page ran to its end."""
        body = {"data": values, "fn_index": function, "session_hash": session, "event_data": None, "trigger_id": None}
        joined = client.post(f"{self._address}gradio_api/queue/join", json=body)
        if not joined.is_success:
            return False
        address = f"{self._address}gradio_api/queue/data"
        with client.stream("GET", address, params={"session_hash": session}) as events:
            for line in events.iter_lines():
                message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if message.get("msg") == "process_completed":
                    return bool(message["success"])
        return False
