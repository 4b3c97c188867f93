"""Closed lists: states of clients and deliveries, and the events a client may be told."""

from __future__ import annotations

from enum import StrEnum


class ClientState(StrEnum):
    """A client opens nothing before a second administrator confirmed it, and never again after
    one of them stopped it: a new one is registered instead."""

    PROPOSED = "PROPOSED"
    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"

    @property
    def label(self) -> str:
        return {"PROPOSED": "待确认", "ACTIVE": "启用", "DISABLED": "已停用"}[self.value]


class PushState(StrEnum):
    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"

    @property
    def label(self) -> str:
        return {"PENDING": "待推送", "DELIVERED": "已推送", "FAILED": "多次未达"}[self.value]


class News(StrEnum):
    """Public events of a case, by the name in the body."""

    RECEIVED = "received"
    CORRECTION_REQUESTED = "correction_requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    DECIDED = "decided"
    DELIVERED = "delivered"
    ENDED = "ended"
    FORWARDED = "forwarded"

    @property
    def label(self) -> str:
        return _NEWS[self]


_NEWS = {
    News.RECEIVED: "已收件",
    News.CORRECTION_REQUESTED: "已告知补正",
    News.ACCEPTED: "已受理",
    News.DECLINED: "不受理或不予受理",
    News.PAUSED: "停止计时",
    News.RESUMED: "恢复计时",
    News.EXTENDED: "延长期限",
    News.DECIDED: "已作决定",
    News.DELIVERED: "已送达",
    News.ENDED: "未经决定终结",
    News.FORWARDED: "已转办",
}
