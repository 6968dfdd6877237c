"""Documents that the library page takes: checked by name and size, kept aside until whole, then added."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import tempfile
import unicodedata
from contextlib import contextmanager
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING

import anyio
from anyio import to_thread
from starlette.requests import ClientDisconnect

from assistant.web.texts import texts
from index.catalog_upkeep import UpkeepError, add_source
from index.errors import AssistantError, UnreadableSourceError, one_line, storage_advice
from index.plan import reading_options
from index.reading import READABLE, kind_of
from index.safe_names import refuse_unsafe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from assistant.settings import Settings
    from assistant.web.texts import PageLanguage
    from index.catalog import CatalogEntry

_log = logging.getLogger(__name__)
ACCEPTED = ",".join(sorted(READABLE - {""}))
"""Endings as a browser's file dialog takes them."""
_ASIDE = ".commit-assistant-upload-"
_LONGEST_NAME = 200
"""Bytes; file systems take 255, and `.removed` may add a number."""
_NO_SOURCE = "readme.md"
"""A file of this name describes the folder and is never indexed."""
_MEGABYTE = 1 << 20


class RefusedError(Exception):
    """A file that is not taken: with the HTTP status, and why as a text of the page's (`kind`) or in words (`said`)."""

    def __init__(self, status: int, kind: str, said: str = "") -> None:
        super().__init__(said or kind)
        self.status, self.kind, self.said = status, kind, said


class Uploads:
    """Takes one file a request; one at a time is read and added, since adding changes the catalogue."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._most = settings.upload_limit * _MEGABYTE
        self._adding = asyncio.Lock()

    async def take(self, request: Request, language: PageLanguage) -> Response:
        """Answer `POST /library/upload?name=…` with the file as its body: what was added, or one line why not."""
        from starlette.responses import JSONResponse

        unkept = {"Cache-Control": "no-store"}
        try:
            name = document_name(request.query_params.get("name", ""))
            refuse_taken(name, self._settings.sources)
            entry = await self._added(request, name)
        except ClientDisconnect:
            # Nobody is there to read this; without it the server would log an error of its own.
            return JSONResponse({"error": "the file did not come whole"}, 400, headers=unkept)
        except RefusedError as error:
            limit = self._settings.upload_limit
            line = error.said or texts(language).library.refused[error.kind].format(limit=limit)
            return JSONResponse({"error": line}, error.status, headers=unkept)
        return JSONResponse({"added": entry.file, "title": entry.shown_title}, 201, headers=unkept)

    async def _added(self, request: Request, name: str) -> CatalogEntry:
        declared = request.headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > self._most:
            raise RefusedError(413, "large")
        with _aside(self._settings) as folder:
            await self._receive(request, folder / name)
            async with self._adding:
                return await to_thread.run_sync(self._add, folder / name)

    async def _receive(self, request: Request, file: Path) -> None:
        """Write the body to a file. Raises ClientDisconnect when it ends early, RefusedError when it is too long."""
        received = 0
        try:
            async with await anyio.open_file(file, "xb") as out:
                async for piece in request.stream():
                    received += len(piece)
                    if received > self._most:
                        raise RefusedError(413, "large")
                    await out.write(piece)
        except OSError as error:
            raise RefusedError(507, "", f"{file.name} could not be kept: {storage_advice(error)}") from error
        if not received:
            raise RefusedError(422, "empty")

    def _add(self, file: Path) -> CatalogEntry:
        settings = self._settings
        # Once more: another upload of that name may have come first.
        refuse_taken(file.name, settings.sources)
        try:
            return add_source(settings.sources, file, reading_options(settings.ocr))
        except UpkeepError as error:
            status = 507 if isinstance(error.__cause__, OSError) else 422
            raise RefusedError(status, "", one_line(error)) from error
        except AssistantError as error:
            raise RefusedError(503, "", one_line(error)) from error
        except Exception as error:
            _log.exception("%s was not added", file.name)
            raise RefusedError(500, "", f"{file.name} was not added: {type(error).__name__}") from error


def document_name(given: str) -> str:
    """The name that an uploaded file gets in the sources folder.

    Raises RefusedError for one that is hidden, points elsewhere or could be taken for another, and for an ending that
    no reader knows.
    """
    name = unicodedata.normalize("NFC", given).strip()
    hidden = not name or name.startswith(".") or name.casefold() == _NO_SOURCE
    # Windows has more ways than others to write a place: `a/b`, `a\b`, `C:b`.
    elsewhere = PureWindowsPath(name).name != name or ":" in name
    garbled = "\ufffd" in name or len(name.encode("utf-8", "replace")) > _LONGEST_NAME
    if hidden or elsewhere or garbled:
        raise RefusedError(400, "name")
    try:
        refuse_unsafe(name)
    except UnreadableSourceError as error:
        raise RefusedError(400, "name") from error
    try:
        kind_of(Path(name))
    except UnreadableSourceError as error:
        raise RefusedError(415, "type") from error
    return name


def refuse_taken(name: str, sources: Path) -> None:
    """Raise RefusedError when the folder has a file of that name, or one that some file system takes for the same."""
    try:
        names = [path.name for path in sources.iterdir()]
    except OSError as error:
        raise RefusedError(503, "", f"{sources} cannot be read: {storage_advice(error)}") from error
    if _alike(name) in map(_alike, names):
        raise RefusedError(409, "taken")


def _alike(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@contextmanager
def _aside(settings: Settings) -> Iterator[Path]:
    """A folder beside the sources that is gone afterwards, whatever happens; in the storage if none can be there."""
    beside = settings.sources.resolve().parent
    place = beside if os.access(beside, os.W_OK | os.X_OK) else settings.storage
    try:
        folder = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=place))
    except OSError as error:
        raise RefusedError(507, "", f"the file could not be kept: {storage_advice(error)}") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
