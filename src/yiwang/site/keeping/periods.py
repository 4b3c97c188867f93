"""How long what is not needed any more is kept: days that a city may rule, within bounds."""

from __future__ import annotations

from yiwang.kernel.parameters import Declared, Mark

ROOM, OWN = "数据保存", "平台默认"
SECURITY_AT_LEAST = 180  # 网络安全法 §21(三):不少于六个月
LOG = "网络安全法 §21(三):网络日志不少于六个月"
FORMS = "平台默认;按办件档案的保管期限规定,0 为不清除"


def _kept(
    name: str, label: str, default: int, lowest: int, highest: int, source: str = OWN
) -> Declared:
    return Declared(
        f"keeping.{name}", ROOM, label, "d", default, lowest, highest, source, Mark.DEFAULT
    )


PARAMETERS = (
    _kept("drafts", "草稿没有动过的保存", 90, 1, 730),
    _kept("forms", "终结的办件申请内容保存(0 为不清除)", 0, 0, 36500, FORMS),
    _kept("events", "已投递的事件保存", 30, 7, 365),
    _kept("messages", "消息正文保存", 730, 30, 3650),
    _kept("appointments", "帮办预约里写的内容保存", 365, 30, 3650),
    _kept("security", "安全日志保存", 365, SECURITY_AT_LEAST, 3650, LOG),
)
