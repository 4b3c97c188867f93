"""Changes that need a second person: void a case, correct what was recorded wrongly.

One proposes with a reason, another decides; the database itself refuses the same person twice.
Nothing is changed silently: the entry in the record names both and what was changed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.endings import TerminationGround
from yiwang.apps.cases.domain.machine import CaseAction
from yiwang.apps.cases.domain.policies import Situation, guard_reason
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError, NotNowError
from yiwang.apps.cases.events import CaseCorrected, CaseEnded
from yiwang.apps.cases.models import Case, CaseProposal, ProposalKind
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.contents import change_content, latest_form
from yiwang.apps.cases.operations.ending import check_words, end_for, stop_everything
from yiwang.apps.cases.operations.wording import require_texts
from yiwang.apps.cases.queries import visible_case
from yiwang.apps.cases.seeing import may_at_window
from yiwang.apps.catalog.public import check_form
from yiwang.foundation.access import AccessDeniedError, Actor
from yiwang.foundation.files.storing import attach

_ACTIONS = {
    ProposalKind.VOID: CaseAction.VOID,
    ProposalKind.CORRECT_DATA: CaseAction.CORRECT_DATA,
    ProposalKind.TERMINATE: CaseAction.TERMINATE,
}
# Who may be the second person. A termination was proposed by an approver already, and many an
# organ has one alone: whoever examines there confirms that the paper says what it is said to say.
CONFIRMERS = {
    ProposalKind.VOID: (permissions.DECIDE,),
    ProposalKind.CORRECT_DATA: (permissions.DECIDE,),
    ProposalKind.TERMINATE: (permissions.DECIDE, permissions.REVIEW),
}
_WORKERS = (permissions.ACCEPT, permissions.REVIEW, permissions.DECIDE, permissions.DELIVER)


@transaction.atomic
def propose(
    *,
    case_id: int,
    kind: str,
    reason: str,
    actor: Actor,
    at: datetime,
    form: dict[str, Any] | None = None,
    version: int | None = None,
) -> CaseProposal:
    """Propose to void the case, or to correct answers (`form`: the fields that change).

    Anybody who works on the case may; it changes nothing yet. Raises InvalidInputError,
    NotNowError where one of this kind waits already.
    """
    if kind not in (ProposalKind.VOID, ProposalKind.CORRECT_DATA):
        raise InvalidInputError({"kind": "请选择要提出的变更。"})
    found = ProposalKind(kind)
    act = begin(case_id=case_id, action=_ACTIONS[found], actor=actor, at=at, version=version)
    _require_worker(actor, act.case)
    require_texts(("reason", reason, 4, "请写明理由,由第二个人核对后才会生效。"))
    content: dict[str, Any] = {}
    if found is ProposalKind.CORRECT_DATA:
        content = _changed(act, form or {})
    return _propose(act, found, reason, content)


def _propose(
    act: Act, kind: ProposalKind, reason: str, content: dict[str, Any], proof: Any = None
) -> CaseProposal:
    if CaseProposal.objects.filter(case=act.case, kind=kind, decided_at=None).exists():
        raise NotNowError(f"「{kind.label}」已经有人提出,正等第二个人确认。")
    return CaseProposal.objects.create(
        case=act.case,
        kind=kind,
        content=content,
        proof=proof,
        reason=reason.strip()[:400],
        proposed_by=act.actor.ref,
        proposed_by_label=act.actor.label,
        proposed_at=act.at,
    )


@transaction.atomic
def propose_termination(
    *,
    case_id: int,
    ground: str,
    facts: str,
    reason: str,
    article: str,
    proof: tuple[str, bytes] | None,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> CaseProposal:
    """Propose 终止办理 on a ground that rests on a paper (`proof`: name and content): the
    applicant's own letter, a death certificate. Nothing ends before another person agrees.

    Raises InvalidInputError, FileRefusedError, NotNowError.
    """
    act = begin(
        case_id=case_id,
        action=CaseAction.TERMINATE,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.DECIDE,
    )
    found = check_words(ground, facts, reason, article)
    if not found.is_asserted:
        raise InvalidInputError({"ground": "这种情形由期限证明,请直接办理「终止办理」。"})
    if proof is None:
        raise InvalidInputError({"proof": "请附上证明这一情形的材料,例如申请人签名的撤件申请。"})
    name, content = proof
    paper = attach(
        content, name=name, subject=act.case.subject, purpose="proof", actor=actor.ref, at=at
    )
    words = {"ground": ground, "facts": facts, "reason": reason, "article": article}
    return _propose(act, ProposalKind.TERMINATE, reason, words, paper)


def _require_worker(actor: Actor, case: Case) -> None:
    if any(actor.may(p, organ_id=case.organ_id) for p in _WORKERS):
        return
    if may_at_window(actor, permissions.ACCEPT, case):
        return
    raise AccessDeniedError("只有办理这个办件的窗口和审批办工作人员可以提出变更。")


def _changed(act: Act, form: dict[str, Any]) -> dict[str, Any]:
    """The answers that really differ. Raises InvalidInputError where none does or one is wrong."""
    now = latest_form(act)
    changed = {name: value for name, value in form.items() if now.get(name) != value}
    if not changed:
        raise InvalidInputError({"form": "没有改动。请改正要更正的内容。"})
    problems = check_form(act.definition, {**now, **changed})
    if problems:
        raise InvalidInputError({p.field: p.message for p in problems})
    return changed


@transaction.atomic
def decide_proposal(
    *,
    proposal_id: int,
    is_approved: bool,
    note: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Case:
    """The second person agrees, and it takes effect at once, or declines with a reason."""
    proposal = CaseProposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None:
        raise CaseNotFoundError
    kind = ProposalKind(proposal.kind)
    act = begin(
        case_id=proposal.case_id, action=_ACTIONS[kind], actor=actor, at=at, version=version
    )
    if not any(actor.may(p, organ_id=act.case.organ_id) for p in CONFIRMERS[kind]):
        raise AccessDeniedError("您没有确认这种变更的权限。")
    by_self = proposal.proposed_by == actor.ref
    if proposal.decided_at is not None:
        raise NotNowError(f"已由 {proposal.decided_by_label} 处理,不需要再办。")
    if reason := guard_reason("two_people", Situation(is_proposed_by_self=by_self)):
        raise NotNowError(reason)
    if not is_approved:
        require_texts(("note", note, 2, "不同意的,请写明理由,提出人会看到。"))
    proposal.decided_by, proposal.decided_by_label = actor.ref, actor.label
    proposal.decided_at, proposal.is_approved = at, is_approved
    proposal.note = note.strip()[:400]
    proposal.save()
    act.facts |= {"proposal": proposal.pk, "by": proposal.proposed_by, "approved": is_approved}
    if is_approved:
        return _EFFECTS[kind](act, proposal)
    act.changes.pop("state", None)
    return act.commit()


def _void(act: Act, proposal: CaseProposal) -> Case:
    act.facts["reason"] = proposal.reason
    stop_everything(act)
    act.events.append(CaseEnded(case_id=act.case.pk, document_id="", how="VOID"))
    return act.commit()


def _correct(act: Act, proposal: CaseProposal) -> Case:
    act.facts |= {"reason": proposal.reason, "fields": sorted(proposal.content)}
    change_content(act, {**latest_form(act), **proposal.content}, {})
    act.events.append(CaseCorrected(case_id=act.case.pk))
    return act.commit()


def _end(act: Act, proposal: CaseProposal) -> Case:
    words = {name: str(proposal.content[name]) for name in ("facts", "reason", "article")}
    act.facts["proof"] = str(proposal.proof_id)
    return end_for(act, TerminationGround(proposal.content["ground"]), **words)


_EFFECTS = {
    ProposalKind.VOID: _void,
    ProposalKind.CORRECT_DATA: _correct,
    ProposalKind.TERMINATE: _end,
}


def open_proposals(case_id: int, *, actor: Actor) -> list[CaseProposal]:
    """What waits for a second person. Raises CaseNotFoundError."""
    case = visible_case(case_id, actor=actor)
    return list(CaseProposal.objects.filter(case=case, decided_at=None).order_by("id"))
