from __future__ import annotations

from typing import ClassVar

from django.db import models


class Timer(models.Model):
    """Something that becomes true by the passing of time: at most one of a kind per subject."""

    subject = models.CharField("对象", max_length=80)
    kind = models.CharField("种类", max_length=60)
    due_at = models.DateTimeField("到时")
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    error = models.TextField("原因", blank=True)

    class Meta:
        verbose_name = "到时事项"
        verbose_name_plural = verbose_name
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "kind"], name="timer_subject_kind")
        ]
        indexes: ClassVar = [models.Index(fields=["due_at"], name="timer_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.due_at}"
