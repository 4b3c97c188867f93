"""When a package is made."""

from __future__ import annotations

from yiwang.kernel.parameters import Declared, Mark

AFTER_DAYS = "archives.after_days"
SOURCE = "平台默认;DA/T 85-2019 由各单位规定归档时间"
PARAMETERS = (
    Declared(AFTER_DAYS, "办件档案", "终结多久以后归档", "d", 15, 0, 90, SOURCE, Mark.DEFAULT),
)
