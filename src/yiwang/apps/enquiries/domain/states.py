"""An enquiry, as a table: a question is answered and may be asked again; a complaint is taken up,
handled, and what came of it is told."""

from __future__ import annotations

from yiwang.kernel.labelled import LabelledEnum
from yiwang.kernel.machine import Machine, Transition


class EnquiryKind(LabelledEnum):
    CONSULT = "CONSULT", "咨询"
    COMPLAINT = "COMPLAINT", "投诉"
    SUGGESTION = "SUGGESTION", "建议"
    GUIDE_ERROR = "GUIDE_ERROR", "指南纠错"


class EnquiryState(LabelledEnum):
    ASKED = "ASKED", "待答复"
    ANSWERED = "ANSWERED", "已答复"
    SATISFIED = "SATISFIED", "申请人满意"
    LODGED = "LODGED", "待决定是否受理"
    ACCEPTED = "ACCEPTED", "投诉处理中"
    NOT_ACCEPTED = "NOT_ACCEPTED", "投诉不予受理"
    HANDLED = "HANDLED", "投诉已处理"
    TOLD = "TOLD", "处理结果已告知"


class NoteState(LabelledEnum):
    """A note for the editor of an item: its guide says something else than what is done."""

    OPEN = "OPEN", "待修改指南"
    MENDED = "MENDED", "指南已改正"
    KEPT = "KEPT", "指南无需修改"


ASKER, SYSTEM = "asker", "system"
WAITING = (EnquiryState.ASKED, EnquiryState.LODGED, EnquiryState.ACCEPTED)


def first_state(kind: EnquiryKind) -> EnquiryState:
    return EnquiryState.LODGED if kind is EnquiryKind.COMPLAINT else EnquiryState.ASKED


def _row(
    action: str, label: str, source: str, target: str, permission: str, guards: str = ""
) -> Transition:
    return Transition(
        action=action,
        label=label,
        sources=frozenset({source}),
        target=target,
        event="EnquiryChanged",
        permission=permission,
        guards=tuple(guards.split()),
    )


MACHINE = Machine(
    name="咨询投诉",
    initial="ASKED",
    states={state.value: state.label for state in EnquiryState},
    finals=frozenset({"SATISFIED", "NOT_ACCEPTED", "TOLD"}),
    transitions=(
        _row("ANSWER", "答复", "ASKED", "ANSWERED", "enquiries.answer"),
        _row("ASK_AGAIN", "追问", "ANSWERED", "ASKED", ASKER),
        _row("SATISFY", "表示满意", "ANSWERED", "SATISFIED", ASKER),
        _row("TAKE_AS_COMPLAINT", "转为投诉", "ASKED", "LODGED", "enquiries.answer"),
        _row("ACCEPT", "受理投诉", "LODGED", "ACCEPTED", "enquiries.handle", "impartial"),
        _row("DECLINE", "不予受理投诉", "LODGED", "NOT_ACCEPTED", "enquiries.handle", "impartial"),
        _row("HANDLE", "作出处理", "ACCEPTED", "HANDLED", "enquiries.handle", "impartial"),
        _row("TELL", "告知处理结果", "HANDLED", "TOLD", SYSTEM),
    ),
)
