"""What each act asks for: the fields of its form, with what was typed and what to mend."""

from __future__ import annotations

from collections.abc import Callable

from yiwang.apps.cases.models import OriginalCheck
from yiwang.apps.cases.operations.reviewing import CONCLUSIONS, second_people
from yiwang.apps.cases.pages.asking import UNITS, Asking
from yiwang.apps.cases.pages.branch_forms import BRANCH_CONFIRM, BRANCH_FORMS
from yiwang.apps.cases.pages.staff_fields import Field
from yiwang.apps.cases.pages.standing import open_steps_for
from yiwang.foundation.documents.kinds import DeclineGround
from yiwang.kernel.clock import ClockEventKind, Limit

_AS_SEEN = (("matches", "原件与上传的一致"), ("differs", "不一致"))


def _refer(ask: Asking) -> list[Field]:
    hint = "写明为什么拿不准,例如:可能不需要许可、可能属于另一机关。窗口不作不予受理的决定。"
    return [ask.text("reason", "提请认定的理由", hint=hint)]


def _not_required(ask: Asking) -> list[Field]:
    reasons = ask.whole.definition.not_required_when
    hint = f"本事项列明的情形:{';'.join(reasons)}" if reasons else ""
    return [
        ask.text("reason", "依法不需要办理的理由", hint=hint),
        ask.field("article", "法律依据(法律名称和条款)", width="w-full"),
    ]


def _decline(ask: Asking) -> list[Field]:
    grounds = tuple((ground.value, ground.label) for ground in DeclineGround)
    cited = ask.whole.definition.regime.cited("行政许可法 §32(2)")
    hint = f"不属于本机关职权的,必须写明应当向哪个机关申请{cited}。"
    return [
        ask.field("ground", "不予受理的情形", kind="radios", options=grounds),
        ask.field("right_organ", "应当向哪个机关申请", hint=hint, is_optional=True, width="w-full"),
        ask.text("facts", "认定的事实", rows=2),
        ask.text("reason", "理由", rows=2),
        ask.field("article", "法律依据(法律名称和条款)", width="w-full"),
    ]


def _give_opinion(ask: Asking) -> list[Field]:
    steps = open_steps_for(ask.whole, ask.actor)
    options = tuple((step.code, step.name) for step in steps)
    points = {step.code: step.points for step in ask.whole.definition.route}
    look = ";".join(p for step in steps for p in points.get(step.code, ()))
    fields = [
        ask.field("step", "环节", options[0][0] if options else "", kind="radios", options=options),
        ask.field("conclusion", "结论", kind="radios", options=tuple(CONCLUSIONS.items())),
        ask.text("opinion", "审查意见", hint=f"审查要点:{look}" if look else ""),
    ]
    if any(step.people > 1 for step in steps):
        cited = ask.whole.definition.regime.cited("行政许可法 §34")
        hint = f"实地核查应当有两名以上工作人员{cited}。"
        people = tuple(second_people(ask.whole.case.organ_id, ask.actor, ask.at))
        fields.append(
            ask.field(
                "second_person",
                "另一名核查人员",
                kind="select",
                options=people,
                hint=hint,
                width="w-12",
            )
        )
    return fields


def _check_originals(ask: Asking) -> list[Field]:
    """One choice for each original; what was not brought is left open."""
    fields = []
    for row in ask.whole.materials:
        if row.original not in (OriginalCheck.DUE, OriginalCheck.DIFFERS):
            continue
        name, note = f"original-{row.code}", f"original-note-{row.code}"
        fields += [
            ask.field(name, row.name, kind="radios", options=_AS_SEEN, is_optional=True),
            ask.field(
                note, f"「{row.name}」哪里不一致", is_optional=True, width="w-full", maxlength=400,
                asked_after=name, asked_values="differs",
            ),
        ]  # fmt: skip
    return fields


