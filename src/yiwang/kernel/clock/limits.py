"""What a limit is: number, unit, start event, roll rule, article.

"日" without a unit is a trap (行政处罚法 counts some limits in working days and one in natural
days), so nothing here has a default unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Unit(StrEnum):
    WORKING_DAY = "wd"
    NATURAL_DAY = "d"
    WORKING_HOUR = "wh"
    HOUR = "h"
    MINUTE = "min"
    MONTH = "mon"

    @property
    def label(self) -> str:
        return _UNIT_LABELS[self]

    @property
    def is_daily(self) -> bool:
        """True where the limit ends with a day, not at an instant."""
        return self in (Unit.WORKING_DAY, Unit.NATURAL_DAY, Unit.MONTH)


_UNIT_LABELS = {
    Unit.WORKING_DAY: "个工作日",
    Unit.NATURAL_DAY: "个自然日",
    Unit.WORKING_HOUR: "个工作小时",
    Unit.HOUR: "小时",
    Unit.MINUTE: "分钟",
    Unit.MONTH: "个月",
}


class StartEvent(StrEnum):
    """The event whose day is day zero of the limit."""

    RECEIVED = "RECEIVED"
    ALL_DOCUMENTS_RECEIVED = "ALL_DOCUMENTS_RECEIVED"
    ACCEPTED = "ACCEPTED"
    ACCEPTANCE_PERIOD_ENDED = "ACCEPTANCE_PERIOD_ENDED"
    STEP_OPENED = "STEP_OPENED"
    DECIDED = "DECIDED"
    NOTIFIED = "NOTIFIED"

    @property
    def label(self) -> str:
        return _START_LABELS[self]


_START_LABELS = {
    StartEvent.RECEIVED: "收到申请",
    StartEvent.ALL_DOCUMENTS_RECEIVED: "收到全部有效文件",
    StartEvent.ACCEPTED: "受理",
    StartEvent.ACCEPTANCE_PERIOD_ENDED: "受理期限终止",
    StartEvent.STEP_OPENED: "环节开始",
    StartEvent.DECIDED: "作出决定",
    StartEvent.NOTIFIED: "告知",
}


class Roll(StrEnum):
    """What happens when the last day of a natural-day or month limit is a rest day."""

    FORWARD = "FORWARD"  # 民法典 §203: the day after the rest period is the last day
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit. `number` may be 0 only for working days: 当场, by the end of that day.

    `article` sets the limit; `rest_article` says that rest days are not counted (行政许可法 §82
    does for permits only; elsewhere the limit's own unit says it and no article is named).
    """

    number: int
    unit: Unit
    start: StartEvent = StartEvent.ACCEPTED
    roll: Roll = Roll.FORWARD
    article: str = ""
    rest_article: str = ""

    def __post_init__(self) -> None:
        if self.number < 0 or (self.number == 0 and self.unit is not Unit.WORKING_DAY):
            raise ValueError("期限必须是正数;0 只能用于工作日,表示当场办结")

    @property
    def label(self) -> str:
        return "当日" if self.number == 0 else f"{self.number} {self.unit.label}"

    @property
    def text(self) -> str:
        """What `parse` reads: `5wd`."""
        return f"{self.number}{self.unit.value}"

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        start: StartEvent = StartEvent.ACCEPTED,
        article: str = "",
        rest_article: str = "",
    ) -> Limit:
        """`5wd`, `60d`, `8wh`, `24h`, `30min`, `3mon`. Raises ValueError with what is wrong."""
        match = re.fullmatch(r"(\d{1,4})\s*(wd|d|wh|h|min|mon)", text.strip())
        if match is None:
            raise ValueError(
                f"看不懂的期限 {text!r}:请写数字加单位,单位为 wd(工作日)、d(自然日)、"
                "wh(工作小时)、h(小时)、min(分钟)、mon(月),例如 5wd"
            )
        return cls(
            int(match[1]), Unit(match[2]), start=start, article=article, rest_article=rest_article
        )


@dataclass(frozen=True, slots=True)
class Pause:
    """A stop of the clock; `ended` is None while it is open.

    The day a pause starts counts, the day it ends does not. `expected` is what the applicant was
    told in writing (行政许可法 §45); `document` is that paper's number.
    """

    started: datetime | date
    ended: datetime | date | None = None
    ground: str = ""
    article: str = ""
    expected: Limit | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension in the unit of the limit it lengthens, with who approved it."""

    number: int
    article: str = ""
    approver: str = ""
    document: str = ""
