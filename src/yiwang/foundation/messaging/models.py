from __future__ import annotations

from typing import ClassVar

from django.db import models


class MessageStatus(models.TextChoices):
    PENDING = "PENDING", "待发送"
    SENT = "SENT", "已发送"
    WITHDRAWN = "WITHDRAWN", "未发送(内容已不成立)"
    CORRECTED = "CORRECTED", "已更正"
    FAILED = "FAILED", "发送未成功"


class Channel(models.TextChoices):
    IN_SITE = "IN_SITE", "站内消息"
    SMS = "SMS", "短信"
    EMAIL = "EMAIL", "电子邮件"


def message_status_choices() -> list[tuple[str, str]]:
    return MessageStatus.choices


def channel_choices() -> list[tuple[str, str]]:
    return Channel.choices


class Message(models.Model):
    """One message to one person. `kind` names the check that must still hold when it is sent;
    one (kind, subject, occasion, channel) is told once."""

    kind = models.CharField("种类", max_length=60)
    subject = models.CharField("对象", max_length=80)
    occasion = models.CharField("事由", max_length=80)
    recipient_id = models.BigIntegerField("收件人")
    channel = models.CharField("渠道", max_length=10, choices=channel_choices)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容")
    link = models.CharField("链接", max_length=200, blank=True)
    status = models.CharField(
        "状态", max_length=10, choices=message_status_choices, default=MessageStatus.PENDING
    )
    created_at = models.DateTimeField("生成时间")
    sent_at = models.DateTimeField("发送时间", null=True)
    read_at = models.DateTimeField("阅读时间", null=True)
    note = models.CharField("说明", max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject", "kind", "occasion", "channel"], name="message_told_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], name="message_pending", condition=models.Q(status="PENDING")
            ),
            models.Index(fields=["recipient_id", "-id"], name="message_recipient"),
        ]

    def __str__(self) -> str:
        return self.title
