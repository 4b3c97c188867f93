"""Helpers for tests that act, and the making of documents that the worker would do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yiwang.apps.cases.models import Case
from yiwang.apps.cases.operations import deciding
from yiwang.apps.catalog.public import current_version
from yiwang.foundation.documents.issuing import make_ready
from yiwang.foundation.documents.models import LegalDocument
from yiwang.kernel.moment import civil_date
from yiwang.site.measuring import acting
from yiwang.site.measuring.acting import PDF, accepted, actor, draft, received, reviewed, tick_all


def answers_for(item: str) -> dict[str, Any]:
    """A valid set of answers to the item's form."""
    version = current_version(
        item, today=civil_date(datetime.fromisoformat("2026-11-21T00:00:00+08:00"))
    )
    assert version is not None
    return acting.answers_for(version.definition)


def make_documents(case: Case, at: datetime) -> None:
    """Render and sign what the worker's jobs would."""
    for row in LegalDocument.objects.filter(subject=case.subject, status="PENDING"):
        make_ready(row.pk, at=at)


__all__ = [
    "PDF",
    "accepted",
    "actor",
    "answers_for",
    "deciding",
    "draft",
    "make_documents",
    "received",
    "reviewed",
    "tick_all",
]
