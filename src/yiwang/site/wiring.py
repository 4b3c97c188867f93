"""Who listens to whom: the one place where events, timers and messages meet their handlers."""

from __future__ import annotations


def wire() -> None:
    """Idempotent; called when the apps are ready."""
    _parameters()
    _people()
    _places()
    _cases()
    _branches()
    _taking_in()
    _certificates()
    _ratings()
    _enquiries()
    _hall()
    _oversight()
    _archives()
    _supervision()
    _partners()
    _site()


def _parameters() -> None:
    from yiwang.apps.archives.domain import parameters as archives
    from yiwang.apps.cases.domain import parameters as cases
    from yiwang.apps.cases.domain import taking_in
    from yiwang.apps.catalog.domain import parameters as catalog
    from yiwang.apps.certificates.domain import making
    from yiwang.apps.enquiries.domain import limits
    from yiwang.apps.hall.domain import parameters as hall
    from yiwang.apps.oversight.domain import sampling
    from yiwang.apps.people.domain import parameters as people
    from yiwang.apps.ratings.domain import parameters as ratings
    from yiwang.foundation.parameters.current import declare_parameters
    from yiwang.site.keeping import periods

    for room in (
        people,
        catalog,
        cases,
        taking_in,
        archives,
        periods,
        making,
        ratings,
        limits,
        hall,
        sampling,
    ):
        declare_parameters(room.PARAMETERS)


def _people() -> None:
    from yiwang.apps.catalog.public import current_versions
    from yiwang.apps.people import authorising, authority_handlers, events, guarding
    from yiwang.apps.people.public import Offered, items_from
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due

    items_from(
        lambda today: [
            Offered(
                item.code,
                item.name,
                for_people="NATURAL_PERSON" in item.audiences,
                for_organisations="LEGAL_PERSON" in item.audiences,
            )
            for item in (version.definition for version in current_versions(today=today))
        ]
    )
    subscribe(events.AuthorisationConfirmed, authority_handlers.on_confirmed)
    subscribe(events.AuthorisationEnded, authority_handlers.on_ended)
    subscribe(events.AuthorisationUsed, authority_handlers.on_used)
    message_kind(authorising.CODE, authority_handlers.still_to_confirm)
    message_kind(authority_handlers.NEWS, authority_handlers.still_news)
    message_kind(authority_handlers.USED, authority_handlers.still_used)
    subscribe(events.GuardianshipDecided, authority_handlers.on_guardianship)
    subscribe(events.RepresentativeChanged, authority_handlers.on_representative)
    subscribe(events.DishonestyTold, authority_handlers.on_dishonesty)
    message_kind(authority_handlers.RELATION, authority_handlers.still_used)
    on_due(authorising.ENDS, authority_handlers.ends)
    on_due(guarding.COMES_OF_AGE, authority_handlers.comes_of_age)


def _places() -> None:
    """What keeps an organ or a hall open besides posts."""
    from yiwang.apps.cases.public import cases_that_keep_open
    from yiwang.apps.catalog.public import items_that_end
    from yiwang.apps.hall.queries import zones_that_keep_open
    from yiwang.apps.people.public import blockers_from

    blockers_from(cases_that_keep_open)
    blockers_from(zones_that_keep_open)
    blockers_from(items_that_end)


def _cases() -> None:
    from yiwang.apps.cases import events, handlers
    from yiwang.apps.cases.operations import receiving, stopping
    from yiwang.apps.cases.operations.filing import RECEIPT_DUE
    from yiwang.apps.cases.public import corrections_by_item
    from yiwang.apps.catalog.public import use_practices
    from yiwang.apps.certificates.events import CertificateStored
    from yiwang.foundation.documents.events import DocumentReady
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due

    use_practices(corrections_by_item)
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
    subscribe(CertificateStored, handlers.on_certificate_stored)
    subscribe(events.CaseEnded, handlers.on_voided)
    subscribe(events.DueDatesMoved, handlers.on_delivery_moved)
    message_kind(handlers.PICKUP, handlers.still_ready)
    message_kind(handlers.CORRECTION, handlers.still_to_correct)
    message_kind(handlers.PROGRESS, handlers.still_progress)
    message_kind(handlers.MOVED, handlers.still_moved)
    message_kind(handlers.AGENT, handlers.still_agent)
    on_due(RECEIPT_DUE, handlers.receipt_due)
    on_due(receiving.CORRECTION_DUE, handlers.correction_due)
    on_due(stopping.PAUSE_ENDS, handlers.pause_ends)


