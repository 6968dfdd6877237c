"""Policy documents invented for training, with questions in seven languages: near misses where nothing answers.

The public sets have hardly a question in another language than its passage, none in Khmer, Lao or Burmese, and are made
of encyclopedias. These are minutes, agreements, work plans, newsletters and lists, whose passages resemble each other.
Organisations, persons, places and figures in them are invented, by a language model; nothing is taken from the sources
or from the question sets that measure.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evals.reader.data import WRITTEN, Corpus, Paragraph, Question

NAME = WRITTEN
FOLDER = Path(__file__).with_name("written_texts")
_KEPT = "held-out"
"""What the names of files begin with that train nothing."""


def written_corpus(*, held_out: bool, folder: Path = FOLDER) -> Corpus:
    """The documents that are held out, or the others.

    A file has a document a line: its title, its language and its passages, each with questions `asked` in several
    languages and one `answer`, a part of the passage's text, or null; `series` says that its title alone tells it from
    others of the file. Raises ValueError when an answer is not in its passage.
    """
    whole = Corpus({}, [])
    for path in sorted(folder.glob("*.jsonl")):
        if path.name.startswith(_KEPT) is held_out:
            for line in path.read_text(encoding="utf-8").splitlines():
                _add(whole, path.stem, json.loads(line))
    return whole


def _add(corpus: Corpus, file: str, document: dict[str, Any]) -> None:
    language = document["language"]
    for number, passage in enumerate(document["passages"]):
        key, text = (NAME, f"{file}/{document['title']}", number), passage["text"]
        corpus.paragraphs[key, language] = Paragraph(key, language, text, document.get("series", False))
        for at, question in enumerate(passage["questions"]):
            answer, name = question["answer"], f"{key[1]}/{number}/{at}"
            answers = {} if answer is None else {language: (text.index(answer), answer)}
            for asked, wording in question["asked"].items():
                corpus.questions.append(Question(name, key, asked, wording, answers))
