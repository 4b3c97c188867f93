"""Numbers of booking that a city may rule."""

from __future__ import annotations

from yiwang.kernel.parameters import Declared, Mark

DAYS_AHEAD = "hall.days_ahead"
SOURCE = "平台默认,没有统一标准"
PARAMETERS = (
    Declared(DAYS_AHEAD, "大厅预约", "可以预约几天以内", "d", 14, 1, 60, SOURCE, Mark.DEFAULT),
)
