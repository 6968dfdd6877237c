"""Which language model the settings name."""

from __future__ import annotations

import pytest

from assistant.language_model.address import Kind, model_address
from assistant.language_model.model import language_model
from assistant.settings import load_settings
from index.errors import WrongCallError


def _address(llm, **options):
    return model_address(load_settings(llm=llm, **options))


@pytest.mark.parametrize("llm", ["none", "", "  "])
def test_no_model_is_named_by_default_or_by_none(llm):
    assert model_address(load_settings()) is None
    assert _address(llm) is None
    assert language_model(load_settings(llm=llm)) is None


def test_an_address_is_that_of_a_server_like_openais_and_loses_its_last_slash():
    address = _address(" https://models.example.org:8443/v1/ ", llm_model="large")
    assert (address.kind, address.url, address.model) == (
        Kind.OPENAI_LIKE,
        "https://models.example.org:8443/v1",
        "large",
    )
    assert address.host == "models.example.org:8443"
    assert not address.loopback


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.0.0.2", "[::1]"])
def test_this_machine_is_known_by_all_its_names(host):
    assert _address(f"http://{host}:8080/v1").loopback
    assert not _address(f"http://{host.strip('[]:')}.example.org:8080/v1").loopback


def test_an_ollama_model_keeps_the_colon_of_its_tag_and_may_be_named_by_llm_model():
    address = _address("ollama:qwen3:8b")
    assert (address.kind, address.model, address.host) == (Kind.OLLAMA, "qwen3:8b", "127.0.0.1:11434")
    other = _address("ollama:", llm_model="small", ollama_url="http://box:11434/")
    assert (other.model, other.url, other.loopback) == ("small", "http://box:11434", False)


def test_a_model_file_is_shown_by_its_name_alone(tmp_path):
    path = tmp_path / "模型 7B.gguf"
    path.write_bytes(b"GGUF")
    address = _address(f"gguf:{path}")
    assert (address.kind, address.model, address.host, address.path) == (Kind.GGUF, "模型 7B", "模型 7B.gguf", path)
    assert address.loopback


def test_a_file_in_the_home_folder_may_be_written_with_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    assert _address("gguf:~/m.gguf").path == tmp_path / "m.gguf"


@pytest.mark.parametrize(
    "llm",
    [
        "127.0.0.1:8080",
        "ftp://x/v1",
        "http://",
        "http:///v1",
        "http://[",
        "http://x:99999/v1",
        "http://x:0/v1",
        "http://x/v1#part",
        "http://x y/v1",
        "http://x/v1\nHost: y",
        "http://x\\@y/v1",
        "file:///etc/passwd",
        "gpt-9",
    ],
)
def test_what_is_no_address_is_told_with_what_may_stand_there(llm):
    with pytest.raises(WrongCallError) as raised:
        _address(llm)
    assert str(raised.value) == (
        "setting llm names no language model: give `none`, an address like http://127.0.0.1:8080/v1, ollama:NAME, "
        "or gguf:/path/to/model.gguf"
    )


def test_an_address_of_ollama_that_is_none_is_told_as_that_setting():
    with pytest.raises(WrongCallError) as raised:
        _address("ollama:small", ollama_url="box:11434")
    assert str(raised.value) == (
        "setting ollama_url names no language model: give an address like http://127.0.0.1:11434"
    )


@pytest.mark.parametrize("url", ["http://me:s3cret@x/v1", "http://s3cret@x/v1", "http://x/v1?key=s3cret"])
@pytest.mark.parametrize("setting", ["llm", "ollama_url"])
def test_a_secret_in_an_address_is_refused_and_not_repeated(setting, url):
    with pytest.raises(WrongCallError) as raised:
        _address(**{"llm": "ollama:small", setting: url})
    assert str(raised.value) == f"setting {setting}: put the key into llm_key, not into the address"


@pytest.mark.parametrize("key", ["s3cret\n\nmore", "s3crét", "s3cret\x00"])
def test_a_key_that_no_header_can_hold_is_refused_and_not_repeated(key):
    with pytest.raises(WrongCallError) as raised:
        language_model(load_settings(llm="http://127.0.0.1:9/v1", llm_key=key))
    assert str(raised.value) == "setting llm_key: a key has no such characters: copy it once more"


@pytest.mark.parametrize(
    ("llm", "said"),
    [
        ("ollama:", "setting llm: name the model after ollama:, as in ollama:qwen3:8b"),
        ("gguf:/no/such.gguf", "setting llm: there is no file /no/such.gguf: check the path after gguf:"),
        ("gguf:", "setting llm: there is no file .: check the path after gguf:"),
    ],
)
def test_half_a_name_is_told(llm, said):
    with pytest.raises(WrongCallError) as raised:
        _address(llm)
    assert str(raised.value) == said
