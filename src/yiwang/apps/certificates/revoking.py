"""撤销 (行政许可法 §69): told first, heard, then decided by another person.

An overseer may hand over what they found (`refer`); only staff of the issuing organ tell the
holder (`notify`), which starts five working days; within them the holder states, defends, asks
for a hearing, or waives in writing. Nobody alone revokes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from yiwang.apps.certificates.acting import (
    CertificateAct,
    begin,
    of_this_platform,
    require_texts,
)
from yiwang.apps.certificates.domain.grounds import (
    DROPPING,
    REVOCATION,
    Ground,
    Hearing,
    ground_of,
    may_drop,
    why_not_decide,
)
from yiwang.apps.certificates.domain.states import MACHINE, CertificateAction
from yiwang.apps.certificates.errors import CertificateNotFoundError, InvalidActError, NotNowError
from yiwang.apps.certificates.events import (
    CertificateRevoked,
    RevocationDropped,
    RevocationNotified,
)
from yiwang.apps.certificates.holding import open_proposal
from yiwang.apps.certificates.hooks import Remedy, hooks
from yiwang.apps.certificates.models import Certificate, ProposalState, RevocationProposal
from yiwang.apps.certificates.papers import revocation_decision, revocation_notice
from yiwang.apps.certificates.permissions import PROPOSE, REVOKE
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.calendars.current import calendar
from yiwang.kernel.clock import Limit, Unit, deadline
from yiwang.kernel.moment import civil_date

PERIOD = Limit(5, Unit.WORKING_DAY)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a proposal rests on."""

    ground: str
    facts: str
    reason: str


@transaction.atomic
def refer(
    *, certificate_id: int, finding: Finding, source: str, by_label: str, actor: Actor, at: datetime
) -> RevocationProposal:
    """An overseer's finding, handed over to the issuing organ. It tells the holder nothing yet.

    The caller has asked whether this actor may. Raises NotNowError where one is open already.
    """
    row = (
        Certificate.objects.select_for_update(of=("self",))
        .select_related("organ", "holder")
        .get(pk=certificate_id)
    )
    act = CertificateAct(row, actor, at)
    MACHINE.require(row.status, CertificateAction.NOTIFY.value)
    proposal = _proposed(act, finding, ProposalState.REFERRED, by_label)
    proposal.source = source
    proposal.save()
    act.facts |= {"revocation": proposal.pk, "ground": finding.ground, "source": source}
    act.commit("certificates.refer")
    return proposal


def _proposed(
    act: CertificateAct, finding: Finding, state: ProposalState, label: str
) -> RevocationProposal:
    of_this_platform(act.certificate)
    if open_proposal(act.certificate) is not None:
        raise NotNowError("这份证照已经有一件拟撤销在办理。")
    if ground_of(REVOCATION, finding.ground) is None:
        raise InvalidActError({"ground": "请选择撤销的情形(行政许可法 §69)。"})
    require_texts(
        facts=(finding.facts, 6, "请写明拟认定的事实。"),
        reason=(finding.reason, 6, "请写明拟撤销的理由。"),
    )
    return RevocationProposal(
        certificate=act.certificate,
        organ=act.certificate.organ,
        state=state,
        ground=finding.ground,
        facts=finding.facts.strip(),
        reason=finding.reason.strip(),
        created_at=act.at,
        created_by_label=label[:120],
    )


@transaction.atomic
def notify(
    *, certificate_id: int, finding: Finding, actor: Actor, at: datetime
) -> RevocationProposal:
    """拟撤销告知: written, with the right to state, defend and be heard. Five working days run.

    One that was handed over is taken up, with what this organ makes of it.
    """
    act = begin(certificate_id, CertificateAction.NOTIFY, actor=actor, at=at)
    row = act.certificate
    if not (actor.may(PROPOSE, organ_id=row.organ_id) or actor.may(REVOKE, organ_id=row.organ_id)):
        raise AccessDeniedError("拟撤销由颁发机关的审查或审批人员告知。")
    waiting = open_proposal(row)
    if waiting is not None and waiting.state == ProposalState.REFERRED:
        proposal = _taken_up(act, waiting, finding)
    else:
        proposal = _proposed(act, finding, ProposalState.NOTIFIED, actor.label)
    due_at = deadline(at, PERIOD, calendar()).due_at
    assert due_at is not None
    ground = ground_of(REVOCATION, finding.ground)
    assert ground is not None
    until = civil_date(due_at - timedelta(seconds=1))
    paper = revocation_notice(row, proposal, ground, until, at)
    proposal.notified_by, proposal.notified_by_label = actor.ref, actor.label[:80]
    proposal.notified_at, proposal.due_at, proposal.notice_id = at, due_at, paper.identifier
    proposal.save()
    act.paper(paper)
    act.facts |= {"revocation": proposal.pk, "ground": finding.ground, "until": until.isoformat()}
    act.events.append(RevocationNotified(row.pk, proposal.pk))
    act.commit("certificates.notify")
    return proposal


