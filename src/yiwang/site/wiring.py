"""Who listens to whom: the one place where events, timers and messages meet their handlers."""

from __future__ import annotations


def wire() -> None:
    """Idempotent; called when the apps are ready."""
    _cases()
    _branches()
    _ratings()
    _supervision()
    _site()


def _cases() -> None:
    from yiwang.apps.cases import events, handlers
    from yiwang.apps.cases.operations import receiving, reviewing
    from yiwang.apps.cases.operations.filing import RECEIPT_DUE
    from yiwang.foundation.documents.events import DocumentReady
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due

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
        events.CaseEnded,
        events.CaseForwarded,
        events.ProcedureStarted,
        events.ProcedureAdvanced,
    ):
        subscribe(cls, handlers.make_documents)
    subscribe(events.CaseReceived, handlers.on_received)
    subscribe(events.CaseAccepted, handlers.on_accepted)
    subscribe(events.CorrectionRequested, handlers.on_correction_requested)
    subscribe(events.DueDatesMoved, handlers.on_due_moved)
    subscribe(DocumentReady, handlers.on_document_ready)
    message_kind(handlers.PICKUP, handlers.still_ready)
    message_kind(handlers.CORRECTION, handlers.still_to_correct)
    message_kind(handlers.PROGRESS, handlers.still_progress)
    message_kind(handlers.MOVED, handlers.still_moved)
    on_due(RECEIPT_DUE, handlers.receipt_due)
    on_due(receiving.CORRECTION_DUE, handlers.correction_due)
    on_due(reviewing.PAUSE_ENDS, handlers.pause_ends)


def _branches() -> None:
    from yiwang.apps.cases import branch_handlers, events
    from yiwang.apps.cases.operations import deferring
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due

    subscribe(events.CaseEnded, branch_handlers.on_ended)
    subscribe(events.CaseForwarded, branch_handlers.on_forwarded)
    subscribe(events.StatusReported, branch_handlers.on_status_reported)
    subscribe(events.ProcedureStarted, branch_handlers.on_procedure)
    subscribe(events.ProcedureAdvanced, branch_handlers.on_procedure)
    subscribe(events.ResultSent, branch_handlers.on_sent)
    message_kind(branch_handlers.ENDED, branch_handlers.still_ended)
    message_kind(branch_handlers.OUTSIDE, branch_handlers.still_outside)
    message_kind(branch_handlers.PROCEDURE, branch_handlers.still_open_procedure)
    message_kind(branch_handlers.PARCEL, branch_handlers.still_on_its_way)
    message_kind(branch_handlers.GAPS, branch_handlers.still_has_gaps)
    on_due(deferring.DEFERRAL_DUE, branch_handlers.deferral_due)


def _ratings() -> None:
    from yiwang.apps.cases import events
    from yiwang.apps.ratings import handlers
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe

    subscribe(events.ResultDelivered, handlers.on_delivered)
    message_kind(handlers.KIND, handlers.still_unrated)


def _supervision() -> None:
    from yiwang.apps.cases import events
    from yiwang.apps.supervision import events as card_events
    from yiwang.apps.supervision import handlers
    from yiwang.apps.supervision.operations import issuing, reminding
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due

    for watched in handlers.case_events():
        subscribe(watched, handlers.on_case_event)
    subscribe(events.DueDatesMoved, handlers.on_due_moved)
    subscribe(card_events.CardUpheld, handlers.on_upheld)
    message_kind(reminding.KIND, reminding.still_waiting)
    on_due(issuing.LOOK, handlers.look_due)
    on_due(issuing.RECONSIDER, handlers.reconsider_due)
    on_due(issuing.SWEEP, handlers.sweep_due)
    on_due(reminding.DIGEST, reminding.digest_due)


def _site() -> None:
    from yiwang.foundation.timers.sweep import on_due
    from yiwang.site import calendar_notice

    on_due(calendar_notice.SETTLE, calendar_notice.settle)
