"""What happens to a certificate after its issue, and that nobody alone revokes one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.integration.certifying import (
    FACTS,
    REASON,
    certificate_of,
    granted,
    moment,
    people,
    with_end,
)

from yiwang.apps.certificates import ending, holding, revoking
from yiwang.apps.certificates.errors import (
    CertificateNotFoundError,
    InvalidActError,
    NotNowError,
)
from yiwang.apps.certificates.models import Certificate, RevocationProposal, StateChange
from yiwang.apps.certificates.public import held_certificates
from yiwang.apps.certificates.revoking import Finding
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.messaging.models import Message
from yiwang.foundation.messaging.sending import send_pending
from yiwang.foundation.outbox.relay import drain
from yiwang.foundation.record.models import RecordEntry
from yiwang.kernel.machine import TransitionNotAllowedError

__all__ = ["people"]
pytestmark = pytest.mark.django_db
FRAUD = Finding("FRAUD", FACTS, REASON)


@pytest.fixture
def certificate(people: dict[str, Any], at: datetime) -> Certificate:
    return certificate_of(granted(people, at))


def told(certificate: Certificate, people: dict[str, Any], at: datetime) -> RevocationProposal:
    return revoking.notify(
        certificate_id=certificate.pk, finding=FRAUD, actor=people["reviewer"], at=at
    )


def state(certificate: Certificate) -> str:
    return Certificate.objects.get(pk=certificate.pk).status


def test_a_revocation_is_told_waits_five_working_days_and_is_decided_by_another(
    certificate: Certificate, people: dict[str, Any], at: datetime
) -> None:
    proposal = told(certificate, people, at)  # Monday 2 March 2026
    assert proposal.due_at == moment("2026-03-10", "00:00")  # after Monday 9 March
    notice = LegalDocument.objects.get(pk=proposal.notice_id)
    assert (notice.kind, notice.number[:2]) == ("REVOCATION_NOTICE", "椰桃")

    def decide(by: str, on: datetime) -> RevocationProposal:
        return revoking.revoke(proposal_id=proposal.pk, reason=REASON, actor=people[by], at=on)

    with pytest.raises(NotNowError, match="期限还没有届满"):
        decide("approver", moment("2026-03-09", "23:59"))
    with pytest.raises(AccessDeniedError):
        decide("colleague", moment("2026-03-10"))
    with pytest.raises(CertificateNotFoundError):
        decide("stranger", moment("2026-03-10"))
    assert state(certificate) == "VALID"
    assert decide("approver", moment("2026-03-10")).state == "REVOKED"
    assert state(certificate) == "REVOKED"
    decision = LegalDocument.objects.get(
        subject=certificate.record_subject, kind="REVOCATION_DECISION"
    )
    content = decision.content
    assert content["facts"] == FACTS
    assert content["reason"] == REASON
    assert "第六十九条第二款" in content["articles"][0]
    assert "桃林区人民政府" in content["remedy"]
    operations = RecordEntry.objects.filter(subject=certificate.record_subject).order_by("seq")
    assert [e.operation for e in operations] == ["certificates.notify", "certificates.revoke"]


def test_who_told_the_holder_cannot_decide_and_the_database_says_so_too(
    certificate: Certificate, people: dict[str, Any], at: datetime
) -> None:
    proposal = revoking.notify(
        certificate_id=certificate.pk, finding=FRAUD, actor=people["approver"], at=at
    )
    with pytest.raises(NotNowError, match="另一名审批人员"):
        revoking.revoke(
            proposal_id=proposal.pk,
            reason=REASON,
            actor=people["approver"],
            at=at + timedelta(days=30),
        )
    late = at + timedelta(days=30)
    for changes in (
        {"decided_by": people["approver"].ref, "decided_at": late},
        {"decided_by": people["reviewer"].ref, "decided_at": at},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RevocationProposal.objects.filter(pk=proposal.pk).update(state="REVOKED", **changes)


def test_a_waiver_in_writing_shortens_the_period_and_a_hearing_must_be_held(
    certificate: Certificate, people: dict[str, Any], at: datetime
) -> None:
    proposal = told(certificate, people, at)
    citizen, later = people["citizen"], at + timedelta(hours=3)
    with pytest.raises(CertificateNotFoundError):
        revoking.respond(
            proposal_id=proposal.pk, statement="", waives=True, actor=people["other"], at=later
        )
    revoking.respond(proposal_id=proposal.pk, statement="", waives=True, actor=citizen, at=later)
    revoking.respond(
        proposal_id=proposal.pk, statement="合同是真的", asks_hearing=True, actor=citizen, at=later
    )
    after = moment("2026-03-16")
    with pytest.raises(NotNowError, match="听证"):
        revoking.revoke(proposal_id=proposal.pk, reason=REASON, actor=people["approver"], at=after)
    hearing = {"proposal_id": proposal.pk, "held_on": date(2026, 3, 13), "at": after}
    with pytest.raises(InvalidActError, match="1 处"):
        revoking.hear(
            **hearing,
            presiding=people["reviewer"].label,
            text="双方陈述完毕",
            actor=people["colleague"],
        )
    revoking.hear(
        **hearing, presiding="柳主持", text="双方陈述完毕,证据经质证", actor=people["colleague"]
    )
    done = revoking.revoke(
        proposal_id=proposal.pk, reason=REASON, actor=people["approver"], at=after
    )
    assert done.state == "REVOKED"


def test_a_waiver_alone_is_enough_to_decide_at_once(
    certificate: Certificate, people: dict[str, Any], at: datetime
) -> None:
    proposal = told(certificate, people, at)
    revoking.respond(
        proposal_id=proposal.pk, statement="", waives=True, actor=people["citizen"], at=at
    )
    later = at + timedelta(hours=1)
    done = revoking.revoke(
        proposal_id=proposal.pk, reason=REASON, actor=people["approver"], at=later
    )
    assert done.state == "REVOKED"


def test_fraud_leaves_no_discretion(
    certificate: Certificate, people: dict[str, Any], at: datetime
) -> None:
    proposal = told(certificate, people, at)
    wish = {"proposal_id": proposal.pk, "reason": "已经改正,情节轻微", "at": at}
    with pytest.raises(InvalidActError):
        revoking.drop(ground="MENDED", actor=people["approver"], **wish)
    done = revoking.drop(ground="NOT_ESTABLISHED", actor=people["approver"], **wish)
    assert done.state == "DROPPED"
    assert state(certificate) == "VALID"


def test_lost_is_out_of_force_at_once_and_a_replacement_stands_for_it(
    certificate: Certificate, people: dict[str, Any], at: datetime
) -> None:
    holder, kind = certificate.holder_id, certificate.kind
    with pytest.raises(CertificateNotFoundError):
        holding.report_lost(
            certificate_id=certificate.pk, reason="丢失", actor=people["other"], at=at
        )
    holding.report_lost(
        certificate_id=certificate.pk, reason="公交车上遗失", actor=people["citizen"], at=at
    )
    assert held_certificates([holder], [kind], on=at.date()) == {}
    new = ending.reissue(certificate_id=certificate.pk, actor=people["approver"], at=at)
    assert (new.supersedes_id, new.status) == (certificate.pk, "VALID")
    assert new.number.endswith("(补1)")
    assert new.identifier.split(".")[-2] == "002"
    assert held_certificates([holder], [kind], on=at.date())[kind].pk == new.pk
    with pytest.raises(NotNowError, match="补发"):
        holding.find_again(certificate_id=certificate.pk, actor=people["citizen"], at=at)
    with pytest.raises(NotNowError):
        ending.reissue(certificate_id=certificate.pk, actor=people["approver"], at=at)
    assert LegalDocument.objects.filter(pk=new.document_id, kind="CERTIFICATE").exists()


def test_found_again_is_valid_again(
    certificate: Certificate, people: dict[str, Any], at: datetime
) -> None:
    holding.report_lost(
        certificate_id=certificate.pk, reason="遗失", actor=people["citizen"], at=at
    )
    holding.find_again(certificate_id=certificate.pk, actor=people["citizen"], at=at)
    assert state(certificate) == "VALID"
    assert StateChange.objects.filter(certificate=certificate).count() == 2


def test_a_cancellation_names_one_of_six_situations_and_is_final(
    certificate: Certificate, people: dict[str, Any], at: datetime
) -> None:
    holding.ask(
        certificate_id=certificate.pk,
        wish="CANCEL",
        reason="不再经营",
        actor=people["citizen"],
        at=at,
    )
    act = {"certificate_id": certificate.pk, "reason": "持证人申请注销", "at": at}
    with pytest.raises(AccessDeniedError):
        ending.cancel(ground="BY_LAW", actor=people["reviewer"], **act)
    for wrong in ("", "EXPIRED", "TAKEN_BACK"):
        with pytest.raises(InvalidActError):
            ending.cancel(ground=wrong, actor=people["approver"], **act)
    ending.cancel(ground="BY_LAW", actor=people["approver"], **act)
    assert state(certificate) == "CANCELLED"
    notice = LegalDocument.objects.get(subject=certificate.record_subject)
    assert "第七十条第(六)项" in notice.content["articles"][0]
    with pytest.raises(TransitionNotAllowedError):
        ending.cancel(ground="BY_LAW", actor=people["approver"], **act)


def test_the_night_after_the_last_day_it_expires_and_is_no_longer_held(
    certificate: Certificate, people: dict[str, Any], at: datetime
) -> None:
    certificate = with_end(certificate, date(2026, 4, 30))
    assert ending.expire_due(at=moment("2026-04-30", "23:59")) == 0
    held = held_certificates([certificate.holder_id], [certificate.kind], on=date(2026, 4, 30))
    assert held[certificate.kind].pk == certificate.pk
    assert ending.expire_due(at=moment("2026-05-01", "00:05")) >= 1
    assert state(certificate) == "EXPIRED"
    for day in (date(2026, 4, 30), date(2026, 5, 1)):
        assert held_certificates([certificate.holder_id], [certificate.kind], on=day) == {}
    drain(at=at)
    send_pending(at=moment("2026-05-01", "00:06"))
    message = Message.objects.get(
        subject=certificate.record_subject, kind="certificates.state", channel="IN_SITE"
    )
    assert message.status == "SENT"


def test_a_message_about_a_state_that_is_over_is_not_sent(
    certificate: Certificate, people: dict[str, Any], at: datetime
) -> None:
    holding.report_lost(
        certificate_id=certificate.pk, reason="遗失", actor=people["citizen"], at=at
    )
    drain(at=at)
    holding.find_again(certificate_id=certificate.pk, actor=people["citizen"], at=at)
    send_pending(at=at)
    lost = Message.objects.filter(
        subject=certificate.record_subject, occasion__startswith="LOST", channel="IN_SITE"
    ).get()
    assert lost.status == "WITHDRAWN"


def test_an_entered_penalty_withdraws(
    certificate: Certificate, people: dict[str, Any], at: datetime
) -> None:
    act = {
        "certificate_id": certificate.pk,
        "decision_number": "椰桃市监罚〔2026〕3号",
        "reason": "区市场监管局,销售变质食品",
        "at": at,
    }
    with pytest.raises(AccessDeniedError):
        ending.enter_withdrawal(decided_on=at.date(), actor=people["reviewer"], **act)
    with pytest.raises(InvalidActError):
        ending.enter_withdrawal(
            decided_on=at.date() + timedelta(days=1), actor=people["approver"], **act
        )
    ending.enter_withdrawal(decided_on=at.date(), actor=people["approver"], **act)
    assert state(certificate) == "WITHDRAWN"
    ending.cancel(
        certificate_id=certificate.pk,
        ground="TAKEN_BACK",
        reason="许可证已被吊销",
        actor=people["approver"],
        at=at,
    )
    assert state(certificate) == "CANCELLED"
