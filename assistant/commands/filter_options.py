"""The options `--language`, `--since` … of the commands that take questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.filters import Filters

Languages = Annotated[
    list[str] | None,
    typer.Option("--language", metavar="TAG", help="Only passages in this language, such as zh; may be repeated."),
]
Since = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only sources of this date or later: 2007, 2007-12 or 2007-12-14."),
]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Only sources of this date or earlier.")]
Types = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="TYPE", help="Only sources of this type, as in the catalogue; may be repeated."),
]
Publishers = Annotated[
    list[str] | None,
    typer.Option("--publisher", metavar="NAME", help="Only what this publisher, or a part of the name, published."),
]
SourceIds = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="ID", help="Only this source, folder (minutes/) or glob (*2007*)."),
]


def filters_of(
    *,
    languages: list[str] | None,
    since: str | None,
    until: str | None,
    types: list[str] | None,
    publishers: list[str] | None,
    sources: list[str] | None,
) -> Filters:
    """The filters that the options of a call give. Raises WrongCallError for what cannot be meant."""
    from assistant.filters import Filters

    given = {
        "languages": languages,
        "since": since,
        "until": until,
        "types": types,
        "publishers": publishers,
        "sources": sources,
    }
    return Filters.of({key: value for key, value in given.items() if value})