def _branches() -> None:
    from yiwang.apps.cases import branch_handlers, events
    from yiwang.apps.cases.operations import deferring
    from yiwang.apps.certificates.events import SourceRestored
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due

    subscribe(events.CaseEnded, branch_handlers.on_ended)
    subscribe(events.CaseForwarded, branch_handlers.on_forwarded)
    subscribe(events.StatusReported, branch_handlers.on_status_reported)
    subscribe(events.ProcedureStarted, branch_handlers.on_procedure)
    subscribe(events.ProcedureAdvanced, branch_handlers.on_procedure)
    subscribe(events.ResultSent, branch_handlers.on_sent)
    subscribe(SourceRestored, branch_handlers.on_source_restored)
    subscribe(events.HoldingsAnswered, branch_handlers.on_answered)
    subscribe(events.OriginalsWanted, branch_handlers.on_originals_wanted)
    message_kind(branch_handlers.ANSWERED, branch_handlers.still_not_found)
    message_kind(branch_handlers.ORIGINALS, branch_handlers.still_wants_originals)
    on_due(branch_handlers.ASK_AGAIN, branch_handlers.ask_again)
    message_kind(branch_handlers.ENDED, branch_handlers.still_ended)
    message_kind(branch_handlers.OUTSIDE, branch_handlers.still_outside)
    message_kind(branch_handlers.PROCEDURE, branch_handlers.still_open_procedure)
    message_kind(branch_handlers.PARCEL, branch_handlers.still_on_its_way)
    message_kind(branch_handlers.GAPS, branch_handlers.still_has_gaps)
    on_due(deferring.DEFERRAL_DUE, branch_handlers.deferral_due)


def _taking_in() -> None:
    from yiwang.apps.cases import events, taking_in_handlers
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe

    subscribe(events.PapersHandedOver, taking_in_handlers.on_handed_over)
    message_kind(taking_in_handlers.HANDED_OVER, taking_in_handlers.still_handed_over)


def _certificates() -> None:
    from yiwang.apps.catalog.public import blanks_printed_on, licences_asked_for
    from yiwang.apps.certificates import events, handlers
    from yiwang.apps.certificates.public import blank_kinds_from, licence_kinds_from
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due

    blank_kinds_from(blanks_printed_on)
    licence_kinds_from(licences_asked_for)
    for cls in (events.CertificateChanged, events.CertificateRevoked, events.RevocationNotified):
        subscribe(cls, handlers.make_documents)
    subscribe(events.CertificateChanged, handlers.on_changed)
    subscribe(events.CertificateRevoked, handlers.on_revoked)
    subscribe(events.CertificateReissued, handlers.on_reissued)
    subscribe(events.RevocationNotified, handlers.on_notified)
    subscribe(events.RevocationDropped, handlers.on_dropped)
    message_kind(handlers.STATE, handlers.still_in_state)
    message_kind(handlers.REVOCATION, handlers.still_proposed)
    on_due(handlers.NIGHTLY, handlers.nightly)


