"""What the acts on the branches of a case ask for."""

from __future__ import annotations

from collections.abc import Callable

from yiwang.apps.cases import permissions
from yiwang.apps.cases.domain.endings import Ending, TerminationGround, why_not
from yiwang.apps.cases.models import SpecialProcedure, StepState
from yiwang.apps.cases.pages.asking import UNITS, Asking
from yiwang.apps.cases.pages.staff_fields import Field
from yiwang.apps.cases.pages.standing import gaps_of, open_steps_for
from yiwang.apps.catalog.public import ProcedureKind
from yiwang.apps.people.public import colleagues
from yiwang.kernel.moment import civil_date


def _order_acceptance(ask: Asking) -> list[Field]:
    hint = "窗口会看到。认定后发出受理通知书,办理期限从现在起算。"
    return [ask.text("reason", "认定应予受理的理由", hint=hint)]


def _terminate(ask: Asking) -> list[Field]:
    case = ask.whole.case
    facts = Ending(case.state, case.correction_until, case.deferral_until, bool(gaps_of(ask.whole)))
    today = civil_date(ask.at)
    grounds = tuple((g.value, g.label) for g in TerminationGround if not why_not(g, facts, today))
    return [
        ask.field("ground", "终止的情形", kind="radios", options=grounds),
        ask.text("facts", "认定的事实", rows=2, hint="例如何时告知、何时届满、收到了什么。"),
        ask.text("reason", "理由", rows=2),
        ask.field("article", "依据(法律、法规或规定和条款)", width="w-full"),
        ask.field(
            "file-proof", "证明材料", kind="file", accept=".pdf,.jpg,.jpeg,.png", is_optional=True,
            hint="申请人的撤件申请、死亡证明等。附上后由另一位审查或者审批人员确认才终止。",
            asked_after="ground",
            asked_values="|".join(g.value for g in TerminationGround if g.is_asserted),
        ),
    ]  # fmt: skip


def _return_step(ask: Asking) -> list[Field]:
    done = {
        s.code: s.name for s in ask.whole.steps if s.state == StepState.DONE and s.job != "decide"
    }
    return [
        ask.field("step", "退回哪个环节", kind="radios", options=tuple(done.items())),
        ask.text("reason", "要补充审查什么", hint="办理人会看到。办理期限不因退回停止。"),
    ]


def _pass_on(ask: Asking) -> list[Field]:
    mine = open_steps_for(ask.whole, ask.actor)
    organ, on = ask.whole.case.organ_id, civil_date(ask.at)
    people = {
        ref: label
        for job in {step.job for step in mine}
        for ref, label in colleagues(organ, permissions.JOBS[job], on=on)
        if ref != ask.actor.ref
    }
    return [
        ask.field("step", "环节", kind="radios", options=tuple((s.code, s.name) for s in mine)),
        ask.field("to", "转交给", kind="select", options=tuple(people.items())),
        ask.field("note", "说明", is_optional=True, width="w-full"),
    ]


def _forward(ask: Asking) -> list[Field]:
    definition = ask.whole.definition
    if definition.handling.is_own:
        cited = definition.regime.cited("行政许可法 §35")
        hint = f"和全部材料一起转报 {definition.upper_organ}{cited}。"
        return [ask.text("opinion", "初审意见", hint=hint)]
    hint = f"转 {definition.handling.name} 办理。对方给了编号的,填在这里,申请人会看到。"
    return [ask.field("receipt", "对方受理编号", is_optional=True, hint=hint, width="w-20")]


def _report_back(ask: Asking) -> list[Field]:
    return [
        ask.field("status", "对方的状态", width="w-full", hint="照对方的原话写;会注明来源和时间。"),
        ask.field("receipt", "对方编号", is_optional=True, width="w-20"),
    ]


def _start_procedure(ask: Asking) -> list[Field]:
    running = {row.code for row in ask.whole.procedures if row.is_open}
    rules = [r for r in ask.whole.definition.procedures if r.code not in running]
    options = tuple((r.code, f"{r.name}({r.article})") for r in rules)
    hint = "例如涉及谁的什么利益、要检验什么、公示的内容。会写进告知书。"
    fields = [
        ask.field("code", "程序", options[0][0] if options else "", kind="radios", options=options),
        ask.text("told", "告知的内容", hint=hint),
    ]
    if any(not r.days and r.kind is not ProcedureKind.HEARING for r in rules):
        hint = "听证和已有规定天数的不用填。"
        fields += [
            ask.field("days", "预计需要", kind="number", width="w-4", is_optional=True, hint=hint),
            ask.field("unit", "单位", "wd", kind="select", options=UNITS, width="w-12"),
        ]
    return fields


def open_rows(ask: Asking, *kinds: ProcedureKind) -> list[SpecialProcedure]:
    return [r for r in ask.whole.procedures if r.is_open and (not kinds or r.kind in kinds)]


def _which(ask: Asking, rows: list[SpecialProcedure]) -> Field:
    options = tuple((str(r.pk), r.name) for r in rows)
    default = options[0][0] if len(options) == 1 else ""
    return ask.field("procedure_id", "哪一项", default, kind="radios", options=options)


def _advance_procedure(ask: Asking) -> list[Field]:
    people = tuple(
        colleagues(ask.whole.case.organ_id, permissions.READ_ORGAN, on=civil_date(ask.at))
    )
    cited = ask.whole.definition.regime.cited("行政许可法 §47、§48")
    hint = f"提前 7 个工作日通知;收到要求后 20 个工作日内举行{cited}。"
    return [
        _which(ask, open_rows(ask, ProcedureKind.HEARING)),
        ask.field("held_on", "举行日期", kind="native_date", width="w-12", hint=hint),
        ask.field("place", "地点", width="w-full"),
        ask.field(
            "presiding", "主持人", kind="select", options=people,
            hint="不能是审查这个申请的工作人员。",
        ),
    ]  # fmt: skip


def _end_procedure(ask: Asking) -> list[Field]:
    waived = (("done", "已经进行,登记结论或笔录"), ("waived", "期限届满没有人提出,或者已经放弃"))
    return [
        _which(ask, open_rows(ask)),
        ask.field("how", "怎样结束", "done", kind="radios", options=waived),
        ask.text("outcome", "结论、笔录要点或意见处理情况"),
    ]


def _send_by_post(ask: Asking) -> list[Field]:
    return [
        ask.field("carrier", "寄递企业", width="w-12"),
        ask.field("number", "邮件单号", width="w-20"),
        ask.text("address", "收件人、电话和地址", rows=2, hint="加密保存,只用于寄送。"),
    ]


def _void(ask: Asking) -> list[Field]:
    hint = "例如重复录入。只是提出,要由另一位有决定权限的人确认后才作废;办件保留,不计入统计。"
    return [ask.text("reason", "提出作废的理由", hint=hint)]


BRANCH_FORMS: dict[str, Callable[[Asking], list[Field]]] = {
    "order_acceptance": _order_acceptance,
    "terminate": _terminate,
    "return_step": _return_step,
    "pass_on": _pass_on,
    "forward": _forward,
    "report_back": _report_back,
    "end_elsewhere": _report_back,
    "start_procedure": _start_procedure,
    "advance_procedure": _advance_procedure,
    "end_procedure": _end_procedure,
    "send_by_post": _send_by_post,
    "void": _void,
}
BRANCH_CONFIRM = {
    "terminate": "将向申请人发出终止办理告知书,这次申请到此为止。确定吗?",
    "forward": "材料将转给对方办理,本平台不再审查。确定吗?",
    "end_elsewhere": "登记后办件在本平台终结。确定对方已经办结吗?",
}
