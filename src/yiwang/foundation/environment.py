"""What a deployment decides, read once from the environment, with errors that say what to do."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[3]
DEMO_CITY = "椰城市(演示)"


class DeploymentError(Exception):
    """A setting is missing or wrong; the message says which and what would be right."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The deployment's settings.

    `data`: folder of database, files, keys and roots (YIWANG_DATA). `database_url`: an outside
    PostgreSQL 15+ (DATABASE_URL), None for the embedded one; `owner_url`: the same database as
    its owner (YIWANG_OWNER_URL), for migrations, backup and restore. `keys_folder`: where the
    keys are if not in the data folder (YIWANG_KEYS). `is_demo`: demonstration accounts and clock
    (YIWANG_DEMO=1), allowed only on loopback with the embedded database. `city`: the name that
    pages show (YIWANG_CITY), "" where none was set. `public_url`: the address people use.
    `trusted_proxies`: addresses or networks whose X-Forwarded-* are believed.
    Addresses of databases hold passwords: they never show in a repr.
    """

    data: Path
    port: int
    host: str
    database_url: str | None = field(repr=False)
    is_demo: bool
    city: str
    allowed_hosts: tuple[str, ...]
    web_workers: int
    web_threads: int
    owner_url: str | None = field(default=None, repr=False)
    keys_folder: Path | None = None
    public_url: str = ""
    trusted_proxies: tuple[str, ...] = ()

    @property
    def is_loopback(self) -> bool:
        return self.host in ("127.0.0.1", "::1", "localhost")

    @property
    def is_https(self) -> bool:
        """True where people come by TLS: cookies are then sent by TLS only."""
        return self.public_url.startswith("https://") or not self.is_loopback

    @property
    def keys(self) -> Path:
        return self.keys_folder or self.data / "keys"

    @property
    def files(self) -> Path:
        return self.data / "files"

    @property
    def roots(self) -> Path:
        return self.data / "roots"

    @property
    def run(self) -> Path:
        return self.data / "run"


def read_environment(values: Mapping[str, str]) -> Environment:
    """Read and check. Raises DeploymentError with a message for the person who starts it."""
    data = Path(values.get("YIWANG_DATA") or PROJECT_ROOT / "var").expanduser().absolute()
    keys = values.get("YIWANG_KEYS")
    is_demo = values.get("YIWANG_DEMO", "") == "1"
    environment = Environment(
        data=data,
        port=_port(values.get("PORT", "8000")),
        host=values.get("YIWANG_HOST", "127.0.0.1"),
        database_url=read_secret(values, "DATABASE_URL"),
        owner_url=read_secret(values, "YIWANG_OWNER_URL"),
        keys_folder=Path(keys).expanduser().absolute() if keys else None,
        public_url=(values.get("YIWANG_PUBLIC_URL") or "").rstrip("/"),
        trusted_proxies=_networks(values.get("YIWANG_TRUSTED_PROXIES", "127.0.0.1,::1")),
        is_demo=is_demo,
        city=values.get("YIWANG_CITY", DEMO_CITY if is_demo else "").strip(),
        allowed_hosts=tuple(
            h
            for h in values.get("YIWANG_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
            if h
        ),
        web_workers=whole_number(values, "YIWANG_WEB_WORKERS", 2, least=1),
        web_threads=whole_number(values, "YIWANG_WEB_THREADS", 6, least=1),
    )
    if environment.is_demo and not (environment.is_loopback and environment.database_url is None):
        raise DeploymentError(
            "演示账号和演示时钟只能在本机地址和内置数据库上使用:"
            "请去掉 YIWANG_DEMO,或者去掉 YIWANG_HOST 和 DATABASE_URL。"
        )
    for name, url in (
        ("DATABASE_URL", environment.database_url),
        ("YIWANG_OWNER_URL", environment.owner_url),
    ):
        if url and not url.startswith("postgres"):
            raise DeploymentError(f"{name} 必须形如 postgresql://用户@主机/库名")
    if environment.owner_url and not environment.database_url:
        raise DeploymentError("YIWANG_OWNER_URL 只和 DATABASE_URL 一起用(外部数据库)。")
    return environment


def read_secret(values: Mapping[str, str], name: str) -> str | None:
    """The value of `name`, or the content of the file that `name`_FILE names, without its line
    end; None where neither is set. Raises DeploymentError, which never holds the value."""
    given, place = values.get(name) or None, values.get(f"{name}_FILE") or None
    if given and place:
        raise DeploymentError(f"{name} 和 {name}_FILE 只能设置一个。")
    if place is None:
        return given
    try:
        found = Path(place).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise DeploymentError(
            f"{name}_FILE 指定的文件 {place} 读不出来:{type(error).__name__}"
        ) from error
    if not found:
        raise DeploymentError(f"{name}_FILE 指定的文件 {place} 是空的。")
    return found


def whole_number(values: Mapping[str, str], name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least `least`. Raises DeploymentError."""
    text = (values.get(name) or str(default)).strip()
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise DeploymentError(f"{name} 必须是不小于 {least} 的整数,现在是 {text!r}")
    return int(text)


def _networks(text: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for part in found:
        try:
            ipaddress.ip_network(part)
        except ValueError as error:
            raise DeploymentError(
                f"YIWANG_TRUSTED_PROXIES 里的 {part} 不是地址或网段,例如 10.0.0.5 或 10.0.0.0/24"
            ) from error
    return found


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise DeploymentError(f"PORT 必须是 1 到 65535 的数字,现在是 {text!r}")
    return int(text)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """This process's environment, read once."""
    return read_environment(os.environ)
