"""Checking a promise: opened with the decision, recorded by two people, handed over if it must be.

The order is the law's: 责令限期整改 first; only what is still wrong after that day goes to the
organ that issued the certificate, which then proposes a revocation. Nothing marks anybody 失信.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from yiwang.apps.cases.public import decided_case
from yiwang.apps.catalog.public import definition_of
from yiwang.apps.certificates.public import (
    CertificateError,
    Finding,
    certificate_of_case,
    refer,
)
from yiwang.apps.oversight.domain.states import MACHINE, OPEN, CheckOutcome, CheckState
from yiwang.apps.oversight.errors import CheckNotFoundError, InvalidActError, NotNowError
from yiwang.apps.oversight.events import CheckRecorded
from yiwang.apps.oversight.models import CheckResult, FollowUpCheck
from yiwang.apps.oversight.papers import rectification_order, write_order
from yiwang.apps.oversight.permissions import CHECK
from yiwang.apps.people.public import Organ, Party, colleagues, organ_by_slug
from yiwang.foundation.access import Actor, system_actor
from yiwang.foundation.calendars.current import calendar
from yiwang.foundation.outbox.bus import publish
from yiwang.foundation.record.writing import START, build
from yiwang.foundation.statements import insert, update_where
from yiwang.kernel.chain import Head
from yiwang.kernel.clock import Limit, deadline
from yiwang.kernel.moment import civil_date, end_of_day

LONGEST_RECTIFICATION = 90  # calendar days: a slip of the pen, not a rule of law
SHORTEST, LONGEST = 6, 2000


@dataclass
class CheckAct:
    """One act in the making: columns it changes and the facts it records."""

    check: FollowUpCheck
    actor: Actor
    at: datetime
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def commit(self, operation: str) -> FollowUpCheck:
        """Write it. Raises NotNowError where somebody else was quicker."""
        row = self.check
        seen = row.version
        self.facts["check_state"] = self.changes.get("state", row.state)
        entry, new_head = build(
            subject=row.subject,
            head=Head(seen, bytes(row.record_hash)) if seen else START,
            operation=operation,
            actor=self.actor.ref,
            at=self.at,
            facts=self.facts,
        )
        self.changes |= {"version": new_head.seq, "record_hash": new_head.hash}
        if not update_where(FollowUpCheck, {"pk": row.pk, "version": seen}, self.changes):
            raise NotNowError("这件核查刚刚由别人办理过,请刷新后再看。")
        insert([entry])
        for name, value in self.changes.items():
            setattr(row, name, value)
        publish([CheckRecorded(row.pk, row.state)], at=self.at)
        return row


@transaction.atomic
def open_check(*, case_id: int, at: datetime) -> FollowUpCheck | None:
    """For a granted case that rests on a promise; None for any other. A second time changes
    nothing."""
    case = decided_case(case_id)
    if case is None or case.outcome != "GRANTED" or not case.commitment:
        return None
    definition = definition_of(case.item_version_id)
    commitment = definition.commitment(case.commitment)
    if commitment is None or FollowUpCheck.objects.filter(case_id=case_id).exists():
        return None
    issuing = Organ.objects.get(pk=case.organ_id)
    supervising = definition.supervising_organ
    organ = organ_by_slug(supervising) if supervising else None
    reckoning = deadline(case.decided_at, Limit.parse(commitment.check_within), calendar())
    assert reckoning.due_on is not None
    certificate = certificate_of_case(case.subject)
    row = FollowUpCheck.objects.create(
        case_id=case_id,
        short_number=case.short_number,
        item_code=case.item_code,
        item_name=case.item_name,
        certificate_id=certificate.pk if certificate else None,
        applicant=Party.objects.get(pk=case.applicant_id),
        organ=organ or issuing,
        issuing_organ=issuing,
        commitment=commitment.code,
        title=commitment.title,
        article=commitment.article,
        points=list(commitment.check_points),
        state=CheckState.PENDING,
        opened_at=at,
        due_on=reckoning.due_on,
        sort_due_at=end_of_day(reckoning.due_on),
    )
    act = CheckAct(row, system_actor("decision"), at)
    act.facts |= {
        "case": case_id,
        "commitment": commitment.code,
        "until": reckoning.due_on.isoformat(),
    }
    return act.commit("oversight.open_check")


def second_people(organ_id: int, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """Who may be the second person: (account reference, name), oneself left out."""
    found = colleagues(organ_id, CHECK, on=civil_date(at))
    return [(ref, label) for ref, label in found if ref != actor.ref]


def _locked(check_id: int, actor: Actor) -> FollowUpCheck:
    row = (
        FollowUpCheck.objects.select_for_update(of=("self",))
        .select_related("organ", "issuing_organ", "applicant")
        .filter(pk=check_id)
        .first()
    )
    if row is None or not actor.may(CHECK, organ_id=row.organ_id):
        raise CheckNotFoundError
    return row


@transaction.atomic
def record(
    *,
    check_id: int,
    outcome: str,
    text: str,
    second_person: str,
    actor: Actor,
    at: datetime,
    points: list[str] | None = None,
    until: date | None = None,
) -> FollowUpCheck:
    """What two people found: 符合, or 责令整改 until a day, or after that day 移送拟撤销.

    Raises CheckNotFoundError, InvalidActError, NotNowError, TransitionNotAllowedError.
    """
    row = _locked(check_id, actor)
    people = dict(second_people(row.organ_id, actor, at))
    found = _checked(row, outcome, text, second_person, people, until, at)
    transition = MACHINE.require(row.state, found.value)
    act = CheckAct(row, actor, at)
    result = CheckResult(
        check_of=row,
        round=CheckResult.objects.filter(check_of=row).count() + 1,
        outcome=found.value,
        points=[point for point in row.points if point in (points or [])],
        text=text.strip(),
        until=until if found is CheckOutcome.RECTIFY else None,
        by=actor.ref,
        by_label=actor.label[:80],
        second_ref=second_person,
        second_label=people[second_person][:80],
        at=at,
        document_id=uuid.uuid4() if found is CheckOutcome.RECTIFY else None,
    )
    insert([result])
    act.changes["state"] = transition.target
    act.facts |= {"check_outcome": found.value, "second_person": second_person}
    if found is CheckOutcome.RECTIFY:
        assert until is not None
        act.changes |= {"rectify_until": until, "sort_due_at": end_of_day(until)}
        act.facts["until"] = until.isoformat()
        act.facts["documents"] = [{"id": str(result.document_id), "kind": "RECTIFICATION_ORDER"}]
    else:
        act.changes["ended_at"] = at
    if found is CheckOutcome.TRANSFER:
        act.facts["revocation"] = _hand_over(row, text.strip(), actor, at)
    act.commit("oversight.record")
    if result.document_id is not None and until is not None:
        both = f"{result.by_label}、{result.second_label}"
        order = rectification_order(row, text=text.strip(), people=both, until=until, at=at)
        write_order(row, order, result.document_id)
    return row


def _checked(
    row: FollowUpCheck,
    outcome: str,
    text: str,
    second_person: str,
    people: dict[str, str],
    until: date | None,
    at: datetime,
) -> CheckOutcome:
    today, problems = civil_date(at), {}
    if outcome not in CheckOutcome.__members__:
        problems["outcome"] = "请选择核查的结论。"
    if not SHORTEST <= len(text.strip()) <= LONGEST:
        problems["text"] = f"请写明核查的情况,{SHORTEST} 到 {LONGEST} 个字。"
    if second_person not in people:
        problems["second_person"] = "核查应当有两名以上工作人员,请选择本单位的另一人。"
    if outcome == CheckOutcome.RECTIFY:
        latest = today + timedelta(days=LONGEST_RECTIFICATION)
        if until is None or not today < until <= latest:
            problems["until"] = f"请填写整改的最后一天,在今天以后 {LONGEST_RECTIFICATION} 天以内。"
    if problems:
        raise InvalidActError(problems)
    if outcome == CheckOutcome.TRANSFER and row.state == CheckState.RECTIFYING:
        assert row.rectify_until is not None
        if today <= row.rectify_until:
            raise NotNowError("整改期限还没有届满,不能移送。已经改正的,可以认定符合承诺。")
    return CheckOutcome(outcome)


def _hand_over(row: FollowUpCheck, text: str, actor: Actor, at: datetime) -> int:
    """The issuing organ gets a proposal to revoke; what it makes of it is its own matter."""
    if row.certificate_id is None:
        raise NotNowError("这个办件没有颁发证照,请按承诺书写明的后果处理后告知发证机关。")
    finding = Finding(
        ground="NOT_QUALIFIED",
        facts=text,
        reason=f"以告知承诺方式取得许可,责令限期整改到 {row.rectify_until},"
        "期满后核查仍不符合承诺的条件。",
    )
    try:
        proposal = refer(
            certificate_id=row.certificate_id,
            finding=finding,
            source=row.subject,
            by_label=f"{row.organ.short_name} {actor.label}",
            actor=actor,
            at=at,
        )
    except CertificateError as error:
        raise NotNowError(error.message) from error
    return proposal.pk


@transaction.atomic
def close_checks(*, certificate_id: int, reason: str, at: datetime) -> int:
    """The certificate is gone: there is nothing left to check."""
    rows = FollowUpCheck.objects.select_for_update().filter(
        certificate_id=certificate_id, state__in=OPEN
    )
    found = list(rows)
    for row in found:
        act = CheckAct(row, system_actor("certificate"), at)
        act.changes |= {"state": CheckState.CLOSED, "ended_at": at}
        act.facts["reason"] = reason
        act.commit("oversight.close_check")
    return len(found)
