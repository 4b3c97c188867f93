"""Numbers of the rating work, each with the day it holds from, its source and its mark.

No national number was readable (GB/T 39734 7.2 is not public): what cities ruled is marked S, what
a text says V, what is our own default D. The page that uses a number shows all three.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yiwang.kernel.clock import Limit


class Mark(StrEnum):
    """How sure a number is."""

    VERIFIED = "V"
    SECONDARY = "S"
    DEFAULT = "D"

    @property
    def label(self) -> str:
        return {"V": "见法规原文", "S": "见转述,未见原文", "D": "平台默认"}[self.value]


@dataclass(frozen=True, slots=True)
class Parameter:
    """`limit` in the notation of the clock: 1wd working days, 3d natural days."""

    code: str
    label: str
    limit: Limit
    valid_from: date
    source: str
    mark: Mark


def _one(code: str, label: str, limit: str, source: str, mark: Mark) -> Parameter:
    return Parameter(code, label, Limit.parse(limit), date(2020, 1, 1), source, mark)


CONTACT, FIX, COMPLEX, REMIND, WINDOW_DAYS = "contact", "fix", "complex", "remind", "window_days"
# Several rows of one code: the one that holds on the day counts. A city adds rows, edits none.
PARAMETERS = (
    _one(CONTACT, "联系差评人", "1wd", "安阳市优化营商环境条例 §52", Mark.VERIFIED),
    _one(FIX, "差评整改并反馈", "5wd", "德州、襄城的规定", Mark.SECONDARY),
    _one(COMPLEX, "复杂差评整改", "15wd", "四川某市 2020 年通知", Mark.SECONDARY),
    _one(REMIND, "未评提醒", "3d", "亳州的做法:办结后三日未评的发短信邀请", Mark.SECONDARY),
    _one(WINDOW_DAYS, "窗口二维码可评的时间", "7d", "平台默认,没有统一标准", Mark.DEFAULT),
)


def parameter(code: str, *, on: date, rows: tuple[Parameter, ...] = PARAMETERS) -> Parameter:
    """The row of `code` that holds on this day. Raises KeyError where none does."""
    held = [row for row in rows if row.code == code and row.valid_from <= on]
    if not held:
        raise KeyError(code)
    return max(held, key=lambda row: row.valid_from)
