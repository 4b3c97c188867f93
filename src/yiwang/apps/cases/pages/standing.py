"""Where a case stands for this actor: which acts are open, why another is not, what comes next."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.apps.cases import permissions
from yiwang.apps.cases.archive import points_of
from yiwang.apps.cases.domain.machine import FINALS, MACHINE, CaseAction, CaseState
from yiwang.apps.cases.domain.policies import Situation, guard_reason
from yiwang.apps.cases.models import (
    Case,
    MaterialStatus,
    OriginalCheck,
    ReviewStep,
    SpecialProcedure,
    StepState,
)
from yiwang.apps.cases.operations.delivering import RESULT_KINDS, is_being_made
from yiwang.apps.cases.operations.forwarding import elsewhere_problem
from yiwang.apps.cases.pages.shown import ONLY_WHERE, SHOWN
from yiwang.apps.cases.queries import WholeCase
from yiwang.apps.cases.seeing import may_at_window, may_hand_out
from yiwang.foundation.access import Actor, Permission
from yiwang.foundation.documents.models import DocumentStatus
from yiwang.foundation.shell.dates import cn_date
from yiwang.kernel.clock import ClockEventKind, Pause

_AT_WINDOW = (permissions.RECEIVE, permissions.ACCEPT, permissions.DELIVER)


@dataclass(frozen=True, slots=True)
class Offer:
    """One act as the screen shows it; `reason` says why it is not open now, empty where it is."""

    action: str
    label: str
    article: str
    reason: str

    @property
    def slug(self) -> str:
        return self.action.replace("_", "-")


@dataclass(frozen=True, slots=True)
class NextAct:
    """The one next thing: for this actor (`action` or `target`), or what is waited for."""

    text: str
    action: str = ""
    target: str = ""
    is_mine: bool = False


def may_act(actor: Actor, permission: Permission, case: Case) -> bool:
    """As the operations ask: a window post for its hall and package, others for their organ."""
    if permission in _AT_WINDOW and may_at_window(actor, permission, case):
        return True
    if permission == permissions.DELIVER and may_hand_out(actor, case):
        return True
    return actor.may(permission, organ_id=case.organ_id)


def deputy_label(actor: Actor, case: Case) -> str:
    """「代B角」 where the actor reaches this case only for somebody who is away, else empty."""
    reach = [
        posting
        for posting in actor.postings
        if posting.organ_id == case.organ_id or posting.hall_id == case.hall_id
    ]
    return "代B角" if reach and all(posting.is_deputy for posting in reach) else ""


def open_pauses(whole: WholeCase) -> list[Pause]:
    promised = whole.clocks.promised
    return [p for p in promised.timeline.pauses if p.ended is None] if promised else []


def open_steps_for(whole: WholeCase, actor: Actor) -> list[ReviewStep]:
    """Open review steps of this case that the actor's jobs may finish with an opinion."""
    return [
        step
        for step in whole.steps
        if step.state == StepState.OPEN
        and step.job != "decide"
        and actor.may(permissions.JOBS[step.job], organ_id=whole.case.organ_id)
    ]


def situation(whole: WholeCase) -> Situation:
    """The facts the guards look at, from the case already read."""
    decide = next((step for step in whole.definition.route if step.job == "decide"), None)
    opened = {step.code: step.name for step in whole.steps if step.state == StepState.OPEN}
    can_decide = decide is not None and opened.pop(decide.code, None) is not None
    results = [d for d in whole.documents if d.kind in RESULT_KINDS]
    return Situation(
        corrections_asked=whole.case.corrections_asked,
        open_pauses=len(open_pauses(whole)),
        open_steps=tuple(opened.values())
        or (() if can_decide or decide is None else (decide.name,)),
        extended=any(r.kind == ClockEventKind.EXTENDED.value for r in whole.clock_rows),
        can_extend=whole.definition.extension is not None,
        regime_refuses=bool(whole.definition.refuse_word),
        result_ready=bool(results) and all(d.status == DocumentStatus.READY for d in results),
        is_being_made=is_being_made(whole.case),
        is_referred=whole.case.is_referred,
        is_decided_here=whole.definition.handling.is_own,
        item_defers=whole.definition.deferral is not None,
        gaps=gaps_of(whole),
        originals_due=originals_of(whole, OriginalCheck.DUE),
        originals_differing=originals_of(whole, OriginalCheck.DIFFERS),
        elsewhere_problem=elsewhere_problem(
            whole.case.state,
            is_own=whole.definition.handling.is_own,
            upper_organ=whole.definition.upper_organ,
            steps_open=len(opened),
        ),
        open_procedures=tuple(row.name for row in whole.procedures if row.is_open),
        missing_procedures=tuple(
            rule.name
            for rule in whole.definition.procedures
            if rule.is_required
            and all(row.code != rule.code or row.state != "DONE" for row in whole.procedures)
        ),
    )


def originals_of(whole: WholeCase, state: OriginalCheck) -> tuple[str, ...]:
    """先审后验: names of the materials whose original is in this state."""
    return tuple(row.name for row in whole.materials if row.original == state)


