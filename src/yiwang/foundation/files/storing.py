"""Taking a file in and giving it out."""

from __future__ import annotations

import hashlib
import os
import re
import threading
import unicodedata
from datetime import datetime
from pathlib import Path

import filetype
from django.db import connection

from yiwang.foundation.environment import environment
from yiwang.foundation.files.models import Attachment, StoredFile

LARGEST = 20 * 1024 * 1024
ACCEPTED = {
    "application/pdf": "PDF",
    "image/jpeg": "JPG",
    "image/png": "PNG",
    "image/heic": "HEIC",
    "image/tiff": "TIFF",
}
ACCEPTED_WORDS = "PDF、JPG、PNG 或 TIFF"


class FileRefusedError(ValueError):
    """The file cannot be taken; the message says why and what would do."""


def sniff(content: bytes) -> str:
    """The media type by content, never by name. Raises FileRefusedError."""
    if not content:
        raise FileRefusedError("这个文件是空的,请重新选择。")
    if len(content) > LARGEST:
        raise FileRefusedError(
            f"文件有 {len(content) / 1048576:.1f} MB,超过 20 MB。请压缩或分开上传。"
        )
    kind = filetype.guess(content[:8192])
    media_type = kind.mime if kind is not None else ""
    if media_type not in ACCEPTED:
        raise FileRefusedError(f"不能识别这个文件的格式。请上传 {ACCEPTED_WORDS}。")
    return str(media_type)


def safe_name(name: str) -> str:
    """A file name without folders, control characters or tricks, at most 120 characters."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\"<>|:*?]", "", name)
    stem, dot, ending = name.rpartition(".")
    if len(name) > 120:
        name = stem[: 119 - len(ending)] + dot + ending
    return name.strip(". ") or "文件"


def path_of(sha256: str) -> Path:
    return environment().files / sha256[:2] / sha256[2:]


def store(content: bytes, *, media_type: str, at: datetime) -> StoredFile:
    """Store a content once. The file is on disk, synced, before the row that names it.

    A file that is there already is touched, and its row locked against deletion until the
    transaction ends: the removal of what nobody needs (`removing`) may come by at any instant.
    """
    name = hashlib.sha256(content).hexdigest()
    target = path_of(name)
    try:
        os.utime(target)
    except FileNotFoundError:
        _write(target, content)
    while True:
        row, _ = StoredFile.objects.get_or_create(
            sha256=name,
            defaults={"size": len(content), "media_type": media_type, "stored_at": at},
        )
        if not connection.in_atomic_block or _is_held(name):
            return row


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_suffix(f".{os.getpid()}.{threading.get_ident()}.part")
    with partial.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(target)


def _is_held(name: str) -> bool:
    """True with the row locked in common until the end of the transaction; False if it is gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM files_storedfile WHERE sha256 = %s FOR KEY SHARE", [name])
        return cursor.fetchone() is not None


def attach(
    content: bytes, *, name: str, subject: str, purpose: str, actor: str, at: datetime
) -> Attachment:
    """Sniff, store and attach. Raises FileRefusedError."""
    media_type = sniff(content)
    return Attachment.objects.create(
        file=store(content, media_type=media_type, at=at),
        subject=subject,
        purpose=purpose,
        name=safe_name(name),
        uploaded_by=actor,
        uploaded_at=at,
    )


def read(file: StoredFile) -> bytes:
    """The content, checked against its name: a changed file on disk is an error, not a page."""
    content = path_of(file.sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise FileRefusedError("文件内容与登记的摘要不符,已停止下载,请联系管理员。")
    return content
