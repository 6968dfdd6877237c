"""The first stage of a build: what has changed is read and split into the new generation's content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.plan import Step
from index.source_splitting import SourceSplitter, known_entry, split_passages

if TYPE_CHECKING:
    from index.build import Making
    from index.content_writer import ContentWriter
    from index.generation import Generation
    from index.ledger import LedgerEntry
    from index.plan import Plan
    from index.workbench import Workbench


def read_and_split(bench: Workbench, writer: ContentWriter, plan: Plan) -> tuple[LedgerEntry, ...]:
    """Bring the content up to date, source by source; give the ledger, ordered by source id.

    A source that cannot be read is a problem in the ledger.
    """
    making, before = bench.making, bench.before
    splitter = SourceSplitter(bench)
    ledger = {entry.source_id: entry for entry in before.content.ledger()} if before else {}
    for source_id in ledger.keys() - plan.hashes.keys():
        writer.drop(source_id)
    found = []
    for done, source in enumerate(plan.sources):
        bench.progress("reading", done, len(plan.sources))
        if source.step is Step.KEEP:
            _redescribe(making, writer, before, ledger[source.source_id])
            found.append(ledger[source.source_id])
            continue
        split = splitter.split(source)
        if split.document is None or split.entry is None:
            writer.drop(source.source_id)
        else:
            writer.put(split.document, split.entry, split_passages(split.passages, making.ocr_spellings))
        writer.note(split.ledger)
        found.append(split.ledger)
    bench.progress("reading", len(plan.sources), len(plan.sources))
    return tuple(found)


def _redescribe(making: Making, writer: ContentWriter, before: Generation | None, made: LedgerEntry) -> None:
    """Bring up to date what the catalogue says about a source that has not changed."""
    source_id = made.source_id
    entry = before.content.entries.get(source_id) if before else None
    if before is None or entry is None:
        return
    if source_id in making.catalog:
        now = making.catalog.entry(source_id)
    else:
        now = known_entry(making.catalog, before.content.document(source_id), tuple(made.languages))
    if now != entry:
        writer.describe(source_id, now)
