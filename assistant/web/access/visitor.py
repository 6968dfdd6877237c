"""Who asks: what the gate found out about a request, for the routes behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast, get_args

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any

Role = Literal["reader", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
_KEY = "commit_assistant.visitor"


@dataclass(frozen=True)
class Visitor:
    """Somebody whom the gate let in."""

    name: str
    """Empty where there are no accounts."""
    role: Role
    key: str
    """Names the login or the token that came with the request; what one began, no other may go on with."""

    @property
    def may_index(self) -> bool:
        """Whether they may bring the index up to date."""
        return self.role == "admin"


ANYBODY = Visitor("", "admin", "")
"""Where there are no accounts, everybody who reaches the page may do everything."""


def remember(scope: MutableMapping[str, Any], visitor: Visitor) -> None:
    """Note down who asks, for the routes."""
    scope[_KEY] = visitor


def visitor_of(scope: MutableMapping[str, Any]) -> Visitor:
    """Who asks. Raises KeyError when no gate stands before the route: nobody is let in by mistake."""
    return cast("Visitor", scope[_KEY])
