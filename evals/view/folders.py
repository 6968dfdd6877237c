"""Folders of runs below one folder, and reading a file of one of them without being led out of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from evals.run_folder import REPORT, STAMP

if TYPE_CHECKING:
    from collections.abc import Iterator

_VARIABLE = "COMMIT_ASSISTANT_RUNS"
_DEFAULT = Path("eval-runs")
_DEPTH = 3
_MANY = 5000
"""Folders looked into, so that a setting that names the wrong place makes no page wait for the whole disk."""
LARGEST = 256 << 20
"""Bytes of a file that is read; a report of 300 questions has about two million."""


class NoPlainFileError(OSError):
    """What stands there is no file of its folder: a link, a folder, a pipe, or far too large."""


def runs_folder() -> Path:
    """Where runs are kept: the variable COMMIT_ASSISTANT_RUNS, else `eval-runs` where the program was started."""
    return Path(os.environ.get(_VARIABLE) or _DEFAULT).expanduser()


def run_names(folder: Path) -> list[str]:
    """The runs in a folder and up to three levels below, as paths with slashes. Links are not followed."""
    return list(_below(folder, "", [_MANY]))


def _below(folder: Path, prefix: str, left: list[int]) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            found = sorted((entry for entry in entries if _is_own_folder(entry)), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        left[0] -= 1
        if left[0] < 0:
            return
        name = f"{prefix}{entry.name}"
        if any(os.path.lexists(Path(entry.path) / file) for file in (REPORT, STAMP)):
            yield name
        elif name.count("/") + 1 < _DEPTH:
            yield from _below(Path(entry.path), f"{name}/", left)


def _is_own_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def read_inside(folder: Path, name: str, file: str) -> bytes:
    """A file of a run. Raises OSError, and NoPlainFileError for what is not a plain file inside the folder."""
    path = folder / name / file
    if path.resolve() != folder.resolve() / name / file:
        raise NoPlainFileError(f"{file} is a link")
    # Nothing waits for a pipe that nobody writes to.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(descriptor, "rb") as opened:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST:
            raise NoPlainFileError(f"{file} is no file, or far too large")
        return opened.read(LARGEST)
