"""HTML from templates: everything filled in is escaped, and what comes out is checked against a short list of tags."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent / "templates"
_TAGS = frozenset(
    {
        *(
            "a",
            "b",
            "bdi",
            "blockquote",
            "button",
            "cite",
            "details",
            "div",
            "h1",
            "h2",
            "p",
            "small",
            "span",
            "strong",
        ),
        *("summary", "table", "tbody", "td", "textarea", "th", "thead", "tr"),
    }
)
_ATTRIBUTES = {
    "*": {"class", "lang", "dir", "title", "aria-label", "aria-hidden", "role"},
    "a": {"href"},
    "button": {"type", "aria-pressed", "data-reason"},
    "div": {"data-answer", "data-kept", "data-gone", "data-lost"},
    "textarea": {"rows", "maxlength", "placeholder"},
    "th": {"scope"},
}


@lru_cache
def environment() -> Environment:
    """The templates of the page. Everything filled in is escaped, whatever the file is called."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(FOLDER, encoding="utf-8")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def document(template: str, **values: Any) -> str:  # noqa: ANN401 - what the template shows
    """A whole HTML page of our own, such as the source viewer."""
    return environment().get_template(template).render(**values)


def fragment(template: str, **values: Any) -> str:  # noqa: ANN401 - what the template shows
    """HTML for a message of the conversation: cleaned once more, and on one line.

    Gradio reads messages as Markdown and tidies their white space (`inspect.cleandoc`). A line that begins with `<div`
    and is not followed by another is left alone by both, so line ends and tabs go out as character references.
    """
    import nh3

    html = environment().get_template(template).render(**values)
    # Half a surrogate pair cannot be sent anywhere; it is the only text that is not shown as it is.
    html = html.encode("utf-8", errors="replace").decode("utf-8")
    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(),
        link_rel=None,
    )
    for character, reference in (("\n", "&#10;"), ("\r", "&#13;"), ("\t", "&#9;")):
        clean = clean.replace(character, reference)
    return clean