def _taken_up(
    act: CertificateAct, waiting: RevocationProposal, finding: Finding
) -> RevocationProposal:
    if ground_of(REVOCATION, finding.ground) is None:
        raise InvalidActError({"ground": "请选择撤销的情形(行政许可法 §69)。"})
    require_texts(
        facts=(finding.facts, 6, "请写明拟认定的事实。"),
        reason=(finding.reason, 6, "请写明拟撤销的理由。"),
    )
    waiting.state = ProposalState.NOTIFIED
    waiting.ground, waiting.facts = finding.ground, finding.facts.strip()
    waiting.reason = finding.reason.strip()
    act.facts["source"] = waiting.source
    return waiting


def _open(
    proposal_id: int, actor: Actor, at: datetime
) -> tuple[CertificateAct, RevocationProposal]:
    """The certificate is locked before the proposal, as every act does. Raises NotFound, NotNow."""
    key = (
        RevocationProposal.objects.filter(pk=proposal_id)
        .values_list("certificate_id", flat=True)
        .first()
    )
    if key is None:
        raise CertificateNotFoundError
    act = begin(key, None, actor=actor, at=at)
    proposal = RevocationProposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.state != ProposalState.NOTIFIED:
        raise NotNowError(f"这件拟撤销现在是「{proposal.get_state_display()}」,不能这样办。")
    act.facts["revocation"] = proposal.pk
    return act, proposal


@transaction.atomic
def respond(
    *,
    proposal_id: int,
    statement: str,
    actor: Actor,
    at: datetime,
    asks_hearing: bool = False,
    waives: bool = False,
) -> RevocationProposal:
    """The holder states and defends, asks for a hearing, or waives all of it in writing."""
    act, proposal = _open(proposal_id, actor, at)
    if not actor.acts_for(act.certificate.holder_id):
        raise CertificateNotFoundError
    assert proposal.due_at is not None
    if at >= proposal.due_at:
        raise NotNowError("陈述、申辩和要求听证的期限已经届满。")
    if waives and (statement.strip() or asks_hearing):
        raise InvalidActError({"waives": "放弃陈述申辩和听证的,不要同时提出意见或听证要求。"})
    if not waives and not asks_hearing and len(statement.strip()) < 2:
        raise InvalidActError({"statement": "请写下您的意见,或者选择要求听证、书面放弃。"})
    if waives and (proposal.is_hearing_asked or proposal.statement):
        raise NotNowError("您已经提出了意见或听证要求,不能再放弃;可以写明撤回听证要求。")
    proposal.responded_at = at
    proposal.is_hearing_asked = proposal.is_hearing_asked or asks_hearing
    if statement.strip():
        earlier = f"{proposal.statement}\n" if proposal.statement else ""
        proposal.statement = f"{earlier}{statement.strip()}"[:4000]
        proposal.waived_at = None
    if asks_hearing:
        proposal.waived_at = None
    if waives:
        proposal.waived_at = at
    proposal.save()
    act.facts |= {"requested": asks_hearing, "waived": waives}
    act.commit("certificates.respond")
    return proposal


