"""What a build has to do for every source: found by comparing contents and fingerprints, never names or times."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from index.fingerprints import UNREADABLE, file_hash
from index.readers.options import ReadingOptions
from index.reading import reader_fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from index.catalog import Catalog
    from index.ledger import LedgerEntry


class Step(StrEnum):
    """Where the work on a source begins; everything before is taken over."""

    READ = "read"
    """Its file is read."""
    SPLIT = "split"
    """Its Document is taken over and split again."""
    KEEP = "keep"
    """Everything is taken over."""


class Kind(StrEnum):
    """What happened to a source since the index in use was made."""

    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class SourcePlan:
    """One source: what happened to it and where the work on it begins."""

    source_id: str
    path: Path
    file_hash: str
    reader: str
    """Fingerprint of what reads it."""
    kind: Kind
    step: Step
    before: str = ""
    """The source of the index in use whose Document it takes over; with another name when it was renamed."""
    duplicate_of: str = ""
    """The first source with the same bytes, if that is another one."""


@dataclass(frozen=True)
class Plan:
    """Every source of a folder, ordered by id, and those that are there no more."""

    sources: tuple[SourcePlan, ...]
    removed: tuple[str, ...] = ()
    hashes: dict[str, str] = field(default_factory=dict)
    """File hashes by source id."""

    @property
    def work(self) -> tuple[SourcePlan, ...]:
        """The sources that something is to be done for."""
        return tuple(source for source in self.sources if source.step is not Step.KEEP)


def reading_options(ocr: str) -> ReadingOptions:
    """How files are read, by the setting `ocr`."""
    return ReadingOptions(ocr=ocr)  # type: ignore[arg-type]


def make_plan(
    catalog: Catalog, before: Mapping[str, LedgerEntry], options: ReadingOptions, splitter: str, *, anew: bool = False
) -> Plan:
    """Compare the files with what an earlier build made of them (`before`, by source id); every file is hashed.

    `splitter` is the fingerprint of splitting now; `anew` takes nothing over.
    """
    files = catalog.files()
    hashes = {source_id: file_hash(path) for source_id, path in files}
    firsts: dict[str, str] = {}
    for source_id, one in hashes.items():
        if one != UNREADABLE:
            firsts.setdefault(one, source_id)
    earlier: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in before.values():
        earlier[entry.file_hash].append(entry)
    gone = {source_id for source_id in before if source_id not in hashes}
    planned = []
    for source_id, path in files:
        reader = reader_fingerprint(path, options)
        same = before.get(source_id)
        kind, origin = Kind.UNCHANGED, same
        if same is None or same.file_hash != hashes[source_id]:
            kind, origin = _origin(hashes[source_id], earlier, gone, known=same is not None)
        step = Step.READ if anew else _step(source_id, origin, reader, splitter)
        planned.append(
            SourcePlan(
                source_id=source_id,
                path=path,
                file_hash=hashes[source_id],
                reader=reader,
                kind=kind,
                step=step,
                before=origin.source_id if origin else "",
                duplicate_of=_other(firsts.get(hashes[source_id], ""), source_id),
            )
        )
    return Plan(tuple(planned), tuple(sorted(gone)), hashes)


def _origin(
    one: str, earlier: Mapping[str, list[LedgerEntry]], gone: set[str], *, known: bool
) -> tuple[Kind, LedgerEntry | None]:
    """A source with these bytes in the index in use: renamed when it is gone under its old name, else copied."""
    same = earlier.get(one, []) if one != UNREADABLE else []
    left = [entry for entry in same if entry.source_id in gone]
    if left and not known:
        gone.discard(left[0].source_id)
        return Kind.RENAMED, left[0]
    return (Kind.CHANGED if known else Kind.ADDED), (same[0] if same else None)


def _step(source_id: str, origin: LedgerEntry | None, reader: str, splitter: str) -> Step:
    if origin is None or origin.reader != reader:
        return Step.READ
    if origin.source_id != source_id:
        return Step.READ if origin.problem else Step.SPLIT
    if origin.problem:
        return Step.KEEP
    return Step.KEEP if origin.splitter == splitter else Step.SPLIT


def _other(first: str, source_id: str) -> str:
    return "" if first == source_id else first
