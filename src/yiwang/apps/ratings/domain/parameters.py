"""Numbers of the rating work. A city rules others from a day on (foundation/parameters).

No national number was readable (GB/T 39734 7.2 is not public): what cities ruled is marked S, what
a text says V, what is our own default D. The page that uses a number shows all three.
"""

from __future__ import annotations

from yiwang.kernel.parameters import Declared, Mark

ROOM = "好差评"
CONTACT, FIX, COMPLEX = "ratings.contact", "ratings.fix", "ratings.complex"
REMIND, WINDOW_DAYS = "ratings.remind", "ratings.window_days"
VERIFIED, SECONDARY, DEFAULT = Mark.VERIFIED, Mark.SECONDARY, Mark.DEFAULT
REMINDING = "亳州的做法:办结后三日未评的发短信邀请"
PARAMETERS = (
    Declared(CONTACT, ROOM, "联系差评人", "wd", 1, 1, 3, "安阳市优化营商环境条例 §52", VERIFIED),
    Declared(FIX, ROOM, "差评整改并反馈", "wd", 5, 1, 10, "德州、襄城的规定", SECONDARY),
    Declared(COMPLEX, ROOM, "复杂差评整改", "wd", 15, 5, 30, "四川某市 2020 年通知", SECONDARY),
    Declared(REMIND, ROOM, "未评提醒", "d", 3, 1, 30, REMINDING, SECONDARY),
    Declared(
        WINDOW_DAYS,
        ROOM,
        "窗口二维码可评的时间",
        "d",
        7,
        1,
        30,
        "平台默认,没有统一标准",
        DEFAULT,
    ),
)
