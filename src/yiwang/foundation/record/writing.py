"""Appending to the record. Called inside the transaction of the change, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.foundation.record.models import RecordEntry
from yiwang.foundation.statements import insert
from yiwang.kernel.chain import GENESIS, Entry, Head, entry_hash, plain

START = Head(0, GENESIS)


class OutsideTransactionError(RuntimeError):
    """A record entry without the change it tells of would be a lie either way."""


class RecordTakenError(Exception):
    """Somebody else wrote to the same chain at the same moment; `message` says what to do."""

    message = "刚才有人同时办了这里的事,您这一次没有生效。请刷新,看过最新的再办。"

    def __init__(self) -> None:
        super().__init__(self.message)


def head_of(subject: str) -> Head:
    """The head of a subject's chain, START where it has none. One statement."""
    row = (
        RecordEntry.objects.filter(subject=subject)
        .order_by("-seq")
        .values_list("seq", "hash")
        .first()
    )
    return Head(row[0], bytes(row[1])) if row else START


def append(
    *,
    subject: str,
    head: Head | None = None,
    operation: str,
    actor: str,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    digests: Mapping[str, str] | None = None,
) -> Head:
    """Append one entry and return the new head.

    `head` is the caller's own copy (kept on the subject's row and compared-and-swapped there);
    without it the last entry is read. Two writers at once collide on (subject, seq): one of them
    gets RecordTakenError, and nothing of its transaction stays. Raises OutsideTransactionError
    outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransactionError("a record entry is written inside the change's transaction")
    row, new_head = build(
        subject=subject,
        head=head if head is not None else head_of(subject),
        operation=operation,
        actor=actor,
        at=at,
        facts=facts,
        digests=digests,
    )
    try:
        insert([row])
    except IntegrityError as error:
        raise RecordTakenError from error
    return new_head


def append_all(
    *, operation: str, actor: str, at: datetime, facts: Mapping[str, Mapping[str, Any]]
) -> None:
    """One act on many subjects: an entry on each chain, in two statements.

    `facts`: subject → its facts. Raises RecordTakenError, OutsideTransactionError outside a
    transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransactionError("a record entry is written inside the change's transaction")
    rows = [
        build(
            subject=subject,
            head=head,
            operation=operation,
            actor=actor,
            at=at,
            facts=facts[subject],
        )[0]
        for subject, head in _heads_of(sorted(facts)).items()
    ]
    try:
        RecordEntry.objects.bulk_create(rows)
    except IntegrityError as error:
        raise RecordTakenError from error


def _heads_of(subjects: list[str]) -> dict[str, Head]:
    last = RecordEntry.objects.filter(subject__in=subjects).order_by("subject", "-seq")
    found = last.distinct("subject").values_list("subject", "seq", "hash")
    heads = {subject: Head(seq, bytes(digest)) for subject, seq, digest in found}
    return {subject: heads.get(subject, START) for subject in subjects}


def build(
    *,
    subject: str,
    head: Head,
    operation: str,
    actor: str,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
    digests: Mapping[str, str] | None = None,
) -> tuple[RecordEntry, Head]:
    """The unsaved entry that follows `head`, and the head after it."""
    entry = Entry(
        subject=subject,
        seq=head.seq + 1,
        at=at,
        actor=actor,
        operation=operation,
        facts=plain(dict(facts or {})),
        digests=dict(digests or {}),
    )
    new_hash = entry_hash(entry, head.hash)
    row = RecordEntry(
        subject=subject,
        seq=entry.seq,
        operation=operation,
        actor=actor,
        at=at,
        facts=entry.facts,
        digests=entry.digests,
        previous=head.hash,
        hash=new_hash,
    )
    return row, Head(entry.seq, new_hash)