@transaction.atomic
def hear(
    *, proposal_id: int, held_on: date, presiding: str, text: str, actor: Actor, at: datetime
) -> RevocationProposal:
    """A hearing was held: when, who presided (not who told the holder), what came of it (§48)."""
    act, proposal = _open(proposal_id, actor, at)
    organ_id = act.certificate.organ_id
    if not (actor.may(PROPOSE, organ_id=organ_id) or actor.may(REVOKE, organ_id=organ_id)):
        raise AccessDeniedError("听证情况由颁发机关的审查或审批人员记录。")
    if not proposal.is_hearing_asked:
        raise NotNowError("持证人没有要求听证。")
    require_texts(
        presiding=(presiding, 2, "请写明听证主持人。"),
        text=(text, 6, "请写明听证的情况和结论,决定要以听证笔录为依据。"),
    )
    assert proposal.notified_at is not None
    if not civil_date(proposal.notified_at) <= held_on <= civil_date(at):
        raise InvalidActError({"held_on": "听证的日期应在告知之后、今天以前。"})
    if presiding.strip() == proposal.notified_by_label:
        raise InvalidActError({"presiding": "听证由拟办人员以外的人主持(行政许可法 §48)。"})
    proposal.hearing_on, proposal.presiding = held_on, presiding.strip()[:80]
    proposal.hearing_text = text.strip()[:4000]
    proposal.save()
    act.facts |= {"held_on": held_on.isoformat(), "presiding": True}
    act.commit("certificates.hear")
    return proposal


def why_closed(proposal: RevocationProposal, actor: Actor, at: datetime) -> str:
    """ "" where this actor may revoke now, else why not."""
    return why_not_decide(
        Hearing(
            notified_by=proposal.notified_by,
            due_at=proposal.due_at,
            is_waived=proposal.waived_at is not None,
            is_hearing_asked=proposal.is_hearing_asked,
            is_hearing_held=proposal.hearing_on is not None,
        ),
        actor=actor.ref,
        at=at,
    )


@transaction.atomic
def revoke(
    *,
    proposal_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    remedy: Remedy | None = None,
) -> RevocationProposal:
    """撤销决定, by an approver who did not tell the holder, when they have been heard.

    `remedy` where the item is not known to the platform any more. Raises NotNowError,
    AccessDeniedError, InvalidActError.
    """
    act, proposal = _open(proposal_id, actor, at)
    row = act.certificate
    actor.require(REVOKE, organ_id=row.organ_id)
    if why := why_closed(proposal, actor, at):
        raise NotNowError(why)
    act.transition = MACHINE.require(row.status, CertificateAction.REVOKE.value)
    require_texts(reason=(reason, 6, "请写明撤销的理由,并说明对陈述申辩意见是否采纳。"))
    found = hooks().remedy(row) or remedy
    if found is None:
        raise InvalidActError({"review_organ": "请写明行政复议机关和管辖法院。"})
    ground = _ground(proposal)
    paper = revocation_decision(row, proposal, ground, reason.strip(), found, at)
    act.paper(paper)
    change = act.move(
        ground=ground, facts=proposal.facts, reason=reason.strip(), articles=[ground.article]
    )
    proposal.state, proposal.decision = ProposalState.REVOKED, reason.strip()
    _decided(proposal, actor, at)
    act.changes |= {"asked": "", "asked_reason": "", "asked_at": None}
    act.events.append(CertificateRevoked(row.pk, change.pk, row.subject))
    act.commit("certificates.revoke")
    return proposal


@transaction.atomic
def drop(
    *, proposal_id: int, ground: str, reason: str, actor: Actor, at: datetime
) -> RevocationProposal:
    """不予撤销, with the situation; where the law says 应当撤销 there is no discretion."""
    act, proposal = _open(proposal_id, actor, at)
    actor.require(REVOKE, organ_id=act.certificate.organ_id)
    found = ground_of(DROPPING, ground)
    if found is None:
        raise InvalidActError({"drop_ground": "请选择不予撤销的情形。"})
    if not may_drop(_ground(proposal), found):
        raise InvalidActError(
            {"drop_ground": "以欺骗、贿赂等不正当手段取得的许可应当撤销,不能裁量。"}
        )
    require_texts(reason=(reason, 6, "请写明不予撤销的理由,持证人可以看到。"))
    proposal.state, proposal.drop_ground = ProposalState.DROPPED, ground
    proposal.decision = reason.strip()
    _decided(proposal, actor, at)
    act.facts["ground"] = ground
    act.events.append(RevocationDropped(act.certificate.pk, proposal.pk))
    act.commit("certificates.drop")
    return proposal


def _ground(proposal: RevocationProposal) -> Ground:
    ground = ground_of(REVOCATION, proposal.ground)
    assert ground is not None
    return ground


def _decided(proposal: RevocationProposal, actor: Actor, at: datetime) -> None:
    proposal.decided_by, proposal.decided_by_label = actor.ref, actor.label[:80]
    proposal.decided_at = at
    proposal.save()
