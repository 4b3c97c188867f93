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
    """Numbered data keys, one index key, one signing secret for Django, one for tokens."""

    keys: dict[int, bytes]
    index_key: bytes
    secret: str
    token_key: bytes

    @property
    def newest(self) -> int:
        return max(self.keys)

    def encrypt(self, value: Any, *, purpose: str) -> bytes:
        """JSON-able value to bytes: key number (2), nonce (12), sealed text. `purpose` binds the
        ciphertext to its column: moved elsewhere it does not open."""
        nonce = secrets.token_bytes(12)
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = _cipher(self.keys[self.newest]).encrypt(nonce, text, purpose.encode())
        return self.newest.to_bytes(2, "big") + nonce + sealed

    def decrypt(self, data: bytes, *, purpose: str) -> Any:
        """The value, or cryptography.exceptions.InvalidTag when altered or moved."""
        data = bytes(data)
        key = self.keys[int.from_bytes(data[:2], "big")]
        return json.loads(_cipher(key).decrypt(data[2:14], data[14:], purpose.encode()))

    def blind_index(self, value: str, *, purpose: str) -> bytes:
        """16 bytes that are equal for equal values and tell nothing else."""
        message = f"{purpose}\0{value}".encode()
        return hmac.new(self.index_key, message, hashlib.sha256).digest()[:16]

    def token(self, purpose: str, subject: str) -> str:
        """An unguessable URL-safe token for a subject, the same each time it is asked for."""
        raw = hmac.new(self.token_key, f"{purpose}\0{subject}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(raw[:18]).decode()

    def digits(self, purpose: str, subject: str, length: int = 6) -> str:
        """A code of decimal digits for a subject, the same each time."""
        raw = hmac.new(self.token_key, f"{purpose}\0{subject}".encode(), hashlib.sha256).digest()
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
    content = {
        "keys": {"1": secrets.token_hex(32)},
        "index_key": secrets.token_hex(32),
        "secret": secrets.token_urlsafe(48),
        "token_key": secrets.token_hex(32),
    }
    partial = target.with_suffix(f".{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(content, stream)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(partial, target)  # the first of two starts wins, whole
    except FileExistsError:
        pass
    finally:
        partial.unlink()


def has_keyring(folder: Path) -> bool:
    return (folder / _FILE).is_file()


def load_keyring(folder: Path) -> Keyring:
    content = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    return Keyring(
        keys={int(number): bytes.fromhex(key) for number, key in content["keys"].items()},
        index_key=bytes.fromhex(content["index_key"]),
        secret=content["secret"],
        token_key=bytes.fromhex(content["token_key"]),
    )


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """This deployment's keyring, read once, made on first use.

    With an outside database it is never made by itself: a second node without a copy of the keys
    would otherwise seal what no other node can open. Raises DeploymentError.
    """
    settings = environment()
    if settings.database_url is None:
        make_keyring(settings.keys)
    elif not has_keyring(settings.keys):
        raise DeploymentError(
            f"没有密钥 {settings.keys / _FILE}。已有数据或别的节点时,请放入同一套密钥;"
            "第一次安装时运行 yiwang keys 新建。"
        )
    return load_keyring(settings.keys)
