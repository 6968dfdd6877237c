"""The texts that the program says or gives to a model, one template file each by purpose and language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from index.errors import AssistantError
from index.settings import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2 import Template

PROMPTS = PROJECT / "prompts"
VARIABLES = {"refuse": frozenset({"nearest"})}
"""The variables that the templates of each purpose are given."""
FALLBACK = "en"


class PromptError(AssistantError):
    """A template that is missing or asks for a variable that it is not given."""


@dataclass(frozen=True)
class Prompt:
    """One template file."""

    purpose: str
    language: str
    text: str

    @property
    def version(self) -> str:
        """The beginning of its SHA-256, so that an answer's stamp tells which wording made it."""
        return sha256(self.text.encode("utf-8")).hexdigest()[:12]

    def render(self, **values: Any) -> str:  # noqa: ANN401 - what the template shows
        """The text with its variables filled in; what is filled in is never read as a template."""
        return self._template.render(**values).strip()

    @cached_property
    def _template(self) -> Template:
        from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, meta

        # Plain text, not HTML: the page escapes what it shows.
        environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)  # noqa: S701
        try:
            unknown = meta.find_undeclared_variables(environment.parse(self.text)) - VARIABLES[self.purpose]
            if unknown:
                known = ", ".join(sorted(VARIABLES[self.purpose]))
                raise PromptError(
                    f"prompt {self.purpose}/{self.language}.txt: unknown {min(unknown)!r}: it may use {known}"
                )
            return environment.from_string(self.text)
        except TemplateSyntaxError as error:
            raise PromptError(
                f"prompt {self.purpose}/{self.language}.txt, line {error.lineno}: {error.message}"
            ) from error


@lru_cache(maxsize=64)
def prompt(purpose: str, language: str, folder: Path = PROMPTS) -> Prompt:
    """The template of a purpose in a language, else in the language without its script, else in English.

    Raises PromptError.
    """
    for candidate in (language, language.split("-", maxsplit=1)[0], FALLBACK):
        path = folder / purpose / f"{candidate}.txt"
        # A language is looked up by name, and a name from a question must not become a path.
        if candidate.replace("-", "").isalnum() and path.is_file():
            return Prompt(purpose, candidate, path.read_text(encoding="utf-8"))
    raise PromptError(f"no prompt {purpose!r} in {folder}: install the program again")
