"""The database a process of ours talks to: an outside one, or the embedded one that is running."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from yiwang.foundation.environment import Environment
from yiwang.foundation.postgres.cluster import APP_ROLE, DATABASE

# Set by the supervisor (and by tests) for its children: the address of the embedded database.
EMBEDDED_URL = "YIWANG_EMBEDDED_URL"
# Set by commands that change the structure or read everything: they come as the owner.
AS_OWNER = "YIWANG_AS_OWNER"


def current_url(environment: Environment) -> str:
    """The address to use now; a placeholder where nothing is running (commands that need none)."""
    if environment.database_url:
        is_owner = os.environ.get(AS_OWNER) == "1"
        return (environment.owner_url if is_owner else None) or environment.database_url
    if found := os.environ.get(EMBEDDED_URL):
        return found
    address = environment.run / "socket"
    folder = address.read_text(encoding="utf-8") if address.exists() else "/nonexistent"
    return f"postgresql://{APP_ROLE}@/{DATABASE}?host={folder}"


def application_role(environment: Environment) -> str:
    """The role the web and the worker use: the embedded one, or the user of DATABASE_URL."""
    if environment.database_url is None:
        return APP_ROLE
    return unquote(urlsplit(environment.database_url).username or "")


def django_database(environment: Environment) -> dict[str, Any]:
    """The entry of DATABASES, pooled, with a health check and a two-second time-out."""
    parts = urlsplit(current_url(environment))
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", "") or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": environment.web_threads + 2,
                "timeout": 2,
                "max_idle": 300,
                "reconnect_timeout": 5,
            },
            # Parameters travel as they are, and a text seen five times is planned once a
            # connection: a fifth of the CPU of an act, on either side (ADR 9).
            "server_side_binding": True,
            "prepare_threshold": 5,
            **query,
        },
        "CONN_HEALTH_CHECKS": True,
    }
