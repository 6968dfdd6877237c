"""What the stages of a build share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.build import Making, Progress
    from index.generation import Generation
    from index.unfinished import UnfinishedWork
    from index.vector_store import VectorStore


@dataclass(frozen=True)
class Workbench:
    """What is made and how, where vectors are kept, and what there is already."""

    making: Making
    store: VectorStore
    before: Generation | None
    """The index in use, to take over what has not changed; None: nothing is taken over."""
    unfinished: UnfinishedWork
    progress: Progress

    @property
    def same_model(self) -> Generation | None:
        """The index in use, when its vectors are of the same model."""
        before = self.before
        return before if before is not None and before.manifest.embedder == self.making.embedder else None
