"""Failed logins, which make the next ones wait."""

from __future__ import annotations

import ipaddress
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_FORGOTTEN = 3600.0
"""Seconds without a failure after which all are forgotten."""
_KEYS = 10_000
"""Names or addresses kept in mind."""


@dataclass
class _Failures:
    count: int
    last: float


class Waits:
    """How long a name, or an address, has to wait: the first failures are free, each further one doubles the wait."""

    def __init__(self, free: int, longest: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`free` failures without a wait; no wait is longer than `longest` seconds."""
        self._free, self._longest, self._clock = free, longest, clock
        self._failures: dict[str, _Failures] = {}

    def wait(self, key: str) -> float:
        """Seconds until the next try; 0 when it may be made now."""
        failures, now = self._failures.get(key), self._clock()
        if failures is None or failures.count < self._free or now - failures.last > _FORGOTTEN:
            return 0.0
        pause = min(self._longest, 2.0 ** min(failures.count - self._free, 30))
        return max(0.0, failures.last + pause - now)

    def begin(self, key: str) -> None:
        """Count a try as failed before it is looked at: many at once would all find the way free."""
        now = self._clock()
        failures = self._failures.pop(key, None)
        count = 0 if failures is None or now - failures.last > _FORGOTTEN else failures.count
        # Taken out and put in again, so that the first key is the one whose last failure is longest ago.
        self._failures[key] = _Failures(count + 1, now)
        if len(self._failures) > _KEYS:
            del self._failures[next(iter(self._failures))]

    def undo(self, key: str) -> None:
        """The try that was begun has not failed."""
        if (failures := self._failures.get(key)) is not None:
            failures.count -= 1

    def forget(self, key: str) -> None:
        """All failures are forgiven."""
        self._failures.pop(key, None)


class Attempts:
    """The waits of names and of addresses together; used from the event loop alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        # An office may share an address. A name's wait stays short enough that nobody is kept out for long on purpose.
        self._names = Waits(free=5, longest=300, clock=clock)
        self._addresses = Waits(free=20, longest=900, clock=clock)

    def begin(self, name: str, address: str) -> float:
        """Begin a try and give 0, or give the seconds to wait and begin none."""
        network = network_of(address)
        wait = max(self._names.wait(name), self._addresses.wait(network))
        if wait == 0:
            self._names.begin(name)
            self._addresses.begin(network)
        return wait

    def succeeded(self, name: str, address: str) -> None:
        """The try that was begun was right. The address keeps its other failures, which may be of other names."""
        self._names.forget(name)
        self._addresses.undo(network_of(address))


def network_of(address: str) -> str:
    """An address as it is counted: one machine has all the IPv6 addresses of a /64."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else address
