"""Numbers of signing in that a city may rule, within what still protects."""

from __future__ import annotations

from yiwang.kernel.parameters import Declared, Mark

ROOM, SOURCE = "账号安全", "平台默认;GB/T 22239-2019 要求登录连接超时自动退出,没有规定时间"
STAFF_IDLE, CITIZEN_IDLE = "people.staff_idle", "people.citizen_idle"
MOST_FAILURES, LOCKED_FOR = "people.most_failures", "people.locked_for"
AUTHORISATION_DAYS = "people.authorisation_days"
TRIES = "平台默认;GB/T 22239-2019 8.1.4.1 要求限制非法登录次数,没有规定次数"
YEAR = "平台默认;民法典 §165 要求委托写明期限,没有规定最长"
PARAMETERS = (
    Declared(MOST_FAILURES, ROOM, "连续输错多少次锁定", "次", 5, 3, 10, TRIES, Mark.DEFAULT),
    Declared(LOCKED_FOR, ROOM, "锁定多久", "min", 30, 5, 1440, TRIES, Mark.DEFAULT),
    Declared(AUTHORISATION_DAYS, "授权委托", "一份委托最长", "d", 365, 1, 365, YEAR, Mark.DEFAULT),
    Declared(STAFF_IDLE, ROOM, "工作人员多久不操作退出", "min", 30, 5, 60, SOURCE, Mark.DEFAULT),
    Declared(CITIZEN_IDLE, ROOM, "申请人多久不操作退出", "min", 60, 5, 120, SOURCE, Mark.DEFAULT),
)
