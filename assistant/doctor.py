"""Checks of what the program needs, each with how to mend it."""

from __future__ import annotations

import platform
import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from assistant.language_model.address import NONE
from index.errors import AssistantError, one_line
from index.vector_store import LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assistant.settings import Settings

_LEAST_DISK = 1_000_000_000
"""Bytes: the unpacked model takes about 480 MB, an index of 10,000 passages about 50 MB."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    finding: str
    mend: str = ""


def checks(settings: Settings) -> Iterator[Check]:
    """Look at machine, model, sources and index, one after the other."""
    yield _machine()
    yield _disk(settings)
    yield _checked("model", lambda: _model(settings))
    yield _checked("reader", lambda: _reader(settings))
    yield _checked("sources", lambda: _sources(settings))
    if settings.ocr != "never":
        yield _checked("ocr", _ocr)
    if settings.vector_store != LOCAL:
        yield _checked("vectors", lambda: _vectors(settings))
    if settings.prompts is not None:
        yield _checked("prompts", lambda: _prompts(settings))
    if settings.llm != NONE:
        yield _checked("llm", lambda: _language_model(settings))
    index = _checked("index", lambda: _index(settings))
    yield index
    if index.ok:
        yield _checked("filters", lambda: _filters(settings))


def _checked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, finding=look())
    except AssistantError as error:
        finding, _, mend = one_line(error).partition(": ")
        return Check(name, ok=False, finding=finding, mend=mend or finding)


def _machine() -> Check:
    finding = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return Check("machine", ok=sys.version_info >= (3, 11), finding=finding, mend="install Python 3.11 or newer")


def _disk(settings: Settings) -> Check:
    folder = next(path for path in (settings.storage, *settings.storage.absolute().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    return Check("disk", ok=free > _LEAST_DISK, finding=f"{free / 1e9:.1f} GB free at {folder}", mend="free some space")


def _model(settings: Settings) -> str:
    from index.embedding import PACKAGED_MODEL, model_folder
    from index.packaged_model import verify_packaged_model

    folder = model_folder(settings.embedding_model, settings.cache)
    if settings.embedding_model == PACKAGED_MODEL:
        verify_packaged_model(folder)
    return f"{settings.embedding_model} in {folder}"


def _reader(settings: Settings) -> str:
    from assistant.scorers import NO_READER, PACKAGED_READER

    if settings.reader == NO_READER:
        return "none: answers are picked by the embedding model alone"
    if settings.reader == PACKAGED_READER:
        from assistant.reader.weights import WEIGHTS

        if not WEIGHTS.is_file():
            raise AssistantError(f"{WEIGHTS} is missing: install the program again, or set `reader` to none")
        from assistant.reader.halves import multiplies_halves

        numbers = "bfloat16, as this processor multiplies it" if multiplies_halves() else "single precision"
        return f"the small reader that comes with the program ({WEIGHTS.stat().st_size / 1e6:.1f} MB), in {numbers}"
    return f"the model {settings.reader}"


def _sources(settings: Settings) -> str:
    from index.catalog import Catalog
    from index.glossary import Glossary

    catalog = Catalog.load(settings.sources)
    glossary = Glossary.load(settings.sources)
    files = catalog.files()
    if not files:
        raise AssistantError(f"no texts in {settings.sources}: put documents there")
    missing = [source_id for source_id, path in files if not path.exists()]
    if missing:
        raise AssistantError(
            f"{missing[0]} is in the catalogue but not in the folder: put it back, or take it out of the catalogue"
        )
    uncatalogued = sum(source_id not in catalog for source_id, _ in files)
    return f"{len(files)} files, {uncatalogued} not in the catalogue, {len(glossary.entries)} glossary entries"


def _ocr() -> str:
    if find_spec("rapidocr") is None:
        raise AssistantError(
            "scanned pages and pictures cannot be read: `pip install 'commit-assistant[ocr]'`, or set `ocr` to never"
        )
    return "scanned pages and pictures are read, in Chinese and English"


def _vectors(settings: Settings) -> str:
    from index.vector_store import vector_store

    segments = vector_store(settings).segment_ids()
    return f"the Chroma server at {settings.vector_store} answers and has {len(segments)} segments of this index"


def _prompts(settings: Settings) -> str:
    from assistant.prompts import check_prompts

    count = check_prompts(settings.prompts) if settings.prompts is not None else 0
    return f"{count} templates in {settings.prompts} take the place of the program's own"


def _language_model(settings: Settings) -> str:
    """Where it is, what it takes, and how fast it writes."""
    from assistant.language_model.model import language_model
    from assistant.language_model.trial import trial

    model = language_model(settings)
    if model is None:
        return "none: the sources are quoted"
    seen = trial(model)
    return (
        f"{seen.name} at {model.host} answers: context {seen.context:,} tokens, first word after "
        f"{seen.first_token:.1f} s, {seen.speed:.1f} tokens/s"
    )


def _index(settings: Settings) -> str:
    from index.changes import pending_changes
    from index.embedding import embedding_fingerprint
    from index.generation import current_generation

    generation = current_generation(settings).get()
    if generation.manifest.embedder != embedding_fingerprint(settings.embedding_model, settings.cache):
        made = generation.manifest.embedding_model
        raise AssistantError(f"made with {made}, not {settings.embedding_model}: run `commit-assistant index`")
    generation.vectors.query(generation.vectors.groups[0], [1.0] + [0.0] * (generation.manifest.dimensions - 1), 1)
    generation.lexical.search(["commit"], 1)
    failed = [entry.source_id for entry in generation.content.ledger() if entry.problem]
    if failed:
        raise AssistantError(
            f"nothing of {failed[0]} is in it ({len(failed)} such sources): `commit-assistant index` says why"
        )
    behind = ", behind the sources: run `commit-assistant index`" if pending_changes(settings).needed else ""
    return f"{generation.id}, {generation.manifest.sources} sources, {generation.manifest.passages} passages{behind}"


def _filters(settings: Settings) -> str:
    """What questions can be narrowed down by; a source without a date never fits a range of dates."""
    from index.generation import current_generation

    content = current_generation(settings).glance().content
    entries = content.entries.values()
    given = ", ".join(
        f"{sum(bool(getattr(entry, key)) for entry in entries)} a {key}" for key in ("date", "type", "publisher")
    )
    return f"of {len(entries)} sources, the catalogue gives {given}; languages {', '.join(content.languages())}"
