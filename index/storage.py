"""The storage folder: where generations lie, which one is in use, and how that is changed in one step."""

from __future__ import annotations

import logging
import os
import re
import tempfile
from pathlib import Path

from index.errors import DamagedIndexError

CURRENT = "CURRENT"
_log = logging.getLogger(__name__)


def generations_folder(storage: Path) -> Path:
    """Where the generations of a storage folder lie."""
    return storage / "generations"


def current_id(storage: Path) -> str | None:
    """The id that `CURRENT` holds, None when there is no index."""
    try:
        name = (storage / CURRENT).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndexError(storage) from error
    # The name becomes part of a path: a damaged pointer must not lead out of the storage folder.
    if not re.fullmatch(r"[0-9A-Za-z-]{1,64}", name):
        raise DamagedIndexError(storage)
    return name


def make_current(storage: Path, name: str) -> None:
    """Move the pointer to a finished generation, in one step that a power cut cannot halve."""
    descriptor, temporary_name = tempfile.mkstemp(dir=storage, prefix=".current-")
    temporary = Path(temporary_name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files that their owner alone can read; the page may run as somebody else.
        temporary.chmod(0o644)
        temporary.replace(storage / CURRENT)
        sync(storage)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def sync(folder: Path) -> None:
    """Have the names in a folder written to the disk; where a system cannot, it does so by itself later."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        _log.debug("%s is not synced (%s)", folder, error)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Have all files below a folder written to the disk. Raises OSError when one cannot be."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync(path)
