"""Text from documents as a model is given it: data that cannot pass for a message, an order or a delimiter."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import regex

from assistant.writing.markers import CITATION
from assistant.writing.plain import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

_COMMENT = regex.compile(r"<!--.*?-->", regex.DOTALL)
_TAGS = (
    r"s|bos|eos|pad|unk|mask|sop|eop|cls|sep|(?:start|end)_of_(?:turn|image|text)|think|thinking|tools?|tool_(?:call|response)s?"
    r"|im_(?:start|end)|system|user|assistant|reserved_\d+|unused\d+|extra_id_\d+|seed:[a-z_]+|end_of_utterance|用户|AI"
)
_ROLE_TOKENS = regex.compile(
    r"<\|[^|<>\n]{1,40}\|?>|\|>|<\|"
    r"|<[｜▁][^｜<>\n]{1,40}[｜▁]>|<｜|｜>"
    r"|\[/?(?:INST|SYS|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|SYSTEM_PROMPT|THINK|ARGS|CALL_ID|IMG|BOS|EOS"
    r"|gMASK|sMASK|MASK|PAD|UNK|UNUSED_TOKEN_\d+)\]"
    rf"|<</?SYS>>|</?(?:{_TAGS})>|◁/?[a-z]{{1,20}}▷",
    regex.IGNORECASE,
)
_BRACKET = str.maketrans({"<": "‹", ">": "›", "|": "¦", "[": "(", "]": ")", "｜": "¦", "◁": "‹", "▷": "›"})
_MARKER = regex.compile(CITATION, regex.VERBOSE | regex.IGNORECASE)


def for_model(text: str) -> str:
    """A text without hidden characters and comments; tokens of chat templates and citation markers lose their brackets.

    Servers read such tokens in a passage as the beginning of another message, and a model would take a passage's own
    [7] for a citation. What is quoted to the user comes from the source, not from here.
    """
    defused = _ROLE_TOKENS.sub(lambda match: match[0].translate(_BRACKET), _without_comments(visible(text)))
    return _MARKER.sub(lambda match: f"({match['said']})", defused)


def fence_for(texts: Iterable[str]) -> str:
    """A delimiter for these texts: always the same for them, and none of them can hold it."""
    digest = sha256()
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return f"====={digest.hexdigest()[:16]}====="


def _without_comments(text: str) -> str:
    """A comment that never ends hides nothing: it loses its beginning only."""
    # Looked for once: from every beginning to the end of a long text would take minutes.
    closed = text.rfind("-->") + 3 if "-->" in text else 0
    return _COMMENT.sub(" ", text[:closed]) + text[closed:].replace("<!--", " ")
