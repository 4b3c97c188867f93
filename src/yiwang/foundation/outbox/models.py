"""A status table, drained in batches; never `id > last`, which loses rows that commit late."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class OutboxStatus(models.TextChoices):
    PENDING = "PENDING", "待投递"
    DONE = "DONE", "已投递"
    FAILED = "FAILED", "多次未成"


def outbox_status_choices() -> list[tuple[str, str]]:
    return OutboxStatus.choices


class OutboxEvent(models.Model):
    """One event: ids only, past tense."""

    subject = models.CharField("对象", max_length=80)
    name = models.CharField("事件", max_length=80)
    payload = models.JSONField("内容", default=dict)
    at = models.DateTimeField("发生时间")
    status = models.CharField(
        "状态", max_length=10, choices=outbox_status_choices, default=OutboxStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_attempt_at = models.DateTimeField("下次尝试", null=True)
    error = models.TextField("原因", blank=True)

    class Meta:
        verbose_name = "事件"
        verbose_name_plural = verbose_name
        indexes: ClassVar = [
            models.Index(
                fields=["subject", "id"],
                name="outbox_pending",
                condition=models.Q(status="PENDING"),
            ),
            models.Index(fields=["id"], name="outbox_failed", condition=models.Q(status="FAILED")),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject}"


class OutboxDelivery(models.Model):
    """(event, handler) once: the proof that a handler's effect is in the database."""

    event = models.ForeignKey(OutboxEvent, models.CASCADE, verbose_name="事件")
    handler = models.CharField("处理者", max_length=120)

    class Meta:
        verbose_name = "事件投递"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "handler"], name="outbox_delivered_once")
        ]

    def __str__(self) -> str:
        return f"{self.handler} ← {self.event_id}"
