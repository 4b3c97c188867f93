"""Holding packages against the record: a changed number, digest or handover is named."""

from __future__ import annotations

from yiwang.apps.archives.models import ArchivePackage
from yiwang.foundation.record.models import RecordEntry

Findings = list[tuple[str, str, str]]


def check_packages(findings: Findings) -> None:
    """Append what is wrong to `findings`. Two statements."""
    made: dict[str, tuple[object, object]] = {}
    handed: set[str] = set()
    entries = (
        RecordEntry.objects.filter(subject__startswith="archive:")
        .order_by("subject", "seq")
        .values_list("subject", "operation", "facts")
    )
    for subject, operation, facts in entries.iterator(chunk_size=5000):
        if operation == "archives.make":
            made[subject] = (facts.get("number"), facts.get("sha256"))
        else:
            handed.add(subject)
    for row in ArchivePackage.objects.order_by("id").defer("contents").iterator(chunk_size=2000):
        is_handed = row.handed_over_at is not None
        if made.pop(row.subject, None) != (row.number, row.file_id):
            findings.append((row.subject, "PROJECTION", "档号或信息包与记录不符"))
        elif is_handed != (row.subject in handed):
            findings.append((row.subject, "PROJECTION", "移交情况与记录不符"))
    findings.extend((subject, "VANISHED", "记录里有的档案不见了") for subject in made)
