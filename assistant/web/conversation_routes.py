"""Where there are accounts, the addresses at which the page's script keeps each user's conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyio import to_thread

from assistant.conversations.record import LARGEST, read_record
from assistant.conversations.store import ConversationStore, StaleError
from assistant.web.access.bodies import TooLargeError, read
from assistant.web.access.reach import accounts_of
from assistant.web.access.visitor import visitor_of
from index.errors import AssistantError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.responses import Response

    from assistant.settings import Settings
    from assistant.web.access.accounts import Accounts

_UNKEPT = {"Cache-Control": "no-store"}
_LONGEST_TITLE = 200
_NONE = "none"


def kept_on_server(settings: Settings) -> bool:
    """Whether conversations are kept here, each user's own, and not in the browser."""
    return accounts_of(settings) is not None


def add_conversation_routes(app: FastAPI, settings: Settings) -> None:
    """`/conversations` and `/conversations/{id}`; nothing where there are no accounts."""
    accounts = accounts_of(settings)
    if accounts is None:
        return
    store = ConversationStore(_beside(accounts.file.path))
    if accounts.file.exists() and store.path.exists():
        store.keep_only([_owner(account.name, account.created) for account in accounts.all()])
    shelf = _Shelf(store, accounts)
    app.add_route("/conversations", shelf.listed)
    app.add_route("/conversations/{id}", shelf.one, methods=["GET", "PUT", "PATCH", "DELETE"])


def _beside(accounts: Path) -> Path:
    """The file of the conversations of some accounts: another one for each file of accounts in a folder."""
    stem = accounts.stem
    return accounts.with_name("conversations.sqlite" if stem == "accounts" else f"{stem}-conversations.sqlite")


class _Shelf:
    """Answers the script's requests for the user who sends them."""

    def __init__(self, store: ConversationStore, accounts: Accounts) -> None:
        self._store, self._accounts = store, accounts

    async def listed(self, request: Request) -> Response:
        """All conversations, or with `?search=` the ids of those that hold its words."""
        text = request.query_params.get("search", "")

        def answer() -> Any:  # noqa: ANN401 - plain values for JSON
            user = self._user(request)
            return self._store.search(user, text) if text else [one.model_dump() for one in self._store.all(user)]

        return await _answered(answer)

    async def one(self, request: Request) -> Response:
        """Give, keep, rename or delete one conversation."""
        try:
            body = (await read(request.receive, 2 * LARGEST)).decode("utf-8", "replace")
        except TooLargeError:
            return _json({"error": "this conversation is too large to be kept"}, 413)
        actions = {"GET": self._get, "HEAD": self._get, "PUT": self._put, "PATCH": self._rename, "DELETE": self._delete}
        action = actions[request.method]
        return await _answered(lambda: action(self._user(request), request.path_params["id"], body))

    def _get(self, user: str, name: str, _: str) -> Any:  # noqa: ANN401
        record = self._store.get(user, name)
        # Asking for one that is not kept yet is no mistake.
        return _NONE if record is None else record.model_dump(mode="json")

    def _put(self, user: str, name: str, body: str) -> Any:  # noqa: ANN401
        record, _ = read_record(body)
        return None if record is None or record.id != name else self._store.save(user, record).model_dump()

    def _rename(self, user: str, name: str, body: str) -> Any:  # noqa: ANN401
        record, _ = read_record(body)
        if record is None or not record.title.strip():
            return None
        return self._store.rename(user, name, record.title[:_LONGEST_TITLE], renamed=record.renamed) or None

    def _delete(self, user: str, name: str, _: str) -> Any:  # noqa: ANN401
        return self._store.delete(user, name)

    def _user(self, request: Request) -> str:
        """Names the account for good: one that is added later under the name of a removed one is another."""
        name = visitor_of(request.scope).name
        created = next((account.created for account in self._accounts.all() if account.name == name), "")
        return _owner(name, created)


def _owner(name: str, created: str) -> str:
    return f"{created} {name}"


async def _answered(act: Callable[[], Any]) -> Response:
    """What an action gives, as JSON; None for what there is not."""
    try:
        given = await to_thread.run_sync(act)
    except StaleError:
        return _json({"error": "it has gone on elsewhere"}, 409)
    except AssistantError as error:
        return _json({"error": str(error)}, 503)
    return _json({"error": "no such conversation"}, 404) if given is None else _json(None if given is _NONE else given)


def _json(values: Any, status: int = 200) -> Response:  # noqa: ANN401 - plain values for JSON
    from starlette.responses import JSONResponse

    return JSONResponse(values, status, headers=_UNKEPT)
