"""`yiwang check`: each thing that is wrong has its line."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from yiwang.foundation.environment import Environment, read_environment
from yiwang.foundation.secrets import make_keyring
from yiwang.foundation.secrets.rotating import prepare, use
from yiwang.site.keeping.checkup import CARE, WRONG, Finding, examine


def wrong(values: dict[str, str], monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    """The lines with ✗, without a database."""
    return "\n".join(f.text for f in lines(values, monkeypatch, folder) if f.mark == WRONG)


def lines(values: dict[str, str], monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[Finding]:
    """Every line."""
    values = {"YIWANG_DATA": str(folder), **values}
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    @contextmanager
    def nowhere():  # type: ignore[no-untyped-def]
        raise psycopg.OperationalError("nobody there\nmore")
        yield ""

    settings: Environment = read_environment(values)
    return examine(settings, nowhere)


def test_a_fresh_folder_has_nothing_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert wrong({}, monkeypatch, tmp_path / "new") == ""
    assert not (tmp_path / "new").exists()


def test_a_database_that_does_not_answer_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    values = {"DATABASE_URL": "postgresql://u:geheim@db.example/x"}
    assert wrong(values, monkeypatch, tmp_path / "new").endswith("数据库连不上:nobody there")


def test_open_keys_and_lost_keys_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_keyring(tmp_path / "keys")
    (tmp_path / "keys" / "keyring.json").chmod(0o640)
    assert "chmod 600" in wrong({}, monkeypatch, tmp_path)
    (tmp_path / "keys" / "keyring.json").chmod(0o600)
    assert "密钥" not in wrong({}, monkeypatch, tmp_path)
    (tmp_path / "keys" / "keyring.json").write_text("{")
    assert "读不出来" in wrong({}, monkeypatch, tmp_path)
    (tmp_path / "keys" / "keyring.json").unlink()
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots" / "000001-2026-03-02.json.gz").write_bytes(b"")
    assert "必须放回原来的密钥" in wrong({}, monkeypatch, tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("YIWANG_ALLOWED_HOSTS", "*", "不能是 *"),
        ("YIWANG_HOST", "0.0.0.0", "只有本机"),
        ("YIWANG_PUBLIC_URL", "https://zwfw.example", "没有 zwfw.example"),
        ("YIWANG_LIMIT_SEARCH", "lots", "YIWANG_LIMIT_SEARCH"),
        ("YIWANG_OIDC_ISSUER", "http://sso.example", "YIWANG_OIDC_ISSUER"),
        ("YIWANG_OIDC_ISSUER", "https://sso.example", "YIWANG_OIDC_CLIENT_SECRET_FILE"),
        ("YIWANG_METRICS_TOKEN_FILE", "/nowhere/at/all", "YIWANG_METRICS_TOKEN_FILE"),
    ],
)
def test_a_setting_that_would_hurt_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, word: str
) -> None:
    assert word in wrong({name: value}, monkeypatch, tmp_path)


def test_a_city_without_a_name_is_told_and_is_nothing_wrong(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = Finding(CARE, "没有设置 YIWANG_CITY:页面上不显示城市名称。")
    assert told in lines({}, monkeypatch, tmp_path / "new")
    for values in ({"YIWANG_CITY": "海滨市"}, {"YIWANG_DEMO": "1"}):
        with monkeypatch.context() as patch:
            assert told not in lines(values, patch, tmp_path / "new")


def test_each_secret_says_where_it_comes_from_and_never_what_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "secret"
    place.write_text("geheim-1")
    place.chmod(0o600)
    values = {
        "YIWANG_OIDC_ISSUER": "https://sso.example",
        "YIWANG_OIDC_CLIENT_ID": "us",
        "YIWANG_OIDC_CLIENT_SECRET_FILE": str(place),
        "YIWANG_METRICS_TOKEN": "geheim-2",
    }
    text = "\n".join(f.text for f in lines(values, monkeypatch, tmp_path / "new"))
    assert f"YIWANG_OIDC_CLIENT_SECRET 来自文件 {place}" in text
    assert "YIWANG_METRICS_TOKEN 来自环境变量" in text and "geheim" not in text
    place.chmod(0o644)
    assert "chmod 600" in wrong(values, monkeypatch, tmp_path / "new")


def test_old_keys_that_are_still_there_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_keyring(tmp_path / "keys")
    prepare(tmp_path / "keys", with_codes=False)
    use(tmp_path / "keys", at=datetime(2026, 3, 2, tzinfo=UTC))
    text = "\n".join(f.text for f in lines({}, monkeypatch, tmp_path))
    assert "使用第 2 号" in text and "旧密钥第 1 号还在" in text