def gaps_of(whole: WholeCase) -> tuple[str, ...]:
    """Names of deferred materials that are not there, or there and not checked."""
    found = []
    for row in whole.materials:
        material = whole.definition.material(row.code)
        points = points_of(material, row) if material else ()
        if row.is_deferred and (
            row.status == MaterialStatus.MISSING or any(p.code not in row.points for p in points)
        ):
            found.append(row.name)
    return tuple(found)


def can_grant_at_once(whole: WholeCase, actor: Actor) -> bool:
    """True where the rule table proposes to grant, nobody has given an opinion yet, and this person
    may review and decide alone. Once there is an opinion the decision is an act of its own."""
    reviews = [step for step in whole.definition.route if step.job != "decide"]
    return (
        (whole.case.instant_verdict or {}).get("outcome") == "GRANT"
        and whole.case.state == CaseState.REVIEW
        and not open_pauses(whole)
        and not any(step.conclusion for step in whole.steps)
        and all(step.people == 1 for step in reviews)
        and all(
            may_act(actor, permission, whole.case)
            for permission in (permissions.REVIEW, permissions.DECIDE)
        )
    )


def offers(whole: WholeCase, actor: Actor) -> list[Offer]:
    """Every act within the actor's permission, in order, each open or with its reason."""
    facts = situation(whole)
    actions = dict.fromkeys(
        action
        for action, permission in SHOWN
        if may_act(actor, permission, whole.case) and ONLY_WHERE.get(action, _always)(whole)
    )
    return [
        Offer(
            action.value,
            label_of(whole, action),
            whole.definition.regime.cite(_article(action)),
            _reason(whole, actor, action, facts),
        )
        for action in actions
    ]


def _always(whole: WholeCase) -> bool:
    return True


def label_of(whole: WholeCase, action: CaseAction) -> str:
    """The act in the regime's words."""
    words = {
        CaseAction.GRANT: whole.definition.grant_word,
        CaseAction.REFUSE: whole.definition.refuse_word or "不予",
        CaseAction.SUPPLY_CORRECTION: "代收补正材料",
        CaseAction.VOID: "提出作废",
        CaseAction.ADVANCE_PROCEDURE: "通知举行听证",
        CaseAction.DELIVER: "发放送达",
    }
    return words.get(action) or next(
        t.label for t in MACHINE.transitions if t.action == action.value
    )


def _article(action: CaseAction) -> str:
    return next((t.article for t in MACHINE.transitions if t.action == action.value), "")


def _reason(whole: WholeCase, actor: Actor, action: CaseAction, facts: Situation) -> str:
    state = whole.case.state
    transition = MACHINE.find(state, action.value)
    if transition is None:
        return MACHINE.why_not(state, action.value)
    for guard in transition.guards:
        if reason := guard_reason(guard, facts, whole.definition.regime.cited):
            return reason
    further = _FURTHER.get(action)
    return further(whole, actor) if further else ""


def _why_no_referral(whole: WholeCase, actor: Actor) -> str:
    return "已经提请认定,请等待审批办处理。" if whole.case.is_referred else ""


def _why_no_opinion(whole: WholeCase, actor: Actor) -> str:
    return "" if open_steps_for(whole, actor) else "没有等您办理的审查环节。"


def _why_no_pause(whole: WholeCase, actor: Actor) -> str:
    if not whole.definition.pause_grounds:
        return "这个事项没有依法可以停止计时的事由。"
    stopped = {pause.ground for pause in open_pauses(whole)}
    if all(ground.label in stopped for ground in whole.definition.pause_grounds):
        return "依法可以停止计时的事由都已经在停止计时。"
    return ""


def _why_no_resume(whole: WholeCase, actor: Actor) -> str:
    return "" if open_pauses(whole) else "现在没有停止计时。"


def _why_not_referred(whole: WholeCase, actor: Actor) -> str:
    return "" if whole.case.is_referred else "窗口没有提请认定。窗口提请后,由您在这里认定。"


def open_procedures(whole: WholeCase, *kinds: str) -> list[SpecialProcedure]:
    return [r for r in whole.procedures if r.is_open and (not kinds or r.kind in kinds)]


def _why_no_start(whole: WholeCase, actor: Actor) -> str:
    if not whole.definition.procedures:
        return "这个事项没有特别程序。"
    running = {row.code for row in open_procedures(whole)}
    if all(rule.code in running for rule in whole.definition.procedures):
        return "可以启动的程序都在进行。"
    return ""


def _why_no_hearing(whole: WholeCase, actor: Actor) -> str:
    waiting = [r for r in open_procedures(whole, "HEARING") if r.state != "SCHEDULED"]
    return "" if waiting else "现在没有要通知举行的听证。"


def _why_no_end(whole: WholeCase, actor: Actor) -> str:
    return "" if open_procedures(whole) else "现在没有进行中的特别程序。"


def _why_no_return(whole: WholeCase, actor: Actor) -> str:
    done = [s for s in whole.steps if s.state == StepState.DONE and s.job != "decide"]
    return "" if done else "还没有办完的环节可以退回。"


