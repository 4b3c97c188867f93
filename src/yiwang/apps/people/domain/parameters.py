"""Numbers of signing in that a city may rule, within what still protects."""

from __future__ import annotations

from yiwang.kernel.parameters import Declared, Mark

ROOM, SOURCE = "账号安全", "平台默认;GB/T 22239-2019 要求登录连接超时自动退出,没有规定时间"
STAFF_IDLE, CITIZEN_IDLE = "people.staff_idle", "people.citizen_idle"
PARAMETERS = (
    Declared(STAFF_IDLE, ROOM, "工作人员多久不操作退出", "min", 30, 5, 60, SOURCE, Mark.DEFAULT),
    Declared(CITIZEN_IDLE, ROOM, "申请人多久不操作退出", "min", 60, 5, 120, SOURCE, Mark.DEFAULT),
)
