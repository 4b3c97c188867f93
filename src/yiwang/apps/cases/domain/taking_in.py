"""代收: a window takes in for another organ's window, and the papers follow, as a table.

The applicant loses no day: the receipt clock starts with the taking-in (行政许可法 §32), and
what is electronic is at the right window at once. Only paper travels, and every hand it passes
is noted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TypeVar

from yiwang.kernel.identifiers.region import covers
from yiwang.kernel.labelled import LabelledEnum
from yiwang.kernel.machine import Machine, Transition
from yiwang.kernel.parameters import Declared, Mark

T = TypeVar("T")


class TakeInState(LabelledEnum):
    """Where the papers of a case are that was taken in for another window."""

    ELECTRONIC = "ELECTRONIC", "没有纸质材料"
    IN_HAND = "IN_HAND", "待移交"
    ON_THE_WAY = "ON_THE_WAY", "已移交待签收"
    SHORT = "SHORT", "签收时缺件"
    ARRIVED = "ARRIVED", "已签收"


TO_BE_HANDED_OVER = (TakeInState.IN_HAND.value, TakeInState.SHORT.value)


class TakeInAction(StrEnum):
    COMPLETE = "complete_papers"
    TAKE_AGAIN = "take_papers_again"
    HAND_OVER = "hand_over_papers"
    CONFIRM = "confirm_papers"
    REPORT_MISSING = "report_missing"


class HandOverWay(LabelledEnum):
    """How papers get from the window that took them in to the one that handles them."""

    INTERNAL = "INTERNAL", "内部流转"
    POST = "POST", "邮寄"


def _row(
    action: TakeInAction, label: str, sources: str, target: str | None, event: str
) -> Transition:
    return Transition(
        action=action.value,
        label=label,
        sources=frozenset(sources.split()),
        target=target,
        event=event,
        permission="cases.receive",
    )


MACHINE = Machine(
    name="代收",
    initial="ELECTRONIC",
    states={state.value: state.label for state in TakeInState},
    finals=frozenset(),  # whoever is asked for a correction may bring it to the same counter
    transitions=(
        _row(TakeInAction.COMPLETE, "补齐代收材料", "ELECTRONIC IN_HAND", "IN_HAND", ""),
        _row(
            TakeInAction.TAKE_AGAIN,
            "代收补正的纸质材料",
            "ELECTRONIC IN_HAND SHORT ARRIVED",
            "IN_HAND",
            "CorrectionSupplied",
        ),
        _row(
            TakeInAction.HAND_OVER,
            "移交代收材料",
            "IN_HAND SHORT",
            "ON_THE_WAY",
            "PapersHandedOver",
        ),
        _row(TakeInAction.CONFIRM, "签收代收材料", "ON_THE_WAY SHORT", "ARRIVED", "PapersArrived"),
        _row(TakeInAction.REPORT_MISSING, "登记代收缺件", "ON_THE_WAY", "SHORT", "PapersMissing"),
    ),
)

HAND_OVER_WITHIN = "cases.hand_over_within"
PARAMETERS = (
    Declared(
        HAND_OVER_WITHIN,
        "窗口收件",
        "代收的纸质材料多久移交",
        "wd",
        1,
        1,
        5,
        "平台默认,没有统一标准,由各地规定(常识,未核原文)",
        Mark.DEFAULT,
    ),
)


def right_places(
    resident: Sequence[T],
    *,
    own: int,
    own_area: str,
    key: Callable[[T], int],
    area: Callable[[T], str],
) -> list[T]:
    """Of the halls where an item is resident, those that come into question for a window at hall
    `own`: this hall itself; else those of the same area tree; else all of them."""
    here = [one for one in resident if key(one) == own]
    if here:
        return here
    near = [one for one in resident if covers(area(one), own_area) or covers(own_area, area(one))]
    return near or list(resident)
