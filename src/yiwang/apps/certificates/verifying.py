"""Holding certificates against the record: a state changed by hand is named."""

from __future__ import annotations

from django.db.models import Count

from yiwang.apps.certificates.making.reads import standings
from yiwang.apps.certificates.models import BlankBatch, BlankStock, Certificate, Making
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.chain import Head

Findings = list[tuple[str, str, str]]


def check_certificates(findings: Findings) -> dict[str, Head]:
    """Append what is wrong to `findings`; return the head of every certificate that has a record
    of its own. Two statements."""
    told: dict[str, str] = {}
    entries = (
        RecordEntry.objects.filter(subject__startswith="certificate:")
        .order_by("subject", "seq")
        .values_list("subject", "facts")
    )
    for subject, facts in entries.iterator(chunk_size=5000):
        told[subject] = str(facts.get("certificate_status", ""))
    heads = {}
    rows = Certificate.objects.order_by("id").values_list("pk", "version", "record_hash", "status")
    for key, version, record_hash, status in rows.iterator(chunk_size=5000):
        subject = f"certificate:{key}"
        if version:
            heads[subject] = Head(version, bytes(record_hash))
        # One that nothing happened to is as it was issued.
        if status != told.get(subject, "VALID"):
            findings.append((subject, "PROJECTION", "状态与记录不符"))
    return heads


def head_of_certificate(certificate_id: int) -> Head | None:
    row = (
        Certificate.objects.filter(pk=certificate_id, version__gt=0)
        .values_list("version", "record_hash")
        .first()
    )
    return Head(row[0], bytes(row[1])) if row else None


def check_makings(findings: Findings) -> dict[str, Head]:
    """Tasks against their record, and every batch and stock against its sheets: a number that is
    nowhere is named. Returns the heads of those that have a record."""
    told = {
        subject: str(facts.get("making_state", ""))
        for subject, facts in RecordEntry.objects.filter(subject__startswith="making:")
        .order_by("subject", "seq")
        .values_list("subject", "facts")
        .iterator(chunk_size=5000)
    }
    heads = {}
    for row in Making.objects.order_by("id").iterator(chunk_size=2000):
        if row.version:
            heads[row.record_subject] = Head(row.version, bytes(row.record_hash))
        if row.state != told.get(row.record_subject, "WAITING"):
            findings.append((row.record_subject, "PROJECTION", "状态与记录不符"))
    stocks = list(BlankStock.objects.order_by("id"))
    for standing in standings(stocks):
        stock = standing.stock
        heads[stock.subject] = Head(stock.version, bytes(stock.record_hash))
        if not standing.balance.is_even:
            findings.append((stock.subject, "PROJECTION", "空白证照的张数与批次不符"))
    for batch in BlankBatch.objects.annotate(sheets=Count("blanks")).order_by("id"):
        if batch.sheets != batch.count:
            text = f"批次 {batch} 缺少 {batch.count - batch.sheets} 个号码"
            findings.append((f"blank_stock:{batch.stock_id}", "PROJECTION", text))
    return heads


def head_of_making(making_id: int) -> Head | None:
    rows = Making.objects.filter(pk=making_id, version__gt=0)
    row = rows.values_list("version", "record_hash").first()
    return Head(row[0], bytes(row[1])) if row else None


def head_of_stock(stock_id: int) -> Head | None:
    row = BlankStock.objects.filter(pk=stock_id).values_list("version", "record_hash").first()
    return Head(row[0], bytes(row[1])) if row else None
