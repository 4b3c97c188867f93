"""Holding certificates against the record: a state changed by hand is named."""

from __future__ import annotations

from yiwang.apps.certificates.models import Certificate
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
