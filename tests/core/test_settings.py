"""Settings: every mistake at once, each with its remedy; no secret has a default."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from core.installation import write_secrets
from core.settings import (
    PREFIX,
    SECRET_VARIABLES,
    VARIABLES,
    Settings,
    SettingsError,
    for_plugin,
    load,
)


def problems(**variables: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load({PREFIX + name.upper(): value for name, value in variables.items()})
    return caught.value.problems


def test_without_any_variable_it_is_sqlite_on_this_machine() -> None:
    settings = load({})

    assert settings.embedded
    assert not settings.secure
    assert (settings.data, settings.origin) == (Path("data"), "http://127.0.0.1:8000")
    assert settings.certificate_origin == settings.origin
    assert settings.sqlite_path == Path("data/jiangxin.sqlite")


def test_an_unknown_variable_offers_the_nearest_and_lists_the_known(tmp_path: Path) -> None:
    found = problems(orgin="https://a.example")

    assert len(found) == 1
    assert "JIANGXIN_ORGIN is not a setting. Did you mean JIANGXIN_ORIGIN?" in found[0]
    assert all(variable in found[0] for variable in [*VARIABLES, *SECRET_VARIABLES.values()])


def test_all_mistakes_are_told_at_once() -> None:
    found = problems(
        origin="https://a.example/contests",
        port="99999",
        database_url="mysql://x",
        redis_url="http://x",
        strict_plugins="perhaps",
        languages="en,fr",
        nonsense="1",
    )

    assert len(found) == 7
    assert "JIANGXIN_PORT is '99999': write a number between 1 and 65535." in found


@pytest.mark.parametrize("name", ["origin", "certificate_origin"])
def test_http_is_for_this_machine_only(name: str) -> None:
    assert "http is for this machine only" in problems(**{name: "http://contest.example"})[0]
    assert load({PREFIX + name.upper(): "http://localhost:9000"})
    assert load({PREFIX + name.upper(): "https://contest.example"})


def test_https_makes_cookies_secure_and_the_port_makes_the_local_origin() -> None:
    assert load({"JIANGXIN_ORIGIN": "https://contest.example/"}).secure
    assert load({"JIANGXIN_ORIGIN": "https://contest.example/"}).origin == "https://contest.example"
    assert load({"JIANGXIN_PORT": "8100"}).origin == "http://127.0.0.1:8100"


def test_variables_of_tests_and_of_plugins_are_no_mistakes() -> None:
    settings = load(
        {
            "JIANGXIN_TEST_SCALE": "0.05",
            "JIANGXIN_PLUGIN_WOOD_CARVING_FILES": "/srv/files",
            "JIANGXIN_PLUGIN_WOOD_URL": "x",
            "HOME": "/root",
        }
    )

    assert for_plugin(settings, "wood-carving") == {"files": "/srv/files"}


def test_secrets_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    path = write_secrets(tmp_path / "new")
    before = path.read_bytes()

    with pytest.raises(FileExistsError):
        write_secrets(tmp_path / "new")

    assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_each_installation_has_secrets_of_its_own(tmp_path: Path) -> None:
    one, two = (load_secrets(tmp_path / name) for name in ("one", "two"))

    assert one.secrets
    assert two.secrets
    for name in SECRET_VARIABLES:
        assert getattr(one.secrets, name) != getattr(two.secrets, name)
    assert len(one.secrets.key_encryption) == 32


def test_a_variable_overrides_the_secret_in_the_file(tmp_path: Path) -> None:
    write_secrets(tmp_path)
    key = "A" * 43

    settings = load({"JIANGXIN_DATA": str(tmp_path), "JIANGXIN_SESSION_SECRET": key})

    assert settings.secrets is not None
    assert settings.secrets.session == b"\0" * 32


def test_secrets_that_are_there_only_in_part_are_refused(tmp_path: Path) -> None:
    found = problems(data=str(tmp_path), session_secret="A" * 43, keyed_hash_key="c2hvcnQ")

    assert len(found) == 4
    assert any("JIANGXIN_KEY_ENCRYPTION_KEY" in line and "is missing" in line for line in found)
    assert any("JIANGXIN_KEYED_HASH_KEY" in line and "32 bytes" in line for line in found)


def test_without_a_file_or_variables_there_are_no_secrets(tmp_path: Path) -> None:
    assert load({"JIANGXIN_DATA": str(tmp_path)}).secrets is None


def test_no_secret_shows_in_a_log(tmp_path: Path) -> None:
    settings = load_secrets(tmp_path)

    assert settings.secrets is not None
    text = repr(settings) + repr(settings.secrets)
    assert "PRIVATE KEY" not in text
    assert repr(settings.secrets.session) not in text


def load_secrets(data: Path) -> Settings:
    write_secrets(data)
    return load({"JIANGXIN_DATA": str(data)})


def test_former_origins_are_a_list_of_origins(tmp_path: Path) -> None:
    data = {"JIANGXIN_DATA": str(tmp_path)}

    read = load(
        {**data, "JIANGXIN_FORMER_ORIGINS": "https://old.example.cn/, https://cert.example.mo"}
    )

    assert read.former_origins == ("https://old.example.cn", "https://cert.example.mo")
    with pytest.raises(SettingsError, match="JIANGXIN_FORMER_ORIGINS"):
        load({**data, "JIANGXIN_FORMER_ORIGINS": "https://old.example.cn,old.example.mo"})
