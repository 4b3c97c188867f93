"""How a case ends without a decision, and what needs two people: 终止, 视为撤回, 作废, 更正."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.acting import accepted, actor, received
from tests.integration.branching import (
    FOOD,
    PDF,
    REASON,
    change_item,
    in_correction,
    paper_of,
    people,
)

from yiwang.apps.cases.errors import InvalidInputError, NotNowError
from yiwang.apps.cases.handlers import correction_due
from yiwang.apps.cases.models import (
    Case,
    CaseProposal,
)
from yiwang.apps.cases.operations import (
    ending,
    proposing,
)
from yiwang.apps.people.public import register_absence
from yiwang.foundation.access import AccessDeniedError
from yiwang.foundation.documents.models import LegalDocument
from yiwang.foundation.record.models import RecordEntry

pytestmark = pytest.mark.django_db
__all__ = ["people"]


# 终止, 视为撤回.


def test_silence_ends_a_permit_only_in_writing_by_the_approver(
    at: datetime, people: dict[str, Any]
) -> None:
    case = in_correction(at, people)
    assert case.correction_until is not None
    after = datetime.combine(case.correction_until + timedelta(days=1), at.timetz())
    correction_due(case.subject, after)  # the rule of a permit is not that silence withdraws
    assert Case.objects.get(pk=case.pk).state == "CORRECTION"
    words = {"ground": "CORRECTION_OVERDUE", "facts": "已一次告知,到期没有补正", "reason": REASON,
             "article": "市政务服务管理办法"}  # fmt: skip
    with pytest.raises(NotNowError, match="还没有过"), transaction.atomic():
        ending.terminate(case_id=case.pk, actor=people["approver"], at=at, **words)
    with pytest.raises(AccessDeniedError), transaction.atomic():
        ending.terminate(case_id=case.pk, actor=people["clerk"], at=after, **words)
    done = ending.terminate(case_id=case.pk, actor=people["approver"], at=after, **words)
    assert done.state == "TERMINATED"
    again = received(FOOD, by=people["citizen"], at=after)  # may apply again
    assert again.state == "RECEIVED"


@pytest.mark.parametrize("ground", ["GIVEN_UP", "APPLICANT_GONE", "OBJECT_GONE"])
def test_an_end_on_somebodys_word_needs_the_paper_and_a_second_person(
    at: datetime, people: dict[str, Any], ground: str
) -> None:
    case = received(FOOD, by=people["citizen"], at=at)
    words = {"ground": ground, "facts": "申请人来信说不办了", "reason": REASON,
             "article": "市政务服务管理办法"}  # fmt: skip
    who: dict[str, Any] = {"case_id": case.pk, "actor": people["approver"], "at": at}
    with pytest.raises(InvalidInputError) as ground_problem, transaction.atomic():
        ending.terminate(**words, **who)
    assert "ground" in ground_problem.value.fields
    with pytest.raises(InvalidInputError) as proof, transaction.atomic():
        proposing.propose_termination(**words, proof=None, **who)
    assert "proof" in proof.value.fields
    with pytest.raises(AccessDeniedError), transaction.atomic():
        proposing.propose_termination(
            **words, proof=("信.pdf", PDF), **{**who, "actor": people["clerk"]}
        )
    proposal = proposing.propose_termination(**words, proof=("信.pdf", PDF), **who)
    assert Case.objects.get(pk=case.pk).state == "RECEIVED"
    yes: dict[str, Any] = {"proposal_id": proposal.pk, "is_approved": True, "note": "", "at": at}
    with pytest.raises(NotNowError, match="不能自己确认"), transaction.atomic():
        proposing.decide_proposal(actor=people["approver"], **yes)
    done = proposing.decide_proposal(actor=people["reviewer"], **yes)
    assert done.state == "TERMINATED"
    entry = RecordEntry.objects.filter(subject=case.subject).latest("seq")
    assert entry.facts["proof"] and entry.facts["by"] == people["approver"].ref
    notice = LegalDocument.objects.get(subject=case.subject, kind="TERMINATION_NOTICE")
    assert "来信" in str(notice.content)


def test_the_database_keeps_no_proposal_to_end_a_case_without_its_paper(
    at: datetime, people: dict[str, Any]
) -> None:
    case = received(FOOD, by=people["citizen"], at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseProposal.objects.create(
            case=case, kind="TERMINATE", content={}, reason=REASON, proposed_by="account:1",
            proposed_by_label="某", proposed_at=at,
        )  # fmt: skip


def test_silence_withdraws_where_the_law_says_so_and_not_a_day_earlier(
    at: datetime, people: dict[str, Any]
) -> None:
    change_item(
        at,
        correction={"limit": "7d", "overdue": "DEEMED_WITHDRAWN", "article": "法律援助法 §43"},
    )
    case = in_correction(at, people)
    assert case.correction_until == date(2026, 3, 9)
    on_the_day = datetime.combine(case.correction_until, at.timetz())
    correction_due(case.subject, on_the_day)
    assert Case.objects.get(pk=case.pk).state == "CORRECTION"
    correction_due(case.subject, on_the_day + timedelta(days=1))
    found = Case.objects.get(pk=case.pk)
    assert found.state == "WITHDRAWN"
    assert paper_of(case, "TERMINATION_NOTICE").title == "视为撤回申请告知书"


# 作废 and 更正: two people.


def test_a_case_is_voided_by_two_people_and_kept(at: datetime, people: dict[str, Any]) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    with pytest.raises(AccessDeniedError), transaction.atomic():
        proposing.propose(
            case_id=case.pk, kind="VOID", reason="重复录入", actor=people["citizen"], at=at
        )
    made = proposing.propose(
        case_id=case.pk, kind="VOID", reason="同一申请重复录入", actor=people["approver"], at=at
    )
    assert Case.objects.get(pk=case.pk).state == "REVIEW"  # nothing yet
    decide = {"proposal_id": made.pk, "is_approved": True, "note": "", "at": at}
    with pytest.raises(NotNowError, match="另一位"), transaction.atomic():
        proposing.decide_proposal(actor=people["approver"], **decide)
    with pytest.raises(IntegrityError), transaction.atomic():  # nor by going round the operation
        CaseProposal.objects.filter(pk=made.pk).update(
            decided_by=made.proposed_by, decided_at=at, is_approved=True
        )
    register_absence(  # the proposer goes away: the deputy (B角) decides in their place
        starts_at=at, ends_at=at + timedelta(days=1), reason="出差", actor=people["approver"], at=at
    )
    second = actor("li-approve", at + timedelta(hours=1))
    decide["at"] = at + timedelta(hours=1)
    done = proposing.decide_proposal(actor=second, **decide)
    assert done.state == "VOIDED"
    assert Case.objects.filter(pk=case.pk).exists()


def test_data_is_corrected_with_a_reason_by_a_second_person_and_nothing_is_lost(
    at: datetime, people: dict[str, Any]
) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    with pytest.raises(InvalidInputError), transaction.atomic():
        proposing.propose(
            case_id=case.pk, kind="CORRECT_DATA", reason="门牌号录错", form={},
            actor=people["reviewer"], at=at,
        )  # fmt: skip
    made = proposing.propose(
        case_id=case.pk, kind="CORRECT_DATA", reason="门牌号录错,与营业执照一致",
        form={"shop_name": "小满餐馆(更正)"}, actor=people["reviewer"], at=at,
    )  # fmt: skip
    done = proposing.decide_proposal(
        proposal_id=made.pk, is_approved=True, note="", actor=people["approver"], at=at
    )
    forms = [c.form["shop_name"] for c in done.contents.order_by("revision")]
    assert forms[-1] == "小满餐馆(更正)"
    assert len(forms) == 2  # the earlier answers stay
    assert done.state == "REVIEW"


def test_a_declined_proposal_changes_nothing_and_says_why(
    at: datetime, people: dict[str, Any]
) -> None:
    case = accepted(FOOD, by=people["citizen"], clerk=people["clerk"], at=at)
    made = proposing.propose(
        case_id=case.pk, kind="VOID", reason="以为重复了", actor=people["reviewer"], at=at
    )
    decide = {"proposal_id": made.pk, "is_approved": False, "actor": people["approver"], "at": at}
    with pytest.raises(InvalidInputError), transaction.atomic():
        proposing.decide_proposal(note="", **decide)
    done = proposing.decide_proposal(note="不是重复,两家店", **decide)
    assert done.state == "REVIEW"
