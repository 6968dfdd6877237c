"""What the commands share: the global options, and how they show things."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import regex

if TYPE_CHECKING:
    from pathlib import Path

    import typer
    from rich.console import Console

    from assistant.settings import Settings

_WIDTH_OF_A_FILE = 240
_CONTROLS = regex.compile(r"[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069--[\n\t]]", regex.VERSION1)


@dataclass(frozen=True)
class Options:
    """The global options of one call."""

    sources: Path | None = None
    storage: Path | None = None
    config: Path | None = None


def settings_of(context: typer.Context, **options: Any) -> Settings:  # noqa: ANN401 - a value of any setting
    """The settings of a call: its options, the environment, the configuration file."""
    from assistant.settings import load_settings

    given: Options = context.obj
    return load_settings(given.config, sources=given.sources, storage=given.storage, **options)


def console(*, stderr: bool = False) -> Console:
    """Where to print; plain text when it is not a terminal, and document text never read as markup."""
    from rich.console import Console

    file = sys.stderr if stderr else sys.stdout
    width = None if file.isatty() else _WIDTH_OF_A_FILE
    return Console(file=file, markup=False, highlight=False, emoji=False, soft_wrap=True, width=width)


def printed(text: str) -> str:
    """Text safe to print on a terminal: control characters and changes of direction are shown, not obeyed."""
    return "".join(f"\\u{ord(char):04x}" if _CONTROLS.match(char) else char for char in text)
