"""Who listens to whom: the one place where events, timers and messages meet their handlers."""

from __future__ import annotations


def wire() -> None:
    """Idempotent; called when the apps are ready."""
    from yiwang.apps.cases import events, handlers
    from yiwang.apps.cases.operations import receiving, reviewing
    from yiwang.apps.cases.operations.filing import RECEIPT_DUE
    from yiwang.apps.ratings import handlers as rating_handlers
    from yiwang.foundation.documents.events import DocumentReady
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due
    from yiwang.site import calendar_notice

    for cls in (
        events.CaseReceived,
        events.CorrectionRequested,
        events.CaseAccepted,
        events.CaseNotRequired,
        events.CaseDeclined,
        events.CasePaused,
        events.CaseExtended,
        events.CaseGranted,
        events.CaseRefused,
        events.ResultDelivered,
    ):
        subscribe(cls, handlers.make_documents)
    subscribe(events.CaseReceived, handlers.on_received)
    subscribe(events.CaseAccepted, handlers.on_accepted)
    subscribe(events.CorrectionRequested, handlers.on_correction_requested)
    subscribe(events.ResultDelivered, rating_handlers.on_delivered)
    subscribe(events.DueDatesMoved, handlers.on_due_moved)
    subscribe(DocumentReady, handlers.on_document_ready)

    message_kind(handlers.PICKUP, handlers.still_ready)
    message_kind(handlers.CORRECTION, handlers.still_to_correct)
    message_kind(handlers.PROGRESS, handlers.still_progress)
    message_kind(handlers.MOVED, handlers.still_moved)
    message_kind(rating_handlers.KIND, rating_handlers.still_unrated)

    on_due(RECEIPT_DUE, handlers.receipt_due)
    on_due(receiving.CORRECTION_DUE, handlers.correction_due)
    on_due(reviewing.PAUSE_ENDS, handlers.pause_ends)
    on_due(calendar_notice.SETTLE, calendar_notice.settle)
