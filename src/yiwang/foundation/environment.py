"""What a deployment decides, read once from the environment, with errors that say what to do."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[3]


class DeploymentError(Exception):
    """A setting is missing or wrong; the message says which and what would be right."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The deployment's settings.

    `data`: folder of database, files, keys and roots (YIWANG_DATA). `database_url`: an outside
    PostgreSQL 15+ (DATABASE_URL), None for the embedded one. `is_demo`: demonstration accounts and
    clock (YIWANG_DEMO=1), allowed only on loopback with the embedded database.
    """

    data: Path
    port: int
    host: str
    database_url: str | None
    is_demo: bool
    city: str
    allowed_hosts: tuple[str, ...]
    web_workers: int
    web_threads: int

    @property
    def is_loopback(self) -> bool:
        return self.host in ("127.0.0.1", "::1", "localhost")

    @property
    def keys(self) -> Path:
        return self.data / "keys"

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
    environment = Environment(
        data=data,
        port=_port(values.get("PORT", "8000")),
        host=values.get("YIWANG_HOST", "127.0.0.1"),
        database_url=values.get("DATABASE_URL") or None,
        is_demo=values.get("YIWANG_DEMO", "") == "1",
        city=values.get("YIWANG_CITY", "椰城市(演示)"),
        allowed_hosts=tuple(
            h
            for h in values.get("YIWANG_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
            if h
        ),
        web_workers=int(values.get("YIWANG_WEB_WORKERS", "2")),
        web_threads=int(values.get("YIWANG_WEB_THREADS", "6")),
    )
    if environment.is_demo and not (environment.is_loopback and environment.database_url is None):
        raise DeploymentError(
            "演示账号和演示时钟只能在本机地址和内置数据库上使用:"
            "请去掉 YIWANG_DEMO,或者去掉 YIWANG_HOST 和 DATABASE_URL。"
        )
    if environment.database_url and not environment.database_url.startswith("postgres"):
        raise DeploymentError("DATABASE_URL 必须形如 postgresql://用户@主机/库名")
    return environment


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise DeploymentError(f"PORT 必须是 1 到 65535 的数字,现在是 {text!r}")
    return int(text)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """This process's environment, read once."""
    return read_environment(os.environ)
