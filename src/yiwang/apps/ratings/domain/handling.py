"""A bad rating, as a table: 核实 → 整改 → 负责人审批 → 回访 (国办发〔2019〕51号).

恶意 or 误评 is proposed by the organ and settled by another person, a supervisor. A named one is
closed by the call-back; an anonymous one by the approval, its call-back being 无法回访.
"""

from __future__ import annotations

from enum import StrEnum

from yiwang.kernel.machine import Machine, Transition


class HandlingState(StrEnum):
    TO_VERIFY = "TO_VERIFY"
    DISPUTED = "DISPUTED"
    REMEDYING = "REMEDYING"
    TO_APPROVE = "TO_APPROVE"
    TO_CALL_BACK = "TO_CALL_BACK"
    CLOSED = "CLOSED"
    EXCLUDED = "EXCLUDED"

    @property
    def label(self) -> str:
        return _LABELS[self.value]


_LABELS = {
    "TO_VERIFY": "待核实",
    "DISPUTED": "待复核",
    "REMEDYING": "整改中",
    "TO_APPROVE": "待负责人审批",
    "TO_CALL_BACK": "待回访",
    "CLOSED": "已办结",
    "EXCLUDED": "不计入统计",
}
OPEN = tuple(s for s in HandlingState if s not in (HandlingState.CLOSED, HandlingState.EXCLUDED))
HANDLE, APPROVE, REVIEW = "ratings.handle", "ratings.approve", "ratings.review"
_BEFORE_CALL = "TO_VERIFY DISPUTED REMEDYING TO_APPROVE"


def _row(
    action: str,
    label: str,
    sources: str,
    target: str | None,
    permission: str,
    guards: tuple[str, ...] = (),
) -> Transition:
    return Transition(
        action=action,
        label=label,
        sources=frozenset(sources.split()),
        target=target,
        event="BadRatingMoved",
        permission=permission,
        guards=guards,
        article="国办发〔2019〕51号",
    )


MACHINE = Machine(
    name="差评办理",
    initial="TO_VERIFY",
    states=_LABELS,
    finals=frozenset({"CLOSED", "EXCLUDED"}),
    transitions=(
        _row("contact", "记录联系评价人", _BEFORE_CALL, None, HANDLE, ("named",)),
        _row("verify", "核实", "TO_VERIFY", "REMEDYING", HANDLE),
        _row("dispute", "提请认定恶意或误评", "TO_VERIFY", "DISPUTED", HANDLE),
        _row("exclude", "认定恶意或误评", "DISPUTED", "EXCLUDED", REVIEW, ("second_person",)),
        _row("keep", "不予认定", "DISPUTED", "REMEDYING", REVIEW, ("second_person",)),
        _row("ledger", "列为复杂事项", "REMEDYING", None, HANDLE, ("once",)),
        _row("remedy", "提交整改结果", "REMEDYING", "TO_APPROVE", HANDLE),
        _row("return", "退回整改", "TO_APPROVE", "REMEDYING", APPROVE, ("second_person",)),
        _row("approve", "批准整改", "TO_APPROVE", "TO_CALL_BACK", APPROVE,
             ("second_person", "named")),
        _row("approve_closing", "批准整改并办结", "TO_APPROVE", "CLOSED", APPROVE,
             ("second_person", "anonymous")),
        _row("call_back", "回访", "TO_CALL_BACK", "CLOSED", HANDLE),
    ),
)  # fmt: skip