def _why_no_post(whole: WholeCase, actor: Actor) -> str:
    return "" if "POST" in whole.definition.result.delivery else "这个事项的结果不能邮寄。"


_FURTHER = {
    CaseAction.START_PROCEDURE: _why_no_start,
    CaseAction.ADVANCE_PROCEDURE: _why_no_hearing,
    CaseAction.END_PROCEDURE: _why_no_end,
    CaseAction.RETURN_STEP: _why_no_return,
    CaseAction.PASS_ON: _why_no_opinion,
    CaseAction.SEND_BY_POST: _why_no_post,
    CaseAction.REFER: _why_no_referral,
    CaseAction.GIVE_OPINION: _why_no_opinion,
    CaseAction.PAUSE: _why_no_pause,
    CaseAction.RESUME: _why_no_resume,
    CaseAction.NOT_REQUIRED: _why_not_referred,
    CaseAction.DECLINE: _why_not_referred,
}


def next_act(whole: WholeCase, actor: Actor, found: list[Offer]) -> NextAct:
    """What this actor should do now, or whom the case waits for."""
    is_open = {offer.action for offer in found if not offer.reason}
    case = whole.case
    if case.state in FINALS:
        return NextAct(f"{case.state_label},没有要办的了。")
    before = {CaseState.RECEIVED: _when_received, CaseState.REVIEW: _when_in_review}
    decided = before.get(CaseState(case.state))
    if decided is not None:
        return decided(whole, actor, is_open)
    if case.state == CaseState.FORWARDED:
        name = whole.outside[-1].system if whole.outside else "对方"
        return NextAct(f"已转 {name} 办理,有回传时请登记。", "report_back", is_mine=bool(is_open))
    if case.state == CaseState.CORRECTION:
        until = f",期限到 {cn_date(case.correction_until)}" if case.correction_until else ""
        return NextAct(f"等待申请人补正{until}。", "supply_correction" if is_open else "")
    if "deliver" in is_open:
        return NextAct("结果可以发放了。请核对取件码。", "deliver", is_mine=True)
    waits = next((o.reason for o in found if o.action == "deliver"), "")
    return NextAct(waits or f"等待申请人到{case.hall.name}领取,或在网上签收。")


def _when_received(whole: WholeCase, actor: Actor, is_open: set[str]) -> NextAct:
    case = whole.case
    if case.is_referred:
        if "decline" in is_open:
            text = "窗口提请认定:是否依法不需办理,或不属于本机关职权。"
            return NextAct(text, "decline", is_mine=True)
        return NextAct("已提请审批办认定,等待答复。材料齐全的,可以直接受理。", "accept")
    if "forward" in is_open and not unchecked(whole):
        text = f"材料已经核对完,请转 {whole.definition.handling.name} 办理。"
        return NextAct(text, "forward", is_mine=True)
    if "accept" not in is_open and "forward" not in is_open:
        return NextAct(f"等待{case.hall.name}窗口核对材料并决定是否受理。")
    left = unchecked(whole)
    if left:
        return NextAct(
            f"逐项核对材料,还有 {len(left)} 份没有核对完。", "", f"#material-{left[0]}", True
        )
    if any(row.problem for row in whole.materials):
        return NextAct("有需要补正的内容。能当场更正的当场更正,否则一次告知。", "", "#desk", True)
    return NextAct("材料已经核对完,可以受理。", "accept", is_mine=True)


def _when_in_review(whole: WholeCase, actor: Actor, is_open: set[str]) -> NextAct:
    mine = open_steps_for(whole, actor)
    pauses = open_pauses(whole)
    if can_grant_at_once(whole, actor):
        text = "规则核验符合条件,核对读取的内容后可以一键准予。"
        return NextAct(text, target="#verdict", is_mine=True)
    if "grant" in is_open:
        return NextAct("审查环节都已完成,请作出决定。", "grant", is_mine=True)
    if mine:
        return NextAct(f"请办理「{mine[0].name}」。", "give_opinion", is_mine=True)
    if pauses and "resume" in is_open:
        return NextAct(f"停止计时中:{pauses[0].ground}。事由结束后请恢复计时。", "resume", "", True)
    waiting = originals_of(whole, OriginalCheck.DUE)
    if waiting and "check_originals" in is_open:
        text = f"申请人带原件来时现场核验:{'、'.join(waiting)}。"
        return NextAct(text, "check_originals", is_mine=True)
    names = [step.name for step in whole.steps if step.state == StepState.OPEN]
    stopped = f"停止计时中:{pauses[0].ground}。" if pauses else ""
    return NextAct(f"{stopped}正在办理:{'、'.join(names)}。")


def unchecked(whole: WholeCase) -> list[str]:
    """Codes of materials on which a point is open and nothing to correct is noted."""
    found = []
    for row in whole.materials:
        material = whole.definition.material(row.code)
        if material is None or row.status in ("HELD", "PROMISED") or row.problem:
            continue
        if row.status in ("MISSING", "UNCERTAIN"):
            if row.required:
                found.append(row.code)
            continue
        if any(point.code not in row.points for point in points_of(material, row)):
            found.append(row.code)
    return found
