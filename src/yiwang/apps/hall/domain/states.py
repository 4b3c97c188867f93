"""An appointment, as a table: booked, here, called, helped; not coming is no fault."""

from __future__ import annotations

from yiwang.kernel.labelled import LabelledEnum
from yiwang.kernel.machine import Machine, Transition


class AppointmentState(LabelledEnum):
    BOOKED = "BOOKED", "已预约"
    DISPLACED = "DISPLACED", "请另选时间"
    HERE = "HERE", "已签到"
    CALLED = "CALLED", "已叫号"
    SERVING = "SERVING", "正在帮办"
    DONE = "DONE", "已帮办"
    ABSENT = "ABSENT", "没有来"
    CANCELLED = "CANCELLED", "已取消"


PERSON, SERVE, KEEP, SYSTEM = "person", "hall.serve", "hall.keep", "system"
# Of these a person has one per zone at most.
OPEN = ("BOOKED", "DISPLACED", "HERE", "CALLED", "SERVING")
# These take up their place of the half hour.
TAKING_A_PLACE = ("BOOKED", "HERE", "CALLED", "SERVING", "DONE", "ABSENT")


def _row(action: str, label: str, sources: str, target: str, permission: str) -> Transition:
    return Transition(
        action=action,
        label=label,
        sources=frozenset(sources.split()),
        target=target,
        event="AppointmentChanged",
        permission=permission,
    )


MACHINE = Machine(
    name="帮办预约",
    initial="BOOKED",
    states={state.value: state.label for state in AppointmentState},
    finals=frozenset({"DONE", "CANCELLED"}),
    transitions=(
        _row("MOVE", "改约", "BOOKED DISPLACED", "BOOKED", PERSON),
        _row("CANCEL", "取消预约", "BOOKED DISPLACED", "CANCELLED", PERSON),
        _row("DISPLACE", "请另选时间", "BOOKED", "DISPLACED", KEEP),
        _row("CHECK_IN", "签到", "BOOKED ABSENT", "HERE", SERVE),
        _row("CALL", "叫号", "HERE", "CALLED", SERVE),
        _row("BEGIN", "开始帮办", "CALLED", "SERVING", SERVE),
        _row("MISS", "记为没有来", "BOOKED HERE CALLED", "ABSENT", SERVE),
        _row("END", "结束帮办", "SERVING", "DONE", SERVE),
    ),
)
