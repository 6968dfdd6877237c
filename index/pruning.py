"""Which generations are kept, what is removed with the others, and the way back to an earlier one."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from index.errors import DamagedIndexError
from index.generation import MANIFEST, NoIndexError, read_manifest
from index.storage import current_id, generations_folder, make_current
from index.vector_store import LocalVectors

if TYPE_CHECKING:
    from pathlib import Path

    from index.vector_store import VectorStore


def finished_ids(storage: Path) -> list[str]:
    """The finished generations, oldest first."""
    folder = generations_folder(storage)
    return sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}")) if folder.is_dir() else []


def roll_back(storage: Path) -> str:
    """Move the pointer to the newest finished generation before the one in use; give its id.

    Raises NoIndexError when there is none.
    """
    in_use = current_id(storage)
    earlier = [name for name in finished_ids(storage) if in_use is None or name < in_use]
    if not earlier:
        raise NoIndexError("there is no earlier index to go back to: `keep_generations` says how many are kept")
    read_manifest(generations_folder(storage) / earlier[-1])
    make_current(storage, earlier[-1])
    return earlier[-1]


def prune(storage: Path, keep: int, store: VectorStore | None = None) -> None:
    """Remove unfinished generations and all but the newest `keep` finished ones, and the segments that none has any
    more; never the one in use, nor the one before it, which readers may be leaving just now.
    """
    in_use = current_id(storage)
    finished = finished_ids(storage)
    before = [name for name in finished if in_use is not None and name < in_use][-1:]
    kept = {*finished[-keep:], *before, in_use}
    for path in generations_folder(storage).iterdir():
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)
    _prune_segments(storage, store or LocalVectors(storage))


def _prune_segments(storage: Path, store: VectorStore) -> None:
    used: set[str] = set()
    for name in finished_ids(storage):
        try:
            manifest = read_manifest(generations_folder(storage) / name)
        except DamagedIndexError:
            continue
        if manifest.vector_store == store.name:
            used |= {record.id for record in manifest.segments}
    for segment_id in store.segment_ids() - used:
        store.remove(segment_id)
