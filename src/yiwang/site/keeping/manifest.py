"""What a backup says about itself: its parts with their digests, and what it was made of."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yiwang.foundation.environment import DeploymentError
from yiwang.foundation.record.key_files import PRIVATE, PUBLIC
from yiwang.foundation.secrets import Keyring, load_keyring

FORMAT = 1
MANIFEST, DUMP, FILE_LIST = "manifest.json", "database.dump", "files.txt"
PROBE, PURPOSE = "一网备份", "backup.probe"
KEY_FILES = ("keyring.json", PRIVATE, PUBLIC)
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the backup: its path inside, bytes, SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup. `schema`: app → last migration. `record`: entries, last seal, and the Merkle root
    of what came after it. `probes`: something sealed with every key in use, to recognise the key
    ring without having it."""

    made_at: str
    program: str
    server_version: int
    dump_version: int
    schema: dict[str, str]
    record: dict[str, Any]
    files: dict[str, int]
    damaged_files: list[str]
    has_keys: bool
    probes: dict[str, str]
    record_key: str
    parts: list[Part]
    format: int = FORMAT
    signature: str = field(default="", compare=False)

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    def _signed(self) -> bytes:
        body = asdict(self)
        del body["signature"]
        return json.dumps(body, sort_keys=True, ensure_ascii=False).encode()

    def signed(self, keys: Path) -> Manifest:
        """A copy signed with the record's key."""
        key = Ed25519PrivateKey.from_private_bytes((keys / PRIVATE).read_bytes())
        signature = base64.b64encode(key.sign(self._signed())).decode()
        return Manifest(**{**_shallow(self), "signature": signature})

    def as_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    def check_signature(self, keys: Path) -> None:
        """Raises DeploymentError where this manifest was not signed by the holder of `keys`."""
        public = (keys / PUBLIC).read_bytes()
        if public.hex() != self.record_key:
            raise DeploymentError(f"{keys} 里的签封公钥不是做这份备份时的那一把,请换成同一套密钥。")
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(
                base64.b64decode(self.signature), self._signed()
            )
        except (InvalidSignature, ValueError) as error:
            raise DeploymentError(f"备份清单 {MANIFEST} 被改动过:签名不对。") from error


def _shallow(manifest: Manifest) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in Manifest.__dataclass_fields__}


def read_manifest(folder: Path) -> Manifest:
    """Raises DeploymentError for what is no backup, or one of a later format."""
    try:
        body = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if body.get("format", 0) > FORMAT:
            raise DeploymentError("这份备份是更新版本的一网做的,请先安装那个版本再恢复。")
        body["parts"] = [Part(**part) for part in body["parts"]]
        return Manifest(**body)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DeploymentError(f"{folder} 不是一份完整的一网备份({MANIFEST} 读不出来)。") from error


def digest_of(path: Path) -> Part:
    """Size and SHA-256 of a file; its name is left to the caller's `_replace`."""
    found, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
            size += len(chunk)
    return Part(path.name, size, found.hexdigest())


def part_of(folder: Path, name: str) -> Part:
    """The part `name` as it is on disk."""
    found = digest_of(folder / name)
    return Part(name, found.size, found.sha256)


def part_names(folder: Path) -> list[str]:
    """Every file but the contents, which `files.txt` lists and whose names are their digests."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] != "files"
    )


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Every part is there and is what the manifest says, and there is nothing else. Raises
    DeploymentError naming all."""
    wrong = []
    for part in manifest.parts:
        try:
            found = part_of(folder, part.name)
        except OSError:
            wrong.append(f"{part.name} 不见了")
            continue
        if found != part:
            wrong.append(f"{part.name} 与清单的摘要不符")
    known = {MANIFEST, *(part.name for part in manifest.parts)}
    wrong += [f"{name} 不在清单里" for name in part_names(folder) if name not in known]
    if wrong:
        raise DeploymentError(
            "这份备份不完整或被改动过,没有恢复任何内容:\n  " + "\n  ".join(wrong[:20])
        )


def probes_of(ring: Keyring) -> dict[str, str]:
    """Something sealed with each key, and what index and token keys make of a known text."""
    found = {}
    for number in ring.keys:
        one = replace(ring, current=number)
        found[str(number)] = one.encrypt(PROBE, purpose=PURPOSE).hex()
    for place, index in enumerate(ring.blind_indexes(PROBE, purpose=PURPOSE)):
        found[f"index.{place}"] = index.hex()
    for place, token in enumerate(ring.tokens(PURPOSE, PROBE)):
        found[f"token.{place}"] = token
    return found


def check_keys(keys: Path, probes: Mapping[str, str]) -> None:
    """The keys in this folder are all there and open what the backup holds. Raises
    DeploymentError."""
    missing = [name for name in KEY_FILES if not (keys / name).is_file()]
    if missing:
        raise DeploymentError(f"密钥目录 {keys} 里缺少:{'、'.join(missing)}")
    try:
        ring = load_keyring(keys)
    except (OSError, ValueError, KeyError) as error:
        raise DeploymentError(f"密钥文件 {keys / KEY_FILES[0]} 读不出来。") from error
    is_right = all(_opens(ring, name, probe) for name, probe in probes.items())
    if not is_right:
        raise DeploymentError(
            f"{keys} 里的密钥打不开这份备份里的加密内容:不是同一套密钥。没有恢复任何内容。"
        )


def _opens(ring: Keyring, name: str, probe: str) -> bool:
    kind = name.partition(".")[0]  # without a place in backups made before keys were rotated
    if kind == "index":
        return probe in [found.hex() for found in ring.blind_indexes(PROBE, purpose=PURPOSE)]
    if kind == "token":
        return probe in ring.tokens(PURPOSE, PROBE)
    try:
        return bool(ring.decrypt(bytes.fromhex(probe), purpose=PURPOSE) == PROBE)
    except (KeyError, InvalidTag, ValueError):
        return False
