"""The keys that sign ID tokens: a rotating set, kept with our other keys outside the database.

The public halves are published; an old key is published for as long as a token it signed may be
looked at. Private halves never leave the folder of keys.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey

from yiwang.foundation.environment import environment

FILE = "sign-in.json"
PUBLISHED_FOR = timedelta(hours=24)  # after a key signs no more


@dataclass(frozen=True)
class SigningKeys:
    """`current` signs; `published` are all public halves, as a JWK set."""

    current: RSAKey
    published: list[dict[str, Any]]


def _new(at: str) -> dict[str, Any]:
    kid = secrets.token_hex(8)
    parameters: Any = {"kid": kid, "use": "sig", "alg": "RS256"}
    made = RSAKey.generate_key(2048, parameters)
    return {"kid": kid, "since": at, "until": None, "jwk": made.as_dict(private=True)}


def _write(folder: Path, keys: list[dict[str, Any]], *, is_new: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = folder / f".{FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump({"keys": keys}, stream)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        if is_new:
            os.link(partial, folder / FILE)  # the first of two starts wins, whole
        else:
            partial.replace(folder / FILE)
    except FileExistsError:
        pass
    finally:
        partial.unlink(missing_ok=True)


def _read(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / FILE).read_text(encoding="utf-8"))["keys"]
    return found


def make(folder: Path) -> None:
    """Make the first key where there is none."""
    if not (folder / FILE).exists():
        _write(folder, [_new("")], is_new=True)


def rotate(folder: Path, *, at: datetime) -> None:
    """A new key signs; the one before stays published. `at`: real time."""
    make(folder)
    keys = [key | {"until": key["until"] or at.isoformat()} for key in _read(folder)]
    _write(folder, [*keys, _new(at.isoformat())])


def retire(folder: Path, *, at: datetime) -> int:
    """Take out what has signed nothing for a day; how many keys went."""
    if not (folder / FILE).exists():
        return 0
    keys = _read(folder)
    kept = [
        key
        for key in keys
        if key["until"] is None or at - datetime.fromisoformat(key["until"]) < PUBLISHED_FOR
    ]
    if len(kept) < len(keys):
        _write(folder, kept)
    return len(keys) - len(kept)


def signing_keys() -> SigningKeys:
    """This deployment's keys, read anew when their file is another."""
    folder = environment().keys
    make(folder)
    seen = (folder / FILE).stat()
    return _loaded(folder, seen.st_ino, seen.st_mtime_ns)


@lru_cache(maxsize=2)
def _loaded(folder: Path, inode: int, changed: int) -> SigningKeys:
    rows = _read(folder)
    keys = [RSAKey.import_key(row["jwk"]) for row in rows]
    current = next(key for key, row in zip(keys, rows, strict=True) if row["until"] is None)
    return SigningKeys(current, [dict(key.as_dict(private=False)) for key in keys])
