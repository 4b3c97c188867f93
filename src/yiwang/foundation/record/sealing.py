"""Signing the record and keeping the proof outside the database.

A plain chain does not notice that its tail was cut or that a whole subject is gone. So every day
the leaves of all entries committed since the last seal go into a file, with their Merkle root
signed by an Ed25519 key that the database does not hold. What happened since the last seal is the
stated window: `verify` prints it.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection, transaction

from yiwang.foundation.record.key_files import PRIVATE, PUBLIC
from yiwang.foundation.record.models import RecordEntry, RootSeal
from yiwang.kernel.chain import Anchor, leaf_hash, merkle_root
from yiwang.kernel.moment import civil_date


@dataclass(frozen=True, slots=True)
class Sealed:
    """A seal as its file tells it."""

    number: int
    file_name: str
    sealed_at: str
    last_entry: int
    root: bytes
    previous_root: str
    anchors: tuple[Anchor, ...]

    @property
    def leaves(self) -> int:
        return len(self.anchors)


class SealError(Exception):
    """A seal file that cannot be trusted; the message says which and why."""


def make_signing_key(folder: Path) -> None:
    """Make the signing key where there is none; of two starts at once the first one's counts."""
    private = folder / PRIVATE
    if not private.exists():
        raw = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.Raw,
            serialization.PrivateFormat.Raw,
            serialization.NoEncryption(),
        )
        partial = private.with_suffix(f".{os.getpid()}")
        _write_secret(partial, raw)
        with contextlib.suppress(FileExistsError):
            os.link(partial, private)
        partial.unlink()
    key = Ed25519PrivateKey.from_private_bytes(private.read_bytes())
    public = key.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    if not (folder / PUBLIC).exists():
        _write_secret(folder / PUBLIC, public)


def _write_secret(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def seal_due(*, at: datetime) -> bool:
    """True once a day: when the last seal is of an earlier day."""
    last = RootSeal.objects.order_by("-number").values_list("sealed_at", flat=True).first()
    return last is None or civil_date(last) < civil_date(at)


def seal_record(roots: Path, keys: Path, *, at: datetime) -> RootSeal | None:
    """Seal what was committed since the last seal; None where that is nothing.

    `record_settled_id()` waits for writers under way, so that no entry with a smaller id can
    appear later. The file is written and synced before the row: a kill in between leaves a file
    that the next seal of the same number replaces.
    """
    roots.mkdir(parents=True, exist_ok=True, mode=0o700)
    upper = _settled_id()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('record.seal'))")
        last = RootSeal.objects.order_by("-number").first()
        rows = list(
            RecordEntry.objects.filter(id__gt=last.last_entry if last else 0, id__lte=upper)
            .order_by("id")
            .values_list("subject", "seq", "hash")
        )
        if not rows:
            return None
        number = last.number + 1 if last else 1
        root = merkle_root([leaf_hash(s, n, bytes(h)) for s, n, h in rows])
        name = f"{number:06d}-{civil_date(at).isoformat()}.json.gz"
        body = {
            "number": number,
            "sealed_at": at.isoformat(),
            "last_entry": upper,
            "previous_root": bytes(last.root).hex() if last else "",
            "root": root.hex(),
            "leaves": [[s, n, bytes(h).hex()] for s, n, h in rows],
        }
        _write(roots / name, body, keys)
        return RootSeal.objects.create(
            number=number,
            sealed_at=at,
            last_entry=upper,
            leaves=len(rows),
            root=root,
            file_name=name,
        )


def _settled_id() -> int:
    """The greatest id below which nothing can still appear (a function of the owner's: the
    application's role may not lock the record)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_settled_id()")
        return int(cursor.fetchone()[0])


def _signed_text(body: dict[str, Any]) -> bytes:
    fields = ("number", "sealed_at", "last_entry", "previous_root", "root")
    return json.dumps({name: body[name] for name in fields}, sort_keys=True).encode()


def _write(path: Path, body: dict[str, Any], keys: Path) -> None:
    key = Ed25519PrivateKey.from_private_bytes((keys / PRIVATE).read_bytes())
    body["signature"] = base64.b64encode(key.sign(_signed_text(body))).decode()
    partial = path.with_suffix(".part")
    with partial.open("wb") as stream:
        stream.write(gzip.compress(json.dumps(body).encode(), mtime=0))
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)


def read_seal(path: Path, keys: Path) -> Sealed:
    """A seal file, its signature and root checked. Raises SealError."""
    try:
        body = json.loads(gzip.decompress(path.read_bytes()))
        public = Ed25519PublicKey.from_public_bytes((keys / PUBLIC).read_bytes())
        public.verify(base64.b64decode(body["signature"]), _signed_text(body))
        anchors = tuple(Anchor(s, n, bytes.fromhex(h)) for s, n, h in body["leaves"])
    except InvalidSignature as error:
        raise SealError(f"签封文件 {path.name} 的签名不对") from error
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise SealError(f"签封文件 {path.name} 读不出来:{type(error).__name__}") from error
    root = merkle_root([leaf_hash(a.subject, a.seq, a.hash) for a in anchors])
    if root.hex() != body["root"]:
        raise SealError(f"签封文件 {path.name} 的条目与签名的根不符")
    return Sealed(
        body["number"],
        path.name,
        body["sealed_at"],
        body["last_entry"],
        root,
        body["previous_root"],
        anchors,
    )
