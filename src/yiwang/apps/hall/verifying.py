"""Holding appointments against the record: a state changed by hand is named."""

from __future__ import annotations

from yiwang.apps.hall.models import Appointment
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.chain import Head

Findings = list[tuple[str, str, str]]


def check_appointments(findings: Findings) -> dict[str, Head]:
    """Append what is wrong to `findings`; return the head each row keeps. Two statements."""
    told: dict[str, str] = {}
    entries = (
        RecordEntry.objects.filter(subject__startswith="appointment:")
        .order_by("subject", "seq")
        .values_list("subject", "facts")
    )
    for subject, facts in entries.iterator(chunk_size=5000):
        told[subject] = str(facts.get("appointment_state", ""))
    heads = {}
    for row in Appointment.objects.defer("wanted").order_by("id").iterator(chunk_size=2000):
        heads[row.subject] = Head(row.version, bytes(row.record_hash))
        if row.state != told.get(row.subject):
            findings.append((row.subject, "PROJECTION", "状态与记录不符"))
    return heads


def head_of_appointment(appointment_id: int) -> Head | None:
    rows = Appointment.objects.filter(pk=appointment_id)
    row = rows.values_list("version", "record_hash").first()
    return Head(row[0], bytes(row[1])) if row else None
