"""Numbers of the cases that a city may rule."""

from __future__ import annotations

from yiwang.kernel.parameters import Declared, Mark

REUSE_DAYS = "cases.reuse_days"
SOURCE = "平台默认;国办函〔2016〕108号 要求能共享的不重复提交,没有规定多久"
PARAMETERS = (
    Declared(REUSE_DAYS, "办件", "多久以内交过的材料可以再用(0 为不用)", "d", 730, 0, 3650,
             SOURCE, Mark.DEFAULT),
)  # fmt: skip