def _pause(ask: Asking) -> list[Field]:
    grounds = tuple((g.code, f"{g.label}({g.article})") for g in ask.whole.definition.pause_grounds)
    default = grounds[0][0] if len(grounds) == 1 else ""
    hint = "所需时间不计算在办理期限内,会写进告知书告诉申请人。"
    return [
        ask.field("ground", "依法停止计时的事由", default, kind="radios", options=grounds),
        ask.field("expected", "预计需要", kind="number", width="w-4", hint=hint),
        ask.field("unit", "单位", "wd", kind="select", options=UNITS, width="w-12"),
        ask.text("reason", "具体情况", hint="例如:需要检验的项目、评审的内容。"),
        ask.field(
            "began_on", "事由早于今天开始的,填开始日期", kind="native_date", width="w-12",
            is_optional=True,
            hint="期限只能从今天登记起停止,以前的日子照样计入,告知书会注明迟登记。",
        ),
    ]  # fmt: skip


def _resume(ask: Asking) -> list[Field]:
    rows = {r.pause: r.ground for r in ask.whole.clock_rows if r.kind == ClockEventKind.PAUSED}
    closed = {r.pause for r in ask.whole.clock_rows if r.kind == ClockEventKind.RESUMED}
    options = tuple((name, ground) for name, ground in rows.items() if name not in closed)
    if len(options) < 2:
        return []
    return [ask.field("pause", "恢复哪一项", options[0][0], kind="radios", options=options)]


def _extend(ask: Asking) -> list[Field]:
    rule = ask.whole.definition.extension
    label = Limit.parse(rule.limit).label if rule else ""
    hint = f"延长 {label},由{rule.approver.label}批准({rule.article}),只能一次。" if rule else ""
    return [ask.text("reason", "延长期限的理由(要告知申请人)", hint=hint)]


def _grant(ask: Asking) -> list[Field]:
    return [ask.text("opinion", "审批意见", is_optional=True, rows=2)]


def _refuse(ask: Asking) -> list[Field]:
    known = tuple(
        (refusal.article, f"{refusal.text}({refusal.article})")
        for refusal in ask.whole.definition.refusals
    )
    cited = ask.whole.definition.regime.cited("行政许可法 §38")
    fields = [ask.text("facts", "认定的事实", hint="写明核对了什么、看到什么。")]
    if known:
        fields.append(
            ask.field(
                "articles", "依据的条款", [], kind="checkboxes", options=known, is_optional=True
            )
        )
    fields += [
        ask.field("article", "其他条款", is_optional=True, width="w-full"),
        ask.text("reason", "理由", hint=f"没有理由的决定不能作出{cited}。"),
    ]
    if not known:
        fields[-2]["error"] = ask.errors.get("articles", "")
    return fields


def _deliver(ask: Asking) -> list[Field]:
    hint = "六位数字,在申请人收到的领取通知里。"
    ways = [("self", "申请人本人领取"), ("another", "他人代领")]
    if ask.whole.definition.result.delivery and "POST" in ask.whole.definition.result.delivery:
        ways.append(("post", "邮寄已签收(先登记邮寄)"))
    by_another = {"asked_after": "how", "asked_values": "another"}
    return [
        ask.field("how", "怎样送达", "self", kind="radios", options=tuple(ways)),
        ask.field(
            "code", "取件码", kind="number", width="w-8", maxlength=6, hint=hint, is_optional=True,
            asked_after="how", asked_values="self|another",
        ),
        ask.field("who", "代领人姓名", is_optional=True, width="w-12", **by_another),
        ask.field("paper", "代领人证件号码", is_optional=True, width="w-20", **by_another),
        ask.field(
            "signed_on", "签收日期", kind="native_date", is_optional=True, width="w-12",
            asked_after="how", asked_values="post",
        ),
    ]  # fmt: skip


# Acts with a form of their own; those of the desk (accept, correct) are part of the materials.
FORMS: dict[str, Callable[[Asking], list[Field]]] = {
    "refer": _refer,
    "not_required": _not_required,
    "decline": _decline,
    "give_opinion": _give_opinion,
    "check_originals": _check_originals,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "grant": _grant,
    "refuse": _refuse,
    "deliver": _deliver,
    **BRANCH_FORMS,
}
CONFIRM = {
    **BRANCH_CONFIRM,
    "not_required": "将向申请人发出不受理告知书,这次申请到此为止。确定吗?",
    "decline": "将向申请人发出不予受理通知书,这次申请到此为止。确定吗?",
    "grant": "将作出准予的决定并制作证照。确定吗?",
    "refuse": "将作出不予的决定并制作决定书,写明事实、依据、理由和救济途径。确定吗?",
    "extend": "期限只能延长一次,并要告知申请人。确定延长吗?",
}
