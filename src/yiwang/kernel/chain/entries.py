"""Entries of the record, their canonical form and their hashes."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any

HASH_SIZE = 32
GENESIS = bytes(HASH_SIZE)  # what the first entry of a subject has before it
MIN_SALT_SIZE = 16

# Hashes of entries, leaves and nodes never collide in meaning: each kind has its own prefix.
_ENTRY_PREFIX = b"yiwang.record.entry.1\x00"
_DIGEST_PREFIX = b"yiwang.record.digest.1\x00"
_SCALARS = frozenset({str, int, bool, NoneType})


@dataclass(frozen=True, slots=True)
class Entry:
    """One act by one actor at one time on one subject.

    Attributes:
        subject: such as ``case:123``.
        seq: the place in the subject's chain, from 1.
        at: an aware time; hashed in UTC to the microsecond.
        actor: the id of a person, a post or a job.
        operation: such as ``cases.accept``.
        facts: a JSON mapping without floats.
        digests: names of personal values to hexadecimal salted digests.
    """

    subject: str
    seq: int
    at: datetime
    actor: str
    operation: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as the database gives it back, with the two hashes stored beside it."""

    entry: Entry
    previous: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Where a subject's chain ends, as kept beside the chain; seq 0 and GENESIS before any."""

    seq: int
    hash: bytes


def _refuse_unstable(value: Any) -> None:
    """Refuse what has no single JSON form: floats, keys that are not text. Recursive.

    json.dumps would write floats as the platform prints them and turn keys 1 and "1" into one.
    """
    kind = type(value)
    if kind in _SCALARS:
        return
    if isinstance(value, dict | Mapping):
        for key, member in value.items():
            if not isinstance(key, str):
                raise TypeError("键应为文字")
            if type(member) not in _SCALARS:
                _refuse_unstable(member)
    elif isinstance(value, list | tuple):
        for member in value:
            if type(member) not in _SCALARS:
                _refuse_unstable(member)
    elif isinstance(value, float):
        raise TypeError("记录中不用浮点数，请用整数、Decimal或文字")


def _time_text(at: datetime) -> str:
    if at.tzinfo is not UTC:
        if at.utcoffset() is None:
            raise TypeError("记录中的时间应带时区")
        at = at.astimezone(UTC)
    return at.isoformat(timespec="microseconds")[:-6] + "Z"


def _text_form(value: Any) -> Any:
    """The JSON form of what json does not know."""
    if isinstance(value, datetime):
        return _time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise TypeError("记录中的数值应为有限小数")
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"记录中不能有{type(value).__name__}类型的值")


_encode = json.JSONEncoder(
    ensure_ascii=False,
    sort_keys=True,
    allow_nan=False,
    separators=(",", ":"),
    default=_text_form,
).encode


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value: sorted keys, no blanks, UTF-8.

    Times become UTC text to the microsecond (2026-11-21T01:02:03.000000Z), dates and decimals
    text; so a value read back from the database has the same form. Raises TypeError for floats,
    naive times, keys that are not text and other types, ValueError for text that is not Unicode.
    """
    _refuse_unstable(value)
    return _encode(value).encode()


def plain(value: Any) -> Any:
    """The JSON value that ``canonical`` writes: what to store so that it hashes the same."""
    return json.loads(canonical(value))


def entry_hash(entry: Entry, previous: bytes) -> bytes:
    """SHA-256 over the entry and the hash before it (GENESIS for seq 1): 32 bytes.

    Raises TypeError and ValueError as ``canonical`` does, and ValueError for a ``previous`` that
    is not 32 bytes.
    """
    if len(previous) != HASH_SIZE:
        raise ValueError("上一条的哈希应为32字节")
    content = [
        entry.subject,
        entry.seq,
        _time_text(entry.at),
        entry.actor,
        entry.operation,
        entry.facts,
        entry.digests,
    ]
    return hashlib.sha256(_ENTRY_PREFIX + previous + canonical(content)).digest()


def salted_digest(salt: bytes, value: Any) -> str:
    """HMAC-SHA256 of a value's canonical form, 64 hexadecimal digits.

    The salt is kept with the value: erasing both leaves a digest that tells nothing. Raises
    ValueError for a salt of fewer than 16 bytes.
    """
    if len(salt) < MIN_SALT_SIZE:
        raise ValueError(f"盐值至少{MIN_SALT_SIZE}字节")
    return hmac.digest(salt, _DIGEST_PREFIX + canonical(value), "sha256").hex()
