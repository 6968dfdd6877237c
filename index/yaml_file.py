"""YAML files that people write: read with the line of every value, so that an error can name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.errors import AssistantError, one_line

if TYPE_CHECKING:
    from pathlib import Path


class YamlFileError(AssistantError):
    """A file that is not YAML in UTF-8."""


def load_yaml(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """The content of a YAML 1.2 file, with positions for `location_of`; dates stay as they were written.

    Raises YamlFileError with file and line.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="rt")
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise YamlFileError(
            f"{path}:{line}: not valid YAML ({one_line(Exception(error.problem or 'cannot be read'))})"
        ) from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise YamlFileError(f"{path}: not YAML in UTF-8 ({one_line(error)})") from error
    except OSError as error:
        raise YamlFileError(
            f"{path} cannot be read ({error.strerror}): check that it is there and may be read"
        ) from error


def location_of(data: Any, path: tuple[int | str, ...]) -> int:  # noqa: ANN401 - whatever YAML gave
    """The line, from 1, where the value at a path of keys and indexes begins; of the nearest parent that has one."""
    line = 1
    for step in path:
        marks = getattr(data, "lc", None)
        try:
            if marks is not None:
                line = (marks.item(step) if isinstance(step, int) else marks.key(step))[0] + 1
            data = data[step]
        except (KeyError, IndexError, TypeError, AttributeError):
            return line
    return line
