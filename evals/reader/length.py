"""How long a training is."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Length:
    """Until so many minutes are trained or so many groups seen, whichever is first.

    By the clock a run takes as long as there is; by groups, two runs on a machine with other work learn the same.
    """

    minutes: float = math.inf
    groups: float = math.inf

    def done(self, seconds: float, groups: int) -> float:
        """The share that is over after so many seconds and groups of this run; 1 and more: it ends."""
        return max(seconds / (60 * self.minutes), groups / self.groups)
