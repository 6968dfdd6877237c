"""All settings of the program: those of the index and those of answering."""

from __future__ import annotations

import tomllib
from pathlib import Path  # noqa: TC003 - pydantic needs it when it runs
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from index.errors import WrongCallError, one_line
from index.settings import IndexSettings


class Settings(IndexSettings):
    """Every setting, each also a variable `COMMIT_ASSISTANT_<NAME>` and a key of the configuration file (TOML)."""

    candidates: Annotated[
        int, Field(ge=5, le=200, description="windows that each retriever looks at, per language")
    ] = 40
    passages: Annotated[int, Field(ge=1, le=50, description="passages an answer is made from")] = 8
    answer_length: Annotated[
        int, Field(ge=100, le=5000, description="longest answer in characters, lists excepted")
    ] = 500
    answering: Annotated[
        Literal["cautious", "balanced", "eager"],
        Field(description="whether it rather refuses or rather answers when the evidence is thin"),
    ] = "balanced"
    evidence_floor: Annotated[
        float | None, Field(ge=0, le=1, description="least evidence for an answer, 0 to 1, instead of `answering`")
    ] = None
    reader: str = Field(
        "packaged",
        min_length=1,
        description="what reads the first passages closely: packaged, none, or the name or folder of a cross-encoder "
        "or question-answering model",
    )
    llm: str = Field(
        "none",
        description="what writes answers: none (sources are quoted), the address of an OpenAI-compatible server "
        "(http://127.0.0.1:8080/v1), ollama:NAME, or gguf:/path/to/model.gguf",
    )
    llm_model: str = Field("", description="the model's name at that server; may be left out when it has only one")
    llm_key: SecretStr | None = Field(None, description="the key that the language model's server asks for")
    ollama_url: str = Field("http://127.0.0.1:11434", description="address of the Ollama server")
    llm_context: Annotated[
        int | None, Field(ge=1024, le=4_000_000, description="tokens the model takes, instead of what its server says")
    ] = None
    llm_reply: Annotated[int, Field(ge=50, le=16_000, description="longest reply of the model in tokens")] = 800
    llm_timeout: Annotated[
        float, Field(gt=0, le=3600, description="seconds without a word after which the model is given up")
    ] = 120.0
    unsupported: Annotated[
        Literal["mark", "leave_out"],
        Field(description="what is done with written sentences that the sources do not support"),
    ] = "mark"
    prompts: Path | None = Field(None, description="folder whose prompts take the place of the program's own")
    longest_question: Annotated[int, Field(ge=100, le=100_000, description="longest question in characters")] = 2000
    index_button: bool = Field(
        default=False, description="whether the library page has a button that brings the index up to date"
    )
    uploads: bool = Field(
        default=False, description="whether the library page takes documents, where `index_button` is on too"
    )
    upload_limit: Annotated[
        int, Field(ge=1, le=2000, description="largest document that the library page takes, in MB")
    ] = 50
    accounts: Path | None = Field(
        None, description="file of the accounts; without it accounts/accounts.sqlite beside the storage folder, if any"
    )
    session_hours: Annotated[float, Field(ge=0.1, le=2160, description="hours after which a login ends")] = 12.0
    open_to_all: bool = Field(
        default=False, description="whether everybody who can reach the page may use it, beyond this machine too"
    )
    page_language: Annotated[
        str, Field(pattern=r"^(auto|[a-z]{2,3})$", description="language of the page; auto asks the browser")
    ] = "auto"
    host: str = Field("127.0.0.1", min_length=1, description="address the page is served on")
    port: Annotated[int, Field(ge=1, le=65535, description="port the page is served on")] = 7860


def load_settings(config: Path | None = None, **options: Any) -> Settings:  # noqa: ANN401 - a value of any setting
    """Settings from options, environment and a configuration file, in this order; options that are None are left out.

    Raises WrongCallError that names the setting that cannot be used, and why.
    """
    given = {name: value for name, value in options.items() if value is not None}
    if config is not None and not config.is_file():
        raise WrongCallError(f"no configuration file at {config}: check the path after --config")

    class Configured(Settings):
        model_config = SettingsConfigDict(toml_file=config)

    try:
        return Configured(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            raise WrongCallError(f"unknown setting {name!r}: known are {', '.join(Settings.model_fields)}") from error
        raise WrongCallError(f"setting {name} = {first['input']!r}: {one_line(Exception(first['msg']))}") from error
    except (tomllib.TOMLDecodeError, SettingsError, UnicodeDecodeError) as error:
        raise WrongCallError(f"{config or 'environment'}: {one_line(error)}") from error
