"""Review steps: opinions in order and side by side; one extension."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from yiwang.apps.cases import papers, permissions
from yiwang.apps.cases.domain.machine import DECISION_CLOCK, CaseAction
from yiwang.apps.cases.domain.policies import Situation
from yiwang.apps.cases.errors import CaseNotFoundError, InvalidInputError, NotNowError
from yiwang.apps.cases.events import CaseExtended, OpinionGiven
from yiwang.apps.cases.models import Case, ReviewStep, StepState
from yiwang.apps.cases.operations.act import Act, begin
from yiwang.apps.cases.operations.receiving import face_of
from yiwang.apps.cases.operations.routing import open_steps
from yiwang.apps.people.public import colleagues
from yiwang.foundation.access import Actor
from yiwang.kernel.clock import ClockEventKind, Limit
from yiwang.kernel.moment import civil_date

CONCLUSIONS = {"AGREE": "符合要求", "DISAGREE": "不符合要求"}


@transaction.atomic
def give_opinion(
    *,
    case_id: int,
    step: str,
    conclusion: str,
    opinion: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
    second_person: str = "",
) -> Case:
    """Finish a review step with a conclusion and its reason; opens what waited for it.

    A step that needs two people (§34 site check) names the second one, another account of the
    organ (`account:12`). Raises InvalidInputError, NotNowError (done already by somebody else).
    """
    act = begin(
        case_id=case_id, action=CaseAction.GIVE_OPINION, actor=actor, at=at, version=version
    )
    row = _open_step(act, step)
    actor.require(permissions.JOBS[row.job], organ_id=act.case.organ_id)
    people = dict(second_people(act.case.organ_id, actor, at)) if row.people > 1 else {}
    _check_opinion(row, conclusion, opinion, second_person, people)
    row.state, row.done_at, row.done_by = StepState.DONE, at, actor.ref
    row.done_by_label = actor.label
    row.conclusion, row.opinion = conclusion, opinion.strip()
    if row.people > 1:
        row.second_ref, row.second_person = second_person, people[second_person]
        act.facts["second_person"] = second_person
    row.save()
    # Of a step that was sent back the latest round counts; a cancelled one may be opened again.
    found = ReviewStep.objects.filter(case=act.case).order_by("round")
    steps = {
        code: (state, number) for code, state, number in found.values_list("code", "state", "round")
    }
    _open_following(act, steps)
    act.facts |= {"step": step, "conclusion": conclusion}
    act.events.append(OpinionGiven(case_id=act.case.pk, step=step))
    return act.commit()


def _open_step(act: Act, code: str) -> ReviewStep:
    rows = ReviewStep.objects.select_for_update().filter(case=act.case, code=code)
    row = rows.order_by("-round").first()
    if row is None:
        raise CaseNotFoundError
    if row.state != StepState.OPEN:
        raise NotNowError(f"环节「{row.name}」已由 {row.done_by_label or '他人'} 办理,不需要再办。")
    if row.job == "decide":
        raise NotNowError("决定环节请用「准予」或「不予」办理。")
    return row


def second_people(organ_id: int, actor: Actor, at: datetime) -> list[tuple[str, str]]:
    """Who may be the second person of a check: (account reference, name), oneself left out. It is
    somebody who examines or decides, not whoever may look."""
    on = civil_date(at)
    found = {
        ref: label
        for permission in (permissions.REVIEW, permissions.DECIDE)
        for ref, label in colleagues(organ_id, permission, on=on)
    }
    return [(ref, label) for ref, label in found.items() if ref != actor.ref]


def _check_opinion(
    row: ReviewStep, conclusion: str, opinion: str, second_person: str, people: dict[str, str]
) -> None:
    problems = {}
    if conclusion not in CONCLUSIONS:
        problems["conclusion"] = "请选择结论:符合要求,或不符合要求。"
    if len(opinion.strip()) < 2:
        problems["opinion"] = "请写明审查意见。"
    if row.people > 1 and second_person not in people:
        problems["second_person"] = "实地核查应当有两名以上工作人员,请选择本单位的另一人。"
    if problems:
        raise InvalidInputError(problems)


def _open_following(act: Act, steps: dict[str, tuple[str, int]]) -> None:
    """Open what waited for the done steps. `steps`: code → (state, round) of the latest."""
    done = frozenset(code for code, (state, _) in steps.items() if state == StepState.DONE)
    before = len(act.steps)
    open_steps(act, done=done)
    fresh = [
        step
        for step in act.steps[before:]
        if steps.get(step.code, (StepState.CANCELLED, 0))[0] == StepState.CANCELLED
    ]
    for step in fresh:
        step.round = steps.get(step.code, ("", 0))[1] + 1
    act.steps[before:] = fresh


@transaction.atomic
def extend(
    *, case_id: int, reason: str, actor: Actor, at: datetime, version: int | None = None
) -> Case:
    """延长期限: once, by the approver the law names, with the reason told (§42)."""
    act = begin(
        case_id=case_id,
        action=CaseAction.EXTEND,
        actor=actor,
        at=at,
        version=version,
        permission=permissions.EXTEND,
    )
    rule = act.definition.extension
    extended = any(row.kind == ClockEventKind.EXTENDED.value for row in act.rows)
    act.check(Situation(extended=extended, can_extend=rule is not None))
    assert rule is not None
    if len(reason.strip()) < 4:
        raise InvalidInputError({"reason": "请写明延长期限的理由,要告知申请人。"})
    limit = Limit.parse(rule.limit)
    paper = papers.extension_notice(
        face_of(act),
        reason=reason.strip(),
        article=rule.article,
        time=limit.label,
        approver=rule.approver.label,
    )
    act.clock(
        DECISION_CLOCK,
        ClockEventKind.EXTENDED,
        number=limit.number,
        article=rule.article,
        approver=actor.ref,
        document=str(paper.identifier),
    )
    act.document(paper.document, identifier=paper.identifier, kind_word=paper.kind_word)
    act.events.append(CaseExtended(case_id=act.case.pk, document_id=str(paper.identifier)))
    return act.commit()
