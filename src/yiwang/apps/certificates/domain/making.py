"""Making a printed certificate on numbered stock, as a table: queue, print, waste, store, hand out.

A result may be collected only when it is STORED (S0: a wrong notice cost five journeys). A printed
blank that went wrong is destroyed before two people, and only then is another one printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yiwang.kernel.machine import Machine, Transition
from yiwang.kernel.parameters import Declared, Mark


class MakingState(StrEnum):
    WAITING = "WAITING"
    TAKEN = "TAKEN"
    PRINTED = "PRINTED"
    SPOILED = "SPOILED"
    STORED = "STORED"
    ISSUED = "ISSUED"
    DROPPED = "DROPPED"

    @property
    def label(self) -> str:
        return _LABELS[self.value]


_LABELS = {
    "WAITING": "待制证",
    "TAKEN": "制证中",
    "PRINTED": "已打印待入库",
    "SPOILED": "打印废待销毁",
    "STORED": "已入库可领取",
    "ISSUED": "已发出",
    "DROPPED": "不再制证",
}
QUEUED = (MakingState.WAITING, MakingState.TAKEN, MakingState.PRINTED, MakingState.SPOILED)


class MakingAction(StrEnum):
    TAKE = "take"
    PUT_BACK = "put_back"
    PRINT = "print"
    SPOIL = "spoil"
    CONFIRM_DESTROYED = "confirm_destroyed"
    STORE = "store"
    HAND_OVER = "hand_over"
    DROP = "drop"


class BlankState(StrEnum):
    """Where one numbered blank is. A number is never lost: these four are all there is."""

    IN_STOCK = "IN_STOCK"
    PRINTED = "PRINTED"
    WASTED = "WASTED"
    ISSUED = "ISSUED"

    @property
    def label(self) -> str:
        return {
            "IN_STOCK": "在库",
            "PRINTED": "已打印",
            "WASTED": "作废",
            "ISSUED": "已发出",
        }[self.value]


class Means(StrEnum):
    """How the one who took a certificate showed that it was theirs to take."""

    CODE = "CODE"
    ANOTHER = "ANOTHER"
    POST = "POST"

    @property
    def label(self) -> str:
        return {
            "CODE": "核对取件码",
            "ANOTHER": "代领,核对证件和委托",
            "POST": "邮寄,回执签收",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of the blanks of one stock, in sheets."""

    received: int = 0
    in_stock: int = 0
    printed: int = 0
    issued: int = 0
    wasted: int = 0

    @property
    def is_even(self) -> bool:
        """在库 = 收到 − 已打印(含已发出) − 作废."""
        return self.in_stock == self.received - (self.printed + self.issued) - self.wasted

    def is_low(self, least: int) -> bool:
        return self.in_stock <= least


def range_problem(first: int, last: int, most: int) -> str:
    """Why these are not the numbers of one batch, or ""."""
    if not 1 <= first <= last:
        return "止号不能小于起号,号码从 1 开始。"
    if last - first + 1 > most:
        return f"一批最多 {most} 张,请分批登记。"
    return ""


def _row(action: MakingAction, label: str, sources: str, target: str, **more: object) -> Transition:
    return Transition(
        action=action.value,
        label=label,
        sources=frozenset(sources.split()),
        target=target,
        event=str(more.pop("event", "")),
        permission=str(more.pop("permission", "certificates.make")),
        **more,  # type: ignore[arg-type]
    )


MACHINE = Machine(
    name="制证",
    initial="WAITING",
    states=_LABELS,
    finals=frozenset({"ISSUED", "DROPPED"}),
    transitions=(
        _row(MakingAction.TAKE, "领取制证任务", "WAITING", "TAKEN"),
        _row(MakingAction.PUT_BACK, "退回队列", "TAKEN", "WAITING"),
        _row(MakingAction.PRINT, "打印", "TAKEN", "PRINTED", guards=("paper_ready", "blank_left")),
        _row(MakingAction.SPOIL, "登记打印废", "PRINTED", "SPOILED"),
        _row(
            MakingAction.CONFIRM_DESTROYED,
            "确认销毁",
            "SPOILED",
            "WAITING",
            guards=("another_person",),
        ),
        _row(MakingAction.STORE, "制证完成入库", "PRINTED", "STORED", event="CertificateStored"),
        _row(MakingAction.HAND_OVER, "发出", "STORED", "ISSUED", permission="cases.deliver"),
        _row(
            MakingAction.DROP,
            "不再制证",
            "WAITING TAKEN PRINTED SPOILED STORED",
            "DROPPED",
            permission="system",
        ),
    ),
)


LOW_AT = "certificates.low_at"
PARAMETERS = (
    Declared(
        LOW_AT,
        "制证",
        "空白证照少于多少预警(没有自己设的)",
        "张",
        50,
        1,
        5000,
        "平台默认",
        Mark.DEFAULT,
    ),
)
