"""After the decision: promises checked, decisions open, certificates renewed or deemed renewed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.acting import actor, deciding, received, reviewed, tick_all
from tests.integration.certifying import (
    REASON,
    certificate_of,
    granted,
    moment,
    people,
    with_end,
)

from yiwang.apps.cases.models import Case, Draft
from yiwang.apps.cases.operations import filing, receiving
from yiwang.apps.certificates import ending, revoking
from yiwang.apps.certificates.models import Certificate, RevocationProposal
from yiwang.apps.certificates.public import held_certificates
from yiwang.apps.oversight.errors import CheckNotFoundError, InvalidActError, NotNowError
from yiwang.apps.oversight.models import CheckResult, FollowUpCheck, Publication
from yiwang.apps.oversight.operations import checking, publishing
from yiwang.apps.people.models import DishonestyListing
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.environment import environment
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.messaging.sending import send_pending
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.timers.models import Timer
from yiwang.foundation.timers.sweep import sweep
from yiwang.kernel.machine import TransitionNotAllowedError
from yiwang.site.measuring import acting
from yiwang.site.verifying import verify_all

__all__ = ["people"]
pytestmark = pytest.mark.django_db
TEXT = "现场没有布局图上的洗消间,与承诺不一致。"


@pytest.fixture
def case(people: dict[str, Any], at: datetime) -> Case:
    """A food licence granted on a promise."""
    draft = acting.draft("food-business-licence", by=people["citizen"], at=at, hall="taolin-hall")
    Draft.objects.filter(pk=draft.pk).update(commitment="permit_commitment")
    case = filing.submit(draft_id=draft.pk, actor=people["citizen"], at=at)
    tick_all(case, clerk=people["clerk"], at=at)
    receiving.accept(case_id=case.pk, actor=people["clerk"], at=at)
    reviewed(case, reviewer=people["reviewer"], at=at)
    done = deciding.grant(case_id=case.pk, actor=people["approver"], at=at)
    drain(at=at)
    return done


def check_of(case: Case) -> FollowUpCheck:
    return FollowUpCheck.objects.get(case_id=case.pk)


def record(
    check: FollowUpCheck, people: dict[str, Any], on: datetime, **parts: Any
) -> FollowUpCheck:
    wanted = {
        "outcome": "RECTIFY",
        "text": TEXT,
        "second_person": people["colleague"].ref,
        "actor": people["reviewer"],
        "until": on.date() + timedelta(days=10),
    }
    return checking.record(check_id=check.pk, at=on, **(wanted | parts))


def test_a_grant_on_a_promise_opens_a_check_and_one_without_does_not(
    case: Case, people: dict[str, Any], at: datetime
) -> None:
    check = check_of(case)
    assert (check.state, check.organ.slug) == ("PENDING", "taolin-market")
    assert check.due_on == date(2026, 4, 14)  # thirty working days after Monday 2 March
    assert check.certificate_id == certificate_of(case).pk
    other = granted(people, at, hall="taolin-hall")
    drain(at=at)
    assert not FollowUpCheck.objects.filter(case_id=other.pk).exists()


@pytest.mark.row("R123")
def test_nobody_checks_alone(case: Case, people: dict[str, Any], at: datetime) -> None:
    check = check_of(case)
    for second in ("", people["reviewer"].ref, people["stranger"].ref):
        with pytest.raises(InvalidActError):
            record(check, people, at, second_person=second)
    with pytest.raises(CheckNotFoundError):
        record(check, people, at, actor=people["stranger"])
    record(check, people, at, outcome="FULFILLED")
    result = CheckResult.objects.get(check_of=check)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckResult.objects.create(
            check_of=check, round=2, outcome="FULFILLED", text=TEXT, by=result.by, by_label="",
            second_ref=result.by, second_label="", at=at,
        )  # fmt: skip
    assert check_of(case).state == "PASSED"


@pytest.mark.row("R123")
def test_a_broken_promise_goes_by_rectification_to_a_revocation_by_the_issuing_organ(
    case: Case, people: dict[str, Any], at: datetime
) -> None:
    check, certificate = check_of(case), certificate_of(case)
    with pytest.raises(TransitionNotAllowedError):
        record(check, people, at, outcome="TRANSFER")
    record(check, people, at)
    order = LegalDocument.objects.get(subject=check.subject)
    assert (order.kind, order.content["facts"]) == ("RECTIFICATION_ORDER", TEXT)
    with pytest.raises(NotNowError, match="没有届满"):
        record(check, people, moment("2026-03-12"), outcome="TRANSFER")
    record(check, people, moment("2026-03-13"), outcome="TRANSFER")
    assert check_of(case).state == "TRANSFERRED"
    proposal = RevocationProposal.objects.get(certificate=certificate)
    assert (proposal.state, proposal.source) == ("REFERRED", check.subject)
    assert Certificate.objects.get(pk=certificate.pk).status == "VALID"
    with pytest.raises(revoking.NotNowError):
        revoking.revoke(
            proposal_id=proposal.pk,
            reason=REASON,
            actor=people["approver"],
            at=moment("2026-04-20"),
        )
    revoking.notify(
        certificate_id=certificate.pk,
        finding=revoking.Finding("NOT_QUALIFIED", TEXT, REASON),
        actor=people["reviewer"],
        at=moment("2026-03-16"),
    )
    revoking.revoke(
        proposal_id=proposal.pk, reason=REASON, actor=people["approver"], at=moment("2026-03-24")
    )
    drain(at=moment("2026-03-24"))
    published = Publication.objects.get(case_id=case.pk)
    assert published.withdrawn_on == date(2026, 3, 24)
    assert published.published_at is not None
    assert not DishonestyListing.objects.exists()  # no automatic 失信 mark


def test_a_certificate_that_ends_closes_its_check(
    case: Case, people: dict[str, Any], at: datetime
) -> None:
    ending.cancel(
        certificate_id=certificate_of(case).pk,
        ground="ORGANISATION_GONE",
        reason="企业已经注销登记",
        actor=people["approver"],
        at=at,
    )
    drain(at=at)
    assert check_of(case).state == "CLOSED"


def test_a_decision_is_published_at_once_without_anything_personal(
    people: dict[str, Any], at: datetime
) -> None:
    case = granted(people, at, hall="taolin-hall")
    drain(at=at)
    row = Publication.objects.select_related("organ").get(case_id=case.pk)
    assert row.published_at == at
    assert row.due_at == moment("2026-03-12", "00:00")  # after seven working days
    assert row.ends_on == date(2031, 3, 2)
    party = case.applicant
    shown = str([str(v) for v in vars(row).values()])
    assert party.is_natural
    assert row.holder_label == "林*"
    for secret in (party.name, party.paper_number, party.phone):
        assert secret not in shown


def test_an_organisation_stands_in_full(people: dict[str, Any], at: datetime) -> None:
    party = next(
        p
        for p in (Certificate.objects.filter(number="91990102MA0XM00158").first(),)
        if p is not None
    ).holder
    case = granted(people, at, hall="taolin-hall", applicant=party)
    drain(at=at)
    row = Publication.objects.get(case_id=case.pk)
    assert (row.holder_label, row.holder_uscc) == (party.name, "91990102MA0XM00158")


def test_a_missed_decision_is_found_at_night_and_counts_as_late(
    people: dict[str, Any], at: datetime
) -> None:
    case = granted(people, at, hall="taolin-hall")
    late = at + timedelta(days=30)
    assert publishing.find_missed(at=late) == 1
    assert publishing.publish_waiting(at=late) == 1
    assert publishing.find_missed(at=late) == 0
    first = date(2026, 3, 1)
    found = publishing.punctuality(first, date(2026, 3, 31))
    assert (found.in_time, found.decisions, found.rate) == (0, 1, "0.00%")
    assert Publication.objects.get(case_id=case.pk).published_at == late


def renewed(people: dict[str, Any], on: datetime) -> Case:
    case = received("food-business-licence", by=people["citizen"], at=on, hall="taolin-hall")
    tick_all(case, clerk=people["clerk"], at=on)
    return receiving.accept(case_id=case.pk, actor=people["clerk"], at=on)


def test_an_application_in_the_window_keeps_an_expiring_certificate_until_it_is_decided(
    people: dict[str, Any], at: datetime
) -> None:
    certificate = with_end(certificate_of(granted(people, at)), date(2026, 6, 30))
    application = renewed(people, moment("2026-05-11"))
    night = moment("2026-07-01", "00:05")
    ending.expire_due(at=night)
    row = Certificate.objects.get(pk=certificate.pk)
    assert (row.status, row.renewal_subject) == ("DEEMED", application.subject)
    held = held_certificates([row.holder_id], [row.kind], on=date(2026, 7, 1))
    assert held[row.kind].pk == row.pk
    reviewed(application, reviewer=people["reviewer"], at=night)
    deciding.grant(case_id=application.pk, actor=people["approver"], at=night)
    drain(at=night)
    assert Certificate.objects.get(pk=row.pk).status == "EXPIRED"
    held = held_certificates([row.holder_id], [row.kind], on=date(2026, 7, 1))
    assert held[row.kind].subject == application.subject


@pytest.mark.parametrize("day", ["2026-01-05", "2026-06-26"])
def test_an_application_outside_the_window_keeps_nothing(
    people: dict[str, Any], at: datetime, day: str
) -> None:
    """Ninety to fifteen working days before 30 June: 5 January was too early, 26 June too late."""
    certificate = with_end(certificate_of(granted(people, at)), date(2026, 6, 30))
    application = renewed(people, moment("2026-05-11"))
    Case.objects.filter(pk=application.pk).update(received_at=moment(day))
    ending.expire_due(at=moment("2026-07-01", "00:05"))
    assert Certificate.objects.get(pk=certificate.pk).status == "EXPIRED"


def test_the_reminders_come_at_the_start_and_before_the_end_of_the_window(
    people: dict[str, Any], at: datetime
) -> None:
    case = granted(people, at)
    certificate = with_end(certificate_of(case), date(2026, 12, 31))
    drain(at=at)  # the timers are set by the day of expiry as it is now
    timers = {t.kind: t.due_at for t in Timer.objects.filter(subject=certificate.record_subject)}
    opens, closes = timers["oversight.renewal_opens"], timers["oversight.renewal_closes"]
    assert opens < closes < moment("2026-12-31")
    sweep(at=opens)
    send_pending(at=opens)
    first = Message.objects.get(
        subject=certificate.record_subject, occasion="opens", channel="IN_SITE"
    )
    assert first.status == "SENT"
    assert first.link == "/items/food-business-licence/"
    sweep(at=closes)
    renewed(people, closes)  # in between the holder applied: the reminder is not true any more
    send_pending(at=closes)
    second = Message.objects.get(
        subject=certificate.record_subject, occasion="closes", channel="IN_SITE"
    )
    assert second.status == "WITHDRAWN"


def test_the_lists_stay_within_their_organ(case: Case, at: datetime) -> None:
    from yiwang.apps.oversight.queries import checks

    own = checks(actor=actor("zhao-review", at))
    assert check_of(case).pk in [row.pk for row in own.checks]
    assert checks(actor=actor("lu-inspect", at)).checks == []


def test_a_state_changed_by_hand_is_named(case: Case, people: dict[str, Any], at: datetime) -> None:
    check, certificate = check_of(case), certificate_of(case)
    record(check, people, at)
    ending.cancel(
        certificate_id=certificate.pk,
        ground="BY_LAW",
        reason="持证人申请注销",
        actor=people["approver"],
        at=at,
    )
    ours = {check.subject, certificate.record_subject}

    def named() -> set[str]:
        return ours & {subject for subject, _, _ in verify_all(environment().roots).findings}

    assert named() == set()
    Certificate.objects.filter(pk=certificate.pk).update(status="VALID")
    FollowUpCheck.objects.filter(pk=check.pk).update(state="PENDING")
    assert named() == ours
