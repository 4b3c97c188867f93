"""Jobs that make documents real."""

from __future__ import annotations

import traceback
import uuid

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from yiwang.foundation.clockwork import now
from yiwang.foundation.documents.issuing import make_ready, note_failure
from yiwang.foundation.documents.models import DocumentStatus, LegalDocument


@app.task(
    name="documents.make",
    queue="documents",
    pass_context=False,
    retry=RetryStrategy(max_attempts=8, exponential_wait=3),
)
def make_document(identifier: str) -> None:
    """Render, sign and store one document; again after a failure, with the reason kept."""
    try:
        make_ready(uuid.UUID(identifier), at=now())
    except Exception:
        note_failure(uuid.UUID(identifier), traceback.format_exc())
        raise


def defer_documents(subject: str) -> int:
    """Queue a job for every pending document of a subject; making one twice makes it once."""
    pending = LegalDocument.objects.filter(
        subject=subject, status=DocumentStatus.PENDING
    ).values_list("id", flat=True)
    for identifier in pending:
        make_document.defer(identifier=str(identifier))
    return len(pending)