def _ratings() -> None:
    from yiwang.apps.cases import events
    from yiwang.apps.ratings import events as rating_events
    from yiwang.apps.ratings import handlers
    from yiwang.apps.ratings.operations import inviting, watching
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due

    subscribe(events.CaseAccepted, handlers.on_accepted)
    subscribe(events.CaseForwarded, handlers.on_forwarded)
    subscribe(events.ResultDelivered, handlers.on_delivered)
    subscribe(rating_events.BadRatingMoved, handlers.on_bad_rating)
    message_kind(inviting.KIND, handlers.still_unrated)
    message_kind(inviting.REMINDER, handlers.still_unrated)
    message_kind(watching.KIND, watching.still_to_do)
    for kind, handler in handlers.TIMERS.items():
        on_due(kind, handler)


def _enquiries() -> None:
    from yiwang.apps.catalog.public import GuideAnswer, use_guide_answers, use_open_notes
    from yiwang.apps.enquiries import handlers
    from yiwang.apps.enquiries.events import EnquiryChanged
    from yiwang.apps.enquiries.queries import answers_on_guide, open_notes_by_item
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due
    from yiwang.kernel.moment import civil_date

    use_guide_answers(
        lambda item: [
            GuideAnswer(row.question, row.answer, civil_date(row.published_at))
            for row in answers_on_guide(item)
        ]
    )
    use_open_notes(open_notes_by_item)
    subscribe(EnquiryChanged, handlers.on_changed)
    message_kind(handlers.KIND, handlers.still_so)
    for kind, handler in handlers.TIMERS.items():
        on_due(kind, handler)


def _hall() -> None:
    from yiwang.apps.hall import handlers
    from yiwang.apps.hall.events import AppointmentChanged
    from yiwang.apps.people.events import AbsenceRegistered
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due

    subscribe(AppointmentChanged, handlers.on_changed)
    subscribe(AbsenceRegistered, handlers.on_absence)
    message_kind(handlers.KIND, handlers.still_so)
    message_kind(handlers.REMINDER, handlers.still_to_come)
    for kind, handler in handlers.TIMERS.items():
        on_due(kind, handler)


def _oversight() -> None:
    from yiwang.apps.cases import events
    from yiwang.apps.certificates import events as certificate_events
    from yiwang.apps.certificates.public import use_hooks
    from yiwang.apps.oversight import handlers
    from yiwang.apps.oversight.events import CheckRecorded
    from yiwang.apps.oversight.operations import renewing
    from yiwang.foundation.messaging.sending import message_kind
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due

    use_hooks(handlers.HOOKS)
    subscribe(events.CaseGranted, handlers.on_granted)
    subscribe(events.CaseRefused, handlers.on_refused)
    subscribe(events.CaseWithdrawn, handlers.on_ended)
    subscribe(events.CaseEnded, handlers.on_ended)
    subscribe(certificate_events.CertificateRevoked, handlers.on_revoked)
    subscribe(certificate_events.CertificateChanged, handlers.on_changed)
    subscribe(certificate_events.CertificateReissued, handlers.on_reissued)
    subscribe(CheckRecorded, handlers.on_check)
    message_kind(handlers.CHECKED, handlers.still_checked)
    message_kind(renewing.KIND, renewing.still_to_renew)
    for kind, handler in handlers.TIMERS.items():
        on_due(kind, handler)


def _archives() -> None:
    from yiwang.apps.archives import handlers
    from yiwang.apps.cases import events
    from yiwang.foundation.outbox.bus import subscribe
    from yiwang.foundation.timers.sweep import on_due

    for ended in (
        events.ResultDelivered,
        events.CaseEnded,
        events.CaseWithdrawn,
        events.CaseNotRequired,
        events.CaseDeclined,
        events.StatusReported,
    ):
        subscribe(ended, handlers.on_ended)
    on_due(handlers.DUE, handlers.due)


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


def _partners() -> None:
    from yiwang.apps.partners import handlers
    from yiwang.foundation.outbox.bus import subscribe

    for told in handlers.PUBLIC:
        subscribe(told, handlers.on_case_event)


def _site() -> None:
    from yiwang.foundation.timers.sweep import on_due
    from yiwang.site import calendar_notice

    on_due(calendar_notice.SETTLE, calendar_notice.settle)
