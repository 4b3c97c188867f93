"""A check of a promise, as a table: 责令限期整改 comes before 移送拟撤销, never the other way."""

from __future__ import annotations

from enum import StrEnum

from yiwang.kernel.machine import Machine, Transition


class CheckState(StrEnum):
    PENDING = "PENDING"
    RECTIFYING = "RECTIFYING"
    PASSED = "PASSED"
    TRANSFERRED = "TRANSFERRED"
    CLOSED = "CLOSED"

    @property
    def label(self) -> str:
        return _LABELS[self.value]


_LABELS = {
    "PENDING": "待核查",
    "RECTIFYING": "限期整改",
    "PASSED": "符合承诺",
    "TRANSFERRED": "已移送拟撤销",
    "CLOSED": "终止核查",
}
OPEN = (CheckState.PENDING, CheckState.RECTIFYING)


class CheckOutcome(StrEnum):
    """What two people found; each is an act of the table."""

    FULFILLED = "FULFILLED"
    RECTIFY = "RECTIFY"
    TRANSFER = "TRANSFER"

    @property
    def label(self) -> str:
        return {
            "FULFILLED": "符合承诺",
            "RECTIFY": "不符合承诺,责令限期整改",
            "TRANSFER": "逾期没有改正,移送发证机关拟撤销",
        }[self.value]


def _row(action: str, label: str, sources: str, target: str, document: str = "") -> Transition:
    return Transition(
        action=action,
        label=label,
        sources=frozenset(sources.split()),
        target=target,
        event="CheckRecorded",
        permission="system" if action == "CLOSE" else "oversight.check",
        guards=() if action == "CLOSE" else ("two_people",),
        document=document,
        article="国办发〔2020〕42号、国发〔2021〕7号",
    )


MACHINE = Machine(
    name="承诺核查",
    initial="PENDING",
    states=_LABELS,
    finals=frozenset({"PASSED", "TRANSFERRED", "CLOSED"}),
    transitions=(
        _row("FULFILLED", "认定符合承诺", "PENDING RECTIFYING", "PASSED"),
        _row("RECTIFY", "责令限期整改", "PENDING", "RECTIFYING", "RECTIFICATION_ORDER"),
        _row("TRANSFER", "移送拟撤销", "RECTIFYING", "TRANSFERRED"),
        _row("CLOSE", "终止核查", "PENDING RECTIFYING", "CLOSED"),
    ),
)
