"""Secrets by file or environment, numbers, proxies, client programs: what an operator may set."""

from __future__ import annotations

from pathlib import Path

import pytest

from yiwang.foundation.environment import DeploymentError, read_environment, read_secret
from yiwang.site.keeping.programs import client_values, program

URL = "postgresql://yiwang_app:geheim%20nis@db.example/yiwang?sslmode=require"


def test_a_secret_comes_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    place = tmp_path / "url"
    place.write_text(URL + "\n")
    found = read_environment({"DATABASE_URL_FILE": str(place)})
    assert found.database_url == URL


def test_a_secret_shows_in_no_repr_and_no_message(tmp_path: Path) -> None:
    found = read_environment({"DATABASE_URL": URL, "YIWANG_OWNER_URL": URL})
    assert "geheim" not in repr(found)
    with pytest.raises(DeploymentError) as told:
        read_environment({"DATABASE_URL": "mysql://u:geheim@x/y"})
    assert "geheim" not in str(told.value)


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"X": "a", "X_FILE": "/b"}, "只能设置一个"),
        ({"X_FILE": "/nowhere/at/all"}, "读不出来"),
        ({"X_FILE": "/dev/null"}, "是空的"),
    ],
)
def test_a_secret_that_cannot_be_read_is_named(values: dict[str, str], word: str) -> None:
    with pytest.raises(DeploymentError, match=word):
        read_secret(values, "X")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YIWANG_WEB_WORKERS", "0"),
        ("YIWANG_WEB_THREADS", "viele"),
        ("YIWANG_TRUSTED_PROXIES", "nginx"),
        ("YIWANG_OWNER_URL", URL),
        ("PORT", "99999"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(DeploymentError, match=name):
        read_environment({name: value})


def test_a_city_has_the_name_it_was_given_and_only_the_demonstration_one_of_its_own() -> None:
    assert read_environment({}).city == ""
    assert read_environment({"YIWANG_DEMO": "1"}).city == "椰城市(演示)"
    for more in ({}, {"YIWANG_DEMO": "1"}):
        assert read_environment({"YIWANG_CITY": " 海滨市 ", **more}).city == "海滨市"


def test_keys_may_be_elsewhere_and_tls_makes_cookies_secure(tmp_path: Path) -> None:
    plain = read_environment({"YIWANG_DATA": str(tmp_path)})
    assert plain.keys == tmp_path / "keys" and not plain.is_https
    behind = read_environment(
        {"YIWANG_KEYS": str(tmp_path / "k"), "YIWANG_PUBLIC_URL": "https://zwfw.example/"}
    )
    assert behind.keys == tmp_path / "k" and behind.is_https
    assert behind.public_url == "https://zwfw.example"


def test_a_client_program_learns_the_password_by_environment() -> None:
    values = client_values(URL)
    assert values["PGPASSWORD"] == "geheim nis"
    assert (values["PGHOST"], values["PGDATABASE"]) == ("db.example", "yiwang")
    assert values["PGSSLMODE"] == "require"
    with pytest.raises(DeploymentError, match="keepalives"):
        client_values(URL + "&keepalives=1")


def test_a_client_program_is_never_older_than_the_server() -> None:
    assert program("pg_dump", at_least=18).is_file()
    with pytest.raises(DeploymentError, match="postgresql-client-99"):
        program("pg_dump", at_least=99)
