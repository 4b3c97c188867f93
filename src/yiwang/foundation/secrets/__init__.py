"""Keys and sensitive columns: AES-GCM with keys outside the database, blind indexes for equality.

The keyring is a file of the data folder (mode 0600) and part of the backup. Keys have numbers; a
new one is used for writing, old ones stay for reading, so that keys can be rotated.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from yiwang.foundation.environment import DeploymentError, environment

_FILE = "keyring.json"


@dataclass(frozen=True)
class Keyring:
    """Numbered keys of four kinds: for columns, for blind indexes, Django's secret, for tokens.

    One rotation gives one number. `current` writes and is what new indexes are made with; every
    other number only reads. Codes and tokens (`token_keys`) are made anew only where that was
    asked for, since they are printed on people's papers.
    """

    keys: dict[int, bytes]
    index_keys: dict[int, bytes]
    secrets: dict[int, str]
    token_keys: dict[int, bytes]
    current: int

    @property
    def secret(self) -> str:
        return self.secrets[self.current]

    @property
    def older_secrets(self) -> list[str]:
        """What is believed besides, and signs nothing."""
        return [self.secrets[n] for n in _order(self.secrets, self.current)[1:]]

    @property
    def is_rotating(self) -> bool:
        """True while a blind index may have been made with another key than the current one."""
        return len(self.index_keys) > 1

    def encrypt(self, value: Any, *, purpose: str) -> bytes:
        """JSON-able value to bytes: key number (2), nonce (12), sealed text. `purpose` binds the
        ciphertext to its column: moved elsewhere it does not open."""
        nonce = secrets.token_bytes(12)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = _cipher(self.keys[self.current]).encrypt(nonce, text, purpose.encode())
        return self.current.to_bytes(2, "big") + nonce + sealed

    def decrypt(self, data: bytes, *, purpose: str) -> Any:
        """The value, or cryptography.exceptions.InvalidTag when altered or moved."""
        data = bytes(data)
        key = self.keys[int.from_bytes(data[:2], "big")]
        return json.loads(_cipher(key).decrypt(data[2:14], data[14:], purpose.encode()))

    def blind_index(self, value: str, *, purpose: str) -> bytes:
        """16 bytes that are equal for equal values and tell nothing else, by the current key."""
        return _index(self.index_keys[self.current], value, purpose)

    def blind_indexes(self, value: str, *, purpose: str) -> list[bytes]:
        """What `value` may be found under: with each key in use, the current one first."""
        order = _order(self.index_keys, self.current)
        return [_index(self.index_keys[n], value, purpose) for n in order]

    def token(self, purpose: str, subject: str) -> str:
        """An unguessable URL-safe token for a subject, the same each time it is asked for."""
        return self.tokens(purpose, subject)[0]

    def tokens(self, purpose: str, subject: str) -> list[str]:
        """The same with each key in use, newest first: links given out before stay good."""
        raws = self._raws(purpose, subject)
        return [base64.urlsafe_b64encode(raw[:18]).decode() for raw in raws]

    def digits(self, purpose: str, subject: str, length: int = 6) -> str:
        """A code of decimal digits for a subject, the same each time."""
        return _digits(self._raws(purpose, subject)[0], length)

    def is_digits(self, purpose: str, subject: str, offered: str, length: int = 6) -> bool:
        """True for the code of any key in use: one that was printed before stays good."""
        offered = offered.strip()
        found = [
            hmac.compare_digest(_digits(raw, length).encode(), offered.encode())
            for raw in self._raws(purpose, subject)
        ]
        return any(found)

    def _raws(self, purpose: str, subject: str) -> list[bytes]:
        message = f"{purpose}\0{subject}".encode()
        keys = [self.token_keys[n] for n in _order(self.token_keys, self.current)]
        return [hmac.new(key, message, hashlib.sha256).digest() for key in keys]


def _order(numbers: Iterable[int], current: int) -> list[int]:
    """The newest in use first; one that is only prepared comes last."""
    return sorted(numbers, key=lambda n: (n <= current, n), reverse=True)


def _index(key: bytes, value: str, purpose: str) -> bytes:
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()[:16]


def _digits(raw: bytes, length: int) -> str:
    return str(int.from_bytes(raw[:16], "big") % 10**length).zfill(length)


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDFExpand(SHA256(), 32, b"yiwang column").derive(key))


def make_keyring(folder: Path) -> None:
    """Make the keyring where there is none; never touches one that exists."""
    target = folder / _FILE
    if target.exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = fresh_keys()
    first = {name: {"1": value} for name, value in made.items()}
    write_keyring(folder, {**first, "current": 1}, is_new=True)


def fresh_keys() -> dict[str, str]:
    """A new key of each kind."""
    return {
        "keys": secrets.token_hex(32),
        "index_keys": secrets.token_hex(32),
        "secrets": secrets.token_urlsafe(48),
        "token_keys": secrets.token_hex(32),
    }


def write_keyring(folder: Path, content: dict[str, Any], *, is_new: bool = False) -> None:
    """Write whole and synced, or not at all. `is_new`: the first of two starts wins."""
    target = folder / _FILE
    partial = target.with_suffix(f".{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        if is_new:
            os.link(partial, target)
        else:
            partial.replace(target)
    except FileExistsError:
        pass
    finally:
        partial.unlink(missing_ok=True)


def has_keyring(folder: Path) -> bool:
    return (folder / _FILE).is_file()


def read_content(folder: Path) -> dict[str, Any]:
    """The file's content; one written before keys could be rotated is read as its first number.
    Raises OSError, ValueError, KeyError."""
    content: dict[str, Any] = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    if "current" in content:
        return content
    return {
        "keys": content["keys"],
        "index_keys": {"1": content["index_key"]},
        "secrets": {"1": content["secret"]},
        "token_keys": {"1": content["token_key"]},
        "current": 1,
    }


def load_keyring(folder: Path) -> Keyring:
    content = read_content(folder)

    def raw(name: str) -> dict[int, bytes]:
        return {int(number): bytes.fromhex(key) for number, key in content[name].items()}

    return Keyring(
        keys=raw("keys"),
        index_keys=raw("index_keys"),
        secrets={int(number): text for number, text in content["secrets"].items()},
        token_keys=raw("token_keys"),
        current=int(content["current"]),
    )


def keyring() -> Keyring:
    """This deployment's keyring, made on first use and read anew when its file is another: a
    rotation is seen by every process with its next use.

    With an outside database it is never made by itself: a second node without a copy of the keys
    would otherwise seal what no other node can open. Raises DeploymentError.
    """
    folder = environment().keys
    try:
        seen = (folder / _FILE).stat()
    except OSError:
        return _made(folder)
    return _loaded(folder, seen.st_ino, seen.st_mtime_ns)


@lru_cache(maxsize=2)
def _loaded(folder: Path, inode: int, changed: int) -> Keyring:
    return load_keyring(folder)


@lru_cache(maxsize=1)
def _made(folder: Path) -> Keyring:
    if environment().database_url is None:
        make_keyring(folder)
    elif not has_keyring(folder):
        raise DeploymentError(
            f"没有密钥 {folder / _FILE}。已有数据或别的节点时,请放入同一套密钥;"
            "第一次安装时运行 yiwang keys 新建。"
        )
    return load_keyring(folder)
