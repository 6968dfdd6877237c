"""Settings of the index: where the sources lie, where the index goes, how it is made."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_cache_path
from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PROJECT = Path(__file__).resolve().parent.parent
"""The checkout that holds the packages: the default home of `sources/` and `storage/`."""


def default_cache() -> Path:
    """The user's cache folder, where the packaged embedding model is unpacked once."""
    return user_cache_path("commit-assistant")


class IndexSettings(BaseSettings):
    """What decides which index is built, each also a variable `COMMIT_ASSISTANT_<NAME>`.

    Order of precedence: what the caller passes (command line options), environment, configuration file, default.
    Unknown names in a configuration file are refused.
    """

    model_config = SettingsConfigDict(env_prefix="COMMIT_ASSISTANT_", extra="forbid", frozen=True)

    sources: Path = Field(PROJECT / "sources", description="folder of the source texts")
    storage: Path = Field(PROJECT / "storage", description="folder of the index")
    cache: Path = Field(default_factory=default_cache, description="folder where the packaged model is unpacked")
    embedding_model: str = Field(
        "multilingual-e5-small",
        min_length=1,
        description="the packaged model, or the name or folder of any sentence-transformers model on this machine",
    )
    embedding_batch: Annotated[int, Field(ge=1, le=512, description="passages embedded at once")] = 16
    passage_tokens: Annotated[int, Field(ge=32, le=480, description="longest passage, in tokens of the model")] = 256
    ocr: Annotated[
        Literal["auto", "never", "always"],
        Field(description="pages read off their picture: those without usable text, none, or all"),
    ] = "auto"
    vector_store: str = Field(
        "local",
        pattern=r"^(local|https?://[^\s/]+/?)$",
        description="where vectors are kept: local, or the address of a Chroma server, http://host:port",
    )
    vector_store_token: SecretStr | None = Field(None, description="token that the Chroma server asks for")
    keep_generations: Annotated[int, Field(ge=1, le=50, description="finished indexes kept, the newest included")] = 3

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options, then environment, then the configuration file; no `.env`, which a user may not know to be there."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
