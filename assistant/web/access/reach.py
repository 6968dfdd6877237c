"""Who can reach the page, and whether that needs accounts."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.web.access.accounts import Accounts
from index.errors import WrongCallError

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.datastructures import Headers

    from assistant.settings import Settings

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


def accounts_path(settings: Settings) -> Path:
    """Where the accounts are: where the settings say, else in a folder beside the index."""
    return settings.accounts or settings.storage.absolute().parent / "accounts" / "accounts.sqlite"


def accounts_of(settings: Settings) -> Accounts | None:
    """The accounts that guard the page; None where there is neither a file of them nor the setting."""
    accounts = Accounts(accounts_path(settings))
    return accounts if settings.accounts is not None or accounts.file.exists() else None


def check_reach(settings: Settings, address: str) -> None:
    """Refuse to serve on an address that others reach without accounts: WrongCallError that says what to do."""
    accounts = accounts_of(settings)
    if accounts is None:
        if not settings.open_to_all and not is_loopback(address):
            raise WrongCallError(
                f"everybody in the network could use the page on {settings.host}: add accounts with "
                "`commit-assistant users add NAME`, or let everybody in with --open-to-all"
            )
        return
    path = accounts.file.path
    if settings.open_to_all:
        raise WrongCallError(f"there are accounts in {path}: leave out open_to_all, or move that file away")
    if not accounts.all():
        raise WrongCallError(f"there are no accounts in {path} yet: add one with `commit-assistant users add NAME`")


def for_this_machine_alone(settings: Settings) -> bool:
    """Whether the page is open because nobody else is meant to reach it."""
    return accounts_of(settings) is None and not settings.open_to_all


def is_loopback(host: str) -> bool:
    """Whether an address, or the name localhost, means this machine to itself."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def host_is_loopback(headers: Headers) -> bool:
    """Whether the browser was told to open this machine: not a name that somebody else made lead here."""
    try:
        return is_loopback(urlsplit(f"//{headers.get('host', '')}").hostname or "")
    except ValueError:
        return False


def from_elsewhere(method: str, headers: Headers) -> bool:
    """Whether a page of another site has a browser send what may change something.

    Browsers say so by `Sec-Fetch-Site` over https and on this machine, else by `Origin`; programs say neither.
    """
    if method in _SAFE:
        return False
    if (site := headers.get("sec-fetch-site")) is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    try:
        return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    except ValueError:
        return True
