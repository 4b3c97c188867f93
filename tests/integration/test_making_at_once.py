"""Printers at once: real threads with connections of their own, on the real database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connections, transaction
from tests.acting import actor
from tests.integration.making import KIND, makers, people, printed, stock, to_make

from yiwang.apps.certificates.errors import NotNowError
from yiwang.apps.certificates.making import printing, reads
from yiwang.apps.certificates.models import Certificate, Making
from yiwang.apps.people.public import Hall
from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.files.models import StoredFile

__all__ = ["makers", "people"]
PRINTERS = 4


@pytest.mark.django_db
def test_one_after_another_takes_the_numbers_in_order(makers: dict[str, Any], at: datetime) -> None:
    blanks = [printed(to_make(makers, at)[1], makers, at).blank for _ in range(3)]
    assert [blank.number for blank in blanks if blank] == [260001, 260002, 260003]


@contextmanager
def committed_tasks() -> Iterator[list[Making]]:
    """Tasks in hand that every connection sees; taken away again, and nothing printed stays."""
    at = now()
    maker, hall = actor("mo-make", at), Hall.objects.get(slug="taolin-hall")
    file = StoredFile.objects.create(
        sha256="f" * 64, size=1, media_type="application/pdf", stored_at=at
    )
    found = []
    for number, certificate in enumerate(Certificate.objects.order_by("pk")[:PRINTERS]):
        subject = f"case:at-once-{number}"
        LegalDocument.objects.create(
            kind="CERTIFICATE", subject=subject, title="并发测试", number=subject,
            organ_name="测试", addressee_label="测试", content={}, made_on=at.date(),
            check_code=f"ATONCE-{number}", status="READY", file=file, ready_at=at,
        )  # fmt: skip
        found.append(
            Making.objects.create(
                subject=subject,
                short_number=f"AT-{number}",
                certificate=certificate,
                organ=certificate.organ,
                hall=hall,
                blank_kind=KIND,
                blank_name="测试",
                holder_label="测试",
                state="TAKEN",
                queued_at=at,
                sort_due_at=at,
                taken_by=maker.ref,
                taken_by_label=maker.label,
            )
        )
    try:
        yield found
    finally:
        Making.objects.filter(subject__startswith="case:at-once").delete()
        LegalDocument.objects.filter(subject__startswith="case:at-once").delete()
        file.delete()


def at_once(tasks: list[int]) -> list[int | str]:
    """Print each task in a thread; all transactions stay open until every one has its number, then
    all are taken back. What each got: a number, or the reason it got none."""
    gate = threading.Barrier(len(tasks))
    got: list[int | str] = []

    def print_one(making_id: int) -> None:
        at = now()
        maker = actor("mo-make", at)
        gate.wait(20)
        try:
            with transaction.atomic():
                row = printing.print_on_blank(making_id=making_id, actor=maker, at=at)
                assert row.blank is not None
                got.append(row.blank.number)
                gate.wait(20)
                transaction.set_rollback(True)
        except NotNowError as error:
            got.append(error.message)
            gate.wait(20)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=print_one, args=(key,)) for key in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return got


def test_printers_at_once_get_different_numbers(
    django_db_setup: None, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        try:
            with committed_tasks() as tasks:
                assert len(tasks) == PRINTERS
                numbers = at_once([task.pk for task in tasks])
                assert sorted(map(str, numbers)) == ["260001", "260002", "260003", "260004"]
                balance = reads.standings([stock()])[0].balance
                assert (balance.received, balance.in_stock) == (120, 120)
        finally:
            connections.close_all()
