"""What has changed since the index in use was made, and so what an index run does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.build import Making
from index.errors import DamagedIndexError
from index.fingerprints import corpus_fingerprint
from index.generation import NoIndexError, current_generation
from index.plan import Kind, Step, make_plan, reading_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.generation import Manifest
    from index.plan import Plan
    from index.settings import IndexSettings


@dataclass(frozen=True)
class Changes:
    """Source ids by what happened to their files since the index in use was built."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    """Old and new id; everything about them is taken over."""
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    """A source and the first one with the same bytes."""
    read: tuple[str, ...] = ()
    """Sources whose files are read."""
    split: tuple[str, ...] = ()
    """Sources whose Documents are taken over and split again."""
    settings: tuple[str, ...] = ()
    """What else differs, in words: splitting, embedding model …"""
    everything: bool = False
    """There is no index: every source is done anew."""
    descriptions: bool = False
    """The catalogue's entries or the glossary have changed, and no source has."""

    @property
    def count(self) -> int:
        """Sources that differ."""
        return len(self.added) + len(self.changed) + len(self.renamed) + len(self.removed)

    @property
    def needed(self) -> bool:
        """Whether an index run would do anything."""
        return bool(self.count or self.read or self.split or self.settings) or self.everything or self.descriptions

    def by_kind(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The kinds of change with their sources."""
        yield "added", self.added
        yield "changed", self.changed
        yield "renamed", tuple(f"{new} (was {old})" for old, new in self.renamed)
        yield "removed", self.removed
        yield "duplicate", tuple(f"{one} (same as {first})" for one, first in self.duplicates)


def pending_changes(settings: IndexSettings) -> Changes:
    """Compare the sources folder with the index in use, by content. Raises AssistantError."""
    making = Making.of(settings)
    try:
        generation = current_generation(settings).glance()
        ledger = {entry.source_id: entry for entry in generation.content.ledger()}
        manifest = generation.manifest
    except (NoIndexError, DamagedIndexError):
        ledger, manifest = {}, None
    plan = make_plan(making.catalog, ledger, reading_options(settings.ocr), making.splitter)
    return changes_of(plan, manifest, making)


def changes_of(plan: Plan, before: Manifest | None, making: Making) -> Changes:
    """A plan as what has changed since a generation was made."""

    def of(kind: Kind) -> tuple[str, ...]:
        return tuple(source.source_id for source in plan.sources if source.kind is kind)

    differing = sum(source.kind is not Kind.UNCHANGED for source in plan.sources) + len(plan.removed)
    settings = _differences(before, making) if before else ()
    same_texts = not differing and not settings
    return Changes(
        added=of(Kind.ADDED),
        changed=of(Kind.CHANGED),
        renamed=tuple((one.before, one.source_id) for one in plan.sources if one.kind is Kind.RENAMED),
        removed=plan.removed,
        unchanged=of(Kind.UNCHANGED),
        duplicates=tuple((one.source_id, one.duplicate_of) for one in plan.sources if one.duplicate_of),
        read=tuple(source.source_id for source in plan.sources if source.step is Step.READ),
        split=tuple(source.source_id for source in plan.sources if source.step is Step.SPLIT),
        settings=settings,
        everything=before is None,
        descriptions=bool(before and same_texts and before.corpus != corpus_fingerprint(making.catalog, plan.hashes)),
    )


def _differences(before: Manifest, making: Making) -> tuple[str, ...]:
    found = []
    if before.embedder != making.embedder:
        found.append("the embedding model")
    elif before.splitter != making.splitter:
        found.append("how texts are split or searched")
    if before.vector_store != making.settings.vector_store:
        found.append("where vectors are kept")
    return tuple(found)
