"""The texts that the program says or gives to a model, one template file each by purpose and language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import regex

from index.errors import AssistantError, one_line
from index.settings import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jinja2 import Environment, Template

PROMPTS = PROJECT / "prompts"
VARIABLES = {
    "refuse": frozenset({"nearest"}),
    "answer": frozenset({"passages", "question", "language", "fence", "no_answer"}),
    "condense": frozenset({"history", "question"}),
    "title": frozenset({"history"}),
}
"""The variables that the templates of each purpose are given."""
NEEDED = {
    "refuse": frozenset[str](),
    "answer": frozenset({"passages", "question", "fence", "no_answer"}),
    "condense": frozenset({"history", "question"}),
    "title": frozenset({"history"}),
}
"""Those that they must use."""
FALLBACK = "en"
_ROLE = regex.compile(r"^--- (system|user|assistant) ---[ \t]*(?:\n|\Z)", regex.MULTILINE)
_OTHER_ROLE = regex.compile(r"^---+[ \t]*\p{L}+[ \t]*---+[ \t]*$", regex.MULTILINE)
_FAILURES = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
"""What a template raises besides Jinja's own errors: it calls what is no function, or divides by zero."""


class PromptError(AssistantError):
    """A template that is missing or asks for a variable that it is not given."""


@dataclass(frozen=True)
class Prompt:
    """One template file, with a line such as `--- system ---` before each message of a request."""

    purpose: str
    language: str
    text: str

    @property
    def version(self) -> str:
        """The beginning of its SHA-256, so that an answer's stamp tells which wording made it."""
        return sha256(self.text.encode("utf-8")).hexdigest()[:12]

    def render(self, **values: Any) -> str:  # noqa: ANN401 - what the template shows
        """The text with its variables filled in; what is filled in is never read as a template."""
        return "\n\n".join(content for _, content in self.messages(**values))

    def messages(self, **values: Any) -> list[tuple[str, str]]:  # noqa: ANN401
        """Role and content of each message; the template is cut into messages before anything is filled in.

        Raises PromptError.
        """
        from jinja2 import TemplateError

        try:
            return [(role, template.render(**values).strip()) for role, template in self._templates]
        except (TemplateError, *_FAILURES) as error:
            raise PromptError(f"{self._where}: {one_line(error)}") from error

    def checked(self) -> Prompt:
        """Itself. Raises PromptError when it cannot be used."""
        parts = list(self._parts())
        used = {name for _, text, line in parts for name in self._variables(text, line)}
        if unknown := used - VARIABLES[self.purpose]:
            known = ", ".join(sorted(VARIABLES[self.purpose]))
            raise PromptError(f"{self._where}: unknown {min(unknown)!r}: it may use {known}")
        if missing := NEEDED[self.purpose] - used:
            raise PromptError(f"{self._where}: {{{{ {min(missing)} }}}} is missing: put it where it belongs")
        if not any(role == "user" and text.strip() for role, text, _ in parts):
            raise PromptError(f"{self._where}: nothing is said: write it below a line --- user ---")
        return self

    @property
    def _where(self) -> str:
        return f"prompt {self.purpose}/{self.language}.txt"

    @cached_property
    def _templates(self) -> list[tuple[str, Template]]:
        return [(role, _environment().from_string(text)) for role, text, _ in self._parts()]

    def _parts(self) -> Iterator[tuple[str, str, int]]:
        """Role, text and number of the first line of each message. Raises PromptError."""
        pieces = _ROLE.split(self.text)
        texts = pieces[0::2]
        line = 1
        for role, text in zip(("user", *pieces[1::2]), texts, strict=True):
            if role != "user" or text.strip() or text is not texts[0]:
                yield role, text, line
            if wrong := _OTHER_ROLE.search(text):
                line += text.count("\n", 0, wrong.start())
                raise PromptError(f"{self._where}, line {line}: {wrong[0]}: roles are system, user and assistant")
            line += text.count("\n") + 1

    def _variables(self, text: str, line: int) -> set[str]:
        """The variables of a message that begins in a line."""
        from jinja2 import TemplateSyntaxError, meta

        environment = _environment()
        try:
            tree = environment.parse(text)
            # A filter that there is not shows only here.
            environment.compile(tree)
            found: set[str] = meta.find_undeclared_variables(tree)
        except TemplateSyntaxError as error:
            raise PromptError(f"{self._where}, line {line + error.lineno - 1}: {error.message}") from error
        except _FAILURES as error:
            raise PromptError(f"{self._where}: {one_line(error)}") from error
        if list(meta.find_referenced_templates(tree)):
            raise PromptError(f"{self._where}: it includes another file: write everything into this one")
        return found


def _environment() -> Environment:
    """A sandbox: a folder of prompts may be shared, and a template in it must not become a program."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # Plain text, not HTML: the page escapes what it shows.
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, trim_blocks=False)


@lru_cache(maxsize=64)
def prompt(purpose: str, language: str, folder: Path | None = None) -> Prompt:
    """The template of a purpose in a language, else in the language without its script, else in English.

    In each language, a file in `folder`, the user's, goes before the program's own. Raises PromptError.
    """
    for candidate in (language, language.split("-", maxsplit=1)[0], FALLBACK):
        for place in (folder, PROMPTS) if folder else (PROMPTS,):
            path = place / purpose / f"{candidate}.txt"
            # A language is looked up by name, and a name from a question must not become a path.
            if candidate.replace("-", "").isalnum() and path.is_file():
                return _read(purpose, candidate, path)
    raise PromptError(f"no prompt {purpose!r} in {folder or PROMPTS}: install the program again")


def check_prompts(folder: Path) -> int:
    """Check every template in a folder of the user's and give their number. Raises PromptError."""
    if not folder.is_dir():
        raise PromptError(f"there is no folder {folder}: check the setting prompts")
    paths = sorted(folder.glob("*/*.txt"))
    for path in paths:
        if path.parent.name not in VARIABLES:
            raise PromptError(f"{path}: no such purpose: folders are named {', '.join(sorted(VARIABLES))}")
        _read(path.parent.name, path.stem, path)
    return len(paths)


def _read(purpose: str, language: str, path: Path) -> Prompt:
    try:
        return Prompt(purpose, language, path.read_text(encoding="utf-8-sig")).checked()
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path} cannot be read: save it as UTF-8 text") from error
